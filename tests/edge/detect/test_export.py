"""What is exported finds what Ultralytics itself finds, without torch."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from edge.detect import Detector, ModelError, People, load
from edge.detect.direct import DirectDetector
from edge.detect.export import PYTHONS, export, main
from edge.detect.load import variants
from edge.detect.openvino import OpenVino

ORACLE = Path(__file__).parent / "ultralytics_oracle.py"
pytestmark = [pytest.mark.export, pytest.mark.assets, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def export_python() -> Path:
    chosen = os.environ.get("CHEONGSA_EXPORT_PYTHON")
    found = [path for path in ((Path(chosen),) if chosen else PYTHONS) if path.is_file()]
    if not found:
        pytest.skip("no export environment here: make export-env")
    return found[0].absolute()


def _ask(python: Path, *arguments: object) -> Any:
    """Run the oracle in the export environment; its last line is the answer."""
    command = [str(python), str(ORACLE), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _predict(
    python: Path, model: Path, size: int, pictures: list[Path], *, e2e: bool = False
) -> list[People]:
    rows = _ask(python, "predict", model, size, str(e2e).lower(), *pictures)
    return [_with_area(row["boxes_xyxy_px"], row["confidence"]) for row in rows]


def _with_area(boxes: list[list[float]], confidence: list[float]) -> People:
    """Weights never trained also give boxes turned inside out: nobody for us."""
    shaped = np.array(boxes, np.float32).reshape(-1, 4)
    real = (shaped[:, 2:] > shaped[:, :2]).all(axis=1)
    return People(shaped[real], np.array(confidence, np.float32)[real])


def _see(detector: Detector, pictures: list[Path]) -> list[People]:
    images = [cv2.imread(str(path)) for path in pictures]
    return [detector.detect(np.asarray(image, np.uint8)) for image in images]


def _exact(model: Path, backend: str) -> Detector:
    """The model in float32, also where OpenVINO would round (decision 0020)."""
    if backend != "openvino":
        return load(model, backend=backend, threads=2)
    path = next(v.path for v in variants(model) if v.backend == backend and not v.path.suffix)
    return DirectDetector(OpenVino(path, threads=2, precision="f32"), confidence=0.25)


def _missed(wanted: list[People], found: list[People]) -> int:
    """Boxes of either side without a partner on the other, each edge within 1.5 pixels."""
    missed = 0
    for a, b in zip(wanted, found, strict=True):
        if not len(a) or not len(b):
            missed += len(a) + len(b)
            continue
        apart_px = np.abs(a.boxes_xyxy_px[:, None] - b.boxes_xyxy_px[None]).max(axis=2)
        same = apart_px <= 1.5
        same &= np.abs(a.confidence[:, None] - b.confidence[None, :]) < 0.02
        missed += int((~same.any(axis=1)).sum() + (~same.any(axis=0)).sum())
    return missed


@pytest.fixture(scope="module")
def pictures(assets: Path) -> list[Path]:
    truth = assets / "groundtruth"
    coco = sorted((truth / "coco_val").rglob("*.jpg"))[:14]
    return [truth / "bus.jpg", truth / "zidane.jpg", *coco]


@pytest.fixture(scope="module")
def yolo11n_people(export_python: Path, assets: Path, pictures: list[Path]) -> list[People]:
    return _predict(export_python, assets / "models/yolo11n_dequantised.pt", 640, pictures)


@pytest.fixture(scope="module")
def yolo26n(export_python: Path, assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("yolo26") / "yolo26n.pt"
    _ask(export_python, "yolo26", path, assets / "groundtruth/bus.jpg")
    return path


@pytest.mark.parametrize("backend", ["onnx", "openvino", "ncnn"])
def test_direct_runtimes_find_what_ultralytics_predict_finds(
    assets: Path, pictures: list[Path], yolo11n_people: list[People], backend: str
):
    found = _see(_exact(assets / "models/yolo11n_640", backend), pictures)
    assert sum(map(len, yolo11n_people)) >= 30
    assert _missed(yolo11n_people, found) <= 2


@pytest.mark.parametrize(
    ("format_name", "head"), [("onnx", "nms"), ("openvino", "nms"), ("ncnn", "raw")]
)
def test_a_yolo11_exported_here_finds_the_same_people(
    export_python: Path,
    assets: Path,
    tmp_path: Path,
    pictures: list[Path],
    yolo11n_people: list[People],
    format_name: str,
    head: str,
):
    model = assets / "models/yolo11n_dequantised.pt"
    options = ["--format", format_name, "--head", head, "--out", str(tmp_path)]
    assert main([str(model), *options]) == 0
    made = next(tmp_path.iterdir())
    assert not list(tmp_path.rglob("*.py"))
    found = _see(_exact(made, format_name), pictures)
    assert _missed(yolo11n_people, found) <= 2


@pytest.mark.parametrize(
    ("format_name", "head"),
    [("onnx", "end-to-end"), ("openvino", "end-to-end"), ("onnx", "raw"), ("onnx", "nms")],
)
def test_a_yolo26_finds_what_ultralytics_predict_finds(
    export_python: Path, assets: Path, tmp_path: Path, yolo26n: Path, format_name: str, head: str
):
    picture = [assets / "groundtruth/bus.jpg"]
    wanted = _predict(export_python, yolo26n, 640, picture, e2e=head == "end-to-end")
    options = ["--format", format_name, "--head", head, "--out", str(tmp_path)]
    assert main([str(yolo26n), *options]) == 0
    found = _see(_exact(next(tmp_path.iterdir()), format_name), picture)
    assert len(wanted[0]) > 100
    assert _missed(wanted, found) <= 2


def test_the_any_format_backend_finds_the_same_people(
    export_python: Path, assets: Path, pictures: list[Path], yolo11n_people: list[People]
):
    code = (
        "import sys, cv2, pathlib; from edge.detect import load;"
        "d = load(pathlib.Path(sys.argv[1]), threads=2);"
        "print(d.name, [len(d.detect(cv2.imread(p))) for p in sys.argv[2:]], sep='|')"
    )
    model = assets / "models/yolo11n_dequantised.pt"
    done = subprocess.run(
        [export_python, "-c", code, model, *pictures],
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    name, counts = done.stdout.splitlines()[-1].split("|")
    assert name == "yolo11n_dequantised 640 (Ultralytics)"
    assert json.loads(counts) == [len(people) for people in yolo11n_people]


def test_a_file_that_is_no_model_cannot_be_exported(
    export_python: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    (tmp_path / "m.pt").write_bytes(b"not a pickle")
    assert main([str(tmp_path / "m.pt"), "--out", str(tmp_path)]) == 1
    assert "m.pt cannot be exported to onnx" in capfd.readouterr().err
    with pytest.raises(ModelError, match=r"There is no model at .*nowhere\.pt\. Give the path"):
        export(tmp_path / "nowhere.pt", format_name="onnx", size_px=640, out=tmp_path)
