"""Where a source signs, what others write in its name has no effect, and is kept."""

import re
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from agents.domain.partition import empty_partition, receive_batch
from agents.domain.registration import hold
from agents.door import Door
from agents.fold_reports import FoldReports
from alerts.norms import load_norms
from streams.log_end import LogRecord
from streams.registry.file import parse_lines
from streams.registry.registry import registry_of
from streams.signature import Signed, SigningKey, SigningKeys
from streams.ticks import TICK_KEY, encode_tick
from streams.topics import OCCUPANCY, REFERRALS, dead_letter_topic
from tests.support.reports import MONDAY, ic, record

NORMS = load_norms()
AT = int(MONDAY.timestamp())
OWN, OTHER = (SigningKey(name, name.encode() * 8) for name in ("epd-1", "ander"))
KEYS = SigningKeys({OWN.id: OWN, OTHER.id: OTHER})


def registry(**own):
    line = {
        "line": "source", "publisher": "X", "topics": [OCCUPANCY], "locations": ["any"],
        "owner": "beheer", "date": "2021-01-01",
    }  # fmt: skip
    sources = [line | {"id": "epd", "signs": True, "key": OWN.id} | own, line | {"id": "dagbestand"}]
    return registry_of(parse_lines("\n".join(orjson.dumps(each).decode() for each in sources), "test"))


def written(
    occupied=50, source="epd", key: SigningKey | None = OWN, topic=OCCUPANCY, partition=0, **other
) -> LogRecord:
    """A report as it stands in the log, signed with a key for a place."""
    told = record(ic(occupied, source=source))
    keys = SigningKeys({key.id: key} if key else {})
    headers = keys.sign(Signed(topic, partition, told.timestamp, told.key, told.value))
    return replace(LogRecord(OCCUPANCY, 0, 0, told.timestamp, told.key, told.value, headers), **other)


def partition(keys=KEYS, **own):
    """The partition of a worker in which the registry holds."""
    made = FoldReports(OCCUPANCY, 1, NORMS, Door(source_keys=keys)).make(0, {})
    hold(made.state, registry(**own))
    return made


FORGED = {
    "unsigned": written(key=None),
    "another source's key": written(key=OTHER),
    "another topic": written(topic=REFERRALS),
    "another partition": written(partition=1),
    "another time": written(timestamp=written().timestamp + 1),
    "another value": written(value=written(99).value),
    "an unknown key": written(key=SigningKey("x", b"x" * 32)),
    "twice": written(headers=written().headers * 2),
    "without a value": written(headers=(("kw-signature", None),)),
    "no text": written(headers=(("kw-signature", b"\xff\xfe:\x00"),)),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_what_another_wrote_is_kept_whole_and_changes_no_figure(forged):
    made = partition()
    taken, outgoing = made.handle([written(50), forged, written(50)], 0)
    (letter,) = outgoing
    assert (taken, letter.topic, letter.value) == (3, dead_letter_topic(OCCUPANCY), forged.value)
    assert dict(letter.headers)["dlq-reason"] == b"not-signed"
    counts = made.state.counts
    assert (counts.applied, counts.duplicate, counts.dead_lettered) == (1, 1, 1)

    alone = partition()
    alone.handle([written(50), written(50)], 0)
    assert made.state.regions == alone.state.regions


def test_every_report_is_asked_however_often_its_source_was_right():
    made = partition()
    made.handle([written(50 + number) for number in range(20)], 0)
    _, outgoing = made.handle([written(99, key=None)], 0)
    assert len(outgoing) == 1


def test_a_source_that_does_not_sign_is_not_asked():
    made = partition()
    assert made.handle([written(source="dagbestand", key=None)], 0) == (1, [])


def test_a_source_signs_from_where_its_line_takes_effect():
    made = partition(signs=False, key="")
    assert made.handle([written(50, key=None), written(51, key=None)], 0) == (2, [])
    hold(made.state, registry())
    assert len(made.handle([written(52, key=None)], 0)[1]) == 1


def test_a_worker_without_the_key_takes_nothing_on_trust_and_says_which_key():
    _, (letter,) = partition(keys=SigningKeys()).handle([written()], 0)
    detail = dict(letter.headers)["dlq-exception"].decode()
    assert "key epd-1 is not known here" in detail
    assert "KETENWACHT_SOURCE_KEYS_FILE" in detail


def test_the_key_of_a_source_signs_no_tick():
    tick = encode_tick(AT)
    headers = KEYS.sign(Signed(OCCUPANCY, 0, AT * 1000, TICK_KEY, tick))
    forged = LogRecord(OCCUPANCY, 0, 0, AT * 1000, TICK_KEY, tick, headers)
    tickers = SigningKeys({"k1": SigningKey("k1", b"t" * 32)})
    made = FoldReports(OCCUPANCY, 1, NORMS, Door(tickers, source_keys=KEYS)).make(0, {})
    _, (letter,) = made.handle([forged], 0)
    assert dict(letter.headers)["dlq-reason"] == b"not-a-tick"
    assert made.state.last_tick == 0


def test_what_was_accepted_before_is_not_asked_again():
    """A recording knows neither partition nor key: what it holds was let in when it was recorded."""
    state, refused = empty_partition(OCCUPANCY, 0, ("R07",)), []
    hold(state, registry())
    receive_batch(state, [written(key=None)], refused, NORMS)
    assert not refused


def test_the_documents_say_how_to_sign():
    """The lines of `docs/producers.md`, word for word."""
    text = (Path(__file__).parents[2] / "docs/producers.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict = {}
    exec(code, names)  # noqa: S102 - our own page
    told = written(key=None)
    made = names["signature"](OWN.id, OWN.secret, OCCUPANCY, 0, told.timestamp, told.key, told.value)
    assert (("kw-signature", made),) == written().headers
