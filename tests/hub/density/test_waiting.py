import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hub.density import waiting
from hub.density.waiting import SERVICE_WINDOW_S, estimate, f_quantile

people = st.integers(1, 200)
served = st.integers(1, 100)
rates = st.one_of(st.none(), st.floats(0.05, 60))
seconds = st.floats(1, SERVICE_WINDOW_S)
crossings = st.integers(0, 100)


@given(people, served, seconds, rates)
def test_the_wait_lies_within_its_interval(n, k, observed_s, usual):
    wait = estimate(n, k, observed_s, usual)
    assert wait is not None
    assert 0 <= wait.low_s <= wait.wait_s <= wait.high_s
    assert math.isfinite(wait.high_s)


@given(people, served, seconds, rates)
def test_one_more_ahead_waits_longer(n, k, observed_s, usual):
    fewer, more = estimate(n, k, observed_s, usual), estimate(n + 1, k, observed_s, usual)
    assert fewer is not None
    assert more is not None
    assert fewer.wait_s < more.wait_s
    assert fewer.low_s < more.low_s
    assert fewer.high_s < more.high_s


@given(people, served, seconds, rates)
def test_one_more_served_waits_shorter(n, k, observed_s, usual):
    assume(observed_s > (k + 1) * waiting.FASTEST_SERVICE_S)
    slow, fast = estimate(n, k, observed_s, usual), estimate(n, k + 1, observed_s, usual)
    assert slow is not None
    assert fast is not None
    assert fast.wait_s < slow.wait_s
    assert fast.high_s < slow.high_s


@given(people, crossings, seconds, st.floats(0.05, 60))
def test_the_rate_lies_between_the_usual_and_the_seen(n, k, observed_s, usual):
    wait = estimate(n, k, observed_s, usual)
    if wait is None:
        return
    assert wait.served_per_min is not None
    low, high = sorted([usual, k * 60 / max(observed_s, k * waiting.FASTEST_SERVICE_S)])
    assert low - 1e-9 <= wait.served_per_min <= high + 1e-9


@given(people, st.one_of(st.none(), st.floats(0, 60)))
def test_a_queue_that_nobody_serves_is_unknown(n, usual):
    assert estimate(n, 0, SERVICE_WINDOW_S, usual) is None


@given(people, st.floats(0, SERVICE_WINDOW_S))
def test_nobody_served_and_nothing_usual_is_unknown(n, observed_s):
    assert estimate(n, 0, observed_s, None) is None


def test_a_queue_that_has_just_begun_is_served_as_usual():
    wait = estimate(4, 0, 15, 6.0)
    assert wait is not None
    assert wait.wait_s == pytest.approx(40, rel=0.35)


def test_nobody_served_for_long_where_many_are_usual_is_unknown():
    assert estimate(4, 0, 60, 6.0) is None


@given(st.integers(0, 100), st.floats(0, SERVICE_WINDOW_S), rates)
def test_nobody_ahead_waits_nothing_but_perhaps_one_missed_person(k, observed_s, usual):
    wait = estimate(0, k, observed_s, usual)
    assert wait is not None
    assert wait.wait_s == wait.low_s == 0
    assert wait.high_s > 0


@pytest.mark.parametrize(("n", "k", "observed_s"), [(-1, 0, 1.0), (1, -1, 1.0), (1, 1, -1.0)])
def test_a_negative_count_is_refused(n, k, observed_s):
    with pytest.raises(ValueError, match="not negative"):
        estimate(n, k, observed_s, None)


@pytest.mark.parametrize("d2", [3, 4, 6, 10, 40])
@pytest.mark.parametrize(("p", "z"), [(0.1, -waiting._Z80), (0.9, waiting._Z80)])
def test_the_quantile_agrees_with_the_exact_one_where_that_is_known(d2, p, z):
    exact = ((1 - p) ** (-2 / d2) - 1) * d2 / 2  # of F with 2 degrees of freedom above
    assert f_quantile(z, 2, d2) == pytest.approx(exact, rel=0.08)


@pytest.mark.parametrize(("d1", "d2"), [(4, 5), (10, 13), (40, 31), (80, 11)])
def test_the_quantile_agrees_with_a_simulation(d1, d2):
    drawn = np.random.default_rng(5).f(d1, d2, 400_000)
    for p, z in ((0.1, -waiting._Z80), (0.9, waiting._Z80)):
        assert f_quantile(z, d1, d2) == pytest.approx(np.quantile(drawn, p), rel=0.03)


def covered(rate_per_min: float, n: int, shape: float, usual: float | None, seed: int) -> float:
    """How often the interval holds the true wait: counters that serve Erlang(shape) times."""
    chance = np.random.default_rng(seed)
    inside = tried = 0
    for _ in range(4000):
        # a counter that has been busy: 5 minutes of crossings, then the n people ahead
        times = np.cumsum(chance.gamma(shape, 60 / (rate_per_min * shape), 400))
        times -= chance.uniform(0, 60 / rate_per_min)
        k = int(np.searchsorted(times, SERVICE_WINDOW_S))
        wait = estimate(n, k, SERVICE_WINDOW_S, usual)
        if wait is None:
            continue
        true_s = times[k + n - 1] - SERVICE_WINDOW_S
        tried += 1
        inside += wait.low_s <= true_s <= wait.high_s
    assert tried > 3000
    return inside / tried


@pytest.mark.parametrize("n", [1, 3, 10, 40])
@pytest.mark.parametrize("rate_per_min", [1.5, 4.0, 10.0])
def test_seven_of_ten_true_waits_are_in_the_interval_even_where_chance_serves(rate_per_min, n):
    assert 0.7 <= covered(rate_per_min, n, 1.0, None, 11) <= 0.85


@pytest.mark.parametrize("n", [3, 10, 40])
def test_a_counter_steadier_than_chance_is_covered_at_least_as_often(n):
    assert covered(6.0, n, 2.0, None, 12) >= 0.8


@pytest.mark.parametrize("n", [3, 10, 40])
def test_with_the_usual_rate_of_days_that_differ_the_interval_still_holds(n):
    chance = np.random.default_rng(3)
    days = chance.gamma(waiting.PRIOR_SERVED, 4.0 / waiting.PRIOR_SERVED, 40)
    shares = [
        covered(max(rate, 0.8), n, 1.0, 4.0, day) for day, rate in enumerate(days) if rate > 0.8
    ]
    assert 0.72 <= float(np.mean(shares)) <= 0.88


@given(st.integers(0, 200), crossings, seconds, rates)
def test_the_wait_without_its_interval_is_the_same_wait(n, k, observed_s, usual):
    wait = estimate(n, k, observed_s, usual)
    assert waiting.wait_s(n, k, observed_s, usual) == (None if wait is None else wait.wait_s)
