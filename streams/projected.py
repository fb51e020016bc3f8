"""Over which days and how surely the projection of beds is held against them (`projected_occupancy_ratio`)."""

from collections.abc import Mapping

WINDOWS: Mapping[str, range] = {"2-4": range(2, 5), "7": range(7, 8)}
"""Days ahead of each value of the label `days`; of several the highest counts."""

EDGES = (10, 50, 90)
"""Quantiles of the beds, percent: the edges of the 80 % band, and the middle."""

QUANTILES = (*EDGES, 70)
"""Quantiles of the ratio, percent: those of the beds, and one between that norms alert on."""
