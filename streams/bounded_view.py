"""Overviews and closings that a broker takes: of one that is too large the gravest and the totals stay, and it says what went."""

from typing import TypeVar

import msgspec

from streams.status import Closing, RegionOverview, encode
from streams.topics import MESSAGE_BYTES_MAX

_BYTES_MAX = MESSAGE_BYTES_MAX - 1_000
_SEVERITIES = ("critical", "warning", "info")

_View = TypeVar("_View", RegionOverview, Closing)


def bounded(view: _View) -> bytes:
    """Return the record value of an overview or a closing, with `left_out` where it does not hold everything."""
    value = encode(view)
    if len(value) <= _BYTES_MAX:
        return value
    view = _in_order(view)
    left_out = 0
    while len(value) > _BYTES_MAX:
        lists = {
            name: held for name in view.__struct_fields__ if isinstance(held := getattr(view, name), list)
        }
        longest = max(lists, key=lambda name: len(lists[name]))
        keeps = len(lists[longest]) // 2
        left_out += len(lists[longest]) - keeps
        view = msgspec.structs.replace(view, **{longest: lists[longest][:keeps]}, left_out=left_out)
        value = encode(view)
    return value


def _in_order(view: _View) -> _View:
    """Return the view with what is to stay first: totals before figures of one source, the gravest breaches first."""
    indicators = sorted(view.indicators, key=lambda one: "source" in one.labels)
    if isinstance(view, Closing):
        return msgspec.structs.replace(view, indicators=indicators)
    breaches = sorted(view.breaches, key=lambda one: _SEVERITIES.index(one.severity))
    return msgspec.structs.replace(view, indicators=indicators, breaches=breaches)
