"""What the parties decide and tell each other, from scratch, from a plain list of all reports that were accepted."""

from collections import defaultdict
from datetime import UTC, datetime

from tests.support.naive import day_of, number_of

PHASES = ("1", "2A", "2B", "2C", "2D", "3")
PARTIES = {"zorgaanbieder", "zorgverzekeraar", "roaz-voorzitter", "rcps"}


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _rank(report) -> tuple:
    return _seconds(report.observed_at), report.revision, _seconds(report.received_at)


def _newest(reports, subject, what) -> dict:
    """The newest report of each subject; of two that were said at once, the one whose content sorts last."""
    held = {}
    for report in reports:
        key = subject(report)
        if key not in held or (*_rank(report), *what(report)) > (*_rank(held[key]), *what(held[key])):
            held[key] = report
    return held


def coordination(reports, at: int, websites: int = 45) -> dict:
    """What was seen on a website counts for 45 days; for 90 with those that are missed, for 371 with those given up."""
    if not reports:
        return {}
    today = day_of(datetime.fromtimestamp(at, UTC))
    heard = max(_seconds(report.observed_at) for report in reports)
    by_kind = defaultdict(list)
    for report in reports:
        by_kind[type(report.event).__name__].append(report)
    told = {}
    for part in (_phases, _agreements, _transfers, _notices, _published, _plans, _mediation):
        told |= part(by_kind, at, today, heard)
    return told | _websites(by_kind, today, websites)


def _phases(by_kind, at, _today, _heard) -> dict:
    own = _newest(
        by_kind["PhaseChange"],
        lambda report: (report.source, report.location, report.observed_at),
        lambda report: (
            _seconds(report.event.effective_at), report.event.phase,
            report.event.requested_by, report.event.confirmed_by,
        ),
    )  # fmt: skip
    begun = [report for report in own.values() if _seconds(report.event.effective_at) <= at]
    if not begun:
        return {}
    now = max(
        begun,
        key=lambda r: (
            _seconds(r.event.effective_at), _seconds(r.observed_at), r.revision, _seconds(r.received_at),
            _seconds(r.event.effective_at), r.event.phase, r.event.requested_by, r.event.confirmed_by,
            (r.source, r.location),
        ),
    ).event  # fmt: skip
    wrong = (
        "zorgaanbieder" in (now.requested_by, now.confirmed_by)
        or now.phase == "3"  # of a region
        or (now.phase == "2D" and (now.requested_by not in ("lnaz", "roaz-voorzitter") or now.confirmed_by != "minister"))
    )  # fmt: skip
    since = _seconds(now.effective_at)
    return {
        ("phase", ()): (PHASES.index(now.phase) + 1, since, 1, 1),
        ("phase_change_irregular", ()): (int(wrong), since, 1, 1),
    }


def _count(found, heard, count=None) -> tuple:
    observed = max((_seconds(report.observed_at) for report in found), default=heard)
    return (len(found) if count is None else count, observed, 1, 1)


def _agreements(by_kind, at, _today, heard) -> dict:
    last: dict = {}
    for report in by_kind["Agreement"]:
        said = (report.location, report.event.subject, _seconds(report.observed_at))
        last[said] = max(report.revision, last.get(said, 0))
    own = _newest(
        [
            report
            for report in by_kind["Agreement"]
            if report.revision == last[report.location, report.event.subject, _seconds(report.observed_at)]
        ],
        lambda report: (report.location, report.event.subject, _seconds(report.event.agreed_at)),
        lambda report: (
            -1 if report.event.recorded_at is None else _seconds(report.event.recorded_at),
            _seconds(report.event.valid_to),
            -1 if report.event.reserved_ic_beds is None else report.event.reserved_ic_beds,
            report.event.initiated_by,
        ),
    )
    now = [r for r in own.values() if _seconds(r.event.agreed_at) <= at < _seconds(r.event.valid_to)]
    recorded = [r for r in now if r.event.recorded_at is not None and _seconds(r.event.recorded_at) <= at]
    told = {}
    for subject in ("spreading", "ic-dependent"):
        valid = [report for report in recorded if report.event.subject == subject]
        open_ones = [r for r in now if r.event.subject == subject and r not in recorded]
        told["agreement_valid", (("subject", subject),)] = _count(valid, heard)
        told["agreement_unrecorded", (("subject", subject),)] = _count(open_ones, heard)
        others = [r for r in now if r.event.subject == subject and r.event.initiated_by != "roaz-voorzitter"]
        told["agreement_by_others", (("subject", subject),)] = _count(others, heard)
    beds = [report for report in recorded if report.event.reserved_ic_beds is not None]
    if beds:
        told["agreement_ic_beds", ()] = _count(beds, heard, sum(r.event.reserved_ic_beds for r in beds))
    return told


