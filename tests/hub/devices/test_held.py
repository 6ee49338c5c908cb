"""What the hub holds of an outbox, against sets of whole numbers."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.devices.held import Held, Ranges, contains, minus, of_seqs, union

SEQS = st.integers(min_value=1, max_value=60)
HEARD = st.lists(st.tuples(st.lists(SEQS, max_size=12), SEQS), max_size=8)
BOUNDS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def seqs_of(ranges: Ranges) -> set[int]:
    return {seq for first, end in ranges for seq in range(first, end)}


def heard(steps: list[tuple[list[int], int]]) -> Held:
    held = Held()
    for seqs, oldest in steps:
        held = held.hear(seqs, oldest)
    return held


@given(BOUNDS)
def test_a_union_is_sorted_disjoint_and_does_not_touch(bounds: list[tuple[int, int]]):
    ranges = union(bounds)
    assert all(first < end for first, end in ranges)
    assert all(a[1] < b[0] for a, b in pairwise(ranges))
    assert seqs_of(ranges) == {n for first, end in bounds for n in range(first, end)}


@given(BOUNDS, BOUNDS)
def test_a_difference_is_the_difference_of_the_sets(a: list, b: list):
    left = minus(union(a), union(b))
    assert seqs_of(left) == seqs_of(union(a)) - seqs_of(union(b))
    assert left == union(left)


@given(st.sets(SEQS), SEQS)
def test_ranges_contain_what_they_were_made_of(seqs: set[int], seq: int):
    assert contains(of_seqs(seqs), seq) == (seq in seqs)


@given(HEARD)
def test_held_is_what_came_and_what_was_given_up(steps: list):
    came = {seq for seqs, _ in steps for seq in seqs}
    below = set(range(1, max([oldest for _, oldest in steps], default=1)))
    held = heard(steps)
    assert seqs_of(held.held) == came | below
    assert seqs_of(held.lost) == below - came


@given(HEARD)
def test_the_mark_never_passes_a_seq_that_is_missing(steps: list):
    held = heard(steps)
    missing = min(set(range(1, 100)) - seqs_of(held.held))
    assert held.mark == missing - 1


@given(HEARD, SEQS, st.lists(SEQS, max_size=5))
def test_the_mark_never_falls(steps: list, oldest: int, seqs: list[int]):
    held = heard(steps)
    assert held.hear(seqs, oldest).mark >= held.mark


@given(HEARD, st.lists(SEQS, max_size=12), SEQS)
def test_what_was_heard_once_is_fresh_once(steps: list, seqs: list[int], oldest: int):
    before = heard(steps)
    came = {seq for earlier, _ in steps for seq in earlier}
    assert before.fresh(seqs) == set(seqs) - came
    assert before.hear(seqs, oldest).fresh(seqs) == set()


def test_a_first_seq_that_is_not_one_has_no_mark_until_the_rest_came():
    held = Held().hear([5, 6], oldest=1)
    assert held.mark == 0
    assert held.hear([1, 2, 3, 4], oldest=1).mark == 6


def test_what_a_node_gave_up_is_held_and_written_down_as_lost():
    held = Held().hear([1, 2], oldest=1).hear([9], oldest=8)
    assert held.mark == 7  # it still has 8
    assert held.lost == ((3, 8),)


def test_a_lost_seq_that_comes_late_is_stored_and_no_longer_lost():
    held = Held().hear([9], oldest=8)
    assert held.fresh([4]) == {4}
    held = held.hear([4], oldest=1)
    assert held.lost == ((1, 4), (5, 8))
    assert held.fresh([4]) == set()
