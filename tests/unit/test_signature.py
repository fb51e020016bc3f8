"""A record is signed for its place and its moment, with keys that can be changed."""

import hashlib
import hmac
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.signature import SIGNATURE_HEADER, SignatureError, Signed, SigningKey, SigningKeys
from streams.signing_keys import SigningKeysError, SigningSettings, read_keys

OLD = SigningKey("2026-a", b"a" * 32)
NEW = SigningKey("2026-b", b"b" * 32, since=2000)
KEYS = SigningKeys({OLD.id: OLD, NEW.id: NEW})
RECORD = Signed("care.occupancy", 3, 1000, b"tick", b'{"tick":1}')


def test_what_is_signed_is_the_bytes_that_the_documents_name():
    text = b'care.occupancy\n3\n1000\n4\n10\ntick{"tick":1}'
    expected = hmac.new(OLD.secret, text, hashlib.sha256).hexdigest()
    assert KEYS.sign(RECORD) == (("kw-signature", f"2026-a:{expected}".encode()),)


@given(
    st.builds(
        Signed,
        st.sampled_from(["care.a", "care.b", "care.a\n1"]),
        st.integers(0, 3),
        st.integers(0, 3000),
        st.none() | st.binary(max_size=3),
        st.none() | st.binary(max_size=3),
    ),
    st.builds(
        Signed,
        st.sampled_from(["care.a", "care.b"]),
        st.integers(0, 3),
        st.integers(0, 3000),
        st.none() | st.binary(max_size=3),
        st.none() | st.binary(max_size=3),
    ),
)
def test_a_signature_holds_for_its_own_record_and_no_other(one, other):
    headers = KEYS.sign(one)
    KEYS.check(one, headers)
    if other != one:
        with pytest.raises(SignatureError):
            KEYS.check(other, headers)


def test_the_newest_key_that_holds_signs_and_the_older_ones_are_recognised():
    early, late = KEYS.sign(RECORD), KEYS.sign(replace(RECORD, timestamp=2000))
    assert early[0][1].startswith(b"2026-a:")
    assert late[0][1].startswith(b"2026-b:")
    KEYS.check(RECORD, early)


def test_a_key_signs_nothing_outside_its_time():
    ended = SigningKeys({"k": SigningKey("k", b"k" * 32, since=10, until=20)})
    for moment in (9, 20):
        with pytest.raises(SignatureError, match="no signing key holds now"):
            ended.sign(replace(RECORD, timestamp=moment))
        own = SigningKeys({"k": SigningKey("k", b"k" * 32)}).sign(replace(RECORD, timestamp=moment))
        with pytest.raises(SignatureError, match="does not hold"):
            ended.check(replace(RECORD, timestamp=moment), own)


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ((), "0 headers"),
        (KEYS.sign(RECORD) * 2, "2 headers"),
        (((SIGNATURE_HEADER, b"\xff"),), "unknown key"),
        (((SIGNATURE_HEADER, b"2026-a"),), "not what key 2026-a signed"),
        (((SIGNATURE_HEADER, "2026-a:é".encode()),), "not what key 2026-a signed"),
        (((SIGNATURE_HEADER, b"other:00"),), "unknown key 'other'"),
    ],
)
def test_what_is_not_signed_says_why(headers, why):
    with pytest.raises(SignatureError, match=why):
        KEYS.check(RECORD, headers)


def test_without_keys_nothing_is_signed_and_everything_counts():
    none = SigningKeys()
    assert not none
    assert none.sign(RECORD) == ()
    none.check(RECORD, ((SIGNATURE_HEADER, b"anything"),))


def test_a_file_holds_a_key_a_line_and_shows_no_secret(tmp_path):
    path = tmp_path / "keys"
    path.write_text(
        f"# ours\nk1 {'s' * 32}\n\nk2 {'t' * 40} 2026-12-01T00:00:00+01:00 2027-01-01T00:00:00Z\n"
    )
    keys = SigningSettings(signing_keys_file=path).keys()
    assert list(keys.by_id) == ["k1", "k2"]
    assert (keys.by_id["k2"].since, keys.by_id["k2"].until) == (1_796_079_600_000, 1_798_761_600_000)
    assert keys.since == 0
    assert "sss" not in repr(keys)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "holds no key"),
        ("k1", "line 1: 1 words"),
        (f"k1 {'s' * 31}", "shorter than 32"),
        (f"# c\nk1 {'s' * 32}\nk1 {'t' * 32}", "line 3: key k1 stands in it twice"),
        (f"k:1 {'s' * 32}", "the id is not"),
        (f"k1 {'s' * 32} 2026-12-01T00:00:00", "has no offset"),
        (f"k1 {'s' * 32} tomorrow", "line 1"),
        (f"k1 {'s' * 32} 2026-12-02T00:00:00Z 2026-12-01T00:00:00Z", "holds until before it begins"),
    ],
)
def test_a_file_without_usable_keys_says_which_line_and_shows_no_secret(tmp_path, text, why):
    path = tmp_path / "keys"
    path.write_text(text)
    with pytest.raises(SigningKeysError, match=why) as error:
        read_keys(path)
    assert "sss" not in str(error.value)


def test_a_file_that_is_not_there_is_an_error_and_no_absence_of_keys(tmp_path):
    with pytest.raises(SigningKeysError, match="cannot be read"):
        SigningSettings(signing_keys_file=tmp_path / "none").keys()
