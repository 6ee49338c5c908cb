"""Crossings of a line, with direction, from boxes seen 2 to 5 times a second.

Geometry. The line runs from `a` to `b` on the picture (y down). Walking from `a` to `b`, the left
hand points to its left side: for a line drawn left to right that is the upper part of the
picture. Going from the left side to the right side counts; the other way never does.

Rules
1. A side is taken only a margin away from the line, so standing on it or a flickering box counts
   nothing.
2. Whoever counted once must go well back before counting again.
3. The path must cut the drawn segment, not its extension.
4. Whoever was out of sight when crossing must be seen beyond the line twice: the first box there
   may be somebody else's.
5. Someone hidden for a moment is carried on at the speed last seen (edge.counting.matching).
"""

import math
from dataclasses import dataclass, field
from typing import Final, Literal

from edge.counting import CountingError
from edge.counting.matching import GRACE_S, Boxes, Place, Walker, match
from edge.counting.zones import FrameSize
from edge.wire.messages import Line

MARGIN: Final = 0.09  # body heights on either side of the line that belong to no side
WELL_BACK: Final = 0.5  # body heights behind the line before the same person may count again
SIGHTS_BEYOND: Final = 2  # after a gap, one box beyond the line may be somebody else's
_LEAST_LENGTH: Final = 0.01  # of the frame

Side = Literal["left", "right"]


class BadLine(CountingError):
    """This line has no length. Draw it again."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A line in pixels."""

    a: Place
    b: Place

    @classmethod
    def of(cls, line: Line, frame_size: FrameSize) -> "Segment":
        """The line on a frame of this size (width, height). Raises BadLine."""
        if math.dist(line.a, line.b) < _LEAST_LENGTH:
            raise BadLine(f"line {line.line} begins where it ends. Draw it again.")
        (ax, ay), (bx, by), (width, height) = line.a, line.b, frame_size
        return cls((ax * width, ay * height), (bx * width, by * height))

    def beyond_px(self, point: Place) -> float:
        """Distance from the line in pixels: positive on its right side, negative on its left."""
        (ax, ay), (bx, by), (x, y) = self.a, self.b, point
        return ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / math.dist(self.a, self.b)

    def is_cut_by(self, start: Place, end: Place) -> bool:
        """Whether the way from `start` to `end` passes between `a` and `b`."""
        before, after = self.beyond_px(start), self.beyond_px(end)
        if before == after:
            return False
        share = before / (before - after)
        x, y = (s + (e - s) * share for s, e in zip(start, end, strict=True))
        (ax, ay), (bx, by) = self.a, self.b
        along = (x - ax) * (bx - ax) + (y - ay) * (by - ay)
        return 0.0 <= along <= (bx - ax) ** 2 + (by - ay) ** 2


@dataclass(slots=True)
class Passage:
    """What one walker has done at one line."""

    side: Side | None = None
    foot: Place | None = None
    """The foot point when last seen."""
    cut: bool = False
    """Whether the newest change of side went between the ends of the line."""
    sights_beyond: int = 0
    """In a row."""
    pending: bool = False
    """Over the line, but not yet seen there often enough."""
    counted: bool = False
    """Counted already, and not yet well back."""

    def step(self, segment: Segment, walker: Walker) -> bool:
        """Take the walker's newest sight. Returns True when a crossing now counts."""
        beyond = segment.beyond_px(walker.foot) / walker.height_px
        if self.foot is not None and (segment.beyond_px(self.foot) < 0) != (beyond < 0):
            self.cut = segment.is_cut_by(self.foot, walker.foot)
        self.foot = walker.foot
        if beyond <= MARGIN:
            self._on_or_before(beyond)
            return False
        return self._beyond(SIGHTS_BEYOND if walker.was_missed else 1)

    def _on_or_before(self, beyond: float) -> None:
        self.sights_beyond = 0
        if beyond < -MARGIN:
            self.side, self.pending = "left", False
        if beyond < -WELL_BACK:
            self.counted = False

    def _beyond(self, sights_needed: int) -> bool:
        if self.side == "left":
            self.pending = self.cut and not self.counted
        self.side, self.sights_beyond = "right", self.sights_beyond + 1
        if not (self.pending and self.sights_beyond >= sights_needed):
            return False
        self.pending, self.counted = False, True
        return True


@dataclass(slots=True)
class Crossings:
    """Follows everybody in view past all lines, one frame after the other."""

    walkers: list[Walker] = field(default_factory=list)
    _passages: dict[tuple[Walker, Line], Passage] = field(default_factory=dict)
    _last_frame_s: float = 0.0

    def observe(
        self, boxes: Boxes, at_s: float, lines: tuple[Line, ...], frame_size: FrameSize
    ) -> list[Line]:
        """Take one frame's boxes; returns each line once for every crossing just completed.

        Args:
            boxes: shape (n, 4), frame pixels.
            at_s: later than the last frame's, monotonic seconds.
            lines: may change from frame to frame; a moved line starts afresh.
            frame_size: width and height in pixels.
        """
        self._forget(at_s, lines)
        seen = self._follow(boxes, at_s)
        crossed = []
        for line in lines:
            segment = Segment.of(line, frame_size)
            for walker in seen:
                passage = self._passages.setdefault((walker, line), Passage())
                if passage.step(segment, walker):
                    crossed.append(line)
        return crossed

    def _follow(self, boxes: Boxes, at_s: float) -> list[Walker]:
        """Find everybody again; whoever is new becomes a walker. Returns those in view."""
        pairs = match(self.walkers, boxes, at_s)
        for walker, box in pairs:
            self.walkers[walker].see(boxes[box], at_s, self._last_frame_s)
        self._last_frame_s = at_s
        known = {box for _, box in pairs}
        self.walkers += [Walker(box, at_s) for i, box in enumerate(boxes) if i not in known]
        return [walker for walker in self.walkers if walker.seen_s == at_s]

    def _forget(self, at_s: float, lines: tuple[Line, ...]) -> None:
        """Drop whoever was hidden for too long, and what was known of lines since moved."""
        self.walkers = [w for w in self.walkers if at_s - w.seen_s <= GRACE_S]
        alive, drawn = set(self.walkers), set(lines)
        self._passages = {
            (walker, line): passage
            for (walker, line), passage in self._passages.items()
            if walker in alive and line in drawn
        }
