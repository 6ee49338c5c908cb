import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from edge.counting.floor import BadFloor, Floor
from edge.wire.messages import Homography

IMAGE = ((0.2, 0.9), (0.8, 0.9), (0.65, 0.4), (0.35, 0.4))
"""A rectangle on the floor, seen from above its near edge."""
FLOOR = ((0.0, 0.0), (4.0, 0.0), (4.0, 6.0), (0.0, 6.0))


def floor(image=IMAGE, metres=FLOOR):
    return Floor.from_points(Homography(image_points=image, floor_m=metres))


def test_the_measured_points_lie_where_they_were_measured():
    assert floor().to_metres(IMAGE) == pytest.approx(np.asarray(FLOOR), abs=1e-9)


def test_the_measured_rectangle_has_its_area():
    assert floor().area_m2(IMAGE) == pytest.approx(24.0)


def test_the_middle_of_the_picture_is_far_beyond_the_middle_of_the_floor():
    ((x, y),) = floor().to_metres([(0.5, 0.65)])
    assert x == pytest.approx(2.0)
    assert y == pytest.approx(2.0)  # perspective: not 3.0


def test_a_fifth_point_tells_the_error_in_metres():
    assert floor().error_m((0.5, 0.65), (2.0, 2.0)) == pytest.approx(0.0, abs=1e-9)
    assert floor().error_m((0.5, 0.65), (2.3, 2.4)) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("image", "metres", "said"),
    [
        (((0.1, 0.5), (0.5, 0.5), (0.9, 0.5), (0.5, 0.9)), FLOOR, "in a line on the picture"),
        (IMAGE, ((0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (0.0, 3.0)), "in a line on the floor"),
        (IMAGE, ((0.0, 0.0), (0.0, 0.0), (4.0, 6.0), (0.0, 6.0)), "in a line on the floor"),
        (IMAGE, ((0.0, 0.0), (4.0, 6.0), (4.0, 0.0), (0.0, 6.0)), "different order"),
    ],
    ids=["three in a line on the picture", "three on the floor", "one twice", "crossed over"],
)
def test_points_that_are_no_floor_are_refused_with_the_reason(image, metres, said):
    with pytest.raises(BadFloor, match=said):
        floor(image, metres)


def test_a_zone_above_the_horizon_is_refused():
    steep = ((0.2, 0.9), (0.8, 0.9), (0.55, 0.4), (0.45, 0.4))  # its sides meet at y = 0.3
    with pytest.raises(BadFloor, match="above the horizon"):
        floor(steep).area_m2(((0.2, 0.9), (0.8, 0.9), (0.5, 0.2)))


def test_floor_points_entered_in_kilometres_are_noticed():
    with pytest.raises(BadFloor, match="in metres"):
        floor(metres=tuple((x / 1000, y / 1000) for x, y in FLOOR)).area_m2(IMAGE)


metres = st.floats(-50, 50)
quads = st.tuples(*[st.tuples(metres, metres)] * 4)
fractions = st.tuples(*[st.tuples(st.floats(0, 1), st.floats(0, 1))] * 4)


@given(fractions, quads)
def test_any_four_points_give_a_true_floor_or_a_clear_refusal(image, measured):
    try:
        made = floor(image, measured)
    except BadFloor:
        return
    size = float(np.ptp(np.asarray(measured), axis=0).max())
    assert made.to_metres(image) == pytest.approx(np.asarray(measured), abs=1e-3 * size)


nudges = st.tuples(*[st.tuples(st.floats(-0.8, 0.8), st.floats(-0.8, 0.8))] * 4)


@given(nudges, st.floats(0.5, 10), st.floats(0, 6.28))
def test_turning_and_stretching_the_floor_turns_and_stretches_the_area(nudged, stretch, angle):
    measured = np.asarray(FLOOR) + np.asarray(nudged)
    turn = stretch * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    before = floor(metres=tuple(map(tuple, measured))).area_m2(IMAGE)
    after = floor(metres=tuple(map(tuple, measured @ turn.T))).area_m2(IMAGE)
    assert after == pytest.approx(before * stretch**2, rel=1e-6)


def test_a_floor_of_not_a_number_is_refused_at_the_wire():
    with pytest.raises(ValidationError):
        Homography(image_points=IMAGE, floor_m=((float("nan"), 0.0), *FLOOR[1:]))
