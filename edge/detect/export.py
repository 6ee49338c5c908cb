"""`python -m edge export`: an Ultralytics model becomes a light one that needs no torch.

Runs where ultralytics is installed: here, or in the export environment that `make export-env`
makes. Export on a PC and copy the result to the node: exporting on a Pi 4 has crashed
(ultralytics issue 19091).
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from edge.detect import ModelError, load, traceable_nms

FORMATS = {
    "onnx": "{name}.onnx",
    "openvino": "{name}_openvino_model",
    "ncnn": "{name}_ncnn_model",
}
"""Format: what Ultralytics names the result."""

HEADS = {"raw": None, "nms": True, "end-to-end": False}
"""Who chooses one box a person: the node, an NMS in the model, or the model itself (YOLO26).
Beside each what Ultralytics 8.4.190 calls it in `nms=`."""

ROOT = Path(__file__).parents[2]
PYTHONS = (Path(".venv-export/bin/python"), ROOT / ".venv-export/bin/python")


def main(argv: Sequence[str]) -> int:
    """Export one model and run it once. Returns the process's exit status."""
    arguments = _parser().parse_args(argv)
    try:
        if importlib.util.find_spec("ultralytics") is None:
            return _in_export_environment(argv)
        made = export(
            arguments.model,
            format_name=arguments.format,
            size_px=arguments.size,
            out=arguments.out,
            head=arguments.head,
            bits=arguments.bits,
        )
        name = load(made, backend=arguments.format).name
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{made} is ready: {name}. Copy it to the node, or: make run MODEL={made}\n")
    return 0


def export(
    model: Path, *, format_name: str, size_px: int, out: Path, head: str = "raw", bits: int = 32
) -> Path:
    """Export `model` into the folder `out` and return what was made.

    Args:
        model: a .pt file. It is a pickle: export only what you trust.
        format_name: one of FORMATS.
        size_px: the side of the model's square input; a multiple of 32.
        out: made if it is not there; an earlier export of the same name is replaced.
        head: one of HEADS: who chooses one box a person.
        bits: 32, or 16 for weights of half the size.

    Raises:
        ModelError: the model is missing, or Ultralytics cannot export it.
    """
    if not model.is_file():
        raise ModelError(f"There is no model at {model}. Give the path of a .pt file.")
    with tempfile.TemporaryDirectory(prefix="cheongsa-export-") as work:
        copy = shutil.copy(model, work)  # Ultralytics writes beside the model
        made = _ultralytics_export(Path(copy), format_name, size_px, head=head, bits=bits)
        out.mkdir(parents=True, exist_ok=True)
        return _replace(made, out / made.name)


def _ultralytics_export(
    model: Path, format_name: str, size_px: int, *, head: str, bits: int
) -> Path:
    os.environ.setdefault("YOLO_OFFLINE", "True")
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")
    ultralytics = importlib.import_module("ultralytics")
    options = {"format": format_name, "imgsz": size_px, "device": "cpu", "verbose": False}
    options |= {"nms": HEADS[head]}
    options |= {"quantize": bits} if bits != 32 else {}
    if HEADS[head]:
        traceable_nms.register()
    try:
        ultralytics.YOLO(str(model), task="detect").export(**options)
    except Exception as error:  # whatever unpickling and a dozen exporters raise
        raise ModelError(
            f"{model.name} cannot be exported to {format_name} ({type(error).__name__}: {error}). "
            "Take a detection model of this version of ultralytics."
        ) from error
    made = model.with_name(FORMATS[format_name].format(name=model.stem))
    for code in made.glob("*.py"):  # NCNN's comes with a demonstration, not part of the model
        code.unlink()
    return made


def _replace(made: Path, wanted: Path) -> Path:
    if wanted.is_dir():
        shutil.rmtree(wanted)
    shutil.move(made, wanted)
    return wanted


def _in_export_environment(argv: Sequence[str]) -> int:
    chosen = os.environ.get("CHEONGSA_EXPORT_PYTHON")
    pythons = (Path(chosen),) if chosen else PYTHONS
    python = next((path for path in pythons if path.is_file()), None)
    if python is None:
        raise ModelError(
            "ultralytics is not installed here. Make the export environment: make export-env "
            "(or name its Python in CHEONGSA_EXPORT_PYTHON)."
        )
    command = [str(python.absolute()), "-m", "edge.detect.export", *argv]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603  our own


def _side_px(text: str) -> int:
    side = int(text)
    if side < 32 or side % 32:
        raise argparse.ArgumentTypeError(f"{side} is not a multiple of 32")
    return side


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m edge export", description=__doc__)
    parser.add_argument("model", type=Path, help="a .pt file that you trust")
    parser.add_argument("--format", choices=FORMATS, default="onnx")
    parser.add_argument("--size", type=_side_px, default=640, help="input side, pixels (640)")
    parser.add_argument("--out", type=Path, default=Path("models"), help="folder (models)")
    parser.add_argument("--head", choices=HEADS, default="raw", help="who chooses the boxes (raw)")
    parser.add_argument("--bits", type=int, choices=(16, 32), default=32, help="weights (32)")
    return parser


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
