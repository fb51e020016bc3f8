"""The webhook log: every payload that Alertmanager sends, one JSON line each, for audit and reconciliation."""

import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson
from typing_extensions import override

from deploy.part import Part

_BODY_BYTES_MAX = 8_000_000
_POLL_S = 0.05
_BACKLOG = 256


class WebhookLog(Part):
    """An HTTP server on loopback in a thread of its own; lines that its file has already stay.

    A payload is answered 200 only after its line is in the file, so a crash makes Alertmanager send it again.

    Args:
        path: file that gets the lines: `{"received_at": SECONDS, "receiver": ..., "alerts": [...], ...}`.
        on_payload: called for each payload, in the server's thread; it must be quick and must not raise.
        port: listen here; a free port if None.
        host: listen on this address; another than loopback only inside a container.
    """

    def __init__(
        self,
        path: Path,
        on_payload: Callable[[Mapping[str, Any]], None] | None = None,
        port: int | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.path = path
        self._host = host
        self.port = port or 0
        self.count = 0
        self._on_payload = on_payload
        self._heartbeat: float | None = None
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where Alertmanager posts to; known after `start`."""
        if not self.port:
            raise RuntimeError("it has no port before start(); start it first")
        return f"http://127.0.0.1:{self.port}/alerts"

    def heartbeat_age(self) -> float | None:
        """Return the seconds since the dead man's alert last came in; None if it never did."""
        with self._lock:
            return None if self._heartbeat is None else time.monotonic() - self._heartbeat

    @override
    def _start(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._server = _Server((self._host, self.port), _handler(self))
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_S,), name="webhook-log", daemon=True
        )
        self._thread.start()

    @override
    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = self._thread = None

    def take(self, body: bytes) -> None:
        """Write one payload to the file; of the heartbeat only its time is kept.

        Raises:
            ValueError: the body is no JSON object with a list of alerts.
        """
        payload = orjson.loads(body)
        if not isinstance(payload, dict) or not isinstance(payload.get("alerts"), list):
            raise ValueError("no Alertmanager payload: expected an object with a list `alerts`")  # noqa: TRY004 - wrong input
        line = orjson.dumps({"received_at": time.time(), **payload}) + b"\n"
        with self._lock:
            if payload.get("receiver") == "heartbeat":
                self._heartbeat = time.monotonic()
                return
            with self.path.open("ab") as out:
                out.write(line)
            self.count += 1
        if self._on_payload is not None:
            self._on_payload(payload)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A payload a breach: hundreds come in within a second when a wave begins.
    request_queue_size = _BACKLOG


def _handler(log: WebhookLog) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10.0

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if not 0 < length <= _BODY_BYTES_MAX:
                self.send_error(413 if length else 411)
                return
            try:
                log.take(self.rfile.read(length))
            except ValueError as error:
                self.send_error(400, explain=str(error))
                return
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        @override
        def log_message(self, *_arguments: Any) -> None:
            """Say nothing: the log is the file."""

    return Handler
