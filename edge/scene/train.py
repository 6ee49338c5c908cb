"""Trains the small model of the rendered scene, from scratch, and writes it out with its card.

Needs the export environment (`make export-env`): torch and ultralytics. Everything that decides the
result stands in `Recipe`; the weights start at random, no other model or picture goes in.
Left out: real people. This model is for the drawn scene alone.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import shutil
import sys
from dataclasses import asdict, dataclass, replace
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edge.detect.load import load
from edge.scene import MODEL_PATH, card, dataset
from edge.scene.measure import count_error, known

if TYPE_CHECKING:
    from collections.abc import Sequence

STRUCTURE = Path(__file__).with_name("lunch_queue.yaml")
NODE_CONFIDENCE = 0.25
"""What `edge.detect.load` takes for a person unless told otherwise."""
CONFIDENCES = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
MOST_TOO_MANY = 0.1
FIRST_CALIBRATED = 3_000_000
FIRST_MEASURED = 500
"""The first lunch of the standard camera that the card is measured on."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what the model becomes. Equal recipes on equal machines, equal models."""

    seed: int = 20261121
    train_scenes: int = 300
    val_scenes: int = 40
    frames_a_scene: int = 5
    height_px: int = 288
    width_px: int = 384
    epochs: int = 10
    batch: int = 8
    lr0: float = 0.002
    lrf: float = 0.02
    weight_decay: float = 0.0005
    warmup_epochs: float = 0.5
    threads: int = 2
    opset: int = 17
    max_iou: float = 0.55
    """Of two boxes that overlap more, one goes. Ultralytics' 0.7 leaves two on one person here."""

    def settings(self) -> dict[str, Any]:
        """As Ultralytics' trainer takes them."""
        return {
            # one step a batch: by default 64 pictures are gathered, far too few steps from scratch
            "nbs": self.batch,
            "imgsz": self.width_px, "rect": True, "epochs": self.epochs, "batch": self.batch,
            "optimizer": "AdamW", "lr0": self.lr0, "lrf": self.lrf, "cos_lr": True,
            "weight_decay": self.weight_decay, "warmup_epochs": self.warmup_epochs,
            "seed": self.seed % 2**31, "deterministic": True, "amp": False, "plots": False,
            "workers": 0, "cache": "ram", "device": "cpu", "pretrained": False, "val": False,
            "mosaic": 0.0, "fliplr": 0.5, "scale": 0.2, "translate": 0.06, "erasing": 0.0,
            "hsv_h": 0.01, "hsv_s": 0.4, "hsv_v": 0.25, "auto_augment": None,
        }  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Render, train, export, measure. Returns the exit status."""
    asked = _arguments(argv)
    if importlib.util.find_spec("ultralytics") is None:
        print("Training needs torch and ultralytics: run `make export-env`, then", file=sys.stderr)  # noqa: T201
        print("`.venv-export/bin/python -m edge train`.", file=sys.stderr)  # noqa: T201
        return 2
    recipe = Recipe()
    if asked.epochs is not None:
        recipe = replace(recipe, epochs=asked.epochs)
    if asked.scenes is not None:
        recipe = replace(recipe, train_scenes=asked.scenes, val_scenes=max(asked.scenes // 8, 1))
    work = asked.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    _settle_ultralytics(work)
    data = render(recipe, work / "pictures")
    best = train(recipe, data, work)
    measured = validate(best, data, recipe)
    model = calibrate(best, recipe, asked.out, measured, min(asked.measure, 8))
    describe(model, recipe, measured, FIRST_MEASURED + asked.measure)
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m edge train", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("runs/scene"), help="pictures and runs")
    parser.add_argument("--out", type=Path, default=MODEL_PATH, help="the ONNX file to write")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's, to try it out")
    parser.add_argument("--scenes", type=int, help="instead of the recipe's, to try it out")
    parser.add_argument("--measure", type=int, default=20, help="how many lunches the card counts")
    return parser.parse_args(argv)


def _yolo(model: str) -> Any:
    # Only the export environment has it, so the type checker cannot follow it there.
    return importlib.import_module("ultralytics").YOLO(model)


def _settle_ultralytics(work: Path) -> None:
    """No network, no installing, no settings outside the run's folder. Before its import."""
    (work / "settings").mkdir(exist_ok=True)
    os.environ |= {"YOLO_OFFLINE": "True", "YOLO_AUTOINSTALL": "false"}
    os.environ["YOLO_CONFIG_DIR"] = str(work / "settings")


