"""What a model says of itself is read where it is there, and never trusted to be."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.detect import ModelError
from edge.detect.load import load
from edge.detect.metadata import Metadata

YAML = """description: 'Ultralytics YOLO11n model '
stride: 32
imgsz:
- 384
- 640
names:
  0: person
  1: traffic light
args:
  data: null
  batch: 1
"""


def test_the_yaml_beside_an_export_is_read():
    known = Metadata.from_yaml(YAML)
    assert known == Metadata((384, 640), "YOLO11n", ("person", "traffic light"))


def test_the_properties_inside_an_onnx_file_are_read():
    known = Metadata.from_properties(
        {"imgsz": "[640, 320]", "description": "Ultralytics YOLO26n", "names": "{0: 'person'}"}
    )
    assert known == Metadata((640, 320), "YOLO26n", ("person",))


def test_a_model_that_says_nothing_is_only_unknown(tmp_path: Path):
    assert Metadata.beside(tmp_path) == Metadata()
    assert Metadata.from_properties({}) == Metadata()


def test_a_model_of_other_things_is_refused():
    with pytest.raises(ModelError, match=r"finds 'cat' .* class 0 is person"):
        Metadata(class_names=("cat", "person")).check(Path("m.onnx"))


def test_a_model_of_one_class_of_any_name_is_taken():
    Metadata(class_names=("customer",)).check(Path("m.onnx"))


@given(st.text())
def test_any_text_is_read_without_an_error(text: str):
    size = Metadata.from_yaml(text).input_hw_px
    assert size is None or all(32 <= side <= 8192 for side in size)


@given(st.integers(32, 8192), st.integers(32, 8192), st.lists(st.sampled_from("abc"), min_size=1))
def test_a_size_and_names_written_are_read_back(height: int, width: int, names: list[str]):
    listed = "".join(f"  {i}: {name}\n" for i, name in enumerate(names))
    text = f"imgsz:\n- {height}\n- {width}\nnames:\n{listed}args:\n  batch: 1\n"
    known = Metadata.from_yaml(text)
    assert known.input_hw_px == (height, width)
    assert known.class_names == tuple(names)


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
def test_a_model_says_how_much_its_boxes_may_overlap_to_every_runtime(backend: str):
    from edge.detect.direct import DirectDetector
    from edge.scene import MODEL_PATH

    detector = load(MODEL_PATH, backend=backend)
    assert isinstance(detector, DirectDetector)
    assert detector._head.max_iou == detector._runtime.metadata.max_iou == 0.55  # type: ignore[attr-defined]
