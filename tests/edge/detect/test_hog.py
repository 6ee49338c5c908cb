"""Without any model OpenCV's own detector counts, poorly but truly."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.detect.hog import HogDetector


def test_an_empty_wall_and_a_tiny_picture_have_nobody():
    assert len(HogDetector().detect(np.full((480, 640, 3), 128, np.uint8))) == 0
    assert len(HogDetector().detect(np.zeros((40, 40, 3), np.uint8))) == 0


@pytest.mark.assets
def test_upright_people_are_found_and_their_boxes_end_at_their_feet(assets: Path):
    video = cv2.VideoCapture(str(assets / "videos/pets2009_s2l1_dev.mp4"))
    video.set(cv2.CAP_PROP_POS_FRAMES, 90)
    people = HogDetector().detect(np.asarray(video.read()[1], np.uint8))
    assert 1 <= len(people) <= 9
    assert (people.boxes_xyxy_px[:, 3] <= 366).all()
    assert (people.confidence > 0.25).all()
