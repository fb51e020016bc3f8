"""Regional agreements: whether they are valid now, recorded, and begun by the chair (supplement of 18-11-2021).

An agreement is known by location, subject and the moment it was made; the newest statement about it counts, so one that
is recorded later is said again with `recorded_at`. A correction is of the same location, subject and `observed_at` with
a higher revision: it replaces what was said there, also where it corrects the moment at which it was made.
"""

from collections.abc import Iterator
from typing import NamedTuple, get_args, get_type_hints

from agents.domain.parties.said import Said
from streams.calendar import day_start, local_day, seconds
from streams.reports import Agreement
from streams.status import Indicator

SUBJECTS: tuple[str, ...] = tuple(sorted(get_args(get_type_hints(Agreement)["subject"])))
CHAIR = "roaz-voorzitter"


class Subject(NamedTuple):
    """Which agreement a statement is about, made at second `agreed`, and which statement about it this is."""

    location: str
    subject: str
    agreed: int
    observed: int


class Held(NamedTuple):
    """What is said of an agreement: recorded is -1 where it is not, the reserved IC beds where they are unknown."""

    observed: int
    revision: int
    received: int
    recorded: int
    valid_to: int
    reserved_ic_beds: int
    initiated_by: str


Agreements = dict[Subject, Held]
"""Statements about agreements."""


def statement_of(event: Agreement, said: Said) -> tuple[Subject, Held]:
    """Return which agreement a report is about, and what it says of it."""
    subject = Subject(said.location, event.subject, seconds(event.agreed_at), said.observed)
    held = Held(
        said.observed,
        said.revision,
        said.received,
        -1 if event.recorded_at is None else seconds(event.recorded_at),
        seconds(event.valid_to),
        -1 if event.reserved_ic_beds is None else event.reserved_ic_beds,
        event.initiated_by,
    )
    return subject, held


def standing(agreements: Agreements) -> Agreements:
    """Return the statement that counts of each agreement."""
    revisions: dict[tuple[str, str, int], int] = {}
    for (location, subject, _, observed), held in agreements.items():
        said = (location, subject, observed)
        revisions[said] = max(held.revision, revisions.get(said, 0))
    newest: dict[tuple[str, str, int], Subject] = {}
    for key, held in agreements.items():
        location, subject, agreed, observed = key
        if held.revision == revisions[location, subject, observed]:
            one = (location, subject, agreed)
            newest[one] = max(key, newest.get(one, key))
    return {key: agreements[key] for key in newest.values()}


def forget(agreements: Agreements, first: int, today: int) -> None:
    """Forget agreements that are over and that nobody spoke of since day `first`, and old statements that count no more."""
    now = day_start(today)
    old = [key for key in agreements if local_day(key.observed) < first]
    if old:
        counting = standing(agreements)
        for key in old:
            if key not in counting or agreements[key].valid_to < now:
                del agreements[key]


def moves(agreements: Agreements, since: int, until: int) -> bool:
    """Return whether an agreement begins, is recorded or ends between two seconds."""
    return any(
        since < moment <= until
        for key, held in agreements.items()
        for moment in (key.agreed, held.recorded, held.valid_to)
    )


def agreement_figures(agreements: Agreements, at: int, heard: int) -> Iterator[Indicator]:
    """Yield the agreements in force at second `at`; nothing recorded is 0, as far as was heard up to second `heard`.

    One observation, also of none: a count of 0 must be able to begin and to end a breach.
    """
    now = [(key, held) for key, held in standing(agreements).items() if key.agreed <= at < held.valid_to]
    recorded = [(key, held) for key, held in now if 0 <= held.recorded <= at]
    unrecorded = [(key, held) for key, held in now if not 0 <= held.recorded <= at]
    for subject in SUBJECTS:
        labels = {"subject": subject}
        others = [(key, held) for key, held in now if held.initiated_by != CHAIR]
        for name, found in (
            ("agreement_valid", recorded),
            ("agreement_unrecorded", unrecorded),
            ("agreement_by_others", others),
        ):
            own = [held for key, held in found if key.subject == subject]
            observed = max((held.observed for held in own), default=heard)
            yield Indicator(name, labels, len(own), observed)
    beds = [held for _, held in recorded if held.reserved_ic_beds >= 0]
    if beds:
        observed = max(held.observed for held in beds)
        yield Indicator("agreement_ic_beds", {}, sum(held.reserved_ic_beds for held in beds), observed)
