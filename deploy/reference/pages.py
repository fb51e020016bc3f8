"""Every page that is made from code, by its name in docs/."""

from pathlib import Path

from alerts.norms import load_norms
from alerts.norms_page import norms_markdown
from deploy.reference.commands import commands_markdown
from deploy.reference.settings import settings_markdown
from deploy.reference.topics import topics_markdown

DOCS = Path(__file__).parents[2] / "docs"


def pages() -> dict[str, str]:
    """Return the text of each page; the same code gives the same bytes."""
    return {
        "commands.md": commands_markdown(),
        "norms.md": norms_markdown(load_norms()),
        "settings.md": settings_markdown(),
        "topics.md": topics_markdown(),
    }
