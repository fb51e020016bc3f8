"""The metrics page under a scraper that hangs up."""

import socket
import struct
import threading

import pytest

from agents.exporter import MetricsServer


class Scraped:
    """A metrics page that is so late that its scraper has gone; tells when the server is done with the request."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server = MetricsServer("127.0.0.1", 0)
        self.gone, self.over = threading.Event(), threading.Event()
        close = self.server._http.shutdown_request

        def closed(request: socket.socket) -> None:
            close(request)
            self.over.set()

        monkeypatch.setattr(self.server._http, "shutdown_request", closed)

    def hang_up(self) -> None:
        """Ask for the page, and break the connection before it comes."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=5) as scraper:
            scraper.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            # Closed without a farewell, so that the first write to it fails.
            scraper.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.gone.set()
        assert self.over.wait(5)


@pytest.fixture
def scraped(monkeypatch):
    scraped = Scraped(monkeypatch)
    scraped.server.start()
    yield scraped
    scraped.server.stop()


def test_a_scraper_that_hangs_up_leaves_nothing_in_the_log(scraped, monkeypatch, capfd):
    def late():
        assert scraped.gone.wait(5)
        return b"x" * 1_000_000

    monkeypatch.setattr(scraped.server, "page", late)
    scraped.hang_up()
    assert capfd.readouterr().err == ""


def test_a_page_that_cannot_be_made_is_told_in_the_log(scraped, monkeypatch, capfd):
    def broken():
        assert scraped.gone.wait(5)
        raise LookupError("a metric without a name")

    monkeypatch.setattr(scraped.server, "page", broken)
    scraped.hang_up()
    assert "a metric without a name" in capfd.readouterr().err
