"""What a location adds to its region is looked at again when it changed, and on a new day; not otherwise."""

from datetime import timedelta

from agents.domain.beds.beds import LocationBeds
from agents.domain.partition import empty_partition, tick
from agents.domain.statements.parts import Parts
from alerts.norms import load_norms
from streams.topics import OCCUPANCY
from tests.support.entrance import receive
from tests.support.reports import MONDAY, ic, record

NORMS = load_norms()
NOON = int(MONDAY.timestamp())


def test_only_what_was_touched_is_looked_at_again():
    parts = Parts()
    looked = []

    def part_of(held, _today):
        looked.append(held)
        return held * 10

    state = {"a": 1, "b": 2}
    assert sorted(parts.renew(state, 5, part_of)) == [("a", None, 10), ("b", None, 20)]
    assert parts.renew(state, 5, part_of) == []
    state["b"] = 3
    parts.touched.add("b")
    assert parts.renew(state, 5, part_of) == [("b", 20, 30)]
    del state["a"]
    parts.touched.add("a")
    assert parts.renew(state, 5, part_of) == [("a", 10, None)]
    assert looked[2:] == [3]
    assert parts.by_location == {"b": 30}
    assert parts.unsaved == {"a", "b"}
    assert parts.renew(state, 6, part_of) == [("b", 30, 30)]


def test_a_report_to_one_location_costs_one_location_at_the_tick(monkeypatch):
    partition = empty_partition(OCCUPANCY, 0, ("R07",))

    def tell(location: str, minutes: int) -> None:
        told = record(ic(50 + minutes % 7, at=MONDAY + timedelta(minutes=minutes), location=location))
        receive(partition, told.key, told.value, told.timestamp)

    for number in range(30):
        tell(f"L{number}", 0)
    tick(partition, NOON + 60, NORMS)
    looked, again = [], []
    whole, columns = LocationBeds.__init__, LocationBeds.look_again
    monkeypatch.setattr(
        LocationBeds, "__init__", lambda *of, **named: (looked.append(of), whole(*of, **named))[1]
    )
    monkeypatch.setattr(LocationBeds, "look_again", lambda *of: (again.append(of[3]), columns(*of))[1])
    tell("L3", 2)
    (entry,) = tick(partition, NOON + 180, NORMS)
    assert "beds_occupied" in {one.name for one in entry.indicators}
    assert (len(looked), [len(touched) for touched in again]) == (0, [2]), (
        "occupied and staffed, of one location"
    )
    tell("L3", 24 * 60)
    tick(partition, NOON + 86_400, NORMS)
    assert len(looked) == 30, "on a new day all of them"


def test_what_a_snapshot_of_changes_has_to_write_is_known_after_each_tick():
    partition = empty_partition(OCCUPANCY, 0, ("R07",))
    for location in ("A", "B"):
        told = record(ic(50, location=location))
        receive(partition, told.key, told.value, told.timestamp)
    tick(partition, NOON + 60, NORMS)
    unsaved = partition.regions["R07"].body.parts.unsaved
    assert unsaved == {"A", "B"}
    unsaved.clear()
    told = record(ic(51, location="A", at=MONDAY + timedelta(minutes=2)))
    receive(partition, told.key, told.value, told.timestamp)
    tick(partition, NOON + 180, NORMS)
    assert unsaved == {"A"}
    tick(partition, NOON + 86_400 * 371, NORMS)
    assert unsaved == {"A", "B"}, "what a location told last is held, and what it ever did"
    tick(partition, NOON + 86_400 * 372, NORMS)
    assert unsaved == {"A", "B"}
    assert partition.regions["R07"].body.places == {}
