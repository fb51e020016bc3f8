"""Somebody raises the partitions of one live topic: workers judge on and say what they do not read; who starts says why not."""

import subprocess
import sys
from pathlib import Path

import pytest
from kafka import KafkaAdminClient

from deploy.part import answers
from streams.topic_admin import apply_topics
from streams.topics import OCCUPANCY, catalogue
from tests.support.worker_process import WorkerProcess

pytestmark = pytest.mark.kafka  # the embedded broker has no way to raise them


@pytest.fixture
def broker():
    from deploy.kafka.apache import ApacheKafka

    with ApacheKafka() as own:  # topics keep their partitions for ever: not the one that is shared
        yield own


def test_workers_judge_on_and_say_what_is_not_read(broker, kafka, tmp_path, until):
    apply_topics(kafka, catalogue())
    settings = {"app_id": "raised", "session_timeout_s": 6.0}
    worker = WorkerProcess(
        settings, broker.bootstrap, {}, tmp_path / "log", tmp_path / "said", own_interpreter=False
    )
    try:
        port = int(worker.url.split(":")[2].split("/")[0])
        until(lambda: answers(port, "/readyz"), "the worker is ready", 60)

        with KafkaAdminClient(**kafka.admin()) as admin:
            admin.create_partitions({OCCUPANCY: 2})

        until(lambda: "more partitions than this worker reads" in worker.log.read_text(), "it says so", 60)
        (line,) = [line for line in worker.log.read_text().splitlines() if "more partitions" in line]
        assert f"reads=1 {OCCUPANCY}=2" in line
        assert answers(port, "/readyz")
        assert worker.exit_code is None
    finally:
        worker.stop()

    ketenwacht = Path(sys.executable).with_name("ketenwacht")
    for command in (["worker"], ["ticker"]):
        begun = subprocess.run(
            [ketenwacht, *command, "--bootstrap", broker.bootstrap],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert begun.returncode == 1
        assert f"report topics differ in partitions ({OCCUPANCY} 2, " in begun.stderr
