"""What may be drawn: the rules, pure."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.counting.counter import Plan
from edge.wire.messages import NodeConfig
from hub.devices import drawing
from hub.devices.drawing import Drawing, DrawingRefused, FloorDrawn, LineDrawn, ZoneDrawn

SQUARE = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
BOW_TIE = ((0.1, 0.1), (0.9, 0.9), (0.9, 0.1), (0.1, 0.9))


def zone(polygon: object = SQUARE, **more: object) -> ZoneDrawn:
    told = {"zone": "main", "name": "점심 줄", "polygon": polygon, **more}
    return ZoneDrawn.model_validate(told)


def line(**more: object) -> LineDrawn:
    told = {"line": "till", "zone": "main", "a": (0.2, 0.5), "b": (0.8, 0.5), **more}
    return LineDrawn.model_validate(told)


FLOOR = FloorDrawn(
    image_points=((0.1, 0.9), (0.9, 0.9), (0.7, 0.4), (0.3, 0.4)),
    floor_m=((0, 0), (4, 0), (4, 6), (0, 6)),
)


@pytest.mark.parametrize(
    ("drawn", "slip"),
    [
        (Drawing(zones=(zone(BOW_TIE),)), "crossing"),
        (Drawing(zones=(zone(((0.1, 0.1), (0.12, 0.1), (0.1, 0.12))),)), "small"),
        (Drawing(zones=(zone(),), lines=(line(zone="gone"),)), "stray-line"),
        (Drawing(lines=(line(),)), "stray-line"),
        (Drawing(zones=(zone(),), lines=(line(b=(0.201, 0.5)),)), "short"),
        (Drawing(zones=(zone(), zone(name="또"))), "twice"),
        (
            Drawing(
                zones=(zone(),),
                floor=FLOOR.model_copy(
                    update={"image_points": ((0.1, 0.1), (0.5, 0.1), (0.9, 0.1), (0.5, 0.9))}
                ),
            ),
            "in-line",
        ),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_slip_is_told_in_words_of_both_languages(drawn: Drawing, slip: str):
    with pytest.raises(DrawingRefused) as told:
        drawing.check(drawn)
    assert told.value.slip == slip
    assert told.value.ko.endswith("요.")
    assert told.value.en.endswith(".")


def test_a_sound_drawing_becomes_what_the_node_can_count_with():
    drawn = Drawing(
        zones=(zone(((0.2, 0.5), (0.8, 0.5), (0.8, 0.9), (0.2, 0.9))),),
        lines=(line(),),
        floor=FLOOR,
    )
    config = drawn.onto(NodeConfig(revision=3), 4)
    assert config.revision == 4
    assert Plan.of(config).area_m2["main"] > 1
    assert Drawing.of(config, drawn.names, None) == drawn


def regular(corners: int, radius: float, turn: float) -> tuple[tuple[float, float], ...]:
    angles = [turn + 2 * math.pi * n / corners for n in range(corners)]
    return tuple((0.5 + radius * math.cos(a), 0.5 + radius * math.sin(a)) for a in angles)


@given(st.integers(3, 20), st.floats(0.1, 0.49), st.floats(0, 7))
def test_a_convex_outline_never_crosses_itself_and_its_area_is_known(
    corners: int, radius: float, turn: float
):
    polygon = regular(corners, radius, turn)
    assert not drawing.crosses_itself(polygon)
    known = corners / 2 * radius**2 * math.sin(2 * math.pi / corners)
    assert drawing.area(polygon) == pytest.approx(known)


@given(st.integers(4, 20), st.floats(0.1, 0.49), st.floats(0, 7), st.data())
def test_two_corners_swapped_make_an_outline_cross_itself(
    corners: int, radius: float, turn: float, data: st.DataObject
):
    polygon = list(regular(corners, radius, turn))
    at = data.draw(st.integers(0, corners - 2))
    polygon[at], polygon[at + 1] = polygon[at + 1], polygon[at]
    assert drawing.crosses_itself(polygon)


def test_what_changed_is_told_by_name():
    before = Drawing(zones=(zone(),), lines=(line(),))
    after = Drawing(zones=(zone(near=True), zone(zone="b", name="둘째")), floor=FLOOR)
    told = [(one.what, one.name, one.how) for one in drawing.changes(before, after)]
    assert told == [
        ("zone", "점심 줄", "changed"),
        ("zone", "둘째", "added"),
        ("line", "till", "removed"),
        ("floor", "", "added"),
    ]
