"""Real models on real pictures: the runtimes agree, and the counts are as good as measured."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.detect import Detector, People, load
from edge.detect.crops import crops_of, detect_with_crops
from edge.detect.overlap import iou

pytestmark = pytest.mark.assets
BACKENDS = ("openvino", "onnx", "ncnn")


def _read(path: Path) -> np.ndarray:
    image = cv2.imread(str(path))
    assert image is not None, path
    return image


def _unmatched(a: People, b: People, same_iou: float = 0.9) -> int:
    """How many of both have no partner that overlaps by so much."""
    if not len(a) or not len(b):
        return len(a) + len(b)
    same = iou(a.boxes_xyxy_px, b.boxes_xyxy_px) >= same_iou
    return int((~same.any(axis=1)).sum() + (~same.any(axis=0)).sum())


def _coco(assets: Path) -> list[tuple[Path, int]]:
    with (assets / "groundtruth/coco_counts.csv").open() as file:
        rows = list(csv.DictReader(file))
    found = [
        (next((assets / "groundtruth/coco_val").rglob(r["image"])), r["persons"]) for r in rows
    ]
    return [(path, int(persons)) for path, persons in found]


def _mean_error(detector: Detector, pictures: list[tuple[Path, int]]) -> float:
    return float(np.mean([abs(len(detector.detect(_read(p))) - n) for p, n in pictures]))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("picture", "persons"), [("bus.jpg", 4), ("zidane.jpg", 2)])
def test_the_famous_pictures_have_their_people(assets, backend, picture, persons):
    detector = load(assets / "models/yolo11n_640", backend=backend)
    assert len(detector.detect(_read(assets / "groundtruth" / picture))) == persons


@pytest.mark.parametrize("size", [640, 320])
def test_three_runtimes_find_the_same_people(assets: Path, size: int):
    pictures = [_read(path) for path, _ in _coco(assets)[:24]]
    found = {}
    for backend in BACKENDS:
        detector = load(assets / f"models/yolo11n_{size}", backend=backend, threads=2)
        found[backend] = [detector.detect(picture) for picture in pictures]
    assert sum(len(people) for people in found["onnx"]) > 30
    exact = zip(found["onnx"], found["ncnn"], strict=True)
    assert sum(_unmatched(a, b) for a, b in exact) <= 2
    # OpenVINO may compute in bfloat16: people at the threshold come and go (decision 0020)
    rounded = zip(found["onnx"], found["openvino"], strict=True)
    assert sum(_unmatched(a, b, same_iou=0.8) for a, b in rounded) <= 4


@pytest.mark.parametrize(
    ("model", "worst_error"),
    [
        ("yolo11n_640", 0.90),
        ("yolo11n_320", 1.51),
        ("yolo11n_int8_openvino_model", 0.93),
        ("yolox_nano.onnx", 1.03),
    ],
)
def test_counts_on_coco_are_as_good_as_measured(assets: Path, model: str, worst_error: float):
    detector = load(assets / "models" / model, threads=2)
    assert _mean_error(detector, _coco(assets)) <= worst_error


def test_names_say_what_counts(assets: Path):
    models = assets / "models"
    assert load(models / "yolo11n_640", backend="openvino").name == "YOLO11n 640 (OpenVINO)"
    assert load(models / "yolo11n_320", backend="ncnn").name == "YOLO11n 320 (NCNN)"
    assert load(models / "yolox_nano.onnx", backend="onnx").name == "yolox_nano 416 (ONNX Runtime)"


def test_an_onnx_file_run_by_openvino_finds_the_same_people(assets: Path):
    path, picture = assets / "models/yolo11n_640/yolo11n.onnx", assets / "groundtruth/bus.jpg"
    a, b = (load(path, backend=backend).detect(_read(picture)) for backend in ("onnx", "openvino"))
    assert _unmatched(a, b, same_iou=0.8) == 0


def test_crops_halve_the_error_of_a_far_zone_at_least(assets: Path):
    detector = load(assets / "models/yolo11n_320", threads=2)
    zone = [(300, 540), (1700, 540), (1700, 850), (300, 850)]  # MOT17-02's paved square
    crops = crops_of(zone, (1080, 1920))
    plain, cropped = [], []
    for path in sorted((assets / "groundtruth/MOT17-02/img1").glob("*.jpg")):
        image, truth = _read(path), _mot_feet_inside(assets, int(path.stem), zone)
        plain.append(abs(_feet_inside(detector.detect(image), zone) - truth))
        cropped.append(abs(_feet_inside(detect_with_crops(detector, image, crops), zone) - truth))
    assert np.mean(cropped) <= np.mean(plain) / 2


def _feet_inside(people: People, zone: list[tuple[int, int]]) -> int:
    x = (people.boxes_xyxy_px[:, 0] + people.boxes_xyxy_px[:, 2]) / 2
    y = people.boxes_xyxy_px[:, 3]
    (x0, y0), (x1, y1) = zone[0], zone[2]
    return int(((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)).sum())


def _mot_feet_inside(assets: Path, frame: int, zone: list[tuple[int, int]]) -> int:
    """MOT17 pedestrians (class 1) of whom a quarter or more can be seen."""
    rows = np.loadtxt(assets / "groundtruth/MOT17-02/gt/gt.txt", delimiter=",")
    rows = rows[
        (rows[:, 0] == frame) & (rows[:, 6] == 1) & (rows[:, 7] == 1) & (rows[:, 8] >= 0.25)
    ]
    boxes = np.column_stack([rows[:, 2:4], rows[:, 2:4] + rows[:, 4:6]]).astype(np.float32)
    return _feet_inside(People(boxes, np.ones(len(boxes), np.float32)), zone)
