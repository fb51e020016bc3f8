"""`python -m tests.golden.write [CASE ...]` keeps what today's code prints as what it must print from now on.

Only where the CHANGELOG says why. Without a CASE all are written, and cases that are no more are taken out.
"""

import sys
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from tests.golden.outputs import Case, cases, chosen, outputs

KEPT = Path(__file__).with_name("SHA256SUMS")
"""As `sha256sum` writes it, so that `sha256sum --check` reads it in a folder of `tests.golden.outputs`."""


def kept() -> dict[str, str]:
    """Return the digest of each output by its name, `CASE/FILE`."""
    lines = KEPT.read_text("utf-8").splitlines() if KEPT.is_file() else []
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def digests(case: Case, recording: Path) -> dict[str, str]:
    """Return the digests of what a case prints today."""
    return {f"{case.name}/{name}": sha256(data).hexdigest() for name, data in outputs(case, recording)}


def of_case(all_of_them: dict[str, str], name: str) -> dict[str, str]:
    """Return the digests of one case."""
    return {output: digest for output, digest in all_of_them.items() if output.partition("/")[0] == name}


def main(names: Iterable[str]) -> None:
    """Write the digests of these cases, or of all."""
    known = [case.name for case in cases()]
    by_case = {name: of_case(kept(), name) for name in known}
    with tempfile.TemporaryDirectory() as place:
        for case in chosen(names):
            by_case[case.name] = digests(case, Path(place) / "recording.jsonl.gz")
    lines = [f"{digest}  {output}\n" for name in known for output, digest in by_case[name].items()]
    KEPT.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
