"""Vervolgzorg from scratch: see `naive`."""

from datetime import UTC, datetime

from tests.support.naive import added, as_it_stands, day_of, statements_of_days


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
            ratio, observed, sum(waiting[2] for waiting, _ in both) / len(mine), wait,
        )  # fmt: skip
    return told


def silences(reports, at: int) -> dict:
    """By name and labels what figures would be with what everybody said last in two weeks; none where all of it stands."""
    today = day_of(datetime.fromtimestamp(at, UTC))
    fields = ("waiting_in_hospital", "free_places")
    own = statements_of_days(
        reports, lambda report: [((one.sector,), one) for one in report.rows], fields, today
    )
    last = {(place, sector, field): (0, 0) for place, sector, field, _ in own}
    for (place, sector, field, day), slot in own.items():
        last[place, sector, field] = max(last[place, sector, field], (day, slot[3]))
    told = {}
    for sector in {sector for _, sector, _ in last} | ({"all"} if last else set()):
        mine = {key: one for key, one in last.items() if sector in {key[1], "all"}}
        if all(day >= today - 3 for day, _ in mine.values()):
            continue
        labels = (("sector", sector),)
        sums = [[one[1] for key, one in mine.items() if key[2] == field] for field in fields]
        told["followup_waiting", labels], told["followup_free_places", labels] = (
            sum(each) if each else None for each in sums
        )
        both = [
            (one[1], mine[place, of, fields[1]][1])
            for (place, of, field), one in mine.items()
            if field == fields[0] and (place, of, fields[1]) in mine
        ]
        wait, room = (sum(pair[side] for pair in both) for side in (0, 1))
        told["followup_strain_ratio", labels] = (
            (wait / (wait + room) if wait + room else 0.0) if both else None
        )
    return told
