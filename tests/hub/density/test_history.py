"""A zone's past as a curve."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.density import history
from hub.density.errors import RangeBackwards, RangeTooLong
from hub.density.waiting import PRIOR_SERVED
from tests.hub.density.offices import NOW

MIDNIGHT = datetime(2026, 11, 19, 15, tzinfo=UTC)  # of NOW's day, in Korea


@dataclass
class Bucket:
    bucket: datetime
    people_avg: float = 10.0
    people_max: int = 12
    served: int = 3
    observed_s: float = 60.0


def minute(n: int, **given) -> Bucket:
    return Bucket(NOW.replace(second=0) + timedelta(minutes=n), **given)


def test_without_words_it_is_today_in_korea_by_minutes_until_now():
    asked = history.asked(None, None, None, NOW)
    assert (asked.start, asked.end, asked.step_s) == (MIDNIGHT, NOW, 60)
    assert asked.starts()[-1] == NOW.replace(second=0)


def test_the_step_grows_with_the_range():
    def step_of(days: float) -> int:
        return history.asked(NOW - timedelta(days=days), NOW, None, NOW).step_s

    assert [step_of(1), step_of(1.1), step_of(15), step_of(16), step_of(365)] == [
        60, 900, 900, 86400, 86400
    ]  # fmt: skip


def test_a_start_inside_a_bucket_moves_to_its_edge():
    asked = history.asked(NOW - timedelta(hours=1), NOW, 900, NOW)
    assert asked.start == NOW.replace(hour=2, minute=0, second=0)
    days = history.asked(NOW - timedelta(days=3), NOW, 86400, NOW)
    assert days.start == MIDNIGHT - timedelta(days=3)


def test_what_is_to_come_has_no_points():
    asked = history.asked(NOW, NOW + timedelta(hours=3), 60, NOW)
    assert asked.starts() == [NOW.replace(second=0)]


def test_a_range_that_runs_backwards_or_is_too_long_is_refused():
    with pytest.raises(RangeBackwards):
        history.asked(NOW, NOW, None, NOW)
    with pytest.raises(RangeTooLong) as refused:
        history.asked(NOW - timedelta(days=2), NOW, 60, NOW)
    assert refused.value.buckets == 2880


def test_nothing_observed_is_not_zero():
    asked = history.asked(NOW - timedelta(minutes=2), NOW, 60, NOW)
    empty = minute(-1, people_avg=0, people_max=0, served=0)
    points = history.points([empty], asked, {}, served_line=True)
    assert [(p.people, p.wait_s) for p in points] == [(None, None), (0, 0), (None, None)]


def test_a_minutes_wait_rests_on_five_minutes_of_serving():
    asked = history.asked(NOW, None, 60, NOW + timedelta(seconds=1))
    found = [minute(n, served=served) for n, served in enumerate([9, 0, 3, 0, 3, 0], start=-5)]
    (point,) = history.points(found, asked, {}, served_line=True)
    assert point.wait_s == round(10 / (6.5 / 300))  # minute -5 is out of reach
    assert history.look_back(asked) == NOW.replace(second=0) - timedelta(minutes=4)


def test_the_usual_rate_steadies_a_minute_in_which_few_were_served():
    asked = history.asked(NOW, None, 60, NOW + timedelta(seconds=1))
    usual = {(5, 12 * 60): 3.0}  # Friday, 12:00 to 12:05 in Korea
    (alone,) = history.points([minute(0, served=1)], asked, {}, served_line=True)
    (steadied,) = history.points([minute(0, served=1)], asked, usual, served_line=True)
    assert alone.wait_s == 400
    prior_s = PRIOR_SERVED * 60 / 3.0
    assert steadied.wait_s == round(10 * (prior_s + 60) / (PRIOR_SERVED + 1))


def test_a_wide_bucket_follows_littles_law():
    asked = history.asked(NOW - timedelta(minutes=5), NOW, 900, NOW)
    bucket = Bucket(NOW.replace(minute=0, second=0), people_avg=6.0, served=30, observed_s=900)
    assert history.points([bucket], asked, {}, served_line=True)[-1].wait_s == 180


def test_without_a_counter_line_there_are_people_but_no_wait():
    asked = history.asked(NOW, None, 60, NOW + timedelta(seconds=1))
    (point,) = history.points([minute(0)], asked, {}, served_line=False)
    assert (point.people, point.wait_s, point.served_per_min) == (10, None, None)


moments = st.integers(946_771_200, 4_102_272_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(
    start=st.none() | moments,
    end=st.none() | moments,
    step_s=st.none() | st.sampled_from([60, 900, 86400]),
)
def test_any_range_is_refused_or_has_bounded_points_on_the_edges_of_buckets(start, end, step_s):
    try:
        asked = history.asked(start, end, step_s, NOW)
    except (RangeBackwards, RangeTooLong):
        return
    starts = asked.starts()
    assert len(starts) <= history.BUCKETS_MAX + 1
    assert all((at - MIDNIGHT) % timedelta(seconds=asked.step_s) == timedelta(0) for at in starts)
    assert all(at < NOW for at in starts)
