"""What the node sees right now, numbers only, while somebody draws zones. Ends by itself."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

import numpy as np

from edge.counting.smoothing import mean_confidence
from edge.counting.zones import FrameSize, foot_points_px, fractions, inside
from edge.detect import People
from edge.wire.messages import Preview, ZoneCount, ZoneShape

EVERY_S: Final = 0.5
BOXES_MOST: Final = 300  # what the contract carries


class Previews:
    """The newest preview, for whoever sends it; nothing while nobody watches."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._until_s = self._next_s = float("-inf")
        self._newest: Preview | None = None

    def last_for(self, lasts_s: float) -> None:
        """Go on for so long from now."""
        self._until_s = self._now_s() + lasts_s

    @property
    def is_due(self) -> bool:
        """Whether somebody watches and the last one is old enough."""
        now_s = self._now_s()
        return self._next_s <= now_s < self._until_s

    def put(self, preview: Preview) -> None:
        """Keep it to be sent; one that nobody fetched is forgotten."""
        self._newest = preview
        self._next_s = self._now_s() + EVERY_S

    def take(self) -> Preview | None:
        """The newest, once."""
        newest, self._newest = self._newest, None
        return newest


def look(
    people: People, frame_size: FrameSize, zones: tuple[ZoneShape, ...], at: datetime
) -> Preview:
    """One frame in numbers: boxes as fractions of the frame, and who stands in which zone."""
    boxes = np.asarray(people.boxes_xyxy_px, np.float64).reshape(-1, 4)[:BOXES_MOST]
    confidence = people.confidence[:BOXES_MOST]
    feet = fractions(foot_points_px(boxes), frame_size)
    whole = np.clip(boxes / np.asarray([*frame_size, *frame_size], np.float64), 0.0, 1.0)
    counts = []
    for zone in zones:
        within = inside(feet, zone.polygon)
        people_here = int(within.sum())
        sure = mean_confidence([float(c) for c in confidence[within]])
        counts.append(
            ZoneCount(zone=zone.zone, people=people_here, people_max=people_here, confidence=sure)
        )
    rows = [tuple(round(float(v), 4) for v in box) for box in whole]
    return Preview.model_validate({"at": at, "boxes": rows, "zones": tuple(counts)})
