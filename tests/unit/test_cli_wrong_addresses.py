"""Commands that reach for another process: a wrong address ends with words and an exit code, never with a traceback."""

import socket

import pytest
from kafka.errors import KafkaTimeoutError
from typer.testing import CliRunner

from deploy.cli.main import app


def ketenwacht(*words: str, **environment: str):
    result = CliRunner().invoke(app, list(words), env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def nobody() -> str:
    """Return an address on this machine where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize("board", ["http://[", "http://a b/", "http://127.0.0.1:x/", "ftp://x/", "x"])
def test_an_address_of_the_live_page_that_is_none_is_a_matter_of_usage(board):
    result = ketenwacht("bemiddeling", "--behandeling", "x", "--regio", "R07", "--board", board)
    assert result.exit_code == 2
    assert "http://host:port/" in result.stderr


def test_a_live_page_that_does_not_answer_is_named(nobody):
    result = ketenwacht("bemiddeling", "--behandeling", "x", "--regio", "R07", "--board", f"http://{nobody}/")
    assert result.exit_code == 1
    assert nobody in result.stderr


def test_the_doctor_names_an_address_that_is_none():
    result = ketenwacht("doctor", "--bootstrap", "nonsense")
    assert result.exit_code == 2
    assert "FAIL  topics: KETENWACHT_KAFKA_BOOTSTRAP: host:port expected" in result.stdout


@pytest.mark.parametrize("error", [KafkaTimeoutError("no answer"), ConnectionRefusedError("refused")])
def test_the_doctor_names_a_broker_that_does_not_answer_also_from_the_environment(monkeypatch, nobody, error):
    def silent(*_: object):
        raise error

    monkeypatch.setattr("deploy.cli.doctor.live_partitions", silent)
    for result in (
        ketenwacht("doctor", "--bootstrap", nobody),
        ketenwacht("doctor", KETENWACHT_KAFKA_BOOTSTRAP=nobody),
    ):
        assert result.exit_code == 1
        assert f"FAIL  topics: {nobody}" in result.stdout


@pytest.mark.parametrize("month", ["0001-01", "1921-11", "2121-11"])
def test_a_month_of_another_century_is_a_slip_in_the_year(tmp_path, month):
    recording = tmp_path / "a.jsonl"
    recording.write_text('{"ketenwacht_recording":1,"name":"proef","tick_seconds":3600}\n')
    assert ketenwacht("monitor", "--recording", str(recording), "--month", month).exit_code == 2


def test_a_recording_that_cannot_be_written_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr("deploy.cli.live_log.read_all", lambda *_: iter(()))
    monkeypatch.setattr("deploy.cli.live_log.report_partitions", lambda _: 1)
    for place in (tmp_path, tmp_path / "nowhere" / "a.jsonl"):
        result = ketenwacht("record", str(place))
        assert result.exit_code == 2
        assert f"{place}: cannot be written" in result.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KETENWACHT_WORKER_METRICS_PORT", "many"),
        ("KETENWACHT_WORKER_NORMS_FILE", "/nowhere"),
        ("KETENWACHT_SIGNING_KEYS_FILE", "/nowhere"),
        ("KETENWACHT_SOURCE_KEYS_FILE", "/nowhere"),
    ],
)
@pytest.mark.parametrize("command", ["worker", "up", "demo --headless", "doctor"])
def test_a_setting_that_cannot_be_used_is_a_line_and_a_matter_of_usage(tmp_path, command, variable, value):
    run = ("--run", str(tmp_path)) if command == "up" else ()
    result = ketenwacht(*command.split(), *run, **{variable: value})
    assert result.exit_code == 2
    (told,) = [line for line in (result.stdout + result.stderr).splitlines() if variable in line]
    assert command == "doctor" or result.stderr == f"{told}\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KETENWACHT_KAFKA_BOOTSTRAP", "nonsense"),
        ("KETENWACHT_KAFKA_SECURITY_PROTOCOL", "TLS"),
        ("KETENWACHT_KAFKA_REQUEST_TIMEOUT_S", "soon"),
        ("KETENWACHT_KAFKA_PASSWORD_FILE", "/nowhere"),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        "worker",
        "ticker",
        "ticker reset",
        "board",
        "topics apply",
        "topics check",
        "dlq list",
        "status",
        "record x",
        "suspect list",
        "registry unknown",
        "monitor",
        "report R05",
        "doctor",
    ],
)
def test_a_setting_of_kafka_that_cannot_be_used_is_a_line_too(
    tmp_path, monkeypatch, command, variable, value
):
    monkeypatch.chdir(tmp_path)
    result = ketenwacht(*command.split(), **{variable: value})
    assert result.exit_code == 2, result.output
    (told,) = [line for line in (result.stdout + result.stderr).splitlines() if variable in line]
    assert command == "doctor" or result.stderr == f"{told}\n"
