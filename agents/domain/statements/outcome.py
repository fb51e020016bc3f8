"""What became of a report: taken into the state, known already, or too old to be held."""

from typing import Literal

Outcome = Literal["applied", "duplicate", "late"]
