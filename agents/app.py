"""The Faust app: one thin agent a stage, each with a table that keeps its snapshots."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import faust
import structlog

from agents.delivery.schema import BatchSchema
from agents.delivery.transport import BatchTransport, install
from agents.door import Door
from agents.engine.assignor import StageAssignor
from agents.engine.progress import Progress
from agents.engine.shell import Shell
from agents.engine.skips import Skips
from agents.engine.stage import StageFactory
from agents.engine.turns import Turns
from agents.fold_reports import FoldReports
from agents.judge_status import JudgeStatus
from agents.settings import WorkerSettings
from agents.sum_nation import SumNation
from alerts.norms import Norms
from streams.kafka import KafkaSettings
from streams.topics import MESSAGE_BYTES_MAX, REGION_STATUS, REPORT_TOPICS

log = structlog.get_logger()

_REQUEST_BYTES_MAX = MESSAGE_BYTES_MAX + 100_000

_REST_SECONDS = 5.0

_BATCHES_WAITING_MAX = 16
"""Of one topic in a worker's queue; then fetching from it pauses."""


@dataclass(frozen=True)
class Agents:
    """The app with its stages, as the exporter and the worker see them."""

    app: Any
    folds: tuple[FoldReports, ...]
    nation: SumNation
    judge: JudgeStatus
    shells: tuple[Shell, ...]
    progress: Progress


def create_app(
    worker: WorkerSettings, kafka: KafkaSettings, norms: Norms, folder: Path, door: Door | None = None
) -> Agents:
    """Return a Faust app that runs every stage; nothing connects before it is started.

    `door` is shared by the stages.

    Faust wants a folder for its tables; ours live in memory, so it stays empty.
    """
    app = faust.App(
        worker.app_id,
        broker=[f"kafka://{server}" for server in kafka.servers],
        broker_credentials=_credentials(kafka),
        broker_session_timeout=worker.session_timeout_s,
        broker_heartbeat_interval=worker.session_timeout_s / 5,
        broker_commit_interval=1.0,
        # Faust waits 90 s for an answer and a producer 20 minutes: a request that got lost would stop a stage so long.
        broker_request_timeout=max(kafka.request_timeout_s, worker.session_timeout_s),
        producer_request_timeout=kafka.request_timeout_s,
        broker_client_id=kafka.client_id,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=4_000_000,
        producer_max_request_size=_REQUEST_BYTES_MAX,
        producer_linger=0.002,
        producer_acks=-1,
        store="memory://",
        # A stand-by reads every changelog record, and a memory store forgets it all when it is promoted.
        table_standby_replicas=0,
        datadir=str(folder),
        topic_allow_declare=True,
        topic_disable_leader=True,
        topic_partitions=worker.report_partitions,
        topic_replication_factor=worker.replication,
        stream_wait_empty=False,
        stream_buffer_maxsize=_BATCHES_WAITING_MAX,
        web_enabled=False,
        PartitionAssignor=StageAssignor,
        loghandlers=[],
    )
    transport = install(
        app,
        fetch_wait_ms=worker.fetch_wait_ms,
        always_asked=frozenset({REGION_STATUS}),
        leaves_group=worker.leaves_group,
    )
    folds = tuple(FoldReports(topic, worker.report_partitions, norms, door) for topic in REPORT_TOPICS)
    nation, judge = SumNation(norms, door), JudgeStatus(norms, door)
    turns = Turns()
    shells = [
        _agent(
            app, transport, fold, worker.report_partitions, worker, turns, Skips(fold, transport.connection())
        )
        for fold in folds
    ]
    shells += [_agent(app, transport, stage, 1, worker, turns) for stage in (nation, judge)]
    app.assignor.stages = _read_together(shells)
    progress = Progress(app, shells, transport.connection())

    async def rest(*_: Any, **__: Any) -> None:
        try:
            async with asyncio.timeout(_REST_SECONDS):
                await asyncio.gather(*[shell.rest() for shell in shells])
        except TimeoutError:
            log.warning("stopped without a last snapshot: the broker does not answer")

    app.on_before_shutdown.connect(rest, weak=False)
    return Agents(app, folds, nation, judge, tuple(shells), progress)


def _read_together(shells: Sequence[Shell]) -> list[set[str]]:
    """Return the topics of each stage, the one that judges first, then beds: with two workers each has one of them."""
    stages: dict[str, set[str]] = {REGION_STATUS: set()}
    for shell in shells:
        stages.setdefault(shell.factory.source, set()).update((shell.factory.source, shell.changelog.topic))
    return list(stages.values())


def _agent(
    app: Any,
    transport: BatchTransport,
    stage: StageFactory,
    partitions: int,
    worker: WorkerSettings,
    turns: Turns,
    skips: Skips | None = None,
) -> Shell:
    table = app.Table(
        stage.name,
        partitions=partitions,
        recovery_buffer_size=50,
        extra_topic_configs={"max.message.bytes": str(MESSAGE_BYTES_MAX)},
        key_type=bytes,
        value_type=bytes,
    )
    shell = Shell(app, table, stage, worker.snapshot_seconds, turns, skips, begin_anew=worker.begin_anew)
    transport.acknowledged.expect(stage.source, stage.name)
    transport.letting_go.append(shell.drop_all)

    async def agent(stream: Any) -> None:
        await shell.run(cast("AsyncIterator[Any]", stream.noack().events()))

    app.agent(app.topic(stage.source, schema=BatchSchema()), name=stage.name)(agent)
    return shell


def _credentials(kafka: KafkaSettings) -> Any:
    context = kafka.ssl_context()
    if kafka.security_protocol.startswith("SASL"):
        password = kafka.password.get_secret_value() if kafka.password else None
        return faust.SASLCredentials(
            username=kafka.username, password=password, mechanism=kafka.sasl_mechanism, ssl_context=context
        )
    return faust.SSLCredentials(context) if context is not None else None
