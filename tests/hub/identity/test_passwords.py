"""Passwords: kept as argon2id, checked in the same time for nobody as for somebody."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.identity import passwords
from hub.identity.passwords import HoldsLogin, TooLong, TooPlain, TooShort, WeakPassword


def test_the_right_password_is_right_and_another_is_not():
    encoded = passwords.hashed("점심은 열두 시 반")
    assert encoded.startswith("$argon2id$")
    assert passwords.is_right(encoded, "점심은 열두 시 반")
    assert not passwords.is_right(encoded, "점심은 열두 시")


def test_hangul_is_the_same_however_the_keyboard_composed_it():
    encoded = passwords.hashed(unicodedata.normalize("NFD", "청사 담당 서무"))
    assert passwords.is_right(encoded, unicodedata.normalize("NFC", "청사 담당 서무"))


@pytest.mark.parametrize("encoded", [None, "", "not a hash", "$argon2id$v=19$broken"])
def test_without_a_hash_nothing_is_right(encoded: str | None):
    assert not passwords.is_right(encoded, "whatever it is")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("아홉글자밖에없다", TooShort),
        ("x" * 129, TooLong),
        ("my KIM.minji now", HoldsLogin),
        ("abababababab", TooPlain),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, why: type[WeakPassword]):
    with pytest.raises(why):
        passwords.check_new(password, "kim.minji")


def test_a_one_time_password_is_strong_enough_and_never_twice():
    made = {passwords.one_time() for _ in range(200)}
    assert len(made) == 200
    for one in made:
        passwords.check_new(one, "kim")
        assert not set(one) & set("lo01")


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_any_text_is_taken_or_refused_for_a_known_reason(text: str):
    is_taken = True
    try:
        passwords.check_new(text, "kim.minji")
    except WeakPassword:
        is_taken = False
    assert not is_taken or 10 <= len(unicodedata.normalize("NFC", text)) <= 128
