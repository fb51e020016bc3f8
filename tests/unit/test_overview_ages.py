"""An overview of a region in which nobody reports anything shows how long that has lasted by now."""

from alerts.judge import judge
from alerts.judged import JudgeState
from alerts.norms import load_norms
from alerts.overview import is_headline
from streams.calendar import iso
from streams.indicators import INDICATORS
from streams.joins import JOINS, STATUS_SOURCES
from streams.status import Indicator, StatusEntry
from streams.topics import OCCUPANCY

NORMS = load_norms()
HEARD = 1_637_280_000
HOUR = 3600


def test_the_age_of_a_silent_feed_grows_by_the_hour():
    state = JudgeState()
    heard = Indicator("feed_received_at", {"source": "lcps", "topic": OCCUPANCY}, HEARD, HEARD)
    shown = {}
    for at in range(HEARD + 30 * HOUR, HEARD + 72 * HOUR + 1, HOUR // 2):
        for source in STATUS_SOURCES:
            stage = "join" if source in JOINS else "fold"
            says = [heard] if source == OCCUPANCY and at == HEARD + 30 * HOUR else []
            _, overviews = judge(state, StatusEntry(stage, source, 0, "R07", at, says), NORMS)
            shown |= {view.at: breach.value for view in overviews for breach in view.breaches}
    assert shown[iso(HEARD + 36 * HOUR + HOUR // 2)] == 1.0139
    assert shown[iso(HEARD + 48 * HOUR)] == 1.3333
    assert shown[iso(HEARD + 72 * HOUR)] == 2.0
    assert len(shown) == 37  # when it begins, and once an hour


def test_no_overview_shows_a_moment_as_if_it_were_a_figure():
    moments = [kind.name for kind in INDICATORS.values() if kind.unit == "s"]
    assert moments
    assert [name for name in moments if is_headline(Indicator(name, {}, HEARD, HEARD))] == []
