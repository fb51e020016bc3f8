"""Which locations of a region are not known to be who they say, or would be counted twice."""

from alerts.judged import Judged
from alerts.unjudged import silent_on
from streams.calendar import iso
from streams.doubts import DoubtName, DoubtView
from streams.indicators import DOUBTS
from streams.topics import REPORT_TOPICS


def doubt_views(region: Judged) -> list[DoubtView]:
    """Return the doubts by kind, in order of the topics."""
    return [
        DoubtView(
            topic,
            name,
            int(found.value or 0),
            [DoubtName(one.location, iso(one.told_at), one.figure) for one in found.silent],
        )
        for name in DOUBTS
        for topic in REPORT_TOPICS
        if (found := silent_on(region, topic, name)) is not None
    ]
