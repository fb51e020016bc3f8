"""Referrals from scratch: see `naive`."""

from collections import defaultdict
from datetime import UTC, date, datetime

from tests.support.naive import day_of, number_of, what_stands


def referrals(reports, at: int, view: str = "told") -> dict:
    """Looked at with those who are `missed` or `given_up`, their last full week stands in for one that they did not tell."""
    today = day_of(datetime.fromtimestamp(at, UTC))
    told = newest_referrals(reports)
    return _referrals_missed(told, today) | _referrals_of_the_newest_week(told, today, view)


def _is_full(monday: int, observed: datetime, today: int) -> bool:
    """A week is full once it is over and was told of on its Sunday or later."""
    return monday + 7 <= today and day_of(observed) >= monday + 6


def _referrals_missed(told, today: int) -> dict:
    missed = defaultdict(list)
    for (_, specialism, target), weeks in told.items():
        for monday, week in weeks.items():
            if _is_full(monday, week[0], today) and monday >= number_of(date(2020, 3, 2)):
                for s in (specialism, "all"):
                    for t in (target, "all"):
                        missed[("specialism", s), ("target", t)].append(week)
    return {
        ("referrals_missed", labels): (
            sum(week[2] - week[1] for week in weeks),
            int(max(week[0] for week in weeks).timestamp()),
            1,
            len(weeks),
        )
        for labels, weeks in missed.items()
    }


def newest_referrals(reports) -> dict:
    def said_in(report) -> dict:
        return {(row.specialism, row.target): (row.count, row.expected) for row in report.rows}

    newest = defaultdict(dict)
    stand = what_stands(reports, lambda report: number_of(report.week_start), said_in)
    for (location, monday, subject), (_, (count, expected), completeness, report) in stand.items():
        newest[location, *subject][monday] = (report.observed_at, count, expected, completeness)
    return newest


def _referrals_of_the_newest_week(newest, today: int, view: str) -> dict:
    owing = []
    for key, weeks in newest.items():
        oldest = today - (371 if view == "given_up" else 35)
        last = max(
            (m for m, told in weeks.items() if m >= oldest and _is_full(m, told[0], today)), default=None
        )
        if last is not None or max(weeks) >= today - 35:
            owing.append((key, weeks, last))
    week = max((last for _, _, last in owing if last is not None), default=None)
    if week is None:
        return {}
    groups = defaultdict(list)
    for (_, specialism, target), weeks, last in owing:
        counted = weeks[last] if last == week or (last is not None and view != "told") else None
        for s in (specialism, "all"):
            for t in (target, "all"):
                groups[("specialism", s), ("target", t)].append(counted)
    figures = {}
    for labels, weeks in groups.items():
        known = [told for told in weeks if told is not None]
        count, expected = sum(told[1] for told in known), sum(told[2] for told in known)
        observed = max((int(told[0].timestamp()) for told in known), default=0)
        share = sum(told[3] for told in known) / len(weeks)
        some = bool(known)
        figures["referrals_week", labels] = (count if some else None, observed, share, len(known))
        figures["referrals_expected_week", labels] = (expected if some else None, observed, share, len(known))
        figures["referrals_ratio", labels] = (
            count / expected if expected else None,
            observed,
            share,
            expected,
        )
    return figures
