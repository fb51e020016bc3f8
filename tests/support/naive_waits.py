"""Waiting times and their supplies from scratch: see `naive`."""

from collections import defaultdict
from datetime import UTC, date, datetime, time
from statistics import median

from tests.support.naive import ZONE, day_of, midnight, number_of

EPOCH = date(1970, 1, 1).toordinal()
MAXIMUM = {
    "polikliniek": 28, "diagnostiek": 28, "dagbehandeling": 42, "klinisch": 49, "behandeling": 49, "ggz-aanmelding": 28,
}  # fmt: skip
HOSPITAL = ("polikliniek", "diagnostiek", "dagbehandeling", "klinisch", "behandeling")
_LASTING = "waits_within_target_lasting_ratio"
WITHIN = {"polikliniek": 21, "diagnostiek": 21, "dagbehandeling": 28, "klinisch": 35}


def waiting_times(reports, at: int) -> dict:
    told = {}
    for labels, both in _standing_waits(reports, day_of(datetime.fromtimestamp(at, UTC))).items():
        rows = [row for row, _, _, age in both if age <= 45]
        if not rows:
            continue
        days = sorted(row[4] for row in rows if row[3] == "known")
        observed = max(row[0] for row in rows) * 86_400
        share = sum(row[5] for row in rows if row[3] != "unknown") / len(both)
        access = labels[0][1]
        figures = _wait_figures(access, days)
        over_and_missed = access in MAXIMUM and any(
            answer[4] > MAXIMUM[access] for row, answer, _, age in both if age > 45 or answer != row
        )
        if over_and_missed and not figures["waits_over_treeknorm"]:
            figures |= {"waits_over_treeknorm": None, "wait_days_max": None}
        if len(labels) == 3:
            kept = ("waits", "waits_over_treeknorm", "wait_days_median")
            figures = {f"treatment_{name}": figures[name] for name in kept if name in figures}
        else:
            figures["waits_closed"] = sum(row[3] == "closed" for row in rows)
            if access in MAXIMUM:
                over = [
                    age <= 45 and answer == row and row[0] - before[0] <= 45
                    for row, answer, before, age in both
                    if min(answer[4], before[4]) > MAXIMUM[access] and answer[0] - before[0] <= 90
                ]
                figures["waits_prolonged"] = sum(over) or (None if over else 0)
            if access == "behandeling":
                figures["waits_undecidable"] = sum(42 < day <= 49 for day in days)
        told |= {(name, labels): (value, observed, share, len(days)) for name, value in figures.items()}
    today = day_of(datetime.fromtimestamp(at, UTC))
    for access, views in _targets(reports, today).items():
        whole = told.get(("waits", (("access", access), ("specialism", "all"))))
        if whole is not None:
            told[_LASTING, (("access", access),)] = (views[0][0], *whole[1:3], views[0][1])
    return told | _supplies(reports, at)


def _targets(reports, today: int) -> dict:
    """By access kind the better share within the streefnorm of two peildata, and on how many waits: told, with missed, with all."""
    groups = _told_and_untold(reports, today)
    told = {}
    for access, limit in WITHIN.items():
        rows = groups.get((access, "all", None), [])
        views = []
        for kinds in (("stands",), ("stands", "missed"), ("stands", "missed", "given up")):
            some = [row[5] for row in rows if row[0] in kinds]
            shares = [_share([one[number] for one in some if one[number]], limit) for number in (0, 1)]
            count = min(sum(one[number] is not None for one in some) for number in (0, 1))
            views.append((None if None in shares else max(shares), count))
        if rows:
            told[access] = views
    return told


def _share(waits, limit):
    """Of (location, days, patients), each weighed by its patients where all have them."""
    if len({place for place, *_ in waits}) < 3:
        return None
    weighed = all(patients is not None for *_, patients in waits) and any(patients for *_, patients in waits)
    every = [(place, days, patients if weighed else 1) for place, days, patients in waits]
    total = sum(weight for *_, weight in every)
    for one in {place for place, *_ in every}:
        if sum(weight for place, _, weight in every if place == one) * 2 > total:
            return None
    return sum(weight for _, days, weight in every if days <= limit) / total


