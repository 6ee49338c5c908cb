"""The rendered lunch queue as a camera: pictures as from any other, and the truth beside them.

Left out: nothing is detected or counted here.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import numpy as np

from edge.camera import CameraEnded, CameraFailed, Frame
from edge.scene.lunch import Lunch, Rhythm
from edge.scene.picture import Painter, Painting, Truth

if TYPE_CHECKING:
    from collections.abc import Callable

CATCH_UP_S: Final = 30.0
"""A node that slept longer finds the room as if it had slept this long: simulating costs time."""


class SceneCamera:
    """A camera that draws. The same seed and the same moments give the same pictures.

    Args:
        seed: which lunch. Seeds from `edge.scene.dataset.UNSEEN_FROM` on were trained on.
        size: width and height in pixels.
        frames_per_s: how often to look.
        realtime: the lunch goes on by the clock, as before a real camera, and `captured_s` is the
            clock's. Otherwise each picture is one frame interval later and nothing waits.
        rhythm: how busy it gets.
        clock: monotonic seconds; a test hands in its own.
        sleep: waits for that many seconds.

    Raises CameraFailed where size or rate make no picture.
    """

    def __init__(
        self, seed: int = 1, size: tuple[int, int] = (640, 480), *, frames_per_s: float = 4.0,
        realtime: bool = True, rhythm: Rhythm | None = None,
        clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        if min(size) < 64 or not 0 < frames_per_s <= 60:
            raise CameraFailed(
                f"The scene cannot be drawn at {size[0]}x{size[1]}, {frames_per_s} frames/s. "
                "Ask for at least 64x64 and at most 60 frames/s."
            )
        self.lunch = Lunch(seed, rhythm)
        self._painter = Painter(size, seed=seed)
        self._interval_s, self._realtime = 1 / frames_per_s, realtime
        self._clock, self._sleep = clock, sleep
        self._opened_s, self._frames, self._closed = clock(), 0, False
        self._due_s = self._opened_s
        self._painting: Painting | None = None

    @property
    def truth(self) -> Truth:
        """What is really so in the picture read last. Raises CameraEnded before the first."""
        if self._painting is None:
            raise CameraEnded("No picture of the scene was read yet: there is no truth about it.")
        return self._painting.truth

    def read(self) -> Frame:
        """Wait until the next look is due, and draw. Raises CameraEnded after closing."""
        if self._closed:
            raise CameraEnded("The rendered scene was closed. Open it again.")
        captured_s = self._wait() if self._realtime else self._frames * self._interval_s
        self._frames += 1
        scene_s = captured_s - self._opened_s if self._realtime else captured_s
        self.lunch.advance_to(scene_s)
        self._painting = self._painter.paint(self.lunch)
        return Frame(np.asarray(self._painting.image_bgr, np.uint8), captured_s)

    def close(self) -> None:
        """Nothing more is drawn."""
        self._closed = True

    def _wait(self) -> float:
        """Sleep until the next look is due; looks that were missed are not made up for."""
        self._sleep(max(0.0, self._due_s - self._clock()))
        now_s = self._clock()
        self._due_s = max(self._due_s + self._interval_s, now_s)
        behind_s = now_s - self._opened_s - self.lunch.now_s
        self._opened_s += max(0.0, behind_s - CATCH_UP_S)
        return now_s
