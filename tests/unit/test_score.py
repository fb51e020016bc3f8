"""The score: what an onset and a warning are, which are right, and what is claimed of how many."""

from datetime import date, timedelta

import orjson
import pytest
from typer.testing import CliRunner

from alerts.norms import load_norms
from deploy.cli.main import app
from deploy.score.page import page
from deploy.score.projected import damped, line, projections
from deploy.score.score import score
from deploy.score.series import ScoreError, Series, of_divi
from deploy.score.warned import Onset, Warned, onsets, tally, warnings
from streams.calendar import day_number

FIRST = day_number(date(2021, 1, 1))
NORM = load_norms().by_id["projected-ic-full-soon"]
QUIET = [10] * 50
RISING = [10 + 3 * day for day in range(1, 15)]


def series(covid, other=50, capacity=100):
    days = range(FIRST, FIRST + len(covid))
    others = other if isinstance(other, list) else [other] * len(covid)
    return Series(
        "R",
        "ic",
        dict(zip(days, covid, strict=True)),
        dict(zip(days, others, strict=True)),
        lambda _: capacity,
    )


def told(one):
    return [(found.outcome, found.onset) for found in warnings(one, projections(one), NORM, "projection")]


def on(day):
    return str(date(2021, 1, 1) + timedelta(days=day))


def test_an_onset_is_the_first_day_over_after_fourteen_quiet_ones():
    beds = [10] * 20 + [45] + [10] * 13 + [45] + [10] * 14 + [45]
    assert [day - FIRST for day, _ in onsets(series(beds), 0.9, {})] == [20, 49]


def test_the_capacity_of_that_day_decides():
    days = {FIRST + day: 30 for day in range(30)}
    shrinks = Series("R", "ic", days, dict.fromkeys(days, 50), lambda day: 100 if day < FIRST + 20 else 85)
    assert [day - FIRST for day, _ in onsets(shrinks, 0.9, {})] == [20]


def test_a_rise_to_the_limit_is_warned_of_and_right():
    one = series(QUIET + RISING)
    begun = [day for day, _ in onsets(one, 0.9, {})]
    assert told(one) == [("right", on(begun[0] - FIRST))]


def test_a_rise_that_turns_is_a_wrong_warning():
    assert told(series(QUIET + RISING[:8] + [20] * 30)) == [("wrong", "")]


def test_a_rise_for_which_others_made_room_was_acted_upon():
    others = [50] * 58 + [25] * 30
    covid = QUIET + RISING[:8] + [42] * 30
    assert told(series(covid, others)) == [("acted", "")]


def test_a_warning_at_the_end_of_a_file_is_open():
    assert told(series(QUIET + RISING[:8])) == [("open", "")]


def test_nothing_is_told_of_a_day_by_what_came_later():
    one, another = series(QUIET + RISING), series(QUIET + RISING[:8] + [0] * 6)
    last = FIRST + len(QUIET) + 7
    assert {day: found for day, found in projections(one).items() if day <= last} == {
        day: found for day, found in projections(another).items() if day <= last
    }


@pytest.mark.parametrize(("count", "precision"), [(0, None), (19, None), (20, 0.75)])
def test_below_twenty_warnings_no_precision_is_claimed(count, precision):
    outcomes = ["wrong" if number % 4 == 3 else "right" for number in range(count)]
    found = [Warned("projection", "n", "R", on(day), outcome) for day, outcome in enumerate(outcomes)]
    counted = tally(found, [Onset("R", "ic", on(3), could_be_told=True)], "R", "projection", "n")
    assert (counted.counted, counted.precision) == (count, precision)


def test_an_onset_of_which_nothing_could_be_told_is_not_held_against_a_projection():
    begun = [Onset("R", "ic", on(3), could_be_told=False), Onset("R", "ic", on(90), could_be_told=True)]
    right = [Warned("projection", "n", "R", on(88), "right", on(90))]
    counted = tally(right, begun, "R", "projection", "n")
    assert (counted.onsets, counted.told, counted.recall) == (1, 1, 1.0)


def test_the_line_goes_on_as_the_last_fortnight_went():
    beds = {day: 3 * day for day in range(20)}
    assert line(beds, 19, 7) == pytest.approx(57 + 21)


def test_the_damped_line_keeps_seven_tenths_of_its_slope_a_day_and_knows_the_weekday():
    one = series([3 * day for day in range(28)], other=list(range(28)))
    last = FIRST + 27
    assert damped(one, "covid", last, 2) == pytest.approx(81 + 3 * (0.7 + 0.49))
    assert damped(one, "other", last, 7) == pytest.approx((27 + 20 + 13) / 3)
    assert damped(one, "other", last, 1) == pytest.approx((21 + 14 + 7) / 3)
    assert damped(one, "all", last, 2) == pytest.approx(81 + 3 * (0.7 + 0.49) + (22 + 15 + 8) / 3)


DIVI = (
    "datum,bundesland_name,behandlungsgruppe,faelle_covid_aktuell,intensivbetten_belegt,intensivbetten_frei\n"
)


def rows(covid):
    return "".join(
        f"{on(day)},Hessen,Erwachsene,{beds},{beds + 50},{50 - beds}\n" for day, beds in enumerate(covid)
    )


def test_a_score_is_printed_as_json_and_as_text(tmp_path):
    file = tmp_path / "states.csv"
    file.write_text(DIVI + rows(QUIET + RISING))
    found = CliRunner().invoke(app, ["score", "--divi", str(file), "--json"])
    assert found.exit_code == 0
    printed = orjson.loads(found.stdout)
    assert set(printed) == {"norms", "files", "accuracy", "onsets", "warnings", "tallies"}
    assert printed["files"][0]["days"] == len(QUIET + RISING)
    ours = [one for one in printed["tallies"] if one["way"] == "projection"]
    assert [(one["norm"], one["right"], one["precision"]) for one in ours if one["norm"] == NORM.id] == [
        (NORM.id, 1, None)
    ]
    text = CliRunner().invoke(app, ["score", "--divi", str(file)]).stdout
    assert "n = 1, no precision claimed" in text


@pytest.mark.parametrize(
    ("content", "says"),
    [("a,b\n1,2\n", "no column datum"), (DIVI + "2021-01-01,Hessen,Erwachsene,x,60,40\n", "row 2")],
)
def test_a_file_that_is_none_ends_with_1_and_what_is_wrong(tmp_path, content, says):
    file = tmp_path / "states.csv"
    file.write_text(content)
    found = CliRunner().invoke(app, ["score", "--divi", str(file)])
    assert (found.exit_code, says in found.stderr) == (1, True)
    with pytest.raises(ScoreError, match=says):
        of_divi(file)


def test_a_file_of_lcps_that_is_none_ends_with_1(tmp_path):
    file = tmp_path / "lcps.csv"
    file.write_text("a,b\n1,2\n")
    assert CliRunner().invoke(app, ["score", "--lcps", str(file)]).exit_code == 1


def test_without_a_file_it_is_used_wrongly():
    assert CliRunner().invoke(app, ["score"]).exit_code == 2


def test_a_page_without_warnings_says_so():
    text = page(score({"calm.csv": [series([10] * 80)]}, load_norms()))
    assert "n = 0, none claimed" in text
    assert text.endswith("None: n = 0.\n")
