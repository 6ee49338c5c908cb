"""How well a detector counts the rendered queue, against the known truth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

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
    within_one: float
    """The share of pictures that are off by at most one person."""


def count_error(
    detector: Detector, seeds: Iterable[int], frames_a_seed: int = 10, every_s: float = 23.0
) -> CountError:
    """Count people in the zone over `frames_a_seed` pictures of each seed, `every_s` apart."""
    pairs = [pair for seed in seeds for pair in _pairs(detector, seed, frames_a_seed, every_s)]
    counted, true = np.array(pairs, np.float64).T
    off = counted - true
    return CountError(
        len(pairs), float(true.mean()), float(abs(off).mean()), float(off.mean()),
        float((abs(off) <= 1).mean()),
    )  # fmt: skip


def _pairs(detector: Detector, seed: int, frames: int, every_s: float) -> list[tuple[int, int]]:
    camera = SceneCamera(seed, frames_per_s=1 / every_s, realtime=False)
    pairs = []
    for _ in range(frames):
        image = camera.read().image_bgr
        size = image.shape[1], image.shape[0]
        feet = fractions(foot_points_px(detector.detect(image).boxes_xyxy_px), size)
        pairs.append((int(inside(feet, QUEUE_POLYGON).sum()), camera.truth.in_zone))
    return pairs