def render(recipe: Recipe, folder: Path) -> Path:
    """Draw the pictures to train and validate on, unless they are there. Returns the YAML."""
    mark, wanted = folder / "drawn.txt", _drawn(recipe)
    if not (mark.exists() and mark.read_text() == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        first = dataset.UNSEEN_FROM
        dataset.write(folder, "train", first, recipe.train_scenes, recipe.frames_a_scene)
        dataset.write(folder, "val", first * 2, recipe.val_scenes, recipe.frames_a_scene)
        mark.write_text(wanted)
    yaml = folder / "data.yaml"
    yaml.write_text(f"path: {folder}\ntrain: images/train\nval: images/val\nnames: {{0: person}}\n")
    return yaml


def _drawn(recipe: Recipe) -> str:
    return f"{recipe.train_scenes} + {recipe.val_scenes} scenes x {recipe.frames_a_scene} frames"


def train(recipe: Recipe, data: Path, work: Path) -> Path:
    """Train from random weights; returns the best checkpoint."""
    importlib.import_module("torch").set_num_threads(recipe.threads)
    model = _yolo(str(STRUCTURE))
    model.train(data=str(data), project=str(work), name="train", exist_ok=True, **recipe.settings())
    return work / "train" / "weights" / "best.pt"


def validate(checkpoint: Path, data: Path, recipe: Recipe) -> dict[str, float]:
    """Mean average precision on the validation scenes, which training never saw."""
    found = _yolo(str(checkpoint)).val(
        data=str(data), imgsz=recipe.width_px, rect=True, batch=recipe.batch, device="cpu",
        workers=0, plots=False, verbose=False,
    )  # fmt: skip
    return {"mAP50": float(found.box.map50), "mAP50-95": float(found.box.map)}


def calibrate(
    checkpoint: Path, recipe: Recipe, out: Path, measured: dict[str, float], lunches: int = 8
) -> Path:
    """Export so that the confidence every node uses unasked counts nobody twice.

    It becomes the lowest that counts at most `MOST_TOO_MANY` people too many: a node smooths by a
    high percentile and follows boxes over a line, which heals misses but not doubles. Fitted on
    lunches of their own: neither trained on, nor validated on, nor in the card.
    """
    raw = export(checkpoint, recipe, checkpoint.with_name("raw.onnx"), measured)
    pictures = known(range(FIRST_CALIBRATED, FIRST_CALIBRATED + lunches))

    def too_many(confidence: float) -> float:
        detector = load(raw, threads=recipe.threads, confidence=confidence)
        return count_error(detector, pictures).too_many

    best = next((c for c in CONFIDENCES if too_many(c) <= MOST_TOO_MANY), CONFIDENCES[-1])
    shift = log(best / (1 - best)) - log(NODE_CONFIDENCE / (1 - NODE_CONFIDENCE))
    return export(checkpoint, recipe, out, measured, shift)


def export(
    checkpoint: Path, recipe: Recipe, out: Path, measured: dict[str, float], shift: float = 0.0
) -> Path:
    """Write the ONNX, and in it what its reader should know. No date: equal runs compare.

    `shift` is taken from the logit of every score.
    """
    onnx = importlib.import_module("onnx")
    yolo = _yolo(str(checkpoint))
    for branch in yolo.model.model[-1].cv3:  # what becomes the score, before its sigmoid
        branch[-1].bias.data -= shift
    made = yolo.export(
        format="onnx", imgsz=(recipe.height_px, recipe.width_px), opset=recipe.opset, device="cpu"
    )
    model = onnx.load(made)
    said = {p.key: p.value for p in model.metadata_props if p.key not in ("date", "args", "docs")}
    said |= {
        "description": "Counts people in Cheongsa's rendered lunch queue, and nowhere else",
        "author": "Cheongsa", "license": "AGPL-3.0-or-later", "names": "{0: 'person'}",
        "max_iou": str(recipe.max_iou),
        "recipe": repr(asdict(recipe)), "score_shift": f"{shift:.4f}", "measured": repr(measured),
    }  # fmt: skip
    del model.metadata_props[:]
    for key, value in sorted(said.items()):
        model.metadata_props.add(key=key, value=value)
    out.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(out))
    return out


def describe(
    model: Path, recipe: Recipe, average_precision: dict[str, float], end_seed: int
) -> Path:
    """Count unseen lunches with the finished file, through the node's own runtime, and say so."""
    pictures = known(range(FIRST_MEASURED, end_seed))
    error = count_error(load(model, threads=recipe.threads), pictures)
    return card.write(model, asdict(recipe), average_precision, error, dataset.LEAST_VISIBLE)
