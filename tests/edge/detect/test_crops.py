"""Enlarged crops find more people, and find nobody twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge.detect import People
from edge.detect.crops import crops_of, detect_with_crops

FRAME_HW = (480, 640)
# The low byte of a pixel's column and row, and their high bits: a crop shows where it was cut.
_ROWS, _COLUMNS = np.indices(FRAME_HW)
PICTURE = np.stack(
    [_COLUMNS & 255, _ROWS & 255, (_COLUMNS >> 8) * 16 + (_ROWS >> 8)], axis=-1
).astype(np.uint8)


@dataclass
class Eyes:
    """A detector that sees true boxes: in the whole picture only tall ones, cut at every edge."""

    truth: Sequence[tuple[float, float, float, float]]
    least_share: float = 0.3
    name: str = "Eyes"

    def detect(self, image_bgr: np.ndarray) -> People:
        height, width = image_bgr.shape[:2]
        blue, green, red = (int(value) for value in image_bgr[0, 0])
        x0, y0 = (red // 16) * 256 + blue, (red % 16) * 256 + green
        boxes = np.array(self.truth, np.float32).reshape(-1, 4) - [x0, y0, x0, y0]
        seen = np.clip(boxes, 0, [width, height, width, height]).astype(np.float32)
        tall = (seen[:, 3] - seen[:, 1] > self.least_share * height) & (seen[:, 2] - seen[:, 0] > 4)
        return People(seen[tall], np.full(int(tall.sum()), 0.6, np.float32))


def test_a_small_person_is_found_in_the_crop_alone():
    people = detect_with_crops(Eyes([(300, 200, 330, 270)]), PICTURE, [(200, 150, 400, 300)])
    assert people.boxes_xyxy_px.tolist() == [[300, 200, 330, 270]]


def test_a_person_seen_in_both_is_one():
    people = detect_with_crops(Eyes([(300, 100, 360, 290)]), PICTURE, [(200, 50, 400, 300)])
    assert people.boxes_xyxy_px.tolist() == [[300, 100, 360, 290]]


def test_a_person_cut_by_the_crops_side_gives_way_to_the_whole_one():
    people = detect_with_crops(Eyes([(360, 100, 420, 290)]), PICTURE, [(200, 50, 400, 300)])
    assert people.boxes_xyxy_px.tolist() == [[360, 100, 420, 290]]


def test_whose_feet_the_crop_cuts_is_not_counted_by_it():
    people = detect_with_crops(Eyes([(300, 200, 330, 320)]), PICTURE, [(200, 150, 400, 300)])
    assert len(people) == 0


def test_feet_at_the_pictures_own_edge_are_seen():
    people = detect_with_crops(Eyes([(300, 400, 330, 480)]), PICTURE, [(200, 330, 400, 480)])
    assert len(people) == 1


def test_two_people_one_behind_the_other_stay_two():
    truth = [(300, 100, 380, 300), (330, 90, 370, 270)]
    people = detect_with_crops(Eyes(truth), PICTURE, [(200, 50, 500, 350)])
    assert sorted(people.boxes_xyxy_px.tolist()) == sorted(map(list, truth))


def test_no_crops_or_empty_ones_leave_the_whole_picture():
    eyes = Eyes([(300, 100, 360, 290)])
    assert len(detect_with_crops(eyes, PICTURE, [])) == 1
    assert len(detect_with_crops(eyes, PICTURE, [(700, 0, 800, 100), (50, 50, 50, 90)])) == 1


@given(st.lists(st.tuples(st.floats(0, 1920), st.floats(0, 1080)), min_size=3, max_size=8))
def test_crops_lie_in_the_picture_and_hold_the_whole_zone(polygon):
    crops = crops_of(polygon, (1080, 1920))
    assert len(crops) <= 3
    for x0, y0, x1, y1 in crops:
        assert 0 <= x0 < x1 <= 1920
        assert 0 <= y0 < y1 <= 1080
    for x, y in polygon if crops else []:
        assert any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in crops)


def test_a_wide_zone_is_looked_at_in_overlapping_tiles():
    crops = crops_of([(100, 600), (1800, 600), (1800, 800), (100, 800)], (1080, 1920))
    assert len(crops) == 3
    for left, right in pairwise(crops):
        assert left[2] - right[0] >= 0.2 * (left[2] - left[0])


def test_a_zone_as_large_as_the_picture_needs_no_crop():
    assert crops_of([(0, 0), (639, 0), (639, 479), (0, 479)], FRAME_HW) == ()
