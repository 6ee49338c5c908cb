from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.density.levels import HYSTERESIS, LEVELS, level_after

LIMITS = (180, 420, 720)
waits = st.lists(st.one_of(st.none(), st.floats(0, 2000)), max_size=40)


@pytest.mark.parametrize(
    ("wait_s", "level"),
    [(0, "relaxed"), (179, "relaxed"), (180, "moderate"), (420, "busy"), (720, "crowded")],
)
def test_a_steady_wait_has_the_level_of_its_thresholds(wait_s, level):
    assert level_after([wait_s] * 3, LIMITS) == level


def test_nothing_known_is_no_level():
    assert level_after([], LIMITS) is None
    assert level_after([None, None], LIMITS) is None


def test_an_unknown_wait_now_is_no_level_whatever_it_was():
    assert level_after([500, 500, None], LIMITS) is None


def test_a_rise_is_believed_when_it_has_stood_a_minute():
    assert level_after([100, 100, 200], LIMITS) == "relaxed"
    assert level_after([100, 100, 200, 200], LIMITS) == "moderate"


def test_a_spike_of_one_minute_changes_nothing():
    assert level_after([100, 900, 100, 100], LIMITS) == "relaxed"


def test_a_level_is_left_only_a_fifth_below_its_threshold():
    assert level_after([200, 200, 150, 150, 150], LIMITS) == "moderate"
    assert level_after([200, 200, 143, 143], LIMITS) == "relaxed"


def test_a_queue_that_grows_fast_takes_the_level_both_minutes_reached():
    assert level_after([0, 0, 500, 800], LIMITS) == "busy"
    assert level_after([0, 0, 500, 800, 800], LIMITS) == "crowded"


@given(waits)
def test_the_same_minutes_always_say_the_same(told):
    assert level_after(told, LIMITS) == level_after(list(told), LIMITS)


@given(waits)
def test_a_level_is_known_exactly_when_the_wait_is(told):
    known = bool(told) and told[-1] is not None
    assert (level_after(told, LIMITS) is not None) == known


@given(st.lists(st.floats(0, 2000), max_size=40), st.lists(st.floats(720, 2000), min_size=2))
def test_two_minutes_beyond_the_last_threshold_are_crowded_whatever_was(before, long):
    assert level_after([*before, *long], LIMITS) == "crowded"


@given(st.lists(st.floats(0, 2000), max_size=40), st.lists(st.floats(0, 143), min_size=2))
def test_two_minutes_well_below_the_first_threshold_are_relaxed_whatever_was(before, short):
    assert level_after([*before, *short], LIMITS) == "relaxed"


@given(st.lists(st.floats(0, 2000), min_size=2, max_size=40))
def test_a_level_never_changes_on_the_word_of_one_minute(told):
    ranks = [LEVELS.index(level_after(told[: n + 1], LIMITS)) for n in range(len(told))]
    for n, (before, after) in enumerate(pairwise(ranks)):
        if after > before:
            assert min(told[n], told[n + 1]) >= LIMITS[after - 1]
        if after < before:
            assert max(told[n], told[n + 1]) < (1 - HYSTERESIS) * LIMITS[after]


@given(st.lists(st.floats(145, 179), min_size=2, max_size=30), st.booleans())
def test_between_leaving_and_entering_nothing_flickers(told, started_high):
    start = [200.0, 200.0] if started_high else [10.0, 10.0]
    levels = {level_after([*start, *told[: n + 1]], LIMITS) for n in range(len(told))}
    assert levels == {"moderate" if started_high else "relaxed"}
