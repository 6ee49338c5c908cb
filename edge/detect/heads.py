"""What a model's raw output means: which rows are boxes, which is the person.

Rule 1: a head sees numbers in model pixels; it knows nothing of frames, files or runtimes.
Rule 2: a box counts as a person only where person is its best class (as in Ultralytics' predict).
"""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from edge.detect.overlap import have_area, suppress

PERSON = 0
STRIDES_PX = (8, 16, 32)
ULTRALYTICS_MAX_IOU = 0.7  # ultralytics/cfg/default.yaml: iou
YOLOX_MAX_IOU = 0.45  # YOLOX demo/ONNXRuntime: nms_thr
MOST_PEOPLE = 300  # ultralytics/cfg/default.yaml: max_det

Found = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Boxes of shape (n, 4) as x1, y1, x2, y2 in model pixels, and confidences of shape (n,)."""
CORNERS = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [-0.5, 0, 0.5, 0], [0, -0.5, 0, 0.5]], np.float32)
"""Rows of cx, cy, w, h times this are x1, y1, x2, y2."""
IGNORE_OVERFLOW = np.errstate(over="ignore", invalid="ignore")  # such boxes are left out below


class Head(Protocol):
    """Reads one kind of raw output."""

    @property
    def rgb_unit(self) -> bool:
        """The model wants RGB in 0..1; else BGR in 0..255."""
        ...

    @property
    def centred(self) -> bool:
        """The model was trained with grey on both sides of the picture; else right and below."""
        ...

    def decode(self, output: NDArray[np.float32], min_confidence: float) -> Found:
        """Find the people in the model's output."""
        ...


@dataclass(frozen=True)
class RawHead:
    """YOLOv8, YOLO11 and YOLO26 without NMS: (1, 4 + classes, n); cx, cy, w, h, then scores 0..1.

    Source: ultralytics/utils/nms.py `non_max_suppression`, 8.4.
    """

    rgb_unit: bool = True
    centred: bool = True
    max_iou: float = ULTRALYTICS_MAX_IOU
    """How much two kept boxes may overlap; a model may say what suits it."""

    @IGNORE_OVERFLOW
    def decode(self, output: NDArray[np.float32], min_confidence: float) -> Found:
        """Threshold the person's row first: of 8400 columns a few dozen are left to look at."""
        rows = output[0]
        columns = rows[:, rows[4 + PERSON] > min_confidence]
        columns = columns[:, columns[4:].argmax(axis=0) == PERSON]
        return _kept(columns[:4].T @ CORNERS, columns[4 + PERSON], self.max_iou)


@dataclass(frozen=True)
class EndToEndHead:
    """YOLO26, YOLOv10 and models exported with NMS: (1, n, 6); x1, y1, x2, y2, score, class.

    The model has already chosen one box for each person.
    """

    rgb_unit: bool = True
    centred: bool = True

    def decode(self, output: NDArray[np.float32], min_confidence: float) -> Found:
        """Unused rows have score 0, so the threshold drops them."""
        rows = output[0]
        rows = rows[(rows[:, 4] > min_confidence) & (rows[:, 5] == PERSON)]
        rows = rows[_real(rows[:, :4])]
        return rows[:, :4].copy(), rows[:, 4].copy()


@dataclass(frozen=True)
class YoloxHead:
    """YOLOX: (1, n, 5 + classes); cx, cy, log w, log h on the grid, objectness, scores.

    Source: YOLOX `demo_postprocess` and `preproc`, 0.3.0.
    """

    input_hw_px: tuple[int, int]
    rgb_unit: bool = False
    centred: bool = False
    _cells: NDArray[np.float32] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_cells", _grid_cells(self.input_hw_px))

    @IGNORE_OVERFLOW
    def decode(self, output: NDArray[np.float32], min_confidence: float) -> Found:
        """Score is objectness times class score; only hits are put back on the grid."""
        confidence = output[0, :, 4] * output[0, :, 5 + PERSON]
        hit = confidence > min_confidence
        rows, cells, confidence = output[0][hit], self._cells[hit], confidence[hit]
        best = rows[:, 5 + PERSON] >= rows[:, 5:].max(axis=1, initial=-np.inf)
        rows, cells, confidence = rows[best], cells[best], confidence[best]
        centre = (rows[:, :2] + cells[:, :2]) * cells[:, 2:]
        half = np.exp(rows[:, 2:4]) * cells[:, 2:] / 2
        return _kept(np.hstack([centre - half, centre + half]), confidence, YOLOX_MAX_IOU)


def head_of(
    output_shape: tuple[int, ...], input_hw_px: tuple[int, int], max_iou: float | None = None
) -> Head | None:
    """The head that gives such an output, or None. `max_iou` is for a raw head alone.

    The number of places on the grid (8400 at 640 x 640) tells them apart: a raw head has it as its
    columns, YOLOX as its rows, an end-to-end head has neither.
    """
    if len(output_shape) != 3 or output_shape[0] != 1:
        return None
    places = len(_grid_cells(input_hw_px))
    _, rows, columns = output_shape
    if columns == places and rows >= 5:
        return RawHead(max_iou=max_iou or ULTRALYTICS_MAX_IOU)
    if rows == places and columns >= 6:
        return YoloxHead(input_hw_px)
    if columns == 6:
        return EndToEndHead()
    return None


def _grid_cells(input_hw_px: tuple[int, int]) -> NDArray[np.float32]:
    """Column, row and stride of each place, shape (n, 3); strides 8, 16, 32, row by row."""
    cells = []
    for stride in STRIDES_PX:
        rows, columns = np.indices((input_hw_px[0] // stride, input_hw_px[1] // stride))
        cells.append(np.stack([columns, rows, np.full_like(rows, stride)], axis=-1).reshape(-1, 3))
    return np.concatenate(cells).astype(np.float32)


def _real(boxes: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which boxes have an area. A model broken by its precision gives nobody, not NaN."""
    return np.logical_and(have_area(boxes), np.isfinite(boxes).all(axis=1))


def _kept(boxes: NDArray[np.float32], confidence: NDArray[np.float32], max_iou: float) -> Found:
    real = _real(boxes)
    boxes, confidence = boxes[real], confidence[real]
    kept = suppress(boxes, confidence, max_iou)[:MOST_PEOPLE]
    return boxes[kept], confidence[kept]
