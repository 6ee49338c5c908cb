"""Who of the last frame is who in this one, at 2 to 5 frames a second.

Trackers made for 30 frames/s count their memory in frames and expect overlapping boxes; at 2
frames/s they fuse visits and lose walkers (measured, docs/decisions/0031). Here everything is in
seconds and body heights: a walker does about one body height a second near the camera and far.

A walker is forgotten 1.5 s after the last sight of him. He has no name and no picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.counting.zones import FOOT

Boxes = NDArray[np.float64]
"""Shape (n, 4): x1, y1, x2, y2 in frame pixels."""
Place = tuple[float, float]
"""x, y in frame pixels."""

GRACE_S: Final = 1.5  # hidden behind a pillar or another person; then forgotten
_REACH: Final = 0.35  # body heights a foot point jumps when legs are hidden or boxes flicker
_REACH_PER_S: Final = 1.1  # body heights a second: brisk walking is 0.8 to 0.9
_FARTHEST: Final = 1.6  # body heights: beyond it, even after the grace, it is someone else
_SIZE_RATIO: Final = 1.8  # a half-hidden person's box still counts as the same person
_SIZE_COST: Final = 0.5
_FOLLOW: Final = 0.5  # share of a speed error that is believed at once
_APART: Final = 1.0  # body heights: a pair less alike than this is no pair
_HEAD: Final = np.array([[0.5, 0.0], [0.0, 1.0], [0.5, 0.0], [0.0, 0.0]])
_MIDDLE: Final = np.array([[0.5, 0.0], [0.0, 0.5], [0.5, 0.0], [0.0, 0.5]])
_PLACES: Final = np.stack([_HEAD, _MIDDLE, FOOT])
"""Rows of x1, y1, x2, y2 times one of these are points of the boxes."""


@dataclass(slots=True, eq=False)
class Walker:
    """Someone in view, or hidden for a moment.

    Places are the middle of the box and its foot point, in pixels; speed in pixels a second.
    """

    box: NDArray[np.float64]
    seen_s: float
    speed: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    sightings: int = 1
    was_missed: bool = False
    """Whether a frame or more went by without a sight before the newest one."""

    @property
    def height_px(self) -> float:
        """Height of the newest box, at least one pixel."""
        return max(1.0, float(self.box[3] - self.box[1]))

    @property
    def foot(self) -> Place:
        """Bottom centre of the newest box."""
        left, _, right, bottom = self.box.tolist()
        return (left + right) / 2, bottom

    def see(self, box: NDArray[np.float64], at_s: float, last_frame_s: float) -> None:
        """Take the newest sight of this person; `last_frame_s` is the time of the frame before."""
        self.was_missed = self.seen_s < last_frame_s
        elapsed_s = at_s - self.seen_s
        measured = (box @ _MIDDLE - self.box @ _MIDDLE) / elapsed_s
        believed = 1.0 if self.sightings == 1 else _FOLLOW
        self.speed = self.speed + believed * (measured - self.speed)
        self.box, self.seen_s, self.sightings = box, at_s, self.sightings + 1


def match(walkers: list[Walker], boxes: Boxes, at_s: float) -> list[tuple[int, int]]:
    """Pairs of (walker, box) that are the same person, each used at most once."""
    if not walkers or not len(boxes):
        return []
    return list(closest_pairs(_costs(walkers, boxes, at_s)))


def _costs(walkers: list[Walker], boxes: Boxes, at_s: float) -> NDArray[np.float64]:
    """How unlike each walker and box are, in body heights; infinite where they cannot be one.

    The least of the distances of heads, middles and feet counts: half of a person may be hidden.
    Shape (walkers, boxes).
    """
    elapsed = np.array([at_s - w.seen_s for w in walkers])
    known = np.array([w.box for w in walkers])
    heights = _heights(known)[:, None]
    moved = np.array([w.speed for w in walkers]) * elapsed[:, None]
    places_before, places = known @ _PLACES + moved, boxes @ _PLACES  # (3, n, 2), (3, m, 2)
    apart = np.linalg.norm(places_before[:, :, None] - places[:, None], axis=3)
    away = apart.min(axis=0) / heights
    reach = np.minimum(_FARTHEST, _REACH + _REACH_PER_S * elapsed)[:, None]
    unlike = np.abs(np.log(_heights(boxes) / heights))
    may_be = (away <= reach) & (unlike <= np.log(_SIZE_RATIO))
    cost = away + _SIZE_COST * unlike
    return np.where(may_be & (cost < _APART), cost, np.inf)


def _heights(boxes: Boxes) -> NDArray[np.float64]:
    """In pixels, at least one."""
    return np.maximum(1.0, boxes[:, 3] - boxes[:, 1])


def closest_pairs(cost: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Pair rows with columns, the least cost first, each row and column once.

    The best sum of costs (Hungarian method) counted no better in simulated crowds of 30.

    Args:
        cost: shape (rows, columns); infinite where a pair may not be.
    """
    left = cost.copy()
    while left.size:
        row, column = divmod(int(left.argmin()), left.shape[1])
        if not np.isfinite(left[row, column]):
            return
        yield row, column
        left[row], left[:, column] = np.inf, np.inf
