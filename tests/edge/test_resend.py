"""The resend rules, against a model of the hub behind a wire that drops, doubles and reorders."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from edge.resend import IN_FLIGHT_MOST, REFUSALS_MOST, STILL_FIRST_S, STILL_MOST_S, Heard, Resend
from edge.wire.messages import Committed

SPOOL, OTHER = UUID(int=1), UUID(int=2)
EPOCH, RESTORED = UUID(int=10), UUID(int=11)


def mark(seq: int, spool: UUID = SPOOL, epoch: UUID = EPOCH) -> Committed:
    return Committed(hub_epoch=epoch, spool=spool, seq=seq)


def connected(held: int = 0) -> Resend:
    resend = Resend(SPOOL, held)
    resend.on_connect()
    return resend


def test_on_connect_everything_unheld_is_sent_oldest_first():
    assert connected().due(0.0, [3, 4, 5]) == [3, 4, 5]


def test_nothing_is_due_without_a_connection():
    resend = Resend(SPOOL)
    assert resend.due(0.0, [1]) == []
    resend.on_connect()
    resend.on_disconnect()
    assert resend.due(0.0, [1]) == []


def test_at_most_two_hundred_are_in_flight_and_the_mark_lets_more_go():
    resend, rows = connected(), list(range(1, 1001))
    assert resend.due(0.0, rows) == rows[:IN_FLIGHT_MOST]
    assert resend.due(1.0, rows) == []
    resend.on_mark(mark(50), 1000, 1.0, live=True)
    assert resend.due(1.0, rows[50:]) == list(range(201, 251))


def test_the_newest_does_not_wait_behind_a_days_backlog():
    resend, rows = connected(), list(range(1, 1001))
    assert resend.due(0.0, rows, newest=1000) == [*rows[:IN_FLIGHT_MOST], 1000]
    assert resend.due(5.0, rows, newest=1001) == [1001]
    assert resend.due(5.1, rows, newest=1001) == []
    resend.on_mark(mark(200), 1001, 6.0, live=True)
    assert resend.due(6.0, rows[200:], newest=1001) == rows[200:400]


def test_the_flight_is_sent_again_when_the_mark_stood_still_less_and_less_often():
    resend = connected()
    sent_at = [now_s for now_s in range(4000) if resend.due(float(now_s), [1, 2])]
    gaps = [later - earlier for earlier, later in pairwise(sent_at)]
    assert gaps[:6] == [STILL_FIRST_S, 60, 120, 240, 480, STILL_MOST_S]
    assert set(gaps[6:]) == {STILL_MOST_S}


def test_a_hub_that_says_nothing_but_lower_marks_has_lost_what_it_held():
    """Restored, and nobody told the nodes so by a new epoch."""
    resend = connected(held=1000)
    assert resend.due(0.0, [1001, 1002]) == [1001, 1002]
    assert resend.on_mark(mark(500), 1002, 1.0, live=True) is Heard.LOWER
    assert resend.due(STILL_FIRST_S - 1, [1001, 1002]) == []
    resend.due(STILL_FIRST_S, [1001, 1002])
    assert resend.held == 500
    assert resend.due(STILL_FIRST_S, [501, 502]) == [501, 502]


@pytest.mark.parametrize("live", [True, False])
def test_a_lower_mark_beside_a_true_one_is_a_slow_door(live: bool):
    resend = connected(held=1000)
    resend.due(0.0, [1001, 1002])
    resend.on_mark(mark(999), 1002, 1.0, live=live)
    resend.on_mark(mark(1000), 1002, 2.0, live=True)
    resend.due(STILL_FIRST_S, [1001, 1002])
    assert resend.held == 1000


def test_a_restored_hub_is_noticed_by_a_node_that_was_restarted_too():
    resend = Resend(SPOOL, 1000, EPOCH)
    resend.on_connect()
    assert resend.on_mark(mark(500, epoch=RESTORED), 1002, 0.0, live=True) is Heard.RESTORED
    assert resend.held == 500


def test_a_mark_of_another_window_under_our_seq_is_not_ours():
    resend, ours = connected(), datetime(2026, 11, 21, tzinfo=UTC)
    theirs = mark(5).model_copy(update={"window_start": ours + timedelta(seconds=0.3)})
    assert resend.on_mark(theirs, 9, 0.0, live=False, ours=ours) is Heard.NOT_OURS
    assert resend.held == 0
    said = theirs.model_copy(update={"window_start": ours})
    assert resend.on_mark(said, 9, 0.0, live=False, ours=ours) is Heard.MOVED
    assert resend.on_mark(mark(6), 9, 0.0, live=True, ours=ours) is Heard.MOVED  # an older hub


def test_a_moving_mark_puts_the_resend_off():
    resend = connected()
    assert resend.due(0.0, [1, 2, 3]) == [1, 2, 3]
    resend.on_mark(mark(1), 3, 29.0, live=True)
    assert resend.due(31.0, [2, 3]) == []
    assert resend.due(59.0, [2, 3]) == [2, 3]


def test_after_a_quiet_time_the_first_wait_is_short_again():
    resend = connected()
    for now_s in range(200):
        resend.due(float(now_s), [1])
    resend.on_mark(mark(1), 1, 200.0, live=True)
    assert resend.due(201.0, []) == []
    assert resend.due(500.0, [2]) == [2]
    assert resend.due(500.0 + STILL_FIRST_S, [2]) == [2]


def test_a_lower_mark_is_ignored():
    resend = connected()
    resend.on_mark(mark(5), 9, 0.0, live=True)
    assert resend.on_mark(mark(3), 9, 0.0, live=True) is Heard.LOWER
    assert resend.held == 5


def test_a_lower_mark_of_a_restored_hub_is_believed_and_all_above_is_sent_again():
    resend = connected()
    resend.on_mark(mark(5), 9, 0.0, live=True)
    resend.due(0.0, [6, 7])
    assert resend.on_mark(mark(3, epoch=RESTORED), 9, 1.0, live=True) is Heard.RESTORED
    assert resend.due(1.0, [4, 5, 6, 7]) == [4, 5, 6, 7]


def test_a_mark_of_another_outbox_file_is_ignored():
    resend = connected()
    assert resend.on_mark(mark(5, spool=OTHER), 9, 0.0, live=True) is Heard.OTHER_SPOOL
    assert resend.held == 0


def test_a_mark_above_what_was_ever_made_is_told_apart():
    resend = connected()
    assert resend.on_mark(mark(10), 9, 0.0, live=True) is Heard.BEYOND
    assert resend.held == 0


def test_a_returning_hub_is_sent_the_flight_at_once():
    resend = connected()
    resend.due(0.0, [1, 2])
    resend.on_hub_back()
    assert resend.due(1.0, [1, 2]) == [1, 2]


def _rounds(resend: Resend, *, hub_takes_later: bool, rounds: int) -> None:
    now_s = 0.0
    for _ in range(rounds):
        while not resend.due(now_s, [4, 5, 6]):
            now_s += 10.0
        if hub_takes_later:
            resend.on_mark(mark(3), 6, now_s, live=True)


def test_a_message_refused_ten_times_while_later_ones_are_taken_is_set_aside():
    resend = connected(held=3)
    _rounds(resend, hub_takes_later=True, rounds=REFUSALS_MOST)
    assert resend.refused is None
    _rounds(resend, hub_takes_later=True, rounds=1)
    assert resend.refused == 4


def test_a_hub_that_takes_nothing_makes_nobody_set_aside():
    resend = connected(held=3)
    _rounds(resend, hub_takes_later=False, rounds=40)
    assert resend.refused is None


def test_a_stored_mark_is_no_sign_that_later_ones_are_held():
    resend, now_s = connected(held=3), 0.0
    for _ in range(40):
        while not resend.due(now_s, [4, 5]):
            now_s += 10.0
        resend.on_mark(mark(3), 5, now_s, live=False)
    assert resend.refused is None


@dataclass
class ModelHub:
    """What the design says of the hub: held seqs, the mark is the end of the first range."""

    held: set[int] = field(default_factory=set)
    below: int = 1

    def take(self, seq: int, oldest: int) -> None:
        self.held.add(seq)
        self.below = max(self.below, oldest)

    @property
    def mark(self) -> int:
        seq = self.below
        while seq in self.held:
            seq += 1
        return seq - 1


class Wire(RuleBasedStateMachine):
    """Any order of windows, losses, doubles, late marks and reconnections."""

    messages = Bundle("messages")
    marks = Bundle("marks")

    def __init__(self) -> None:
        super().__init__()
        self.resend, self.hub = Resend(SPOOL), ModelHub()
        self.newest, self.now_s = 0, 0.0
        self.trimmed = 0
        self.in_flight: list[tuple[int, int]] = []

    def unheld(self) -> list[int]:
        return list(range(self.resend.held + 1, self.newest + 1))

    @rule(windows=st.integers(1, 300))
    def count(self, windows: int) -> None:
        self.newest += windows

    @rule(passed_s=st.floats(0.1, 700))
    def wait(self, passed_s: float) -> None:
        self.now_s += passed_s

    @rule()
    def connect(self) -> None:
        self.resend.on_connect()

    @rule()
    def lose_connection(self) -> None:
        self.resend.on_disconnect()
        self.in_flight.clear()

    @rule()
    def send(self) -> None:
        due = self.resend.due(self.now_s, self.unheld())
        assert due == sorted(set(due))
        assert not due or due[0] > self.resend.held
        assert not due or due[-1] <= self.resend.held + IN_FLIGHT_MOST
        self.in_flight += [(seq, self.resend.held + 1) for seq in due]

    @precondition(lambda self: self.in_flight)
    @rule(data=st.data())
    def deliver_one_of_them_perhaps_twice(self, data: st.DataObject) -> None:
        seq, oldest = data.draw(st.sampled_from(self.in_flight))
        self.hub.take(seq, oldest)

    @rule(target=marks)
    def hub_says_its_mark(self) -> int:
        return self.hub.mark

    @rule(seq=marks, live=st.booleans())
    def a_mark_arrives_late_or_twice(self, seq: int, live: bool) -> None:
        before = self.resend.held
        self.resend.on_mark(mark(seq), self.newest, self.now_s, live=live)
        assert self.resend.held == max(before, seq)

    @invariant()
    def nothing_is_believed_held_that_the_hub_does_not_hold(self) -> None:
        assert self.resend.held <= self.hub.mark

    @invariant()
    def nobody_is_set_aside_by_chance(self) -> None:
        assert self.resend.refused is None or self.resend.refused > self.hub.mark

    def teardown(self) -> None:
        """Whatever happened, a wire that works again brings everything over."""
        self.resend.on_connect()
        for _ in range(self.newest + 10):
            for seq in self.resend.due(self.now_s, self.unheld()):
                self.hub.take(seq, self.resend.held + 1)
            self.resend.on_mark(mark(self.hub.mark), self.newest, self.now_s, live=True)
            self.now_s += 1.0
            if not self.unheld():
                break
        assert self.resend.held == self.newest


TestWire = Wire.TestCase
TestWire.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@pytest.mark.parametrize(("loss", "hours"), [(0.5, 24), (0.1, 2), (0.0, 0.05)])
def test_a_day_of_counts_gets_over_a_lossy_wire(loss: float, hours: float):
    resend, hub, newest = connected(), ModelHub(), 17_280
    chance, now_s = random.Random(1), 0.0
    while resend.held < newest:
        unheld = range(resend.held + 1, min(newest, resend.held + IN_FLIGHT_MOST) + 1)
        for seq in resend.due(now_s, list(unheld)):
            if chance.random() >= loss:
                hub.take(seq, resend.held + 1)
        resend.on_mark(mark(hub.mark), newest, now_s, live=True)
        now_s += 1.0
    assert now_s < 3600 * hours
