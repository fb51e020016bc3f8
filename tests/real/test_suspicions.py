"""On the public files hardly anything is suspect, and nothing true for more than a day: the figures of docs/plausible.md."""

from collections import Counter
from pathlib import Path

import orjson
import pytest

from agents.domain.plausible.doubt import Told
from agents.domain.plausible.limits import limits_of, of_capacity
from agents.domain.plausible.past import Past
from alerts.norms import load_norms
from deploy.score.series import of_divi
from tests.golden.recordings import DATA, ketenwacht

LCPS, DIVI = (
    DATA / name
    for name in (
        "lcps_datafeed_v1_2020-02-27_2021-07-26.csv",
        "divi_bundeslaender_2021-01-01_2021-06-30.csv",
    )
)
PAGE = Path(__file__).parents[2] / "docs" / "plausible.md"


@pytest.fixture(scope="module")
def counted():
    if not LCPS.is_file():
        pytest.skip(f"no real public data in {DATA}")
    return orjson.loads(ketenwacht("suspect", "count", "--lcps", LCPS, "--divi", DIVI, "--json").stdout)


def test_six_of_ten_thousand_reports_are_suspect_and_all_of_them_are_rises(counted):
    reasons = Counter(reason for one in counted for reason, days in one["suspect"].items() for _ in days)
    assert (len(counted), sum(one["reports"] for one in counted)) == (52, 10_642)
    assert reasons == {"rise": 6}
    assert "| as they are | 6: `rise` of NL ward on 12-3, 16-3 and 6-4-2020" in PAGE.read_text("utf-8")


def test_no_bed_with_staff_of_the_german_states_is_suspect():
    if not DIVI.is_file():
        pytest.skip(f"no real public data in {DATA}")
    limits, reports = of_capacity(limits_of(load_norms())), 0
    for one in of_divi(DIVI):
        past = Past()
        for day in sorted(one.covid):
            past.take(Told(day, one.capacity(day), day, capacity=True), limits)
            assert past.doubt is None, (one.name, day)
            reports += 1
    assert reports == 2896
    assert "none of the 2,896 daily reports" in PAGE.read_text("utf-8")


def test_no_true_wave_is_held_for_more_than_a_day(counted):
    assert {one["series"]: one["held"] for one in counted if one["held"]} == {
        "NL ic covid": 1,
        "NL ward covid": 1,
        "Sachsen ic noncovid": 1,
        "Sachsen ic total": 1,
    }
