"""The process of a broker: a child process that is ready when a Kafka client gets an answer from it."""

import time
from collections.abc import Mapping

from deploy.child import ChildFailed, ChildProcess
from deploy.listening import listens


class BrokerFailed(RuntimeError):  # noqa: N818 - named after what happened
    """The broker did not start, or died; the message ends with the tail of its log."""


class BrokerProcess(ChildProcess):
    """A running broker process and its log file; arguments as those of a child process."""

    def wait_until_it_answers(
        self, bootstrap: str, timeout: float, client: Mapping[str, object] | None = None
    ) -> None:
        """Return when this process, and no other at its port, gives a Kafka client the list of brokers.

        Args:
            bootstrap: `host:port`.
            timeout: seconds.
            client: how to come in, as `kafka.KafkaAdminClient` takes it; as anybody if None.

        Raises:
            BrokerFailed: the process ended, or the time is over.
        """
        deadline = time.monotonic() + timeout
        port = int(bootstrap.rpartition(":")[2])
        try:
            self.wait_until(
                lambda: (
                    listens(self.pid, port)
                    and _lists_a_broker(client or {"bootstrap_servers": bootstrap}, deadline)
                ),
                timeout,
                f"the broker at {bootstrap}",
            )
        except ChildFailed as error:
            raise BrokerFailed(str(error)) from error


def _lists_a_broker(client: Mapping[str, object], deadline: float) -> bool:
    from kafka import KafkaAdminClient  # noqa: PLC0415 - the supervisor starts brokers and has no client
    from kafka.errors import KafkaError  # noqa: PLC0415

    left_ms = max(1_000, int((deadline - time.monotonic()) * 1_000))
    try:
        admin = KafkaAdminClient(**{**client, "bootstrap_timeout_ms": left_ms, "request_timeout_ms": left_ms})
    except KafkaError:
        return False
    try:
        return bool(admin.describe_cluster()["brokers"])
    except KafkaError:
        return False
    finally:
        admin.close()
