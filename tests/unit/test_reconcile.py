import orjson
import pytest
from typer.testing import CliRunner

from alerts.reconcile import reconcile
from deploy.cli.alerts import app
from streams.status import Transition, encode


def transition(state, step=1, since="2021-11-15T12:00:00Z", **changed):
    told = {
        "at": "2021-11-15T18:00:00Z", "region": "R07", "norm": "ic-occupancy-high", "scope": "",
        "state": state, "value": 0.934, "limit": 0.9, "unit": "ratio", "severity": "warning", "step": step,
        "since": since, "observed_at": "2021-11-15T17:00:00Z", "episode": f"R07:ic-occupancy-high:{since}",
    }  # fmt: skip
    return Transition(**{**told, **changed})


def payload(status, step=1, since="2021-11-15T12:00:00Z", receiver="chair-R07", begins="12:00", **labels):
    alert = {
        "status": status,
        "startsAt": begins,
        "labels": {"region": "R07", "norm": "ic-occupancy-high", "step": str(step), **labels},
        "annotations": {"episode_since": since},
    }
    return {"receiver": receiver, "alerts": [alert]}


def outcomes(transitions, payloads):
    return [each.outcome for each in reconcile(transitions, payloads).told]


def test_a_whole_episode_that_was_told_is_sent():
    log = [transition("pending", 0), transition("active"), transition("step", 2), transition("resolved", 2)]
    heard = [payload("firing"), payload("firing", 2), payload("resolved"), payload("resolved", 2)]

    assert outcomes(log, heard) == ["sent", "sent", "sent"]


def test_a_breach_that_began_and_ended_in_an_outage_is_missed_twice():
    assert outcomes([transition("active"), transition("resolved")], []) == ["missed", "missed"]


def test_the_second_episode_does_not_stand_in_for_a_missed_first():
    later = "2021-11-20T12:00:00Z"
    log = [transition("active"), transition("resolved"), transition("active", since=later)]

    assert outcomes(log, [payload("firing", since=later)]) == ["missed", "missed", "sent"]


def test_an_end_is_missed_when_one_step_that_was_heard_of_never_ends():
    log = [transition("active"), transition("step", 2), transition("resolved", 2)]
    heard = [payload("firing"), payload("firing", 2), payload("resolved")]

    told = reconcile(log, heard).told[-1]

    assert (told.outcome, told.missing_steps, told.receivers) == ("missed", (2,), ("chair-R07",))


def test_pending_and_the_end_of_what_never_was_active_are_told_to_nobody():
    assert outcomes([transition("pending", 0), transition("resolved", 0, reason="not-held")], []) == []


def test_repeats_in_both_logs_count_once():
    assert outcomes([transition("active")] * 2, [payload("firing")] * 3) == ["sent"]


@pytest.mark.parametrize("other", [{"region": "R08"}, {"scope": "source=lcps"}, {"drill": "OEFENING"}])
def test_another_region_or_scope_or_a_drill_does_not_count(other):
    assert outcomes([transition("active")], [payload("firing", **other)]) == ["missed"]


def test_several_alerts_in_one_payload_all_count():
    both = {
        "receiver": "operations",
        "alerts": [*payload("firing")["alerts"], *payload("firing", 2)["alerts"]],
    }

    assert outcomes([transition("active"), transition("step", 2)], [both]) == ["sent", "sent"]


def test_the_command_reads_both_logs_and_exits_one_when_something_was_missed(tmp_path):
    (tmp_path / "t").write_bytes(
        encode(transition("active")) + b"\n" + encode(transition("resolved")) + b"\n"
    )
    (tmp_path / "w").write_bytes(orjson.dumps(payload("firing")) + b"\n\n")

    done = CliRunner().invoke(
        app,
        ["reconcile", "--transitions", str(tmp_path / "t"), "--webhooks", str(tmp_path / "w"), "--json"],
    )

    said = orjson.loads(done.stdout)
    assert done.exit_code == 1
    assert (said["transitions"], said["sent"], said["missed"]) == (2, 1, 1)
    assert [each["outcome"] for each in said["told"]] == ["sent", "missed"]


def test_a_line_that_is_no_transition_is_a_usage_error_with_its_number(tmp_path):
    (tmp_path / "t").write_bytes(b"{}\n")
    (tmp_path / "w").write_bytes(b"")

    done = CliRunner().invoke(
        app, ["reconcile", "--transitions", str(tmp_path / "t"), "--webhooks", str(tmp_path / "w")]
    )

    assert done.exit_code == 2
    assert "line 1" in done.output


def test_who_heard_of_a_breach_once_did_not_hear_that_it_came_back():
    back = [
        transition("reopened", count=1),
        transition("step", 2, count=1),
        transition("resolved", 2, count=1),
    ]
    log = [transition("active"), transition("resolved"), *back]
    once = [payload("firing"), payload("resolved")]
    again = [payload("firing", begins="18:00"), payload("firing", 2, begins="18:00")]
    over = [payload("resolved", begins="18:00"), payload("resolved", 2, begins="18:00")]

    assert outcomes(log, [*once, *again, *over]) == ["sent"] * 5
    assert outcomes(log, once) == ["sent", "sent", "missed", "missed", "missed"]
    assert outcomes(log, [*once, *again]) == ["sent"] * 4 + ["missed"]
    assert outcomes(log, [*once * 2, *again, *over[1:]]) == ["sent"] * 4 + ["missed"]
