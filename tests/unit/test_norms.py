"""The norms file: what is wrong with one is said by norm and field, and nothing wrong is silently accepted."""

import re

import orjson
import pytest
from typer.testing import CliRunner

from alerts.norms import NormsError, load_norms, parse_norms
from deploy.cli.main import app
from tests.support.norm_files import OWN, file_text, norm_text, only

WRONG = [
    ({"limit": "nan"}, "limit", "Expected"),
    ({"limit": "inf"}, "limit", "Expected"),
    ({"limit": '"0.9"'}, "limit", "str"),
    ({"limit": None}, None, "limit"),
    ({"surprise": "1"}, None, "surprise"),
    ({"comparison": '"=>"'}, "comparison", "=>"),
    ({"severity": '"fatal"'}, "severity", "fatal"),
    ({"audience": '"press"'}, "audience", "press"),
    ({"indicator": '"beds_spare"'}, "indicator", "beds_spare"),
    ({"labels": "{ }"}, "labels", "unit"),
    ({"labels": '{ unit = "ic", label = "all" }'}, "labels", "unit"),
    ({"labels": '{ unit = "ok" }'}, "labels", "ok"),
    ({"clear_limit": "0.95"}, "clear_limit", "wrong side"),
    ({"comparison": '"<"', "clear_limit": "0.85"}, "clear_limit", "wrong side"),
    ({"overrides": "{ R07 = { limit = 0.5 } }"}, "clear_limit", "wrong side"),
    ({"overrides": "{ R99 = { limit = 0.95 } }"}, "overrides", "R99"),
    ({"overrides": "{ R07 = { hold = 3.0 } }"}, "overrides", "hold"),
    ({"hold": '"6 hours"'}, "hold", "6 hours"),
    ({"clear_hold": '"-1h"'}, "clear_hold", "-1h"),
    ({"min_observations": "-1"}, "min_observations", ">= 0"),
    ({"few_ends": "true"}, "few_ends", "min_observations"),
    ({"min_weight": "3"}, "min_weight", "has no weight; say min_observations"),
    ({"min_completeness": "1.5"}, "min_completeness", "<= 1"),
    ({"valid_from": '"yesterday"'}, "valid_from", "RFC3339"),
    ({"valid_to": "2019-12-31"}, "valid_to", "before"),
    ({"steps": "[]"}, "steps", ">= 1"),
    ({"steps": '[{ after = "1h", role = "lcps" }]'}, "steps", "0h"),
    ({"steps": '[{ after = "0h", role = "lcps" }, { after = "0h", role = "lcps" }]'}, "steps", "later"),
    ({"steps": '[{ after = "0h", role = "lcps" }, { after = "2d", role = "nza" }, { after = "1d", role = "igj" }]'}, "steps", "later"),
    ({"steps": '[{ after = "0h", role = "nza" }, { after = "14d", role = "minister" }]'}, "steps", "NZa"),
    ({"steps": '[{ after = "0h", role = "lcps", anchor = "E9" }]'}, "steps", "E9"),
    ({"ladder": '"regio"'}, "ladder", "keep one"),
    ({"ladder": '"trap"', "steps": None}, "ladder", "not in [ladders]"),
    ({"steps": '[{ after = "soon", role = "lcps" }]'}, "steps", "soon"),
    ({"steps": '[{ after = "0h", role = "burgemeester" }]'}, "steps", "burgemeester"),
    ({"indicator": '"feed_received_at"', "labels": "{}", "split": '["source", "topic"]', "phases": '["2B"]'}, "phases", "every topic"),
    ({"source": None}, "rests_on", "no instrument"),
    ({"rests_on": '["kader:1-2"]', "source": None}, "rests_on", "no such instrument"),
    ({"signal": "true"}, "signal", "assumption"),
    ({"phases": '["4"]'}, "phases", "4"),
    ({"assumption": '{ owner = "x" }'}, "assumption", "date"),
    ({"indicator": '"waits_within_target_ratio"', "labels": '{ access = "polikliniek", specialism = "all" }'}, "target_days", "missing"),
    ({"indicator": '"waits_within_target_ratio"', "labels": '{ access = "polikliniek", specialism = "all" }', "target_days": "21"}, "labels", "wait_days_max"),
    ({"indicator": '"wait_days_max"', "labels": '{ access = "poliklinik", specialism = "all" }'}, "labels", "poliklinik"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "field", "says"), WRONG, ids=lambda one: str(one)[:60])
