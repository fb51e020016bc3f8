"""The figures from scratch are guarded themselves: those of a small stream, worked out by hand."""

from collections import Counter
from datetime import UTC, datetime

from tests.support import (
    naive_beds,
    naive_capacity,
    naive_coordination,
    naive_follow_up,
    naive_production,
    naive_referrals,
    naive_waits,
    naive_workstock,
)
from tests.support.reports import (
    absence,
    beds,
    follow_up,
    forecast,
    ic,
    operations,
    phase,
    production,
    referrals,
    rooms,
    stock_row,
    waits,
    workstock,
)


def test_the_figures_are_not_trivially_empty():
    at = int(datetime(2021, 11, 15, 13, tzinfo=UTC).timestamp())
    day = 86_400
    figures = naive_beds.occupancy([ic(60), ic(70, location="B")], at)
    assert figures["occupancy_ratio", (("unit", "ic"),)][0] == 0.65
    assert Counter(name for name, _ in figures) == {
        "beds_occupied": 1, "beds_occupied_mean_7d": 1, "beds_staffed": 1, "occupancy_ratio": 1, "beds_free": 1, "beds_for_covid": 1,
    }  # fmt: skip
    ratio = naive_beds.occupancy([beds()], at + 5 * day)["occupancy_ratio", (("unit", "ic"),)]
    assert (ratio[0], ratio[2]) == (0.5, 0), "carried forward"
    assert not naive_beds.occupancy([beds()], at + 15 * day)
    labels = (("access", "polikliniek"), ("specialism", "all"))
    over = naive_waits.waiting_times([waits([28, 29])], at)
    assert over["waits_over_treeknorm_ratio", labels][0] == 0.5
    assert (
        naive_follow_up.follow_up([follow_up(30, 10)], at)["followup_strain_ratio", (("sector", "grz"),)][0]
        == 0.75
    )
    labels = (("specialism", "all"), ("target", "all"))
    assert naive_referrals.referrals([referrals(80, 100)], at)["referrals_ratio", labels][0] == 0.8
    figures = naive_production.production([production(operations(40, "U4", 50))], at)
    assert figures["production_ratio", (("kind", "operatie"), ("provider", "all"))][0] == 0.8
    assert figures["operations_missed", ()][0] == 10
    figures = naive_workstock.workstock([workstock(stock_row(overdue=2, overdue_postponed=3))], at)
    assert figures["workstock_overdue", (("ic", "no"), ("urgency", "U3"))][0] == 3
    assert figures["workstock_overdue_ratio", (("ic", "all"), ("urgency", "U3"))][0] == 0.075
    assert naive_capacity.operating_rooms([rooms(15, 20)], at)["or_reduction_ratio", ()][0] == 0.25
    assert naive_capacity.absence([absence(7.5)], at)["absence_rate", (("sector", "all"),)][0] == 7.5
    labels = (("day", "2"), ("unit", "ic"))
    assert naive_capacity.forecast([forecast([10, 20])], at)["forecast_beds", labels][0] == 20
    assert naive_coordination.coordination([phase("2D")], at)["phase", ()][0] == 5
