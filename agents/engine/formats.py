"""The formats of what is put away: which this program takes up, and which it writes.

Each change of what is put away gets a new number (`tests/unit/test_snapshot.py` notices most of them). A change only adds: what a
snapshot lacks has its default, and who does not know a field yet passes over it. So the format before is written by saying so,
and it is, until somebody says that no worker needs it any more (`ketenwacht upgrade finalize`): then one step back works, and
workers of both versions share a group.
"""

FORMAT = 21
"""The newest."""

LACKS = {
    15: "the weights of figures: where they count, their observations are it (`Indicator.weighs`)",
    16: "who speaks for which location: that begins with the first tick after it was taken up",
    17: "records that were skipped, who made a statement, and what revisions withdrew",
    18: "the weight of waits, steps that wait, and figures that wait for the phase: steps count as taken when they were due",
    19: "what a series did before the days that are held, who is behind a figure, and breaches that come back",
    20: "which names are twins of others, and what a breach was held against when capacity was counted",
}
"""What snapshots of each earlier format do not say; each lacks what follows as well."""

READABLE = frozenset({*LACKS, FORMAT})
WRITTEN = (FORMAT - 1, FORMAT)


def written_after(held: int) -> int:
    """Return the format to write where the last snapshot has `held`: that one, if it is the one before."""
    return held if held in WRITTEN else FORMAT
