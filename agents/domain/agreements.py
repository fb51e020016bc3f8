"""Regional agreements: whether they are valid now, and recorded (supplement of 18-11-2021, first rule).

An agreement is known by location, subject and the moment it was made; the newest statement about it counts, so one that
is recorded later is said again with `recorded_at`.
"""

from collections.abc import Iterator
from typing import get_args, get_type_hints

from streams.calendar import day_start, local_day, seconds
from streams.reports import Agreement
from streams.status import Indicator

SUBJECTS: tuple[str, ...] = tuple(sorted(get_args(get_type_hints(Agreement)["subject"])))
KEPT_DAYS = 800
"""An agreement that is over is held this long after it was last spoken of; they run for at most two years."""

Subject = tuple[str, str, int]
"""Location, subject, second at which it was made."""

Held = tuple[int, int, int, int, int, int]
"""Observed second, revision, received second, recorded second (-1: not), valid to, reserved IC beds (-1: unknown)."""

Agreements = dict[Subject, Held]


def subject_of(event: Agreement, location: str) -> Subject:
    """Return which agreement a report is about."""
    return location, event.subject, seconds(event.agreed_at)


def held_of(event: Agreement, observed: int, revision: int, received: int) -> Held:
    """Return what a report says of it."""
    recorded = -1 if event.recorded_at is None else seconds(event.recorded_at)
    beds = -1 if event.reserved_ic_beds is None else event.reserved_ic_beds
    return observed, revision, received, recorded, seconds(event.valid_to), beds


def forget(agreements: Agreements, today: int) -> None:
    """Forget agreements that are over and that nobody spoke of for long."""
    first, now = today - KEPT_DAYS, day_start(today)
    for subject in [s for s, held in agreements.items() if held[4] < now and local_day(held[0]) < first]:
        del agreements[subject]


def moves(agreements: Agreements, since: int, until: int) -> bool:
    """Return whether an agreement begins, is recorded or ends between two seconds."""
    return any(
        since < moment <= until
        for (_, _, agreed), held in agreements.items()
        for moment in (agreed, held[3], held[4])
    )


def agreement_figures(agreements: Agreements, at: int, heard: int) -> Iterator[Indicator]:
    """Yield the agreements in force at second `at`; nothing recorded is 0, as far as was heard up to second `heard`.

    One observation, also of none: a count of 0 must be able to begin and to end a breach.
    """
    now = [(key, held) for key, held in agreements.items() if key[2] <= at < held[4]]
    recorded = [(key, held) for key, held in now if 0 <= held[3] <= at]
    unrecorded = [(key, held) for key, held in now if not 0 <= held[3] <= at]
    for subject in SUBJECTS:
        labels = {"subject": subject}
        for name, found in (("agreement_valid", recorded), ("agreement_unrecorded", unrecorded)):
            own = [held for key, held in found if key[1] == subject]
            observed = max((held[0] for held in own), default=heard)
            yield Indicator(name, labels, len(own), observed)
    beds = [held for _, held in recorded if held[5] >= 0]
    if beds:
        observed = max(held[0] for held in beds)
        yield Indicator("agreement_ic_beds", {}, sum(held[5] for held in beds), observed)
