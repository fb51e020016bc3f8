"""What `ketenwacht demo` shows while it plays: the time in the stream, each region with its breaches, the newest mails."""

from datetime import datetime

from rich.console import Group
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text as Words

from alerts.texts import Texts
from dashboards.reports.words import count
from deploy.demo import Progress
from streams.calendar import AMSTERDAM
from streams.regions import REGIONS

_SUBJECTS_SHOWN = 10
_SEVERITIES = {
    "critical": "[bold red]▲ kritiek[/bold red]",
    "warning": "[yellow]■ overschrijding[/yellow]",
    "info": "[blue]● let op[/blue]",
}
"""The worst first, in the words of the live page; a shape with each colour."""


def screen(progress: Progress, span: tuple[int, int], texts: Texts) -> Group:
    """Return the screen of now.

    Args:
        progress: how far the demo is.
        span: first and last second of the log.
        texts: how norms are called.
    """
    begin, end = span
    now = datetime.fromtimestamp(progress.judged or begin, AMSTERDAM)
    bar = ProgressBar(total=max(end - begin, 1), completed=max(progress.judged - begin, 0), width=40)
    head = Table.grid(padding=(0, 2))
    head.add_row(
        f"[bold]{now:%d-%m-%Y %H:%M}[/bold]",
        bar,
        progress.phase,
        f"{count(progress.produced)} berichten",
        f"{count(len(progress.subjects))} mails",
    )
    table = Table(expand=True, show_edge=False, pad_edge=False)
    table.add_column("regio", no_wrap=True)
    table.add_column("stand", no_wrap=True)
    table.add_column("overschrijdingen", overflow="ellipsis", no_wrap=True, ratio=1)
    for region in REGIONS.values():
        name = region.id if region.id == region.abbreviation else f"{region.id} {region.abbreviation}"
        table.add_row(name, *_state(progress.active.get(region.id), texts))
    with progress.lock:
        subjects = progress.subjects[-_SUBJECTS_SHOWN:]
    mails = Words("\n".join(subjects) or "nog geen", overflow="ellipsis", no_wrap=True)
    return Group(head, table, Panel(mails, title="laatste mails", title_align="left"))


def _state(breaches: list[tuple[str, str]] | None, texts: Texts) -> tuple[str, str]:
    if breaches is None:
        return "[dim]○ onbekend[/dim]", ""
    if not breaches:
        return "[green]✓ binnen de norm[/green]", ""
    order = list(_SEVERITIES)
    worst_first = sorted({(order.index(severity), _name(norm, texts)) for norm, severity in breaches})
    return _SEVERITIES[order[worst_first[0][0]]], ", ".join(name for _, name in worst_first)


def _name(norm: str, texts: Texts) -> str:
    text = texts.by_norm.get(norm)
    return norm if text is None else text.norms[norm]