def test_what_is_wrong_is_said_by_norm_and_field(changed, field, says):
    good = norm_text(id='"good-one"')
    with pytest.raises(NormsError) as error:
        parse_norms(file_text(good, norm_text(**changed)))
    message = str(error.value)
    assert "norm ic-test" in message
    assert says in message
    if field is not None:
        assert f"`{field}`" in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "version"),
        ("version = ", "TOML"),
        (file_text(norm_text(), norm_text()), "ic-test"),
        (file_text(norm_text(id='"IC"')), "id"),
        (file_text(norm_text()).replace('"default"', '"lcps"'), "default"),
        (file_text(norm_text()).replace('"3d"', '"0d"'), "feed default, `max_age`"),
        (file_text(norm_text()).replace('"3d"', '"long"'), "feed default, `max_age`"),
        (file_text(norm_text()).replace('"daily"', '"weekly"'), "feed default, `calendar`"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(text: str, says: str):
    with pytest.raises(NormsError, match=re.escape(says)):
        parse_norms(text)


def parameter_changed(name: str, old: str, new: str) -> str:
    head, sep, rest = file_text(norm_text()).partition(f'[[parameter]]\nname = "{name}"\n')
    assert sep
    assert old in rest
    return head + sep + rest.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (parameter_changed("ic-strained-at", "value = 0.95", "value = 95"), "ic-strained-at, `value`: `95"),
        (parameter_changed("ic-strained-at", "value = 0.95", 'value = "high"'), "ic-strained-at, `value`"),
        (parameter_changed("ic-strained-at", "value = 0.95", "value = nan"), "ic-strained-at, `value`"),
        (parameter_changed("ic-strained-at", 'unit = "ratio"', 'unit = "percent"'), "ic-strained-at, `unit`"),
        (parameter_changed("ic-strained-at", "assumption = ", "assumption_ = "), "ic-strained-at"),
        (parameter_changed("forecast-fresh", "value = 24", "value = [24]"), "parameter forecast-fresh, `value`"),
        (parameter_changed("fair-share-key", '"population"', '"wealth"'), "one of population, staffed-ic"),
        (file_text(norm_text()).replace('"fair-share-key"', '"fair-share-kee"'), "fair-share-kee, `name`"),
        (file_text(norm_text()).replace('"forecast-fresh"', '"ic-strained-at"'), "`unit`"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_parameter_is_said_by_name_and_field(text: str, says: str):
    with pytest.raises(NormsError, match=re.escape(says)):
        parse_norms(text)


def test_a_parameter_without_source_or_assumption_or_one_that_is_missing_or_doubled_is_refused():
    good = file_text(norm_text())
    (block,) = re.findall(r'\[\[parameter\]\]\nname = "ic-strained-at"\n(?:\w.*\n)+', good)
    bare = "\n".join(line for line in block.splitlines() if not line.startswith("assumption")) + "\n"
    for text, says in ((good.replace(block, ""), "missing"), (good + block, "twice"), (good.replace(block, bare), "source")):  # fmt: skip
        with pytest.raises(NormsError, match=says):
            parse_norms(text)


def test_parameters_are_numbers_or_choices():
    norms = load_norms()
    assert norms.parameter("ic-strained-at") == 0.95
    assert norms.choice("fair-share-key") == "population"
    with pytest.raises(TypeError):
        norms.parameter("fair-share-key")


def test_a_norm_may_hold_in_some_phases_where_its_indicator_carries_the_phase():
    (norm,) = only(
        indicator='"agreement_in_force"',
        labels='{ subject = "spreading" }',
        phases='["2A", "2B"]',
        comparison='"<"',
        limit="1",
        clear_limit="1",
    ).norms
    assert norm.topics == ("joined.coordination",)
    assert not norm.waits_for_phase
    assert [norm.holds_in(phase, norm.valid_since) for phase in ("", "1", "2A", "2B", "2C")] == [
        False,
        False,
        True,
        True,
        False,
    ]


def test_defaults_hold_where_a_norm_says_nothing():
    text = file_text(norm_text()).replace('hold = "0h"\nclear_hold = "0h"', 'hold = "2h"\nclear_hold = "30m"')
    (norm,) = parse_norms(text).norms
    assert (norm.hold, norm.clear_hold, norm.min_observations) == (7200, 1800, 1)


def test_a_norm_is_valid_from_its_first_to_its_last_local_day():
    (norm,) = only(
        valid_from="2021-03-28", valid_to="2021-03-28"
    ).norms  # the day on which the clock goes forward
    assert norm.valid_until - norm.valid_since == 23 * 3600
    assert norm.holds_at(norm.valid_since)
    assert norm.holds_at(norm.valid_until - 1)
    assert not norm.holds_at(norm.valid_since - 1)
    assert not norm.holds_at(norm.valid_until)


GROUP = """
[[group]]
family = "beds"
indicator = "beds_occupied"
labels = { unit = "ic" }
applies_to = "country"
comparison = ">="
severity = "warning"
audience = "national"
source = "een proef"
article = "art. 1"
valid_from = 2020-01-01
ladder = "twee"
norms = [
  { id = "beds-all", title = "Alle", labels = { label = "all" }, limit = 10 },
  { id = "beds-covid", title = "Covid", labels = { label = "covid" }, limit = 5, clear_limit = 4, severity = "critical" },
]
[ladders]
twee = [{ after = "0h", role = "lcps" }, { after = "0h", role = "lnaz", anchor = "E5" }]
"""


def test_a_group_writes_once_what_its_norms_share():
    first, second = parse_norms(file_text() + GROUP).norms
    assert (first.id, first.limit, first.clear_limit, first.severity) == ("beds-all", 10, 10, "warning")
    assert (second.id, second.limit, second.clear_limit, second.severity) == ("beds-covid", 5, 4, "critical")
    assert first.labels == {"unit": "ic", "label": "all"}
    assert [(step.role, step.anchor) for step in second.steps] == [("lcps", ""), ("lnaz", "E5")]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("norms = [", "nroms = [", "holds no norm"),
        ('"beds-covid"', '"Beds"', "norm Beds"),
        ("limit = 10", 'limit = "ten"', "norm beds-all, `limit`"),
        ("[ladders]", "[ladder]", "not in [ladders]"),
    ],
)
def test_what_is_wrong_with_a_group_is_said_by_its_norm(old: str, new: str, says: str):
    with pytest.raises(NormsError, match=re.escape(says)):
        parse_norms(file_text() + GROUP.replace(old, new, 1))


