"""A real worker with one thing broken in it."""

import asyncio
import contextlib
import os
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.worker_process import FORKS, WorkerProcess, work

POISON = b"poison"
ENDED = 9


class BrokenWorker(WorkerProcess):
    """A worker with one thing broken.

    Args:
        broken: `fetches` that bring nothing, a `loop` that a stage blocks, a `recovery` that never hears how far
            the changelogs go; or a record that holds `POISON`, which `hangs` the loop or `ends` the process.
        settings: of the worker, by name.
        bootstrap: the broker.
        folder: where its log goes.
        flag: the fetches are broken only while this file exists, if it is given; once they are, it holds a word.
    """

    def __init__(self, broken: str, settings: dict, bootstrap: str, folder: Path, flag: Path | None = None):
        folder.mkdir(exist_ok=True)
        self.log = folder / "worker.log"
        self.said = folder / "said"
        arguments = (broken, flag, settings, bootstrap, {}, str(self.log), str(self.said))
        self.process = FORKS.Process(target=_work_broken, args=arguments)
        self.process.start()
        self._url = None

    def ask(self, path: str) -> tuple[int, str]:
        """Status and text of `/healthz` or `/readyz`; 0 while it does not answer."""
        with contextlib.closing(HTTPConnection(urlsplit(self.url).netloc, timeout=5)) as connection:
            try:
                connection.request("GET", path)
                with connection.getresponse() as answer:
                    return answer.status, answer.read().decode()
            except (HTTPException, OSError):
                return 0, ""


def _work_broken(broken: str, flag: Path | None, *arguments) -> None:
    if broken == "fetches":
        _break_fetches(flag)
    elif broken == "loop":
        _break_loop()
    elif broken in {"hangs", "ends"}:
        _break_at_poison(broken)
    else:
        _break_recovery()
    work(*arguments)


def _break_fetches(flag: Path | None) -> None:
    from agents.delivery.client import BatchClient

    fetch = BatchClient.getmany

    def broken():
        if flag is not None and flag.exists():
            flag.write_text("seen")
            return True
        return flag is None

    async def fetch_nothing(self, active, timeout):  # noqa: ASYNC109 - Faust's
        if broken():
            await asyncio.sleep(0.1)
            return {}
        return await fetch(self, active, min(timeout, 0.1))

    BatchClient.getmany = fetch_nothing


def _break_loop() -> None:
    from agents.fold_reports import FoldPartition

    FoldPartition.handle = lambda *_: time.sleep(3600)


def _break_at_poison(how: str) -> None:
    from agents.fold_reports import FoldPartition

    handle = FoldPartition.handle

    def broken(self, records, start):
        if any(POISON in (each.value or b"") for each in records[start:]):
            if how == "ends":
                os._exit(ENDED)
            time.sleep(3600)
        return handle(self, records, start)

    FoldPartition.handle = broken


def _break_recovery() -> None:
    from agents.delivery.client import BatchClient

    async def never(*_):
        await asyncio.Event().wait()

    BatchClient._highwaters = never
