"""One region of one topic: what is reported to it, the ticks that it passes, and what it said last."""

from datetime import datetime

from agents.domain.partition import empty_partition, tick
from alerts.norms import load_norms
from streams.indicators import indicator_key
from streams.regions import UNPLACED
from streams.reports import Report
from streams.status import Indicator
from tests.support.entrance import receive
from tests.support.reports import record

NORMS = load_norms()


class OneRegion:
    """A partition that holds one region; `outcomes` are those of the reports, in order."""

    def __init__(self, topic: str, region: str = "R07") -> None:
        self.region = region
        self.partition = empty_partition(topic, 0, (region,))
        self.said: dict[str, Indicator] = {}
        self.outcomes: list[str] = []

    def tell(self, *reports: Report) -> "OneRegion":
        """Report these."""
        for report in reports:
            told = record(report)
            self.outcomes.append(receive(self.partition, told.key, told.value, told.timestamp))
        return self

    def tick(self, at: datetime) -> dict[str, float | int | None]:
        """Pass a tick; return the values that changed, those about the sources apart."""
        changed = {
            indicator_key(one.name, one.labels): one
            for entry in tick(self.partition, int(at.timestamp()), NORMS)
            for one in entry.indicators
            if entry.region != UNPLACED and one.name not in ("feed_received_at", "backdated_reports")
        }
        self.said |= changed
        return {key: one.value for key, one in changed.items()}

    def value(self, name: str, **labels: str) -> float | int | None:
        """Return a value as last said; None if it is gone or was never said."""
        found = self.said.get(indicator_key(name, labels))
        return None if found is None else found.value
