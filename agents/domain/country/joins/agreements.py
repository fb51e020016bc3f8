"""joined.coordination: whether what phase 2 asks of a region is there.

In phase 2 every network makes and records agreements on the spreading of COVID patients and on IC-dependent critical
plannable care, on the initiative of the chair (supplement of 18-11-2021), and LCPS gives insight into spreading and free capacity (kader MSZ,
1-3-2022, art. 2.1). Nothing recorded is 0, not unknown, once a phase is known at all.
"""

from collections.abc import Iterator

from agents.domain.country.joins.facts import Facts, newest, share_of_least
from agents.domain.country.joins.in_use import NOTICE, PLANS, notices_in_use, plans_of_network
from agents.domain.country.joins.join import Join
from agents.domain.country.joins.part import Part
from streams.calendar import local_day
from streams.joins import JOINED_COORDINATION
from streams.regions import NL, REGIONS
from streams.status import Indicator

SUBJECTS = ("ic-dependent", "spreading")
_MADE = frozenset({"agreement_valid", "agreement_unrecorded", "agreement_by_others", "agreement_ic_beds"})
_INSIGHT = "report_age_days{report=lcps-inzicht}"


def _agreements(facts: Facts, region: str) -> Iterator[Indicator]:
    phase = facts.phase(region)
    if phase is None or region == NL:
        return
    since = phase.since
    for subject in SUBJECTS:
        labels = {"subject": subject}
        recorded = facts.figure(region, f"agreement_valid{{subject={subject}}}")
        made = facts.figure(region, f"agreement_unrecorded{{subject={subject}}}")
        yield _told("agreement_in_force", labels, recorded, int(_count(recorded) > 0), since)
        yield _told("agreement_not_recorded", labels, made, _count(made), since)
        others = facts.figure(region, f"agreement_by_others{{subject={subject}}}")
        yield _told("agreement_not_by_chair", labels, others, _count(others), since)
    recorded = facts.figure(region, "agreement_valid{subject=ic-dependent}")
    beds = facts.figure(region, "agreement_ic_beds")
    yield _told(
        "agreement_without_beds", {}, recorded, int(_count(recorded) > 0 and _count(beds) == 0), since
    )


def _count(told: Indicator | None) -> int:
    return 0 if told is None or told.value is None else int(told.value)


def _told(name: str, labels: dict[str, str], told: Indicator | None, value: int, since: int) -> Indicator:
    return Indicator(name, labels, value, newest(told) or since, share_of_least(told))


def _insight(facts: Facts) -> Iterator[tuple[str, Indicator]]:
    for region in REGIONS:
        phase = facts.phase(region)
        if phase is not None:
            yield region, _insight_into(facts, region, phase.since)


def _insight_into(facts: Facts, region: str, since: int) -> Indicator:
    """Return the age of the newest insight, into the region or the country; without any, that of the phase in force."""
    told = [found for name in (region, NL) if (found := facts.figure(name, _INSIGHT)) is not None]
    if not told:
        return Indicator("lcps_insight_age_days", {}, max(0, local_day(facts.at) - local_day(since)), since)
    latest = max(told, key=lambda found: found.observed_at)
    return Indicator("lcps_insight_age_days", {}, latest.value, latest.observed_at, latest.completeness)


AGREEMENTS = Join(
    JOINED_COORDINATION,
    (
        Part("agreements", _MADE, _agreements),
        Part("notices", frozenset({NOTICE}), of_all=notices_in_use),
        Part("plans", frozenset({PLANS}), of_all=plans_of_network),
        Part("insight", frozenset({"report_age_days"}), of_all=_insight, daily=True),
    ),
)
