"""Regional agreements: whether they are valid now, recorded, and begun by the chair (supplement of 18-11-2021).

An agreement is known by location, subject and the moment it was made; the newest statement about it counts, so one that
is recorded later is said again with `recorded_at`. A correction is of the same location, subject and `observed_at` with
a higher revision: it replaces what was said there, also where it corrects the moment at which it was made.
"""

from collections.abc import Iterator
from typing import get_args, get_type_hints

from streams.calendar import day_start, local_day, seconds
from streams.reports import Agreement
from streams.status import Indicator

SUBJECTS: tuple[str, ...] = tuple(sorted(get_args(get_type_hints(Agreement)["subject"])))
CHAIR = "roaz-voorzitter"
KEPT_DAYS = 800
"""An agreement that is over is held this long after it was last spoken of; they run for at most two years."""

Subject = tuple[str, str, int, int]
"""Location, subject, second at which it was made, observed second of the statement."""

Held = tuple[int, int, int, int, int, int, str]
"""Observed second, revision, received second, recorded second (-1: not), valid to, reserved IC beds (-1: unknown), by whom."""

Agreements = dict[Subject, Held]
"""Statements about agreements."""


def subject_of(event: Agreement, location: str, observed: int) -> Subject:
    """Return which agreement a report is about, and which statement about it this is."""
    return location, event.subject, seconds(event.agreed_at), observed


def held_of(event: Agreement, observed: int, revision: int, received: int) -> Held:
    """Return what a report says of it."""
    recorded = -1 if event.recorded_at is None else seconds(event.recorded_at)
    beds = -1 if event.reserved_ic_beds is None else event.reserved_ic_beds
    return observed, revision, received, recorded, seconds(event.valid_to), beds, event.initiated_by


def standing(agreements: Agreements) -> Agreements:
    """Return the statement that counts of each agreement."""
    revisions: dict[tuple[str, str, int], int] = {}
    for (location, subject, _, observed), held in agreements.items():
        said = (location, subject, observed)
        revisions[said] = max(held[1], revisions.get(said, 0))
    newest: dict[tuple[str, str, int], Subject] = {}
    for key, held in agreements.items():
        location, subject, agreed, observed = key
        if held[1] == revisions[location, subject, observed]:
            one = (location, subject, agreed)
            newest[one] = max(key, newest.get(one, key))
    return {key: agreements[key] for key in newest.values()}


def forget(agreements: Agreements, today: int) -> None:
    """Forget agreements that are over and that nobody spoke of for long, and old statements that no longer count."""
    first, now = today - KEPT_DAYS, day_start(today)
    old = [key for key in agreements if local_day(key[3]) < first]
    if old:
        counting = standing(agreements)
        for key in old:
            if key not in counting or agreements[key][4] < now:
                del agreements[key]


def moves(agreements: Agreements, since: int, until: int) -> bool:
    """Return whether an agreement begins, is recorded or ends between two seconds."""
    return any(
        since < moment <= until
        for (_, _, agreed, _), held in agreements.items()
        for moment in (agreed, held[3], held[4])
    )


def agreement_figures(agreements: Agreements, at: int, heard: int) -> Iterator[Indicator]:
    """Yield the agreements in force at second `at`; nothing recorded is 0, as far as was heard up to second `heard`.

    One observation, also of none: a count of 0 must be able to begin and to end a breach.
    """
    now = [(key, held) for key, held in standing(agreements).items() if key[2] <= at < held[4]]
    recorded = [(key, held) for key, held in now if 0 <= held[3] <= at]
    unrecorded = [(key, held) for key, held in now if not 0 <= held[3] <= at]
    for subject in SUBJECTS:
        labels = {"subject": subject}
        others = [(key, held) for key, held in now if held[6] != CHAIR]
        for name, found in (
            ("agreement_valid", recorded),
            ("agreement_unrecorded", unrecorded),
            ("agreement_by_others", others),
        ):
            own = [held for key, held in found if key[1] == subject]
            observed = max((held[0] for held in own), default=heard)
            yield Indicator(name, labels, len(own), observed)
    beds = [held for _, held in recorded if held[5] >= 0]
    if beds:
        observed = max(held[0] for held in beds)
        yield Indicator("agreement_ic_beds", {}, sum(held[5] for held in beds), observed)
