"""What `maart-2020-december-2022` must cause, by wave and by phase."""

from streams.scenarios.scenario import Truth

TRUTH: tuple[Truth, ...] = ()
