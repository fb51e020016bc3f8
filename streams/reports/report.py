"""What every report carries, whatever its topic."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

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

    A correction is the same subject and `observed_at` with a higher `revision`; it replaces.
    Unknown fields are refused, so that nothing about a person can slip in.

    Attributes:
        id: unique per report, the deduplication key and CloudEvents id.
        source: feed that sent it, such as `lcps`.
        region: ROAZ region id or `NL`; equals the record key.
        location: hospital location, institution or area the readings are about; `NL` for the whole country.
        observed_at: event time, when what is said was so. A clock may be up to a day ahead; figures then count as of
            `received_at`, so that they do not hide what comes later.
        received_at: when it became known to us.
        revision: 0 for the first statement, higher for a correction.
        completeness: share of what the location should report that is in here, 0...1.
    """

    id: Annotated[str, Meta(min_length=1, max_length=200)]
    source: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}\Z")]
    region: Annotated[str, Meta(pattern=r"^(R[0-9]{2}|NL)\Z")]
    location: Name
    observed_at: Moment
    received_at: Moment
    revision: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    completeness: Share = 1.0
