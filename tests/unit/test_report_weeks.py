"""What a report says of the last week: what began, what is over, and what ended though nobody told that it is over."""

import msgspec
import pytest

from alerts.norms import load_norms
from alerts.texts import load_texts
from dashboards.reports.weeks import last_weeks
from streams.status import Transition

NORMS = load_norms()
DAY = 86_400
AT = 1_637_000_000


def transition(state: str, at: str, reason: str = "") -> Transition:
    return Transition(
        at=at,
        region="R07",
        norm="treeknorm-max-klinisch",
        scope="",
        state=state,
        value=60,
        limit=49,
        unit="d",
        severity="warning",
        step=1,
        since="2021-11-10T12:00:00Z",
        observed_at=at,
        episode="R07:treeknorm-max-klinisch:2021-11-10T12:00:00Z",
        reason=reason,
    )


@pytest.mark.parametrize(
    ("reason", "over", "untold"),
    [
        ("cleared", 1, 0),
        ("supply-ended", 0, 1),
        ("phase-ended", 0, 1),
        ("norm-ended", 0, 1),
        ("too-few", 0, 1),
    ],
)
def test_only_an_end_that_somebody_told_is_over(reason, over, untold):
    began, ended = (
        transition("active", "2021-11-10T12:00:00Z"),
        transition("resolved", "2021-11-14T12:00:00Z", reason),
    )
    weeks = last_weeks("R07", [began, ended], NORMS, load_texts(NORMS), AT)
    assert (weeks["begun"], weeks["ended"], weeks["untold"]) == (1, over, untold)
    again = msgspec.structs.replace(ended, at="2021-11-01T12:00:00Z")
    assert last_weeks("R07", [began, again], NORMS, load_texts(NORMS), AT)["untold"] == 0