def silences(reports, at: int) -> dict:
    """By name and labels what figures would be with those who fell silent: missed, given up, and since when."""
    today = day_of(datetime.fromtimestamp(at, UTC))
    told = {}
    standing = {
        labels
        for labels, both in _standing_waits(reports, today).items()
        if any(age <= 45 for *_, age in both)
    }
    groups = _told_and_untold(reports, today)
    treatments = {key: rows for key, rows in groups.items() if key[2] is not None}
    for (access, specialism, whole), rows in groups.items():
        if whole is not None:
            continue
        heard, missed, given_up = (
            [row for row in rows if row[0] == kind] for kind in ("stands", "missed", "given up")
        )
        anybody = heard or missed or (("access", access), ("specialism", specialism)) in standing
        over = [row for row in heard + missed if row[2] is not None and row[2] > MAXIMUM.get(access, 9999)]
        if access in MAXIMUM and (given_up or any(not row[4] for row in over)):
            worse = [row[3] for row in given_up if row[2] is not None and row[2] > MAXIMUM[access]]
            counts = len(over) if anybody else None, len(over) + len(worse)
            told["waits_prolonged", access, specialism] = (*counts, max(worse, default=0))
        if not missed and not given_up:
            continue
        figures = [
            _wait_figures(access, sorted(row[1] for row in some))
            for some in (heard + missed, heard + missed + given_up)
        ]
        over = {name: MAXIMUM.get(access, 9999) for name in figures[0]}
        over |= dict.fromkeys(("waits_within_target", "waits_within_target_ratio"), WITHIN.get(access))
        for name, beyond in over.items():
            if name in figures[0] and name != "wait_days_median":
                worse = [row[3] for row in given_up if name != "waits" and row[1] > beyond]
                both = [each[name] for each in figures]
                told[name, access, specialism] = (
                    both[0] if anybody else None,
                    both[1],
                    max(worse, default=0),
                )
        if access == "behandeling":
            counts = [
                sum(42 < row[1] <= 49 for row in some) for some in (heard + missed, heard + missed + given_up)
            ]
            worse = [row[3] for row in given_up if row[1] > 42]
            told["waits_undecidable", access, specialism] = (
                counts[0] if anybody else None,
                counts[1],
                max(worse, default=0),
            )
    return (
        {
            (name, (("access", access), ("specialism", specialism))): figure
            for (name, access, specialism), figure in told.items()
        }
        | _silent_medians(treatments)
        | _silent_targets(groups, reports, today)
        | _supplies_given_up(reports, at)
    )


def _silent_targets(groups: dict, reports, today: int) -> dict:
    told = {}
    for access, views in _targets(reports, today).items():
        rows = groups[access, "all", None]
        if any(row[0] != "stands" for row in rows):
            gone = [row[3] for row in rows if row[0] == "given up" and row[1] > WITHIN[access]]
            told[_LASTING, (("access", access),)] = (views[1][0], views[2][0], max(gone, default=0))
    return told


def _silent_medians(treatments: dict) -> dict:
    told = {}
    for labels, rows in treatments.items():
        medians = [
            median(days) if (days := [row[1] for row in rows if row[0] in kinds]) else None
            for kinds in (("stands", "missed"), ("stands", "missed", "given up"))
        ]
        if any(row[0] != "stands" for row in rows):
            last = max((row[3] for row in rows if row[0] == "given up"), default=0)
            key = tuple(zip(("access", "specialism", "treatment"), labels, strict=True))
            told["treatment_wait_days_median", key] = (*medians, last if medians[0] != medians[1] else 0)
    return told


def _told_and_untold(reports, today: int) -> dict:
    """By access, specialism and treatment (None for all of them) the known waits: how each stands, its days, the shorter with the one before, from when."""
    told_of = defaultdict(list)
    for report in reports:
        peil = number_of(report.peildatum)
        for row in report.rows:
            if peil >= today - 248:
                told_of[report.location, row.access, row.specialism, row.treatment].append(
                    (
                        peil,
                        report.revision,
                        int(report.received_at.timestamp()),
                        row.status,
                        -1.0 if row.days is None else row.days,
                        report.completeness,
                        report.source,
                        -1 if row.observations is None else row.observations,
                    )
                )
    groups = defaultdict(list)
    for (place, access, specialism, treatment), rows in told_of.items():
        told = [row for row in rows if row[3] == "known"]
        if not told:
            continue
        last = max(told)
        age = today - last[0]
        kind = "stands" if last == max(rows) and age <= 45 else "missed" if age <= 90 else "given up"
        earlier = [row for row in told if _supply(row[0]) < _supply(last[0])]
        before = max(earlier, default=None)
        gap = None if before is None else last[0] - before[0]
        shorter = min(last[4], before[4]) if gap is not None and gap <= 90 else None
        lasts = kind == "stands" and shorter is not None and gap <= 45
        from_day = date.fromordinal(last[0] + 91 + EPOCH)
        since = int(datetime.combine(from_day, time(), ZONE).timestamp())
        both = tuple(
            None if row is None else (place, row[4], None if row[7] < 0 else row[7])
            for row in (last, before if gap is not None and gap <= 45 else None)
        )
        found = (kind, last[4], shorter, since, lasts, both)
        for name in (specialism, "all"):
            groups[access, name, None].append(found)
        if treatment:
            groups[access, specialism, treatment].append(found)
    return groups


