"""Apache Kafka's jars: resolved once by Maven from pom.xml, kept in the user's cache folder."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

POM = Path(__file__).with_name("pom.xml")
JAVA_NEEDED = 17
_MAVEN_TIMEOUT_S = 600


class KafkaUnavailable(RuntimeError):  # noqa: N818 - it is a state of the machine
    """Apache Kafka cannot be had here; the message says what to install."""


def java() -> str:
    """Return the path of a Java runtime that is new enough.

    Raises:
        KafkaUnavailable: there is none.
    """
    program = shutil.which("java")
    if program is None:
        raise KafkaUnavailable(
            f"Apache Kafka needs Java {JAVA_NEEDED} or later: apt-get install default-jre-headless"
        )
    told = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    if found is None or int(found[1]) < JAVA_NEEDED:
        first = told.splitlines()[0] if told else "nothing"
        raise KafkaUnavailable(
            f"Apache Kafka needs Java {JAVA_NEEDED} or later, {program} says {first}: "
            "apt-get install default-jre-headless"
        )
    return program


def cache_folder() -> Path:
    """Return the folder for things that can be fetched again."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "ketenwacht"


def jars(cache: Path | None = None) -> Path:
    """Return the folder with Kafka's jars, fetching them the first time (44 MB, about 10 s).

    The folder's name holds a hash of pom.xml, so another version is another folder. It appears by one
    rename when complete: two callers at once both get a whole one.

    Raises:
        KafkaUnavailable: Maven is missing, or could not fetch them.
    """
    key = hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    folder = (cache or cache_folder()) / f"kafka-{key}"
    if folder.is_dir():
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailable("Apache Kafka is fetched by Maven: apt-get install maven")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="kafka-") as scratch:
        fresh = Path(scratch) / "jars"
        _fetch(maven, fresh)
        try:
            fresh.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
    return folder


def _fetch(maven: str, into: Path) -> None:
    argv = [
        *(maven, "--batch-mode", "--quiet", "--file", str(POM)),
        *("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={into}"),
    ]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=_MAVEN_TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise KafkaUnavailable(
            f"Maven did not finish fetching Apache Kafka in {_MAVEN_TIMEOUT_S} s"
        ) from error
    if done.returncode != 0 or not any(into.glob("kafka_*.jar")):
        lines = [line for line in done.stdout.splitlines() if line.startswith("[ERROR]")]
        why = lines[0] if lines else f"exit code {done.returncode}"
        raise KafkaUnavailable(f"Maven could not fetch Apache Kafka: {why}")
