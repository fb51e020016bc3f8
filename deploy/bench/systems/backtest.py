"""Our own backtest: the log as a recording in a file, read and played through every stage without a broker."""

from pathlib import Path

from agents.collect_rarely import collect_rarely
from agents.pipeline import Pipeline
from alerts.norms import load_norms
from deploy.bench.job import digest
from deploy.bench.systems.ketenwacht import region_rows
from deploy.bench.work import Outcome, Stopwatch, Work
from streams.recording import read_recording
from streams.replay import stretches
from streams.topics import OCCUPANCY


def run(work: Work) -> Outcome:
    """Play the recording; the clock starts before its first line is read."""
    pipeline = Pipeline(load_norms())
    collect_rarely()
    watch = Stopwatch()
    watch.start()
    header, records = read_recording(Path(work.recording), headers=False)
    for _ in pipeline.play(stretches(records, header.tick_seconds)):
        pass
    watch.stop()
    regions = pipeline.partitions[OCCUPANCY].regions
    return watch.outcome(pipeline.counts.total, work.figures, digest(region_rows(regions)))
