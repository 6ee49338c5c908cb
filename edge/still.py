"""One calibration picture: of what stood still, with whoever is left made unknowable, sealed.

The median of many frames lets people vanish who move on. Who stays is found at a very low
confidence, or was found in half of the frames, and is replaced by large squares of mean colour:
what is averaged away cannot be brought back. Nothing is written to the card.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import cv2
import numpy as np
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from numpy.typing import NDArray

from edge.detect import Detector, People
from edge.wire.messages import MAX_STILL_BYTES, Still

FRAMES: Final = 60
OVER_S: Final = 30.0
WIDEST_PX: Final = 960  # 60 such frames are 93 MB, for half a minute
CONFIDENCE: Final = 0.05  # at which whoever is left is looked for
MARGIN: Final = 0.25  # of the box, on each side: hair, bags, and a box that sits badly
SQUARES: Final = 12  # of the picture's height: a face is one square or less
STAYED: Final = 0.5  # of the frames: then the median may show somebody
_QUALITIES: Final = (85, 75, 60, 45, 30)
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
_HPKE_BYTES: Final = 32 + 16  # the sender's key and the tag
_STRIPE_ROWS: Final = 64

Picture = NDArray[np.uint8]


class TooLargeError(Exception):
    """The picture does not fit into a message, however it is compressed."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """A picture that may leave the node."""

    image_bgr: Picture
    frames: int
    blurred: int


class Exposure:
    """Collects frames for one picture, evenly over `OVER_S`."""

    def __init__(self) -> None:
        self._frames: list[Picture] = []
        self._stayed: NDArray[np.uint16] | None = None
        self._next_s = float("-inf")

    @property
    def frames(self) -> int:
        """How many there are."""
        return len(self._frames)

    @property
    def is_complete(self) -> bool:
        """Whether no more are taken."""
        return len(self._frames) >= FRAMES

    def take(self, image_bgr: Picture, people: People, at_s: float) -> None:
        """Take this frame if it is time for one."""
        if self.is_complete or at_s < self._next_s:
            return
        small, scale = _shrunk(image_bgr)
        if self._frames and self._frames[0].shape != small.shape:
            self._frames, self._stayed = [], None  # the camera was reopened at another size
        if self._stayed is None:
            self._stayed = np.zeros(small.shape[:2], np.uint16)
        self._frames.append(small)
        self._stayed += _cover(people.boxes_xyxy_px * scale, small.shape[:2]) > 0
        self._next_s = at_s + OVER_S / FRAMES

    def clear(self, sensitive: Detector) -> Cleared:
        """The picture, with everybody in it made unknowable.

        `sensitive` finds people at `CONFIDENCE`. Raises ValueError without a frame.
        """
        if not self._frames or self._stayed is None:
            raise ValueError("no frame was taken")
        median = _median(self._frames)
        boxes = sensitive.detect(median).boxes_xyxy_px
        stayed = (self._stayed >= STAYED * len(self._frames)).astype(np.uint8)
        cover = np.maximum(_cover(boxes, stayed.shape), stayed)
        patches = int(cv2.connectedComponents(cover)[0]) - 1
        blurred = min(1000, max(len(boxes), patches))
        return Cleared(_hide(median, cover), len(self._frames), blurred)


def seal(cleared: Cleared, seal_to: bytes, command: UUID) -> Still:
    """Compress and encrypt: only the holder of that key's other half can open it.

    Raises ValueError for a key that is none, TooLargeError.
    """
    height_px, width_px = cleared.image_bgr.shape[:2]
    jpeg = _jpeg(cleared.image_bgr, MAX_STILL_BYTES - _HPKE_BYTES)
    sealed = _SUITE.encrypt(jpeg, X25519PublicKey.from_public_bytes(seal_to), command.bytes)
    return Still(
        width_px=width_px,
        height_px=height_px,
        frames=cleared.frames,
        blurred=cleared.blurred,
        sealed=sealed,
    )


def _shrunk(image_bgr: Picture) -> tuple[Picture, float]:
    height, width = image_bgr.shape[:2]
    scale = min(1.0, WIDEST_PX / width)
    if scale == 1.0:
        return image_bgr.copy(), scale
    size = WIDEST_PX, max(1, round(height * scale))
    return np.asarray(cv2.resize(image_bgr, size, interpolation=cv2.INTER_AREA), np.uint8), scale


def _median(frames: list[Picture]) -> Picture:
    """Pixel by pixel, in stripes: the whole at once would need the memory twice."""
    median = np.empty_like(frames[0])
    for top in range(0, median.shape[0], _STRIPE_ROWS):
        rows = slice(top, top + _STRIPE_ROWS)
        stack = np.stack([frame[rows] for frame in frames])
        middle = len(frames) // 2
        median[rows] = np.partition(stack, middle, axis=0)[middle]
    return median


def _cover(boxes_xyxy_px: NDArray[np.floating], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """1 where somebody is, with a margin. Boxes of shape (n, 4) in pixels."""
    cover = np.zeros(shape[:2], np.uint8)
    for left, top, right, bottom in np.asarray(boxes_xyxy_px, np.float64).reshape(-1, 4):
        dx, dy = MARGIN * (right - left), MARGIN * (bottom - top)
        x0, y0 = max(0, int(left - dx)), max(0, int(top - dy))
        cover[y0 : max(0, int(bottom + dy) + 1), x0 : max(0, int(right + dx) + 1)] = 1
    return cover


def _hide(image_bgr: Picture, cover: NDArray[np.uint8]) -> Picture:
    height, width = cover.shape
    square_px = max(8, height // SQUARES)
    few = max(1, -(-width // square_px)), max(1, -(-height // square_px))
    means = cv2.resize(image_bgr, few, interpolation=cv2.INTER_AREA)
    squares = cv2.resize(means, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.where(cover[..., None] > 0, squares, image_bgr).astype(np.uint8)


def _jpeg(image_bgr: Picture, most_bytes: int) -> bytes:
    for quality in _QUALITIES:
        done, coded = cv2.imencode(".jpg", image_bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if done and len(coded) <= most_bytes:
            return coded.tobytes()
    raise TooLargeError("The picture is too large to send. Lower the camera's resolution.")
