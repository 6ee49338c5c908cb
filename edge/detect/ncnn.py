"""NCNN, direct: a folder of `model.ncnn.param`, `model.ncnn.bin` and `metadata.yaml`.

NCNN checks little of what it reads, so the sizes are checked here first.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.detect import ModelError
from edge.detect.metadata import Metadata

# OpenMP's threads spin when they wait: at full load that tripled the slowest tenth of frames.
# Read by the OpenMP library when it is loaded, so before the import below.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("KMP_BLOCKTIME", "0")

import ncnn

MAGIC = b"7767517\n"
AGAIN = (
    "Copy the whole folder (.param, .bin and metadata.yaml) again, or export it anew: "
    "python -m edge export MODEL.pt --format ncnn."
)


class Ncnn:
    """An exported folder on NCNN's CPU path."""

    title = "NCNN"

    def __init__(self, path: Path, *, threads: int) -> None:
        """Load the model.

        Raises:
            ModelError: a file is missing or broken.
        """
        self.path = path
        param, weights = _files(path)
        self.metadata = Metadata.beside(path)
        if self.metadata.input_hw_px is None:
            raise ModelError(f"{path}/metadata.yaml does not say the input size (imgsz). {AGAIN}")
        self.input_hw_px = self.metadata.input_hw_px
        self._net = _net(param, weights, threads)
        self._input, self._output = self._net.input_names()[0], self._net.output_names()[0]

    def infer(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run the model on an input of shape (1, 3, height, width)."""
        extractor = self._net.create_extractor()
        extractor.input(self._input, _as_mat(blob))
        failed, output = extractor.extract(self._output)
        if failed:
            raise ModelError(f"{self.path} cannot be run by NCNN (code {failed}). {AGAIN}")
        return np.asarray(output, np.float32)[None]


def _net(param: Path, weights: Path, threads: int) -> Any:
    net = ncnn.Net()  # type: ignore[attr-defined]  a compiled module without stubs
    net.opt.use_vulkan_compute = False
    net.opt.num_threads = _below_cores(threads)
    net.opt.openmp_blocktime = 0
    if net.load_param(str(param)) or net.load_model(str(weights)):
        raise ModelError(f"{param.parent} is not an NCNN model that can be read. {AGAIN}")
    if not net.input_names() or not net.output_names():
        raise ModelError(f"{param} describes a model without input or output. {AGAIN}")
    return net


def _files(path: Path) -> tuple[Path, Path]:
    params = sorted(path.glob("*.param"))
    if len(params) != 1 or not params[0].with_suffix(".bin").is_file():
        raise ModelError(f"{path} holds no pair of one .param and its .bin. {AGAIN}")
    text = params[0].read_bytes()
    lines = text.splitlines()
    if not text.startswith(MAGIC) or len(lines) < 3:
        raise ModelError(f"{params[0]} is not an NCNN text param file. {AGAIN}")
    counts = lines[1].split()
    if not counts or not counts[0].isdigit() or int(counts[0]) != len(lines) - 2:
        raise ModelError(f"{params[0]} is cut short. {AGAIN}")
    return params[0], params[0].with_suffix(".bin")


def _below_cores(threads: int) -> int:
    """Leave a core to the camera: with all of them taken, the slowest thread holds up the rest."""
    return max(1, min(threads, (os.cpu_count() or 1) - 1))


def _as_mat(blob: NDArray[np.float32]) -> Any:
    """A view: NCNN reads the picture where it lies."""
    return ncnn.Mat(blob[0])  # type: ignore[attr-defined]  as above
