"""What `maart-2020-december-2022` must cause, by wave and by phase."""

from datetime import date

from streams.scenarios.scenario import Truth

LATE_WITH_AGREEMENTS, AGREED_LATE = "R04", date(2021, 12, 1)
"""This region records no agreements until then."""

TRUTH: tuple[Truth, ...] = ()
