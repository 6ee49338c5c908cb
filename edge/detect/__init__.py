"""Who is in the picture: one Protocol, several runtimes, the same boxes from each."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class ModelError(Exception):
    """The model cannot be used. The message says which file, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class People:
    """The people found in one picture.

    boxes_xyxy_px: shape (n, 4), float32, frame pixels; confidence: shape (n,), float32, 0..1.
    """

    boxes_xyxy_px: NDArray[np.float32]
    confidence: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.confidence)

    @classmethod
    def nobody(cls) -> "People":
        """An empty picture."""
        return cls(np.empty((0, 4), np.float32), np.empty(0, np.float32))


class Detector(Protocol):
    """Finds people. Loading is the constructor's work and may raise ModelError."""

    name: str
    """What counts, in words for the board: "YOLO11n 640 (OpenVINO)"."""

    def detect(self, image_bgr: NDArray[np.uint8]) -> People:
        """Find people in a picture of shape (height, width, 3), uint8, BGR."""
        ...


from edge.detect.load import load  # noqa: E402  it speaks of the names above

__all__ = ["Detector", "ModelError", "People", "load"]
