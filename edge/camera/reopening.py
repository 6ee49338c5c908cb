"""A camera that is opened again when it fails, for as long as the node runs.

The reader waits; what is wrong meanwhile stands in `fault` for another thread to report.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Final

from edge.camera import Camera, CameraEnded, CameraError, Frame

FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 30.0
HEALTHY_AFTER_S: Final = 30.0  # only then a failure starts from the short wait again
_JITTER: Final = 0.2  # so that twenty nodes do not come back to one recorder in step

log = logging.getLogger(__name__)


class Reopening:
    """Wraps the opening of a camera.

    Args:
        open_camera: opens it; may raise CameraError.
        clock: monotonic seconds.
        wait: waits up to so many seconds for the given event, and says whether it was set.
        random_01: a number 0..1, for the jitter.
    """

    def __init__(
        self,
        open_camera: Callable[[], Camera],
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[threading.Event, float], bool] = threading.Event.wait,
        random_01: Callable[[], float] = random.random,
    ) -> None:
        self._open_camera, self._clock, self._wait = open_camera, clock, wait
        self._random_01 = random_01
        self._closed = threading.Event()
        self._camera: Camera | None = None
        self._opened_s = 0.0
        self._wait_s = FIRST_WAIT_S
        self.fault: str | None = None
        """What is wrong now, in one sentence; None while pictures come."""
        self.reopened = 0
        """How often pictures came again after a failure."""

    def read(self) -> Frame:
        """Wait for a fresh picture, however long it takes. Raises CameraEnded once closed."""
        while not self._closed.is_set():
            try:
                frame = self._opened().read()
            except CameraError as error:
                self._give_up(error)
                continue
            self._note_success()
            return frame
        raise CameraEnded("The camera was closed.")

    def close(self) -> None:
        """End the reading, also from another thread."""
        self._closed.set()
        if self._camera is not None:
            self._camera.close()

    def _opened(self) -> Camera:
        if self._camera is None:
            self._camera = self._open_camera()
            self._opened_s = self._clock()
            if self._closed.is_set():  # closed while it was being opened
                self._camera.close()
        return self._camera

    def _note_success(self) -> None:
        if self.fault is not None:
            log.info("camera is back", extra={"fault": self.fault, "reopened": self.reopened + 1})
            self.fault, self.reopened = None, self.reopened + 1
        if self._clock() - self._opened_s >= HEALTHY_AFTER_S:
            self._wait_s = FIRST_WAIT_S

    def _give_up(self, error: CameraError) -> None:
        """Close what failed and wait before the next try, doubling up to the longest wait."""
        if self._camera is not None:
            self._camera.close()
            self._camera = None
        if self._closed.is_set():
            return
        self.fault = str(error)
        wait_s = self._wait_s * (1 + _JITTER * (2 * self._random_01() - 1))
        log.warning("camera failed", extra={"fault": self.fault, "retry_in_s": round(wait_s, 1)})
        self._wait_s = min(LONGEST_WAIT_S, 2 * self._wait_s)
        self._wait(self._closed, wait_s)
