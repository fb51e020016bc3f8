"""Every norm through the real pipeline: what must breach does, what nearly does stays silent."""

import pytest

from tests.norms.case import Case, became_active
from tests.norms.table import CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_norm(case: Case):
    assert became_active(case) == case.breach
