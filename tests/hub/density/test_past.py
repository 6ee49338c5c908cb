from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.density import past as pasts
from hub.density.past import RECENT_MIN, from_minutes, recent_waits_s, usual_rate, waits_s
from hub.density.waiting import estimate
from tests.hub.density.pasts import LUNCH, flat_past, minutes_of, past_of, true_waits_s

MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def test_minutes_land_on_their_korean_day_and_minute():
    past = from_minutes([(NOON, 4.0, 2, 60.0)], None)
    assert past is not None
    assert past.first_day == MONDAY
    assert past.people[0, 720] == 4.0
    assert np.isnan(past.people[0, 719])


def test_minutes_outside_the_opening_hours_are_not_known():
    past = from_minutes([(NOON, 4.0, 2, 60.0), (NOON - timedelta(hours=1), 9.0, 0, 60.0)], LUNCH)
    assert past is not None
    assert np.isfinite(past.people).sum() == 1


def test_nothing_within_the_hours_is_no_past():
    assert from_minutes([], None) is None
    assert from_minutes([(NOON - timedelta(hours=5), 9.0, 0, 60.0)], LUNCH) is None


def test_a_holiday_on_which_nobody_came_is_not_a_day_of_history():
    usual = minutes_of(LUNCH, 28)
    day_off = datetime(2026, 11, 18, tzinfo=UTC)
    empty = [
        (at, 0.0, 0, s) if at.date() == day_off.date() else (at, p, n, s) for at, p, n, s in usual
    ]
    with_it, without = from_minutes(usual, LUNCH), from_minutes(empty, LUNCH)
    assert with_it is not None
    assert without is not None
    assert without.history_days == with_it.history_days - 1


def test_the_wait_of_history_is_the_wait_of_the_board():
    past = flat_past(people=12, served=3, days=2, first_day=MONDAY)
    rate = np.full(1440, 4.0)
    shown = estimate(12, 15, 300, 4.0)
    assert shown is not None
    assert waits_s(past, rate)[1, 700] == pytest.approx(shown.wait_s)


def test_a_queue_that_nobody_served_has_no_wait():
    past = flat_past(people=5, served=0, days=1, first_day=MONDAY)
    assert np.isnan(waits_s(past, np.full(1440, 4.0))[0, 10:]).all()


def test_the_wait_from_counts_is_close_to_the_wait_the_simulation_knows():
    past = past_of(LUNCH, 28)
    rate = usual_rate(past, past.is_observed)
    assert rate is not None
    seen, truth = waits_s(past, rate), true_waits_s(past, LUNCH)
    known = np.isfinite(seen) & np.isfinite(truth)
    busy = known & (truth > 120)
    assert busy.sum() > 300
    assert np.abs(seen - truth)[busy].mean() < 90
    assert abs((seen - truth)[busy].mean()) < 60


@given(
    st.lists(
        st.tuples(st.integers(1, RECENT_MIN + 5), st.floats(0, 80), st.integers(0, 20)),
        max_size=60,
        unique_by=lambda told: told[0],
    )
)
def test_recent_waits_are_never_negative_and_known_only_where_observed(told):
    minutes = [(NOON - timedelta(minutes=ago), people, n, 60.0) for ago, people, n in told]
    waits = recent_waits_s(minutes, lambda _: 4.0, NOON)
    assert waits.shape == (RECENT_MIN,)
    known = np.isfinite(waits)
    assert (waits[known] >= 0).all()
    observed = {RECENT_MIN - ago for ago, *_ in told}
    assert set(np.flatnonzero(known).tolist()) <= observed


def test_a_zone_without_any_service_has_no_usual_rate():
    past = flat_past(people=2, served=0, days=6, first_day=MONDAY)
    assert usual_rate(past, past.is_observed) is None


def test_weeks_count_from_the_first_observed_day_to_the_last():
    assert past_of(LUNCH, 56).weeks == 7
    assert past_of(None, 56).weeks == 8
    assert past_of(LUNCH, 3).weeks == 1


def test_unknown_means_are_unknown_without_a_warning():
    assert np.isnan(pasts.nan_mean(np.array([[np.nan, np.nan]]), 1)[0])
