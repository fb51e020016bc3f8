"""Report types by topic; a declaration that does not fit its struct is an error when the program starts."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import get_args

import msgspec

from streams.reports.declaration import EVERY, fields_of, row_type
from streams.reports.report import Report, WeeklyReport


def by_topic(kinds: Iterable[type[Report]]) -> Mapping[str, type[Report]]:
    """Return report types by the topic that each declares.

    Raises:
        TypeError: one declares nothing, what another declares, or what its fields contradict.
    """
    found: dict[str, type[Report]] = {}
    for kind in kinds:
        name = kind.__name__
        if "declared" not in vars(kind):
            raise TypeError(f"{name} declares nothing; give it `declared`, as in streams/reports/absence.py")
        declared = kind.declared
        if declared.topic in found:
            raise TypeError(f"{name} declares {declared.topic}, as {found[declared.topic].__name__} does")
        if declared.rows and declared.rows not in kind.__struct_fields__:
            raise TypeError(f'{name} has no `{declared.rows}`; say which field holds its rows, or `rows=""`')
        _check_subject(kind)
        dates = {*fields_of(kind, date), *fields_of(row_type(kind), date)}
        if dates != {declared.day} - {"observed_at"}:
            raise TypeError(
                f"{name} declares `{declared.day}` as its day, its dates are {sorted(dates)}; "
                "a date that is not its day could lie in 2099"
            )
        if (declared.day == "week_start") is not issubclass(kind, WeeklyReport):
            raise TypeError(f"{name}: a report about a week is a WeeklyReport, which begins on a Monday")
        counted = {field.name: field.type for field in msgspec.structs.fields(row_type(kind))}
        if declared.limits and set(declared.limits) not in ({EVERY}, set(get_args(counted.get("unit")))):
            raise TypeError(
                f"{name} declares limits by {sorted(declared.limits)}; by each `unit`, or by `EVERY`"
            )
        for limits in declared.limits.values():
            if unknown := limits.keys() - counted:
                raise TypeError(f"{name} declares limits of {sorted(unknown)}, which it does not count")
        found[declared.topic] = kind
    return found


def _check_subject(kind: type[Report]) -> None:
    declared = kind.declared
    fields = row_type(kind).__struct_fields__ if declared.rows else ()
    if bool(declared.rows) is not bool(declared.subject) or not set(declared.subject).issubset(fields):
        raise TypeError(
            f"{kind.__name__} declares {list(declared.subject)} as the subject of its rows, which have {list(fields)}; "
            "say which fields tell two rows apart"
        )
