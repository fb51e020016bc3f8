"""Reports of one shape are decoded by a decoder that takes no other: it changes what that costs, and nothing else."""

import re
from itertools import islice, permutations

import msgspec
import pytest

from streams.codec import RefusedError, decode_report, encode_report
from streams.intake import ACCEPT
from streams.lean import Lean
from streams.reports import REPORT_TYPES, BedReading, OccupancyReport
from streams.shapes import Shapes
from streams.topics import ABSENCE, FOLLOW_UP, FORECAST, OCCUPANCY
from tests.support.reports import beds

SUBJECTS = [(unit, label) for unit in ("ic", "ward") for label in ("covid", "noncovid", "total")]
SHAPE = SUBJECTS[:3]


def report(subjects, **counts) -> bytes:
    readings = [
        BedReading(unit=unit, label=label, occupied=number, **counts)
        for number, (unit, label) in enumerate(subjects)
    ]
    return encode_report(beds(readings=readings))


def test_shapes_are_made_where_rows_are_about_few_things():
    assert {topic for topic, kind in REPORT_TYPES.items() if Lean(kind).has_shapes} == {
        OCCUPANCY,
        FOLLOW_UP,
        ABSENCE,
        FORECAST,
    }


@pytest.mark.parametrize(
    "other",
    [SUBJECTS[:2], SUBJECTS[:4], SHAPE[::-1], [*SHAPE[:2], ("ward", "total")], [SHAPE[0], *SHAPE[:2]]],
)
def test_a_decoder_of_a_shape_takes_no_other(other):
    decode = Lean(OccupancyReport).of_shape(tuple(SHAPE))
    assert [(row.unit, row.label) for row in decode(report(SHAPE)).readings] == SHAPE
    with pytest.raises(msgspec.ValidationError):
        decode(report(other))


def test_it_holds_each_row_to_the_limit_of_its_own_unit():
    decode = Lean(OccupancyReport).of_shape((("ward", "total"), ("ic", "total")))
    assert decode(report([("ward", "total"), ("ic", "total")], staffed=600))
    with pytest.raises(msgspec.ValidationError, match=r"readings\[1\].staffed"):
        decode(report([("ward", "total"), ("ic", "total")], staffed=601))


def test_whatever_it_was_made_for_python_sees_one_class():
    lean = Lean(OccupancyReport)
    some = [lean.decode(report(SHAPE)), lean.of_shape(tuple(SHAPE))(report(SHAPE))]
    some.append(lean.of_shape(tuple(SUBJECTS))(report(SUBJECTS)))
    assert len({type(each) for each in some}) == 1
    assert len({type(row) for each in some for row in each.readings}) == 1


def test_any_number_of_shapes_in_any_order_is_taken():
    """More than are remembered, in lengths that are expected of others."""
    accept = ACCEPT[OCCUPANCY]
    accept(b"R07", report(SHAPE))  # the source is known from here on
    shapes = list(islice(permutations(SUBJECTS), 600))
    for shape in [*shapes, *shapes[::7], SHAPE, *shapes[:3]]:
        taken, _, _ = accept(b"R07", report(shape))
        assert [(row.unit, row.label) for row in taken.readings] == list(shape)
        assert [row.occupied for row in taken.readings] == list(range(len(shape)))


def test_where_every_guess_is_wrong_each_report_is_held_to_the_same():
    """Reports of one figure each, and of a few, by turns: what is refused the first time is refused the hundredth."""
    accept = ACCEPT[OCCUPANCY]
    accept(b"R07", report(SHAPE))
    good = [report([one]) for one in SUBJECTS] + [report(list(two)) for two in permutations(SUBJECTS, 2)]
    bad = [report([one, one]) for one in SUBJECTS]
    bad += [report([one], staffed=601 if one[0] == "ic" else 6001) for one in SUBJECTS]
    for _ in range(8):
        for value in good:
            assert accept(b"R07", value)[0].location == "A"
        for value in bad:
            with pytest.raises(RefusedError) as refusal:
                decode_report(OCCUPANCY, b"R07", value)
            with pytest.raises(RefusedError, match=re.escape(str(refusal.value))):
                accept(b"R07", value)


def test_what_is_no_report_leaves_nothing_behind():
    shapes = Shapes(OccupancyReport, Lean(OccupancyReport))
    for number in range(100):
        for value in (b"", b"{}", b"\xff", report([SHAPE[0], SHAPE[0]])):
            with pytest.raises((msgspec.MsgspecError, UnicodeDecodeError)):
                shapes.read((b"%d" % number, number), value)
    assert not any(vars(shapes)[name] for name in ("expected", "_before", "_made", "_wrong"))
