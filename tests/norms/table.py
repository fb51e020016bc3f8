"""All cases of all norms."""

from tests.norms import (
    cases_beds,
    cases_chain,
    cases_coordination,
    cases_data,
    cases_projection,
    cases_urgency,
    cases_waits,
)
from tests.norms.case import Case, with_wrong_times

_TABLES = (
    cases_waits,
    cases_urgency,
    cases_beds,
    cases_projection,
    cases_chain,
    cases_coordination,
    cases_data,
)

CASES: list[Case] = [case for table in _TABLES for case in with_wrong_times(table.CASES)]
