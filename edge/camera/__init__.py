"""Where pictures come from: one Protocol, three kinds of error.

A camera hands out each picture once. It never hands out an old one as new: when nothing fresh
comes it raises, and the caller reopens it with backoff.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class CameraError(Exception):
    """The camera gives no picture. The message is one sentence: what happened and what to do."""


class CameraEnded(CameraError):
    """The file or stream came to its end."""


class CameraStalled(CameraError):
    """No fresh picture for too long, or the same picture over and over."""


class CameraFailed(CameraError):
    """The camera could not be opened, or broke."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture. `image_bgr` has shape (height, width, 3), dtype uint8."""

    image_bgr: NDArray[np.uint8]
    captured_s: float
    """On the monotonic clock, in seconds."""


class Camera(Protocol):
    """A source of fresh pictures. Opening is the constructor's work and may raise CameraFailed."""

    def read(self) -> Frame:
        """Wait for the next fresh picture. Raises CameraError."""
        ...

    def close(self) -> None:
        """Let go of the device. Never raises; may be called twice."""
        ...
