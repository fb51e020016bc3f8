"""Notices on the escalation ladder: how many, which skipped a step, which went to the wrong receiver, and when.

A notice is known by the id of its report, because the next step answers it by that id; a correction keeps the id.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

from agents.domain.parties.said import Said
from alerts.ladder import TOLD_TOGETHER, anchor_of, informs_supervisors, is_misdirected, skips_a_step
from streams.calendar import local_day
from streams.regions import NL
from streams.reports import Notice
from streams.reports.coordination import Anchor, Role
from streams.status import Indicator

_MONTH = 30


class Held(NamedTuple):
    """What a notice says; empty is not said."""

    observed: int
    revision: int
    received: int
    sender: str
    receiver: str
    via: str
    norm: str
    anchor: str
    answers: str


Notices = dict[str, Held]


def statement_of(event: Notice, said: Said) -> tuple[str, Held]:
    """Return which notice a report is, and what it says."""
    roles = (event.sender, event.receiver, event.via or "")
    about = (event.norm, event.anchor or "", event.answers or "")
    return said.id, Held(said.observed, said.revision, said.received, *roles, *about)


def forget(notices: Notices, first: int) -> None:
    """Forget notices from before local day `first`."""
    for name in [name for name, held in notices.items() if local_day(held.observed) < first]:
        del notices[name]


def notice_figures(
    notices: Notices, at: int, region: str, heard: int, counted_days: float
) -> Iterator[Indicator]:
    """Yield the notices as known at second `at`; without any they are 0, as far as was heard up to second `heard`.

    Skipped and misdirected are counted those of `counted_days` days, today with them.
    """
    today = local_day(at)
    last_30d = [held for held in notices.values() if local_day(held.observed) > today - _MONTH]
    for anchor in sorted({step for held in notices.values() if (step := _step(held)) is not None}):
        own = [held for held in last_30d if _step(held) == anchor]
        yield _count("notices_30d", {"anchor": anchor}, own, heard)
    counted = [held for held in notices.values() if local_day(held.observed) > today - counted_days]
    skipping = [held for held in counted if _skips(held, notices, region)]
    yield _count("notices_skipping", {}, skipping, heard)
    misdirected = [held for held in counted if _is_misdirected(held)]
    yield _count("notices_misdirected", {}, misdirected, heard)
    yield from _newest(held for held in notices.values() if not _is_misdirected(held))


def _count(name: str, labels: dict[str, str], found: list[Held], heard: int) -> Indicator:
    # One observation, also of none: a count of 0 must be able to end a breach.
    return Indicator(name, labels, len(found), max((held.observed for held in found), default=heard))


def _step(held: Held) -> Anchor | None:
    """Return the step that a notice says it is, or can only be; None for one that informs a supervisor of long waits."""
    if _informs(held):
        return None
    return cast(
        "Anchor | None", held.anchor or anchor_of(cast("Role", held.sender), cast("Role", held.receiver))
    )


def _informs(held: Held) -> bool:
    return informs_supervisors(
        cast("Anchor | None", held.anchor or None),
        cast("Role", held.sender),
        cast("Role", held.receiver),
        held.norm,
        answers=bool(held.answers),
    )


def _is_misdirected(held: Held) -> bool:
    if _informs(held):
        return False
    anchor, sender, receiver, via = (
        part or None for part in (held.anchor, held.sender, held.receiver, held.via)
    )
    return is_misdirected(
        cast("Anchor | None", anchor), cast("Role", sender), cast("Role", receiver), cast("Role | None", via)
    )


def _skips(held: Held, notices: Notices, region: str) -> bool:
    answered = notices.get(held.answers) if held.answers else None
    if held.answers and answered is None and region == NL:
        return False  # it answers a notice of a region, which is not known here
    before = None if answered is None or answered.observed > held.observed else _step(answered)
    return skips_a_step(_step(held), before)


def _newest(notices: Iterable[Held]) -> Iterator[Indicator]:
    """Yield when each step was last taken for each norm; one that has several receivers once all of them were told."""
    told: dict[tuple[Anchor, str], dict[str, int]] = {}
    for held in notices:
        anchor = _step(held)
        if anchor is not None:
            receivers = told.setdefault((anchor, held.norm), {})
            receivers[held.receiver] = max(receivers.get(held.receiver, 0), held.observed)
    for (anchor, norm), receivers in sorted(told.items()):
        together = TOLD_TOGETHER.get(anchor)
        if together is None:
            moment = max(receivers.values())
        elif together <= receivers.keys():
            moment = min(receivers[role] for role in together)
        else:
            continue
        yield Indicator("notice_at", {"anchor": anchor, "norm": norm}, moment, moment)
