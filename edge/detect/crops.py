"""Looks again at enlarged parts of the picture, for zones whose people are small.

A crop shows a person larger to the model, and cuts some people at its edge. What is cut is not a
person twice: it gives way to the whole one, and where the feet are cut it is dropped, because its
foot point would be a lie.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from edge.detect import Detector, People
from edge.detect.overlap import areas, intersections, iou

Crop = tuple[int, int, int, int]
"""x0, y0, x1, y1 in frame pixels; the end is exclusive."""

SAME_PERSON_IOU = 0.5
PART_OF_A_PERSON = 0.7  # share of a cut box that lies inside another box
EDGE_PX = 2.0  # a box so near to the crop's edge is cut by it
ABOVE, BESIDE, BELOW = 0.5, 0.1, 0.05  # of the zone's own size; people stand above their feet
OVERLAP = 0.25  # of a tile's width, so that a person at a seam is whole in one of the two
SQUARE_ENOUGH = 1.25  # width over height of a tile: the models' inputs are square
MOST_TILES = 3  # each costs one more inference


def crops_of(
    polygon_px: Sequence[tuple[float, float]], frame_hw_px: tuple[int, int]
) -> tuple[Crop, ...]:
    """The crops that show a zone's people enlarged: its bounding box with room, in tiles if wide.

    Args:
        polygon_px: the zone's corners (x, y), frame pixels.
        frame_hw_px: height and width of the picture.

    Returns:
        One to three crops; none where a crop would enlarge nothing.
    """
    x0, y0, x1, y1 = _with_room(np.asarray(polygon_px, np.float64), frame_hw_px)
    if x1 - x0 < 1 or y1 - y0 < 1:
        return ()
    tiles = min(MOST_TILES, max(1, math.ceil((x1 - x0) / (y1 - y0) / SQUARE_ENOUGH)))
    width = (x1 - x0) / (tiles - OVERLAP * (tiles - 1))
    if max(width / frame_hw_px[1], (y1 - y0) / frame_hw_px[0]) > 0.9:
        return ()
    starts = [x0 + i * width * (1 - OVERLAP) for i in range(tiles)]
    return tuple((int(s), y0, min(math.ceil(s + width), x1), y1) for s in starts)


def detect_with_crops(
    detector: Detector, image_bgr: NDArray[np.uint8], crops_px: Sequence[Crop]
) -> People:
    """Find people in the whole picture and in each crop, each person once.

    Args:
        detector: called once for the picture and once a crop.
        image_bgr: shape (height, width, 3), uint8, BGR.
        crops_px: parts to look at again; empty ones are passed over.
    """
    whole = detector.detect(image_bgr)
    parts = [_detect_in(detector, image_bgr, crop) for crop in crops_px]
    return _merged([(whole, np.zeros(len(whole), np.bool_)), *parts])


def _detect_in(
    detector: Detector, image_bgr: NDArray[np.uint8], crop: Crop
) -> tuple[People, NDArray[np.bool_]]:
    """The people of one crop in frame pixels, and which of them its edge cuts."""
    height, width = image_bgr.shape[:2]
    x0, y0, x1, y1 = max(0, crop[0]), max(0, crop[1]), min(width, crop[2]), min(height, crop[3])
    if x1 <= x0 or y1 <= y0:
        return People.nobody(), np.zeros(0, np.bool_)
    found = detector.detect(image_bgr[y0:y1, x0:x1])
    boxes = found.boxes_xyxy_px + np.array([x0, y0, x0, y0], np.float32)
    feet_seen = (boxes[:, 3] < y1 - EDGE_PX) | (y1 == height)
    people = People(boxes[feet_seen], found.confidence[feet_seen])
    left, top, right, _ = people.boxes_xyxy_px.T
    inner = np.array([x0 > 0, y0 > 0, x1 < width])[:, None]
    touches = np.array([left <= x0 + EDGE_PX, top <= y0 + EDGE_PX, right >= x1 - EDGE_PX])
    return people, np.any(inner & touches, axis=0, keepdims=True)[0]


def _merged(found: Sequence[tuple[People, NDArray[np.bool_]]]) -> People:
    """Each person once: whole boxes before cut ones, then the more confident."""
    boxes = np.concatenate([people.boxes_xyxy_px for people, _ in found])
    confidence = np.concatenate([people.confidence for people, _ in found])
    source = np.concatenate([np.full(len(people), i) for i, (people, _) in enumerate(found)])
    cut = np.concatenate([cuts for _, cuts in found])
    order = np.lexsort((-confidence, cut))
    boxes, confidence, source, cut = boxes[order], confidence[order], source[order], cut[order]
    share = intersections(boxes, boxes) / np.maximum(areas(boxes), 1e-6)[:, None]
    same = iou(boxes, boxes) >= SAME_PERSON_IOU
    same |= cut[:, None] & (share >= PART_OF_A_PERSON)
    same &= source[:, None] != source[None, :]  # one look never sees a person twice: NMS saw to it
    kept = _first_of_each(same)
    return People(boxes[kept], confidence[kept])


def _first_of_each(same: NDArray[np.bool_]) -> list[int]:
    """Indices whose person no earlier kept index shows."""
    kept: list[int] = []
    for i, row in enumerate(same):
        if not row[kept].any():
            kept.append(i)
    return kept


def _with_room(
    polygon_px: NDArray[np.float64], frame_hw_px: tuple[int, int]
) -> tuple[int, int, int, int]:
    (left, top), (right, bottom) = polygon_px.min(axis=0), polygon_px.max(axis=0)
    width, height = right - left, bottom - top
    return (
        max(0, int(left - BESIDE * width)),
        max(0, int(top - ABOVE * height)),
        min(frame_hw_px[1], math.ceil(right + BESIDE * width)),
        min(frame_hw_px[0], math.ceil(bottom + BELOW * height)),
    )
