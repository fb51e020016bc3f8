"""The metrics page of a worker, served from a thread of its own.

Under load the worker's loop is busy for hundreds of milliseconds at a time; a page served from it would be as
late. The thread only reads the last photograph. `/healthz`: the process lives. `/readyz`: it has its
partitions and their state.
"""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from typing_extensions import override

from agents.photograph import Photograph
from alerts.metrics import CATALOGUE, READY


class PhotographCollector(Collector):
    """Turns the last photograph into metric families, by the catalogue."""

    def __init__(self, last: Callable[[], Photograph]) -> None:
        self._last = last

    @override
    def collect(self) -> Iterator[Metric]:
        for name, samples in self._last().items():
            metric = CATALOGUE[name]
            family: CounterMetricFamily | GaugeMetricFamily
            if metric.type == "counter":
                family = CounterMetricFamily(name.removesuffix("_total"), metric.help, labels=metric.labels)
            else:
                family = GaugeMetricFamily(name, metric.help, labels=metric.labels)
            for labels, value in samples:
                family.add_metric(labels, value)
            yield family


class MetricsServer:
    """Serves `/metrics`, `/healthz` and `/readyz`; `publish` a photograph to change what they say."""

    def __init__(self, host: str, port: int) -> None:
        self._photograph: Photograph = {}
        self._page: tuple[Photograph, bytes] | None = None
        self._registry = registry = CollectorRegistry(auto_describe=False)
        registry.register(PhotographCollector(lambda: self._photograph))
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/metrics":
                    self._answer(200, server.page(), CONTENT_TYPE_LATEST)
                elif path == "/healthz":
                    self._answer(200, b"ok\n")
                elif path == "/readyz":
                    self._answer(200 if server.ready else 503, b"ready\n" if server.ready else b"not ready\n")
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

        self._http = ThreadingHTTPServer((host, port), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, name="metrics", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._http.server_address[1])

    @property
    def ready(self) -> bool:
        """Whether the last photograph says that the worker is ready."""
        samples = self._photograph.get(READY.name, ())
        return bool(samples and samples[0][1])

    def page(self) -> bytes:
        """Return the page of the last photograph; it is written once, however many scrapers come."""
        photograph, page = self._photograph, self._page
        if page is None or page[0] is not photograph:
            page = self._page = (photograph, generate_latest(self._registry))
        return page[1]

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
