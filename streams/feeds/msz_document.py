"""The two forms of the NZa's answer on waiting times (msz), as records of texts that know their line.

JSON: a list of objects. XML: `<TL_RESTs>` with a `<TL_REST>` for each. A field that is absent, null or empty is an empty text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from streams.feeds.feed import FeedError
from streams.feeds.json_lines import element_lines, json_in

REQUIRED = frozenset({"Date", "InsufficientObservations", "TreatmentType", "Treatment", "City"})
"""Fields by which the answer is known: together they stand in some record of it."""

_EXPECTED = "expected the answer of zorgbeeld.nza.nl/openapi/WaitingTimeMSZ, saved as it came (JSON or XML)"


@dataclass(frozen=True, slots=True)
class MszRecord:
    """One record: the physical line on which it starts, and its fields."""

    line: int
    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a field as text with single spaces, empty where it is missing."""
        value = self.fields.get(name)
        return "" if value is None else " ".join(str(value).split())


def records_of(data: bytes) -> list[MszRecord]:
    """Return the records of an answer in either form; raises `FeedError`."""
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    records = _of_xml(data) if text.startswith(b"<") else _of_json(data)
    known = {name for record in records for name in record.fields}
    if records and not known >= REQUIRED:
        raise FeedError(f"fields {', '.join(sorted(REQUIRED - known))} are in no record; {_EXPECTED}")
    return records


def _of_json(data: bytes) -> list[MszRecord]:
    text, content = json_in(data, _EXPECTED, "neither XML nor JSON")
    if not isinstance(content, list):
        raise FeedError(f"the file holds no list; {_EXPECTED}")
    if not all(isinstance(one, dict) for one in content):
        raise FeedError(f"the list holds something else than objects; {_EXPECTED}")
    return [MszRecord(line, one) for line, one in zip(element_lines(text), content, strict=True)]


@dataclass(slots=True)
class _Reader:
    """Takes what the XML parser finds."""

    path: list[str] = field(default_factory=list)
    records: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    def start(self, name: str, line: int) -> None:
        expected = ("TL_RESTs", "TL_REST")[len(self.path) : len(self.path) + 1]
        if expected and name != expected[0]:
            raise FeedError(f"line {line}: <{name[:40]}> where <{expected[0]}> was expected; {_EXPECTED}")
        self.path.append(name)
        if len(self.path) == 2:
            self.records.append((line, {}))

    def words(self, words: str) -> None:
        if len(self.path) == 3:
            fields = self.records[-1][1]
            fields[self.path[2]] = fields.get(self.path[2], "") + words

    def end(self) -> None:
        self.path.pop()


def _of_xml(data: bytes) -> list[MszRecord]:
    reader = _Reader()
    parser = expat.ParserCreate()

    def no_types(*_: Any) -> None:
        raise FeedError(f"the XML declares types of its own, which the NZa never does; {_EXPECTED}")

    parser.StartDoctypeDeclHandler = no_types
    parser.StartElementHandler = lambda name, _attributes: reader.start(name, parser.CurrentLineNumber)
    parser.EndElementHandler = lambda _name: reader.end()
    parser.CharacterDataHandler = reader.words
    try:
        parser.Parse(data.lstrip(), True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, FeedError):
            raise
        raise FeedError(f"no XML that can be read ({error}); {_EXPECTED}") from error
    return [MszRecord(line, fields) for line, fields in reader.records]
