"""The Faust app: one thin agent a stage, each with a table that keeps its snapshots."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import faust

from agents.engine.shell import Shell
from agents.engine.stage import StageFactory
from agents.engine.transport import install
from agents.fold_reports import FoldReports
from agents.judge_status import JudgeStatus
from agents.settings import WorkerSettings
from agents.sum_nation import SumNation
from alerts.norms import Norms
from streams.kafka import KafkaSettings
from streams.topics import MESSAGE_BYTES_MAX, REPORT_TOPICS

_REQUEST_BYTES_MAX = MESSAGE_BYTES_MAX + 100_000


@dataclass(frozen=True)
class Agents:
    """The app with its stages, as the exporter and the worker see them."""

    app: Any
    folds: tuple[FoldReports, ...]
    judge: JudgeStatus
    shells: tuple[Shell, ...]


def create_app(worker: WorkerSettings, kafka: KafkaSettings, norms: Norms, folder: Path) -> Agents:
    """Return a Faust app that runs every stage; nothing connects before it is started.

    Faust wants a folder for its tables; ours live in memory, so it stays empty.
    """
    app = faust.App(
        worker.app_id,
        broker=[f"kafka://{server}" for server in kafka.servers],
        broker_credentials=_credentials(kafka),
        broker_session_timeout=worker.session_timeout_s,
        broker_heartbeat_interval=worker.session_timeout_s / 5,
        broker_commit_interval=1.0,
        broker_client_id=kafka.client_id,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=4_000_000,
        producer_max_request_size=_REQUEST_BYTES_MAX,
        producer_linger=0.002,
        producer_acks=-1,
        store="memory://",
        datadir=str(folder),
        topic_allow_declare=True,
        topic_disable_leader=True,
        topic_partitions=worker.report_partitions,
        topic_replication_factor=worker.replication,
        stream_wait_empty=False,
        stream_buffer_maxsize=4096,
        web_enabled=False,
        loghandlers=[],
    )
    install(app)
    folds = tuple(FoldReports(topic, worker.report_partitions, norms) for topic in REPORT_TOPICS)
    judge = JudgeStatus(norms)
    shells = [_agent(app, fold, worker.report_partitions, worker.snapshot_seconds) for fold in folds]
    shells += [_agent(app, stage, 1, worker.snapshot_seconds) for stage in (SumNation(), judge)]

    async def let_go(*_: Any, **__: Any) -> None:
        for shell in shells:
            shell.drop_all()

    app.on_partitions_revoked.connect(let_go, weak=False)
    return Agents(app, folds, judge, tuple(shells))


def _agent(app: Any, stage: StageFactory, partitions: int, snapshot_seconds: float) -> Shell:
    raw = {"key_type": bytes, "value_type": bytes}
    table = app.Table(
        stage.name,
        partitions=partitions,
        recovery_buffer_size=50,
        extra_topic_configs={"max.message.bytes": str(MESSAGE_BYTES_MAX)},
        **raw,
    )
    shell = Shell(app, table, stage, snapshot_seconds)

    async def agent(stream: Any) -> None:
        await shell.run(cast("AsyncIterator[Any]", stream.noack().events()))

    source = app.topic(stage.source, **raw, key_serializer="raw", value_serializer="raw")
    app.agent(source, name=stage.name)(agent)
    app.task(shell.watch)
    return shell


def _credentials(kafka: KafkaSettings) -> Any:
    context = kafka.ssl_context()
    if kafka.security_protocol.startswith("SASL"):
        password = kafka.password.get_secret_value() if kafka.password else None
        return faust.SASLCredentials(
            username=kafka.username, password=password, mechanism=kafka.sasl_mechanism, ssl_context=context
        )
    return faust.SSLCredentials(context) if context is not None else None