def _standing_waits(reports, today: int) -> dict:
    """By labels the newest rows, each with the newest that has a wait, the one of a supply before that, and its age.

    Where there is none, or nobody misses it any more, it is the row itself, and before it a wait of -1.
    """
    told_of = defaultdict(list)
    for report in reports:
        for row in report.rows:
            told = (
                number_of(report.peildatum), report.revision, int(report.received_at.timestamp()),
                row.status, -1.0 if row.days is None else row.days, report.completeness, report.source,
                -1 if row.observations is None else row.observations,
            )  # fmt: skip
            told_of[report.location, row.access, row.specialism, row.treatment].append(told)
    groups = defaultdict(list)
    for (_, access, specialism, treatment), rows in told_of.items():
        row = max(rows)
        if row[0] < today - 90:
            continue
        told = [one for one in rows if one[3] == "known"]
        answer = max((one for one in told if one[0] >= today - 90), default=row)
        earlier = [one for one in told if _supply(one[0]) < _supply(answer[0])]
        before = max(earlier, default=(0, 0, 0, "unknown", -1.0))
        found = (row, answer, before, today - row[0])
        for name in (specialism, "all"):
            groups[("access", access), ("specialism", name)].append(found)
        if treatment:
            labels = (("access", access), ("specialism", specialism), ("treatment", treatment))
            groups[labels].append(found)
    return groups


def _supply(day: int) -> int:
    """The Tuesday of an even ISO week at or before a day."""
    return next(
        on
        for on in range(day, day - 30, -1)
        if date.fromordinal(on + EPOCH).isocalendar().week % 2 == 0
        and date.fromordinal(on + EPOCH).isocalendar().weekday == 2
    )


def _supplies(reports, at: int) -> dict:
    missing, known, _ = _owed(reports, at)
    return {("supply_missing_locations", ()): (missing, max(known) * 86_400, 1, len(known))} if known else {}


def _supplies_given_up(reports, at: int) -> dict:
    missing, known, given_up = _owed(reports, at)
    if not known or not given_up:
        return {}
    return {
        ("supply_missing_locations", ()): (missing, missing + len(given_up), midnight(max(given_up) + 91))
    }


def _owed(reports, at: int) -> tuple:
    """How many locations owe the last supply, the newest peildatum of each that may, and of each that is given up."""
    today = day_of(datetime.fromtimestamp(at, UTC))
    supplied = {}
    for report in reports:
        if any(row.access in HOSPITAL for row in report.rows):
            peil = number_of(report.peildatum)
            supplied[report.location] = max(supplied.get(report.location, peil), peil)
    due = _supply(today)
    if datetime.combine(date.fromordinal(due + EPOCH), time(23, 59), ZONE).timestamp() > at:
        due = _supply(due - 1)
    if date.fromordinal(due + EPOCH) < date(2021, 8, 10):
        return 0, [], []
    known = [peil for peil in supplied.values() if peil >= today - 90]
    given_up = [peil for peil in supplied.values() if today - 248 <= peil < today - 90]
    return sum(peil < due for peil in known), known, given_up


def _wait_figures(access: str, days: list[float]) -> dict:
    half = len(days) // 2
    figures = {"waits": len(days), "wait_days_median": None, "wait_days_max": days[-1] if days else None}
    if days:
        figures["wait_days_median"] = days[half] if len(days) % 2 else (days[half - 1] + days[half]) / 2
    if access in MAXIMUM:
        over = sum(day > MAXIMUM[access] for day in days)
        figures["waits_over_treeknorm"] = over
        figures["waits_over_treeknorm_ratio"] = over / len(days) if days else None
    if access in WITHIN:
        within = sum(day <= WITHIN[access] for day in days)
        figures["waits_within_target"] = within
        figures["waits_within_target_ratio"] = within / len(days) if days else None
    return figures
