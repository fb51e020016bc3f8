"""The registry of the integral monitor: read from `monitor.toml` and checked once.

The NZa fact sheet (summer 2021) says that the monitor is dynamic: indicators may change from month to month. So which
indicators there are, and on which of our figures they rest, is data.
"""

import re
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from streams.indicators import INDICATORS, IndicatorKind

Scope = Literal["regions", "country", "both"]
_Words = Annotated[str, Meta(min_length=3)]
_Value = Annotated[str, Meta(min_length=1)]


class RegistryError(ValueError):
    """A registry that cannot be used; the message names the indicator, the field and what to do."""


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One series that an indicator rests on.

    Attributes:
        name: kind of indicator, from `streams.indicators`.
        labels: for each of its labels a value, a pattern with `*`, or a list of them.
    """

    name: str
    labels: dict[str, _Value | Annotated[list[_Value], Meta(min_length=1)]] = {}

    @property
    def kind(self) -> IndicatorKind:
        """The kind of indicator."""
        return INDICATORS[self.name]

    def wanted(self, label: str) -> list[str]:
        """Return the values and patterns that are asked of a label."""
        asked = self.labels[label]
        return [asked] if isinstance(asked, str) else asked

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Return whether a series with these labels is one of those asked for."""
        return all(
            any(fnmatchcase(labels.get(label, "").lower(), each.lower()) for each in self.wanted(label))
            for label in self.labels
        )


class MonitorIndicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One indicator of the monitor; the fields are described at the top of `monitor.toml`."""

    number: Annotated[str, Meta(pattern=r"^[1-9][0-9]?[a-z]?\Z")]
    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{2,60}\Z")]
    title: _Words
    source: _Words
    scope: Scope
    figure: Annotated[list[Figure], Meta(min_length=1)]
    note: str = ""
    not_seen: str = ""


class Registry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every indicator of the monitor, in the order of the fact sheet."""

    version: str
    indicator: Annotated[list[MonitorIndicator], Meta(min_length=1)]


def load_registry(path: Path | None = None) -> Registry:
    """Return the registry in a file, or the project's own.

    Raises:
        RegistryError: the file is no valid registry.
        OSError: it cannot be read.
    """
    if path is None:
        return parse_registry(
            resources.files("dashboards.reports").joinpath("monitor.toml").read_text("utf-8")
        )
    try:
        return parse_registry(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise RegistryError(f"registry {path.name}: {error}; save it as UTF-8") from error


def parse_registry(text: str) -> Registry:
    """Return the registry in a text; raises `RegistryError`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RegistryError(f"registry: {error}; correct the TOML") from error
    try:
        registry = msgspec.convert(raw, Registry)
    except msgspec.ValidationError as error:
        where = _named(raw, str(error))
        raise RegistryError(f"{where}; see the description at the top of monitor.toml") from error
    for name in ("number", "id"):
        given = [getattr(each, name) for each in registry.indicator]
        repeated = sorted({each for each in given if given.count(each) > 1})
        if repeated:
            raise RegistryError(f"registry, `{name}`: it must be unique; repeated: {', '.join(repeated)}")
    for indicator in registry.indicator:
        for figure in indicator.figure:
            _check(indicator, figure)
    return registry


def _check(indicator: MonitorIndicator, figure: Figure) -> None:
    kind = INDICATORS.get(figure.name)
    if kind is None:
        raise _problem(
            indicator, "name", f"`{figure.name}` is unknown; one of {', '.join(sorted(INDICATORS))}"
        )
    if set(figure.labels) != set(kind.labels):
        wanted = ", ".join(kind.labels) or "no labels"
        raise _problem(indicator, "labels", f"`{figure.name}` has {wanted}; give each a value")
    if indicator.scope == "country" and kind.national == "none" and not kind.topic.startswith("joined."):
        raise _problem(
            indicator, "scope", f"`{figure.name}` has no figure for the country; use regions or both"
        )


def _problem(indicator: MonitorIndicator, name: str, what: str) -> RegistryError:
    return RegistryError(f"indicator {indicator.number} ({indicator.id}), `{name}`: {what}")


def _named(raw: dict[str, Any], message: str) -> str:
    """Say which indicator a schema error is about: people know numbers, not places in a list."""
    place = re.search(r"\$\.indicator\[(\d+)\](?:\.(\w+))?", message)
    if place is None:
        return f"registry: {message}"
    table = raw["indicator"][int(place[1])]
    number = table.get("number") if isinstance(table, dict) else None
    return f"indicator {number or 'at place ' + str(int(place[1]) + 1)}, `{place[2] or ''}`: {message}"
