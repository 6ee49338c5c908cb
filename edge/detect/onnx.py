"""ONNX Runtime, direct."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from edge.detect import ModelError
from edge.detect.metadata import Metadata

AGAIN = "Copy it again, or export it anew: python -m edge export MODEL.pt --format onnx."


class OnnxRuntime:
    """An .onnx file on ONNX Runtime's CPU provider."""

    title = "ONNX Runtime"

    def __init__(self, path: Path, *, threads: int) -> None:
        """Load the model.

        Raises:
            ModelError: the file is broken, or is no picture model of fixed size.
        """
        self.path = path
        self._session = _session(path, threads)
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        self.input_hw_px = _input_hw_px(path, inputs)
        self._input, self._outputs = inputs[0].name, [outputs[0].name]
        self.metadata = Metadata.from_properties(self._session.get_modelmeta().custom_metadata_map)

    def infer(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run the model on an input of shape (1, 3, height, width)."""
        return self._session.run(self._outputs, {self._input: blob})[0]  # type: ignore[return-value]


def _session(path: Path, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads that wait by spinning eat a node's other core between frames.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ORT's errors share no other parent
        raise ModelError(f"{path} is not an ONNX model that can be read. {AGAIN}") from error


def _input_hw_px(path: Path, inputs: Sequence[ort.NodeArg]) -> tuple[int, int]:
    match [(each.type, each.shape) for each in inputs]:
        case [("tensor(float)", [1, 3, int(height), int(width)])]:
            return height, width
        case other:
            raise ModelError(
                f"{path} wants {other}, not one picture of fixed size (1, 3, height, width) in "
                "float32. Export it with fixed size and full precision."
            )
