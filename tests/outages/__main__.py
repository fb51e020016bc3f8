"""`python -m tests.outages OUTAGE ...` plays outages and keeps what became of each part; `table` writes docs/outages.md.

An OUTAGE is `kafka-killed-120` or `embedded-frozen-5-starting`: broker, way, seconds, and whether parts are starting or asked
to stop.
"""

import sys
import tempfile
from pathlib import Path

from tests.outages import table
from tests.outages.outage import Outage
from tests.outages.scene import Scene


def main(names: list[str]) -> int:
    """Play them one after the other; 1 if something is not as it should be."""
    wrong = 0
    folder = Path(tempfile.mkdtemp(prefix="ketenwacht-outages-"))
    for outage in [Outage.named(name) for name in names if name != "table"]:
        rows = Scene(outage, folder / outage.name).play()
        table.keep(rows)
        print(f"{outage.name}, logs in {folder / outage.name}\n{table.table(rows)}", flush=True)  # noqa: T201
        for row in rows:
            for what in row.unexpected:
                wrong += 1
                print(f"{outage.name}: {row.kind}, {row.phase}: {what}", flush=True)  # noqa: T201
    if "table" in names:
        table.write()
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
