"""Windows follow one another on the monotonic clock."""

from hypothesis import given
from hypothesis import strategies as st

from edge.window import FIRST_S, Window


def test_the_first_window_is_short_so_that_a_new_node_is_seen_at_once():
    assert Window.first(10.0, 5.0) == Window(10.0, FIRST_S)


def test_windows_touch_while_pictures_come():
    assert Window(10.0, 5.0).next(15.2, 5.0) == Window(15.0, 5.0)


def test_after_an_interruption_the_next_window_begins_with_its_picture():
    assert Window(10.0, 5.0).next(42.0, 5.0) == Window(42.0, 5.0)


@given(
    start_s=st.floats(0, 1e6),
    length_s=st.floats(1, 60),
    later_s=st.floats(0, 1e4),
    new_length_s=st.floats(1, 60),
)
def test_a_picture_falls_into_the_window_made_for_it(
    start_s: float, length_s: float, later_s: float, new_length_s: float
):
    window = Window(start_s, length_s)
    at_s = window.end_s + later_s
    following = window.next(at_s, new_length_s)
    assert window.end_s <= following.start_s <= at_s
    assert not following.is_over(at_s)
