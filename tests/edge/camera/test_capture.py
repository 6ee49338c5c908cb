"""Network cameras: a small HTTP server that sends MJPEG, as cheap ones do, and an RTSP server."""

import http.server
import socket
import threading
import time
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from edge.camera import CameraEnded, CameraError, CameraFailed, CameraStalled
from edge.camera.capture import Capture, camera_name
from edge.camera.open import open_camera
from edge.camera.reopening import Reopening
from tests.edge.camera.rtsp import RtspCamera, transport_stream
from tests.edge.camera.videos import block_x, picture

SENDS_PER_S = 20.0


class NetworkCamera:
    """Sends `picture(n)`, n growing by the clock, to whoever connects."""

    def __init__(self, port: int = 0) -> None:
        self.number = 0
        self.mode = "moving"
        """moving, frozen, black, silent or dying."""
        self._stop = threading.Event()
        camera = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                camera._send_pictures(self.wfile, self.connection)

            def log_message(self, format, *args):  # noqa: A002
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, request, client_address):
                pass  # a client that left is not an error of the test

        self._server = Server(("127.0.0.1", port), Handler)
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/video"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def kill(self) -> None:
        """Die as a power cut would: the port closes, connections break."""
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()

    def _send_pictures(self, out, connection: socket.socket) -> None:
        while not self._stop.wait(1 / SENDS_PER_S):
            if self.mode == "silent":
                continue
            self.number += self.mode != "frozen"
            image = np.zeros_like(picture(0)) if self.mode == "black" else picture(self.number)
            jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
            out.write(
                b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg)
            )
            out.write(jpeg + b"\r\n")
            out.flush()
        connection.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def server() -> Iterator[NetworkCamera]:
    camera = NetworkCamera()
    yield camera
    if not camera._stop.is_set():
        camera.kill()


def read_on(camera):
    while True:
        camera.read()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_pictures_come_at_the_wanted_rate_and_each_is_new(server):
    camera = Capture(server.url, frames_per_s=5, open_within_s=5, stalled_after_s=2)
    frames = [camera.read() for _ in range(6)]
    camera.close()
    steps = np.diff([f.captured_s for f in frames[1:]])
    assert steps == pytest.approx(0.2, abs=0.12)
    assert len({f.image_bgr.tobytes() for f in frames}) == 6


def test_a_reader_that_was_busy_gets_what_the_camera_sees_now(server):
    camera = Capture(server.url, frames_per_s=10, open_within_s=5, stalled_after_s=2)
    camera.read()
    time.sleep(1.5)  # thirty pictures arrive meanwhile
    asked_s, number = time.monotonic(), server.number
    frame = camera.read()
    camera.close()
    assert frame.captured_s >= asked_s
    shown = round(block_x(frame.image_bgr) / 4) % 35
    assert (shown - number) % 35 <= 8  # of 35 places; a buffer's oldest would be 30 behind


def test_a_camera_that_falls_silent_is_stalled(server):
    camera = Capture(server.url, frames_per_s=10, open_within_s=5, stalled_after_s=1)
    camera.read()
    server.mode = "silent"
    began_s = time.monotonic()
    with pytest.raises(CameraError, match=r"sent no new picture|stopped sending"):
        read_on(camera)
    assert time.monotonic() - began_s < 4
    camera.close()


def test_a_camera_that_dies_is_told_at_once_and_not_counted_on(server):
    camera = Capture(server.url, frames_per_s=10, open_within_s=5, stalled_after_s=5)
    camera.read()
    server.kill()
    began_s = time.monotonic()
    with pytest.raises((CameraEnded, CameraStalled)):
        read_on(camera)
    assert time.monotonic() - began_s < 5
    camera.close()


def test_a_frozen_camera_is_stalled_and_a_black_one_a_fault(server, monkeypatch):
    monkeypatch.setattr("edge.camera.liveness.FROZEN_AFTER_S", 0.5)
    monkeypatch.setattr("edge.camera.liveness.FLAT_AFTER_S", 0.5)
    camera = Capture(server.url, frames_per_s=10, open_within_s=5, stalled_after_s=3)
    camera.read()
    server.mode = "frozen"
    with pytest.raises(CameraStalled, match="same picture"):
        read_on(camera)
    server.mode = "black"
    with pytest.raises(CameraError, match="one single colour"):
        read_on(camera)
    camera.close()


def test_nobody_at_the_address_is_said_at_once():
    began_s = time.monotonic()
    with pytest.raises(CameraFailed, match="cannot be opened"):
        Capture(f"http://127.0.0.1:{free_port()}/video", frames_per_s=4, open_within_s=5)
    assert time.monotonic() - began_s < 4


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_an_address_that_takes_the_call_and_says_nothing_is_given_up(scheme):
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        url = f"{scheme}://127.0.0.1:{mute.getsockname()[1]}/stream"
        began_s = time.monotonic()
        with pytest.raises(CameraFailed):
            Capture(url, frames_per_s=4, open_within_s=1)
        assert time.monotonic() - began_s < 3


def test_a_usb_camera_that_is_not_there_is_named():
    with pytest.raises(CameraFailed, match="USB camera 63 cannot be opened"):
        open_camera("63", frames_per_s=4)


def test_a_password_in_the_address_is_not_repeated():
    name = camera_name("rtsp://admin:secret@10.0.0.7:554/h264?token=abc")
    assert name == "The camera rtsp://10.0.0.7:554/h264"


def test_a_network_camera_that_was_switched_off_and_on_is_found_again():
    port = free_port()
    first = NetworkCamera(port)
    camera = Reopening(
        lambda: Capture(first.url, frames_per_s=10, open_within_s=2, stalled_after_s=2),
        wait=lambda closed, _wait_s: closed.wait(0.2),
    )
    frame = camera.read()
    first.kill()
    threading.Timer(1.5, lambda: seconds.append(NetworkCamera(port))).start()
    seconds: list[NetworkCamera] = []
    while not seconds or camera.reopened == 0:
        frame = camera.read()
    assert time.monotonic() - frame.captured_s < 1
    assert camera.fault is None
    camera.close()
    seconds[0].kill()


def test_an_rtsp_camera_is_seen_live_and_its_death_is_told(tmp_path):
    server = RtspCamera(transport_stream(tmp_path))
    camera = Capture(server.url, frames_per_s=5, open_within_s=8, stalled_after_s=2)
    frames = [camera.read() for _ in range(8)]
    assert frames[0].image_bgr.shape == (120, 160, 3)
    assert len({f.image_bgr.tobytes() for f in frames}) == 8
    server.kill()
    killed_s = time.monotonic()
    with pytest.raises((CameraEnded, CameraStalled)) as caught:
        read_on(camera)
    assert time.monotonic() - killed_s < 4
    assert "secret" not in str(caught.value)
    camera.close()
