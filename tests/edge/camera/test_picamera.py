import sys

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.camera import CameraEnded, CameraFailed, CameraStalled
from edge.camera.picamera import Lores, PiCamera, bgr_from_yuv420, frame_duration_us
from tests.edge.camera.videos import SIZE, picture


def padded_yuv420(image_bgr, stride):
    """What the hardware sends: I420 planes whose rows are filled up to the stride."""
    height, width = image_bgr.shape[:2]
    yuv = cv2.cvtColor(image_bgr, cv2.COLOR_BGR2YUV_I420).ravel()
    planes = np.full((height * 3 // 2, stride), 77, np.uint8)  # 77: padding that must not show
    planes[:height, :width] = yuv[: width * height].reshape(height, width)
    chroma = planes[height:].reshape(height, stride // 2)
    chroma[:, : width // 2] = yuv[width * height :].reshape(height, width // 2)
    return planes


class Device:
    """Stands in for picamera2.Picamera2 with the calls we make; sends `picture(n)`."""

    def __init__(self, size=SIZE, stride=192, fault=None):
        self.size, self.stride, self.fault = size, stride, fault
        self.configuration, self.started, self.closed, self.number = {}, False, 0, 0

    def create_video_configuration(self, **options):
        return options

    def configure(self, configuration):
        self.configuration = configuration

    def stream_configuration(self, name):
        assert name == "lores"
        return {"size": self.size, "stride": self.stride, "format": "YUV420"}

    def start(self):
        if self.fault == "start":
            raise RuntimeError("Failed to start camera")
        self.started = True

    def capture_array(self, name, *, wait):
        assert (name, wait > 0) == ("lores", True)
        if self.fault is not None:
            raise self.fault
        self.number += 1
        return padded_yuv420(picture(self.number), self.stride)

    def close(self):
        self.closed += 1


def opened(device, frames_per_s=4.0):
    return PiCamera(frames_per_s=frames_per_s, open_device=lambda _number: device)


def test_the_padding_of_the_hardware_is_cut_off_and_the_colours_are_right():
    image = np.zeros((120, 160, 3), np.uint8)
    image[:60], image[60:, :80] = (200, 40, 30), (20, 60, 220)
    back = bgr_from_yuv420(padded_yuv420(image, 192), Lores(160, 120, 192))
    assert back.shape == image.shape
    for y, x in ((30, 40), (30, 159), (100, 40), (100, 120)):
        assert back[y, x].astype(int) == pytest.approx(image[y, x].astype(int), abs=6)


@given(st.integers(2, 40), st.integers(2, 40), st.integers(0, 32), st.integers(0, 1000))
def test_whatever_the_stride_the_picture_is_the_one_without_it(width2, height2, pad2, seed):
    width, height = 2 * width2, 2 * height2
    image = np.random.default_rng(seed).integers(0, 255, (height, width, 3), np.uint8)
    stride = width + 2 * pad2
    bare = bgr_from_yuv420(padded_yuv420(image, width), Lores(width, height, width))
    padded = bgr_from_yuv420(padded_yuv420(image, stride), Lores(width, height, stride))
    assert (bare == padded).all()


@pytest.mark.parametrize("shape", [(180, 160), (179, 192), (180, 192, 3)])
def test_planes_of_another_shape_are_refused(shape):
    with pytest.raises(CameraFailed, match="planes of shape"):
        bgr_from_yuv420(np.zeros(shape, np.uint8), Lores(160, 120, 192))


def test_the_sensor_runs_at_the_wanted_rate_and_counting_uses_the_small_stream():
    device = Device()
    frame = opened(device).read()
    limits = device.configuration["controls"]["FrameDurationLimits"]
    assert limits == (250_000, 250_000) == (frame_duration_us(4),) * 2
    assert device.configuration["lores"]["format"] == "YUV420"
    assert frame.image_bgr.shape == (SIZE[1], SIZE[0], 3)


def test_a_camera_that_does_not_start_is_let_go_and_named():
    device = Device(fault="start")
    with pytest.raises(CameraFailed, match=r"cannot be started .*ribbon cable"):
        opened(device)
    assert device.closed == 1


@pytest.mark.parametrize(
    ("fault", "error"), [(TimeoutError(), CameraStalled), (RuntimeError("lost"), CameraFailed)]
)
def test_a_camera_that_breaks_says_how(fault, error):
    device = Device()
    camera = opened(device)
    device.fault = fault
    with pytest.raises(error, match="ribbon cable"):
        camera.read()


def test_closing_twice_lets_go_once():
    device = Device()
    camera = opened(device)
    camera.close()
    camera.close()
    assert device.closed == 1
    with pytest.raises(CameraEnded):
        camera.read()


@pytest.mark.skipif("picamera2" in sys.modules, reason="picamera2 is here")
def test_without_picamera2_the_apt_command_is_named():
    with pytest.raises(CameraFailed, match="sudo apt install -y python3-picamera2"):
        PiCamera(frames_per_s=4)


@pytest.mark.pi
def test_a_real_pi_camera_gives_fresh_pictures():
    pytest.importorskip("picamera2", reason="no picamera2: this is not a Raspberry Pi")
    camera = PiCamera(frames_per_s=4)
    first, second = camera.read(), camera.read()
    camera.close()
    assert first.image_bgr.shape[2] == 3
    assert second.captured_s > first.captured_s
    assert (first.image_bgr != second.image_bgr).any()
