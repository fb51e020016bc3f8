"""What the live system knows: overviews say what holds now, closings what was known before, breaches what happened.

Overviews carry totals; figures per specialism and treatment come from the last closing, at most a day old.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
import structlog

from alerts.overview import is_headline
from dashboards.reports.knowledge import Knowledge, by_key
from dashboards.reports.months import month_of, months_before
from dashboards.reports.recorded import Months, Told, is_total
from streams.calendar import iso
from streams.kafka import KafkaSettings
from streams.log_end import LogRecord, read_all
from streams.regions import REGIONS
from streams.status import (
    Closing,
    Indicator,
    RegionOverview,
    Transition,
    decode_closing,
    decode_overview,
    decode_transition,
)
from streams.topics import BREACHES, CLOSINGS, OVERVIEW
from streams.views import IndicatorView

log = structlog.get_logger()

ORIGIN = "het lopende systeem"
_WEEKS = 13
_TRANSITIONS_MAX = 20_000
_KEPT_SECONDS = 70 * 86_400
"""A report looks back eight weeks."""


class NothingKnownError(ValueError):
    """The live system has said nothing yet; the message says what to look at."""


class Live:
    """What the derived topics say, taken record by record; a repeat changes nothing."""

    def __init__(self) -> None:
        self._overviews: dict[str, RegionOverview] = {}
        self._transitions: dict[str, Transition] = {}
        self._closings: dict[bytes, bytes] = {}

    def overview(self, record: RegionOverview) -> None:
        """Take the latest state of a region."""
        if record.region in REGIONS:
            self._overviews[record.region] = record

    def transition(self, record: Transition) -> None:
        """Take a transition of a breach; those of breaches that ended long ago are forgotten when there are many."""
        self._transitions.setdefault(record.id, record)
        if len(self._transitions) > _TRANSITIONS_MAX:
            self._forget()

    def closing(self, key: bytes, value: bytes | None) -> None:
        """Take a record of `care.closings`; without a value its week is no longer kept."""
        if value is None:
            self._closings.pop(key, None)
        else:
            self._closings[key] = value

    def copy(self) -> "Live":
        """Return what is known now, apart: it can be told in another thread."""
        copied = Live()
        copied._overviews = dict(self._overviews)
        copied._transitions = dict(self._transitions)
        copied._closings = dict(self._closings)
        return copied

    def _forget(self) -> None:
        since = iso(max(_seconds(each.at) for each in self._transitions.values()) - _KEPT_SECONDS)
        last = {each.episode: each for each in sorted(self._transitions.values(), key=lambda one: one.at)}
        # One that ended long ago and came back goes on.
        ended = {each.episode for each in last.values() if each.state == "resolved" and each.at < since}
        kept = [each for each in self._transitions.values() if each.episode not in ended]
        self._transitions = {each.id: each for each in kept[-_TRANSITIONS_MAX // 2 :]}

    def told(self) -> Told:
        """Return what a report shows: what is known now, the last weeks, and the transitions.

        Raises:
            NothingKnownError: nothing was ever told.
        """
        weeks = self._periods("W")
        history = [closed for _, closed in sorted(weeks.items())][-_WEEKS:]
        now = self._now(self._latest())
        if not now.at:
            raise NothingKnownError("the live system knows nothing yet; are workers and ticker running?")
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
            closing = _closing(value)
            if closing is None:
                continue
            at[period] = max(at.get(period, 0), closing.at)
            figures = closed.setdefault(period, {}).setdefault(closing.region, {})
            figures.update(by_key(closing.indicators))
        return {period: Knowledge(at[period], figures) for period, figures in closed.items()}

    def _latest(self) -> Knowledge:
        """Return the newest closing of each topic and region: one that changed nothing closes only with the week."""
        newest: dict[tuple[str, str], Closing] = {}
        for key, value in self._closings.items():
            if b"-W" in key:
                closing = _closing(value)
                if closing is None:
                    continue
                known = newest.get((closing.region, closing.topic))
                if known is None or closing.at > known.at:
                    newest[closing.region, closing.topic] = closing
        figures: dict[str, dict[str, Indicator]] = {}
        for (region, _), closing in newest.items():
            figures.setdefault(region, {}).update(by_key(closing.indicators))
        return Knowledge(max((closing.at for closing in newest.values()), default=0), figures)

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
        silent = {name: overview.silent for name, overview in self._overviews.items()}
        unjudged = {name: overview.unjudged for name, overview in self._overviews.items()}
        return Knowledge(max(at, closed.at), figures, breaches, silent, unjudged)


def read_live(kafka: KafkaSettings) -> Live:
    """Return what the live system knows.

    Raises:
        kafka.errors.KafkaError: the broker cannot be reached, or a topic does not exist.
        TimeoutError: it does not answer.
    """
    return live_of(read_all(kafka, OVERVIEW, BREACHES, CLOSINGS))


def live_of(records: Iterable[LogRecord]) -> Live:
    """Return what records of `care.overview`, `care.breaches` and `care.closings` say, each topic in its order."""
    live = Live()
    for record in records:
        try:
            if record.topic == CLOSINGS and record.key is not None:
                live.closing(record.key, record.value)
            elif record.value is not None and record.topic == OVERVIEW:
                live.overview(decode_overview(record.value))
            elif record.value is not None and record.topic == BREACHES:
                live.transition(decode_transition(record.value))
        except (msgspec.MsgspecError, ValueError) as error:
            log.warning(
                "no record of ours, left out", topic=record.topic, offset=record.offset, error=str(error)
            )
    return live


def _closing(value: bytes) -> Closing | None:
    try:
        return decode_closing(value)
    except msgspec.MsgspecError:
        return None  # no record of ours


def _totals(known: Knowledge) -> Knowledge:
    figures = {
        name: {key: found for key, found in own.items() if is_total(found)}
        for name, own in known.figures.items()
    }
    return Knowledge(known.at, figures)


def _indicator(view: IndicatorView) -> Indicator:
    return Indicator(
        view.name,
        view.labels,
        view.value,
        _seconds(view.observed_at),
        view.completeness,
        evidence=view.evidence,
    )


def _seconds(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())
