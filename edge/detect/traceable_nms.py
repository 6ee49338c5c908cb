"""An NMS that an exporter can follow, where torchvision is not really there.

The export environment's stand-in for torchvision is a Python loop: traced on an empty picture it
becomes a graph that finds nobody, ever. This registers the operator `torchvision::nms`, which the
ONNX and OpenVINO converters know. Source of the ONNX form: torchvision/ops/_register_onnx_ops.py.
"""

import importlib
import sys
from typing import Any

ONNX_FLOAT = 1  # onnx.TensorProto.FLOAT
FIRST_OPSET = 11

_registered: list[Any] = []  # torch forgets the operator with its library


def register() -> None:
    """Make `torchvision.ops.nms` traceable. Does nothing where the real torchvision is."""
    torch, torchvision = importlib.import_module("torch"), importlib.import_module("torchvision")
    if _registered or hasattr(torch.ops.torchvision, "nms"):
        return
    by_ultralytics = importlib.import_module("ultralytics.utils.nms").TorchNMS.nms
    library = torch.library.Library("torchvision", "DEF")
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.impl("nms", by_ultralytics, "CPU")
    _registered.append(library)
    torchvision.ops.nms = torch.ops.torchvision.nms
    with_constants = importlib.import_module("torch.onnx.symbolic_helper").parse_args("v", "v", "f")
    torch.onnx.register_custom_op_symbolic(
        "torchvision::nms", with_constants(_onnx_form), FIRST_OPSET
    )


def _onnx_form(graph: Any, boxes: Any, scores: Any, iou_threshold: float) -> Any:
    torch = importlib.import_module("torch")
    opset = importlib.import_module(f"torch.onnx.symbolic_opset{FIRST_OPSET}")
    most = graph.op("Constant", value_t=torch.tensor([sys.maxsize]))
    threshold = graph.op("Constant", value_t=torch.tensor([iou_threshold], dtype=torch.float32))
    chosen = graph.op(
        "NonMaxSuppression",
        opset.unsqueeze(graph, graph.op("Cast", boxes, to_i=ONNX_FLOAT), 0),
        opset.unsqueeze(graph, opset.unsqueeze(graph, scores, 0), 0),
        most,
        threshold,
    )
    box_index = graph.op("Constant", value_t=torch.tensor([2]))
    return opset.squeeze(graph, opset.select(graph, chosen, 1, box_index), 1)
