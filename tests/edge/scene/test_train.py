"""The recipe, run for real in the export environment on a handful of pictures."""

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from edge.detect.load import load

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-export/bin/python"
RUN = "import sys; from edge.scene.train import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.export
@pytest.mark.timeout(240)
def test_the_recipe_runs_from_drawing_to_a_file_that_a_node_loads(tmp_path: Path):
    if not PYTHON.exists():
        pytest.skip("No export environment here: run `make export-env`.")
    out = tmp_path / "model" / "tiny.onnx"
    asked = ["--work", tmp_path, "--out", out, "--epochs", "1", "--scenes", "2", "--measure", "1"]
    done = subprocess.run(
        [PYTHON, "-c", RUN, *map(str, asked)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert len(load(out).detect(np.zeros((480, 640, 3), np.uint8))) >= 0
    assert "mean absolute error" in (out.parent / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_without_the_export_environment_training_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str],
):
    from importlib.util import find_spec

    from edge.scene.train import main

    if find_spec("ultralytics") is not None:
        pytest.skip("ultralytics is installed here.")
    assert main([]) == 2
    assert "make export-env" in capsys.readouterr().err
