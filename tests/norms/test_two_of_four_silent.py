"""Two of the four hospitals of a region fall silent as its intensive care fills up: it is never shown as within its limits."""

from datetime import UTC, datetime

import orjson
import pytest

from agents.pipeline import Pipeline
from alerts.norms import load_norms
from deploy.scenarios import SCENARIOS
from streams.registry.load import registry_of_recording
from streams.replay import with_ticks
from streams.topics import OCCUPANCY

REGION = "R07"
NORM = ("ic-occupancy-high", "")
SILENT_FROM = datetime(2021, 11, 19, 5, tzinfo=UTC)
"""Six in the morning in Amsterdam."""

SECOND_MISSED = datetime(2021, 11, 19, 18, tzinfo=UTC)
"""One tells every six hours, the other every twelve; it last did on the day before at six in the evening."""

EXPIRED = datetime(2021, 12, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def recording():
    header, records = SCENARIOS["najaarsgolf"].recording(1)
    return header, list(records)


def _who(record) -> tuple[str, str, str]:
    try:
        told = orjson.loads(record.value or b"{}")
        return told["region"], told["location"], told["observed_at"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return "", "", ""


def test_the_region_is_named_and_undecided_from_the_second_missed_report_on(recording):
    header, records = recording
    locations = sorted({_who(one)[1] for one in records if one.topic == OCCUPANCY and _who(one)[0] == REGION})
    silent = set(locations[:2])
    assert len(locations) == 4

    def is_told(record) -> bool:
        region, location, at = _who(record)
        gone = record.topic == OCCUPANCY and region == REGION and location in silent
        return not gone or datetime.fromisoformat(at) < SILENT_FROM

    whole, less = (Pipeline(load_norms(), registry_of_recording(header.registry)) for _ in range(2))
    over = 0
    for pipeline, kept in ((whole, records), (less, [one for one in records if is_told(one)])):
        states = {}
        for at in _play(pipeline, kept):
            if SECOND_MISSED <= datetime.fromtimestamp(at, UTC) < EXPIRED:
                verdict = pipeline.judged.regions[REGION].verdicts[NORM][0]
                states[at] = verdict, {} if pipeline is whole else pipeline.status(at)["regions"][REGION]
        if pipeline is whole:
            truth = {at: verdict for at, (verdict, _) in states.items()}
            continue
        for at, (verdict, region) in states.items():
            named = {
                one.location for view in region["silent"] if view.topic == OCCUPANCY for one in view.named
            }
            assert named == silent
            assert verdict in {"breach", "undecided-over"}, at
            assert region["state"] in {"critical", "breach", "undecided-over"}
            over += truth[at] == "breach"
    assert over > 10, "the region really was over its limit in that time"


def _play(pipeline: Pipeline, records):
    """Yield each tick of a recording once it has passed."""
    waiting = []
    for item in with_ticks(records, 21_600):
        if isinstance(item, int):
            pipeline.receive(*waiting)
            waiting.clear()
            pipeline.tick(item)
            if item >= EXPIRED.timestamp():
                return
            yield item
        else:
            waiting += item if isinstance(item, list) else [item]
