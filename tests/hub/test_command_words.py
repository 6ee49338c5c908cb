"""What a person types behind a command or into a variable of `make run`: read, or refused."""

import argparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import __main__ as commands
from hub import standalone

NEAR = st.from_regex(r"[0-9٠-٩]{1,6}w?", fullmatch=True)


@given(st.text(max_size=12) | NEAR)
def test_any_history_is_one_to_twelve_weeks_or_is_refused(text: str):
    try:
        weeks = commands._weeks(text)
    except argparse.ArgumentTypeError as error:
        assert "1w to 12w" in str(error)  # noqa: PT017
        return
    assert 1 <= weeks <= 12
    assert text == f"{weeks}w" or text == f"0{weeks}w"


@given(st.text(max_size=12) | NEAR.filter(lambda text: text[0] == "0" or "w" in text))
def test_any_port_is_one_or_is_refused(text: str):
    try:
        port = standalone._port({"CHEONGSA_PORT": text or "no"})
    except standalone.StandaloneError as error:
        assert "CHEONGSA_PORT" in str(error)  # noqa: PT017
        return
    assert 1 <= port <= 65_535


def test_a_port_longer_than_any_number_is_refused():
    with pytest.raises(standalone.StandaloneError):
        standalone._port({"CHEONGSA_PORT": "9" * 5_000})
