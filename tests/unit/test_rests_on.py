"""What a figure rests on is said in one sentence, in the same words wherever it is shown."""

import pytest

from alerts.norms import load_norms
from alerts.rests_on import rests_on
from alerts.texts import read_texts
from dashboards.board.state import BoardState
from dashboards.reports.figures import Figures
from dashboards.reports.live import Live
from streams.calendar import iso
from streams.evidence import Evidence
from streams.status import RegionOverview
from streams.views import IndicatorView

AT = 1637298000  # 19-11-2021 06:00 in Amsterdam
SAID = [
    (Evidence(4, 3, 1, 0, AT), 0.5, "3 van 4 locaties, 1 doorgetrokken, oudste 19-11 06:00"),
    (Evidence(4, 4, 0, 0, AT + 3600), 1.0, "4 van 4 locaties"),
    (Evidence(5, 3, 0, 1, AT), 0.6, "3 van 5 locaties, 1 telt niet meer mee, oudste 19-11 06:00"),
    (
        Evidence(5, 2, 2, 3, AT),
        0.0,
        "2 van 5 locaties, 2 doorgetrokken, 3 tellen niet meer mee, oudste 19-11 06:00",
    ),
    (
        Evidence(4, 4, 2, 0, AT, suspect=1),
        0.5,
        "4 van 4 locaties, 2 doorgetrokken, waarvan 1 om een verdacht cijfer, oudste 19-11 06:00",
    ),
    (Evidence(1, 1, 0, 0, AT + 3600), 0.5, "1 van 1 locatie, 50\u00a0% volledig"),
    (Evidence(3, 1, 0, 0, AT + 3600), 0.3333, "1 van 3 locaties"),
    (None, 0.29, "29\u00a0% volledig"),
    (None, 0.9996, "99\u00a0% volledig"),
    (None, 1.0, "100\u00a0% volledig"),
]


@pytest.mark.parametrize(("evidence", "completeness", "said"), SAID)
def test_a_sentence_says_who_is_in_a_figure_and_how_old_the_oldest_is(evidence, completeness, said):
    assert rests_on(evidence, AT + 3600, completeness, read_texts().rests_on) == said


def test_without_locations_it_says_how_complete_a_figure_is_rounded_down():
    assert rests_on(None, AT, 0.999, read_texts().rests_on) == "99\u00a0% volledig"


def test_page_and_report_show_the_same_sentence():
    evidence, completeness, said = SAID[0]
    own = {name: getattr(evidence, name) for name in ("expected", "counted", "carried", "expired")}
    ratio = IndicatorView(
        "occupancy_ratio", {"unit": "ic"}, 0.9, "ratio", iso(AT + 3600), completeness, **own, oldest=iso(AT)
    )
    overview = RegionOverview("R07", iso(AT + 7200), [ratio], [])
    board, live = BoardState(load_norms()), Live()
    board.overview(overview, AT)
    live.overview(overview)

    shown = board.document(AT)["regions"]["R07"]["indicators"][0]["rests_on"]
    stamp = Figures("R07", live.told(), load_norms()).stamp("R07", [("occupancy_ratio", {"unit": "ic"})])

    assert shown == said
    assert stamp == f"19 nov 07:00 · {said}"
