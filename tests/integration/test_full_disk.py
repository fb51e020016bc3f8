"""A disk on which not one more line can be written: who watches and judges works on, through an outage as well."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from deploy.child import free_ports
from deploy.kafka.embedded import EmbeddedBroker
from deploy.part import answers
from streams.kafka import KafkaSettings
from streams.topic_admin import apply_topics
from streams.topics import catalogue

AWAY_SECONDS = 12.0
"""Long enough for everybody to say that no broker answers."""


def test_parts_whose_log_cannot_be_written_live_through_an_outage(until, tmp_path):
    worker_port, page_port = free_ports(2)
    commands = {
        "worker": ("worker", "--metrics-port", str(worker_port), "--session-timeout", "2"),
        "ticker": ("ticker", "--progress", str(tmp_path / "ticked")),
        "page": ("board", "--port", str(page_port)),
    }
    env = {
        **os.environ,
        "KETENWACHT_WORKER_BROKER_CHECKS_TIME": "false",
        "KETENWACHT_WORKER_LEAVES_GROUP": "false",
    }

    def running():
        return {name: process.poll() for name, process in processes.items()}

    def at_work(since):
        ticked = (tmp_path / "ticked").exists() and (tmp_path / "ticked").stat().st_mtime > since
        return ticked and answers(worker_port, "/readyz") and answers(page_port, "/healthz")

    with EmbeddedBroker() as broker, ExitStack() as stack:
        apply_topics(KafkaSettings.own(broker.bootstrap), catalogue())
        full = stack.enter_context(Path("/dev/full").open("w"))
        processes = {}
        for name, words in commands.items():
            argv = [sys.executable, "-m", "deploy.cli.main", *words, "--bootstrap", broker.bootstrap]
            processes[name] = subprocess.Popen(argv, stdout=full, stderr=full, env=env)
            stack.callback(processes[name].wait)
            stack.callback(processes[name].kill)
        until(lambda: any(running().values()) or at_work(0.0), "all begin", 60)
        assert not any(running().values()), running()

        os.kill(broker.pid, signal.SIGSTOP)
        gone = time.monotonic()
        until(lambda: time.monotonic() - gone > AWAY_SECONDS, "time stands still")
        os.kill(broker.pid, signal.SIGCONT)
        back = time.time()

        until(lambda: any(running().values()) or at_work(back), "all go on", 60)
        assert running() == dict.fromkeys(commands)
