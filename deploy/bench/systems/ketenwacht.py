"""Ketenwacht: a real worker with every stage, snapshots, commits and its metrics page, watched from inside.

The watch is a task of the worker's own loop that looks at the counts of the fold; it takes nothing out of the way.
The clock starts at the last look that found nothing folded, so the first batch is counted whole.
"""

import asyncio
from collections.abc import Iterator, Mapping

from agents.app import Agents
from agents.domain.beds.occupancy import OccupancyState
from agents.domain.region import RegionState
from agents.fold_reports import FoldReports
from agents.settings import WorkerSettings
from agents.worker import run_worker
from deploy.bench.child import tell
from deploy.bench.job import digest, newest_row
from deploy.bench.work import Outcome, Stopwatch, Work
from streams.kafka import KafkaSettings
from streams.topics import OCCUPANCY

LOOK_SECONDS = 0.005


def run(work: Work) -> Outcome:
    """Run a worker until it has folded the log; ends the process."""
    watch = Stopwatch()

    def made(agents: Agents) -> None:
        fold = fold_of(agents)

        async def look() -> None:
            while (done := folded(fold)) < work.records:
                if not done:
                    watch.start()
                await asyncio.sleep(LOOK_SECONDS)
            watch.stop()
            tell(watch.outcome(folded(fold), work.figures, digest(rows(fold))))

        agents.app.task(look)

    run_worker(settings_of(work), KafkaSettings.own(work.bootstrap), made)
    raise RuntimeError("the worker ended before the log did")


def settings_of(work: Work) -> WorkerSettings:
    """Return the settings of a worker in a group of its own; all others are the defaults."""
    return WorkerSettings(
        app_id=work.group, report_partitions=work.partitions, session_timeout_s=work.session_seconds
    )


def fold_of(agents: Agents) -> FoldReports:
    """Return the stage that folds the bed reports."""
    return next(fold for fold in agents.folds if fold.source == OCCUPANCY)


def folded(fold: FoldReports) -> int:
    """Return how many records this worker has in state."""
    return sum(held.state.counts.total for held in fold.held.values())


def rows(fold: FoldReports) -> Iterator[str]:
    """Yield the result as the job wants it, a line a series and day."""
    for held in fold.held.values():
        yield from region_rows(held.state.regions)


def region_rows(regions: Mapping[str, RegionState]) -> Iterator[str]:
    """Yield the newest statement of each series and day of some regions."""
    for region, state in regions.items():
        if not isinstance(state.body, OccupancyState):
            raise TypeError(f"{region}: the job is about beds")
        for series, ring in state.body.rings.items():
            for day, slot in ring.items():
                yield newest_row((region, *series), day, slot)
