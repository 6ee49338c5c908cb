"""Which runtime for which model: by what the path is, or as the caller says.

A runtime is imported only when it is chosen, so a node needs only one of them installed.
"""

import importlib.util
import logging
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from edge.detect import ModelError

if TYPE_CHECKING:
    from edge.detect import Detector

ULTRALYTICS_SUFFIXES = frozenset(
    {".pt", ".torchscript", ".engine", ".mnn", ".tflite", ".mlpackage", ".pb"}
)
PACKAGES = {
    "openvino": "openvino",
    "ncnn": "ncnn",
    "onnx": "onnxruntime",
    "ultralytics": "ultralytics",
}
"""Backend: the package that it needs."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to run a model."""

    path: Path
    backend: str


def load(
    path: Path, *, threads: int = 1, backend: str | None = None, confidence: float = 0.25
) -> "Detector":
    """Load a model and run it once.

    Args:
        path: an .onnx or .pt file, an exported `*_openvino_model` or `*_ncnn_model` folder, or a
            folder that holds some of these: then the likely fastest one on this machine is taken,
            and the next where a runtime cannot read it.
        threads: how many cores inference may use.
        backend: `onnx`, `openvino`, `ncnn` or `ultralytics`; None picks by what the path is.
        confidence: boxes below it are not people, 0..1.

    Raises:
        ModelError: the model is missing, broken, of a kind that we cannot read, or its runtime is
            not installed. One sentence says which and what to do.
    """
    *others, last = _able(path, backend)
    for variant in others:
        try:
            return _BUILDERS[variant.backend](variant.path, threads, confidence)
        except ModelError as error:
            log.warning("another runtime is tried", extra={"reason": str(error)})
    return _BUILDERS[last.backend](last.path, threads, confidence)


def variants(path: Path) -> list[Variant]:
    """Every way to run the model at `path`, the likely fastest on this kind of machine first.

    Raises:
        ModelError: nothing is there, or nothing that we know.
    """
    found = _variants_of(path) or [v for each in _children(path) for v in _variants_of(each)]
    if not found:
        raise ModelError(
            f"{path} is no model that we know. Give an .onnx or .pt file, or an exported "
            "*_openvino_model or *_ncnn_model folder."
        )
    return sorted(found, key=_likely_speed)


def is_installed(backend: str) -> bool:
    """Whether the package that `backend` needs can be imported here."""
    return importlib.util.find_spec(PACKAGES[backend]) is not None


def _able(path: Path, backend: str | None) -> list[Variant]:
    """The variants to try in turn; at least one."""
    if backend is not None and backend not in PACKAGES:
        raise ModelError(f"There is no backend {backend!r}. Take one of {', '.join(PACKAGES)}.")
    found = variants(path)
    if backend == "ultralytics":
        return [Variant(path, backend)]
    wanted = [v for v in found if backend in (None, v.backend)]
    if not wanted:
        able = ", ".join(sorted({v.backend for v in found}))
        raise ModelError(f"{path} cannot be run by {backend}. Take one of {able}.")
    # ultralytics itself says how to do without it
    able = [v for v in wanted if v.backend == "ultralytics" or is_installed(v.backend)]
    if not able:
        package = PACKAGES[wanted[0].backend]
        raise ModelError(
            f"{wanted[0].path} needs {package}, which is not installed here. "
            f"Install it: pip install {package}."
        )
    return able


def _children(path: Path) -> list[Path]:
    return sorted(path.iterdir()) if path.is_dir() else []


def _variants_of(path: Path) -> list[Variant]:
    """The ways to run exactly this path; [] where it is no model."""
    if not path.exists():
        raise ModelError(f"There is no model at {path}. Copy one there, or give another path.")
    if path.is_file() and path.stat().st_size == 0:
        raise ModelError(f"{path} is empty. Copy the model again.")
    return [Variant(path, backend) for backend in _backends(path)]


def _backends(path: Path) -> list[str]:
    if path.suffix == ".onnx" and path.is_file():
        return ["onnx", "openvino"]
    if path.suffix in ULTRALYTICS_SUFFIXES:
        return ["ultralytics"]
    if path.suffix == ".xml" or path.name.endswith("_openvino_model"):
        return ["openvino"]
    if path.name.endswith("_ncnn_model"):
        return ["ncnn"]
    if path.is_dir():
        kinds = {each.suffix for each in path.iterdir()}
        return [name for name, end in (("openvino", ".xml"), ("ncnn", ".param")) if end in kinds]
    return []


def _likely_speed(variant: Variant) -> tuple[int, bool]:
    """Measured on x86; on Arm published figures put NCNN first. `edge bench` knows better."""
    arm = platform.machine().startswith(("arm", "aarch64"))
    order = ["ncnn", "openvino", "onnx"] if arm else ["openvino", "onnx", "ncnn"]
    return [*order, "ultralytics"].index(variant.backend), variant.path.suffix == ".onnx"


def _onnx(path: Path, threads: int, confidence: float) -> "Detector":
    from edge.detect.direct import DirectDetector
    from edge.detect.onnx import OnnxRuntime

    return DirectDetector(OnnxRuntime(path, threads=threads), confidence=confidence)


def _openvino(path: Path, threads: int, confidence: float) -> "Detector":
    from edge.detect.direct import DirectDetector
    from edge.detect.openvino import OpenVino

    return DirectDetector(OpenVino(path, threads=threads), confidence=confidence)


def _ncnn(path: Path, threads: int, confidence: float) -> "Detector":
    from edge.detect.direct import DirectDetector
    from edge.detect.ncnn import Ncnn

    return DirectDetector(Ncnn(path, threads=threads), confidence=confidence)


def _ultralytics(path: Path, threads: int, confidence: float) -> "Detector":
    from edge.detect.ultralytics import UltralyticsDetector

    return UltralyticsDetector(path, threads=threads, confidence=confidence)


_BUILDERS: dict[str, Callable[[Path, int, float], "Detector"]] = {
    "onnx": _onnx,
    "openvino": _openvino,
    "ncnn": _ncnn,
    "ultralytics": _ultralytics,
}
