"""What the live system knows: overviews say what holds now, closings what was known before, breaches what happened.

Overviews carry totals; figures per specialism and treatment come from the last closing, at most a day old.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from alerts.overview import is_headline
from dashboards.reports.knowledge import Knowledge, by_key
from dashboards.reports.months import month_of, months_before
from dashboards.reports.recorded import Months, Told, is_total
from streams.kafka import KafkaSettings
from streams.log_end import LogRecord, read_all
from streams.regions import REGIONS
from streams.status import (
    Closing,
    Indicator,
    IndicatorView,
    RegionOverview,
    Transition,
    decode_closing,
    decode_overview,
    decode_transition,
)
from streams.topics import BREACHES, CLOSINGS, OVERVIEW

ORIGIN = "het lopende systeem"
_WEEKS = 13


class NothingKnownError(ValueError):
    """The live system has said nothing yet; the message says what to look at."""


class Live:
    """What was read from the derived topics, whole.

    Args:
        records: those of `care.overview`, `care.breaches` and `care.closings`, each topic in its order.
    """

    def __init__(self, records: Iterable[LogRecord]) -> None:
        self._overviews: dict[str, RegionOverview] = {}
        self._transitions: dict[str, Transition] = {}
        self._closings: dict[bytes, bytes] = {}
        for record in records:
            if record.topic == CLOSINGS and record.key is not None:
                if record.value is None:
                    self._closings.pop(record.key, None)
                else:
                    self._closings[record.key] = record.value
            elif record.value is not None and record.topic == OVERVIEW:
                overview = decode_overview(record.value)
                if overview.region in REGIONS:
                    self._overviews[overview.region] = overview
            elif record.value is not None and record.topic == BREACHES:
                transition = decode_transition(record.value)
                self._transitions.setdefault(transition.id, transition)

    def told(self) -> Told:
        """Return what a report shows: what is known now, the last weeks, and every transition."""
        weeks = self._periods("W")
        history = [closed for _, closed in sorted(weeks.items())][-_WEEKS:]
        now = self._now(history[-1] if history else Knowledge(0))
        totals = [_totals(each) for each in history if each.at < now.at]
        transitions = sorted(self._transitions.values(), key=lambda each: (each.at, each.step))
        return Told(ORIGIN, now, totals, transitions)

    def months(self, month: str | None, before: int) -> Months:
        """Return what is known of a month (by default the one that goes on) and of those before.

        A month that has ended is told as it was known then; of one that nothing was kept of, nothing is known.

        Raises:
            NothingKnownError: nothing was ever told.
        """
        now = self.told().now
        if not now.at:
            raise NothingKnownError("the live system knows nothing yet; are workers and ticker running?")
        going_on = month_of(now.at)
        chosen = month or going_on
        wanted = {chosen, *months_before(chosen, before)}
        ends = {name: closed for name, closed in self._periods("-").items() if name in wanted}
        if going_on in wanted:
            ends[going_on] = now
        return Months(ORIGIN, chosen, {chosen: Knowledge(now.at)} | ends)

    def _periods(self, kind: str) -> dict[str, Knowledge]:
        """Return the closings of weeks (`W`) or of months (`-`): what all topics said of all regions, by period."""
        closed: dict[str, dict[str, dict[str, Indicator]]] = {}
        at: dict[str, int] = {}
        for key, value in self._closings.items():
            period = key.decode().rsplit("/", 1)[-1]
            if ("W" in period) != (kind == "W"):
                continue
            closing: Closing = decode_closing(value)
            at[period] = max(at.get(period, 0), closing.at)
            figures = closed.setdefault(period, {}).setdefault(closing.region, {})
            figures.update(by_key(closing.indicators))
        return {period: Knowledge(at[period], figures) for period, figures in closed.items()}

    def _now(self, closed: Knowledge) -> Knowledge:
        figures: dict[str, Mapping[str, Indicator]] = {}
        for name in REGIONS:
            overview = self._overviews.get(name)
            # Totals of the closing are left out: the overview says which of them are still known.
            details = {
                key: found for key, found in closed.figures.get(name, {}).items() if not is_headline(found)
            }
            shown = [] if overview is None else [_indicator(view) for view in overview.indicators]
            figures[name] = details | by_key(shown)
        breaches = {name: overview.breaches for name, overview in self._overviews.items()}
        at = max((_seconds(overview.at) for overview in self._overviews.values()), default=0)
        return Knowledge(max(at, closed.at), figures, breaches)


def read_live(kafka: KafkaSettings) -> Live:
    """Return what the live system knows.

    Raises:
        kafka.errors.KafkaError: the broker cannot be reached, or a topic does not exist.
        TimeoutError: it does not answer.
    """
    return Live(read_all(kafka, OVERVIEW, BREACHES, CLOSINGS))


def _totals(known: Knowledge) -> Knowledge:
    figures = {
        name: {key: found for key, found in own.items() if is_total(found)}
        for name, own in known.figures.items()
    }
    return Knowledge(known.at, figures)


def _indicator(view: IndicatorView) -> Indicator:
    return Indicator(view.name, view.labels, view.value, _seconds(view.observed_at), view.completeness)


def _seconds(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())
