import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.fleet import lunch
from edge.fleet.lunch import Lunch

seeds = st.integers(0, 2**32 - 1)
DAY, RUSH_S = 20_400, 12 * 3600.0
NOON = DAY * lunch.DAY_S - lunch.SEOUL_S + RUSH_S


@settings(max_examples=20)
@given(seeds, st.integers(0, 999))
def test_nobody_is_served_before_she_came_or_before_those_who_came_first(seed, node):
    day = Lunch.of(seed, node, DAY, RUSH_S)
    assert (np.diff(day.arrived) >= 0).all()
    assert (np.diff(day.left) >= 0).all()
    assert (day.left > day.arrived).all()


@settings(max_examples=20)
@given(seeds, st.floats(-3600, 3600))
def test_the_wait_lasts_until_the_last_one_ahead_has_left(seed, after_s):
    day, at = Lunch.of(seed, 3, DAY, RUSH_S), NOON + after_s
    ahead = day.left[day.arrived < at]
    assert day.wait_s(at) == max(0.0, (ahead.max() if len(ahead) else at) - at)


def test_everybody_who_joins_is_told_with_her_wait():
    day = Lunch.of(1, 1, DAY, RUSH_S)
    told = day.waits_s(NOON - 3600, NOON + 3600)
    assert len(told) > 200
    assert all(wait_s == day.wait_s(at) for at, wait_s in told[1:])
    assert max(wait_s for _, wait_s in told) > 180


def test_a_camera_misses_few_and_invents_nobody():
    day, chance = Lunch.of(1, 1, DAY, RUSH_S), np.random.default_rng(1)
    start = NOON - 3600
    seen = [day.seen(start + 60 * n, 60.0, chance) for n in range(120)]
    served = np.searchsorted(day.left, (start, start + 7200))
    came = np.searchsorted(day.arrived, (start, start + 7200))
    assert sum(one.entered for one in seen) == came[1] - came[0]
    assert 0.9 <= sum(one.served for one in seen) / (served[1] - served[0]) <= 1.0
    assert all(one.people <= one.people_max for one in seen)


def test_the_same_seed_gives_the_same_day_and_another_one_another():
    days = [Lunch.of(seed, 1, DAY, RUSH_S) for seed in (1, 1, 2)]
    assert (days[0].arrived == days[1].arrived).all()
    assert len(days[0].arrived) != len(days[2].arrived)


def test_a_korean_day_begins_at_three_in_the_afternoon_of_utc():
    assert lunch.second_of_day(15 * 3600) == 0
    assert (lunch.day_of(15 * 3600 - 1), lunch.day_of(15 * 3600)) == (0, 1)
