"""deploy/setup.sh on a machine of made-up programs: what it asks for, and that it asks once."""

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

from deploy.cli.doctor import _PYTHONS
from deploy.fresh.trial import printed_command

ROOT = Path(__file__).parents[2]
SETUP = ROOT / "deploy" / "setup.sh"
DEMO = {
    "prometheus": "prometheus",
    "promtool": "prometheus",
    "prometheus-alertmanager": "prometheus-alertmanager",
}
DEMO |= {"amtool": "prometheus-alertmanager"}
TEST = {"chromium": "chromium", "java": "default-jre-headless", "mvn": "maven", "kcat": "kcat"}


@pytest.fixture
def machine(tmp_path):
    """A PATH on which nobody is root, with what setup.sh itself calls; `add` puts a program on it."""
    programs = tmp_path / "bin"
    programs.mkdir()
    ready = tmp_path / "venv"
    ready.mkdir()
    (ready / ".installed").touch()

    class Machine:
        def add(self, name, says=""):
            (programs / name).write_text(f"#!/bin/sh\n{says}\n")
            (programs / name).chmod(0o755)

        def setup(self, goal):
            settings = {"PATH": str(programs), "PYTHON": str(programs / "python3"), "VENV": str(ready)}
            return subprocess.run(
                ["/bin/sh", SETUP, goal], cwd=ROOT, env=settings, capture_output=True, text=True, check=False
            )

        def missing(self, goal):
            done = self.setup(goal)
            assert (done.returncode, done.stderr) == (1, "")
            assert done.stdout.count("apt-get update") == 1, "one command, for everything"
            return set(shlex.split(printed_command(done.stdout))[-1].partition("recommends ")[2].split())

    made = Machine()
    made.add("id", "echo 1000")
    made.add("python3")  # whatever it is asked about, it has
    made.add("sed", 'exec /bin/sed "$@"')
    return made


def test_the_demo_asks_for_no_browser_java_or_maven(machine):
    assert machine.missing("demo") == set(DEMO.values())


def test_the_tests_ask_at_once_for_all_that_they_need(machine):
    assert machine.missing("test") == {*DEMO.values(), *TEST.values()}


def test_a_library_that_the_browsers_driver_needs_is_asked_for_by_the_tests_only(machine):
    machine.add("python3", 'case "$*" in *libatomic*) exit 1;; esac')
    assert "libatomic1" in machine.missing("test")
    assert "libatomic1" not in machine.missing("demo")


@pytest.mark.parametrize(
    ("version", "enough"), [("1.8.0_402", False), ("11.0.2", False), ("17.0.15", True), ("25", True)]
)
def test_any_java_from_17_on_will_do(machine, version, enough):
    machine.add("java", f"echo 'openjdk version \"{version}\" 2025-04-15' >&2")
    assert ("default-jre-headless" not in machine.missing("test")) == enough


@pytest.mark.parametrize(("program", "command"), [("sudo", "sudo sh -c"), ("su", "su -c")])
def test_the_printed_command_is_one_that_this_machine_has(machine, program, command):
    machine.add(program)
    assert printed_command(machine.setup("demo").stdout).startswith(command)


@pytest.mark.parametrize("goal", ["demo", "test"])
def test_where_nothing_is_missing_it_says_nothing(machine, goal):
    for name in (*DEMO, *TEST):
        machine.add(name, "echo 'openjdk version \"21\"' >&2" if name == "java" else "")
    done = machine.setup(goal)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_is_allowed_of_python_is_what_the_readme_says_was_run():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    first, last = _PYTHONS[0], _PYTHONS[-1]
    assert asked == f">={first[0]}.{first[1]},<{last[0]}.{last[1] + 1}"
    assert f"not {first} <= sys.version_info[:2] <= {last}" in SETUP.read_text("utf-8")
    ran = re.findall(r"\b(3)\.(1\d)\.\d+\b", (ROOT / "README.md").read_text("utf-8"))
    assert {(int(major), int(minor)) for major, minor in ran} == set(_PYTHONS)


def test_every_package_that_may_be_installed_is_in_the_documents():
    packages = set(re.findall(r"\|\| needs ([a-z0-9-]+)", SETUP.read_text("utf-8")))
    assert packages >= {*DEMO.values(), *TEST.values(), "libatomic1", "python3-venv"}
    told = (ROOT / "docs" / "getting-started.md").read_text("utf-8")
    assert [name for name in sorted(packages) if f"`{name}`" not in told] == []


def test_only_the_first_demo_of_a_clone_counts_from_the_clone(tmp_path):
    def asked():
        words = ["make", "-n", "-f", ROOT / "Makefile", "demo"]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert "--cloned" not in asked(), "this is no clone"
    (tmp_path / ".git/logs").mkdir(parents=True)
    log = "0 1 A B <a@b.nl> 1796034300 +0000\tclone: from x\n1 2 C <c@d.nl> 1796034399 +0000\tcommit: y\n"
    (tmp_path / ".git/logs/HEAD").write_text(log)
    assert "demo --cloned 1796034300" in asked()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/.installed").touch()
    assert "--cloned" not in asked(), "it has run before"
