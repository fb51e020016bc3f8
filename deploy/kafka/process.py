"""The process of a broker: started in a session of its own, so that it ends whole and only on purpose."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.kafka.broker import BrokerFailed

_TAIL_BYTES = 4_000


class BrokerProcess:
    """A running broker process and its log file.

    Args:
        argv: program and arguments.
        log: file that gets standard output and error.
        env: variables on top of the caller's own.
    """

    def __init__(self, argv: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            # A session of its own: Ctrl-C in the terminal reaches us, and we stop the parts in order.
            self._process = subprocess.Popen(
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Process id, which is the id of its process group too."""
        return self._process.pid

    def running(self) -> bool:
        """Tell whether the process has not ended."""
        return self._process.poll() is None

    def wait_until_it_answers(self, bootstrap: str, timeout: float) -> None:
        """Return when a Kafka client gets the list of brokers from `bootstrap`.

        Args:
            bootstrap: `host:port`.
            timeout: seconds.

        Raises:
            BrokerFailed: the process ended, or the time is over.
        """
        deadline = time.monotonic() + timeout
        host, _, port = bootstrap.rpartition(":")
        while time.monotonic() < deadline:
            if not self.running():
                code = self._process.returncode
                raise BrokerFailed(f"the broker ended with code {code}:\n{self.tail()}")
            if _listens(host, int(port)) and _lists_a_broker(bootstrap, deadline):
                return
            time.sleep(0.02)
        raise BrokerFailed(f"no answer from {bootstrap} in {timeout:.0f} s:\n{self.tail()}")

    def stop(self, grace: float = 10.0) -> None:
        """Ask the process group to end; after `grace` seconds make it end."""
        if not self.running():
            return
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.running():
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def tail(self) -> str:
        """Return the end of the log as text."""
        data = self.log.read_bytes()[-_TAIL_BYTES:] if self.log.exists() else b""
        return data.decode(errors="replace").strip() or "(the log is empty)"


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _lists_a_broker(bootstrap: str, deadline: float) -> bool:
    left_ms = max(1_000, int((deadline - time.monotonic()) * 1_000))
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap,
            bootstrap_timeout_ms=left_ms,
            request_timeout_ms=left_ms,
        )
    except KafkaError:
        return False
    try:
        return bool(admin.describe_cluster()["brokers"])
    except KafkaError:
        return False
    finally:
        admin.close()
