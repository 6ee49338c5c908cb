"""A model that cannot be used says so in one sentence, with what to do."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from edge.detect import ModelError, load
from edge.detect.load import Variant, variants
from tests.edge.detect.small_models import save_openvino


def test_a_small_model_of_one_class_loads_and_sees_nobody(tmp_path: Path):
    folder = save_openvino(tmp_path / "m_openvino_model", [1, 3, 64, 96], [1, 5, 126])
    detector = load(folder)
    assert detector.name == "m 96x64 (OpenVINO)"
    assert len(detector.detect(np.zeros((48, 64, 3), np.uint8))) == 0


def test_a_missing_model_is_named(tmp_path: Path):
    with pytest.raises(ModelError, match=r"There is no model at .*nowhere\.onnx\. Copy one there"):
        load(tmp_path / "nowhere.onnx")


@pytest.mark.parametrize("name", ["m.onnx", "m.pt"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, name: str):
    (tmp_path / name).touch()
    with pytest.raises(ModelError, match=r"is empty\. Copy the model again"):
        load(tmp_path / name)


@pytest.mark.parametrize("name", ["m_openvino_model", "m_ncnn_model"])
def test_an_empty_folder_says_what_belongs_in_it(tmp_path: Path, name: str):
    (tmp_path / name).mkdir()
    with pytest.raises(ModelError, match=r"holds no pair of one \.\w+ and its \.bin\. Copy"):
        load(tmp_path / name)


def test_a_file_of_another_kind_is_no_model(tmp_path: Path):
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8")
    for path in (tmp_path, tmp_path / "holiday.jpg"):
        with pytest.raises(ModelError, match=r"is no model that we know\. Give an \.onnx"):
            load(path)


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
@pytest.mark.parametrize("content", [b"\x08\x08", b"not a model " * 400, bytes(5000)])
def test_a_file_that_only_claims_to_be_onnx_is_refused(
    tmp_path: Path, backend: str, content: bytes
):
    (tmp_path / "m.onnx").write_bytes(content)
    with pytest.raises(ModelError, match=r"m\.onnx .*Copy .* again.*, or export it anew"):
        load(tmp_path / "m.onnx", backend=backend)


@pytest.mark.parametrize(
    "param",
    [
        b"",
        b"7767517\n",
        b"7767517\n3 3\nInput in0 0 1 in0\n",
        b"7767517\n\n\n",
        b"7767517\n-1 3\nInput in0 0 1 in0\n",
        b"<?xml version='1.0'?>\n1\n2\n",
        b"7767517\n1 1\nNoSuchLayer a 0 1 in0\n",
    ],
)
def test_a_broken_ncnn_param_is_refused(tmp_path: Path, param: bytes):
    folder = tmp_path / "m_ncnn_model"
    folder.mkdir()
    (folder / "model.ncnn.param").write_bytes(param)
    (folder / "model.ncnn.bin").write_bytes(b"")
    (folder / "metadata.yaml").write_text("imgsz:\n- 64\n- 64\n")
    with pytest.raises(ModelError, match=r"Copy the whole folder"):
        load(folder)


def test_an_ncnn_folder_without_its_size_says_so(tmp_path: Path):
    folder = tmp_path / "m_ncnn_model"
    folder.mkdir()
    (folder / "model.ncnn.param").write_bytes(b"7767517\n1 1\nInput in0 0 1 in0\n")
    (folder / "model.ncnn.bin").write_bytes(b"")
    with pytest.raises(ModelError, match=r"metadata\.yaml does not say the input size"):
        load(folder)


@pytest.mark.parametrize("output", [[1, 1000], [1, 25200, 85], [1, 5, 85]])
def test_a_model_with_another_head_is_refused(tmp_path: Path, output: list[int]):
    folder = save_openvino(tmp_path / "m_openvino_model", [1, 3, 64, 64], output)
    with pytest.raises(ModelError, match=r"no YOLOv8, YOLO11, YOLO26 or YOLOX .*Take a detection"):
        load(folder)


@pytest.mark.parametrize("shape", [[1, 3, -1, -1], [1, 1, 64, 64], [4, 3, 64, 64], [1, 64, 64, 3]])
def test_a_model_that_does_not_take_one_picture_is_refused(tmp_path: Path, shape: list[int]):
    folder = save_openvino(tmp_path / "m_openvino_model", shape, [1, 5, 84])
    with pytest.raises(ModelError, match=r"not one picture of fixed size .*Export it with fixed"):
        load(folder)


def test_a_model_of_cats_is_refused(tmp_path: Path):
    folder = save_openvino(tmp_path / "m_openvino_model", [1, 3, 64, 64], [1, 6, 84])
    (folder / "metadata.yaml").write_text("names:\n  0: cat\n  1: person\n")
    with pytest.raises(ModelError, match=r"finds 'cat' as its first class"):
        load(folder)


def test_a_backend_that_cannot_or_does_not_exist_is_named(tmp_path: Path):
    (tmp_path / "m.onnx").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"cannot be run by ncnn\. Take one of onnx, openvino"):
        load(tmp_path / "m.onnx", backend="ncnn")
    with pytest.raises(ModelError, match=r"no backend 'tensorrt'\. Take one of openvino, ncnn"):
        load(tmp_path / "m.onnx", backend="tensorrt")


def test_ultralytics_where_it_is_missing_says_how_to_do_without(tmp_path: Path):
    (tmp_path / "m.pt").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"needs ultralytics, .*make export-env.*edge export"):
        load(tmp_path / "m.pt")


def test_a_folder_offers_every_way_to_run_what_it_holds(tmp_path: Path):
    (tmp_path / "m.onnx").write_bytes(b"x")
    (tmp_path / "m_ncnn_model").mkdir()
    save_openvino(tmp_path / "m_openvino_model", [1, 3, 64, 64], [1, 5, 84])
    assert set(variants(tmp_path)) == {
        Variant(tmp_path / "m.onnx", "onnx"),
        Variant(tmp_path / "m.onnx", "openvino"),
        Variant(tmp_path / "m_ncnn_model", "ncnn"),
        Variant(tmp_path / "m_openvino_model", "openvino"),
    }


def test_importing_the_package_loads_no_runtime():
    heavy = "{'cv2', 'onnxruntime', 'openvino', 'ncnn', 'torch', 'ultralytics'}"
    code = f"import sys, edge.detect; assert not {heavy} & set(sys.modules), set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


REAL = {
    "onnx": ("yolo11n_320", "yolo11n.onnx"),
    "openvino": ("yolo11n_320/yolo11n_openvino_model", "yolo11n.bin"),
    "ncnn": ("yolo11n_320/yolo11n_ncnn_model", "model.ncnn.bin"),
}


@pytest.mark.assets
@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999999])
@pytest.mark.parametrize("backend", REAL)
def test_a_real_model_cut_short_anywhere_is_refused(
    tmp_path: Path, assets: Path, backend: str, share: float
):
    folder, name = REAL[backend]
    copy = tmp_path / Path(folder).name
    shutil.copytree(assets / "models" / folder, copy, copy_function=shutil.copyfile)
    whole = (copy / name).read_bytes()
    (copy / name).write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelError, match=r"Copy .* again"):
        load(copy / name if backend == "onnx" else copy, backend=backend)
