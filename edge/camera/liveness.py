"""Does a picture show anything, and does it still change? Pure: pictures and times in, verdict out.

A real sensor always has noise, so a picture that repeats to the last bit is a frozen one, and a
picture of one single colour is a covered lens, a dead sensor or a test screen. A dark room is
neither. Such pictures are never handed out: an empty room is a count, a blind camera is none.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.camera import CameraError, CameraStalled

FROZEN_AFTER_S: Final = 15.0  # longer than any still stretch between an IP camera's key frames
FLAT_AFTER_S: Final = 5.0  # a webcam's first pictures are black while it wakes
_FLAT_SPREAD: Final = 2  # of 255: what compression makes of one single colour
_EVERY_PX: Final = 4
_GLANCE_PX: Final = 32  # a picture of something differs between places this far apart


class Liveness:
    """Watches the pictures of one opened camera. `live=False` for a file, which may stand still."""

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._last: NDArray[np.uint8] | None = None
        self._changed_s: float | None = None
        self._flat_since_s: float | None = None

    def shows_something(self, image_bgr: NDArray[np.uint8], at_s: float) -> bool:
        """Whether this picture may be counted.

        Raises CameraStalled when the same picture came for 15 s, CameraError when the picture
        has had one colour for 5 s.
        """
        if not is_flat(image_bgr):
            self._flat_since_s = None
            if self._live:
                self._refuse_frozen(image_bgr, at_s)
            return True
        if self._flat_since_s is None:
            self._flat_since_s = at_s
        if at_s - self._flat_since_s >= FLAT_AFTER_S:
            raise CameraError(
                "The camera's picture is one single colour: take off the lens cap, switch on "
                "the light, or check the cable; it is tried again by itself."
            )
        return False

    def _refuse_frozen(self, image_bgr: NDArray[np.uint8], at_s: float) -> None:
        sample = image_bgr[::_EVERY_PX, ::_EVERY_PX].copy()  # a view would change with its frame
        if self._last is None or not np.array_equal(sample, self._last) or self._changed_s is None:
            self._last, self._changed_s = sample, at_s
        elif at_s - self._changed_s >= FROZEN_AFTER_S:
            raise CameraStalled(
                f"The camera repeats the same picture since {at_s - self._changed_s:.0f} s: "
                "it is frozen. Switch it off and on if this does not pass."
            )


def is_flat(image_bgr: NDArray[np.uint8]) -> bool:
    """Whether every pixel has the same colour. Shape (height, width, 3)."""
    for sample in (image_bgr[::_GLANCE_PX, ::_GLANCE_PX], image_bgr):  # the cheap look first
        colours = sample.reshape(-1, 3)
        if np.max(colours.max(axis=0) - colours.min(axis=0)) > _FLAT_SPREAD:
            return False
    return True
