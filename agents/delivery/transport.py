"""The transport that a Faust app is given to be delivered to in batches."""

from collections.abc import Callable, Collection
from typing import Any

from faust.transport.drivers import aiokafka as driver

from agents.delivery.acknowledged import Acknowledged
from agents.delivery.consumer import BatchConsumer
from agents.delivery.overrides import refuse_unknown_versions
from agents.delivery.producer import PatientProducer
from agents.delivery.tolerant import read_tolerantly

FETCH_WAIT_MS = 15


class BatchTransport(driver.Transport):  # type: ignore[misc]
    """Faust's aiokafka transport with batch delivery.

    Attributes:
        acknowledged: what the stages have put away.
        letting_go: called, in order, when partitions are about to be taken away.
        fetch_wait_ms: how long a broker may keep a fetch waiting once records came.
        always_asked: topics that every fetch asks for (`agents.delivery.asking`).
        leaves_group: whether the group is told when the worker stops.
    """

    Consumer = BatchConsumer
    Producer = PatientProducer

    def __init__(
        self,
        *arguments: Any,
        fetch_wait_ms: int = FETCH_WAIT_MS,
        always_asked: Collection[str] = (),
        leaves_group: bool = True,
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        self.acknowledged = Acknowledged()
        self.letting_go: list[Callable[[], None]] = []
        self.fetch_wait_ms = fetch_wait_ms
        self.always_asked = always_asked
        self.leaves_group = leaves_group

    def connection(self) -> dict[str, Any]:
        """Return how to reach the brokers, as keyword arguments of an aiokafka client."""
        conf = self.app.conf
        return {
            "bootstrap_servers": driver.server_list(self.url, self.default_port),
            "client_id": f"{conf.broker_client_id}-log-end",
            **driver.credentials_to_aiokafka_auth(conf.broker_credentials, conf.ssl_context),
        }


def install(
    app: Any,
    *,
    fetch_wait_ms: int = FETCH_WAIT_MS,
    always_asked: Collection[str] = (),
    leaves_group: bool = True,
) -> BatchTransport:
    """Make an app consume through a batch transport; call before the app starts.

    Raises:
        RuntimeError: this Faust or aiokafka lacks something that the transport overrides or leans on.
    """
    refuse_unknown_versions()
    read_tolerantly()
    transport = BatchTransport(
        app.conf.broker_consumer,
        app,
        fetch_wait_ms=fetch_wait_ms,
        always_asked=always_asked,
        leaves_group=leaves_group,
    )
    app.transport = transport
    return transport
