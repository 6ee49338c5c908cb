import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.counting.zones import (
    WHOLE_PICTURE,
    BadZone,
    foot_points_px,
    fractions,
    inside,
    zones_or_whole,
)
from edge.wire.messages import ZoneShape

SQUARE = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
L_SHAPE = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.5, 0.5), (0.5, 1.0), (0.0, 1.0))


def points(*pairs):
    return np.asarray(pairs, np.float64)


def test_a_person_stands_where_the_feet_are():
    assert foot_points_px(np.array([[10, 20, 30, 100]])).tolist() == [[20, 100]]


def test_a_person_whose_head_alone_is_in_the_zone_is_outside():
    feet = fractions(foot_points_px(np.array([[40, 40, 60, 95]])), (100, 100))
    assert not inside(feet, SQUARE)[0]


def test_a_corner_that_turns_inwards_leaves_its_place_out():
    assert inside(points((0.25, 0.75), (0.75, 0.25), (0.75, 0.75)), L_SHAPE).tolist() == [
        True,
        True,
        False,
    ]


def test_feet_at_the_lower_edge_of_the_picture_stand_in_the_whole_picture():
    feet = fractions(points((0, 480), (640, 480), (320, 500), (-5, 10)), (640, 480))
    assert inside(feet, WHOLE_PICTURE.polygon).all()


def test_nobody_in_the_picture_is_nobody_in_the_zone():
    assert inside(fractions(foot_points_px(np.empty((0, 4))), (640, 480)), SQUARE).shape == (0,)


def test_without_zones_the_whole_picture_is_one_queue():
    (zone,) = zones_or_whole(())
    assert (zone.zone, zone.kind) == ("all", "queue")


def test_a_zone_without_area_is_refused_by_name():
    flat = ZoneShape(zone="east", polygon=((0.1, 0.1), (0.5, 0.5), (0.9, 0.9)))
    with pytest.raises(BadZone, match="zone east encloses nothing"):
        zones_or_whole((flat,))


unit = st.floats(0.0, 1.0)
corners = st.lists(st.tuples(unit, unit), min_size=3, max_size=8).map(tuple)


@given(corners, st.lists(st.tuples(unit, unit), min_size=1, max_size=10), st.integers(0, 7))
def test_where_a_polygon_begins_and_which_way_it_goes_does_not_matter(polygon, spots, turn):
    spots = points(*spots)
    cut = turn % len(polygon)
    turned = polygon[cut:] + polygon[:cut]
    # exactly on an edge either answer is right: leave those spots out
    clear = np.array([_clearance(spot, polygon) > 1e-6 for spot in spots])
    reference = inside(spots, polygon)[clear]
    assert (inside(spots, turned)[clear] == reference).all()
    assert (inside(spots, polygon[::-1])[clear] == reference).all()


@given(corners, st.tuples(unit, unit))
def test_a_point_outside_the_bounding_box_is_outside(polygon, spot):
    low, high = np.min(polygon, axis=0), np.max(polygon, axis=0)
    beyond = any(s < a - 1e-9 or s > b + 1e-9 for s, a, b in zip(spot, low, high, strict=True))
    if beyond:
        assert not inside(points(spot), polygon)[0]


@given(st.tuples(unit, unit), st.tuples(unit, unit), st.tuples(unit, unit))
def test_a_triangle_holds_its_centre(a, b, c):
    area = abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) / 2
    if area > 1e-6:
        centre = np.mean([a, b, c], axis=0)
        assert inside(points(centre), (a, b, c))[0]


def _clearance(spot, polygon):
    nearest = np.inf
    for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        way = np.subtract(b, a)
        length = float(way @ way)
        along = 0.0 if length == 0 else float(np.clip((spot - a) @ way / length, 0, 1))
        nearest = min(nearest, float(np.linalg.norm(spot - (a + along * way))))
    return nearest
