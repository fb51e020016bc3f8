"""Supply of waiting times: which locations owe theirs.

Since 10-8-2021 each location of hospital care supplies its waits every two weeks: the peildatum is the Tuesday of each
even ISO week, and they are due that day by 23:59, Dutch time (NZa, NR/REG-2127 and its successors, and its questions
and answers on the Zorgbeeldportaal). The ggz has a regulation of its own.

[assumption] A location owes its supply once it has supplied before: nobody publishes who has to. So long after its last
peildatum as the parameter `waits-missed` says it no longer counts: it has closed, or goes by another name. That is not
told as if it had supplied (`agents.domain.figures.in_views`).
"""

from collections.abc import Collection, Iterator
from datetime import date

from agents.domain.figures.in_views import Seen, silence_of
from streams.calendar import day_number, day_start, local_day, supply_day
from streams.status import Indicator

FIRST_DUE = day_number(date(2021, 8, 10))
"""The first peildatum that is due every two weeks."""

HOSPITAL_ACCESS = frozenset({"polikliniek", "diagnostiek", "dagbehandeling", "klinisch", "behandeling"})
"""Access kinds of hospital care (medisch-specialistische zorg)."""

_MINUTE = 60


def due_day(at: int) -> int:
    """Return the last peildatum (day) whose supply was due at second `at`: by 23:59 of that day."""
    return supply_day(local_day(at + _MINUTE) - 1)


def supply_figures(supplied: Collection[int], today: int, missed: int, due: int) -> Iterator[Indicator]:
    """Yield how many locations owe the supply of day `due`.

    Args:
        supplied: newest peildatum (day) of each location that supplied before.
        today: local day.
        missed: days for which a location is missed after its last peildatum.
        due: the day, from `due_day`.
    """
    owing = [peil for peil in supplied if peil >= today - missed]
    if not owing or due < FIRST_DUE:
        return
    given_up = [peil for peil in supplied if peil < today - missed]
    missing, places = sum(peil < due for peil in owing), len(owing)
    found = Indicator("supply_missing_locations", {}, missing, max(owing) * 86_400, 1.0, places)
    if given_up:
        every = Seen(missing + len(given_up), places + len(given_up))
        found = silence_of(found, Seen.of(found), every, day_start(max(given_up) + missed + 1))
    yield found
