"""OpenVINO, direct: an exported folder, an .xml file, or an .onnx file."""

from pathlib import Path

import numpy as np
import openvino as ov
from numpy.typing import NDArray

from edge.detect import ModelError
from edge.detect.metadata import Metadata

AGAIN = (
    "Copy the model again (of an OpenVINO folder both .xml and .bin), or export it anew: "
    "python -m edge export MODEL.pt --format openvino."
)
ONNX = "framework"  # where OpenVINO puts an ONNX file's properties
KEYS = ("imgsz", "description", "names", "max_iou")


class OpenVino:
    """A model on OpenVINO's CPU plugin."""

    title = "OpenVINO"

    def __init__(self, path: Path, *, threads: int, precision: str | None = None) -> None:
        """Load the model.

        Args:
            path: an exported folder, or an .xml or .onnx file.
            threads: how many cores inference may use.
            precision: "f32" for the same boxes on every machine; None takes what is fastest here.

        Raises:
            ModelError: the model is broken, or is no picture model of fixed size.
        """
        self.path = path
        try:
            core = ov.Core()
            core.set_property({"ENABLE_MMAP": False})  # replacing the file would kill a mapper
            model = core.read_model(_graph(path))
            compiled = core.compile_model(model, "CPU", _settings(threads, precision))
        except RuntimeError as error:
            raise ModelError(f"{path} is no model that OpenVINO can read. {AGAIN}") from error
        self.input_hw_px = _input_hw_px(path, model)
        self.metadata = _metadata(path, model)
        self._request = compiled.create_infer_request()

    def infer(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run the model on an input of shape (1, 3, height, width). Returns a view."""
        self._request.set_input_tensor(ov.Tensor(blob, shared_memory=True))
        self._request.infer()
        return self._request.get_output_tensor(0).data


def _settings(threads: int, precision: str | None) -> dict[str, str | int | bool]:
    """The precision is OpenVINO's choice for the processor: bfloat16 halves the time on some.

    Threads are not pinned: a pinned one waits for its core though another is free. See
    docs/decisions/0020.
    """
    wanted = {} if precision is None else {"INFERENCE_PRECISION_HINT": precision}
    return {
        **wanted,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        "ENABLE_CPU_PINNING": False,
    }


def _graph(path: Path) -> Path:
    """The file to read. OpenVINO finds the .bin beside the .xml."""
    if path.is_file():
        return path
    graphs = sorted(path.glob("*.xml"))
    if len(graphs) != 1 or not graphs[0].with_suffix(".bin").is_file():
        raise ModelError(f"{path} holds no pair of one .xml and its .bin. {AGAIN}")
    return graphs[0]


def _input_hw_px(path: Path, model: ov.Model) -> tuple[int, int]:
    shapes = [each.get_partial_shape() for each in model.inputs]
    if len(shapes) == 1 and shapes[0].is_static:
        match list(shapes[0].to_shape()):
            case [1, 3, height, width]:
                return height, width
    raise ModelError(
        f"{path} wants {[str(shape) for shape in shapes]}, not one picture of fixed size "
        "(1, 3, height, width). Export it with fixed size."
    )


def _metadata(path: Path, model: ov.Model) -> Metadata:
    """What stands beside an exported folder, or inside an ONNX file."""
    if path.suffix != ".onnx":
        return Metadata.beside(path if path.is_dir() else path.parent)
    known = [key for key in KEYS if model.has_rt_info([ONNX, key])]
    return Metadata.from_properties({key: model.get_rt_info([ONNX, key]).value for key in known})
