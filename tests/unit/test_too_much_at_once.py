"""Thousands of names at one tick: told over the next ones, in records that a broker takes, with the same in the end."""

import time
from collections import Counter

import msgspec
import pytest

from agents.domain.speakers.doubles import look_for_doubles
from agents.domain.speakers.speakers import Speaker, Speakers
from agents.domain.speakers.totals import look_for_totals
from agents.fold_reports import FoldReports
from agents.judge_status import JudgeStatus
from agents.sum_nation import SumNation
from alerts.norms import load_norms
from streams.bounded_view import bounded
from streams.codec import encode_report
from streams.entry_room import ALWAYS_FITS, split
from streams.reports import WaitRow
from streams.status import (
    Closing,
    Indicator,
    RegionOverview,
    decode_closing,
    decode_entry,
    decode_overview,
    encode,
)
from streams.ticks import TICK_KEY, encode_tick
from streams.topics import MESSAGE_BYTES_MAX, OCCUPANCY, WAITING_TIMES
from streams.views import BreachView, IndicatorView
from tests.support.reports import MONDAY, waits
from tests.support.stages import _record, on_status_log

NORMS = load_norms()
AT = int(MONDAY.timestamp())
NAMES = 12_000
NEW_NAMES = 300
ROWS = 1_500
TURN_SECONDS_MAX = 2
WIDE = "\N{BANK}" * 100


def log(names: int, ticks: int):
    for begin in range(0, names, ROWS):
        rows = [
            WaitRow(
                specialism="orthopedie", access="polikliniek", treatment=f"behandeling-{number:05}", days=30
            )
            for number in range(begin, begin + ROWS)
        ]
        report = msgspec.structs.replace(waits([30], location=f"L{begin}"), id=f"{begin}", rows=rows)
        yield AT * 1000, b"R07", encode_report(report)
    for number in range(ticks):
        yield (AT + number) * 1000, TICK_KEY, encode_tick(AT + number)


def through(stage, records):
    """What a stage writes, each turn held to its time."""
    taken, written = 0, []
    while taken < len(records):
        began = time.process_time()
        taken, outgoing = stage.handle(records[: taken + 1000], taken)
        assert time.process_time() - began < TURN_SECONDS_MAX
        written += outgoing
    return written


@pytest.fixture(scope="module")
def written():
    records = [_record(WAITING_TIMES, 0, offset, *told, ()) for offset, told in enumerate(log(NAMES, 40))]
    return through(FoldReports(WAITING_TIMES, 1, NORMS).make(0, {}), records)


def test_every_name_is_told_once_in_entries_that_a_broker_takes(written):
    told: Counter[str] = Counter()
    for each in written:
        assert len(each.value) < MESSAGE_BYTES_MAX
        told.update(
            indicator.labels["treatment"]
            for indicator in decode_entry(each.value).indicators
            if indicator.name == "treatment_waits"
        )
    assert told == Counter(f"behandeling-{number:05}" for number in range(NAMES))
    assert len([each for each in written if decode_entry(each.value).indicators]) > 3
    first = decode_entry(written[0].value)
    assert "feed_received_at" not in {indicator.name for indicator in first.indicators}, (
        "sources wait longest"
    )


def test_the_country_and_the_judge_take_it_in_turns_and_write_what_a_broker_takes(written):
    status = on_status_log(written)
    country = through(SumNation(NORMS).make(0, {}), status)
    judge = JudgeStatus(NORMS)
    stage = judge.make(0, {})
    judged = through(stage, [*status, *on_status_log(country)])
    assert judge.entries.passed_over.total() == 0
    for each in (*country, *judged):
        assert each.value is None or len(each.value) < MESSAGE_BYTES_MAX
    seen = stage.image.judged.regions["R07"].known[WAITING_TIMES]["treatment_waits"]
    assert len(seen) == NAMES
    assert "feed_received_at" in stage.image.judged.regions["R07"].known[WAITING_TIMES]


