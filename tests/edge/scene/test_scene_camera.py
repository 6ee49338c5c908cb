import numpy as np
import pytest

from edge.camera import CameraEnded, CameraFailed
from edge.scene import layout
from edge.scene.camera import SceneCamera
from edge.scene.layout import QUEUE_POLYGON


def read(seed: int, count: int, **asked) -> tuple[list[np.ndarray], SceneCamera]:
    camera = SceneCamera(seed, frames_per_s=2, realtime=False, **asked)
    return [camera.read().image_bgr for _ in range(count)], camera


def test_the_same_seed_gives_the_same_pictures_and_truth():
    (first, one), (second, other) = read(7, 4), read(7, 4)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert one.truth == other.truth


def test_pictures_have_the_size_that_was_asked_for_and_differ():
    frames, _ = read(7, 3, size=(320, 240))
    assert all(f.shape == (240, 320, 3) and f.dtype == np.uint8 for f in frames)
    assert not np.array_equal(frames[0], frames[1])
    assert 40 < frames[0].mean() < 215


def test_the_truth_of_a_picture_agrees_with_itself():
    camera = SceneCamera(3, frames_per_s=0.1, realtime=False)
    for _ in range(12):
        camera.read()
        truth = camera.truth
        assert all(0 <= p.visible <= 1 for p in truth.people)
        for person in truth.people:
            x0, y0, x1, y1 = person.box_xyxy_px
            assert 0 <= x0 < x1 <= 640
            assert 0 <= y0 < y1 <= 480
        assert truth.in_zone >= sum(p.in_zone for p in truth.people)
        assert truth.served == len(truth.waits_s)
        assert all(w >= 0 for w in truth.waits_s)


def test_a_box_stands_on_its_foot_point():
    camera = SceneCamera(3, frames_per_s=0.1, realtime=False)
    for _ in range(8):
        camera.read()
        whole = [p for p in camera.truth.people if p.visible > 0.9]
        assert whole
        for person in whole:
            x0, _, x1, y1 = person.box_xyxy_px
            assert x0 - 12 < person.foot_px[0] < x1 + 12
            assert abs(person.foot_px[1] - y1) < 16


def test_the_zone_on_the_picture_agrees_with_the_zone_on_the_floor():
    camera = SceneCamera(5, frames_per_s=0.1, realtime=False)
    agree = total = 0
    for _ in range(10):
        camera.read()
        for person in camera.truth.people:
            u, v = person.foot_px[0] / 640, person.foot_px[1] / 480
            agree += layout.inside((u, v), QUEUE_POLYGON) == person.in_zone
            total += 1
    assert agree / total > 0.99


def test_in_real_time_the_lunch_follows_the_clock_and_looks_keep_their_distance():
    now = [100.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    camera = SceneCamera(1, frames_per_s=4, clock=lambda: now[0], sleep=sleep)
    stamps = [camera.read().captured_s for _ in range(9)]
    assert stamps == pytest.approx([100 + k / 4 for k in range(9)])
    assert camera.lunch.now_s == pytest.approx(2.0, abs=0.06)


def test_after_a_long_sleep_the_lunch_goes_on_without_simulating_all_of_it():
    now = [0.0]
    camera = SceneCamera(1, frames_per_s=4, clock=lambda: now[0], sleep=lambda _: None)
    camera.read()
    now[0] += 1e6
    assert camera.read().captured_s == 1e6
    assert camera.lunch.now_s == pytest.approx(30.0, abs=0.1)


def test_a_closed_camera_says_that_it_is_closed():
    camera = SceneCamera(1)
    camera.close()
    camera.close()
    with pytest.raises(CameraEnded):
        camera.read()


def test_there_is_no_truth_before_the_first_picture():
    with pytest.raises(CameraEnded):
        _ = SceneCamera(1).truth


@pytest.mark.parametrize("asked", [{"size": (10, 480)}, {"frames_per_s": 0}, {"frames_per_s": -1}])
def test_a_picture_that_cannot_be_drawn_is_refused_with_a_reason(asked: dict):
    with pytest.raises(CameraFailed):
        SceneCamera(1, **asked)
