"""Control records: a kind and its fields, or an error that says why not."""

import pytest

from streams.control import TickerReset, decode_control, encode_control


def test_a_control_record_is_one_json_object_with_its_kind():
    value = encode_control(TickerReset(at=1_800_000_000))
    assert value == b'{"kind":"ticker-reset","at":1800000000}'
    assert decode_control(value) == TickerReset(at=1_800_000_000)


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"\xff",
        b"[" * 100_000,
        b'{"kind":"other","at":1}',
        b'{"at":1}',
        b'{"kind":"ticker-reset"}',
        b'{"kind":"ticker-reset","at":1,"also":2}',
        b'{"kind":"ticker-reset","at":0}',
        b'{"kind":"ticker-reset","at":4102444800}',
        b'{"kind":"ticker-reset","at":1e30}',
    ],
)
def test_anything_else_is_none(value):
    with pytest.raises(ValueError, match=r"control record|outside 1970"):
        decode_control(value)
