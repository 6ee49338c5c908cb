"""Raw outputs made by hand become the people that were put into them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from edge.detect.heads import EndToEndHead, RawHead, YoloxHead, head_of


def _raw(classes: int, columns: dict[int, tuple[float, ...]]) -> np.ndarray:
    output = np.zeros((1, 4 + classes, 8400), np.float32)
    for column, values in columns.items():
        output[0, : len(values), column] = values
    return output


def test_a_raw_head_gives_corners_of_the_boxes_above_the_threshold():
    output = _raw(80, {5: (100, 200, 40, 80, 0.9), 9: (300, 200, 40, 80, 0.2)})
    boxes, confidence = RawHead().decode(output, 0.25)
    assert boxes.tolist() == [[80, 160, 120, 240]]
    assert confidence.tolist() == pytest.approx([0.9])


def test_a_model_of_one_class_is_read_alike():
    boxes, confidence = RawHead().decode(_raw(1, {8399: (100, 200, 40, 80, 0.5)}), 0.25)
    assert boxes.tolist() == [[80, 160, 120, 240]]
    assert confidence.tolist() == [0.5]


def test_what_is_more_likely_a_dog_is_no_person():
    output = _raw(80, {1: (100, 200, 40, 80, 0.4, 0.0, 0.0, 0.6), 2: (300, 200, 40, 80, 0.4, 0.3)})
    boxes, _ = RawHead().decode(output, 0.25)
    assert boxes.tolist() == [[280, 160, 320, 240]]


def test_two_boxes_on_one_person_are_one_and_neighbours_stay_two():
    output = _raw(
        80, {1: (100, 200, 40, 80, 0.6), 2: (101, 201, 40, 80, 0.8), 3: (130, 200, 40, 80, 0.5)}
    )
    boxes, confidence = RawHead().decode(output, 0.25)
    assert boxes.tolist() == [[81, 161, 121, 241], [110, 160, 150, 240]]
    assert confidence.tolist() == pytest.approx([0.8, 0.5])


@pytest.mark.parametrize("head", [RawHead(), EndToEndHead(), YoloxHead((64, 64))])
def test_an_empty_picture_has_nobody(head):
    shape = {RawHead: (1, 84, 84), EndToEndHead: (1, 300, 6), YoloxHead: (1, 84, 85)}[type(head)]
    boxes, confidence = head.decode(np.zeros(shape, np.float32), 0.25)
    assert boxes.shape == (0, 4)
    assert confidence.shape == (0,)


def test_an_end_to_end_head_keeps_its_people_and_drops_other_classes():
    output = np.zeros((1, 300, 6), np.float32)
    output[0, :3] = [[1, 2, 3, 4, 0.9, 0], [5, 6, 7, 8, 0.8, 2], [9, 9, 10, 10, 0.1, 0]]
    boxes, confidence = EndToEndHead().decode(output, 0.25)
    assert boxes.tolist() == [[1, 2, 3, 4]]
    assert confidence.tolist() == pytest.approx([0.9])


@pytest.mark.parametrize(
    ("place", "column", "row", "stride"),
    [(0, 0, 0, 8), (52, 0, 1, 8), (52 * 52 + 27, 1, 1, 16), (3548, 12, 12, 32)],
)
def test_a_yolox_head_puts_boxes_back_on_its_grid(place, column, row, stride):
    output = np.zeros((1, 3549, 85), np.float32)
    output[0, place, :6] = [0.5, 0.25, np.log(2), np.log(4), 0.8, 0.9]
    boxes, confidence = YoloxHead((416, 416)).decode(output, 0.25)
    x, y = (column + 0.5) * stride, (row + 0.25) * stride
    expected = [x - stride, y - 2 * stride, x + stride, y + 2 * stride]
    np.testing.assert_allclose(boxes, [expected], rtol=1e-5)
    assert confidence.tolist() == pytest.approx([0.72])


@pytest.mark.parametrize(
    ("shape", "size", "head"),
    [
        ((1, 84, 8400), (640, 640), RawHead),
        ((1, 5, 2100), (320, 320), RawHead),
        ((1, 6, 2100), (320, 320), RawHead),
        ((1, 5, 5040), (384, 640), RawHead),
        ((1, 300, 6), (640, 640), EndToEndHead),
        ((1, 3549, 85), (416, 416), YoloxHead),
        ((1, 3549, 6), (416, 416), YoloxHead),
    ],
)
def test_the_shape_says_which_head_it_is(shape, size, head):
    assert isinstance(head_of(shape, size), head)


@pytest.mark.parametrize(
    "shape", [(1, 1000), (1, 25200, 85), (1, 116, 160, 160), (2, 84, 8400), (1, 4, 8400), (1, 0, 6)]
)
def test_a_head_we_do_not_know_is_not_guessed(shape):
    head = head_of(shape, (640, 640))
    assert head is None or shape == (1, 0, 6)


@given(
    arrays.arrays(np.float32, (1, 6, 21), elements=st.floats(width=32)),
    st.sampled_from([RawHead(), YoloxHead((32, 32)), EndToEndHead()]),
    st.floats(0.05, 0.95),
)
def test_whatever_a_model_gives_its_people_are_boxes_surer_than_the_threshold(output, head, least):
    shaped = output if isinstance(head, RawHead) else output.transpose(0, 2, 1)
    boxes, confidence = head.decode(shaped, least)
    assert boxes.shape == (len(confidence), 4)
    assert np.isfinite(boxes).all()
    assert (confidence > least).all()
