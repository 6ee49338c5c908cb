import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.counting import CountingError
from edge.counting.counter import Counter
from edge.detect import People
from edge.wire.messages import Homography, Line, NodeConfig, ZoneCount, ZoneShape
from tests.edge.counting.walkers import FRAME, HEIGHT_PX, box

LEFT = ZoneShape(zone="left", polygon=((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))
RIGHT = ZoneShape(zone="right", polygon=((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)))
OUT = Line(line="out", zone="left", a=(0.5, 1.0), b=(0.5, 0.0))
IN = Line(line="in", zone="right", a=(0.5, 1.0), b=(0.5, 0.0), counts="entered")
TWO_ZONES = NodeConfig(revision=2, zones=(LEFT, RIGHT), lines=(OUT, IN))
NO_ZONES = NodeConfig(revision=1)
FLOOR = Homography(
    image_points=((0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)),
    floor_m=((0.0, 0.0), (8.0, 0.0), (8.0, 6.0), (0.0, 6.0)),
)


def people(*feet, confidence=0.8):
    boxes = np.asarray([box(np.asarray(f, float), HEIGHT_PX) for f in feet], np.float32)
    return People(boxes.reshape(-1, 4), np.full(len(feet), confidence, np.float32))


def by_zone(counts):
    return {c.zone: c for c in counts}


def walk_to_the_right(counter, begins_s=0.0):
    for i, x in enumerate(range(100, 600, 25)):
        counter.observe(people((x, 300)), begins_s + 0.25 * (i + 1), FRAME)


def test_people_are_counted_in_the_zone_they_stand_in():
    counter = Counter(TWO_ZONES)
    counter.observe(people((100, 300), (200, 300), (400, 300)), 1.0, FRAME)
    counts = by_zone(counter.close_window())
    assert (counts["left"].people, counts["right"].people) == (2, 1)


def test_without_zones_everybody_in_the_picture_is_counted():
    counter = Counter(NO_ZONES)
    counter.observe(people((100, 300), (400, 480)), 1.0, FRAME)
    assert counter.close_window() == (
        ZoneCount(zone="all", people=2, people_max=2, confidence=0.8),
    )


def test_a_window_in_which_nothing_was_seen_has_no_count():
    counter = Counter(TWO_ZONES)
    assert counter.close_window() == ()
    counter.observe(people((100, 300)), 1.0, FRAME)
    assert counter.close_window()
    assert counter.close_window() == ()


def test_an_empty_room_is_a_count_of_zero():
    counter = Counter(TWO_ZONES)
    counter.observe(People.nobody(), 1.0, FRAME)
    assert [(c.people, c.confidence) for c in counter.close_window()] == [(0, 1.0), (0, 1.0)]


def test_the_same_frame_handed_in_twice_counts_once():
    counter = Counter(NO_ZONES)
    counter.observe(People.nobody(), 1.0, FRAME)
    counter.close_window()
    counter.observe(people((100, 300)), 1.0, FRAME)  # not fresh
    assert counter.close_window() == ()


def test_a_crossing_is_reported_in_the_zone_and_sense_of_its_line_and_only_once():
    counter = Counter(TWO_ZONES)
    walk_to_the_right(counter)
    counts = by_zone(counter.close_window())
    assert (counts["left"].served, counts["left"].entered) == (1, 0)
    assert (counts["right"].served, counts["right"].entered) == (0, 1)
    counter.observe(People.nobody(), 90.0, FRAME)
    assert sum(c.served + c.entered for c in counter.close_window()) == 0


def test_a_crossing_over_the_end_of_a_window_is_counted_in_one_of_the_two():
    counter, served = Counter(TWO_ZONES), 0
    for i, x in enumerate(range(100, 600, 25)):
        counter.observe(people((x, 300)), 0.25 * (i + 1), FRAME)
        served += sum(c.served for c in counter.close_window())
    assert served == 1


def test_a_new_configuration_loses_neither_the_open_window_nor_its_crossings():
    counter = Counter(TWO_ZONES)
    walk_to_the_right(counter)
    counter.reconfigure(NodeConfig(revision=3, zones=(LEFT,)))
    (left,) = counter.close_window()
    assert (left.people_max, left.served) == (1, 1)


def test_a_configuration_that_cannot_be_counted_with_leaves_the_old_one_in_force():
    counter = Counter(TWO_ZONES)
    flat = ZoneShape(zone="flat", polygon=((0.1, 0.1), (0.2, 0.2), (0.3, 0.3)))
    with pytest.raises(CountingError, match="flat"):
        counter.reconfigure(NodeConfig(revision=4, zones=(flat,)))
    counter.observe(people((100, 300)), 1.0, FRAME)
    assert {c.zone for c in counter.close_window()} == {"left", "right"}


def test_people_per_square_metre_come_from_the_measured_floor():
    counter = Counter(TWO_ZONES.model_copy(update={"homography": FLOOR}))
    counter.observe(people((50, 300), (100, 300), (200, 300)), 1.0, FRAME)
    counts = by_zone(counter.close_window())
    assert counts["left"].density_per_m2 == pytest.approx(3 / 24, abs=5e-4)
    assert counts["right"].density_per_m2 == 0.0


def test_without_a_measured_floor_density_is_unknown_not_zero():
    counter = Counter(TWO_ZONES)
    counter.observe(people((50, 300)), 1.0, FRAME)
    assert all(c.density_per_m2 is None for c in counter.close_window())


def test_a_change_of_resolution_moves_nobody():
    counter = Counter(TWO_ZONES)
    counter.observe(people((200, 300)), 1.0, (640, 480))
    counter.observe(people((400, 600)), 2.0, (1280, 960))
    counts = by_zone(counter.close_window())
    assert (counts["left"].people, counts["right"].people_max) == (1, 0)


spots = st.lists(st.tuples(st.floats(-50, 700), st.floats(-50, 600)), max_size=12)


@given(st.lists(spots, min_size=1, max_size=12))
def test_two_zones_that_share_the_picture_count_everybody_once_in_every_frame(frames):
    for feet in frames:
        halves, whole = Counter(TWO_ZONES), Counter(NO_ZONES)
        halves.observe(people(*feet), 1.0, FRAME)
        whole.observe(people(*feet), 1.0, FRAME)
        (everybody,) = whole.close_window()
        assert sum(c.people for c in halves.close_window()) == everybody.people == len(feet)


@given(st.lists(spots, min_size=1, max_size=12))
def test_whatever_the_boxes_the_count_can_be_sent(frames):
    counter = Counter(TWO_ZONES.model_copy(update={"homography": FLOOR}))
    for i, feet in enumerate(frames):
        counter.observe(people(*feet), 0.25 * (i + 1), FRAME)
    for count in counter.close_window():
        assert ZoneCount.model_validate_json(count.encode()) == count
        assert count.people <= count.people_max
