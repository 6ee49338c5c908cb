"""The calibration picture: movers vanish, who stays is made unknowable, only the asker opens it."""

from uuid import uuid4

import cv2
import numpy as np
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from edge.detect import People
from edge.still import FRAMES, OVER_S, Cleared, Exposure, TooLargeError, seal

SIZE = (480, 640)
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


def room() -> np.ndarray:
    image = np.full((*SIZE, 3), 120, np.uint8)
    image[::2] = 110
    return image


def person_at(x: int, seed: int = 1) -> tuple[np.ndarray, People]:
    """A picture with somebody of loud colours."""
    image = room()
    loud = np.random.default_rng(seed).integers(0, 256, (200, 60, 3), np.uint8)
    image[200:400, x : x + 60] = loud
    return image, People(np.array([[x, 200, x + 60, 400]], np.float32), np.ones(1, np.float32))


class Finds:
    """A detector with a fixed opinion."""

    name = "fixed"

    def __init__(self, *boxes: tuple[float, ...]) -> None:
        self.boxes = np.array(boxes, np.float32).reshape(-1, 4)

    def detect(self, image_bgr: np.ndarray) -> People:  # noqa: ARG002
        return People(self.boxes, np.full(len(self.boxes), 0.06, np.float32))


def test_who_walks_through_vanishes():
    exposure = Exposure()
    for n in range(FRAMES):
        image, people = person_at(8 * n)
        exposure.take(image, people, n * OVER_S / FRAMES)
    cleared = exposure.clear(Finds())
    assert (cleared.frames, cleared.blurred) == (FRAMES, 0)
    assert (cleared.image_bgr == room()).all()


def test_who_stays_is_averaged_away_though_the_second_look_misses_them():
    exposure = Exposure()
    for n in range(FRAMES):
        exposure.take(*person_at(300), n * OVER_S / FRAMES)
    cleared = exposure.clear(Finds())
    assert cleared.blurred == 1
    loud = person_at(300)[0][200:400, 300:360].astype(int)
    left = cleared.image_bgr[200:400, 300:360].astype(int)
    assert loud.std() > 60
    assert left.std() < 15


def test_whoever_the_second_look_finds_is_hidden_with_a_margin():
    exposure = Exposure()
    for n in range(FRAMES):
        exposure.take(person_at(300)[0], People.nobody(), n * OVER_S / FRAMES)
    cleared = exposure.clear(Finds((310, 210, 350, 390)))
    assert cleared.blurred == 1
    assert cleared.image_bgr[200:400, 300:360].astype(int).std() < 15


def test_frames_are_spread_over_the_time_and_no_more_are_taken():
    exposure = Exposure()
    for n in range(20 * 30):
        exposure.take(room(), People.nobody(), n / 20)
    assert exposure.frames == FRAMES
    assert exposure.is_complete


def test_a_large_picture_is_made_smaller_and_its_boxes_with_it():
    exposure = Exposure()
    big = np.full((1080, 1920, 3), 50, np.uint8)
    big[600:1000, 800:1000] = np.random.default_rng(1).integers(0, 256, (400, 200, 3), np.uint8)
    people = People(np.array([[800, 600, 1000, 1000]], np.float32), np.ones(1, np.float32))
    for n in range(3):
        exposure.take(big, people, float(n))
    cleared = exposure.clear(Finds())
    assert cleared.image_bgr.shape == (540, 960, 3)
    assert cleared.image_bgr[310:490, 410:490].astype(int).std() < 20


def test_only_the_key_that_asked_opens_it_and_only_for_that_command():
    private, command = X25519PrivateKey.generate(), uuid4()
    still = seal(Cleared(room(), 60, 2), private.public_key().public_bytes_raw(), command)
    jpeg = SUITE.decrypt(still.sealed, private, command.bytes)
    opened = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert opened is not None
    assert opened.shape == (*SIZE, 3)
    for key, info in ((X25519PrivateKey.generate(), command), (private, uuid4())):
        with pytest.raises(InvalidTag):
            SUITE.decrypt(still.sealed, key, info.bytes)


def test_a_picture_that_fits_no_message_is_told():
    noise = np.random.default_rng(1).integers(0, 256, (1500, 2000, 3), np.uint8)
    with pytest.raises(TooLargeError):
        seal(
            Cleared(noise, 1, 0),
            X25519PrivateKey.generate().public_key().public_bytes_raw(),
            uuid4(),
        )
