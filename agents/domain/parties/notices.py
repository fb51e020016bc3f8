"""Notices on the escalation ladder: how many, which skipped a step, which went to the wrong receiver, and when.

A notice is known by the id of its report, because the next step answers it by that id; a correction keeps the id.
"""

from collections.abc import Iterable, Iterator
from typing import cast

from alerts.ladder import TOLD_TOGETHER, anchor_of, is_misdirected, skips_a_step
from streams.calendar import local_day
from streams.regions import NL
from streams.reports import Notice
from streams.reports.coordination import Anchor, Role
from streams.status import Indicator

KEPT_DAYS = 400
"""Notices are held this long, so that a later step finds the one that it answers; how many days of them are judged is a parameter,
`notices-counted`.
"""

Held = tuple[int, int, int, str, str, str, str, str, str]
"""Observed second, revision, received second, sender, receiver, via, norm, anchor, answers; empty is not said."""

Notices = dict[str, Held]


def held_of(event: Notice, observed: int, revision: int, received: int) -> Held:
    """Return what a report says of a notice."""
    roles = (event.sender, event.receiver, event.via or "")
    return observed, revision, received, *roles, event.norm, event.anchor or "", event.answers or ""


def forget(notices: Notices, today: int) -> None:
    """Forget old notices."""
    first = today - KEPT_DAYS
    for name in [name for name, held in notices.items() if local_day(held[0]) < first]:
        del notices[name]


def notice_figures(
    notices: Notices, at: int, region: str, heard: int, counted_days: float
) -> Iterator[Indicator]:
    """Yield the notices as known at second `at`; without any they are 0, as far as was heard up to second `heard`.

    Skipped and misdirected are counted those of `counted_days` days, today with them.
    """
    today = local_day(at)
    last_30d = [held for held in notices.values() if local_day(held[0]) > today - 30]
    for anchor in sorted({step for held in notices.values() if (step := _step(held)) is not None}):
        own = [held for held in last_30d if _step(held) == anchor]
        yield _count("notices_30d", {"anchor": anchor}, own, heard)
    counted = [held for held in notices.values() if local_day(held[0]) > today - counted_days]
    skipping = [held for held in counted if _skips(held, notices, region)]
    yield _count("notices_skipping", {}, skipping, heard)
    misdirected = [held for held in counted if _is_misdirected(held)]
    yield _count("notices_misdirected", {}, misdirected, heard)
    yield from _newest(held for held in notices.values() if not _is_misdirected(held))


def _count(name: str, labels: dict[str, str], found: list[Held], heard: int) -> Indicator:
    # One observation, also of none: a count of 0 must be able to end a breach.
    return Indicator(name, labels, len(found), max((held[0] for held in found), default=heard))


def _step(held: Held) -> Anchor | None:
    """Return the step that a notice says it is, or can only be."""
    return cast("Anchor | None", held[7] or anchor_of(cast("Role", held[3]), cast("Role", held[4])))


def _is_misdirected(held: Held) -> bool:
    anchor, sender, receiver, via = (part or None for part in (held[7], held[3], held[4], held[5]))
    return is_misdirected(
        cast("Anchor | None", anchor), cast("Role", sender), cast("Role", receiver), cast("Role | None", via)
    )


def _skips(held: Held, notices: Notices, region: str) -> bool:
    answered = notices.get(held[8]) if held[8] else None
    if held[8] and answered is None and region == NL:
        return False  # it answers a notice of a region, which is not known here
    before = None if answered is None or answered[0] > held[0] else _step(answered)
    return skips_a_step(_step(held), before)


def _newest(notices: Iterable[Held]) -> Iterator[Indicator]:
    """Yield when each step was last taken for each norm; one that has several receivers once all of them were told."""
    told: dict[tuple[Anchor, str], dict[str, int]] = {}
    for held in notices:
        anchor = _step(held)
        if anchor is not None:
            receivers = told.setdefault((anchor, held[6]), {})
            receivers[held[4]] = max(receivers.get(held[4], 0), held[0])
    for (anchor, norm), receivers in sorted(told.items()):
        together = TOLD_TOGETHER.get(anchor)
        if together is None:
            moment = max(receivers.values())
        elif together <= receivers.keys():
            moment = min(receivers[role] for role in together)
        else:
            continue
        yield Indicator("notice_at", {"anchor": anchor, "norm": norm}, moment, moment)
