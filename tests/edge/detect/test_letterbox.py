"""A picture goes into the model's input and its boxes come back."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge.detect.letterbox import GREY, Fit, Letterbox

frame_sides = st.integers(2, 4000)
input_sides = st.integers(1, 40).map(lambda n: n * 32)


@given(frame_sides, frame_sides, input_sides, input_sides, st.booleans(), st.data())
def test_a_box_put_into_the_input_comes_back_where_it_was(height, width, ih, iw, centred, data):
    fit = Fit.of((height, width), (ih, iw), centred=centred)
    xs = sorted(data.draw(st.tuples(*[st.floats(0, width)] * 2)))
    ys = sorted(data.draw(st.tuples(*[st.floats(0, height)] * 2)))
    box = np.array([[xs[0], ys[0], xs[1], ys[1]]], np.float32)
    inside = box * np.float32(fit.scale) + np.array([fit.left_px, fit.top_px] * 2, np.float32)
    tolerance = max(1e-3, 1e-3 / fit.scale)  # float32 has 24 bits for up to 1280 model pixels
    np.testing.assert_allclose(fit.to_frame(inside), box, atol=tolerance, rtol=1e-5)


@given(frame_sides, frame_sides, input_sides, input_sides, st.booleans())
def test_the_picture_lies_wholly_in_the_input_and_fills_one_side(height, width, ih, iw, centred):
    fit = Fit.of((height, width), (ih, iw), centred=centred)
    inner_h, inner_w = fit.inner_hw_px
    assert 0 <= fit.top_px <= ih - inner_h
    assert 0 <= fit.left_px <= iw - inner_w
    assert inner_h == ih or inner_w == iw
    if centred:
        assert abs((ih - inner_h) - 2 * fit.top_px) <= 1
        assert abs((iw - inner_w) - 2 * fit.left_px) <= 1
    else:
        assert (fit.top_px, fit.left_px) == (0, 0)


def test_boxes_beyond_the_picture_end_at_its_edge():
    fit = Fit.of((480, 640), (640, 640))
    boxes = fit.to_frame(np.array([[-50, 0, 700, 700]], np.float32))
    assert boxes.tolist() == [[0, 0, 640, 480]]


def test_the_input_is_rgb_in_0_to_1_with_grey_around():
    blob, fit = Letterbox((64, 64), rgb_unit=True, centred=True).fill(
        np.full((32, 64, 3), (0, 51, 255), np.uint8)
    )
    assert (fit.top_px, fit.left_px, fit.inner_hw_px) == (16, 0, (32, 64))
    np.testing.assert_allclose(blob[0, :, 32, 32], [1.0, 0.2, 0.0], atol=1e-6)
    np.testing.assert_allclose(blob[0, :, 0, 0], GREY / 255, atol=1e-6)


def test_yolox_gets_bgr_in_0_to_255_with_grey_below():
    blob, _ = Letterbox((64, 64), rgb_unit=False, centred=False).fill(
        np.full((32, 64, 3), (0, 51, 255), np.uint8)
    )
    assert blob[0, :, 0, 0].tolist() == [0, 51, 255]
    assert blob[0, :, 63, 63].tolist() == [GREY] * 3


def test_a_picture_of_another_shape_leaves_nothing_behind():
    letterbox = Letterbox((64, 64), rgb_unit=False, centred=True)
    letterbox.fill(np.zeros((64, 16, 3), np.uint8))
    blob, _ = letterbox.fill(np.zeros((16, 64, 3), np.uint8))
    assert (blob[0, 0, :24] == GREY).all()
    assert (blob[0, 0, 24:40] == 0).all()
    assert (blob[0, 0, 40:] == GREY).all()


def test_an_input_that_is_not_square_is_filled():
    blob, fit = Letterbox((384, 640), rgb_unit=True, centred=True).fill(
        np.zeros((1080, 1920, 3), np.uint8)
    )
    assert blob.shape == (1, 3, 384, 640)
    assert (fit.top_px, fit.inner_hw_px) == (12, (360, 640))
