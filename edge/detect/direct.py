"""A detector on a bare runtime: letterbox, infer, decode. No torch.

A runtime is one file of this folder (`onnx`, `openvino`, `ncnn`): it loads a model and turns an
input array into an output array. Everything that makes people of it is here, once.
"""

import ctypes
import re
import sys
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from edge.detect import ModelError, People
from edge.detect.heads import Head, head_of
from edge.detect.letterbox import Letterbox
from edge.detect.metadata import Metadata
from edge.detect.overlap import have_area

SUFFIX = re.compile(r"_(openvino|ncnn)_model$")


class Runtime(Protocol):
    """A loaded model of one input and one output."""

    title: str
    """The runtime's own name: "ONNX Runtime"."""
    path: Path
    input_hw_px: tuple[int, int]
    metadata: Metadata

    def infer(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run the model on an input of shape (1, 3, height, width).

        The output may be a view that the next call overwrites.
        """
        ...


class DirectDetector:
    """Finds people with a model on a bare runtime. Not for two threads at once."""

    def __init__(self, runtime: Runtime, *, confidence: float) -> None:
        """Run the model once, to see that it can run and what its output looks like.

        Raises:
            ModelError: it is not a detector of people that we can read.
        """
        self._runtime, self._min_confidence = runtime, confidence
        runtime.metadata.check(runtime.path)
        self._head = _head(runtime)
        self._letterbox = Letterbox(
            runtime.input_hw_px, rgb_unit=self._head.rgb_unit, centred=self._head.centred
        )
        size = "x".join(str(side) for side in dict.fromkeys(reversed(runtime.input_hw_px)))
        title = runtime.metadata.title or SUFFIX.sub("", runtime.path.stem)
        self.name = f"{title} {size} ({runtime.title})"
        _give_back_memory()

    def detect(self, image_bgr: NDArray[np.uint8]) -> People:
        """Find people in a picture of shape (height, width, 3), uint8, BGR."""
        blob, fit = self._letterbox.fill(image_bgr)
        boxes, confidence = self._head.decode(self._runtime.infer(blob), self._min_confidence)
        boxes = fit.to_frame(boxes)
        in_picture = have_area(boxes)  # not in the grey around it
        return People(boxes[in_picture], confidence[in_picture])


def _head(runtime: Runtime) -> Head:
    output = runtime.infer(np.zeros((1, 3, *runtime.input_hw_px), np.float32))
    head = head_of(output.shape, runtime.input_hw_px, runtime.metadata.max_iou)
    if head is None:
        raise ModelError(
            f"{runtime.path} gives an output of shape {output.shape}, which is no YOLOv8, YOLO11, "
            f"YOLO26 or YOLOX detection head at {runtime.input_hw_px}. Take a detection model, or "
            "run this one with backend ultralytics."
        )
    return head


def _give_back_memory() -> None:
    """Return what loading took and freed: glibc would keep some 15 MB of it for good."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
