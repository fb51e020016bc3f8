import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def documents():
    """Every document of the project, by its path from the root."""
    own = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    found = [*own, *sorted((ROOT / "docs").rglob("*.md"))]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in found}


@pytest.fixture(scope="session")
def fenced_lines(documents):
    """Every command line in a fenced block, as (document, words after `ketenwacht`), without what the shell does.

    And without `[--json]`, by which a block says that there is more.
    """
    found = []
    for name, text in documents.items():
        for _, block in _FENCE.findall(text):
            for line in block.replace("\\\n", " ").splitlines():
                words = line.strip().removeprefix("$ ").removeprefix(".venv/bin/")
                if words.startswith("ketenwacht "):
                    found.append((name, [word for word in _without_shell(words)[1:] if word != "[--json]"]))
    return found


@pytest.fixture(scope="session")
def inline_commands(documents):
    """Every command named in running text, as (document, words after `ketenwacht`)."""
    return [
        (name, shlex.split(words)[1:])
        for name, text in documents.items()
        for words in re.findall(r"`(ketenwacht [^`\n]+)`", _FENCE.sub("", text))
        if "COMMAND" not in words
    ]


def _without_shell(line):
    words = shlex.split(line, comments=True)
    for number, word in enumerate(words):
        if word in {">", "|", "2>"}:
            return words[:number]
    return words
