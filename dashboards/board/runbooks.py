"""The runbooks as pages: mails link to `/runbooks/NAME#HEADING`.

Runbooks are Markdown of a small kind (headings, paragraphs, lists, bold, code); just that is understood, and
everything else stands as the text that it is.
"""

import re
from collections.abc import Mapping
from html import escape
from importlib import resources

_PAGE = """<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - Ketenwacht</title>
<link rel="icon" href="/favicon.ico" type="image/svg+xml">
<link rel="stylesheet" href="/static/page.css">
<link rel="stylesheet" href="/static/runbook.css">
</head>
<body class="runbook">
<nav><a href="/">Naar de kaart</a></nav>
<main>
{body}
</main>
</body>
</html>
"""


def runbook_pages() -> Mapping[str, str]:
    """Return every runbook as an HTML page, by its name (the file without `.md`)."""
    folder = resources.files("alerts").joinpath("runbooks")
    texts = {each.name: each.read_text("utf-8") for each in folder.iterdir() if each.name.endswith(".md")}
    return {name.removesuffix(".md"): page(text) for name, text in texts.items()}


def page(markdown: str) -> str:
    """Return the page of one runbook."""
    blocks = [block for block in re.split(r"\n\s*\n", markdown.strip()) if block.strip()]
    title = blocks[0].splitlines()[0].lstrip("# ") if blocks else ""
    return _PAGE.format(title=escape(title), body="\n".join(_block(block) for block in blocks))


def _block(block: str) -> str:
    lines = block.splitlines()
    heading = re.match(r"(#{1,3}) +(.+)", lines[0])
    if heading:
        level, words = len(heading[1]), heading[2].strip()
        rest = "\n".join(lines[1:])
        return f'<h{level} id="{escape(words)}">{_inline(words)}</h{level}>' + (_block(rest) if rest else "")
    if lines[0].startswith("- "):
        items = re.split(r"^- +", block, flags=re.MULTILINE)[1:]
        return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>"
    return f"<p>{_inline(block)}</p>"


def _inline(text: str) -> str:
    safe = escape(" ".join(text.split()), quote=False)
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe)
