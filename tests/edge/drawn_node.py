"""A real node as a process, but for its camera and detector: they are handed in.

The camera fails while the file CAMERA_BROKEN exists, and hangs while CAMERA_SILENT does. The
detector sees as many people as the picture says. NO_NTP hides the kernel's own opinion; the
waits of `edge.clock` can be made shorter by their names.
"""

import os
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edge import clock as clocks
from edge.__main__ import work
from edge.camera import CameraEnded, CameraFailed, Frame
from edge.camera.reopening import Reopening
from edge.counting.counter import Plan
from edge.detect import People
from edge.node import Sight
from edge.settings import Settings
from edge.wire.messages import Source

SHAPE = (90, 160, 3)
FOLDER = Path(os.environ["EDGE_DATA_DIR"])


class DrawnCamera:
    """Pictures of a known number of people, at the given pace."""

    def __init__(self, frames_per_s: float) -> None:
        self._wait_s, self._closed = 1 / frames_per_s, False
        self._fail_if_broken()

    def read(self) -> Frame:
        time.sleep(self._wait_s)
        self._fail_if_broken()
        while (FOLDER / "CAMERA_SILENT").exists():
            time.sleep(0.05)
        if self._closed:
            raise CameraEnded("closed")
        now_s = time.monotonic()
        image = np.full(SHAPE, 128, np.uint8)
        image[0, 0, 0] = 3 + int(now_s) % 4
        return Frame(image, now_s)

    def close(self) -> None:
        self._closed = True

    def _fail_if_broken(self) -> None:
        if (FOLDER / "CAMERA_BROKEN").exists():
            raise CameraFailed("The drawn camera is broken: remove CAMERA_BROKEN.")


class Reader:
    """Reads the number of people from the picture."""

    name = "reader of drawn pictures"

    def detect(self, image_bgr: NDArray[np.uint8]) -> People:
        if image_bgr.shape != SHAPE:
            return People.nobody()  # an enlarged part: everybody was seen in the whole
        people = int(image_bgr[0, 0, 0])
        left = np.linspace(10, 140, people, dtype=np.float32)
        boxes = np.stack([left, left * 0 + 20, left + 8, left * 0 + 60], axis=1)
        return People(boxes, np.full(people, 0.9, np.float32))


def look(settings: Settings) -> tuple[Sight, object]:
    source = Source(kind="simulated", name="drawn", detector=Reader.name)
    camera = lambda rate: Reopening(lambda: DrawnCamera(rate))  # noqa: E731
    return Sight(camera, Reader(), source), Plan.of


if __name__ == "__main__":
    if os.environ.get("NO_NTP"):
        clocks.kernel_is_synced = lambda: False
    for name in ("WAIT_FOR_SYNC_S", "HUB_SILENT_S"):
        if name in os.environ:  # a test has no minute to wait
            setattr(clocks, name, float(os.environ[name]))
    sys.exit(work(os.environ, look))  # type: ignore[arg-type]
