"""Non-maximum suppression with torchvision's signature, by Ultralytics' pure-torch code."""

from torch import Tensor


def nms(boxes: Tensor, scores: Tensor, iou_threshold: float) -> Tensor:
    """Return the indices of the boxes that are kept, highest score first.

    Args:
        boxes: shape (n, 4), x1 y1 x2 y2.
        scores: shape (n,).
        iou_threshold: a box that overlaps a better one by more than this is dropped.
    """
    from ultralytics.utils.nms import TorchNMS

    return TorchNMS.nms(boxes, scores, iou_threshold)
