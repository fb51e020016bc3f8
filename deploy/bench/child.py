"""The process of one run: `python -m deploy.bench.child SYSTEM WORK`, the outcome as JSON on its last line."""

import importlib
import os
import sys

import msgspec

from deploy.bench.work import Outcome, Work

MISSING = 3
"""Exit status when the system's packages are not installed here."""


def main() -> None:
    """Run one system once."""
    name, work = sys.argv[1], msgspec.json.decode(sys.argv[2], type=Work)
    try:
        system = importlib.import_module(f"deploy.bench.systems.{name}")
    except ImportError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(MISSING)
    tell(system.run(work))


def tell(outcome: Outcome) -> None:
    """Print the outcome and end the process at once: what a system does on its way out is not measured."""
    sys.stdout.write(f"\n{msgspec.json.encode(outcome).decode()}\n")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
