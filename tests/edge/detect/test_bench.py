"""The fastest way to run a model is found, kept, and forgotten when it no longer holds."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from edge.detect.bench import Candidate, fastest_of, main, table
from edge.detect.choice import FILE_NAME, Choice, fastest, load_fastest, remember
from edge.detect.load import Variant
from tests.edge.detect.small_models import save_openvino


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return save_openvino(tmp_path / "m_openvino_model", [1, 3, 64, 64], [1, 5, 84])


def _candidate(threads: int, median_ms: float) -> Candidate:
    return Candidate(Variant(Path("m.onnx"), "onnx"), threads, None, turns_ms=[median_ms])


def test_the_fastest_wins_and_of_equals_the_one_with_fewer_threads():
    assert fastest_of([_candidate(1, 90), _candidate(2, 50)]).threads == 2
    assert fastest_of([_candidate(1, 51), _candidate(2, 50), _candidate(4, 49.9)]).threads == 1
    broken = Candidate(Variant(Path("m"), "ncnn"), 1, None, "It is broken.")
    assert fastest_of([broken, _candidate(2, 50)]).threads == 2


def test_a_way_that_cannot_run_is_in_the_table_with_its_reason():
    broken = Candidate(Variant(Path("m"), "ncnn"), 1, None, "It is broken.")
    running = _candidate(2, 50)
    shown = table(Path("m"), [broken, running], running).splitlines()
    assert "50.0" in shown[2]
    assert shown[2].endswith("<- kept")
    assert shown[3].endswith("It is broken.")


def test_what_was_measured_is_what_runs(tmp_path: Path, model: Path, capsys):
    data_dir = tmp_path / "data"
    assert fastest(data_dir, model) is None
    told = ["--model", str(model), "--threads", "1", "--seconds", "0.1"]
    assert main([*told, "--data-dir", str(data_dir)]) == 0
    choice = fastest(data_dir, model)
    assert choice is not None
    assert (choice.path, choice.backend, choice.threads) == (model.resolve(), "openvino", 1)
    assert f"{choice.median_ms:.1f}" in capsys.readouterr().out
    assert load_fastest(data_dir, model).name == "m 64 (OpenVINO)"


def test_a_choice_is_forgotten_with_the_model_it_was_made_for(tmp_path: Path, model: Path):
    remember(tmp_path, model, Choice(model, "openvino", 1, 5.0))
    assert fastest(tmp_path, model) == Choice(model, "openvino", 1, 5.0)
    shutil.rmtree(model)
    save_openvino(model, [1, 3, 96, 96], [1, 5, 189])
    assert fastest(tmp_path, model) is None


def test_another_models_choice_stays(tmp_path: Path, model: Path):
    other = save_openvino(tmp_path / "o_openvino_model", [1, 3, 64, 64], [1, 5, 84])
    remember(tmp_path, model, Choice(model, "openvino", 1, 5.0))
    remember(tmp_path, other, Choice(other, "openvino", 2, 4.0))
    assert fastest(tmp_path, model) == Choice(model, "openvino", 1, 5.0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(), st.sampled_from(["[]", "{", '{"%s": 1}', '{"%s": {"backend": 3}}'])))
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, model: Path, content: str):
    (tmp_path / FILE_NAME).write_text(content.replace("%s", str(model)), "utf-8")
    assert fastest(tmp_path, model) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["path", "backend", "threads", "median_ms"]), JSON))
@example({"threads": float("inf")})
def test_a_row_of_anything_is_a_choice_or_none(tmp_path: Path, model: Path, changed):
    remember(tmp_path, model, Choice(model, "openvino", 1, 5.0))
    known = json.loads((tmp_path / FILE_NAME).read_text("utf-8"))
    known[str(model.resolve())] |= changed
    (tmp_path / FILE_NAME).write_text(json.dumps(known), "utf-8")
    found = fastest(tmp_path, model)
    assert found is None or isinstance(found.threads, int)


@pytest.mark.parametrize("content", ["[" * 100_000, '{"a":' * 100_000])
def test_a_file_that_is_too_deep_is_as_good_as_none(tmp_path: Path, model: Path, content: str):
    (tmp_path / FILE_NAME).write_text(content, "utf-8")
    assert fastest(tmp_path, model) is None


def test_a_missing_model_is_named_and_the_others_are_measured(tmp_path: Path, model: Path, capsys):
    told = ["--threads", "1", "--seconds", "0.1", "--data-dir", str(tmp_path)]
    assert main(["--model", str(tmp_path / "nowhere"), str(model), *told]) == 1
    assert "There is no model at" in capsys.readouterr().err
    assert fastest(tmp_path, model) is not None
