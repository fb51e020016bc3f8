"""Every form of bad input: what it is, its key and value, the reason it is refused for, and what that names."""

from dataclasses import dataclass

import orjson

from streams.codec import encode_report
from streams.reports import REPORT_TYPES, Agreement, BedReading
from streams.topics import (
    ABSENCE,
    COORDINATION,
    FOLLOW_UP,
    FORECAST,
    OCCUPANCY,
    OPERATING_ROOMS,
    PRODUCTION,
    REFERRALS,
    WAITING_TIMES,
    WORKSTOCK,
)
from tests.support.reports import (
    MONDAY,
    absence,
    beds,
    event,
    follow_up,
    forecast,
    phase,
    production,
    referrals,
    rooms,
    waits,
    workstock,
)

GOOD = {
    OCCUPANCY: encode_report(beds()),
    WAITING_TIMES: encode_report(waits([10])),
    REFERRALS: encode_report(referrals(10, 10)),
    FOLLOW_UP: encode_report(follow_up(1, 1)),
    OPERATING_ROOMS: encode_report(rooms(17)),
    WORKSTOCK: encode_report(workstock()),
    PRODUCTION: encode_report(production()),
    ABSENCE: encode_report(absence(7.5)),
    FORECAST: encode_report(forecast([30] * 7)),
    COORDINATION: encode_report(phase("2B")),
}
"""A good report for each topic."""


@dataclass(frozen=True)
class Bad:
    """One bad record; `names` is what the refusal must mention."""

    name: str
    reason: str
    names: str
    value: bytes | None
    topic: str = OCCUPANCY
    key: bytes | None = b"R07"


def changed(topic: str, *path: str | int, to: object) -> bytes:
    """A good report of a topic with one field other than it was; `to` may be raw JSON in bytes."""
    document = orjson.loads(GOOD[topic])
    inside = document
    for step in path[:-1]:
        inside = inside[step]
    raw = isinstance(to, bytes)
    inside[path[-1]] = "RAW" if raw else to
    encoded = orjson.dumps(document)
    return encoded.replace(b'"RAW"', to) if raw else encoded


def without(topic: str, field: str) -> bytes:
    """A good report of a topic without one field."""
    document = orjson.loads(GOOD[topic])
    del document[field]
    return orjson.dumps(document)


def twice(topic: str) -> bytes:
    """A good report of a topic with its first row once more at its end."""
    document = orjson.loads(GOOD[topic])
    rows = document[REPORT_TYPES[topic].declared.rows]
    rows.append(rows[0])
    return orjson.dumps(document)


def _beds(name: str, reason: str, names: str, *path: str | int, to: object) -> Bad:
    return Bad(name, reason, names, changed(OCCUPANCY, *path, to=to))


_OCCUPIED = ("readings", 0, "occupied")
_good = GOOD[OCCUPANCY]

