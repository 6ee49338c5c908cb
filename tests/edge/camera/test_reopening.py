import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.camera import CameraEnded, CameraFailed, CameraStalled, Frame
from edge.camera.reopening import FIRST_WAIT_S, LONGEST_WAIT_S, Reopening

IMAGE = np.zeros((4, 4, 3), np.uint8)


class Script:
    """A camera that does what the script says, one word a read or opening."""

    def __init__(self, *words):
        self.words, self.now_s, self.waits_s, self.closed = list(words), 0.0, [], 0
        self.reopening = Reopening(
            self.open, clock=lambda: self.now_s, wait=self.wait, random_01=lambda: 0.5
        )

    def open(self):
        if self.words and self.words[0] == "no camera":
            self.words.pop(0)
            raise CameraFailed("No camera. Plug one in.")
        return self

    def read(self):
        if self.words and self.words[0] == "no camera":
            raise CameraFailed("It was unplugged. Plug it in.")
        word = self.words.pop(0) if self.words else "end"
        if word == "stalled":
            raise CameraStalled("Stalled. Check the cable.")
        if word == "end":
            self.reopening.close()
            raise CameraEnded("The end.")
        self.now_s += 1
        return Frame(IMAGE, self.now_s)

    def close(self):
        self.closed += 1

    def wait(self, _event, wait_s):
        self.waits_s.append(wait_s)
        self.now_s += wait_s
        return False


def test_pictures_pass_through():
    script = Script("frame", "frame")
    assert [script.reopening.read().captured_s for _ in range(2)] == [1.0, 2.0]
    assert (script.reopening.fault, script.reopening.reopened) == (None, 0)


def test_a_failed_camera_is_closed_and_opened_again():
    script = Script("frame", "stalled", "frame")
    script.reopening.read()
    script.reopening.read()
    assert (script.closed, script.reopening.reopened, script.reopening.fault) == (1, 1, None)


def test_the_wait_doubles_up_to_half_a_minute():
    script = Script(*["no camera"] * 8, "frame")
    script.reopening.read()
    assert script.waits_s == [1, 2, 4, 8, 16, 30, 30, 30]


def test_what_is_wrong_is_told_while_it_is_wrong():
    faults = []
    script = Script("no camera", "stalled", "frame")
    wait = script.wait
    script.reopening._wait = lambda event, wait_s: (
        faults.append(script.reopening.fault),
        wait(event, wait_s),
    )[1]
    script.reopening.read()
    assert faults == ["No camera. Plug one in.", "Stalled. Check the cable."]
    assert script.reopening.fault is None


def test_a_camera_that_opens_but_gives_nothing_is_not_back():
    script = Script("no camera", "stalled", "stalled", "frame")
    script.reopening.read()
    assert script.reopening.reopened == 1


def test_a_camera_that_fails_soon_again_waits_longer_one_that_held_out_waits_short():
    script = Script("stalled", "frame", "stalled", *["frame"] * 40, "stalled", "frame")
    for _ in range(42):
        script.reopening.read()
    assert script.waits_s == [1, 2, 1]


def test_closing_from_another_thread_ends_a_waiting_reader():
    waiting = threading.Event()

    def no_camera():
        waiting.set()
        raise CameraFailed("No camera.")

    camera, ended = Reopening(no_camera), threading.Event()

    def read():
        with pytest.raises(CameraEnded):
            camera.read()
        ended.set()

    threading.Thread(target=read, daemon=True).start()
    assert waiting.wait(5)
    camera.close()
    camera.close()
    assert ended.wait(0.9)  # it was in a wait of a second


def test_a_closed_camera_stays_closed():
    script = Script("frame", "frame")
    script.reopening.close()
    with pytest.raises(CameraEnded):
        script.reopening.read()


@given(st.lists(st.sampled_from(["frame", "stalled", "no camera"]), max_size=60), st.floats(0, 1))
def test_whatever_happens_every_picture_comes_through_and_no_wait_is_beyond_its_bounds(
    words, chance
):
    script = Script(*words)
    script.reopening._random_01 = lambda: chance
    for _ in range(words.count("frame")):
        script.reopening.read()
    with pytest.raises(CameraEnded):
        script.reopening.read()
    assert all(0.79 * FIRST_WAIT_S <= w <= 1.21 * LONGEST_WAIT_S for w in script.waits_s)
