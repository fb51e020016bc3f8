"""What today's code makes of every case, as files.

`python -m tests.golden.outputs FOLDER [CASE ...]` writes them. Do so in the worktrees of two commits, and `diff -r`
shows what became other.
"""

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.golden.recordings import Recorded, recordings
from tests.golden.stored_state import StoredState, stored_states

Case = Recorded | StoredState


def cases() -> tuple[Case, ...]:
    """Return every recording and every stored state."""
    return *recordings(), *stored_states()


def chosen(names: Iterable[str]) -> list[Case]:
    """Return the cases of these names, all without any; a real one only where its file is at hand."""
    wanted = set(names)
    known = cases()
    if unknown := wanted - {case.name for case in known}:
        raise SystemExit(
            f"no such case: {', '.join(sorted(unknown))}; known: {' '.join(case.name for case in known)}"
        )
    found = [case for case in known if not wanted or case.name in wanted]
    for case in found:
        if not case.at_hand:
            print(f"{case.name}: left out, its file is not at hand", file=sys.stderr)  # noqa: T201
    return [case for case in found if case.at_hand]


def main(folder: Path, names: Iterable[str]) -> None:
    """Write the outputs of these cases to a folder, each case to a folder of its own."""
    for case in chosen(names):
        (folder / case.name).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as place:
            for name, data in case.outputs(Path(place)):
                (folder / case.name / name).write_bytes(data)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2:])
