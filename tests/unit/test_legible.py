"""What is called illegible is what Unicode says controls the terminal or the direction, and no shortcut misses any of it."""

import json
import sys
import unicodedata

import msgspec
import pytest

from streams.legible import illegible, is_plain, shown
from streams.topics import WAITING_TIMES
from tests.support.bad_records import GOOD

EMBEDDINGS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MARKS = {"\u200e", "\u200f", "\u061c"}
"""Left-to-right, right-to-left and Arabic letter mark: no class of their own says that they are marks."""


class Named(msgspec.Struct):
    """Something with a name."""

    name: str


def is_illegible(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Cc", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in EMBEDDINGS
        or character in MARKS
    )


def test_every_character_of_unicode_is_judged_by_what_it_does():
    for code in range(sys.maxunicode + 1):
        if 0xD800 <= code < 0xE000:
            continue
        character = chr(code)
        hidden = illegible(Named(f"A{character}"))
        assert (hidden is not None) is is_illegible(character), hex(code)
        if hidden:
            assert f"`name` holds U+{code:04X} at place 2" in hidden
            # No JSON has one of the first 32 as it is.
            assert code < 0x20 or not is_plain(f'{{"name":"{character}"}}'.encode())
            assert not is_plain(json.dumps({"name": character}).encode())


@pytest.mark.parametrize(
    "name", ["Máxima MC", "Medisch Spectrum Twente", "Ziekenhuis Gelderse Vallei (Ede)", "Čé"]
)
def test_names_as_hospitals_have_them_are_seen_to_be_plain_at_once(name: str):
    assert is_plain(msgspec.json.encode({"name": name}))
    assert is_plain(GOOD[WAITING_TIMES])


@pytest.mark.parametrize(
    "name", ["\u2019s-Hertogenbosch", "A\u00a0B", "10\u00b0", "zero\u200bwidth", "soft\u00adhyphen"]
)
def test_what_is_only_unusual_is_looked_at_and_taken(name: str):
    assert illegible(Named(name)) is None
    assert shown(name) == name


def test_what_others_sent_is_written_out_in_messages():
    assert shown("A\x1b[2J\u202eB\n") == "A\\u001b[2J\\u202eB\\u000a"
