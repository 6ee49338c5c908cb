"""Of several boxes on one person one is kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.detect.overlap import areas, intersections, iou, suppress

coordinates = st.integers(0, 60)
sides = st.integers(1, 60)
boxes = st.lists(
    st.tuples(coordinates, coordinates, sides, sides).map(
        lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
    ),
    max_size=25,
).map(lambda rows: np.array(rows, np.float32).reshape(-1, 4))


def _confidences(n: int) -> np.ndarray:
    return np.random.default_rng(n).permutation(np.linspace(0.3, 0.9, max(n, 1))[:n]).astype("f4")


@given(boxes, st.sampled_from([0.3, 0.45, 0.7]))
def test_kept_boxes_do_not_overlap_and_dropped_ones_overlap_a_surer_one(boxes, max_iou):
    confidence = _confidences(len(boxes))
    kept = suppress(boxes, confidence, max_iou)
    between = iou(boxes[kept], boxes[kept])
    np.fill_diagonal(between, 0)
    assert not (between > max_iou + 1e-4).any()
    for i in set(range(len(boxes))) - set(kept.tolist()):
        surer = kept[confidence[kept] > confidence[i]]
        assert (iou(boxes[i : i + 1], boxes[surer]) > max_iou - 1e-4).any()


@given(boxes)
def test_the_surest_come_first_and_suppressing_again_changes_nothing(boxes):
    confidence = _confidences(len(boxes))
    kept = suppress(boxes, confidence, 0.7)
    assert (np.diff(confidence[kept]) <= 0).all()
    assert suppress(boxes[kept], confidence[kept], 0.7).tolist() == list(range(len(kept)))


def test_overlap_of_known_boxes():
    a = np.array([[0, 0, 10, 10]], np.float32)
    b = np.array([[5, 0, 15, 10], [20, 20, 30, 30], [0, 0, 10, 10], [3, 3, 3, 3]], np.float32)
    assert intersections(a, b).tolist() == [[50, 0, 100, 0]]
    assert iou(a, b)[0].tolist() == pytest.approx([1 / 3, 0, 1, 0])
    assert areas(b).tolist() == [100, 100, 100, 0]
