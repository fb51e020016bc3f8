"""What the metrics page shows of a judge that was restored under another norms file."""

from agents.engine.snapshot import encode_state
from agents.judge_status import JudgeImage, JudgeStatus
from agents.photograph import Photographer
from alerts.judged import Judged, JudgeState
from alerts.metrics import BREACH_ACTIVE, NORM_THRESHOLD
from alerts.norms import load_norms


def test_a_norm_that_a_changed_file_no_longer_has_is_passed_over_and_the_others_shown():
    norms = load_norms()
    verdicts = {("gone-norm", ""): ("breach", 1.0, 1), ("ic-occupancy-high", ""): ("clear", 0.5, 1)}
    image = JudgeImage(JudgeState({"R07": Judged(verdicts=verdicts)}))
    judge = JudgeStatus(norms)
    judge.make(0, {"judge": encode_state(image)})

    picture = Photographer((), judge, norms, "1").take(ready=True)

    shown = {labels[1] for labels, _ in picture[BREACH_ACTIVE.name]}
    assert shown == {"ic-occupancy-high"}
    assert {labels[1] for labels, _ in picture[NORM_THRESHOLD.name]} == {"ic-occupancy-high"}
