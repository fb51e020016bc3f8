"""How figures, moments and scopes are written in a mail."""

import re
from datetime import datetime
from typing import Final

from alerts.texts import Text, Texts
from streams.calendar import AMSTERDAM
from streams.legible import shown

UNKNOWN: Final = "onbekend"
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_FEED = re.compile(r"source=([^,;. ]+),topic=care\.([a-z-]+)")
_WORDS = (
    ("subject=spreading", "spreiding van patiënten"),
    ("subject=ic-dependent", "IC-afhankelijke zorg"),
    ("unit=ic", "IC"),
    ("unit=ward", "kliniek"),
    ("access=", ""),
    (",specialism=", ", "),
    (",treatment=", ", "),
    ("publisher=", ""),
    ("norm=", "norm "),
)
"""Labels of a scope, in words: as the mails of Alertmanager write them."""


def number(value: float) -> str:
    """Return a number in Dutch notation, with one decimal if it has one.

    >>> number(1352.04)
    '1.352'
    """
    text = f"{round(value + 0.0, 1):,.1f}".removesuffix(".0")
    return text.translate(str.maketrans(",.", ".,"))


def figure(value: float | None, text: Text | None, texts: Texts, *, noun: bool = False) -> str:
    """Return a value with its unit as its norm shows it: `93,4 %`, `35 dagen`; `onbekend` where there is none."""
    if value is None:
        return UNKNOWN
    if text is None:
        return number(value)
    scaled = 100 * value if text.figure == "percent" else value
    words = [number(scaled), texts.unit(text, scaled), text.noun if noun else ""]
    return " ".join(filter(None, words))


def when(moment: str | float) -> str:
    """Return a moment in the time of Amsterdam: `15 november 2021, 13:00 uur`.

    Args:
        moment: ISO 8601, or seconds since 1970.
    """
    try:
        at = (
            datetime.fromisoformat(moment)
            if isinstance(moment, str)
            else datetime.fromtimestamp(moment, AMSTERDAM)
        )
    except ValueError:
        return UNKNOWN
    local = at.astimezone(AMSTERDAM)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M} uur"


def duration(seconds: float) -> str:
    """Return how long something lasted: `3 dagen en 4 uur`, `1 uur en 5 minuten`; a minute at least."""
    minutes = max(1, round(seconds / 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        parts = [f"{days} dag{'en' if days > 1 else ''}", f"{hours} uur" if hours else ""]
    else:
        parts = [
            f"{hours} uur" if hours else "",
            f"{rest} {'minuut' if rest == 1 else 'minuten'}" if rest else "",
        ]
    return " en ".join(filter(None, parts))


def readable(scope: str) -> str:
    """Return a scope in words."""
    said = _FEED.sub(r"bron \1 (\2)", scope)
    for label, word in _WORDS:
        said = said.replace(label, word)
    return inert(said)


def inert(text: str) -> str:
    """Return a text of others as it may stand in a mail: in one line, legible, and no mail program makes a link of it."""
    return shown(text).replace("://", ": //").replace("www.", "www .")
