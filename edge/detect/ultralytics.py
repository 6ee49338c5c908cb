"""Any format that Ultralytics loads (.pt, .engine, .mnn, .tflite, ...). Needs torch.

Slow to start and heavy: on a node the direct runtimes come first. Never install `ultralytics`
by its bare name on a Pi: it brings CUDA. docs/install.md has the recipe.
"""

import importlib
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.detect import ModelError, People
from edge.detect.heads import PERSON

# It would fetch models and packages by itself otherwise.
os.environ.setdefault("YOLO_OFFLINE", "True")
os.environ.setdefault("YOLO_AUTOINSTALL", "false")


class UltralyticsDetector:
    """Finds people through Ultralytics' own predict, with the square letterbox of our exports."""

    def __init__(
        self, path: Path, *, threads: int, confidence: float, size_px: int | None = None
    ) -> None:
        """Load the model. A .pt file is a pickle: load only what you trust.

        Args:
            path: anything that Ultralytics loads.
            threads: how many cores inference may use.
            confidence: boxes below it are not people, 0..1.
            size_px: side of the square input; None takes what the model was trained with.

        Raises:
            ModelError: Ultralytics is not installed, or cannot load this.
        """
        ultralytics = _imported("ultralytics", path)
        _imported("torch", path).set_num_threads(threads)
        self._options = {"conf": confidence, "classes": [PERSON], "rect": False, "verbose": False}
        try:
            self._model: Any = ultralytics.YOLO(str(path), task="detect")
            self._options["imgsz"] = size_px or self._model.overrides.get("imgsz", 640)
            self._predict(np.zeros((64, 64, 3), np.uint8))
        except Exception as error:  # whatever unpickling and a dozen backends raise
            raise ModelError(
                f"{path} cannot be loaded by Ultralytics ({type(error).__name__}: {error}). "
                "Copy the file again, or take one made by this version of ultralytics."
            ) from error
        self.name = f"{path.stem} {self._options['imgsz']} (Ultralytics)"

    def detect(self, image_bgr: NDArray[np.uint8]) -> People:
        """Find people in a picture of shape (height, width, 3), uint8, BGR."""
        boxes = self._predict(image_bgr)
        return People(
            boxes.xyxy.cpu().numpy().astype(np.float32), boxes.conf.cpu().numpy().astype(np.float32)
        )

    def _predict(self, image_bgr: NDArray[np.uint8]) -> Any:
        return self._model.predict(image_bgr, **self._options)[0].boxes


def _imported(name: str, path: Path) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ModelError(
            f"{path} needs {name}, which is not installed here. Make the export environment "
            "(make export-env) and turn the model into a light one: python -m edge export "
            f"{path.name} --format onnx."
        ) from error
