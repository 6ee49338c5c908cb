"""Alerts are raised once, last as long as their cause, and never flap."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.devices.alerts import Alert, Key, patience_of, turn
from hub.devices.condition import Cause
from hub.devices.notices import GIVE_UP_AFTER, Quiet, address_of, due_at, next_try

NOW = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
STEP = timedelta(seconds=30)
EARLIEST, LATEST = (datetime.fromisoformat(f"20{y}-01-01") for y in (20, 30))
CAUSES = st.sampled_from(sorted(Cause))


def play(cause: Cause, seen: list[bool]) -> tuple[list[datetime], list[datetime]]:
    """Look every 30 s; return when it was raised and when it was closed."""
    key, open_ones = Key("demo", "cam-1", cause), []
    raised: list[datetime] = []
    closed: list[datetime] = []
    for n, is_seen in enumerate(seen):
        now = NOW + n * STEP
        done = turn(open_ones, {key: {"n": n}} if is_seen else {}, now)
        raised += [now for _ in done.raised]
        closed += [now for _ in done.closed]
        open_ones = after(open_ones, done)
        assert len(open_ones) <= 1
    return raised, closed


def after(before: list[Alert], done: Any) -> list[Alert]:
    changed = {alert.key: alert for alert in done.changed}
    kept = [changed.get(a.key, a) for a in before if a.key not in done.dropped]
    return [a for a in (*kept, *done.opened) if a.closed_at is None]


@given(CAUSES, st.lists(st.booleans(), max_size=400))
def test_an_alert_never_flaps_faster_than_its_patience(cause: Cause, seen: list[bool]):
    raised, closed = play(cause, seen)
    patience = patience_of(cause)
    assert 0 <= len(raised) - len(closed) <= 1
    for up, down in zip(raised, closed, strict=False):
        assert down - up >= patience.close_after
    for down, up in zip(closed, raised[1:], strict=False):
        assert up - down >= patience.raise_after


@given(CAUSES, st.integers(1, 300))
def test_what_lasts_is_raised_exactly_once(cause: Cause, looks: int):
    raised, closed = play(cause, [True] * looks)
    lasts = (looks - 1) * STEP >= patience_of(cause).raise_after
    assert (len(raised), closed) == (int(lasts), [])


@given(CAUSES, st.lists(st.booleans(), max_size=60))
def test_the_same_look_twice_changes_nothing_more(cause: Cause, seen: list[bool]):
    key, open_ones = Key("demo", "cam-1", cause), []
    for n, is_seen in enumerate(seen):
        told = {key: {}} if is_seen else {}
        open_ones = after(open_ones, turn(open_ones, told, NOW + n * STEP))
        again = turn(open_ones, told, NOW + n * STEP)
        assert not again.raised
        assert not again.closed
        assert not again.dropped


def test_a_cause_that_comes_back_before_it_is_over_is_the_same_alert():
    lasts, gone = [True] * 10, [False] * 3
    raised, closed = play(Cause.MISSING, lasts + gone + lasts + gone + lasts)
    assert (len(raised), len(closed)) == (1, 0)


@given(
    st.times(),
    st.times(),
    st.datetimes(timezones=st.just(UTC), min_value=EARLIEST, max_value=LATEST),
)
def test_nothing_is_due_while_it_is_quiet_and_all_within_a_day(
    starts: time, ends: time, now: datetime
):
    quiet = Quiet(starts, ends)
    due = due_at(quiet, now)
    assert timedelta(0) <= due - now <= timedelta(days=1)
    assert not quiet.is_on(due)


def test_a_night_runs_over_midnight():
    night = Quiet(time(22), time(7))
    at = datetime(2026, 11, 5, 15, 0, tzinfo=UTC)  # midnight in Seoul
    assert due_at(night, at) == datetime(2026, 11, 5, 22, 0, tzinfo=UTC)


def test_tries_get_rarer_and_end_after_a_day():
    now, tries, waits = NOW, 0, []
    while (again := next_try(NOW, tries + 1, now)) is not None:
        waits.append(again - now)
        now, tries = again, tries + 1
    assert waits == sorted(waits)
    assert timedelta(hours=20) < now - NOW <= GIVE_UP_AFTER
    assert tries < 25


def test_an_address_is_stored_without_its_password():
    assert "geheim" not in address_of("mailtos://user:geheim@mail.city.go.kr")
