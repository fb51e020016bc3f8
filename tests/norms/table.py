"""All cases of all norms."""

from tests.norms import cases_beds, cases_chain, cases_waits
from tests.norms.case import Case, with_wrong_times

CASES: list[Case] = [
    case for module in (cases_waits, cases_beds, cases_chain) for case in with_wrong_times(module.CASES)
]
