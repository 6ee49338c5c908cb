"""Sessions end by themselves; guesses are slowed down, and nobody is shut out for good."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.identity import lockout, sessions
from hub.identity.lockout import Failures

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("began_ago", "seen_ago", "is_over"),
    [
        (timedelta(hours=1), timedelta(minutes=29), False),
        (timedelta(hours=1), timedelta(minutes=30), True),
        (timedelta(hours=9, minutes=59), timedelta(0), False),
        (timedelta(hours=10), timedelta(0), True),
    ],
)
def test_a_session_ends_when_left_alone_and_after_a_working_day(
    began_ago: timedelta, seen_ago: timedelta, is_over: bool
):
    assert sessions.Times(NOW - began_ago, NOW - seen_ago).is_over(NOW) is is_over


def test_the_token_is_not_in_its_digest_nor_in_the_other_secret():
    token = sessions.new_token()
    assert token.encode() not in sessions.digest(token)
    assert token not in sessions.csrf_token(token)
    assert sessions.is_csrf_token(token, sessions.csrf_token(token))
    assert not sessions.is_csrf_token(token, sessions.csrf_token(sessions.new_token()))
    assert not sessions.is_csrf_token(token, "")
    assert not sessions.is_csrf_token(token, "한글")


def test_four_wrong_passwords_are_forgiven_and_five_wait_for_the_oldest():
    oldest = NOW - timedelta(minutes=14)
    assert lockout.locked_s(Failures(4, 4, oldest), NOW) == 0
    assert lockout.locked_s(Failures(5, 5, oldest), NOW) == 60


def test_one_address_may_not_try_many_names():
    assert lockout.locked_s(Failures(0, 49, NOW), NOW) == 0
    assert lockout.locked_s(Failures(0, 50, NOW), NOW) == 15 * 60
