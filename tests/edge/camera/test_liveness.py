import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.camera import CameraError, CameraStalled
from edge.camera.liveness import FLAT_AFTER_S, FROZEN_AFTER_S, Liveness, is_flat
from tests.edge.camera.videos import picture

BLACK = np.zeros((120, 160, 3), np.uint8)


def dark_room(seed):
    return np.random.default_rng(seed).integers(0, 9, (120, 160, 3)).astype(np.uint8)


def test_a_picture_that_repeats_to_the_last_bit_is_frozen_after_a_while():
    watch = Liveness(live=True)
    for at_s in np.arange(0, FROZEN_AFTER_S, 0.5):
        assert watch.shows_something(picture(1), at_s)
    with pytest.raises(CameraStalled, match="same picture"):
        watch.shows_something(picture(1), FROZEN_AFTER_S)


def test_one_changed_pixel_begins_the_time_anew():
    watch, changed = Liveness(live=True), picture(1)
    changed[0, 0] = 255 - changed[0, 0]
    watch.shows_something(picture(1), 0.0)
    watch.shows_something(changed, FROZEN_AFTER_S - 1)
    assert watch.shows_something(changed, FROZEN_AFTER_S + 1)


def test_a_driver_that_reuses_its_buffer_does_not_look_frozen():
    watch, buffer = Liveness(live=True), picture(0)
    for number in range(40):
        buffer[:] = picture(number)
        assert watch.shows_something(buffer, float(number))


def test_a_file_may_stand_still_as_long_as_it_likes():
    watch = Liveness(live=False)
    for at_s in (0.0, 100.0, 1000.0):
        assert watch.shows_something(picture(1), at_s)


def test_a_black_picture_is_never_counted_and_is_a_fault_after_a_while():
    watch = Liveness(live=True)
    assert not watch.shows_something(BLACK, 0.0)
    assert not watch.shows_something(BLACK, FLAT_AFTER_S - 0.1)
    with pytest.raises(CameraError, match="one single colour"):
        watch.shows_something(BLACK, FLAT_AFTER_S)


def test_a_webcam_that_wakes_up_black_is_forgiven():
    watch = Liveness(live=True)
    assert not watch.shows_something(BLACK, 0.0)
    assert watch.shows_something(picture(1), 1.0)
    assert not watch.shows_something(BLACK, 100.0)


def test_a_dark_room_at_night_is_no_fault():
    watch = Liveness(live=True)
    for at_s in range(200):
        assert watch.shows_something(dark_room(at_s), float(at_s))


def test_one_small_light_in_the_dark_is_a_picture():
    image = BLACK.copy()
    image[3, 5] = 200
    assert not is_flat(image)


@given(st.tuples(*[st.integers(0, 255)] * 3), st.integers(4, 50), st.integers(4, 50))
def test_any_single_colour_is_flat(colour, width, height):
    assert is_flat(np.full((height, width, 3), colour, np.uint8))
