"""Sealed values open at the place they were sealed for, and nowhere else."""

import gc
import json
import weakref
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.sealed import DataKey, KeyRing, Place, SealBroken

RING = KeyRing({1: b"a" * 32, 2: b"b" * 32}, 2, b"c" * 32)
HERE = Place("person", "details", 7)
OWNER = Place("request", "data_key", 7)
KEY, WRAPPED = RING.new_data_key(OWNER)
ANSWERS = {"name": "Хадижат", "birth": {"edtf": "2017-03"}}
ELSEWHERE = [Place("person", "details", 8), Place("person", "name", 7), Place("message", "details", 7)]

any_text = st.text(st.characters())  # half surrogate pairs too: JSON can carry them
anything_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | any_text,
    lambda inner: st.lists(inner) | st.dictionaries(any_text, inner),
    max_leaves=8,
)
places = st.builds(
    Place,
    table=st.sampled_from(["person", "request", "message"]),
    column=st.sampled_from(["details", "body"]),
    row=st.integers(0, 2**63 - 1),
)


def flipped(sealed: bytes, bit: int) -> bytes:
    return (int.from_bytes(sealed) ^ 1 << bit).to_bytes(len(sealed))


@given(value=anything_json, place=places)
def test_whatever_is_sealed_comes_back_at_its_place(value: Any, place: Place) -> None:
    assert KEY.open(KEY.seal(value, place), place) == json.loads(json.dumps(value))


@given(plain=st.binary())
def test_bytes_come_back_as_they_were(plain: bytes) -> None:
    assert KEY.open_bytes(KEY.seal_bytes(plain, HERE), HERE) == plain


@given(text=st.text(min_size=8))
def test_the_words_do_not_stand_in_the_sealed_value(text: str) -> None:
    assert text.encode("utf-8", "surrogatepass") not in KEY.seal({"text": text}, HERE)


@given(one=places, other=places)
def test_a_value_opens_at_its_own_place_only(one: Place, other: Place) -> None:
    sealed = KEY.seal(ANSWERS, one)
    if one == other:
        assert KEY.open(sealed, other) == ANSWERS
    else:
        with pytest.raises(SealBroken):
            KEY.open(sealed, other)


@pytest.mark.parametrize("elsewhere", ELSEWHERE, ids=["row", "column", "table"])
def test_a_value_moved_elsewhere_is_refused(elsewhere: Place) -> None:
    """Threat 20."""
    with pytest.raises(SealBroken) as refused:
        KEY.open(KEY.seal(ANSWERS, HERE), elsewhere)
    assert "Хадижат" not in str(refused.value)


def test_one_flipped_bit_anywhere_is_refused() -> None:
    """Threat 20: version, nonce, words and seal alike."""
    sealed = KEY.seal(ANSWERS, HERE)
    for bit in range(len(sealed) * 8):
        with pytest.raises(SealBroken):
            KEY.open(flipped(sealed, bit), HERE)


def test_a_value_cut_short_or_made_longer_is_refused() -> None:
    sealed = KEY.seal(ANSWERS, HERE)
    for damaged in [sealed[:length] for length in range(len(sealed))] + [sealed + b"\0", b"\0" + sealed]:
        with pytest.raises(SealBroken):
            KEY.open(damaged, HERE)


def test_another_data_key_opens_nothing() -> None:
    other, _ = RING.new_data_key(OWNER)
    with pytest.raises(SealBroken):
        other.open(KEY.seal(ANSWERS, HERE), HERE)


def test_a_wrapped_key_gives_back_the_same_key() -> None:
    sealed = KEY.seal(ANSWERS, HERE)
    assert RING.data_key(WRAPPED, OWNER).open(sealed, HERE) == ANSWERS


@pytest.mark.parametrize(
    "elsewhere",
    [Place("request", "data_key", 8), Place("request", "key", 7), Place("account", "data_key", 7)],
    ids=["row", "column", "table"],
)
def test_a_wrapped_key_moved_elsewhere_is_refused(elsewhere: Place) -> None:
    """Threat 20: nobody opens another family's request by copying a key into their own row."""
    with pytest.raises(SealBroken):
        RING.data_key(WRAPPED, elsewhere)


def test_a_wrapped_key_with_one_flipped_bit_or_cut_short_is_refused() -> None:
    damaged = [flipped(WRAPPED, bit) for bit in range(len(WRAPPED) * 8)]
    damaged += [WRAPPED[:length] for length in range(len(WRAPPED))]
    for wrapped in damaged:
        with pytest.raises(SealBroken):
            RING.data_key(wrapped, OWNER)


def test_a_ring_without_the_wrapping_key_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        KeyRing({1: b"a" * 32}, 1, b"c" * 32).data_key(WRAPPED, OWNER)


def test_a_ring_with_another_key_of_the_same_version_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        KeyRing({2: b"x" * 32}, 2, b"c" * 32).data_key(WRAPPED, OWNER)


def test_older_wrapped_keys_still_open_after_the_current_one_has_changed() -> None:
    """Threat 21: rotation; what is new is wrapped by the new key."""
    key, wrapped = KeyRing({1: b"a" * 32}, 1, b"c" * 32).new_data_key(OWNER)
    assert RING.data_key(wrapped, OWNER).open(key.seal(ANSWERS, HERE), HERE) == ANSWERS
    assert wrapped[:2] != WRAPPED[:2]


def test_nonces_never_repeat() -> None:
    """A repeated nonce under one key would give AES-GCM away."""
    sealed = [KEY.seal("the same words", HERE) for _ in range(10_000)]
    assert len({value[1:13] for value in sealed}) == len(sealed)
    assert len(set(sealed)) == len(sealed)


def test_data_keys_never_repeat() -> None:
    assert len({RING.new_data_key(OWNER)[1] for _ in range(1_000)}) == 1_000


@given(one=st.integers() | st.text(), other=st.integers() | st.text())
def test_a_look_up_value_is_the_same_for_the_same_and_different_for_different_values(
    one: int | str, other: int | str
) -> None:
    assert (RING.lookup("telegram", one) == RING.lookup("telegram", other)) == (str(one) == str(other))
    assert len(RING.lookup("telegram", one)) == 32


def test_look_up_values_differ_for_each_kind_and_each_key() -> None:
    other = KeyRing({1: b"a" * 32}, 1, b"d" * 32)
    found = {
        ring.lookup(kind, 1003) for ring in (RING, other) for kind in ("telegram", "reference", "receipt")
    }
    assert len(found) == 6


def test_keys_do_not_show_in_what_is_printed() -> None:
    key = b"0123456789abcdef" * 2
    assert "0123456789abcdef" not in f"{KeyRing({1: key}, 1, key)!r} {DataKey(key)!r}"


def test_keys_that_are_kept_ready_can_be_forgotten() -> None:
    """After an erasure the process must not hold the key either."""
    ring = KeyRing({1: b"a" * 32}, 1, b"c" * 32)
    _, wrapped = ring.new_data_key(OWNER)
    ready = weakref.ref(ring.data_key(wrapped, OWNER))
    gc.collect()
    assert ready() is ring.data_key(wrapped, OWNER)
    ring.forget()
    gc.collect()
    assert ready() is None