def _transfers(by_kind, _at, today, heard) -> dict:
    own = _newest(
        by_kind["Transfer"],
        lambda r: (r.location, _seconds(r.observed_at), r.event.to_region, r.event.unit, r.event.decided_by),
        lambda r: (r.event.count,),
    )
    told = {}
    for unit in ("ic", "ward"):
        week = [r for r in own.values() if r.event.unit == unit and day_of(r.observed_at) > today - 7]
        told["transfers_out_7d", (("unit", unit),)] = _count(week, heard, sum(r.event.count for r in week))
    others = [
        r
        for r in own.values()
        if day_of(r.observed_at) > today - 7
        and r.event.decided_by != "lcps"
        and r.event.to_region != r.region
        and r.event.count
    ]
    told["transfers_by_others_7d", ()] = _count(others, heard, sum(r.event.count for r in others))
    return told


def _step(event) -> str | None:
    if event.anchor is not None:
        return event.anchor
    if _informs(event):
        return None
    known = {
        ("zorgaanbieder", "zorgverzekeraar"): "E1",
        ("zorgverzekeraar", "nza"): "E3a",
        ("zorgaanbieder", "igj"): "E3b",
        ("roaz-voorzitter", "igj"): "E3b",
        ("nza", "minister"): "E4",
        ("lnaz", "igj"): "E5",
        ("roaz-voorzitter", "minister"): "E6",
        ("minister", "lnaz"): "E6",
    }
    route = (event.sender, event.receiver)
    return known.get(route, "E2" if PARTIES.issuperset(route) else None)


def _informs(event) -> bool:
    """A supervisor is told of waits that are too long, which is a duty beside the ladder."""
    return (
        event.norm.startswith("treeknorm-")
        and not event.anchor
        and not event.answers
        and event.sender in PARTIES
        and event.receiver in {"nza", "igj"}
    )


def _goes_wrong(event) -> bool:
    if _informs(event):
        return False
    route = (event.sender, event.receiver)
    right = {
        "E1": route == ("zorgaanbieder", "zorgverzekeraar"),
        "E2": PARTIES.issuperset(route),
        "E3a": route == ("zorgverzekeraar", "nza"),
        "E3b": route == ("roaz-voorzitter", "igj") or (route == ("zorgaanbieder", "igj") and event.via == "roaz-voorzitter"),
        "E4": route == ("nza", "minister"),
        "E5": route in (("lnaz", "minister"), ("lnaz", "igj")),
        "E6": route in (("roaz-voorzitter", "minister"), ("lnaz", "minister"), ("minister", "lnaz")),
    }  # fmt: skip
    step = _step(event)
    if step is not None:
        return not right[step]
    never = {"zorgaanbieder": ("nza", "minister"), "zorgverzekeraar": ("igj", "minister")}
    return event.receiver in never.get(event.sender, ())


