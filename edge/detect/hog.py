"""OpenCV 4's built-in people detector: a stand-in where no model can be had.

Histograms of oriented gradients and a linear classifier (Dalal and Triggs 2005). It finds upright,
wholly visible people of some 100 pixels and misses most others; a stand-in, and named as one on
the board. Gone in OpenCV 5.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.detect import People
from edge.detect.overlap import suppress

WIDTH_PX: Final = 640  # pictures are brought to this width: the cost is per pixel
MAX_IOU: Final = 0.4
_MARGIN: Final = (0.16, 0.08)  # of width and height: its training windows have so much air around


class HogDetector:
    """Finds people without a model file."""

    name = "OpenCV HOG"

    def __init__(self, *, confidence: float = 0.25) -> None:
        self._min_confidence = confidence
        self._hog = cv2.HOGDescriptor()
        self._hog.setSVMDetector(np.asarray(cv2.HOGDescriptor.getDefaultPeopleDetector()))

    def detect(self, image_bgr: NDArray[np.uint8]) -> People:
        """Find people in a picture of shape (height, width, 3), uint8, BGR.

        The confidence is the logistic of the distance to the classifier's plane: in order, but
        not a probability.
        """
        scale = WIDTH_PX / image_bgr.shape[1]
        small = cv2.resize(image_bgr, None, fx=scale, fy=scale)
        found, distance = self._hog.detectMultiScale(small, winStride=(8, 8), padding=(8, 8))
        if len(found) == 0:
            return People.nobody()
        confidence = (1 / (1 + np.exp(-2 * np.ravel(distance)))).astype(np.float32)
        boxes = _tight(np.asarray(found, np.float32)) / np.float32(scale)
        sure = confidence >= self._min_confidence
        boxes, confidence = boxes[sure], confidence[sure]
        kept = suppress(boxes, confidence, MAX_IOU)
        return People(boxes[kept], confidence[kept])


def _tight(xywh: NDArray[np.float32]) -> NDArray[np.float32]:
    """Windows of shape (n, 4) as x, y, width, height to boxes around the person."""
    air = xywh[:, 2:] * np.asarray(_MARGIN, np.float32)
    low, high = xywh[:, :2] + air, xywh[:, :2] + xywh[:, 2:] - air
    return np.concatenate([low, high], axis=1).astype(np.float32)
