"""The committed model against the known truth, through the runtime that a node uses."""

import hashlib
import re

import pytest

from edge.counting.counter import Counter
from edge.detect import Detector
from edge.detect.load import load
from edge.scene import MODEL_PATH
from edge.scene.camera import SceneCamera
from edge.scene.card import CARD_NAME
from edge.scene.layout import node_config
from edge.scene.measure import count_error, known

MOST_ERROR = 1.4  # people; measured 1.14 on these fuller lunches, 0.71 on the card's
MOST_TOO_MANY = 0.25  # measured 0.11
FRAMES_PER_S, WINDOW_S = 4, 5
UNSEEN_SEEDS = range(900, 906)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load(MODEL_PATH, threads=2)


def test_the_model_counts_the_queue_of_unseen_lunches_about_as_they_are(detector: Detector):
    error = count_error(detector, known(UNSEEN_SEEDS, frames_a_seed=12, every_s=41))
    print(error)
    assert error.true_mean > 4  # lunches with something to count
    assert error.mean_absolute < MOST_ERROR
    assert error.too_many < MOST_TOO_MANY


def test_the_node_counts_who_is_served_and_who_waits_about_as_they_are(detector: Detector):
    camera = SceneCamera(1, frames_per_s=FRAMES_PER_S, realtime=False)
    counter, served, off = Counter(node_config()), 0, []
    for number in range(150 * FRAMES_PER_S):
        frame = camera.read()
        height_px, width_px = frame.image_bgr.shape[:2]
        counter.observe(detector.detect(frame.image_bgr), frame.captured_s, (width_px, height_px))
        if (number + 1) % (WINDOW_S * FRAMES_PER_S) == 0:
            (zone,) = counter.close_window()
            served += zone.served
            off.append(abs(zone.people - len(camera.lunch.in_zone())))
    truly_served = sum(s.crossed_s > 0 for s in camera.lunch.served)
    print(served, truly_served, sum(off) / len(off))
    assert truly_served > 10
    assert abs(served - truly_served) <= 2
    assert sum(off) / len(off) < MOST_ERROR


def test_the_model_is_small_enough_to_live_in_the_repository():
    assert MODEL_PATH.stat().st_size <= 6_000_000


def test_the_card_speaks_of_this_very_file():
    card = MODEL_PATH.with_name(CARD_NAME).read_text(encoding="utf-8")
    said = re.search(r"SHA-256 `([0-9a-f]{64})`", card)
    assert said is not None
    assert said[1] == hashlib.sha256(MODEL_PATH.read_bytes()).hexdigest()
    assert "not for | real people" in card
