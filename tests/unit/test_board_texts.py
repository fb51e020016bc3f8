"""The page's fixed parts fit each other."""

import json
import re

from alerts.norms import load_norms
from alerts.texts import load_texts
from dashboards.board.catalogue import PLACES, page_catalogue
from dashboards.board.server import STATIC
from streams.indicators import INDICATORS
from streams.regions import ROAZ_IDS
from streams.reports import REPORT_TYPES

TEXTS = json.loads((STATIC / "nl.json").read_text("utf-8"))
SCRIPTS = "".join(path.read_text("utf-8") for path in sorted((STATIC / "js").glob("*.js")))
PAGE = "".join(path.read_text("utf-8") for path in sorted(STATIC.glob("*.html")))


def test_every_network_has_a_place_of_its_own_on_the_map():
    assert set(PLACES) == set(ROAZ_IDS)
    cells = [(row, column + half) for row, column in PLACES.values() for half in (0, 1)]
    assert len(cells) == len(set(cells))


def test_the_catalogue_knows_every_norm_and_the_national_ladder():
    norms = load_norms()

    catalogue = page_catalogue(norms, load_texts(norms))

    assert set(catalogue["norms"]) == set(norms.by_id)
    assert catalogue["ladder"] == [1150, 1350, 1700]
    assert list(catalogue["topics"]) == list(REPORT_TYPES)
    assert {role for norm in catalogue["norms"].values() for role in norm["roles"]} <= set(catalogue["roles"])


def test_every_text_that_the_page_asks_for_exists_and_none_is_left_over():
    asked = set(re.findall(r'text\("(\w+)"', SCRIPTS)) | (set(re.findall(r"texts\.(\w+)", SCRIPTS)) - {"js"})
    asked |= set(re.findall(r'data-text="(\w+)"', PAGE))
    asked |= {"lost", "quiet", "behind", "limit", "limit_below", "ends_below", "ends_above"} & set(TEXTS)
    asked |= set(re.findall(r'"(column_\w+)"', SCRIPTS))

    assert asked - set(TEXTS) == set()
    assert set(TEXTS) - asked == set()


def test_no_text_stands_there_twice():
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        assert sorted(set(names)) == sorted(names)
        return dict(pairs)

    json.loads((STATIC / "nl.json").read_text("utf-8"), object_pairs_hook=once)


def test_every_unit_has_a_dutch_word():
    assert {kind.unit for kind in INDICATORS.values()} - {"ratio", "s"} <= set(TEXTS["units"])


def test_the_page_names_no_other_host():
    styles = "".join(path.read_text("utf-8") for path in STATIC.glob("*.css"))
    outside = re.findall(r"(?:https?:)?//[\w.-]+\.\w+", PAGE + styles + SCRIPTS + json.dumps(TEXTS))
    assert [each for each in outside if "www.w3.org" not in each] == []
