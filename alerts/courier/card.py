"""What a mail says about one breach: the words of its norm, with the figures of a transition and of the overview."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from alerts.annotations import LIMIT_WORDS, NOT_JUDGED, Links
from alerts.courier.dutch import figure, inert, readable, when
from alerts.episode import UNJUDGED
from alerts.norm import EVERY_CHAIR, Norm
from alerts.norms import Norms
from alerts.rests_on import rests_on
from alerts.texts import Text, Texts
from alerts.where_text import counts_text, where_text
from streams.calendar import seconds
from streams.regions import REGIONS
from streams.status import RegionOverview, Transition
from streams.views import BreachView, IndicatorView

_SEVERITIES = {"critical": ("KRITIEK", "#a3161f"), "warning": ("OVERSCHRIJDING", "#9a5b00")}
_SMALL = ("LET OP", "#3f5870")


@dataclass(frozen=True)
class Card:
    """The words about one transition of a breach; what is not known is empty, a value that is not known is `onbekend`."""

    region: str
    region_name: str
    title: str
    short: str
    scope: str
    severity: str
    colour: str
    value: str
    limit: str
    since: str
    at: str
    observed: str
    ladder: str
    step: int
    count: int
    reason: str
    page_url: str
    dashboard_url: str
    limit_word: str = ""
    summary: str = "Een norm is overschreden die hier niet bekend is"
    meaning: str = (
        "Deze norm staat niet in het normenbestand van de koerier, dus meer is er niet over te zeggen."
    )
    action: str = "Kijk op de pagina van de regio, en laat het beheer het normenbestand nagaan."
    anchor: str = ""
    next: str = ""
    basis: str = ""
    assumption: str = ""
    runbook_url: str = ""
    ends: str = ""
    rests_on: str = ""
    counts: str = ""
    where: str = ""
    caution: str = ""

    @property
    def headline(self) -> str:
        """The breach in a line, as subjects have it."""
        scope = f" ({self.scope})" if self.scope else ""
        return f"{self.region} {self.region_name}: {self.short}{scope} {self.value} (grens {self.limit})".replace(
            "  ", " "
        )


class Cards:
    """Makes cards of transitions.

    Args:
        norms: what is judged.
        texts: the words.
        links: where links lead.
    """

    def __init__(self, norms: Norms, texts: Texts, links: Links) -> None:
        self._norms = norms
        self._texts = texts
        self._links = links

    def card(self, of: Transition, overview: RegionOverview | None, active: Transition | None = None) -> Card:
        """Return the card of a transition.

        Args:
            of: the transition.
            overview: the newest overview of its region, for who is behind the figure and what it rests on.
            active: how the breach began, where it did not come back since: later steps count from there.
        """
        norm = self._norms.by_id.get(of.norm)
        text = self._texts.by_norm.get(of.norm)
        severity, colour = _SEVERITIES.get(of.severity, _SMALL)
        region = quote(of.region, safe="")
        said: dict[str, Any] = {
            "region": inert(of.region),
            "region_name": self._texts.regions.get(of.region, ""),
            "title": norm.title if norm else inert(of.norm),
            "short": text.norms[of.norm] if text else inert(of.norm),
            "scope": readable(of.scope),
            "severity": severity,
            "colour": colour,
            "value": figure(of.value, text, self._texts, noun=True),
            "limit": figure(of.limit, text, self._texts),
            "since": when(of.since),
            "at": when(of.at),
            "observed": when(of.observed_at),
            "step": of.step,
            "count": of.count,
            "reason": self._texts.endings.get(of.reason, ""),
            "ladder": f"trap {of.step}",
            "page_url": self._links.page.format(region=region),
            "dashboard_url": self._links.dashboard.format(region=region),
        }
        if norm and text:
            said |= self._of_norm(of, norm, text, active) | self._of_figures(of, norm, overview)
        return Card(**said)

    def _of_norm(self, of: Transition, norm: Norm, text: Text, active: Transition | None) -> dict[str, str]:
        texts, region = self._texts, of.region if of.region in REGIONS else "NL"
        clear = norm.clear_limit_in(region)
        side = "hoger" if norm.comparison.startswith("<") else "lager"
        known = 0 < of.step <= len(norm.steps)
        step = norm.steps[of.step - 1] if known else norm.steps[-1]
        at_once = step.after_seconds == 0 and step.role != EVERY_CHAIR
        said = {
            "summary": text.summary,
            "meaning": text.meaning,
            "action": text.action if at_once else texts.escalation[step.role],
            "basis": f"{norm.source}; {norm.article}",
            "runbook_url": self._links.runbook.format(runbook=text.runbook, heading=text.id),
            "limit_word": LIMIT_WORDS[norm.comparison],
            "ends": "" if clear == norm.limit_in(region) else f"{figure(clear, text, texts)} of {side}",
            "next": self._next(norm, of.step, active),
        }
        if known:
            said["ladder"] = f"trap {of.step} van {len(norm.steps)}: {texts.roles[step.role]}"
            said["anchor"] = texts.anchors[step.anchor] if step.anchor else ""
        if norm.assumption is not None:
            day = date.fromisoformat(norm.assumption.date)
            said["assumption"] = (
                f"{norm.assumption.text} ({norm.assumption.owner}, {day.day}-{day.month}-{day.year})"
            )
        return said

    def _next(self, norm: Norm, step: int, active: Transition | None) -> str:
        if step >= len(norm.steps):
            return "Dit is de laatste trap van de ladder."
        following = norm.steps[step]
        days, rest = divmod(following.after_seconds, 86_400)
        delay = f"{following.after_seconds // 3600} uur" if rest else f"{days} dag{'en' if days != 1 else ''}"
        due = f"{delay} na het begin"
        if active is not None:
            began = datetime.fromisoformat(active.at).timestamp()
            due = f"op {when(began + following.after_seconds)}"
        role = self._texts.roles[following.role]
        return f"Trap {step + 1} van {len(norm.steps)}: {role}, {due}, als de overschrijding dan nog duurt."

    def _of_figures(self, of: Transition, norm: Norm, overview: RegionOverview | None) -> dict[str, str]:
        said: dict[str, str] = {}
        view = _breach(overview, of)
        if of.reason == UNJUDGED or (view is not None and of.state != "resolved" and not view.judged):
            said["caution"] = NOT_JUDGED.strip()
        if overview is None:
            return said
        steps = norm.steps[of.step - 1 : of.step]
        if view is not None and view.value == of.value:
            said["counts"] = counts_text(view.part, view.of, norm.indicator, self._texts)
            if not any(step.role == EVERY_CHAIR for step in steps):  # no chair hears of another one's region
                said["where"] = inert(where_text(view.where, view.others, norm.indicator, self._texts))
        found = _indicator(overview, norm)
        if found is not None and found.value == of.value:
            newest = seconds(datetime.fromisoformat(found.newest)) if found.newest else 0
            said["rests_on"] = rests_on(found.evidence, newest, found.completeness, self._texts.rests_on)
        return said


def _breach(overview: RegionOverview | None, of: Transition) -> BreachView | None:
    views = overview.breaches if overview else []
    return next((each for each in views if each.episode == of.episode), None)


def _indicator(overview: RegionOverview, norm: Norm) -> IndicatorView | None:
    """Return the figure of a norm that looks at one; of a split norm an overview shows none for sure."""
    if norm.split:
        return None
    own = dict(norm.labels)
    return next(
        (each for each in overview.indicators if (each.name, each.labels) == (norm.indicator, own)), None
    )
