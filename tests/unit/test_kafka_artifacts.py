import re

import pytest
from typer.testing import CliRunner

from deploy.child import free_ports
from deploy.cli.main import app
from deploy.kafka.artifacts import KafkaUnavailable, cache_folder, jars, java


def program(folder, name, script):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def path(tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_without_java_it_says_what_to_install(path):
    with pytest.raises(KafkaUnavailable, match="apt-get install default-jre-headless"):
        java()
    program(path, "java", "echo 'openjdk version \"11.0.2\"' >&2")
    with pytest.raises(KafkaUnavailable, match=r"Java 17 or later, .* says openjdk version"):
        java()
    program(path, "java", "echo 'openjdk version \"21.0.1\"' >&2")
    assert java() == str(path / "java")


@pytest.mark.usefixtures("path")
def test_the_doctor_misses_no_java_because_the_embedded_broker_does_without():
    told = CliRunner().invoke(app, ["doctor"]).stdout
    assert re.search("^ok    Java, .*install default-jre-headless; the embedded broker", told, re.MULTILINE)


def test_without_maven_it_says_what_to_install(path, tmp_path):
    with pytest.raises(KafkaUnavailable, match="apt-get install maven"):
        jars(tmp_path / "cache")
    assert not list(path.iterdir())


def test_a_failed_fetch_says_why_and_leaves_nothing_behind(path, tmp_path):
    program(path, "mvn", "echo '[ERROR] no such artifact'; exit 1")
    with pytest.raises(KafkaUnavailable, match="no such artifact"):
        jars(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_jars_are_fetched_once(path, tmp_path):
    fetch = """for each; do case "$each" in -DoutputDirectory=*) into=${each#*=};; esac; done
    /bin/mkdir -p "$into" && : > "$into/kafka_2.13-0.jar" """
    program(path, "mvn", fetch)
    first = jars(tmp_path / "cache")
    (path / "mvn").unlink()
    assert jars(tmp_path / "cache") == first
    assert [each.name for each in first.iterdir()] == ["kafka_2.13-0.jar"]


def test_the_cache_follows_the_users_choice(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "ketenwacht"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "ketenwacht"


def test_free_ports_differ_and_are_above_the_privileged_ones():
    ports = free_ports(5)
    assert len(set(ports)) == 5
    assert min(ports) > 1023
