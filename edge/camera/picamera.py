"""The Raspberry Pi's own camera, by picamera2 (from apt; there is no usable wheel).

Two streams: a large one (main) for the installer's still, a small one (lores) for counting. On a
Pi 4 lores can only be YUV420; a Pi 5 takes the same, so there is one way. Its rows are padded to
the hardware's stride, and the padding must go before OpenCV reads the planes.

Not run on a Pi yet by us: the device is behind `_Device`; everything else is tested without it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.camera import CameraEnded, CameraFailed, CameraStalled, Frame
from edge.camera.liveness import Liveness

MAIN_SIZE: Final = (1536, 864)  # width, height: for the calibration still only
LORES_SIZE: Final = (640, 360)
MOST_WAIT_S: Final = 10.0
_INSTALL: Final = "sudo apt install -y python3-picamera2 --no-install-recommends"


class _Device(Protocol):
    """What we use of picamera2.Picamera2."""

    def create_video_configuration(self, **options: Any) -> dict[str, Any]: ...
    def configure(self, configuration: dict[str, Any]) -> Any: ...
    def stream_configuration(self, name: str) -> dict[str, Any]: ...
    def start(self) -> None: ...
    def capture_array(self, name: str, *, wait: float) -> NDArray[np.uint8]: ...
    def close(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Lores:
    """The small stream as the device really set it up."""

    width: int
    height: int
    stride: int
    """Bytes in a row of the Y plane, padding included."""


class PiCamera:
    """The camera on the ribbon cable.

    Args:
        number: 0, or 1 for a Pi 5's second port.
        frames_per_s: the sensor itself runs at this rate, which keeps the Pi cool.
        open_device: opens picamera2.Picamera2; a test hands in another.

    Raises CameraFailed where picamera2 or the camera is missing.
    """

    def __init__(
        self,
        number: int = 0,
        *,
        frames_per_s: float,
        open_device: Callable[[int], _Device] | None = None,
    ) -> None:
        self._closed = False
        self._liveness = Liveness(live=True)
        self._device = (open_device or _picamera2)(number)
        try:
            self._lores = _start(self._device, frames_per_s)
        except Exception as error:  # libcamera raises RuntimeError, OSError, KeyError, ...
            self.close()
            raise CameraFailed(
                f"The Pi camera cannot be started ({error}). Check the ribbon cable, and that "
                "no other program uses it."
            ) from error

    def read(self) -> Frame:
        """Wait for the next picture of the small stream. Raises CameraError."""
        while True:
            planes = self._capture("lores")
            captured_s = time.monotonic()
            image = bgr_from_yuv420(planes, self._lores)
            if self._liveness.shows_something(image, captured_s):
                return Frame(image, captured_s)

    def still(self) -> NDArray[np.uint8]:
        """One large picture for calibration, BGR. "RGB888" is BGR in memory (picamera2 manual)."""
        return self._capture("main")

    def close(self) -> None:
        """Let the camera go."""
        if not self._closed:
            self._closed = True
            self._device.close()

    def _capture(self, stream: str) -> NDArray[np.uint8]:
        if self._closed:
            raise CameraEnded("The Pi camera was closed.")
        try:
            return self._device.capture_array(stream, wait=MOST_WAIT_S)
        except TimeoutError as error:
            raise CameraStalled(
                f"The Pi camera sent no picture for {MOST_WAIT_S:.0f} s. Check the ribbon cable."
            ) from error
        except RuntimeError as error:
            raise CameraFailed(f"The Pi camera broke ({error}). Check the ribbon cable.") from error


def bgr_from_yuv420(planes: NDArray[np.uint8], lores: Lores) -> NDArray[np.uint8]:
    """Cut the padding off a planar YUV420 picture and turn it into BGR.

    Args:
        planes: shape (height * 3 / 2, stride): the Y plane, below it U, below it V, each of
            half the width and height, two of their rows side by side in one of Y's.
        lores: the size without padding; width and height even.

    Returns:
        Shape (height, width, 3).
    """
    if (
        lores.width % 2
        or lores.height % 2
        or planes.shape
        != (
            lores.height * 3 // 2,
            lores.stride,
        )
    ):
        raise CameraFailed(
            f"The Pi camera sent planes of shape {planes.shape}, not what {lores} has. "
            "Update picamera2: sudo apt full-upgrade."
        )
    luma = planes[: lores.height, : lores.width]
    chroma = planes[lores.height :].reshape(lores.height, lores.stride // 2)
    cropped = np.ascontiguousarray(chroma[:, : lores.width // 2])
    packed = np.concatenate([luma.ravel(), cropped.ravel()])
    yuv = packed.reshape(lores.height * 3 // 2, lores.width)
    return np.asarray(cv2.cvtColor(yuv, cv2.COLOR_YUV2BGR_I420), np.uint8)


def frame_duration_us(frames_per_s: float) -> int:
    """How long one exposure period lasts, for FrameDurationLimits."""
    return round(1_000_000 / frames_per_s)


def _start(device: _Device, frames_per_s: float) -> Lores:
    """Configure both streams and start. Returns the small one as the device adjusted it."""
    duration_us = frame_duration_us(frames_per_s)
    device.configure(
        device.create_video_configuration(
            main={"size": MAIN_SIZE, "format": "RGB888"},
            lores={"size": LORES_SIZE, "format": "YUV420"},
            controls={"FrameDurationLimits": (duration_us, duration_us)},
            buffer_count=3,
            queue=False,  # never a picture from before it was asked for
        )
    )
    device.start()
    made = device.stream_configuration("lores")
    width, height = made["size"]
    return Lores(width, height, made["stride"])


def _picamera2(number: int) -> _Device:
    """Open the real one. Raises CameraFailed naming the apt command."""
    try:
        from picamera2 import Picamera2  # type: ignore[import-not-found]
    except ImportError as error:
        raise CameraFailed(
            f"The Pi camera needs picamera2, which is not here ({error}). Run: {_INSTALL}; and "
            "make the virtual environment with --system-site-packages."
        ) from error
    try:
        return Picamera2(number)
    except (IndexError, RuntimeError) as error:
        raise CameraFailed(
            f"There is no Pi camera {number} ({error}). Check the ribbon cable; "
            "rpicam-hello --list-cameras shows what is found."
        ) from error