def test_what_does_not_fit_waits_and_sources_wait_longest():
    few = [Indicator("beds_occupied", {"label": f"{n}", "unit": "ic"}, n, AT) for n in range(ALWAYS_FITS)]
    assert split(few) == (few, [])
    sources = [
        Indicator("feed_received_at", {"source": WIDE + f"{n}", "topic": OCCUPANCY}, AT, AT)
        for n in range(9000)
    ]
    fits, waits = split([*sources, *few])
    assert fits[: len(few)] == few
    assert sorted(one.labels.get("source", "") for one in fits + waits) == sorted(
        one.labels.get("source", "") for one in sources + few
    )
    entry = msgspec.structs.replace(
        decode_entry(b'{"stage":"fold","topic":"t","partition":0,"region":"R07","at":1}'), indicators=fits
    )
    assert len(encode(entry)) < MESSAGE_BYTES_MAX


def test_an_overview_that_is_too_large_keeps_totals_and_the_gravest_breaches_and_says_what_went():
    views = [
        IndicatorView("backdated_reports", {"source": WIDE + f"{n}"}, 0, "reports", "t", 1.0)
        for n in range(20_000)
    ]
    total = IndicatorView("beds_occupied", {"unit": "ic"}, 5, "beds", "t", 1.0)

    def breach(number: int, severity: str) -> BreachView:
        return BreachView("norm", WIDE + f"{number}", severity, "active", 1, 1, "d", "t", 1, WIDE, "t")

    breaches = [*(breach(n, "info") for n in range(20_000)), breach(0, "critical")]
    overview = RegionOverview("R07", "t", [*views, total], breaches)
    cut = decode_overview(bounded(overview))
    assert len(encode(cut)) < MESSAGE_BYTES_MAX
    assert cut.indicators[0] == total
    assert cut.breaches[0].severity == "critical"
    assert cut.left_out == 40_002 - len(cut.indicators) - len(cut.breaches)
    small = RegionOverview("R07", "t", [total], breaches[-1:])
    assert bounded(small) == encode(small)


def test_a_closing_that_is_too_large_says_what_went():
    figures = [Indicator("feed_received_at", {"source": WIDE + f"{n}"}, AT, AT) for n in range(30_000)]
    cut = decode_closing(bounded(Closing("R07", OCCUPANCY, "2021-W46", AT, figures)))
    assert len(cut.indicators) + cut.left_out == len(figures)


@pytest.mark.parametrize("sources", [1, 3, NEW_NAMES])
def test_who_is_doubled_or_a_total_is_not_asked_of_each_pair(sources, monkeypatch):
    """Half of the names fell silent and as many began: each location is looked at a few times, however many there are."""
    looks = Counter()
    established = Speaker.is_established.fget

    def counted(speaker) -> bool:
        looks["established"] += 1
        return established(speaker)

    def measure(name: str) -> dict[int, int]:
        looks["measured"] += 1
        return {0: int(name[1:]) + 1}

    monkeypatch.setattr(Speaker, "is_established", property(counted))
    speakers = Speakers()
    for at in (1, 2, 3):
        for number in range(NEW_NAMES):
            speakers.speaks(f"s{number % sources}", f"A{number}")
        speakers.hear([f"A{number}" for number in range(NEW_NAMES)], at * 86_400)
    new = [f"B{number}" for number in range(NEW_NAMES)]
    for number, name in enumerate(new):
        speakers.speaks(f"s{number % sources}", name)
    speakers.hear(new, 6 * 86_400)
    look_for_doubles(speakers, new, 6 * 86_400, measure, ())
    look_for_totals(speakers, new, 6 * 86_400, measure, ())
    assert len(speakers.doubles) == sources
    assert sum(len(each.news) for each in speakers.doubles) == NEW_NAMES
    assert looks["established"] <= 2 * len(speakers.by_location)
    assert looks["measured"] <= 6 * NEW_NAMES
