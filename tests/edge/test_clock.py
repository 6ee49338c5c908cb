"""Windows are measured on the monotonic clock and stamped when the node knows the time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from edge.clock import HOLD_S, HUB_SILENT_S, NodeClock, Stamp, kernel_is_synced, this_boot

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
NOON_S = NOON.timestamp()
YEAR_S = 365 * 86_400.0


def unsynced(*, trusted: bool = False) -> NodeClock:
    """A Pi that woke with last year's time; monotonic second 100 is NOON in truth."""
    return NodeClock(100.0, NOON_S - YEAR_S, ntp=False, trusted=trusted)


def test_with_ntp_a_window_is_stamped_by_the_system_clock():
    clock = NodeClock(100.0, NOON_S, ntp=True)
    assert clock.stamp(90.0, 101.0) == Stamp(NOON - timedelta(seconds=10), True)
    assert clock.source(101.0) == "ntp"


def test_without_any_source_the_stamp_is_the_system_clocks_and_says_so():
    clock = unsynced()
    assert clock.source(100.0) == "none"
    stamp = clock.stamp(100.0, 100.0)
    assert not stamp.synced
    assert abs(stamp.at - (NOON - timedelta(seconds=YEAR_S))) < timedelta(milliseconds=1)


def test_the_hubs_time_stamps_windows_that_were_measured_before_it_was_heard():
    clock = unsynced()
    clock.on_hub_time(NOON + timedelta(seconds=20), 120.0)
    assert clock.stamp(105.0, 121.0) == Stamp(NOON + timedelta(seconds=5), True)
    assert clock.source(121.0) == "hub"


def test_ntp_is_preferred_to_the_hub_and_the_difference_is_told():
    clock = NodeClock(100.0, NOON_S, ntp=True)
    clock.on_hub_time(NOON + timedelta(seconds=7), 105.0)
    assert clock.source(106.0) == "ntp"
    assert abs((clock.offset_ms(106.0) or 0) - 2000.0) < 1.0


def test_a_hub_that_fell_silent_says_nothing_of_the_offset():
    clock = NodeClock(100.0, NOON_S, ntp=True)
    clock.on_hub_time(NOON, 100.0)
    assert clock.offset_ms(100.0 + HUB_SILENT_S + 1) is None


@given(delays_s=st.lists(st.floats(0, 9), min_size=1, max_size=6))
def test_of_several_hub_messages_the_fastest_is_believed(delays_s: list[float]):
    clock = unsynced()
    for i, delay_s in enumerate(delays_s):
        sent_s = 100.0 + 10.0 * i
        clock.on_hub_time(NOON + timedelta(seconds=sent_s - 100.0), sent_s + delay_s)
    now_s = 100.0 + 10.0 * len(delays_s) + 20
    late_s = (
        NOON + timedelta(seconds=now_s - 100.0) - clock.stamp(now_s, now_s).at
    ).total_seconds()
    assert -1e-3 < late_s <= min(delays_s) + 1e-3


def test_a_hub_whose_clock_was_set_back_is_followed_at_once():
    clock = unsynced()
    clock.on_hub_time(NOON + timedelta(hours=3), 100.0)
    clock.on_hub_time(NOON + timedelta(hours=3, seconds=10), 110.0)
    clock.on_hub_time(NOON + timedelta(seconds=20), 120.0)
    assert clock.stamp(121.0, 121.0).at == NOON + timedelta(seconds=21)


def test_a_lost_source_is_held_for_a_day_and_no_longer():
    clock = unsynced()
    clock.on_hub_time(NOON, 100.0)
    assert clock.stamp(0.0, 100.0 + HOLD_S - 1).synced
    assert not clock.stamp(0.0, 100.0 + HOLD_S + 1).synced


def test_ntp_that_ended_is_held_while_the_system_clock_runs_away():
    clock = NodeClock(100.0, NOON_S, ntp=True)
    clock.look(200.0, NOON_S + 5000.0, ntp=False)
    assert clock.stamp(200.0, 200.0) == Stamp(NOON + timedelta(seconds=100), True)


def test_windows_without_a_source_wait_a_minute_and_then_go():
    clock = unsynced()
    assert not clock.may_send_unsynced(159.9)
    assert clock.may_send_unsynced(160.0)


def test_a_step_of_the_system_clock_is_told_and_new_windows_follow_it_both_ways():
    clock = NodeClock(100.0, NOON_S, ntp=True)
    assert clock.look(105.0, NOON_S + 5.0, ntp=True) is None
    for step_s in (3600.0, -7200.0):
        before = clock.stamp(110.0, 110.0).at
        offset_s = before.timestamp() - 110.0 + step_s
        told = clock.look(110.0, offset_s + 110.0, ntp=True)
        assert told is not None
        assert abs(told - step_s) < 1e-3
        moved_s = (clock.stamp(110.0, 110.0).at - before).total_seconds()
        assert abs(moved_s - step_s) < 1e-3


def test_a_clock_that_is_trusted_counts_as_kept():
    assert NodeClock(0.0, NOON_S, ntp=False, trusted=True).source(0.0) == "ntp"


def test_a_returning_hub_is_noticed_once():
    clock = unsynced()
    assert not clock.on_hub_time(NOON, 100.0)
    assert not clock.on_hub_time(NOON, 110.0)
    assert clock.on_hub_time(NOON, 150.0)
    assert not clock.on_hub_time(NOON, 160.0)


def test_the_kernel_answers_and_a_boot_has_one_name():
    assert kernel_is_synced() in (True, False)
    assert this_boot() == this_boot()
