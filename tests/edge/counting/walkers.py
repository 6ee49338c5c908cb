"""Walkers with known ways: what a perfect eye would see, and what a detector makes of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FRAME = (640, 480)
HEIGHT_PX = 120.0


@dataclass(frozen=True)
class Walk:
    """A straight way of the feet at an even pace, then gone."""

    start: tuple[float, float]
    end: tuple[float, float]
    begins_s: float
    heights_per_s: float = 0.8
    height_px: float = HEIGHT_PX

    @property
    def lasts_s(self) -> float:
        return float(np.hypot(*np.subtract(self.end, self.start))) / (
            self.heights_per_s * self.height_px
        )

    def foot(self, at_s: float) -> NDArray[np.float64] | None:
        share = (at_s - self.begins_s) / max(self.lasts_s, 1e-9)
        if not 0.0 <= share <= 1.0:
            return None
        return np.asarray(self.start) + share * np.subtract(self.end, self.start)


def box(foot: NDArray[np.float64], height_px: float) -> list[float]:
    x, y = foot
    return [x - 0.2 * height_px, y - height_px, x + 0.2 * height_px, y]


@dataclass
class Eye:
    """A detector's weaknesses: boxes tremble, people are missed and hide behind one another."""

    seed: int = 0
    tremble: float = 0.02
    """Standard deviation of each box edge, in body heights."""
    misses: float = 0.0
    hides: bool = False
    """Whether somebody mostly covered by a nearer person is not seen."""

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)

    def boxes(self, walks: list[Walk], at_s: float) -> NDArray[np.float64]:
        placed = [(foot, w.height_px) for w in walks if (foot := w.foot(at_s)) is not None]
        seen = []
        for foot, height in placed:
            if self.random.random() < self.misses or (self.hides and _is_hidden(foot, placed)):
                continue
            shake = self.random.normal(0, self.tremble * height, 4)
            seen.append(np.asarray(box(foot, height)) + shake)
        return np.asarray(seen).reshape(-1, 4)


def _is_hidden(foot: NDArray[np.float64], placed: list) -> bool:
    return any(
        0 < other[1] - foot[1] < 0.5 * height and abs(other[0] - foot[0]) < 0.2 * height
        for other, height in placed
    )


def times(seconds: float, frames_per_s: float) -> NDArray[np.float64]:
    return np.arange(0.01, seconds, 1.0 / frames_per_s)
