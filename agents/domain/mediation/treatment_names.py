"""Finding a treatment by its name, whatever its case, accents, hyphens and small slips.

A name that is not certain is not guessed: who looks for a hip must not be shown knees.
"""

import unicodedata
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from functools import lru_cache

_SURE = 0.88
"""A name this much like what was asked is taken for it, if no other comes near."""

_NEAR = 0.8
_SUGGESTED_FROM = 0.5
_STEM = 4
"""Names that begin with the same letters are about the same part of the body: `heupvervanging` and `heupprothese`."""

SUGGESTIONS_MAX = 8


class UnknownTreatmentError(LookupError):
    """Nothing is known of the treatment that was asked for.

    Attributes:
        asked: what was asked for.
        suggestions: names that are known and come near, best first.
    """

    def __init__(self, asked: str, suggestions: list[str]) -> None:
        near = f"; bedoelt u: {', '.join(suggestions)}" if suggestions else ""
        super().__init__(f"geen wachttijden bekend van behandeling \u2018{asked}\u2019{near}")
        self.asked = asked
        self.suggestions = suggestions


@lru_cache(maxsize=8192)
def plain(name: str) -> str:
    """Return a name as it is compared: letters and digits only, without accents and case.

    >>> plain("Staar-operatie  (één oog)")
    'staar operatie een oog'
    """
    unaccented = unicodedata.normalize("NFKD", name)
    letters = "".join(c for c in unaccented if not unicodedata.combining(c)).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def letters(name: str) -> str:
    """Return a name without its gaps: `heup vervanging` and `heupvervanging` are one word.

    >>> letters("Staar-operatie")
    'staaroperatie'
    """
    return plain(name).replace(" ", "")


def find_name(asked: str, known: Collection[str], hints: Iterable[tuple[str, str]] = ()) -> str:
    """Return the plain form of the known name that was asked for.

    Args:
        asked: as somebody wrote it.
        known: names as the sources write them.
        hints: pairs of another word (such as a specialism) and a known name that it may lead to.

    Raises:
        UnknownTreatmentError: there is none, or more than one comes near.
    """
    wanted = plain(asked)
    forms = {plain(name) for name in known}
    # The same letters with other gaps are the same word: `heup vervanging`.
    same = sorted(form for form in forms if letters(form) == letters(wanted))
    if same:
        return wanted if wanted in forms else same[0]
    likeness = {form: SequenceMatcher(None, wanted, form).ratio() for form in forms}
    near = sorted(form for form, ratio in likeness.items() if ratio >= _NEAR)
    if near and len({letters(form) for form in near}) == 1 and max(likeness[form] for form in near) >= _SURE:
        return near[0]
    raise UnknownTreatmentError(asked, _suggestions(wanted, known, hints, likeness))


def _suggestions(
    wanted: str, known: Collection[str], hints: Iterable[tuple[str, str]], likeness: dict[str, float]
) -> list[str]:
    hinted = {plain(name) for word, name in hints if wanted and wanted in plain(word)}

    def rank(name: str) -> tuple[bool, bool, float, str]:
        form = plain(name)
        return not (wanted and wanted in form), form not in hinted, -likeness[form], name

    fitting = [
        name
        for name in known
        if (wanted and wanted in plain(name))
        or plain(name) in hinted
        or likeness[plain(name)] >= _SUGGESTED_FROM
        or (len(wanted) > _STEM and plain(name).startswith(wanted[:_STEM]))
    ]
    return sorted(fitting, key=rank)[:SUGGESTIONS_MAX]
