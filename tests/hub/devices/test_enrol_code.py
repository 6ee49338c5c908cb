"""One-time codes: as made, as typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.devices import enrol_code


def test_codes_differ_and_hold_eighty_bits():
    codes = {enrol_code.new() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(code.replace("-", "")) * 5 == 80 for code in codes)


@given(st.integers(0, 2**32), st.sampled_from(["", " ", "-", " - "]))
def test_however_it_is_typed_it_is_the_same_code(seed: int, between: str):
    code = enrol_code.new()
    typed = between.join(code.split("-")).lower().replace("0", "o").replace("1", "l")
    assert enrol_code.digest(typed) == enrol_code.digest(code)


@given(st.text(max_size=60))
def test_what_is_no_code_is_refused_in_one_way(text: str):
    try:
        assert len(enrol_code.digest(text)) == 32
    except enrol_code.MalformedCode:
        return
    assert sum(c.isalnum() for c in text) >= 16


@pytest.mark.parametrize(
    "wrong", ["", "K7QD-93MX-A2TB", "K7QD-93MX-A2TB-0F4W-1", "K7QD93MXA2TB0F4U"]
)
def test_too_short_too_long_and_letters_that_no_code_has_are_refused(wrong: str):
    with pytest.raises(enrol_code.MalformedCode):
        enrol_code.digest(wrong)
