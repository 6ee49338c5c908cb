"""Cameras as a person meets them: a whole node before each broken one, and the sentence it says."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from hub.kit.embedded.broker import Broker
from tests.edge.camera.rtsp import RtspCamera, transport_stream
from tests.edge.camera.test_capture import NetworkCamera, free_port
from tests.edge.camera.videos import SIZE, write_still_video, write_video
from tests.edge.other_side import OtherSide
from tests.edge.test_node_on_the_wire import Nodes, Process, other_side

MODEL = Path(__file__).parents[2] / "edge" / "scene" / "model" / "lunch_queue.onnx"
PATIENCE_S = 90.0
SECRET = "s3cret"


class Met:
    """A node that works with one camera, and what it says of it."""

    def __init__(self, folder: Path, broker: Broker) -> None:
        self.nodes, self.hub = Nodes(folder / "data", broker), other_side(broker)
        self.nodes.folder.mkdir()
        self.folder = folder
        self.ends: list[Callable[[], None]] = []
        self.node: Process | None = None

    def start(self, camera: object) -> None:
        """`python -m edge run` as a person starts it."""
        self.node = self.nodes.start(
            "-m", "edge", "run", EDGE_CAMERA=str(camera), EDGE_MODEL=str(MODEL)
        )

    def counts(self) -> None:
        """Wait until it counts."""
        self.hub.wait_for(self.hub.seqs, PATIENCE_S)

    def says(self, *words: str) -> None:
        """Wait until state and log tell a fault in one sentence; the node lives on."""
        told = self.hub.wait_for(lambda: _fault(self.hub, words), PATIENCE_S)
        assert self.node is not None
        assert self.node.child.poll() is None
        log = self.node.log.read_text()
        assert words[0] in log
        assert "Traceback" not in log
        assert SECRET not in log + told

    def close(self) -> None:
        self.nodes.close()
        self.hub.close()
        for end in self.ends:
            end()


def _fault(hub: OtherSide, words: tuple[str, ...]) -> str:
    fault = hub.states[-1].fault or ""
    return fault if all(word in fault for word in words) else ""


@pytest.fixture
def met(tmp_path: Path, broker: Broker) -> Iterator[Met]:
    made = Met(tmp_path, broker)
    yield made
    made.close()


def test_a_black_video_is_a_covered_lens_not_an_empty_room(met: Met):
    black = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    met.start(write_still_video(met.folder / "black.mp4", black))
    met.says("one single colour", "take off the lens cap")
    met.hub.wait_for(lambda: "one single colour" in str(met.hub.health[-1].fault), PATIENCE_S)
    assert met.hub.seqs() == []


def test_a_video_that_ends_begins_again_and_one_taken_away_is_named(met: Met):
    video = write_video(met.folder / "short.mp4", frames=20)
    met.start(video)
    met.counts()
    video.unlink()
    met.says(f"There is no video file {video}", "Check the path")
    write_video(video, frames=20)
    met.hub.wait_for(lambda: met.hub.states[-1].observing == "ok", PATIENCE_S)


def test_a_video_of_an_unknown_kind_is_refused_with_what_to_do(met: Met):
    video = write_video(met.folder / "odd.avi", code="MJPG")
    video.write_bytes(video.read_bytes().replace(b"MJPG", b"ZQZQ"))
    met.start(video)
    met.says("is not a video that can be read", "convert it to MP4")


def test_a_video_cut_off_before_its_index_is_refused_with_what_to_do(met: Met):
    video = write_video(met.folder / "cut.mp4")
    video.write_bytes(video.read_bytes()[:2000])
    met.start(video)
    met.says("is not a video that can be read", "Copy it again")


def test_a_network_camera_that_freezes_is_told_and_counted_again_when_it_moves(met: Met):
    camera = NetworkCamera()
    met.ends.append(camera.kill)
    met.start(camera.url)
    met.counts()
    camera.mode = "frozen"
    met.says("repeats the same picture", "Switch it off and on")
    camera.mode = "moving"
    met.hub.wait_for(lambda: met.hub.states[-1].observing == "ok", PATIENCE_S)


def test_an_rtsp_camera_that_dies_is_named_without_its_password(met: Met):
    camera = RtspCamera(transport_stream(met.folder))
    met.start(camera.url.replace("user:secret@", f"user:{SECRET}@"))
    met.counts()
    camera.kill()
    met.says("rtsp://127.0.0.1:", "Check that the camera is switched on")


def test_nobody_at_an_rtsp_address_is_said(met: Met):
    met.start(f"rtsp://user:{SECRET}@127.0.0.1:{free_port()}/live")
    met.says("cannot be opened", "its address, its user and password")


def test_an_rtsp_camera_that_wants_another_password_is_said(met: Met):
    camera = Unwilling()
    met.ends.append(camera.close)
    met.start(f"rtsp://user:{SECRET}@127.0.0.1:{camera.port}/live")
    met.says("cannot be opened", "its user and password")
    assert camera.refused > 0


def test_a_usb_camera_that_is_not_there_is_named(met: Met):
    met.start("63")
    met.says("USB camera 63 cannot be opened", "plugged in")


class Unwilling:
    """An RTSP camera that lets nobody in (RFC 2326, 401)."""

    def __init__(self) -> None:
        self.refused = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._refuse, args=(connection,), daemon=True).start()

    def _refuse(self, connection: socket.socket) -> None:
        with connection, connection.makefile("r", encoding="latin-1") as lines:
            for line in lines:
                if line.lower().startswith("cseq:"):
                    self.refused += 1
                    connection.sendall(
                        b"RTSP/1.0 401 Unauthorized\r\nCSeq: %d\r\n"
                        b'WWW-Authenticate: Basic realm="camera"\r\n\r\n' % int(line[5:])
                    )
