"""Waits added up by treatment, specialism and access kind; only what changed is added up again.

Treatments multiply the figures of a region, so figures are kept and handed out again as long as they stand.
They follow from the state and are no part of it.
"""

from collections.abc import Collection, Iterator, Mapping

from agents.domain.waits.target import Rule, Tallies, tallies_of, target_met
from agents.domain.waits.wait_figures import part_figure, treatment_figures, wait_figures
from agents.domain.waits.waits import (
    Key,
    Limits,
    Standing,
    Waits,
    add_up,
    limits_of,
    waits_of,
)
from alerts.norms import Treeknorm
from streams.indicators import ALL
from streams.places import part_of_network
from streams.status import Indicator

LocationWaits = dict[Key, Standing]
"""The rows of one location that stand today, are missed, or are given up."""


class WaitSums:
    """Sums and figures of one region."""

    __slots__ = (
        "_changed", "_figures", "_limits", "_rows", "_rule", "_standing", "_tallies", "_tally_again", "_treeknorms", "_waits",
    )  # fmt: skip

    def __init__(self) -> None:
        self._rows: dict[Key, dict[str, Standing]] = {}
        self._waits: dict[str, dict[str, dict[str, Waits]]] = {}
        self._changed: set[Key] = set()
        self._figures: dict[tuple[str, ...], list[Indicator]] = {}
        self._treeknorms: Mapping[str, Treeknorm] = {}
        self._limits: dict[str, Limits] = {}
        self._rule = Rule(0, 1)
        self._standing: dict[str, LocationWaits] = {}
        self._tallies: dict[str, dict[str, Tallies]] = {}
        self._tally_again: set[tuple[str, str]] = set()

    def renew(self, location: str, before: LocationWaits | None, now: LocationWaits | None) -> None:
        """Take what a location adds now in place of what it added before."""
        before, now = before or {}, now or {}
        self._standing[location] = now
        for key in before.keys() - now.keys():
            self._note(location, key)
            del self._rows[key][location]
        for key, standing in now.items():
            if before.get(key) != standing:
                self._note(location, key)
                self._rows.setdefault(key, {})[location] = standing

    def _note(self, location: str, key: Key) -> None:
        self._changed.add(key)
        self._tally_again.add((location, key.access))

    def figures(self, treeknorms: Mapping[str, Treeknorm], rule: Rule) -> Iterator[Indicator]:
        """Yield every indicator, held against these Treeknormen."""
        if treeknorms != self._treeknorms or rule != self._rule:
            self._treeknorms, self._rule = treeknorms, rule
            self._limits.clear()
            self._changed |= self._rows.keys()
            self._tally_again |= {(at, key.access) for at, own in self._standing.items() for key in own}
        self._add_up_again()
        # In an order of their own, not that in which they came: a worker that takes over says the same to the letter.
        for key in sorted(self._figures):
            yield from self._figures[key]

    def _add_up_again(self) -> None:
        for key in self._changed:
            self._treatment(key)
        for access, specialism in {(key.access, key.specialism) for key in self._changed}:
            self._specialism(access, specialism)
        for access in {key.access for key in self._changed}:
            self._access(access)
        self._changed.clear()
        self._tally_again.clear()

    def _treatment(self, key: Key) -> None:
        access, specialism, treatment = key
        rows = self._rows[key]
        treatments = self._waits.setdefault(access, {}).setdefault(specialism, {})
        if not rows:
            del self._rows[key]
            treatments.pop(treatment, None)
            self._figures.pop(key, None)
            return
        waits = treatments[treatment] = waits_of(rows.values())
        if treatment:  # without one it is the specialism over again
            figures = treatment_figures(key, waits, self._limits_of(access))
            self._figures[key] = [*figures, *_of_parts(key, rows)]

    def _specialism(self, access: str, specialism: str) -> None:
        treatments = self._waits[access][specialism]
        if treatments:
            waits = add_up(treatments.values())
            found = list(wait_figures(access, specialism, waits, self._limits_of(access)))
            self._figures[access, specialism] = found
        else:
            del self._waits[access][specialism]
            self._figures.pop((access, specialism), None)

    def _access(self, access: str) -> None:
        specialisms = self._waits[access]
        if specialisms:
            every = add_up([waits for treatments in specialisms.values() for waits in treatments.values()])
            figures = [*wait_figures(access, ALL, every, self._limits_of(access))]
            if told := self._tally(access):
                figures.append(target_met(access, every, told, self._rule))
            self._figures[(access,)] = figures
        else:
            del self._waits[access]
            self._tallies.pop(access, None)
            self._figures.pop((access,), None)

    def _tally(self, access: str) -> Collection[Tallies]:
        own, limits = self._tallies.setdefault(access, {}), self._limits_of(access)
        for location in [location for location, its in self._tally_again if its == access]:
            standing = [one for key, one in self._standing[location].items() if key.access == access]
            tallies = tallies_of(standing, limits)
            if tallies is None:
                own.pop(location, None)
            else:
                own[location] = tallies
        return own.values()

    def _limits_of(self, access: str) -> Limits:
        limits = self._limits.get(access)
        if limits is None:
            limits = self._limits[access] = limits_of(access, self._treeknorms)
        return limits


def _of_parts(key: Key, rows: Mapping[str, Standing]) -> Iterator[Indicator]:
    """Yield the median of each part of the network; where all lies in one part, that is the network."""
    parts: dict[str, list[Standing]] = {}
    for location, standing in rows.items():
        if (part := part_of_network(location)) is not None:
            parts.setdefault(part, []).append(standing)
    for part, own in sorted(parts.items()):
        if len(own) < len(rows) and (found := part_figure(key, part, waits_of(own))) is not None:
            yield found
