"""`python -m tests.golden.write [CASE ...]` keeps what today's code gives as what it must give from now on.

Only where the CHANGELOG says why. Without a CASE all are written, and cases that are no more are taken out.
"""

import sys
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from tests.golden.outputs import Case, cases, chosen

KEPT = Path(__file__).with_name("SHA256SUMS")
"""As `sha256sum` writes it, so that `sha256sum --check` reads it in a folder of `tests.golden.outputs`."""


def kept() -> dict[str, str]:
    """Return the digest of each output by its name, `CASE/FILE`."""
    lines = KEPT.read_text("utf-8").splitlines() if KEPT.is_file() else []
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def digests(case: Case, place: Path) -> dict[str, str]:
    """Return the digests of what a case gives today; a folder takes what it needs meanwhile."""
    return {f"{case.name}/{name}": sha256(data).hexdigest() for name, data in case.outputs(place)}


def of_case(all_of_them: dict[str, str], name: str) -> dict[str, str]:
    """Return the digests of one case."""
    return {output: digest for output, digest in all_of_them.items() if output.partition("/")[0] == name}


def main(names: Iterable[str]) -> None:
    """Write the digests of these cases, or of all."""
    known = [case.name for case in cases()]
    by_case = {name: of_case(kept(), name) for name in known}
    for case in chosen(names):
        with tempfile.TemporaryDirectory() as place:
            by_case[case.name] = digests(case, Path(place))
    lines = [f"{digest}  {output}\n" for name in known for output, digest in by_case[name].items()]
    KEPT.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
