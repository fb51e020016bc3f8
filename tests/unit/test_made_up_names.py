"""2,000 names that nobody knows, over all regions and topics, where everybody may speak: no flood of series and alerts."""

import re
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from agents.fold_reports import FoldPartition, FoldReports
from agents.judge_status import JudgeImage, JudgePartition, JudgeStatus
from agents.partition_image import PartitionImage
from agents.photograph import Photographer
from agents.pipeline import Pipeline
from alerts.norms import load_norms
from deploy.scenarios import SCENARIOS
from streams.codec import decode_report
from streams.recording import record_of
from streams.replay import with_ticks

NORMS = load_norms()
NAMES = 2_000
DAY = 86_400
HONEST_DAYS = 5


class Country:
    """A quiet country where everybody may speak, each topic and region having reported; it goes on without them."""

    def __init__(self) -> None:
        header, records = SCENARIOS["rustig"].recording(1)
        self.at = records[0].timestamp // 1000 + HONEST_DAYS * DAY
        told = [record for record in records if record.timestamp < self.at * 1000]
        self.pipeline = Pipeline(NORMS)
        for _ in self.pipeline.play(with_ticks(told, header.tick_seconds, self.at)):
            pass
        latest = {(record.topic, record.key): record for record in told}
        self.reports = [(one.topic, decode_report(one.topic, one.key, one.value)) for one in latest.values()]

    def flood(self) -> None:
        """Let each name send one report between two ticks."""
        self.pipeline.tick(self.at)
        received = datetime.fromtimestamp(self.at, UTC)
        for number in range(NAMES):
            topic, report = self.reports[number % len(self.reports)]
            typo = replace(report, id=f"typo-{number}", source=f"typo-{number}", received_at=received)
            self.pipeline.receive(record_of(topic, typo))
        self.at += 60
        self.pipeline.tick(self.at)

    def series(self) -> set[tuple[str, tuple[str, ...]]]:
        """Return every series that a worker exports which holds all partitions."""
        folds = []
        for topic, state in self.pipeline.partitions.items():
            fold = FoldReports(topic, 1, NORMS)
            fold.held = {0: FoldPartition(state, PartitionImage(), NORMS, fold.door)}
            folds.append(fold)
        judge = JudgeStatus(NORMS)
        judge.held = JudgePartition(JudgeImage(self.pipeline.judged), NORMS, judge.entries)
        picture = Photographer(folds, judge, NORMS, "test").take(ready=True)
        return {(name, labels) for name, values in picture.items() for labels, _ in values}

    def watched(self) -> set[str]:
        return {
            source
            for partition in self.pipeline.partitions.values()
            for region in partition.regions.values()
            for source in region.feeds.received
            if source.startswith("typo-")
        }


@pytest.fixture
def country():
    return Country()


def test_they_add_no_series_and_are_counted(country):
    before = country.series()
    for _ in range(3):
        country.flood()
    assert not country.series() - before
    assert len(country.pipeline.unknown_senders) == NAMES


def test_ten_are_watched_in_the_whole_country_however_long_they_go_on(country):
    for _ in range(4):
        country.flood()
        country.at += DAY
    watched = country.watched()
    assert len(watched) == len(country.pipeline.partitions) == 10
    words = {
        word for _, labels in country.series() for label in labels for word in re.findall(r"typo-\d+", label)
    }
    assert words == watched
