"""Fits a picture of any shape into a model's input, and boxes back into the picture.

The arithmetic (rounding, grey of 114, where the odd pixel goes) is that of Ultralytics'
`LetterBox` and `scale_boxes`, or the same weights give other boxes. Buffers are made once and
written again for each picture: at 320 pixels an allocation would cost more than the resize.
"""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

GREY = 114
UNIT = np.float32(1 / 255)


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a frame of one size lies in the model's input. Sizes are (height, width), pixels."""

    frame_hw_px: tuple[int, int]
    scale: float
    """Model pixels per frame pixel."""
    top_px: int
    left_px: int
    inner_hw_px: tuple[int, int]
    """The resized picture, without the grey around it."""

    @classmethod
    def of(
        cls, frame_hw_px: tuple[int, int], input_hw_px: tuple[int, int], *, centred: bool = True
    ) -> Self:
        """The largest fit that keeps the picture's proportions.

        Args:
            frame_hw_px: height and width of the picture.
            input_hw_px: height and width of the model's input.
            centred: grey on both sides (Ultralytics), or only right and below (YOLOX).
        """
        height, width = frame_hw_px
        scale = min(input_hw_px[0] / height, input_hw_px[1] / width)
        inner = (max(1, round(height * scale)), max(1, round(width * scale)))
        if not centred:
            return cls(frame_hw_px, scale, 0, 0, inner)
        top = round((input_hw_px[0] - inner[0]) / 2 - 0.1)
        left = round((input_hw_px[1] - inner[1]) / 2 - 0.1)
        return cls(frame_hw_px, scale, top, left, inner)

    def to_frame(self, boxes_xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes of shape (n, 4) from model pixels to frame pixels, clipped to the frame."""
        height, width = self.frame_hw_px
        offset = np.array([self.left_px, self.top_px] * 2, np.float32)
        boxes = (boxes_xyxy - offset) / np.float32(self.scale)
        return boxes.clip(0, np.array([width, height] * 2, np.float32))


class Letterbox:
    """Fills a model's input. One per model; not for two threads at once."""

    def __init__(self, input_hw_px: tuple[int, int], *, rgb_unit: bool, centred: bool) -> None:
        """Make the buffers.

        Args:
            input_hw_px: height and width of the model's input.
            rgb_unit: RGB in 0..1 (Ultralytics), or BGR in 0..255 (YOLOX).
            centred: as in `Fit.of`.
        """
        self._input_hw_px, self._centred = input_hw_px, centred
        self._channels = (2, 1, 0) if rgb_unit else (0, 1, 2)
        self._factor = UNIT if rgb_unit else np.float32(1)
        self._blob = np.empty((1, 3, *input_hw_px), np.float32)
        self._fit: Fit | None = None
        self._resized = np.empty((0, 0, 3), np.uint8)
        self._planes: list[NDArray[np.uint8]] = []

    def fill(self, image_bgr: NDArray[np.uint8]) -> tuple[NDArray[np.float32], Fit]:
        """Return the input, shape (1, 3, height, width), and where the picture lies in it.

        The array is the same at each call: what it held is overwritten.
        """
        fit = self._fit_of((image_bgr.shape[0], image_bgr.shape[1]))
        height, width = fit.inner_hw_px
        cv2.split(self._resize(image_bgr), self._planes)
        inner = np.s_[fit.top_px : fit.top_px + height, fit.left_px : fit.left_px + width]
        for channel, plane in zip(self._channels, self._planes, strict=True):
            np.multiply(plane, self._factor, out=self._blob[0, channel][inner], dtype=np.float32)
        return self._blob, fit

    def _fit_of(self, frame_hw_px: tuple[int, int]) -> Fit:
        """The fit of this size of frame. At a new size the buffers are made anew, all grey."""
        if self._fit is None or self._fit.frame_hw_px != frame_hw_px:
            self._fit = Fit.of(frame_hw_px, self._input_hw_px, centred=self._centred)
            self._resized = np.empty((*self._fit.inner_hw_px, 3), np.uint8)
            self._planes = [np.empty(self._fit.inner_hw_px, np.uint8) for _ in range(3)]
            self._blob[:] = GREY * self._factor
        return self._fit

    def _resize(self, image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if image_bgr.shape == self._resized.shape:
            return image_bgr
        height, width = self._resized.shape[:2]
        cv2.resize(image_bgr, (width, height), dst=self._resized, interpolation=cv2.INTER_LINEAR)
        return self._resized
