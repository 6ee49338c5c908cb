"""Who stands in which zone: a person belongs where the feet are.

The foot point is the bottom centre of the box. Polygons come in fractions of the frame, so they
outlive a change of resolution. What a zone is for, and how frames become a count, is elsewhere.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.counting import CountingError
from edge.wire.messages import Point, ZoneShape

Points = NDArray[np.float64]
"""Shape (n, 2): x, y."""
FrameSize = tuple[int, int]
"""Width and height in pixels."""

WHOLE_PICTURE: Final = ZoneShape(
    zone="all", kind="queue", polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
)
FOOT: Final = np.array([[0.5, 0.0], [0.0, 0.0], [0.5, 0.0], [0.0, 1.0]])
"""Rows of x1, y1, x2, y2 times this are the bottom centres."""
_INSIDE: Final = 1e-6  # feet cut off by the picture's edge still stand in a zone drawn up to it
_LEAST_AREA: Final = 1e-4  # of the frame: about 6x6 pixels at 640x480, too small for any foot


class BadZone(CountingError):
    """This polygon encloses nothing. Draw the zone again."""


def zones_or_whole(zones: Sequence[ZoneShape]) -> tuple[ZoneShape, ...]:
    """The zones drawn, or the whole picture as one queue. Raises BadZone."""
    for zone in zones:
        if not _encloses(zone.polygon):
            raise BadZone(
                f"zone {zone.zone} encloses nothing: its corners lie on a line. Draw it again."
            )
    return tuple(zones) or (WHOLE_PICTURE,)


def foot_points_px(boxes_xyxy_px: NDArray[np.floating]) -> Points:
    """The bottom centre of each box. Shape (n, 4) in, (n, 2) out, frame pixels."""
    boxes = np.asarray(boxes_xyxy_px, np.float64).reshape(-1, 4)
    return boxes @ FOOT


def fractions(points_px: Points, frame_size: FrameSize) -> Points:
    """Points as fractions of the frame, pulled just inside its edges. Shape (n, 2) both ways."""
    return (points_px / np.asarray(frame_size, np.float64)).clip(_INSIDE, 1.0 - _INSIDE)


def inside(points: Points, polygon: Sequence[Point]) -> NDArray[np.bool_]:
    """Which points lie in the polygon, by the even-odd rule. Shape (n, 2) in, (n,) out.

    A ray to the right crosses the outline an odd number of times from inside, whatever the
    polygon's direction; a half-open test on y counts a shared corner once.
    """
    corner = np.asarray(polygon, np.float64)
    following = np.roll(corner, -1, axis=0)
    x, y = points[:, 0, None], points[:, 1, None]
    run, rise = (following - corner).T
    straddles = (corner[:, 1] > y) != (following[:, 1] > y)
    left_of_edge = ((x - corner[:, 0]) * rise < (y - corner[:, 1]) * run) == (rise > 0)
    return np.asarray(np.sum(straddles & left_of_edge, axis=1) % 2 == 1)


def _encloses(polygon: Sequence[Point]) -> bool:
    """Whether any triangle of the polygon's corners has room (a bow tie does, a line does not)."""
    corner = np.asarray(polygon, np.float64)
    spread = np.linalg.svd(corner - corner.mean(axis=0), compute_uv=False)
    return bool(spread[0] * spread[1] > _LEAST_AREA)