def test_our_own_norms_say_whose_numbers_they_are():
    norms = load_norms()
    assert len(norms.norms) >= 30
    for norm in norms.norms:
        assert norm.source
        assert norm.article
        assert norm.title[0].isupper()
        assert norm.steps[0].after_seconds == 0


def test_the_treeknormen_are_those_of_the_sources():
    norms = load_norms()
    found = {
        access: (norm.max_days, norm.target_days)
        for access, norm in norms.treeknorms("R07", 1_637_000_000).items()
    }
    assert found == {
        "polikliniek": (28, 21),
        "diagnostiek": (28, 21),
        "dagbehandeling": (42, 28),
        "klinisch": (49, 35),
        "ggz-aanmelding": (28, None),
        "ggz-beoordeling": (28, None),
        "ggz-extramuraal": (70, None),
        "ggz-semimuraal": (70, None),
        "ggz-intramuraal": (70, None),
        "ggz-beschermd-wonen": (91, None),
        "verpleeghuis": (42, 28),
        "verzorging": (91, 56),
        "wijkverpleging": (42, 28),
        "wlz-extramuraal": (42, None),
        "wlz-intramuraal": (91, None),
        "gehandicapten-dagbesteding": (42, None),
        "gehandicapten-wonen": (91, None),
        "gehandicapten-zintuiglijk-wonen": (56, None),
        "huisarts": (3, 2),
        "apotheek": (1, None),
        "paramedisch": (7, None),
        "mondzorg": (21, None),
        "behandeling": (49, None),
    }


def ketenwacht(*words: str, exit_code: int = 0):
    result = CliRunner().invoke(app, ["norms", *words])
    assert result.exit_code == exit_code, result.output
    return result


def test_norms_list_gives_the_promised_keys():
    rows = orjson.loads(ketenwacht("list", "--json").stdout)
    promised = {
        "id",
        "family",
        "title",
        "source",
        "limit",
        "unit",
        "phases",
        "valid_from",
        "valid_to",
        "assumption",
    }
    assert all(promised <= row.keys() for row in rows)
    assert [row["id"] for row in rows] == [norm.id for norm in load_norms().norms]
    ladder = {row["limit"] for row in rows if row["family"] == "ic-ladder"}
    assert ladder == {1150, 1350, 1700}


def test_norms_check_says_whether_a_file_can_be_used(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, "utf-8")
    assert orjson.loads(ketenwacht("check", str(path), "--json").stdout)["ok"] is True
    path.write_text(OWN.replace("limit = 1350", "limit = nan", 1), "utf-8")
    told = orjson.loads(ketenwacht("check", str(path), "--json", exit_code=1).stdout)
    assert told["ok"] is False
    assert "ic-ladder-1350" in told["error"]
    path.write_bytes(b"\xff\xfe")
    assert "UTF-8" in ketenwacht("check", str(path), exit_code=1).stderr
    ketenwacht("check", str(tmp_path / "none.toml"), exit_code=2)
