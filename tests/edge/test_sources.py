import hashlib
import http.server
import json
import socket
import threading
import time

import cv2
import numpy as np
import pytest

from edge import downloads, sources
from edge.downloads import ONE_BY_ONE, YOLOX_NANO, DownloadError, PublicFile, cached, fetch
from edge.sources import SourceError, choose, describe


class NoNetwork:
    """A fetch that fails, and remembers what it was asked for."""

    def __init__(self):
        self.asked = []

    def __call__(self, file, _folder):
        self.asked.append(file.name)
        raise DownloadError("no network")


@pytest.fixture
def offline():
    return NoNetwork()


@pytest.fixture
def cache(tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


@pytest.fixture
def env(cache):
    return {"CHEONGSA_CACHE": str(cache)}


@pytest.fixture
def shelf(tmp_path):
    """Assets by their names; what is in them does not matter to the choice."""
    for name in ("videos/pets2009_s2l1_dev.mp4", "models/yolo11n_640/yolo11n.onnx"):
        path = tmp_path / "assets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "assets"


def put_in_cache(cache, monkeypatch, *files):
    """Fill the cache with files that hash to what is pinned."""
    for file in files:
        (cache / file.name).write_bytes(file.name.encode())
    pins = {str(cache / f.name): f.sha256 for f in files}
    real = downloads._sha256
    monkeypatch.setattr(downloads, "_sha256", lambda path: pins.get(str(path)) or real(path))


def test_the_assets_come_before_a_download(env, shelf, offline):
    choice = choose({**env, "CHEONGSA_ASSETS": str(shelf)}, fetch=offline)
    assert choice.camera == str(shelf / "videos/pets2009_s2l1_dev.mp4")
    assert choice.model == shelf / "models/yolo11n_640"
    assert (choice.site, choice.source.kind) == ("pets2009", "recording")
    assert offline.asked == []


def test_the_persons_own_picture_and_model_come_before_everything(env, shelf, tmp_path, offline):
    video, model = tmp_path / "mine.mp4", tmp_path / "mine.onnx"
    video.write_bytes(b"x")
    model.write_bytes(b"x")
    told = {"EDGE_CAMERA": str(video), "EDGE_MODEL": str(model), "CHEONGSA_ASSETS": str(shelf)}
    choice = choose({**env, **told}, fetch=offline)
    assert (choice.camera, choice.model, choice.site) == (str(video), model, "own")


def test_an_argument_comes_before_the_variable(env, offline):
    assert choose({**env, "EDGE_CAMERA": "0"}, camera="1", fetch=offline).camera == "1"


def test_a_usb_camera_with_the_assets_model(env, shelf, offline):
    choice = choose({**env, "EDGE_CAMERA": "0", "CHEONGSA_ASSETS": str(shelf)}, fetch=offline)
    assert choice.model == shelf / "models/yolo11n_640"
    assert (choice.source.kind, choice.source.name) == ("camera", "USB camera 0")


def test_a_usb_camera_is_never_counted_by_the_scenes_model(env, offline):
    choice = choose({**env, "EDGE_CAMERA": "0"}, fetch=offline)
    assert (choice.model, choice.source.detector) == (None, "OpenCV HOG")


def test_with_nothing_at_all_the_rendered_scene_is_counted_by_its_own_model(env, offline):
    choice = choose(env, fetch=offline)
    assert (choice.camera, choice.site, choice.source.kind) == ("scene", "rendered", "simulated")
    assert choice.model == sources.scene_model()


def test_silence_is_waited_for_only_once(env, offline):
    choose(env, fetch=offline)
    assert offline.asked == [YOLOX_NANO.name]


def test_what_was_fetched_before_is_used_without_asking_again(env, cache, offline, monkeypatch):
    put_in_cache(cache, monkeypatch, YOLOX_NANO, ONE_BY_ONE)
    choice = choose(env, fetch=offline)
    assert choice.camera == str(cache / ONE_BY_ONE.name)
    assert choice.model == cache / YOLOX_NANO.name
    assert (choice.site, "Intel" in choice.source.name) == ("one-by-one", True)
    assert offline.asked == []


def test_a_changed_file_in_the_cache_is_not_used(env, cache, offline):
    (cache / YOLOX_NANO.name).write_bytes(b"something else")
    assert choose(env, fetch=offline).camera == "scene"


def test_a_model_without_a_video_does_not_count_the_scene(env, cache, offline, monkeypatch):
    put_in_cache(cache, monkeypatch, YOLOX_NANO)
    choice = choose(env, fetch=offline)
    assert (choice.camera, choice.model) == ("scene", sources.scene_model())


def test_the_scene_may_be_asked_for(env, shelf, offline):
    choice = choose({**env, "EDGE_CAMERA": "scene", "CHEONGSA_ASSETS": str(shelf)}, fetch=offline)
    assert (choice.site, choice.model) == ("rendered", sources.scene_model())


@pytest.mark.parametrize("told", [{"EDGE_CAMERA": "gone.mp4"}, {"EDGE_MODEL": "gone.onnx"}])
def test_what_the_person_gave_and_is_not_there_is_said(env, told, offline):
    with pytest.raises(SourceError, match=r"gone\."):
        choose({**env, **told}, fetch=offline)


def test_the_password_of_a_camera_does_not_reach_the_board(env, shelf, offline):
    told = {"EDGE_CAMERA": "rtsp://admin:secret@10.1.1.7/s1", "CHEONGSA_ASSETS": str(shelf)}
    choice = choose({**env, **told}, fetch=offline)
    assert choice.camera == "rtsp://admin:secret@10.1.1.7/s1"
    assert "secret" not in choice.source.model_dump_json()
    assert choice.source.name == "10.1.1.7"


def test_the_command_prints_one_line_of_json(env, shelf, monkeypatch, capsys):
    for name, value in {**env, "CHEONGSA_ASSETS": str(shelf)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("EDGE_CAMERA", raising=False)
    monkeypatch.delenv("EDGE_MODEL", raising=False)
    assert sources.main([]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["site"] == "pets2009"
    assert set(said) == {"camera", "model", "source", "site"}


def test_the_command_says_what_is_missing_and_fails(env, monkeypatch, capsys):
    monkeypatch.setenv("CHEONGSA_CACHE", env["CHEONGSA_CACHE"])
    assert sources.main(["--camera", "gone.mp4"]) == 1
    assert "gone.mp4" in capsys.readouterr().err


@pytest.mark.parametrize("file", [YOLOX_NANO, ONE_BY_ONE], ids=lambda f: f.name)
def test_public_files_are_pinned_and_come_over_tls(file):
    assert len(bytes.fromhex(file.sha256)) == 32
    assert file.url.startswith("https://")
    assert file.licence


# Downloads, from a real server on this machine.


@pytest.fixture
def server():
    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        body = b"the real file" * 1000
        pause_s = 0.0

        def handle_error(self, request, client_address):
            pass  # a client that gave up

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            time.sleep(running.pause_s)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(running.body)

        def log_message(self, format, *args):  # noqa: A002
            pass

    running = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


def pinned(server, body=None):
    body = server.body if body is None else body
    return PublicFile(
        name="model.onnx",
        url=f"http://127.0.0.1:{server.server_port}/model.onnx",
        sha256=hashlib.sha256(body).hexdigest(),
        bytes=len(body),
        licence="none",
    )


def test_a_download_that_is_the_pinned_file_is_kept(server, cache):
    path = fetch(pinned(server), cache)
    assert path.read_bytes() == server.body
    assert cached(pinned(server), cache) == path


def test_a_download_that_is_another_file_is_thrown_away(server, cache):
    with pytest.raises(DownloadError, match="not the file it was"):
        fetch(pinned(server, b"what it was"), cache)
    assert list(cache.iterdir()) == []


def test_a_download_without_end_is_cut_off(server, cache):
    wanted = pinned(server)
    server.body *= 1000
    with pytest.raises(DownloadError):
        fetch(wanted, cache)
    assert list(cache.iterdir()) == []


def test_a_server_that_says_nothing_is_given_up_in_time(server, cache):
    server.pause_s = 5.0
    began_s = time.monotonic()
    with pytest.raises(DownloadError, match=r"no answer|timed out"):
        fetch(pinned(server), cache, answer_within_s=0.5)
    assert time.monotonic() - began_s < 2


def test_nobody_there_is_said_at_once(cache):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    file = PublicFile("m", f"http://127.0.0.1:{port}/m", "00", 1, "none")
    with pytest.raises(DownloadError, match="refused"):
        fetch(file, cache)


def test_a_folder_that_cannot_be_written_is_no_crash(server, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DownloadError):
        fetch(pinned(server), tmp_path / "file" / "cache")


# The stand-in.


def test_an_empty_wall_has_nobody_for_the_stand_in():
    from edge.detect.hog import HogDetector

    assert len(HogDetector().detect(np.full((240, 320, 3), 128, np.uint8))) == 0


@pytest.mark.assets
def test_the_stand_in_finds_people_in_a_real_photograph(assets):
    from edge.detect.hog import HogDetector

    image = np.asarray(cv2.imread(str(assets / "groundtruth/bus.jpg")), np.uint8)
    found = HogDetector().detect(image)
    assert 1 <= len(found) <= 6
    assert ((found.confidence >= 0) & (found.confidence <= 1)).all()
    assert found.boxes_xyxy_px.max() <= max(image.shape)


def test_words_for_the_board_fit_the_wire():
    assert describe("rtsp://" + "x" * 500 + "/s", None).kind == "camera"
