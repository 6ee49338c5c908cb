from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.density.advice import HORIZON, SAVES_AT_LEAST_S, advise
from hub.density.board import ForecastPoint

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def after(minutes: float, wait_s: int, high_s: int | None = None) -> ForecastPoint:
    return ForecastPoint(
        at=NOW + timedelta(minutes=minutes),
        wait_s=wait_s,
        wait_low_s=0,
        wait_high_s=wait_s if high_s is None else high_s,
    )


@st.composite
def points(draw):
    wait_s = draw(st.integers(0, 2000))
    return after(draw(st.integers(-30, 150)), wait_s, wait_s + draw(st.integers(0, 600)))


def test_the_shortest_wait_is_advised():
    advice = advise(NOW, 600, [after(10, 500), after(20, 180), after(30, 400)], None, 8)
    assert advice is not None
    assert advice.at == NOW + timedelta(minutes=20)
    assert (advice.wait_s, advice.saves_s, advice.weeks) == (180, 420, 8)


def test_of_waits_about_as_short_the_earliest_is_advised():
    advice = advise(NOW, 600, [after(80, 0), after(20, 25), after(50, 10)], None, 1)
    assert advice is not None
    assert advice.at == NOW + timedelta(minutes=20)


def test_less_than_two_minutes_are_not_worth_a_word():
    assert advise(NOW, 300, [after(20, 181)], None, 8) is None
    assert advise(NOW, 300, [after(20, 180)], None, 8) is not None


def test_a_band_that_reaches_the_wait_now_keeps_silent():
    assert advise(NOW, 600, [after(20, 100, 600)], None, 8) is None


def test_nobody_is_sent_to_a_counter_that_closes_before_they_are_served():
    closes_at = NOW + timedelta(minutes=22)
    assert advise(NOW, 600, [after(20, 60, 180)], closes_at, 8) is None
    assert advise(NOW, 600, [after(20, 60, 120)], closes_at, 8) is not None


def test_nothing_is_said_while_collecting_or_when_the_wait_is_unknown():
    assert advise(NOW, 600, [after(20, 60)], None, 0) is None
    assert advise(NOW, None, [after(20, 60)], None, 8) is None
    assert advise(NOW, 600, [], None, 8) is None


@given(
    st.one_of(st.none(), st.floats(0, 3000)),
    st.lists(points(), max_size=20),
    st.one_of(st.none(), st.integers(0, 120)),
    st.integers(0, 12),
)
def test_what_is_advised_is_true_of_the_forecast(wait_now_s, told, closes_min, weeks):
    closes_at = None if closes_min is None else NOW + timedelta(minutes=closes_min)
    advice = advise(NOW, wait_now_s, told, closes_at, weeks)
    if advice is None:
        return
    assert wait_now_s is not None
    assert advice.saves_s >= SAVES_AT_LEAST_S
    assert NOW < advice.at <= NOW + HORIZON
    named = [p for p in told if p.at == advice.at and p.wait_s == advice.wait_s]
    assert any(p.wait_high_s < wait_now_s for p in named)
    assert closes_at is None or advice.at + timedelta(seconds=advice.wait_s) <= closes_at
