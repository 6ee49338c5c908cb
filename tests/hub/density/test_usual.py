from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.density.past import Past
from hub.density.usual import COLLECTING_DAYS, STEP_MIN, usual_of
from tests.hub.density.pasts import LUNCH, flat_past, past_of

MONDAY = date(2026, 11, 23)


def test_below_five_days_nothing_is_usual():
    assert usual_of(None) == ()
    assert usual_of(flat_past(5, 2, COLLECTING_DAYS - 1, MONDAY)) == ()
    assert usual_of(flat_past(5, 2, COLLECTING_DAYS, MONDAY)) != ()


def test_a_zone_that_serves_nobody_has_no_usual_wait():
    assert usual_of(flat_past(5, 0, 30, MONDAY)) == ()


def test_every_minute_alike_is_a_flat_curve():
    steps = usual_of(flat_past(people=8, served=2, days=28, first_day=MONDAY))
    assert len(steps) == 7 * 288
    inner = [s for s in steps if s.minute >= 10]
    for s in inner:
        assert s.served_per_min == pytest.approx(2.0, rel=0.02)
        assert s.wait_p50_s == pytest.approx(240, rel=0.03)
        assert s.people_p50 == 8


def test_lunch_peaks_around_noon_and_only_within_the_hours():
    steps = [s for s in usual_of(past_of(LUNCH, 56)) if s.weekday == 3]
    assert {s.minute for s in steps} == set(range(690, 810, STEP_MIN))
    peak = max(steps, key=lambda s: s.wait_p50_s)
    assert 12 * 60 <= peak.minute <= 12 * 60 + 35
    assert peak.wait_p50_s > 3 * 60
    assert steps[0].wait_p50_s < 60


def test_a_weekday_with_its_own_habit_keeps_it():
    past = flat_past(people=4, served=2, days=56, first_day=MONDAY)
    friday = past.weekdays == 4
    past.people[friday] *= 5
    noon = {s.weekday: s.wait_p50_s for s in usual_of(past) if s.minute == 720}
    assert noon[5] > 3 * noon[4]


def test_with_few_weeks_a_weekday_leans_on_the_others():
    few, many = (
        _friday_noon(flat_past(people=4, served=2, days=days, first_day=MONDAY)) for days in (7, 84)
    )
    assert few < many


def _friday_noon(past: Past) -> float:
    past.people[past.weekdays == 4] *= 5
    return next(s.wait_p50_s for s in usual_of(past) if (s.weekday, s.minute) == (5, 720))


def test_weekends_do_not_speak_for_working_days():
    past = flat_past(people=4, served=2, days=56, first_day=MONDAY)
    past.people[past.weekdays >= 5] = 100
    noon = {s.weekday: s.wait_p50_s for s in usual_of(past) if s.minute == 720}
    assert noon[6] > 10 * noon[1]
    assert noon[1] == pytest.approx(noon[3], rel=0.01)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.integers(5, 40), st.floats(0, 0.9))
def test_quartiles_ascend_whatever_was_counted(seed, days, missing):
    chance = np.random.default_rng(seed)
    shape = (days, 1440)
    people = chance.poisson(chance.uniform(0, 30), shape).astype(float)
    people[chance.random(shape) < missing] = np.nan
    served = np.where(np.isfinite(people), chance.poisson(3, shape), 0).astype(float)
    steps = usual_of(Past(MONDAY, people, served, np.where(np.isfinite(people), 60.0, 0.0)))
    for s in steps:
        assert 0 <= s.wait_p25_s <= s.wait_p50_s <= s.wait_p75_s
        assert s.served_per_min is not None
        assert s.served_per_min > 0
    for a, b in pairwise(steps):
        assert (a.weekday, a.minute) < (b.weekday, b.minute)
