"""A video file, played at its own speed and looked at as often as a camera would be.

Frames that are not wanted are skipped, and so are those that passed while the detector was busy:
a recording is as merciless as life. Nothing is read ahead.
"""

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edge.camera import CameraEnded, CameraFailed, Frame
from edge.camera.liveness import Liveness
from edge.camera.video import open_file

REWIND_S: Final = 2.0
"""Pause between two rounds: longer than edge.counting remembers anybody, so that nobody of the
last picture is taken for somebody of the first."""
_USUAL_FPS: Final = 25.0  # where the file does not say
_MOST_FPS: Final = 240.0
_CUT_SHORT_BELOW: Final = 0.9  # of the frames that the file promises


class Recording:
    """A video file as a camera.

    Args:
        path: anything that FFmpeg reads.
        frames_per_s: how often to look; at most the file's own rate.
        loop: begin again at the end, after a short pause.
        clock: monotonic seconds; a test hands in its own.
        sleep: waits for that many seconds.

    Raises CameraFailed where the file is missing or not a video.
    """

    def __init__(
        self,
        path: Path,
        *,
        frames_per_s: float,
        loop: bool = True,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._path, self._loop, self._clock, self._sleep = path, loop, clock, sleep
        self._video = open_file(path)
        self._closed = False
        fps = self._video.get(cv2.CAP_PROP_FPS)
        self._fps = fps if 0 < fps <= _MOST_FPS else _USUAL_FPS
        self._step = max(1.0, self._fps / frames_per_s)
        self._promised = self._video.get(cv2.CAP_PROP_FRAME_COUNT)
        self._liveness = Liveness(live=False)
        self._begin()

    def read(self) -> Frame:
        """Wait until the next wanted frame is due.

        Raises CameraEnded at the end, CameraFailed where the file breaks off before it,
        CameraError where it shows nothing.
        """
        while True:
            if not self._grab_wanted():
                self._start_over()
                continue
            due_s = self._started_s + (self._grabbed - 1) / self._fps
            self._sleep(max(0.0, due_s - self._clock()))
            ok, image = self._video.retrieve()
            picture = np.asarray(image, np.uint8)
            if ok and self._liveness.shows_something(picture, due_s):
                return Frame(picture, due_s)

    def close(self) -> None:
        """Close the file."""
        self._closed = True
        self._video.release()

    def _begin(self) -> None:
        self._started_s, self._grabbed, self._wanted = self._clock(), 0, 0.0

    def _grab_wanted(self) -> bool:
        """Go to the next wanted frame that is not past. False at the end of the file."""
        passed = (self._clock() - self._started_s) * self._fps - self._wanted
        self._wanted += max(0, math.floor(passed / self._step)) * self._step
        while self._grabbed <= self._wanted:
            if not self._video.grab():
                return False
            self._grabbed += 1
        self._wanted += self._step
        return True

    def _start_over(self) -> None:
        """Begin again, or say why not."""
        if self._closed:
            raise CameraEnded(f"{self._path} was closed.")
        if self._grabbed < self._promised * _CUT_SHORT_BELOW or self._grabbed == 0:
            raise CameraFailed(
                f"{self._path} breaks off after {self._grabbed} of {self._promised:.0f} frames: "
                "it is cut short. Copy it again."
            )
        if not self._loop:
            raise CameraEnded(f"{self._path} came to its end after {self._grabbed} frames.")
        self._video.release()
        self._video = open_file(self._path)
        self._sleep(REWIND_S)
        self._begin()
