"""The metrics page of a worker, served from a thread of its own.

Under load the worker's loop is busy for hundreds of milliseconds at a time; a page served from it would be as
late. The thread only reads the last photograph. `/healthz`: the loop beats. `/readyz`: the worker has its
partitions and their state, knows how far their logs go, and nothing stands still; if not, it says why.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from typing_extensions import override

from agents.engine.patience import Health
from agents.photograph import Photograph
from alerts.metrics import CATALOGUE, READY


class PhotographCollector(Collector):
    """Turns the last photograph into metric families, by the catalogue."""

    def __init__(self, last: Callable[[], Photograph], health: Callable[[], Health]) -> None:
        self._last = last
        self._health = health

    @override
    def collect(self) -> Iterator[Metric]:
        for name, samples in self._last().items():
            if name == READY.name and not self._health().ready:
                samples = (((), 0.0),)  # noqa: PLW2901 - the picture may be of before the loop was blocked
            metric = CATALOGUE[name]
            family: CounterMetricFamily | GaugeMetricFamily
            if metric.type == "counter":
                family = CounterMetricFamily(name.removesuffix("_total"), metric.help, labels=metric.labels)
            else:
                family = GaugeMetricFamily(name, metric.help, labels=metric.labels)
            for labels, value in samples:
                family.add_metric(labels, value)
            yield family


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        # Prometheus hangs up when its time-out has passed: it tells so itself, and the worker's log is for the worker.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as the library hands them


_HEALTHY = Health(alive=True, ready=True)


class MetricsServer:
    """Serves `/metrics`, `/healthz` and `/readyz`; `publish` a photograph to change the first.

    Args:
        host: address to listen on.
        port: its port; 0 takes a free one.
        health: returns what the other two say; called in the server's threads.
    """

    def __init__(self, host: str, port: int, health: Callable[[], Health] = lambda: _HEALTHY) -> None:
        self._photograph: Photograph = {}
        self._health = health
        self._page: tuple[Photograph, bool, bytes] | None = None
        self._registry = registry = CollectorRegistry(auto_describe=False)
        registry.register(PhotographCollector(lambda: self._photograph, health))
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/metrics":
                    self._answer(200, server.page(), CONTENT_TYPE_LATEST)
                elif path in {"/healthz", "/readyz"}:
                    health = server.health()
                    good = health.alive if path == "/healthz" else health.ready
                    said = ("ok" if good else "not ok", *(() if good else health.reasons))
                    self._answer(200 if good else 503, "".join(f"{line}\n" for line in said).encode())
                else:
                    self._answer(404, b"see /metrics, /healthz, /readyz\n")

            def _answer(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            @override
            def log_message(self, format: str, *args: object) -> None:
                """A scrape a second is no news."""

        self._http = _Server((host, port), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, name="metrics", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._http.server_address[1])

    def health(self) -> Health:
        """Return what the worker is, so far as the page knows: before the first photograph it is not ready."""
        health = self._health()
        if health.ready and not self._shows_ready():
            return Health(alive=health.alive, ready=False, reasons=("nothing is shown yet",))
        return health

    def _shows_ready(self) -> bool:
        samples = self._photograph.get(READY.name, ())
        return bool(samples and samples[0][1])

    def page(self) -> bytes:
        """Return the page of the last photograph; it is written once, however many scrapers come."""
        photograph, ready, page = self._photograph, self._health().ready, self._page
        if page is None or page[0] is not photograph or page[1] != ready:
            page = self._page = (photograph, ready, generate_latest(self._registry))
        return page[2]

    def publish(self, photograph: Photograph) -> None:
        """Show this photograph from now on."""
        self._photograph = photograph

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and free the port."""
        self._http.shutdown()
        self._http.server_close()
