"""The worker that leads its group is asked to stop just when another comes: that one goes on, time and again."""

import asyncio
import time
import urllib.error
import urllib.request

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from streams.kafka import KafkaSettings
from streams.topic_admin import apply_topics
from streams.topics import catalogue
from tests.support.worker_process import WorkerProcess
from tests.support.workers import POLL_SECONDS, crew

ROUNDS = 2
SESSION_SECONDS = 4.0
"""A worker hears within a fifth of it that another came; the embedded broker takes half of it to let one join."""

_READY_SECONDS = 40
_JOINED_SECONDS = 20


def wait_until_ready(worker: WorkerProcess) -> None:
    """Wait until a worker has its partitions and their state."""
    url = worker.url.replace("/metrics", "/readyz")
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError as error:
            said = error.read().decode()
        else:
            return
        assert time.monotonic() < deadline, f"not ready: {said}"
        time.sleep(POLL_SECONDS)


async def wait_until_joined(kafka: KafkaSettings, members: int) -> None:
    """Wait until so many ask to be in the group, or are."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.servers)
    await admin.start()
    try:
        async with asyncio.timeout(_JOINED_SECONDS):
            while True:
                answer = (await admin.describe_consumer_groups(["ketenwacht"]))[0].to_object()
                if len(answer["groups"][0]["members"]) >= members:
                    return
                await asyncio.sleep(POLL_SECONDS / 5)
    finally:
        await admin.close()


@pytest.mark.timeout(300)
def test_who_leads_may_go_when_another_comes(fresh_broker, fresh_kafka):
    apply_topics(fresh_kafka, catalogue())
    with crew(fresh_broker, session_timeout_s=SESSION_SECONDS) as workers:
        wait_until_ready(workers.hire())
        for _ in range(ROUNDS):
            newcomer = workers.hire()
            asyncio.run(wait_until_joined(fresh_kafka, 2))
            workers.dismiss(0)
            wait_until_ready(newcomer)
