"""`ketenwacht monitor` and `ketenwacht report` of the live system: what the topics hold, on both brokers."""

import orjson
import pytest
from kafka import KafkaProducer
from typer.testing import CliRunner

from alerts.closing import week_of
from deploy.cli.main import app
from streams.calendar import date_of, iso, local_day
from streams.status import Closing, Indicator, RegionOverview, encode
from streams.topic_admin import apply_topics
from streams.topics import CLOSINGS, OCCUPANCY, OVERVIEW, catalogue
from streams.views import IndicatorView

AT = 1638662400  # 2021-12-05 00:00 UTC
DAY = 86_400


def beds(value, at):
    labels = {"unit": "ic"}
    return Indicator("occupancy_ratio", labels, value, at), IndicatorView(
        "occupancy_ratio", labels, value, "ratio", iso(at), 1.0
    )


@pytest.fixture
def bootstrap(fresh_broker, fresh_kafka):
    """Five weeks that closed, a month that closed, a week that went, and what is known now."""
    apply_topics(fresh_kafka, catalogue())
    producer = KafkaProducer(**fresh_kafka.producer())
    for week in range(5):
        at = AT - (5 - week) * 7 * DAY
        period = week_of(date_of(local_day(at)))
        closing = Closing("R07", OCCUPANCY, period, at, [beds(0.7 + week / 100, at)[0]])
        producer.send(CLOSINGS, key=f"R07/{OCCUPANCY}/{period}".encode(), value=encode(closing))
    gone = f"R07/{OCCUPANCY}/2021-W20".encode()
    old = Closing("R07", OCCUPANCY, "2021-W20", AT - 200 * DAY, [beds(0.1, AT)[0]])
    producer.send(CLOSINGS, key=gone, value=encode(old))
    producer.send(CLOSINGS, key=gone, value=None)
    november = Closing("R07", OCCUPANCY, "2021-11", AT - 4 * DAY, [beds(0.8, AT - 4 * DAY)[0]])
    producer.send(CLOSINGS, key=f"R07/{OCCUPANCY}/2021-11".encode(), value=encode(november))
    overview = RegionOverview("R07", iso(AT), [beds(0.91, AT)[1]], [])
    producer.send(OVERVIEW, key=b"R07", value=encode(overview))
    producer.flush()
    producer.close()
    return fresh_broker.bootstrap


def ketenwacht(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def ratio(document, region="R07"):
    pressure = next(each for each in document["indicators"] if each["number"] == "9a")
    return next(each for each in pressure["regions"][region] if each["labels"] == {"unit": "ic"})


def test_the_month_that_goes_on_is_told_as_now_and_the_one_before_as_it_ended(bootstrap):
    now = orjson.loads(ketenwacht("monitor", "--bootstrap", bootstrap, "--before", 2, "--json"))
    assert (now["month"], now["at"], ratio(now)["value"]) == ("2021-12", iso(AT), 0.91)
    assert [each["value"] for each in ratio(now)["series"]] == [None, 0.8]
    then = orjson.loads(ketenwacht("monitor", "--bootstrap", bootstrap, "--month", "2021-11", "--json"))
    assert (then["at"], ratio(then)["value"]) == (iso(AT - 4 * DAY), 0.8)
    never = orjson.loads(ketenwacht("monitor", "--bootstrap", bootstrap, "--month", "2021-03", "--json"))
    assert (ratio(never)["value"], ratio(never)["reason"]) == (None, "geen bron heeft hier iets over gemeld")


def test_the_report_shows_now_and_the_weeks_that_closed(bootstrap, tmp_path):
    out = tmp_path / "r07.html"
    ketenwacht("report", "R07", "--bootstrap", bootstrap, "-o", out)
    page = out.read_text("utf-8").replace("\u00a0", " ")
    assert "Stand van <strong>5 december 2021, 01:00" in page
    assert "91 %" in page
    assert "▲ 20 punt in 4 weken" in page
    assert "het lopende systeem" in page


def test_an_empty_system_says_that_it_knows_nothing(fresh_broker, fresh_kafka):
    apply_topics(fresh_kafka, catalogue())
    result = CliRunner().invoke(app, ["monitor", "--bootstrap", fresh_broker.bootstrap])
    assert result.exit_code == 1
    assert "knows nothing yet" in result.stderr
