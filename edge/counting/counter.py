"""One node's counting: frames in, one window's zone counts out.

Boxes are kept until the window closes and are counted by the zones that hold then, so a change
of configuration loses no window. A window without a fresh frame has no count.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from edge.counting.floor import Floor
from edge.counting.lines import Crossings, Segment
from edge.counting.smoothing import mean_confidence, people_in_window
from edge.counting.zones import (
    FrameSize,
    Points,
    foot_points_px,
    fractions,
    inside,
    zones_or_whole,
)
from edge.detect import People
from edge.wire.messages import Line, NodeConfig, ZoneCount, ZoneShape


@dataclass(frozen=True, slots=True)
class Seen:
    """Where people stood in one frame (fractions of it) and how sure the detector was of each."""

    feet: Points
    confidence: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A configuration made ready to count with."""

    zones: tuple[ZoneShape, ...]
    lines: tuple[Line, ...]
    area_m2: dict[str, float] = field(default_factory=dict)
    """Floor area by zone; empty without a homography."""

    @classmethod
    def of(cls, config: NodeConfig) -> "Plan":
        """Check the drawing. Raises CountingError, whose message says what to draw again."""
        zones = zones_or_whole(config.zones)
        for line in config.lines:
            Segment.of(line, (1, 1))
        if config.homography is None:
            return cls(zones, config.lines)
        floor = Floor.from_points(config.homography)
        # without zones the whole picture has no floor area: it may show walls and sky
        return cls(zones, config.lines, {z.zone: floor.area_m2(z.polygon) for z in config.zones})


class Counter:
    """Counts one camera's people by zone and window.

    Raises CountingError when the configuration cannot be counted with; `reconfigure` raises it
    too and then goes on with the old one.
    """

    def __init__(self, config: NodeConfig) -> None:
        self._plan = Plan.of(config)
        self._crossings = Crossings()
        self._frames: list[Seen] = []
        self._crossed: list[Line] = []
        self._newest_s = -math.inf

    def reconfigure(self, config: NodeConfig) -> None:
        """Count by `config` from now on, the open window included."""
        self._plan = Plan.of(config)

    def observe(self, people: People, captured_s: float, frame_size: FrameSize) -> None:
        """Take one frame.

        Args:
            people: everybody found, boxes in frame pixels.
            captured_s: monotonic seconds; a frame no newer than the last is not fresh and is
                left out.
            frame_size: width and height in pixels.
        """
        if captured_s <= self._newest_s:
            return
        self._newest_s = captured_s
        boxes = np.asarray(people.boxes_xyxy_px, np.float64).reshape(-1, 4)
        feet = fractions(foot_points_px(boxes), frame_size)
        self._frames.append(Seen(feet, tuple(people.confidence.tolist())))
        self._crossed += self._crossings.observe(boxes, captured_s, self._plan.lines, frame_size)

    def close_window(self) -> tuple[ZoneCount, ...]:
        """The counts since the last close, one a zone; empty when no frame was seen."""
        frames, self._frames = self._frames, []
        crossed, self._crossed = self._crossed, []
        if not frames:
            return ()
        return tuple(self._count(zone, frames, crossed) for zone in self._plan.zones)

    def _count(self, zone: ZoneShape, frames: list[Seen], crossed: list[Line]) -> ZoneCount:
        within = [inside(seen.feet, zone.polygon) for seen in frames]
        counts = [int(mask.sum()) for mask in within]
        people = people_in_window(counts)
        area_m2 = self._plan.area_m2.get(zone.zone)
        return ZoneCount(
            zone=zone.zone,
            people=people,
            people_max=max(counts),
            served=sum(c.zone == zone.zone and c.counts == "served" for c in crossed),
            entered=sum(c.zone == zone.zone and c.counts == "entered" for c in crossed),
            density_per_m2=None if area_m2 is None else round(people / area_m2, 3),
            confidence=mean_confidence(
                [
                    c
                    for seen, mask in zip(frames, within, strict=True)
                    for c, counted in zip(seen.confidence, mask, strict=True)
                    if counted
                ]
            ),
        )
