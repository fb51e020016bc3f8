"""Control records: a kind and its fields, or an error that says why not."""

import pytest

from streams.control import TickerReset, decode_control, encode_control


def test_a_control_record_is_one_json_object_with_its_kind():
    control = TickerReset(at=1_800_000_000, after=1_800_003_600)
    value = encode_control(control)
    assert value == b'{"kind":"ticker-reset","at":1800000000,"after":1800003600}'
    assert decode_control(value) == control


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
        b'{"kind":"ticker-reset","at":1}',
        b'{"kind":"ticker-reset","at":1,"after":2,"also":2}',
        b'{"kind":"ticker-reset","at":0,"after":2}',
        b'{"kind":"ticker-reset","at":4102444800,"after":4102444801}',
        b'{"kind":"ticker-reset","at":2,"after":1}',
        b'{"kind":"ticker-reset","at":2,"after":4102531200}',
        b'{"kind":"ticker-reset","at":1e30}',
        b'{"kind":"skip","at":1}',
        b'{"kind":"skip","at":1,"offset":-1}',
        b'{"kind":"skip","at":1,"offset":1.5}',
        b'{"kind":"upgrade-finalize","at":1,"format":-1}',
        b'{"kind":"upgrade-finalize","at":1,"format":1000000000000000000000000000000}',
    ],
)
def test_anything_else_is_none(value):
    with pytest.raises(ValueError, match=r"control record|outside 1970|`after`|`offset`|`format`"):
        decode_control(value)
