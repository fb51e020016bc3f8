from pathlib import Path

import pytest

from deploy.fresh import __main__ as fresh
from deploy.fresh.client_settings import carry_in, variables
from deploy.fresh.trial import HEAD, Row, rows


class Scripted:
    """A machine whose commands print what the test says."""

    def __init__(self, root, *answers):
        self.root = root
        self.ran = []
        self._answers = list(answers)

    def put(self, file):
        return f"/{file.name}"

    def run(self, command, who, log):
        self.ran.append((who, command))
        code, text = self._answers.pop(0)
        with log.open("a") as out:
            out.write(text)
        return code


MISSING = "setup: system packages are missing. Run this once, then try again:\n  su -c 'apt-get install x'\n"
MAIL = "mails: .run/x\nfrom clone to first mail: 54 s\n"
TESTS = "4000 passed, 1 skipped in 128.27s (0:02:08)\n10 passed in 9.01s\n300 passed, 2 skipped in 300.00s (0:05:00)\n"


def found(tmp_path, who, *answers):
    machine = Scripted(tmp_path, (0, "Python 3.13.5\n"), (0, ""), *answers)
    return machine, list(rows(machine, "trixie", who, tmp_path / "it.bundle", tmp_path))


def test_root_runs_both_commands_and_the_table_says_what_they_told(tmp_path):
    _, (demo, test) = found(tmp_path, "root", (0, MAIL), (0, TESTS))
    assert (demo.command, demo.ok, demo.outcome) == ("make demo", True, "from clone to first mail: 54 s")
    assert (test.command, test.ok, test.outcome) == ("make test", True, "4310 passed, 3 skipped")
    assert {demo.python, test.python} == {"3.13.5"}
    assert [line.count("|") for line in (demo.line(), test.line())] == [HEAD.splitlines()[0].count("|")] * 2


def test_a_user_runs_once_what_a_command_prints(tmp_path):
    answers = [(2, MISSING), (0, ""), (0, MAIL), (2, MISSING), (0, ""), (0, TESTS)]
    machine, (demo, test) = found(tmp_path, "someone", *answers)
    assert demo.ok
    assert test.ok
    assert [command for who, command in machine.ran if who == "root"] == ["su -c 'apt-get install x'"] * 2


def test_a_command_that_fails_is_tried_once_and_its_log_named(tmp_path):
    _, (demo, test) = found(tmp_path, "someone", (2, "Traceback\n"), (2, MISSING), (100, "no such package\n"))
    assert not demo.ok
    assert demo.outcome == f"see {tmp_path}/trixie-someone-demo.log"
    assert not test.ok
    failed = TESTS.replace("300 passed", "1 failed, 299 passed")
    _, (_, test) = found(tmp_path, "root", (0, MAIL), (2, failed))
    assert test.outcome == f"4309 passed, 3 skipped, 1 failed, see {tmp_path}/trixie-root-test.log"
    assert "| FAILS |" in Row("trixie", "3.13.5", "root", "make test", 600.4, test.ok, "").line()


def test_the_settings_of_package_clients_go_along_and_nothing_else(tmp_path):
    told = {"PIP_INDEX_URL": "a", "https_proxy": "b", "HTTP_PROXY": "c", "MAVEN_OPTS": "d"}
    assert variables({**told, "CI": "true", "HOME": "/x", "SOME_TOKEN": "s", "PIPELINE": "p"}) == told
    host, home, root = (tmp_path / name for name in ("host", "home", "root"))
    for path in (host / "etc/pip.conf", host / "etc/passwd", home / ".m2/settings.xml", home / ".netrc"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)

    carry_in(root, host, home)

    assert {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()} == {
        "etc/pip.conf",
        "etc/apt/apt.conf.d/90host",
        "etc/skel/.m2/settings.xml",
        "root/.m2/settings.xml",
    }


def test_a_link_of_the_machine_does_not_lead_a_copy_out_of_it(tmp_path):
    host, root, outside = tmp_path / "host", tmp_path / "root", tmp_path / "outside"
    for folder in (host / "etc", root / "etc"):
        folder.mkdir(parents=True)
    outside.write_text("theirs")
    (host / "etc/hosts").write_text("ours")
    (root / "etc/hosts").symlink_to(outside)

    carry_in(root, host, tmp_path)

    assert outside.read_text() == "theirs"
    assert (root / "etc/hosts").read_text() == "ours"


def test_it_says_that_it_is_for_root_only(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["fresh"])
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert fresh.main() == 1
    assert "as root only" in capsys.readouterr().err


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_the_documents_say_when_to_run_it(document):
    assert "make fresh" in (Path(__file__).parents[2] / document).read_text("utf-8")
