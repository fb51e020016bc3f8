"""The mail that tells a message: subject, plain text and HTML, in Dutch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import jinja2

from alerts.addresses import Addresses
from alerts.courier.card import Card, Cards
from alerts.courier.dutch import duration, inert, when
from alerts.courier.openings import Opening
from alerts.courier.outgoing import Outgoing
from alerts.norms import Norms
from alerts.texts import Texts
from streams.notifications import NoticeAbout
from streams.status import RegionOverview, Transition

_SHOWN = 40
"""So many breaches or troubles a mail lists; of the others it says how many they are."""

_TROUBLE: Mapping[NoticeAbout, tuple[str, str, str]] = {
    "fired-without-transition": (
        "Alertmanager meldt overschrijdingen die niet in het logboek staan",
        "Prometheus of Alertmanager meldt een alarm waarvan care.breaches geen overgang heeft. Niemand anders hoort hiervan.",
        "Kijk of de werkers draaien en of care.breaches bijkomt. Staat de overgang er alsnog, dan gaat het bericht vanzelf uit.",
    ),
    "resolved-without-transition": (
        "Alertmanager meldt als voorbij wat volgens het logboek nog open is",
        "Alarmen verdwenen zonder dat care.breaches een einde heeft. Niemand anders hoort hiervan: de overschrijdingen staan nog open.",
        "Kijk of Prometheus draait, de werkers bereikt en lang weg was.",
    ),
    "refused": (
        "De mailserver weigert berichten",
        "Deze ontvangers hebben het bericht niet gekregen.",
        "Bel wie het niet kreeg, en zet het adres recht in het adresboek.",
    ),
    "unknown": (
        "Van berichten is niet bekend of ze zijn aangekomen",
        "De mailserver nam de tekst aan, maar het antwoord ging telkens verloren.",
        "Vraag de ontvangers of zij het kregen, en kijk de mailserver na.",
    ),
    "past": (
        "Overgangen zijn niet verteld omdat ze meer dan een dag achterlopen",
        "De klok van de koerier is een dag verder dan deze overgangen. Wat nog open is, staat in een stand van zaken.",
        "Was het een herhaling van vroeger, dan is dit goed. Kijk anders of de klok klopt, en of de mailserver lang weg was.",
    ),
}
_MEANING = {"was-over": "Dit begon en eindigde voordat het u verteld kon worden."}


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is written, without its address."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a letter is written from besides its message.

    Attributes:
        overview: the newest overview of a region, or None.
        opening: the opening that a transition belongs to.
    """

    overview: Callable[[str], RegionOverview | None]
    opening: Callable[[Transition], Opening]


class LetterWriter:
    """Writes letters.

    Args:
        norms, texts: what is judged, and the words.
        addresses: where links lead.
    """

    def __init__(self, norms: Norms, texts: Texts, addresses: Addresses) -> None:
        self._cards = Cards(norms, texts, addresses.links)

    def letter(self, message: Outgoing, known: Known) -> Letter:
        """Return the mail of a message."""
        if message.what == "notice":
            return self._notice(message)
        told = [(each, self._card(each, known)) for each in message.transitions]
        if message.what == "standing":
            return _standing(told)
        last, card = told[-1]
        said: dict[str, Any] = {"card": card, "what": message.what}
        if message.what in {"end", "was-over"}:
            said |= _over(last, card, message)
        else:
            again = f"Weer begonnen ({last.count}e keer terug): " if last.state == "reopened" else ""
            step = f", trap {card.step}" if card.step > 1 else ""
            urgent = "KRITIEK: " if last.severity == "critical" else ""
            said |= {
                "subject": f"{again}{card.headline}{step}",
                "urgent": urgent,
                "again": last.state == "reopened",
            }
        return _written("breach", said)

    def _card(self, of: Transition, known: Known) -> Card:
        opening = known.opening(of)
        active = next((each for each in opening.starts if each.state == "active"), None)
        return self._cards.card(of, known.overview(of.region), active)

    def _notice(self, message: Outgoing) -> Letter:
        title, meaning, action = _TROUBLE[message.about or "unknown"]
        count = len(message.items)
        said = {
            "subject": f"Beheer: {title} ({count})",
            "title": title,
            "meaning": meaning,
            "action": action,
            "since": when(message.since),
            "items": [inert(each.replace("|", "  ")) for each in message.items[:_SHOWN]],
            "others": max(0, count - _SHOWN),
        }
        return _written("notice", said)


def _over(end: Transition, card: Card, message: Outgoing) -> dict[str, Any]:
    lasted = datetime.fromisoformat(end.at).timestamp() - datetime.fromisoformat(end.since).timestamp()
    solved = not card.reason
    if message.what == "was-over":
        word = "Was over" if solved else "Was al afgesloten"
        subject = f"{word}: {card.headline}, van {card.since} tot {card.at}"
    else:
        subject = f"{'Opgelost' if solved else 'Afgesloten'}: {card.headline}"
    return {
        "subject": subject,
        "solved": solved,
        "lasted": duration(lasted),
        "late": _MEANING.get(message.what, ""),
    }


def _standing(told: list[tuple[Transition, Card]]) -> Letter:
    # Of one breach the highest step that is told: those before it are in it.
    opened = list({each.episode: card for each, card in told if each.state != "resolved"}.values())
    ended = [card for each, card in told if each.state == "resolved"]
    count = len(opened)
    what = f"{count} overschrijding{'' if count == 1 else 'en'} open"
    over = f", {len(ended)} voorbij" if ended else ""
    said = {
        "subject": f"Stand van zaken: {what}{over}",
        "opened": opened[:_SHOWN],
        "ended": ended[:_SHOWN],
        "others": max(0, count - _SHOWN) + max(0, len(ended) - _SHOWN),
    }
    return _written("standing", said)


def _written(name: str, said: Mapping[str, Any]) -> Letter:
    subject = " ".join(f"[Ketenwacht] {said['subject']}".split())
    texts, pages = _environment(autoescape=False), _environment(autoescape=True)
    context = {**said, "subject": subject}
    return Letter(
        subject,
        texts.get_template(f"{name}.txt.j2").render(context),
        pages.get_template(f"{name}.html.j2").render(context),
    )


@cache
def _environment(*, autoescape: bool) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("alerts.courier"),
        autoescape=autoescape,  # noqa: S701 - off for plain text alone
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
