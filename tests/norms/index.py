"""The names of the cases, for the page of norms; run from the project's folder as `python -m tests.norms.index`."""

from pathlib import Path

import orjson

from tests.norms.table import CASES

FILE = Path(__file__).parents[2] / "alerts" / "generated" / "norm_cases.json"


def index() -> bytes:
    """Return the cases by norm, in the order of the tables."""
    norms: dict[str, dict[str, list[str]]] = {}
    for case in CASES:
        own = norms.setdefault(case.norm, {"breach": [], "silent": []})
        own["breach" if case.breach else "silent"].append(case.told)
    return orjson.dumps(dict(sorted(norms.items())), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    FILE.write_bytes(index())
