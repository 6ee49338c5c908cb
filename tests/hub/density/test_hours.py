from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.density import hours
from hub.density.hours import MalformedHours
from hub.kit.clock import SEOUL

LUNCH = [{"days": [1, 2, 3, 4, 5], "open": "11:30", "close": "13:30"}]
MONDAY = datetime(2026, 11, 23, tzinfo=SEOUL)

moments = st.integers(0, 6 * 366 * 1440).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
clocks = st.integers(0, 24 * 60 - 1)


@st.composite
def openings(draw):
    start = draw(clocks)
    end = draw(st.integers(start + 1, 24 * 60))
    days = draw(st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True))
    text = [f"{m // 60:02d}:{m % 60:02d}" for m in (start, end)]
    return {"days": days, "open": text[0], "close": text[1]}


some_hours = st.lists(openings(), min_size=1, max_size=4)


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return MONDAY + timedelta(days=days, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (at(11, 29), False),
        (at(11, 30), True),
        (at(13, 29), True),
        (at(13, 30), False),
        (at(12, days=5), False),
    ],
)
def test_lunch_is_open_from_its_first_to_before_its_last_minute(now, is_open):
    assert hours.is_open(LUNCH, now) is is_open


def test_hours_are_korean_whatever_zone_the_clock_speaks():
    assert hours.is_open(LUNCH, at(12).astimezone(UTC))
    assert not hours.is_open(LUNCH, datetime(2026, 11, 23, 12, tzinfo=UTC))


def test_on_friday_afternoon_the_next_opening_is_monday():
    assert hours.next_opening(LUNCH, at(14, days=4)) == at(11, 30, days=7)
    assert hours.closes_at(LUNCH, at(14, days=4)) == at(13, 30, days=7)


def test_while_open_the_opening_is_todays():
    assert hours.next_opening(LUNCH, at(12)) == at(11, 30)
    assert hours.closes_at(LUNCH, at(12)) == at(13, 30)


def test_no_hours_are_always_open():
    assert hours.is_open(None, at(3))
    assert hours.next_opening(None, at(3)) is None
    assert hours.closes_at(None, at(3)) is None


def test_two_openings_that_touch_at_midnight_are_one_night():
    night = [
        {"days": [1], "open": "22:00", "close": "24:00"},
        {"days": [2], "open": "00:00", "close": "02:00"},
    ]
    assert hours.closes_at(night, at(23)) == at(2, days=1)
    assert hours.next_opening(night, at(1, days=1)) == at(22)


def test_over_midnight_in_one_opening_is_refused_with_what_to_write():
    with pytest.raises(MalformedHours, match="two openings"):
        hours.parse([{"days": [1], "open": "22:00", "close": "02:00"}])


BAD = {
    "not a list": {"days": [1]},
    "empty": [],
    "not an opening": ["11:30-13:30"],
    "no days": [{"open": "11:30", "close": "13:30"}],
    "day zero": [{"days": [0], "open": "11:30", "close": "13:30"}],
    "day eight": [{"days": [8], "open": "11:30", "close": "13:30"}],
    "a day that is a word": [{"days": ["월"], "open": "11:30", "close": "13:30"}],
    "a day that is true": [{"days": [True], "open": "11:30", "close": "13:30"}],
    "no close": [{"days": [1], "open": "11:30"}],
    "one digit": [{"days": [1], "open": "9:30", "close": "13:30"}],
    "minute 60": [{"days": [1], "open": "11:60", "close": "13:30"}],
    "past midnight": [{"days": [1], "open": "11:30", "close": "24:01"}],
    "other digits": [{"days": [1], "open": "١١:٣٠", "close": "13:30"}],
    "never": [{"days": [1], "open": "11:30", "close": "11:30"}],
    "a number": [{"days": [1], "open": 1130, "close": 1330}],
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD.keys())
def test_malformed_hours_are_refused(wrong):
    with pytest.raises(MalformedHours):
        hours.parse(wrong)


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["days", "open", "close", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json)
def test_whatever_is_given_is_read_or_refused(told):
    try:
        parsed = hours.parse(told)
    except MalformedHours:
        return
    assert (parsed is None) == (told is None)


@given(some_hours, moments)
def test_open_means_between_the_opening_and_the_closing(told, now):
    start, end = hours.next_opening(told, now), hours.closes_at(told, now)
    assert start is not None
    assert end is not None
    assert start < end
    assert now < end
    assert hours.is_open(told, now) == (start <= now)
    assert start - now <= timedelta(days=7)


@given(some_hours, moments)
def test_it_is_open_at_its_opening_and_closed_at_its_closing(told, now):
    start, end = hours.next_opening(told, now), hours.closes_at(told, now)
    assert start is not None
    assert end is not None
    assert hours.is_open(told, start)
    whole_week = end - start > timedelta(days=7)
    assert whole_week or not hours.is_open(told, end)


def test_a_closed_day_is_closed_at_lunch_and_the_next_opening_comes_after_it():
    closed = {at(0).date(), at(0, days=1).date()}
    assert not hours.is_open(LUNCH, at(12), closed)
    assert hours.next_opening(LUNCH, at(12), closed) == at(11, 30, days=2)
    assert hours.is_open(LUNCH, at(12, days=2), closed)


def test_a_long_closure_is_looked_beyond_and_a_closure_for_good_has_no_opening():
    weeks = {at(0, days=n).date() for n in range(-10, 50)}
    assert hours.next_opening(LUNCH, at(12), weeks) == at(11, 30, days=50)
    for_good = {at(0, days=n).date() for n in range(-10, 500)}
    assert not hours.is_open(LUNCH, at(12), for_good)
    assert hours.next_opening(LUNCH, at(12), for_good) is None
    assert hours.closes_at(LUNCH, at(12), for_good) is None


def test_what_is_always_open_knows_no_closed_day():
    assert hours.is_open(None, at(12), {at(0).date()})


@given(hours_=some_hours, now=moments, closed=st.sets(st.integers(-3, 12), max_size=8))
def test_a_closed_day_is_never_open_and_every_next_opening_is(hours_, now, closed):
    today = now.astimezone(SEOUL).date()
    days = {today + timedelta(days=n) for n in closed}
    opens = hours.next_opening(hours_, now, days)
    assert not (today in days and hours.is_open(hours_, now, days))
    if opens is not None:
        assert opens.astimezone(SEOUL).date() not in days
        assert hours.is_open(hours_, opens, days)
