"""From picture points to metres on the floor, by four points measured with a tape.

A homography maps one plane to another: it is true for feet on the floor and for nothing else.
Source: Hartley and Zisserman, Multiple View Geometry, 2nd edition, section 4.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.counting import CountingError
from edge.wire.messages import Homography, Metres, Point

LEAST_AREA_M2: Final = 0.5  # one person's place; below it people per m2 says nothing
_LEAST_FLATNESS: Final = 0.02  # triangle area over its longest side squared: about 2 degrees

_OTHER_ORDER: Final = (
    "the four floor points are in a different order on the picture and on the floor: "
    "go around the rectangle in the same order on both"
)


class BadFloor(CountingError):
    """The four floor points do not describe a floor. Measure and mark them again."""


@dataclass(frozen=True, slots=True)
class Floor:
    """Picture fractions to metres. `matrix` has shape (3, 3); its plane is the visible side."""

    matrix: NDArray[np.float64]

    @classmethod
    def from_points(cls, points: Homography) -> "Floor":
        """Fit the four measured points. Raises BadFloor where three of them lie in a line."""
        image = np.asarray(points.image_points, np.float64)
        floor = np.asarray(points.floor_m, np.float64)
        _refuse_in_line(image, "on the picture")
        _refuse_in_line(floor, "on the floor")
        matrix = _fit_four_points(image, floor)
        depth = _depths(matrix, image)
        if depth.min() * depth.max() <= 0:
            raise BadFloor(_OTHER_ORDER)
        return cls(matrix * np.sign(depth[0]))

    def to_metres(self, points: Sequence[Point]) -> NDArray[np.float64]:
        """Where picture points (fractions) lie on the floor, in metres. Shape (n, 2).

        Raises BadFloor for a point at or above the horizon: it has no place on the floor.
        """
        image = np.asarray(points, np.float64)
        depth = _depths(self.matrix, image)
        if depth.min() <= 1e-9:
            raise BadFloor(
                "a point lies above the horizon of the measured floor: keep zones on the floor, "
                "or measure the four points again"
            )
        homogeneous = np.column_stack([image, np.ones(len(image))]) @ self.matrix.T
        return homogeneous[:, :2] / depth[:, None]

    def area_m2(self, polygon: Sequence[Point]) -> float:
        """Floor area of a zone, in m2. Raises BadFloor where it is under half a square metre."""
        metres = self.to_metres(polygon)
        x, y = metres.T
        area = float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)
        if area < LEAST_AREA_M2:
            raise BadFloor(
                f"a zone covers only {area:.2f} m2 of floor: check that the four floor points "
                "were entered in metres"
            )
        return area

    def error_m(self, point: Point, measured_m: Metres) -> float:
        """How far a fifth measured point lies from where the four others put it, in metres."""
        return float(np.linalg.norm(self.to_metres([point])[0] - np.asarray(measured_m)))


def _depths(matrix: NDArray[np.float64], image: NDArray[np.float64]) -> NDArray[np.float64]:
    """The third homogeneous coordinate: one sign for everything on this side of the horizon."""
    return np.column_stack([image, np.ones(len(image))]) @ matrix[2]


def _fit_four_points(image: NDArray[np.float64], floor: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve the eight linear equations of four point pairs; depth is one at the picture's centre.

    Both sides are centred first, so that the centre is on the visible side and the numbers are
    of one size.
    """
    rows, wanted = [], []
    centre, size = floor.mean(axis=0), float(np.ptp(floor, axis=0).max())
    for (x, y), (u, v) in zip(image - image.mean(axis=0), (floor - centre) / size, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    try:
        entries = np.linalg.solve(np.asarray(rows), np.asarray(wanted))
    except np.linalg.LinAlgError as error:
        raise BadFloor(_OTHER_ORDER) from error
    solved = np.append(entries, 1.0).reshape(3, 3)
    to_centre = np.array([[1, 0, -image[:, 0].mean()], [0, 1, -image[:, 1].mean()], [0, 0, 1]])
    to_metres = np.array([[size, 0, centre[0]], [0, size, centre[1]], [0, 0, 1]])
    return to_metres @ solved @ to_centre


def _refuse_in_line(points: NDArray[np.float64], where: str) -> None:
    for trio in combinations(range(4), 3):
        p, q, r = points[list(trio)]
        longest = max(np.dot(q - p, q - p), np.dot(r - q, r - q), np.dot(r - p, r - p))
        (px, py), (qx, qy) = q - p, r - p
        if longest == 0 or abs(px * qy - py * qx) / 2 < _LEAST_FLATNESS * longest:
            raise BadFloor(
                f"three of the four floor points lie in a line {where}: "
                "choose the corners of a rectangle as large as the queue"
            )
