"""What the rows of a report are about: no two about the same, for nobody could say which of two figures holds."""

from typing import Any

from streams.reports import Report


def repeated_subject(report: Report) -> str | None:
    """Return which row of a report is about what an earlier one is about, and what to do; None where none is."""
    declared = report.declared
    first: dict[tuple[Any, ...], int] = {}
    for index, row in enumerate(getattr(report, declared.rows) if declared.rows else ()):
        subject = tuple(getattr(row, name) for name in declared.subject)
        if (before := first.setdefault(subject, index)) != index:
            said = ", ".join(
                f"{name} {value!r}" for name, value in zip(declared.subject, subject, strict=True)
            )
            return (
                f"`{declared.rows}[{index}]` is about {said}, as `{declared.rows}[{before}]` is; "
                "send one row for each, with the figure that holds"
            )
    return None
