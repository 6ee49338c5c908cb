"""What the real YOLO11n sees in the real videos, found once a run."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.detect import People
from edge.detect.load import load


@pytest.fixture(scope="session")
def detections(assets: Path) -> Callable[[str], dict[int, People]]:
    """People by frame number. `step` leaves frames out."""
    detector = load(assets / "models/yolo11n_640", threads=2)
    known: dict[tuple[str, int], dict[int, People]] = {}

    def look(video: str, step: int = 1) -> dict[int, People]:
        if (video, step) not in known:
            known[video, step] = _look(assets / "videos" / video, step)
        return known[video, step]

    def _look(path: Path, step: int) -> dict[int, People]:
        reader, found, number = cv2.VideoCapture(str(path)), {}, 0
        while reader.grab():
            if number % step == 0:
                found[number] = detector.detect(np.asarray(reader.retrieve()[1], np.uint8))
            number += 1
        return found

    return look
