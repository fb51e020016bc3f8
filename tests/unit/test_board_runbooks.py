"""Runbooks as pages."""

import re

from alerts.norms import load_norms
from alerts.texts import load_texts
from dashboards.board.runbooks import page, runbook_pages


def test_every_link_of_a_norm_meets_its_heading():
    pages = runbook_pages()
    for text in load_texts(load_norms()).text:
        assert f'id="{text.id}"' in pages[text.runbook], text.id


def test_no_markdown_is_left_standing_in_a_page():
    for name, html in runbook_pages().items():
        body = html.split("<main>")[1]
        assert "**" not in body, name
        assert "`" not in body, name
        assert not re.search(r"^(#|- )", body, flags=re.MULTILINE), name


def test_markdown_becomes_html_and_markup_stays_text():
    html = page("# Eén & twee\n\n## kop\n\n- **a:** `b < c`\n  verder\n- <script>x</script>\n\nslot")

    assert "<title>Eén &amp; twee - Ketenwacht</title>" in html
    assert '<h2 id="kop">kop</h2>' in html
    assert "<li><strong>a:</strong> <code>b &lt; c</code> verder</li>" in html
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "<p>slot</p>" in html
