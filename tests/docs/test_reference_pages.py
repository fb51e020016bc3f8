import pytest

from alerts.norm_reading import duration
from alerts.norms import load_norms
from deploy.reference.commands import commands
from deploy.reference.pages import DOCS, pages
from deploy.reference.settings import MODELS
from streams.topics import catalogue


@pytest.fixture(scope="module")
def written():
    return pages()


@pytest.mark.parametrize("name", ["commands.md", "norms.md", "settings.md", "topics.md"])
def test_the_page_is_the_one_that_the_code_writes(name, written):
    assert (DOCS / name).read_text("utf-8") == written[name], "run `make generate`"


def test_every_topic_norm_setting_and_command_has_its_line(written):
    assert all(f"| `{topic.name}` |" in written["topics.md"] for topic in catalogue())
    assert all(f"| `{norm.id}` |" in written["norms.md"] for norm in load_norms().norms)
    assert all(f"## {name}\n" in written["commands.md"] for name, _ in commands())
    for _, _, model in MODELS:
        for field in model.model_fields:
            assert f"| `{model.model_config['env_prefix']}{field.upper()}` |" in written["settings.md"]


def test_every_norm_says_its_source_and_every_assumption_its_owner_and_date(written):
    for norm in load_norms().norms:
        assert f"{norm.source}; {norm.article}" in written["norms.md"]
        if norm.assumption:
            owned = f"assumption ({norm.assumption.owner}, {norm.assumption.date}): {norm.assumption.text}"
            assert owned in written["norms.md"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0"), (5400, "90m"), (86_400, "24h"), (129_600, "36h"), (1_209_600, "14d")]
)
def test_a_duration_reads_as_people_write_it(seconds, text):
    assert duration(seconds) == text


def test_a_page_never_says_where_the_project_lies_on_a_machine(written):
    assert all(str(DOCS.parent) not in text for text in written.values())
