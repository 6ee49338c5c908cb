"""How well a detector counts the rendered queue, against the known truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.counting.zones import foot_points_px, fractions, inside
from edge.detect import Detector
from edge.scene.camera import SceneCamera
from edge.scene.layout import QUEUE_POLYGON


@dataclass(frozen=True, slots=True)
class CountError:
    """People in the queue's zone, single pictures: counted against true."""

    frames: int
    true_mean: float
    mean_absolute: float
    bias: float
    """Counted minus true: below zero where people are missed."""
    too_many: float
    """Mean of what was counted above the truth: people counted twice. Misses do not offset it."""
    within_one: float
    """The share of pictures that are off by at most one person."""


@dataclass(frozen=True, slots=True)
class Known:
    """A picture of the standard camera, and how many people truly stand in the zone."""

    image_bgr: NDArray[np.uint8]
    in_zone: int


def known(seeds: Iterable[int], frames_a_seed: int = 10, every_s: float = 23.0) -> list[Known]:
    """Draw `frames_a_seed` pictures of the lunch of each seed, `every_s` apart."""
    return [picture for seed in seeds for picture in _of(seed, frames_a_seed, every_s)]


def count_error(detector: Detector, pictures: Sequence[Known]) -> CountError:
    """Count the people in the zone of each picture, and compare."""
    counted = np.array([_count(detector, p.image_bgr) for p in pictures], np.float64)
    true = np.array([p.in_zone for p in pictures], np.float64)
    off = counted - true
    return CountError(
        len(pictures), float(true.mean()), float(abs(off).mean()), float(off.mean()),
        float(off.clip(min=0).mean()), float((abs(off) <= 1).mean()),
    )  # fmt: skip


def _of(seed: int, frames: int, every_s: float) -> Iterator[Known]:
    camera = SceneCamera(seed, frames_per_s=1 / every_s, realtime=False)
    for _ in range(frames):
        yield Known(camera.read().image_bgr, camera.truth.in_zone)


def _count(detector: Detector, image_bgr: NDArray[np.uint8]) -> int:
    size = image_bgr.shape[1], image_bgr.shape[0]
    feet = fractions(foot_points_px(detector.detect(image_bgr).boxes_xyxy_px), size)
    return int(inside(feet, QUEUE_POLYGON).sum())
