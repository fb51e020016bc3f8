"""What every report carries, whatever its topic."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from streams.reports.declaration import Declaration

ALL = "all"
"""Label value for the total over a label, such as all specialisms."""

Count = Annotated[int, Meta(ge=0, le=1_000_000)]
"""A number of people, beds or places."""

Share = Annotated[float, Meta(ge=0, le=1)]
"""A ratio between 0 and 1."""

Moment = Annotated[datetime, Meta(tz=True)]
"""A moment with its offset from UTC, ISO 8601 in JSON."""

Name = Annotated[str, Meta(min_length=1, max_length=120)]
"""A short name: a location, a specialism, a treatment."""


class Report(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """A statement by one source about one location at one moment.

    A correction is the same source, location and `observed_at` with a higher `revision`; it replaces the whole report.
    Unknown fields are refused, so that nothing about a person can slip in. So are texts with characters that are not
    shown, and two rows about the same (`streams.legible`, `streams.subjects`).

    Attributes:
        declared: what a report type says of itself.
        id: unique per report, the deduplication key and CloudEvents id.
        source: feed that sent it, such as `lcps`.
        region: ROAZ region id or `NL`; equals the record key.
        location: hospital location, institution or area the readings are about; `NL` for the whole country.
        observed_at: event time, when what is said was so. A clock may be up to a day ahead; figures then count as of
            `received_at`, so that they do not hide what comes later.
        received_at: when it became known to us.
        revision: 0 for the first statement, higher for a correction, which replaces the whole report: a figure that it
            leaves out or says null is withdrawn, and not known.
        completeness: share of what the location should report that is in here, 0...1.
    """

    declared: ClassVar[Declaration]

    id: Annotated[str, Meta(min_length=1, max_length=200)]
    source: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}\Z")]
    region: Annotated[str, Meta(pattern=r"^(R[0-9]{2}|NL)\Z")]
    location: Name
    observed_at: Moment
    received_at: Moment
    revision: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    completeness: Share = 1.0


class WeeklyReport(Report, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A report about one week.

    Attributes:
        week_start: Monday of the ISO week.
    """

    week_start: date

    def __post_init__(self) -> None:
        """Refuse a week that does not start on a Monday."""
        if self.week_start.weekday():
            raise ValueError("`week_start` must be a Monday")


def refuse_total(specialism: str) -> None:
    """Refuse a total among its parts: it would be counted twice."""
    if specialism == ALL:
        raise ValueError("`specialism` must not be `all`, that is our own total; send the parts")


def has_total(report: Any) -> bool:
    """Return whether a row would be refused by `refuse_total`."""
    for row in report.rows:  # noqa: SIM110 - a loop is faster than a generator
        if row.specialism == ALL:
            return True
    return False
