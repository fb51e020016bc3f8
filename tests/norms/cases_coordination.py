"""Phases, agreements, reports due, information, plans, and the escalation ladder."""

from datetime import UTC, date, datetime, timedelta

from streams.reports import (
    Agreement,
    CoordinationReport,
    Mediation,
    Notice,
    PhaseChange,
    PlanRecorded,
    Report,
    ReportPublished,
    Transfer,
    WebsiteChecked,
)
from streams.reports.coordination import Role
from tests.norms.case import Case, Given, breach, silent
from tests.norms.cases_waits import peildata
from tests.support.reports import event, ic, stock_row, workstock


def told(told: object, at: datetime, region: str = "R07", **own) -> CoordinationReport:
    """An event; each with a report id of its own."""
    return event(told, at=at, region=region, location=own.pop("location", region), **own)


def changed(phase: str, requested_by: str, confirmed_by: str, region: str = "NL") -> Given:
    """A phase that somebody asks for and somebody confirms."""

    def given(at: datetime) -> list[Report]:
        change = PhaseChange(
            phase=phase, effective_at=at, requested_by=requested_by, confirmed_by=confirmed_by
        )
        return [told(change, at, region)]

    return given


def agreed(
    *,
    recorded: bool = True,
    valid_days: int = 60,
    subjects: tuple[str, ...] = ("ic-dependent", "spreading"),
    by: str = "roaz-voorzitter",
    beds: int | None = 6,
) -> Given:
    """Agreements made ten days before, recorded at once or not at all."""

    def given(at: datetime) -> list[Report]:
        made = at - timedelta(days=10)
        return [
            told(
                Agreement(
                    subject=subject,
                    agreed_at=made,
                    recorded_at=made if recorded else None,
                    valid_to=made + timedelta(days=valid_days),
                    parties=["A", "B"],
                    initiated_by=by,
                    reserved_ic_beds=beds if subject == "ic-dependent" else None,
                ),
                made,
                location=subject,
            )
            for subject in subjects
        ]

    return given


def moved_by(role: str, to: str = "R05") -> Given:
    """Two IC patients moved from R07."""
    return lambda at: [told(Transfer(to_region=to, unit="ic", count=2, decided_by=role), at)]


def published(kind: str, days: int, region: str = "NL") -> Given:
    """A periodic report of so many days ago."""
    report = ReportPublished(publisher="nza", report=kind, period="2021")
    return lambda at: [told(report, at - timedelta(days=days), region)]


def due(kind: str, days: int) -> list[Case]:
    """A day older than cadence and grace, and exactly that."""
    norm, how = f"report-due-{kind}", {"region": "NL", "days": 0.1}
    return [
        breach(norm, f"the last one is {days + 1} days old", published(kind, days + 1), step=24, **how),
        silent(norm, f"the last one is {days} days old", published(kind, days), step=24, **how),
    ]


def website(updated_days: int | None, *, split: bool = True, publisher: Role = "zorgaanbieder") -> Given:
    """What the website of a provider or insurer says, as seen now."""

    def given(at: datetime) -> list[Report]:
        updated = None if updated_days is None else at.date() - timedelta(days=updated_days)
        return [told(WebsiteChecked(publisher=publisher, updated_on=updated, split=split), at)]

    return given


def duty(overdue: int = 0, reviewed: int = 0, over: int = 0, informed: int = 0) -> Given:
    """Werkvoorraad with what was done for those who wait too long."""
    row = stock_row("U3", 20, overdue=overdue, reviewed=reviewed, over_treeknorm=over, informed=informed)
    return lambda at: [workstock(row, at=at)]


def _mediation(at: datetime) -> Mediation:
    monday: date = at.date() - timedelta(days=at.weekday() + 7)
    return Mediation(week_start=monday, requested=3, matched=2)


def planned(*plans: tuple[bool, bool, bool], elsewhere: bool = True) -> Given:
    """Plans inhaalzorg: handed to insurers, with recovery, with the chain; and one of R01, or something else."""

    def given(at: datetime) -> list[Report]:
        whole = PlanRecorded(handed_to_insurers=True, recovery_section=True, chain_section=True)
        others = told(whole, at, "R01") if elsewhere else told(_mediation(at), at, location="V")
        recorded = [
            told(
                PlanRecorded(handed_to_insurers=handed, recovery_section=recovery, chain_section=chain),
                at,
                location=f"H{number}",
            )
            for number, (handed, recovery, chain) in enumerate(plans)
        ]
        return [others, *recorded]

    return given


def notice(
    at: datetime,
    anchor: str,
    sender: str,
    receiver: str,
    answers: CoordinationReport | None = None,
    via: str | None = None,
) -> CoordinationReport:
    """One step of the ladder about a prolonged excess."""
    return told(
        Notice(
            sender=sender,
            receiver=receiver,
            norm="treeknorm-prolonged",
            subject="langdurige overschrijding",
            anchor=anchor,
            answers=None if answers is None else answers.id,
            via=via,
        ),
        at,
        location=f"{anchor} {sender}",
    )


