"""OpenCV's own people detector (HOG, 2005), for when there is no model at all.

It needs no file, and it counts poorly: upright, whole people of some size. OpenCV 5 no longer has
it. Nothing is trained or tuned here.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.detect import People
from edge.detect.overlap import suppress

LONGEST_SIDE_PX = 800  # beyond it a second a frame
MAX_IOU = 0.45
# What the window holds beside the person: opencv/samples/cpp/peopledetect.cpp, adjustRect.
MARGIN = np.array([0.1, 0.07, 0.1, 0.13], np.float32)


class HogDetector:
    """Finds people with the detector that comes with OpenCV 4."""

    name = "OpenCV HOG"

    def __init__(self, *, confidence: float = 0.25) -> None:
        self._min_confidence = confidence
        self._hog = cv2.HOGDescriptor()
        self._hog.setSVMDetector(cv2.HOGDescriptor.getDefaultPeopleDetector())  # type: ignore[attr-defined]

    def detect(self, image_bgr: NDArray[np.uint8]) -> People:
        """Find people in a picture of shape (height, width, 3), uint8, BGR."""
        scale = min(1.0, LONGEST_SIDE_PX / max(image_bgr.shape[:2]))
        small = cv2.resize(image_bgr, None, fx=scale, fy=scale) if scale < 1 else image_bgr
        if small.shape[0] < 128 or small.shape[1] < 64:  # its window
            return People.nobody()
        rects, margins = self._hog.detectMultiScale(small, winStride=(8, 8), scale=1.05)
        boxes = _boxes(np.asarray(rects, np.float32).reshape(-1, 4)) / np.float32(scale)
        confidence = _confidence(np.asarray(margins, np.float32).reshape(-1))
        sure = confidence > self._min_confidence
        boxes, confidence = boxes[sure], confidence[sure]
        kept = suppress(boxes, confidence, MAX_IOU)
        return People(boxes[kept], confidence[kept])


def _boxes(rects_xywh: NDArray[np.float32]) -> NDArray[np.float32]:
    """The person within each window: x, y, w, h of shape (n, 4) to x0, y0, x1, y1."""
    x, y, w, h = rects_xywh.T
    inset = (MARGIN * np.column_stack([w, h, w, h])).astype(np.float32)
    boxes = np.column_stack([x, y, x + w, y + h]).astype(np.float32)
    return np.add(boxes, inset * np.array([1, 1, -1, -1], np.float32), dtype=np.float32)


def _confidence(margins: NDArray[np.float32]) -> NDArray[np.float32]:
    """Distance from the SVM's plane, 0 and up, to 0..1. In order, but no probability."""
    distance = np.maximum(margins, 0)
    return np.divide(distance, 1 + distance, dtype=np.float32)
