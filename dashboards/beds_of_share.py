"""Whether patients and beds may stand beside a share of beds: hospitals that tell only one of them are not in it."""

_LEAST_SHOWN = 0.0005
"""Shares are shown with one decimal of a percent at most."""


def are_of_share(share: float | None, occupied: float | None, staffed: float | None) -> bool:
    """Return whether a share is that of these patients and beds with staff; not where one of the three is unknown."""
    if share is None or occupied is None or not staffed:
        return False
    return abs(occupied / staffed - share) < _LEAST_SHOWN
