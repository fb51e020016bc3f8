"""The table of outages in docs/outages.md, from what was measured last of each."""

from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from tests.outages.outage import Row

MEASURED = Path(__file__).with_name("measured.jsonl")
PAGE = Path(__file__).parents[2] / "docs" / "outages.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end -->\n"
_PHASES = ("running", "starting", "begun without it", "stopping")
_KINDS = ("worker", "ticker", "page", "alerts")
_LENGTHS = {5: "5 s", 30: "30 s", 120: "2 min", 600: "10 min"}


def kept() -> list[Row]:
    """Return every row that is kept."""
    lines = MEASURED.read_bytes().splitlines() if MEASURED.exists() else []
    return [msgspec.json.decode(line, type=Row) for line in lines]


def keep(rows: list[Row]) -> None:
    """Keep the rows of outages, in place of earlier ones of the same."""
    played = {row.outage for row in rows}
    every = sorted([row for row in kept() if row.outage not in played] + rows, key=_place)
    MEASURED.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in every))


def table(rows: list[Row]) -> str:
    """Return the rows as a table, a line for each outage and phase."""
    lines = [
        "| broker | how | for | the part was | worker | ticker | live page | Prometheus |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (outage, phase), those in groupby(sorted(rows, key=_place), lambda row: (row.outage, row.phase)):
        by_kind: dict[str, list[Row]] = {}
        for row in those:
            by_kind.setdefault(row.kind, []).append(row)
        if outage.stopping and phase != "stopping":
            continue  # for those that are left it lasts longer than it says
        cells = [_cell(by_kind.get(kind, [])) for kind in _KINDS]
        doing = "running, as others started" if outage.starting and phase == "running" else phase
        length = _LENGTHS.get(outage.seconds, f"{outage.seconds} s")
        lines.append(f"| {outage.broker} | {outage.way} | {length} | {doing} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def write() -> None:
    """Write the table into the page."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table(kept())}\n{END}{after}", "utf-8")


def _cell(rows: list[Row]) -> str:
    if not rows:
        return ""
    if any(row.seconds is None for row in rows):
        return "hangs"
    slowest = max(rows, key=lambda row: row.seconds or 0.0)
    ends = [_end(each.code) for row in rows for each in row.ends]
    counted = [f"{end} x{ends.count(end)}" if ends.count(end) > 1 else end for end in dict.fromkeys(ends)]
    return f"{slowest.seconds:.0f} s" + (f" ({', '.join(counted)})" if counted else "")


def _end(code: int | str | None) -> str:
    return f"code {code}" if isinstance(code, int) else "by supervisor"


def _place(row: Row) -> Any:
    outage = row.outage
    return (
        outage.broker != "kafka", outage.way, outage.seconds, outage.starting, outage.stopping,
        _PHASES.index(row.phase), _KINDS.index(row.kind),
    )  # fmt: skip
