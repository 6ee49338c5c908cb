"""The model card: what the small model is for, how it was made and what was measured."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from edge.scene.measure import CountError

CARD_NAME = "MODEL_CARD.md"

_TEXT = """# lunch_queue.onnx: counts people in Cheongsa's rendered lunch queue, and nowhere else

Written by `python -m edge train`; do not edit by hand.

| | |
|---|---|
| file | `{name}`, {bytes:,} bytes, SHA-256 `{sha256}` |
| for | the demo and the tests where there is neither a camera nor a video |
| not for | real people. It has never seen one: take YOLO11n, YOLOX or your own model for them |
| input | `images`, float32 (1, 3, {height}, {width}), RGB, 0..1, the whole picture letterboxed |
| output | `output0`, float32 (1, 5, n): cx, cy, w, h in input pixels, then the score 0..1 |
| licence | AGPL-3.0-or-later: it was trained with Ultralytics' code, on its structure |

## Data

Pictures drawn by `edge.scene` and nothing else, 640x480: {train_pictures} to train on
({train_scenes} scenes) and {val_pictures} to validate on ({val_scenes} other scenes). Each scene
has its own people, moment of the lunch, light, noise and JPEG quality, and a camera moved by up to
half a metre and 4 degrees; half of the scenes are painted in other colours. Boxes go around the
whole body, hidden or not, so that the foot point is found behind somebody else too. People with
less than {least_visible:.0%} visible are not asked for. No photograph, video or other model
went in: the weights start at random.

## Training

Ultralytics 8.4.190 on a CPU, structure `edge/scene/lunch_queue.yaml`. The whole recipe:

{recipe}

Then the scores were shifted so that 0.25, the confidence that a node uses unless told otherwise, is
the lowest that counts hardly anybody twice, on eight lunches of their own (`score_shift` in the
file). A node smooths by a high percentile, which heals misses but not doubles.

## Measured

| what | value |
|---|---|
| mAP50 on the validation scenes | {map50:.3f} |
| mAP50-95 on the validation scenes | {map:.3f} |
| people truly in the zone, mean of {frames} standard pictures | {true_mean:.2f} |
| mean absolute error of the count, single pictures | {mae:.2f} people |
| bias, counted minus true | {bias:+.2f} people |
| of it counted above the truth | {too_many:.2f} people |
| off by at most one | {within_one:.0%} of the pictures |

The lunches of the standard camera (seeds below 1,000,000) never occur in training. The truth counts
who is wholly hidden too, which nobody can see in one picture.

## Limits

One room, one way of drawing people, one height of the camera. Another detector on this scene, or
this detector on another scene, says nothing about either.
"""


def write(
    model: Path, recipe: Mapping[str, object], average_precision: Mapping[str, float],
    error: CountError, least_visible: float,
) -> Path:  # fmt: skip
    """Write the card beside the model. `recipe` as `asdict(Recipe)` gives it."""
    held = model.read_bytes()
    frames = int(str(recipe["frames_a_scene"]))
    train, val = int(str(recipe["train_scenes"])), int(str(recipe["val_scenes"]))
    text = _TEXT.format(
        name=model.name, bytes=len(held), sha256=hashlib.sha256(held).hexdigest(),
        height=recipe["height_px"], width=recipe["width_px"], least_visible=least_visible,
        train_scenes=train, val_scenes=val, train_pictures=train * frames,
        val_pictures=val * frames, recipe=_table(recipe),
        map50=average_precision["mAP50"], map=average_precision["mAP50-95"], frames=error.frames,
        true_mean=error.true_mean, mae=error.mean_absolute, bias=error.bias,
        too_many=error.too_many,
        within_one=error.within_one,
    )  # fmt: skip
    card = model.with_name(CARD_NAME)
    card.write_text(text, encoding="utf-8")
    return card


def _table(recipe: Mapping[str, object]) -> str:
    rows = [f"| {name} | {value} |" for name, value in recipe.items()]
    return "\n".join(["| setting | value |", "|---|---|", *rows])