def ladder(
    *, second: bool = True, via: str | None = "roaz-voorzitter", to_nza: str = "zorgverzekeraar"
) -> Given:
    """E1, E2 where said, then E3a and E3b."""

    def given(at: datetime) -> list[Report]:
        one = notice(at - timedelta(days=3), "E1", "zorgaanbieder", "zorgverzekeraar")
        two = notice(at - timedelta(days=2), "E2", "zorgverzekeraar", "roaz-voorzitter", one)
        before = two if second else one
        third = [
            notice(at - timedelta(days=1), "E3a", to_nza, "nza", before),
            notice(at - timedelta(days=1), "E3b", "zorgaanbieder", "igj", before, via),
        ]
        return [one, *([two] if second else []), *third]

    return given


def prolonged(*, told_after: int | None) -> Given:
    """A prolonged excess in R07, told to the insurer after so many days; R01 records notices, so that they are known."""

    def given(at: datetime) -> list[Report]:
        elsewhere = event(
            Notice(
                sender="zorgaanbieder",
                receiver="zorgverzekeraar",
                norm="treeknorm-prolonged",
                subject="R01",
                anchor="E1",
            ),
            at=at,
            region="R01",
        )
        since = at - timedelta(days=14)
        waits = [report for back in (14, 0) for report in peildata(50, 50)(at - timedelta(days=back))]
        own = (
            []
            if told_after is None
            else [notice(since + timedelta(days=told_after), "E1", "zorgaanbieder", "zorgverzekeraar")]
        )
        return [*waits, elsewhere, *own]

    return given


def full_for_ten_days(at: datetime) -> list[Report]:
    """R07's intensive care at 92 %, discussed with the chair; nobody tells the minister of one region."""
    spoken = Notice(
        sender="zorgaanbieder",
        receiver="roaz-voorzitter",
        norm="ic-occupancy-high",
        subject="vol",
        anchor="E2",
    )
    days = [at + timedelta(days=n) for n in range(11)]
    return [told(spoken, days[1]), *(ic(92, at=day) for day in days)]


_OVERDUE = {"scope": "norm=treeknorm-prolonged", "days": 1.5, "step": 12}
_AGREED = {"scope": "subject=ic-dependent", "days": 4}
_PUBLISHER = {"scope": "publisher=zorgaanbieder"}
_INSURER = {"scope": "publisher=zorgverzekeraar"}


def of_insurer(updated_days: int | None) -> Given:
    """What the website of an insurer says, which has nothing to split."""
    return website(updated_days, split=False, publisher="zorgverzekeraar")