def _notices(by_kind, _at, today, heard) -> dict:
    own = _newest(
        by_kind["Notice"],
        lambda report: report.id,
        lambda report: [
            getattr(report.event, name) or ""
            for name in ("sender", "receiver", "via", "norm", "anchor", "answers")
        ],
    )

    def skips(report) -> bool:
        needed = {"E3a": "E2", "E3b": "E2", "E4": "E3a"}.get(_step(report.event))
        before = own.get(report.event.answers)
        if needed is None:
            return False
        late = before is None or _seconds(before.observed_at) > _seconds(report.observed_at)
        return late or _step(before.event) != needed

    counted = [report for report in own.values() if day_of(report.observed_at) > today - 30]
    told = {
        ("notices_skipping", ()): _count([report for report in counted if skips(report)], heard),
        ("notices_misdirected", ()): _count([r for r in counted if _goes_wrong(r.event)], heard),
    }
    for step in {_step(report.event) for report in own.values()} - {None}:
        found = [report for report in counted if _step(report.event) == step]
        told["notices_30d", (("anchor", step),)] = _count(found, heard)
    right = [report for report in own.values() if _step(report.event) and not _goes_wrong(report.event)]
    for step, norm in {(_step(report.event), report.event.norm) for report in right}:
        found = [r for r in right if (_step(r.event), r.event.norm) == (step, norm)]
        moment = max(_seconds(report.observed_at) for report in found)
        if step == "E5":
            each = [
                [_seconds(r.observed_at) for r in found if r.event.receiver == receiver]
                for receiver in ("minister", "igj")
            ]
            if not all(each):
                continue
            moment = min(max(moments) for moments in each)
        told["notice_at", (("anchor", step), ("norm", norm))] = (moment, moment, 1, 1)
    return told


def _published(by_kind, _at, today, _heard) -> dict:
    own = _newest(by_kind["ReportPublished"], lambda r: r.event.report, lambda _: ())
    return {
        ("report_age_days", (("report", kind),)): (
            max(0, today - day_of(report.observed_at)), _seconds(report.observed_at), 1, 1,
        )
        for kind, report in own.items()
    }  # fmt: skip


def _plans(by_kind, _at, _today, heard) -> dict:
    def said(report):
        event = report.event
        return (event.handed_to_insurers, event.recovery_section, event.chain_section)

    own = _newest(by_kind["PlanRecorded"], lambda r: r.location, said).values()
    lacking = sum(not all(said(report)) for report in own)
    observed = max((_seconds(report.observed_at) for report in own), default=heard)
    return {
        ("plans_recorded", ()): _count(own, heard),
        ("plans_incomplete", ()): (lacking, observed, 1, 1),
    }


def _websites(by_kind, today, stands) -> dict:
    def said(report):
        event = report.event
        return (-1 if event.updated_on is None else number_of(event.updated_on), event.split)

    young = [r for r in by_kind["WebsiteChecked"] if day_of(r.observed_at) >= today - stands]
    own = _newest(young, lambda r: (r.event.publisher, r.location), said)
    told = {}
    for publisher in {publisher for publisher, _ in own}:
        sites = [report for (name, _), report in own.items() if name == publisher]
        dated = [report for report in sites if report.event.updated_on is not None]
        ages = [today - number_of(report.event.updated_on) for report in dated]
        when = max(_seconds(report.observed_at) for report in sites)
        labels = (("publisher", publisher),)
        told["website_age_days", labels] = (max(ages, default=None), when, 1, 1)
        told["websites_without", labels] = (len(sites) - len(dated), when, 1, 1)
        if publisher == "zorgaanbieder":
            told["websites_unsplit", labels] = (sum(not r.event.split for r in dated), when, 1, 1)
    return told


def _mediation(by_kind, _at, today, _heard) -> dict:
    def said(report):
        event = report.event
        days = -1 if event.answer_days is None else event.answer_days
        return (event.requested, event.matched, days, report.completeness)

    held = [r for r in by_kind["Mediation"] if number_of(r.event.week_start) >= today - 35]
    own = _newest(held, lambda r: (r.location, number_of(r.event.week_start)), said)
    full = {
        key: report
        for key, report in own.items()
        if key[1] + 7 <= today and day_of(report.observed_at) >= key[1] + 6
    }
    if not full:
        return {}
    week = [report for key, report in full.items() if key[1] == max(monday for _, monday in full)]
    asked = sum(report.event.requested for report in week)
    found = sum(report.event.matched for report in week)
    when = max(_seconds(report.observed_at) for report in week)
    share = sum(report.completeness for report in week) / len({place for place, _ in own})
    told = {
        ("mediation_requested_week", ()): (asked, when, share, len(week)),
        ("mediation_matched_week", ()): (found, when, share, len(week)),
        ("mediation_ratio", ()): (found / asked if asked else None, when, share, asked),
    }
    answered = [r.event for r in week if r.event.answer_days is not None]
    weight = sum(event.requested for event in answered)
    if weight:
        days = sum(event.answer_days * event.requested for event in answered) / weight
        told["mediation_answer_days", ()] = (days, when, share, weight)
    return told
