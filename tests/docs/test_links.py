import re

import pytest

LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(text):
    """Return the anchors of a document's headings, as common renderers make them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_and_picture_inside_the_project_exists(documents, root):
    checked = 0
    for name, text in documents.items():
        for target in LINK.findall(text):
            if target.startswith(("http://", "https://")):
                continue
            path, _, anchor = target.partition("#")
            file = ((root / name).parent / path).resolve() if path else root / name
            assert file.exists(), f"{name}: {target}"
            if anchor:
                assert anchor in anchors(file.read_text("utf-8")), f"{name}: {target}"
            checked += 1
    assert checked > 40


def test_every_document_can_be_reached_from_the_readme(documents):
    seen, waiting = set(), ["README.md"]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        folder = name.rpartition("/")[0]
        for target in LINK.findall(documents[name]):
            path = target.partition("#")[0]
            if path.endswith(".md") and not target.startswith("http"):
                parts = []
                for part in f"{folder}/{path}".split("/"):
                    if part == "..":
                        parts.pop()
                    elif part:
                        parts.append(part)
                waiting.append("/".join(parts))
    assert set(documents) - seen == set()


@pytest.mark.parametrize(
    "foreign", ["/" + "tmp", "/work/", "../shared", "/root/", "/home/", "pypi", "npmjs", "maven.org"]
)
def test_no_document_names_a_place_outside_the_project(foreign, documents):
    assert [name for name, text in documents.items() if foreign in text] == []


def test_every_file_that_is_named_exists(documents, root):
    for name, text in documents.items():
        for path in re.findall(r"`((?:streams|agents|alerts|dashboards|deploy|tests|docs)/[\w./-]+)`", text):
            assert (root / path).exists(), f"{name}: {path}"
