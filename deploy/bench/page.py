"""Writes the results into docs/performance.json, docs/performance.md and its pictures.

The JSON is the document of the embedded broker, with that of Apache Kafka under `kafka`. In the page only what stands
between the two marks of a broker is written; the rest is prose by people.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from deploy.bench.table import tables

PAGE = Path("docs/performance.md")
RESULTS = Path("docs/performance.json")


def write_page(root: Path, found: Mapping[str, Any]) -> None:
    """Put the results of a run in place; parts of another run of the same day and broker stay.

    Raises:
        ValueError: the page lacks the marks of this broker.
    """
    from deploy.bench.plot import draw  # noqa: PLC0415 - needs what `make bench` installs

    known = orjson.loads((root / RESULTS).read_bytes()) if (root / RESULTS).exists() else {}
    whole, mine = merged(known, found)
    page = (root / PAGE).read_text("utf-8")
    picture = Path("docs/pictures") / f"performance-{mine['broker']}.svg"
    text = f"![Rates of the systems, and how ours scales]({picture.relative_to('docs')})\n\n{tables(mine)}"
    page = filled(page, mine["broker"], text)
    (root / picture).parent.mkdir(parents=True, exist_ok=True)
    draw(mine, root / picture)
    (root / RESULTS).write_bytes(orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    (root / PAGE).write_text(page, "utf-8")


def merged(known: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the whole JSON with a new document in it, and that document with the parts it lacks."""
    other = known.get("kafka")
    before = (
        dict(other or {}) if found["broker"] == "kafka" else {k: v for k, v in known.items() if k != "kafka"}
    )
    mine = dict(found)
    if before.get("date") == found["date"]:
        mine = before | {key: value for key, value in found.items() if value not in ({}, [])}
        goals = {(goal["goal"], goal["log"]): goal for goal in [*before.get("goals", []), *found["goals"]]}
        mine["goals"] = list(goals.values())
        mine["stolen_percent"] = before.get("stolen_percent", {}) | found.get("stolen_percent", {})
    if mine["broker"] == "kafka":
        return {**known, "kafka": mine}, mine
    return {**mine, **({"kafka": other} if other else {})}, mine


def filled(page: str, broker: str, text: str) -> str:
    """Return the page with new text between the marks of a broker.

    Raises:
        ValueError: there are no such marks.
    """
    begin, end = f"<!-- bench:{broker} -->", f"<!-- /bench:{broker} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(page):
        raise ValueError(f"{PAGE} lacks {begin} ... {end}: put them where the results belong")
    return pattern.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", page)
