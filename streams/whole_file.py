"""A file that is there whole or as it was before: a disk that fills, or a kill, never takes the earlier one."""

import contextlib
import gzip
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO, cast


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, packed if its name ends in `.gz` (the same bytes give the same file); it appears once all is written.

    What is no ordinary file, such as a pipe, is written as it comes.

    Raises:
        OSError: it cannot be written; what was there before is there still.
    """
    target = path.resolve()  # where a link leads to, not the link
    if target.exists() and not target.is_file():
        with target.open("wb") as out:
            yield out
        return
    raw, beside = _beside(target)
    try:
        with raw:
            if path.suffix == ".gz":
                with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
                    yield cast("BinaryIO", packed)
            else:
                yield raw
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _beside(target: Path) -> tuple[BinaryIO, Path]:
    """Return a new file beside another: one that was left by a kill, or that somebody writes just now, is left alone."""
    for number in count(1):
        beside = target.with_name(f"{target.name}.part{number}")
        with contextlib.suppress(FileExistsError):
            return beside.open("xb"), beside
    raise AssertionError
