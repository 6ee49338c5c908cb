"""Where everything stands in the rendered cafeteria, and how a camera sees it.

The floor is measured in metres: x to the right along the counter, y away from the camera, z up.
The zone and line constants are fractions of the picture for the standard camera pose, ready for a
`NodeConfig`; they are computed from the floor here, so they cannot drift from what is drawn.
Pure arithmetic: no numpy, no OpenCV.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, radians, sin, tan
from typing import Final

from edge.wire.messages import Homography, Line, NodeConfig, Point, ZoneShape

Floor = tuple[float, float]

ROOM_X_M: Final = (-5.0, 5.2)
ROOM_Y_M: Final = (0.3, 8.0)
WALL_HEIGHT_M: Final = 3.4

COUNTER_X_M: Final = (-1.7, 4.3)
COUNTER_Y_M: Final = (6.85, 7.35)
COUNTER_HEIGHT_M: Final = 0.92

QUEUE_PATH_M: Final[tuple[Floor, ...]] = (
    (-0.25, 6.2), (-2.5, 6.2), (-2.95, 6.0), (-3.15, 5.55), (-3.15, 4.7), (-2.95, 4.25),
    (-2.5, 4.05), (3.1, 4.05),
)  # fmt: skip
"""From the first in line back to where the longest line ends."""

SERVICE_SPOT_M: Final[Floor] = (0.55, 6.42)
TRAY_RAIL_END_M: Final[Floor] = (2.9, 6.35)
DOOR_M: Final[Floor] = (-4.2, 7.85)
STAFF_M: Final[tuple[Floor, ...]] = ((0.75, 7.62), (2.6, 7.62))
TABLES_M: Final[tuple[Floor, ...]] = ((4.4, 5.2), (2.75, 2.05), (-2.2, 1.95))
TABLE_SIZE_M: Final = (1.3, 0.75)
TABLE_HEIGHT_M: Final = 0.73
STANCHIONS_M: Final[tuple[Floor, ...]] = ((-2.3, 5.12), (-0.9, 5.12), (0.5, 5.12), (1.9, 5.12))

QUEUE_FLOOR_M: Final[tuple[Floor, ...]] = (
    (1.15, 6.8), (-3.8, 6.8), (-3.8, 3.5), (3.7, 3.5), (3.7, 4.62), (-2.45, 4.62), (-2.45, 5.6),
    (1.15, 5.6),
)  # fmt: skip
SERVED_FLOOR_M: Final[tuple[Floor, Floor]] = ((1.35, 5.3), (1.35, 6.84))
"""From near to far: who carries the tray on along the counter goes from its left to its right."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the camera hangs and where it looks. A pinhole without lens distortion."""

    x_m: float = 0.25
    y_m: float = -1.7
    z_m: float = 3.2
    yaw_deg: float = -1.5
    """Positive turns to the right."""
    pitch_deg: float = 23.5
    """Positive looks down."""
    width_view_deg: float = 63.0

    def project(self, x: float, y: float, z: float = 0.0, aspect: float = 4 / 3) -> Sight:
        """Where a point in the room is seen. `aspect` is picture width over height."""
        yaw, pitch = radians(self.yaw_deg), radians(self.pitch_deg)
        dx, dy, dz = x - self.x_m, y - self.y_m, z - self.z_m
        right = dx * cos(yaw) - dy * sin(yaw)
        ahead = dx * sin(yaw) + dy * cos(yaw)
        depth = ahead * cos(pitch) - dz * sin(pitch)
        up = ahead * sin(pitch) + dz * cos(pitch)
        focal = 0.5 / tan(radians(self.width_view_deg) / 2)
        depth_or_little = max(depth, 1e-3)
        return Sight(
            0.5 + focal * right / depth_or_little,
            0.5 - focal * aspect * up / depth_or_little,
            depth,
        )

    def elevation_rad(self, x: float, y: float, z: float = 1.0) -> tuple[float, float]:
        """The camera's distance over the floor in metres, and its height above `z`."""
        return hypot(x - self.x_m, y - self.y_m), self.z_m - z


@dataclass(frozen=True, slots=True)
class Sight:
    """A point as the camera sees it: fractions of the picture, inside or not, depth in metres."""

    u: float
    v: float
    depth_m: float


STANDARD_POSE: Final = Pose()


def seen(points: tuple[Floor, ...], pose: Pose = STANDARD_POSE) -> tuple[Point, ...]:
    """Floor points as fractions of the picture, held inside it, rounded to four digits."""
    sights = [pose.project(x, y) for x, y in points]
    return tuple((_fraction(s.u), _fraction(s.v)) for s in sights)


def _fraction(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 4)


def inside(point: Floor, polygon: tuple[Floor, ...]) -> bool:
    """Whether a point lies in a polygon (even-odd rule). Same units for both."""
    x, y = point
    odd = False
    for (x0, y0), (x1, y1) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            odd = not odd
    return odd


QUEUE_POLYGON: Final[tuple[Point, ...]] = seen(QUEUE_FLOOR_M)
SERVED_LINE: Final[tuple[Point, Point]] = seen(SERVED_FLOOR_M)  # type: ignore[assignment]

_MARKS_M: Final = ((-3.0, 6.5), (3.0, 6.5), (3.0, 3.2), (-3.0, 3.2))


def node_config(zone: str = "lunch", revision: int = 1) -> NodeConfig:
    """The zone, line and floor of the standard pose, as the hub would want them of a node."""
    return NodeConfig(
        revision=revision,
        zones=(ZoneShape(zone=zone, polygon=QUEUE_POLYGON),),
        lines=(Line(line=f"{zone}-served", zone=zone, a=SERVED_LINE[0], b=SERVED_LINE[1]),),
        homography=Homography(image_points=seen(_MARKS_M), floor_m=_MARKS_M),  # type: ignore[arg-type]
    )