CASES: list[Case] = [
    breach("phase-change-irregular", "2D asked for by a provider", changed("2D", "zorgaanbieder", "minister"), region="NL"),
    breach("phase-change-irregular", "2D confirmed by LNAZ", changed("2D", "lnaz", "lnaz"), region="NL"),
    breach("phase-change-irregular", "phase 3 in one region", changed("3", "lnaz", "minister", "R07")),
    silent("phase-change-irregular", "2D asked for by the chairs, confirmed by the minister", changed("2D", "roaz-voorzitter", "minister"), region="NL"),
    silent("phase-change-irregular", "from 1 to 2D, a step skipped", changed("2D", "lnaz", "minister"), region="NL", phase="1"),
    breach("agreement-missing", "nothing recorded for four days", lambda _at: [], **_AGREED),
    breach("agreement-missing", "the agreement ran out four days ago", agreed(valid_days=6), **_AGREED),
    silent("agreement-missing", "an agreement recorded and valid", agreed(), **_AGREED),
    silent("agreement-missing", "nothing recorded for two days", lambda _at: [], scope="subject=ic-dependent", days=2),
    breach("agreement-unrecorded", "made, not recorded", agreed(recorded=False), **_AGREED),
    silent("agreement-unrecorded", "made and recorded", agreed(), **_AGREED),
    silent("agreement-unrecorded", "not recorded, but run out", agreed(recorded=False, valid_days=9), later=True, **_AGREED),
    breach("agreement-not-by-chair", "begun by an insurer", agreed(by="zorgverzekeraar"), **_AGREED),
    silent("agreement-not-by-chair", "begun by the chair", agreed(), **_AGREED),
    silent("agreement-not-by-chair", "begun by an insurer, but run out", agreed(by="zorgverzekeraar", valid_days=9), later=True, **_AGREED),
    breach("agreement-without-beds", "recorded, no beds named", agreed(beds=None), days=2),
    breach("agreement-without-beds", "recorded, for no beds", agreed(beds=0), days=2),
    silent("agreement-without-beds", "recorded, for one bed", agreed(beds=1), days=2),
    silent("agreement-without-beds", "no agreement at all: that one is missing", lambda _at: [], days=2),
    breach("transfer-not-by-lcps", "to another region, decided by RCPS", moved_by("rcps")),
    silent("transfer-not-by-lcps", "to another region, decided by LCPS", moved_by("lcps")),
    silent("transfer-not-by-lcps", "inside the region, decided by RCPS", moved_by("rcps", "R07")),
    *due("zorgbeeld", 15),
    *due("ketenmonitor", 24),
    *due("monitor-inhaalzorg", 34),
    *due("toegankelijkheid", 34),
    breach("report-due-ketenmonitor", "never, 25 days after the first monitor", published("monitor-inhaalzorg", 25), region="NL", days=0.1, step=24),
    silent("report-due-ketenmonitor", "never, 24 days after the first monitor", published("monitor-inhaalzorg", 24), region="NL", days=0.1, step=24),
    silent("report-due-ketenmonitor", "never, and only LCPS tells of its insight", published("lcps-inzicht", 60), region="NL", days=0.1, step=24),
    silent("report-due-ketenmonitor", "never, and only a region had a report", published("monitor-inhaalzorg", 60, "R07"), region="NL", days=0.1, step=24),
    breach("lcps-insight-missing", "the last one is two days old", published("lcps-inzicht", 2), region="NL", days=0.1),
    silent("lcps-insight-missing", "the last one is of yesterday", published("lcps-inzicht", 1), region="NL", days=0.1),
    breach("website-outdated", "32 days old", website(32), **_PUBLISHER),
    silent("website-outdated", "31 days old", website(31), days=0.4, **_PUBLISHER),
    breach("website-without", "no date and no wait on it", website(None), **_PUBLISHER),
    silent("website-without", "information of a year old", website(365), **_PUBLISHER),
    breach("insurer-website-outdated", "32 days old", of_insurer(32), **_INSURER),
    silent("insurer-website-outdated", "31 days old", of_insurer(31), days=0.4, **_INSURER),
    silent("insurer-website-outdated", "that of a provider is 32 days old", website(32), **_INSURER),
    breach("insurer-website-without", "no word on mediation", of_insurer(None), **_INSURER),
    silent("insurer-website-without", "a year old", of_insurer(365), **_INSURER),
    silent("website-without", "that of an insurer has none", of_insurer(None), **_PUBLISHER),
    silent("website-unsplit", "an insurer has nothing to split", of_insurer(3), **_INSURER),
    breach("website-unsplit", "polikliniek and behandeling together", website(3, split=False), **_PUBLISHER),
    silent("website-unsplit", "polikliniek and behandeling apart", website(3), **_PUBLISHER),
    breach("patients-uninformed", "9 of 10 informed", duty(over=10, informed=9)),
    silent("patients-uninformed", "10 of 10 informed", duty(over=10, informed=10)),
    silent("patients-uninformed", "nobody over the Treeknorm", duty()),
    breach("patients-uninformed-standing", "9 of 10 informed", duty(over=10, informed=9)),
    breach("patients-uninformed-standing", "9 of 10 informed, in phase 1", duty(over=10, informed=9), phase="1"),
    breach("patients-uninformed-standing", "9 of 10 informed, in January 2022", duty(over=10, informed=9), on=datetime(2022, 1, 17, 11, tzinfo=UTC)),
    silent("patients-uninformed", "9 of 10 informed, in January 2022", duty(over=10, informed=9), on=datetime(2022, 1, 17, 11, tzinfo=UTC)),
    silent("patients-uninformed-standing", "10 of 10 informed", duty(over=10, informed=10)),
    breach("risk-unreviewed", "3 of 4 reviewed", duty(overdue=4, reviewed=3)),
    silent("risk-unreviewed", "4 of 4 reviewed", duty(overdue=4, reviewed=4)),
    silent("risk-unreviewed", "nobody too late", duty()),
    breach("plans-missing", "no plan, while R01 has one", planned()),
    silent("plans-missing", "no plan anywhere", planned(elsewhere=False)),
    silent("plans-missing", "one plan", planned((True, True, True))),
    breach("plans-incomplete", "a plan without the chain", planned((True, True, True), (True, True, False))),
    breach("plans-incomplete", "a plan that the insurers do not have", planned((False, True, True))),
    silent("plans-incomplete", "two whole plans", planned((True, True, True), (True, True, True))),
    breach("notice-skipped", "E3 answers E1", ladder(second=False)),
    silent("notice-skipped", "E1, E2, E3 in order", ladder()),
    breach("notice-misdirected", "the provider tells the NZa itself", ladder(to_nza="zorgaanbieder")),
    breach("notice-misdirected", "the provider tells IGJ without the chair", ladder(via=None)),
    silent("notice-misdirected", "the insurer tells the NZa, the provider IGJ with the chair", ladder()),
    breach("escalation-overdue", "not told within 14 days of step E1", prolonged(told_after=None), **_OVERDUE),
    silent("escalation-overdue", "one region full for ten days: no E5", full_for_ten_days, scope="norm=ic-occupancy-high", days=10),
    silent("escalation-overdue", "told on day 13 of step E1", prolonged(told_after=13), **_OVERDUE),
]  # fmt: skip
