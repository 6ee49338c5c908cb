"""A foreseeable mistake gets one sentence and what to do; a traceback never reaches a person."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge import sources
from edge.sources import SourceError
from tests.edge.detect.small_models import save_openvino
from tests.web.conftest import free_port

ROOT = Path(__file__).parents[2]
HUB = ("HUB_DATABASE_DSN", "postgresql://127.0.0.1:9/away")


def told(tmp_path: Path, words: str, **more: str) -> tuple[int, str]:
    """Exit status, and everything that was said."""
    env = {
        name: text for name, text in os.environ.items() if not name.startswith(("EDGE_", "HUB_"))
    }
    env |= {"EDGE_DATA_DIR": str(tmp_path / "data"), "CHEONGSA_CACHE": str(tmp_path / "cache")}
    env |= {"CHEONGSA_DATA_DIR": str(tmp_path / "office")}
    done = subprocess.run(
        [sys.executable, "-m", *words.split()], env=env | more, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def mistakes(tmp_path: Path) -> Path:
    (tmp_path / "text.onnx").write_text("hi")
    (tmp_path / "empty.onnx").touch()
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "latin.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "bad.toml").write_text("x = [")
    whole = (ROOT / "edge/scene/model/lunch_queue.onnx").read_bytes()
    (tmp_path / "cut.onnx").write_bytes(whole[: len(whole) // 3])
    save_openvino(tmp_path / "letters_openvino_model", [1, 3, 64, 64], [1, 1000])
    return tmp_path


@pytest.mark.parametrize(
    ("words", "variables", "sentence"),
    [
        ("edge bench --model {}/text.onnx", {}, "Copy it again"),
        ("edge bench --model {}/empty.onnx", {}, "is empty. Copy the model again"),
        ("edge bench --model {}/gone.onnx", {}, "There is no model at"),
        ("edge choose --camera {}/folder.mp4", {}, "There is no video file"),
        ("edge choose --camera rtsp://[bad", {}, "address cannot be read"),
        ("edge choose --camera ~nobody-here/a.mp4", {}, "There is no video file"),
        ("edge run", {"EDGE_CAMERA": "rtsp://u:s3cret@host:port/"}, "address cannot be read"),
        ("edge run", {"EDGE_CAMERA": "a" * 5_000}, "There is no video file"),
        ("edge run", {"EDGE_MODEL": "{}/text.onnx", "EDGE_CAMERA": "scene"}, "Copy it again"),
        ("edge run", {"EDGE_MODEL": "{}/cut.onnx", "EDGE_CAMERA": "scene"}, "Copy it again"),
        ("edge bench --model {}/cut.onnx", {}, "Copy it again"),
        (
            "edge run",
            {"EDGE_MODEL": "{}/letters_openvino_model", "EDGE_CAMERA": "scene"},
            "Take a detection model",
        ),
        ("hub run --camera scene --model {}/gone.onnx", {}, "There is no model at"),
        ("hub run --camera {}/gone.mp4", {}, "There is no video file"),
        ("edge run", {"EDGE_BROKER_CA_FILE": "{}/gone.pem"}, "EDGE_BROKER_CA_FILE"),
        ("hub site {}/latin.toml", dict([HUB]), "save it as UTF-8"),
        ("hub site {}/bad.toml", dict([HUB]), "not TOML"),
        ("hub site {}", dict([HUB]), "cannot be read"),
        ("hub migrate", dict([HUB]), "The database cannot be used"),
        ("hub migrate", {"HUB_DATABASE_DSN": "nonsense"}, "HUB_DATABASE_DSN cannot be read"),
        ("hub admin kim", dict([HUB]), "The database cannot be used"),
        ("hub demo --history 8w", dict([HUB]), "The database cannot be used"),
        ("hub ingest", {"HUB_DATABASE_DSN": "nonsense"}, "HUB_DATABASE_DSN cannot be read"),
        ("hub worker", {"HUB_DATABASE_DSN": "nonsense"}, "HUB_DATABASE_DSN cannot be read"),
        ("hub web", {"HUB_DATABASE_DSN": "nonsense"}, "HUB_DATABASE_DSN cannot be read"),
        ("hub web", {**dict([HUB]), "HUB_HOST": "no-such-host.invalid"}, "cannot be listened on"),
        ("hub web", {**dict([HUB]), "HUB_HOST": "a." * 200}, "cannot be listened on"),
        ("hub web", {"HUB_DATABASE_DSN_FILE": "{}/latin.toml"}, "no text in UTF-8"),
        ("hub ingest", {**dict([HUB]), "HUB_BROKER_URL": "mqtt://x:99999"}, "no MQTT address"),
        ("hub run --site {}/latin.toml --camera scene", {}, "save it as UTF-8"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(mistakes: Path, words: str, variables, sentence: str):
    given = {name: text.format(mistakes) for name, text in variables.items()}
    status, said = told(mistakes, words.format(mistakes), **given)
    assert status in (1, 2)
    assert sentence in said
    assert "Traceback" not in said
    assert "s3cret" not in said


def test_an_office_whose_node_cannot_begin_says_why_and_lives_on(mistakes: Path):
    """The sentence of the node, not only the name of its log."""
    words = ["-m", "hub", "run", "--camera", "scene", "--model", str(mistakes / "cut.onnx")]
    said, lives = "", False
    for _ in range(3):  # a free port may be taken by somebody else meanwhile
        said, lives = _office_says("node cannot start", words, mistakes / "office")
        if said:
            break
    assert "Copy it again" in said
    assert lives


def _office_says(what: str, words: list[str], folder: Path) -> tuple[str, bool]:
    """The line of `hub run` with these words, and whether it ran on."""
    env = os.environ | {"CHEONGSA_DATA_DIR": str(folder), "CHEONGSA_PORT": str(free_port())}
    office = subprocess.Popen(
        [sys.executable, *words], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    try:
        assert office.stdout is not None
        said = next((line for line in office.stdout if what in line), "")
        return said, office.poll() is None
    finally:
        office.terminate()
        office.communicate(timeout=90)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_a_camera_and_a_model_or_is_refused(text: str):
    for spec in (text, f"rtsp://{text}"):
        for read in (sources._own_camera, sources._own_model):
            try:
                read(spec)
            except SourceError as error:
                assert str(error).endswith(".")  # noqa: PT017
