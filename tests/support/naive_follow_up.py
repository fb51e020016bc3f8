"""Vervolgzorg from scratch: see `naive`."""

from datetime import UTC, datetime

from tests.support.naive import (
    added,
    as_it_stands,
    day_of,
    differences,
    midnight,
    statements_of_days,
    with_last,
)


def follow_up(reports, at: int) -> dict:
    today = day_of(datetime.fromtimestamp(at, UTC))
    own = statements_of_days(
        reports,
        lambda report: [((one.sector,), one) for one in report.rows],
        ("waiting_in_hospital", "free_places"),
        today,
    )
    pairs = {
        (sector, place): [
            as_it_stands(own, place, sector, field, today) for field in ("waiting_in_hospital", "free_places")
        ]
        for (place, sector, _, _) in own
    }
    told = {}
    for sector in {sector for sector, _ in pairs} | ({"all"} if pairs else set()):
        mine = [pair for (other, _), pair in pairs.items() if sector in {other, "all"}]
        labels = (("sector", sector),)
        told["followup_waiting", labels] = added([waiting for waiting, _ in mine])
        told["followup_free_places", labels] = added([free for _, free in mine])
        both = [(waiting, free) for waiting, free in mine if waiting and free]
        wait = sum(waiting[0] for waiting, _ in both)
        room = sum(free[0] for _, free in both)
        ratio = (wait / (wait + room) if wait + room else 0.0) if both else None
        observed = max((max(waiting[1], free[1]) for waiting, free in both), default=0)
        told["followup_strain_ratio", labels] = (
            ratio, observed, sum(0 if free[3] else waiting[2] for waiting, free in both) / len(mine), wait,
        )  # fmt: skip
    return told


def silences(reports, at: int) -> tuple[dict, set]:
    """What `differences` says of vervolgzorg, and the seconds at which somebody was given up."""
    today = day_of(datetime.fromtimestamp(at, UTC))
    fields = ("waiting_in_hospital", "free_places")
    own = statements_of_days(
        reports, lambda report: [((one.sector,), one) for one in report.rows], fields, today, 371
    )
    views = {age: {} for age in (14, 371)}
    for age, told in views.items():
        last = {(place, sector) for place, sector, _, day in own if day >= today - age}
        for sector in {sector for _, sector in last} | ({"all"} if last else set()):
            mine = [
                [with_last(own, place, of, field, today, age) for field in fields]
                for place, of in last
                if sector in {of, "all"}
            ]
            labels = (("sector", sector),)
            told["followup_waiting", labels] = added([waiting for waiting, _ in mine])
            told["followup_free_places", labels] = added([free for _, free in mine])
            both = [(waiting[0], free[0]) for waiting, free in mine if waiting and free]
            wait, room = (sum(pair[side] for pair in both) for side in (0, 1))
            ratio = (wait / (wait + room) if wait + room else 0.0) if both else None
            told["followup_strain_ratio", labels] = (ratio, 0, 1, wait)
    ends = {midnight(day + 15) for *_, day in own if day < today - 14}
    return differences(follow_up(reports, at), views[14], views[371]), ends
