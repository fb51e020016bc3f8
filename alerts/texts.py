"""The words of the alerts: read from `texts/nl.toml` and checked against the norms."""

import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from importlib import resources
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from alerts.episode import UNTOLD
from alerts.norms import LadderRole, Norms
from alerts.where import TOLD_OF
from streams.regions import REGIONS
from streams.reports.coordination import Anchor

_Words = Annotated[str, Meta(min_length=3)]


class TextsError(ValueError):
    """Texts that do not fit the norms; the message says which and what to do."""


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said about a group of norms.

    Attributes:
        id: heading in the runbook.
        runbook: file in `alerts/runbooks`, without `.md`.
        figure: how a value is shown: `percent` (times 100) or `number`.
        unit: what stands behind value and limit, or empty.
        noun: what stands behind the value only, or empty.
        summary: one sentence without figures.
        meaning: what it means for people.
        action: what the reader does now.
        norms: how the subject line names each norm.
    """

    id: _Words
    runbook: _Words
    figure: Literal["percent", "number"]
    unit: str
    noun: str
    summary: _Words
    meaning: _Words
    action: _Words
    norms: dict[str, str]


class ChainText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said about an alert on the chain itself."""

    alert: _Words
    severity: Literal["warning", "critical"]
    summary: _Words
    meaning: _Words
    action: _Words


class RestsOnText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said about what a figure rests on; `alerts.rests_on` puts the parts in one sentence."""

    locations: _Words
    location: _Words
    carried: _Words
    suspect: _Words
    expired: _Words
    expired_one: _Words
    oldest: _Words
    share: _Words


class WhereText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said about who is behind a figure; `counted` says of each figure what its counts are."""

    other: _Words
    others: _Words
    unplaced: _Words
    counted: dict[str, str]


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """Every text of one language."""

    regions: dict[str, str]
    roles: dict[str, str]
    escalation: dict[str, str]
    anchors: dict[str, str]
    singulars: dict[str, str]
    endings: dict[str, str]
    rests_on: RestsOnText
    where: WhereText
    text: list[Text]
    chain: list[ChainText]

    def unit(self, text: Text, value: float) -> str:
        """Return the unit behind a value as it is shown: one has a word of its own."""
        return self.singulars.get(text.unit, text.unit) if round(value, 1) == 1 else text.unit

    @cached_property
    def by_norm(self) -> Mapping[str, Text]:
        """The text of each norm, by norm id."""
        return {norm: text for text in self.text for norm in text.norms}

    @cached_property
    def by_alert(self) -> Mapping[str, ChainText]:
        """The text of each alert on the chain, by alert name."""
        return {text.alert: text for text in self.chain}


@cache
def read_texts() -> Texts:
    """Return the Dutch texts, whatever the norms; raises `TextsError` where the file is wrong in itself."""
    raw = resources.files("alerts").joinpath("texts", "nl.toml").read_text("utf-8")
    try:
        return msgspec.convert(tomllib.loads(raw), Texts)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise TextsError(f"alerts/texts/nl.toml: {error}") from error


def load_texts(norms: Norms) -> Texts:
    """Return the Dutch texts.

    Raises:
        TextsError: a norm, role or region has no text, has two, or a text is left over.
    """
    texts = read_texts()
    _same("norm", [norm for text in texts.text for norm in text.norms], norms.by_id)
    _same("region", texts.regions, REGIONS)
    _same("role", texts.roles, dict.fromkeys(get_args(LadderRole)))
    _same("role's escalation", texts.escalation, texts.roles)
    _same("step of the frameworks", texts.anchors, dict.fromkeys(get_args(Anchor)))
    _same("unit in the plural", texts.singulars, dict.fromkeys(_plurals(texts)))
    _same("figure with somebody behind it", texts.where.counted, dict.fromkeys(TOLD_OF))
    _same("reason of an end", texts.endings, dict.fromkeys(UNTOLD))
    return texts


def _plurals(texts: Texts) -> set[str]:
    return {text.unit for text in texts.text} - {"", "%", "keer", "uur"}


def _same(kind: str, there: "list[str] | Mapping[str, str]", wanted: Mapping[str, object]) -> None:
    found = list(there)
    wrong = sorted({name for name in found if found.count(name) > 1 or name not in wanted})
    wrong += sorted(set(wanted) - set(found))
    if wrong:
        raise TextsError(
            f"alerts/texts/nl.toml: every {kind} needs exactly one text; missing, repeated or unknown:"
            f" {', '.join(wrong)}"
        )
