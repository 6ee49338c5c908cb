import shutil
import subprocess
import time
from itertools import pairwise

import numpy as np
import pytest

from edge.camera import CameraEnded, CameraError, CameraFailed
from edge.camera.open import open_camera
from edge.camera.recording import REWIND_S, Recording
from edge.counting.matching import GRACE_S
from tests.edge.camera.videos import SIZE, block_x, write_still_video, write_video


class Clock:
    """Time that passes only when somebody sleeps or works."""

    def __init__(self):
        self.now_s = 100.0

    def __call__(self):
        return self.now_s

    def sleep(self, seconds):
        self.now_s += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def video(tmp_path):
    return write_video(tmp_path / "walk.mp4", frames=30, fps=10)


def play(path, clock, **options):
    return Recording(path, **{"frames_per_s": 10, "loop": False, **options, **timed(clock)})


def timed(clock):
    return {"clock": clock, "sleep": clock.sleep}


def read_all(camera, after_each=lambda: None):
    frames = []
    try:
        while True:
            frames.append(camera.read())
            after_each()
    except CameraEnded:
        return frames


def numbers(frames):
    return [round(block_x(f.image_bgr) / 4) for f in frames]


def test_every_frame_comes_at_its_own_time(video, clock):
    frames = read_all(play(video, clock))
    assert numbers(frames) == list(range(30))
    assert [f.captured_s for f in frames] == pytest.approx([100 + i / 10 for i in range(30)])


@pytest.mark.parametrize(("frames_per_s", "seen"), [(5, 15), (4, 12), (2, 6), (30, 30)])
def test_only_the_wanted_frames_are_handed_out(video, clock, frames_per_s, seen):
    frames = read_all(play(video, clock, frames_per_s=frames_per_s))
    assert len(frames) == seen
    assert numbers(frames)[:3] == [int(i * max(1, 10 / frames_per_s)) for i in range(3)]


def test_a_slow_detector_misses_frames_but_keeps_up_with_the_time(video, clock):
    frames = read_all(play(video, clock), after_each=lambda: clock.sleep(0.5))  # busy
    assert len(frames) == 6
    assert all(b.captured_s - a.captured_s >= 0.4 for a, b in pairwise(frames))
    assert clock.now_s - 100 < 3.6


def test_it_begins_again_after_a_pause_longer_than_anybody_is_remembered(video, clock):
    assert REWIND_S > GRACE_S
    camera = play(video, clock, loop=True)
    frames = [camera.read() for _ in range(60)]
    assert numbers(frames) == [*range(30), *range(30)]
    assert frames[30].captured_s - frames[29].captured_s > GRACE_S


def test_the_pictures_are_those_of_the_file(video, clock):
    frame = play(video, clock).read()
    assert frame.image_bgr.shape == (SIZE[1], SIZE[0], 3)
    assert frame.image_bgr.dtype == np.uint8


def test_a_missing_file_is_named(tmp_path, clock):
    with pytest.raises(CameraFailed, match=r"no video file .*gone\.mp4.*EDGE_CAMERA"):
        play(tmp_path / "gone.mp4", clock)


def test_a_folder_is_no_video(tmp_path, clock):
    with pytest.raises(CameraFailed, match="no video file"):
        play(tmp_path, clock)


@pytest.mark.parametrize("content", [b"", b"not a video at all\n" * 100, b"\x00" * 5000])
def test_a_file_that_is_no_video_is_refused_in_one_sentence_and_nothing_else_is_printed(
    tmp_path, clock, content, capfd
):
    path = tmp_path / "notes.mp4"
    path.write_bytes(content)
    with pytest.raises(CameraFailed, match="not a video that can be read") as caught:
        play(path, clock)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_a_file_cut_off_before_its_index_is_refused(video, tmp_path, clock):
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(video.read_bytes()[: video.stat().st_size // 2])
    with pytest.raises(CameraFailed, match="cut short"):
        play(cut, clock)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="FFmpeg moves the index to the front")
def test_a_file_cut_off_behind_its_index_plays_as_far_as_it_goes_and_then_says_so(
    video, tmp_path, clock
):
    fast, cut = tmp_path / "fast.mp4", tmp_path / "cut.mp4"
    command = ["ffmpeg", "-v", "error", "-i", video, "-c", "copy", "-movflags", "+faststart", fast]
    subprocess.run(command, check=True)
    cut.write_bytes(fast.read_bytes()[: fast.stat().st_size * 2 // 3])
    camera = play(cut, clock, loop=True)
    with pytest.raises(CameraFailed, match=r"breaks off after .* of 30 frames"):
        read_all(camera)


def test_a_black_file_is_a_fault_not_an_empty_room(tmp_path, clock):
    path = write_still_video(tmp_path / "black.mp4", np.zeros((SIZE[1], SIZE[0], 3), np.uint8))
    with pytest.raises(CameraError, match="one single colour"):
        play(path, clock).read()


def test_closing_twice_is_fine_and_reading_on_is_the_end(video, clock):
    camera = play(video, clock, loop=True)
    camera.close()
    camera.close()
    with pytest.raises(CameraEnded):
        camera.read()


def test_in_real_time_a_second_of_video_takes_a_second(video):
    camera = Recording(video, frames_per_s=10)
    began_s = time.monotonic()
    frames = [camera.read() for _ in range(11)]
    assert 0.9 <= time.monotonic() - began_s <= 1.6
    assert all(f.captured_s <= time.monotonic() for f in frames)


@pytest.mark.parametrize("spec", ["gone.mp4", "/nowhere/at/all.avi"])
def test_a_path_is_taken_for_a_file(spec):
    with pytest.raises(CameraFailed, match="no video file"):
        open_camera(spec, frames_per_s=2)


@pytest.mark.parametrize("spec", ["ftp://camera/stream", "mqtt://x"])
def test_an_address_that_no_camera_has_is_refused_with_what_to_give(spec):
    with pytest.raises(CameraFailed, match="Give rtsp://"):
        open_camera(spec, frames_per_s=2)


def test_the_rendered_scene_is_a_camera_like_any_other():
    camera = open_camera("scene", frames_per_s=10)
    frame = camera.read()
    camera.close()
    assert frame.image_bgr.ndim == 3
