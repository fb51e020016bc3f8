import gzip
import re
from datetime import UTC, datetime

import orjson
import pytest
import typer
from typer.testing import CliRunner

from deploy.cli.main import app

CHEAP = (
    ["norms"],
    ["topics", "list"],
    ["simulate"],
    ["dashboards", "check"],
    ["backtest"],
    ["status", "--recording"],
    ["monitor", "--recording"],
    ["report", "R05"],
)


def runs(command):
    """Return whether a command does something itself; most groups do not."""
    return not hasattr(command, "commands") or command.invoke_without_command


def command_of(words):
    """Return the command that words name, and the words that are left for it."""
    command = typer.main.get_command(app)
    for number, word in enumerate(words):
        if runs(command) and word not in getattr(command, "commands", ()):
            return command, words[number:]
        assert word in command.commands, f"ketenwacht {' '.join(words)}: there is no `{word}`"
        command = command.commands[word]
    return command, []


def split(command, rest):
    """Return the options and the arguments among words, as the command takes them apart."""
    known = {opt: parameter for parameter in command.params for opt in parameter.opts if opt.startswith("-")}
    options, arguments, words = [], [], list(rest)
    while words:
        word = words.pop(0)
        if word.startswith("-"):
            name = word.partition("=")[0]
            assert name in known, f"{command.name} has no option {name}"
            options.append(name)
            if not known[name].is_flag and "=" not in word:
                assert words, f"{command.name} {name} lacks its value"
                words.pop(0)
        else:
            arguments.append(word)
    return options, arguments


def test_every_command_line_in_a_block_exists_with_its_options_and_arguments(fenced_lines):
    assert len(fenced_lines) > 30
    for document, words in fenced_lines:
        command, rest = command_of(words)
        assert runs(command), f"{document}: {words} names a group"
        _, arguments = split(command, rest)
        places = [parameter for parameter in command.params if not parameter.opts[0].startswith("-")]
        needed = sum(parameter.required for parameter in places)
        assert needed <= len(arguments) <= len(places), f"{document}: {words}"


def test_every_command_in_running_text_exists_with_its_options(inline_commands):
    assert len(inline_commands) > 20
    for document, words in inline_commands:
        plain = [re.sub(r"[\[\]]", "", word).partition("|")[0] for word in words if word not in {"...", "·"}]
        command, rest = command_of(plain)
        known = {opt for parameter in command.params for opt in parameter.opts}
        for word in rest:
            if word.startswith("-"):
                assert word in known, f"{document}: {' '.join(words)}"


def day_before(path):
    """Return a recording of the beginning of the day before the first moment that the documents ask for."""
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    since = datetime(2021, 11, 23, tzinfo=UTC).timestamp() * 1000
    own = [line for line in lines[1:] if orjson.loads(line)["timestamp"] >= since]
    return gzip.compress(b"".join([lines[0], *own[:150]]))


@pytest.mark.timeout(600)
def test_the_commands_that_need_no_server_do_what_the_documents_say(
    fenced_lines, root, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    recording = runner.invoke(app, ["simulate", "najaarsgolf", "-o", "golf.jsonl.gz"])
    assert recording.exit_code == 0
    short = day_before(tmp_path / "golf.jsonl.gz")
    (tmp_path / "lcps.jsonl.gz").write_bytes(short)
    (tmp_path / "mynorms.toml").write_bytes((root / "alerts" / "norms.toml").read_bytes())
    ran = set()
    simulated = 0
    for document, words in fenced_lines:
        line = " ".join(words)
        if line in ran or not any(words[: len(start)] == start for start in CHEAP):
            continue
        if any("RECORDING" in word or word == "FILE" for word in words):
            continue
        if words[0] == "simulate" and "--list" not in words:
            simulated += 1
            if simulated > 1:
                continue
        done = runner.invoke(app, words)
        assert done.exit_code == 0, f"{document}: {line}\n{done.output}"
        ran.add(line)
        (tmp_path / "golf.jsonl.gz").write_bytes(short)  # a short one, for the commands that read it
    assert len(ran) >= 8


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "docs/getting-started.md", "docs/operations.md"]
)
def test_every_make_target_exists(name, documents, root):
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = re.findall(r"(?:`|\$ )make ([a-z-]+)", documents[name])
    assert named
    assert set(named) <= targets