BAD = (
    # no text, or no JSON
    Bad("truncated", "not-json", "truncated", _good[:-7]),
    Bad("empty value", "not-json", "truncated", b""),
    Bad("null value", "empty", "null", None),
    Bad("not UTF-8", "not-json", "utf-8", _good.replace(b'"A"', b'"\xff\xfe"')),
    Bad("UTF-16", "not-json", "byte 0", _good.decode().encode("utf-16")),
    Bad("with a byte order mark", "not-json", "byte 0", b"\xef\xbb\xbf" + _good),
    Bad("two objects", "not-json", "trailing", _good + _good),
    Bad("a lone surrogate", "not-json", "surrogate", changed(OCCUPANCY, "location", to=b'"\\ud800"')),
    Bad("surrogates the wrong way round", "not-json", "surrogate", changed(OCCUPANCY, "location", to=b'"\\udc00\\ud800"')),
    Bad("binary", "not-json", "byte 0", bytes(range(256))),
    Bad("a text", "out-of-range", "object", b'"hello"'),
    Bad("a list", "out-of-range", "object", b"[]"),
    Bad("JSON null", "out-of-range", "object", b"null"),
    Bad("two megabytes", "too-large", "2000000 bytes", _good + b" " * (2_000_000 - len(_good))),
    Bad("nested 100,000 deep in a known field", "out-of-range", "id", changed(OCCUPANCY, "id", to=b"[" * 100_000)),
    Bad("nested 100,000 deep in an unknown field", "unknown-field", "extra", _good[:-1] + b',"extra":' + b"[" * 100_000),
    # numbers
    _beds("NaN", "not-json", "invalid character", *_OCCUPIED, to=b"NaN"),
    _beds("Infinity", "not-json", "invalid character", *_OCCUPIED, to=b"Infinity"),
    _beds("minus Infinity", "not-json", "invalid character", *_OCCUPIED, to=b"-Infinity"),
    _beds("1e309", "out-of-range", "occupied", *_OCCUPIED, to=b"1e309"),
    _beds("completeness 1e309", "out-of-range", "completeness", "completeness", to=b"1e309"),
    _beds("negative", "out-of-range", "occupied", *_OCCUPIED, to=-1),
    _beds("a fraction of a bed", "out-of-range", "occupied", *_OCCUPIED, to=1.5),
    _beds("a million and one", "out-of-range", "occupied", *_OCCUPIED, to=1_000_001),
    _beds("a number of 400 digits", "out-of-range", "occupied", *_OCCUPIED, to=b"1" * 400),
    _beds("a number as text", "out-of-range", "occupied", *_OCCUPIED, to="5"),
    _beds("true", "out-of-range", "occupied", *_OCCUPIED, to=True),
    _beds("completeness above one", "out-of-range", "completeness", "completeness", to=1.01),
    _beds("negative revision", "out-of-range", "revision", "revision", to=-1),
    # regions and keys
    Bad("region and key that do not exist", "unknown-region", "R99", changed(OCCUPANCY, "region", to="R99"), key=b"R99"),
    Bad("a region that is no region", "out-of-range", "region", changed(OCCUPANCY, "region", to="Zeeland"), key=b"Zeeland"),
    Bad("a region with a line end", "out-of-range", "region", changed(OCCUPANCY, "region", to="R07\n"), key=b"R07\n"),
    Bad("wrong key", "wrong-key", "R08", _good, key=b"R08"),
    Bad("null key", "wrong-key", "null", _good, key=None),
    Bad("a source with a line end", "out-of-range", "source", changed(OCCUPANCY, "source", to="lcps\n")),
    Bad("a transfer to nowhere", "unknown-region", "to_region", changed(COORDINATION, "event", to={"kind": "transfer", "to_region": "R99", "unit": "ic", "count": 1, "decided_by": "lcps"}), topic=COORDINATION),
    # times
    _beds("year 9999", "impossible-time", "observed_at", "observed_at", to="9999-12-31T23:59:59Z"),
    _beds("year 9999 in the far west", "impossible-time", "observed_at", "observed_at", to="9999-12-31T23:59:59-12:00"),
    _beds("year 0001", "impossible-time", "observed_at", "observed_at", to="0001-01-01T00:00:00Z"),
    _beds("year 0001 in the far east", "impossible-time", "observed_at", "observed_at", to="0001-01-01T00:00:00+14:00"),
    _beds("received in the year 9999", "impossible-time", "received_at", "received_at", to="9999-12-31T23:59:59Z"),
    _beds("observed two days after it was received", "impossible-time", "observed_at", "observed_at", to="2021-11-17T12:00:01Z"),
    _beds("a time without an offset", "out-of-range", "observed_at", "observed_at", to="2021-11-15T12:00:00"),
    _beds("a day that does not exist", "out-of-range", "observed_at", "observed_at", to="2021-02-30T12:00:00Z"),
    _beds("a time as a number", "out-of-range", "observed_at", "observed_at", to=1_636_977_600),
    Bad("a peildatum in the year 9999", "impossible-time", "peildatum", changed(WAITING_TIMES, "peildatum", to="9999-12-31"), topic=WAITING_TIMES),
    Bad("a week in the year 9999", "impossible-time", "week_start", changed(REFERRALS, "week_start", to="9999-12-27"), topic=REFERRALS),
    Bad("a week that starts on a Tuesday", "out-of-range", "week_start", changed(REFERRALS, "week_start", to="2021-11-09"), topic=REFERRALS),
    Bad("a phase from the year 9999", "impossible-time", "effective_at", changed(COORDINATION, "event", "effective_at", to="9999-12-27T00:00:00Z"), topic=COORDINATION),
    Bad("a stock in the year 9999", "impossible-time", "week_start", changed(WORKSTOCK, "week_start", to="9999-12-27"), topic=WORKSTOCK),
    Bad("a stock of a week that starts on a Tuesday", "out-of-range", "week_start", changed(WORKSTOCK, "week_start", to="2021-11-09"), topic=WORKSTOCK),
    Bad("production in the year 9999", "impossible-time", "week_start", changed(PRODUCTION, "week_start", to="9999-12-27"), topic=PRODUCTION),
    Bad("production of a week that starts on a Sunday", "out-of-range", "week_start", changed(PRODUCTION, "week_start", to="2021-11-07"), topic=PRODUCTION),
    Bad("absence in the year 9999", "impossible-time", "week_start", changed(ABSENCE, "week_start", to="9999-12-27"), topic=ABSENCE),
    Bad("absence of a week that starts on a Friday", "out-of-range", "week_start", changed(ABSENCE, "week_start", to="2021-11-12"), topic=ABSENCE),
    Bad("mediation in the year 9999", "impossible-time", "week_start", changed(COORDINATION, "event", to={"kind": "mediation", "week_start": "9999-12-27", "requested": 5, "matched": 1}), topic=COORDINATION),
    Bad("mediation of a week that starts on a Tuesday", "out-of-range", "week_start", changed(COORDINATION, "event", to={"kind": "mediation", "week_start": "2021-11-09", "requested": 5, "matched": 1}), topic=COORDINATION),
    Bad("a website of the year 9999", "impossible-time", "updated_on", changed(COORDINATION, "event", to={"kind": "website", "publisher": "zorgaanbieder", "updated_on": "9999-12-27"}), topic=COORDINATION),
    # fields
    _beds("an unknown field", "unknown-field", "bsn", "bsn", to="123456782"),
    _beds("an unknown field in a reading", "unknown-field", "readings[0]", "readings", 0, "patient", to="x"),
    Bad("an unknown field in a wait", "unknown-field", "rows[0]", changed(WAITING_TIMES, "rows", 0, "name", to="x"), topic=WAITING_TIMES),
    Bad("an unknown field in a referral", "unknown-field", "rows[0]", changed(REFERRALS, "rows", 0, "name", to="x"), topic=REFERRALS),
    Bad("an unknown field in a sector", "unknown-field", "rows[0]", changed(FOLLOW_UP, "rows", 0, "name", to="x"), topic=FOLLOW_UP),
    Bad("an unknown field in an event", "unknown-field", "event", changed(COORDINATION, "event", "name", to="x"), topic=COORDINATION),
    Bad("an unknown field in a stock", "unknown-field", "rows[0]", changed(WORKSTOCK, "rows", 0, "name", to="x"), topic=WORKSTOCK),
    Bad("an unknown field in production", "unknown-field", "rows[0]", changed(PRODUCTION, "rows", 0, "name", to="x"), topic=PRODUCTION),
    Bad("an unknown field in absence", "unknown-field", "rows[0]", changed(ABSENCE, "rows", 0, "name", to="x"), topic=ABSENCE),
    Bad("an unknown field in a forecast", "unknown-field", "rows[0]", changed(FORECAST, "rows", 0, "name", to="x"), topic=FORECAST),
    Bad("an unknown field about rooms", "unknown-field", "surgeon", changed(OPERATING_ROOMS, "surgeon", to="x"), topic=OPERATING_ROOMS),
    Bad("rooms of which nothing is said", "out-of-range", "rooms_in_use", encode_report(rooms(17)).replace(b'"rooms_in_use":17,"rooms_normal":20', b'"rooms_in_use":null'), topic=OPERATING_ROOMS),
    Bad("an urgency class that is none", "out-of-range", "urgency", changed(WORKSTOCK, "rows", 0, "urgency", to="U6"), topic=WORKSTOCK),
    Bad("OR hours below nothing", "out-of-range", "or_hours", changed(WORKSTOCK, "rows", 0, "or_hours", to=-0.5), topic=WORKSTOCK),
    Bad("a kind of care that is none", "out-of-range", "kind", changed(PRODUCTION, "rows", 0, "kind", to="anders"), topic=PRODUCTION),
    Bad("absence above everyone", "out-of-range", "rate", changed(ABSENCE, "rows", 0, "rate", to=100.1), topic=ABSENCE),
    Bad("absence of nobody", "out-of-range", "employees", changed(ABSENCE, "rows", 0, "employees", to=0), topic=ABSENCE),
    Bad("a forecast for today", "out-of-range", "day", changed(FORECAST, "rows", 0, "day", to=0), topic=FORECAST),
    Bad("a forecast for the eighth day", "out-of-range", "day", changed(FORECAST, "rows", 0, "day", to=8), topic=FORECAST),
    Bad("an event of an unknown kind", "out-of-range", "kind", changed(COORDINATION, "event", "kind", to="rumour"), topic=COORDINATION),
    Bad("a report of another topic", "unknown-field", "rows", GOOD[FOLLOW_UP]),
    Bad("no id", "missing-field", "id", without(OCCUPANCY, "id")),
    Bad("no readings", "missing-field", "readings", without(OCCUPANCY, "readings")),
    _beds("no reading", "out-of-range", "readings", "readings", to=[]),
    _beds("an unknown unit", "out-of-range", "unit", "readings", 0, "unit", to="ok"),
    _beds("a name that is a list", "out-of-range", "location", "location", to=["A"]),
    Bad("known without days", "out-of-range", "days", changed(WAITING_TIMES, "rows", 0, "days", to=None), topic=WAITING_TIMES),
    Bad("our own total among waits", "out-of-range", "specialism", changed(WAITING_TIMES, "rows", 0, "specialism", to="all"), topic=WAITING_TIMES),
    Bad("our own total among the stock", "out-of-range", "specialism", changed(WORKSTOCK, "rows", 0, "specialism", to="all"), topic=WORKSTOCK),
    Bad("our own total in production", "out-of-range", "specialism", changed(PRODUCTION, "rows", 0, "specialism", to="all"), topic=PRODUCTION),
    # two rows about the same
    Bad("the same unit and label twice", "repeated-subject", "readings[1]", twice(OCCUPANCY)),
    Bad("the same unit and label twice, among others", "repeated-subject", "readings[2]", encode_report(beds(readings=[
        BedReading(unit="ic", label="covid", occupied=5),
        BedReading(unit="ward", label="covid", occupied=5),
        BedReading(unit="ic", label="covid", occupied=7),
        BedReading(unit="ic", label="noncovid", occupied=5),
    ]))),
    *(
        Bad(f"the same row twice in {topic}", "repeated-subject", "rows[", twice(topic), topic=topic)
        for topic in (WAITING_TIMES, REFERRALS, FOLLOW_UP, WORKSTOCK, PRODUCTION, ABSENCE, FORECAST)
    ),
    # what is not shown, or turns the direction of what is
    _beds("a name with an escape sequence", "illegible", "`location` holds U+001B", "location", to="A\x1b[2J"),
    _beds("a name with a line end", "illegible", "`location` holds U+000A at place 2", "location", to="A\n"),
    _beds("a name with DEL", "illegible", "U+007F", "location", to="A\x7f"),
    _beds("a name with a control character of Latin-1", "illegible", "U+0085", "location", to="A\x85"),
    _beds("a name that is turned round", "illegible", "U+202E", "location", to="A\u202eB"),
    _beds("a name that is turned round, escaped", "illegible", "U+202E", "location", to=b'"A\\u202eB"'),
    _beds("a name with an isolate", "illegible", "U+2066", "location", to="\u2066A"),
    _beds("a name with a mark of direction", "illegible", "U+061C", "location", to="A\u061c"),
    _beds("an id with a null", "illegible", "`id` holds U+0000", "id", to="\x00"),
    Bad("a treatment with a tab", "illegible", "`rows[0].treatment` holds U+0009", changed(WAITING_TIMES, "rows", 0, "treatment", to="knie\t"), topic=WAITING_TIMES),
    Bad("a specialism that is turned round", "illegible", "`rows[0].specialism`", changed(REFERRALS, "rows", 0, "specialism", to="\u2067x"), topic=REFERRALS),
    Bad("a party with an end of line", "illegible", "`event.parties[0]`", encode_report(event(Agreement(subject="spreading", agreed_at=MONDAY, valid_to=MONDAY, parties=["a\u2028b"], initiated_by="lcps"))), topic=COORDINATION),
    Bad("an unknown field with an escape sequence", "unknown-field", "\\u001b[2J", _good[:-1] + b',"\\u001b[2J":1}'),
    Bad("our own total among referrals", "out-of-range", "specialism", changed(REFERRALS, "rows", 0, "specialism", to="all"), topic=REFERRALS),
)  # fmt: skip
