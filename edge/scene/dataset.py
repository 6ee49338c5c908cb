"""Pictures of the scene with their boxes, as Ultralytics reads them, from seeds alone.

Each scene of a set has its own people, moment, light and a slightly different camera; half have
the standard paint, half another. The standard camera's own seeds below `UNSEEN_FROM` never occur.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import cv2

from edge.scene.layout import STANDARD_POSE, Pose
from edge.scene.lunch import Lunch, Rhythm
from edge.scene.picture import Light, Painter, Painting, SeenPerson
from edge.scene.room import Style

UNSEEN_FROM = 1_000_000
"""Scene seeds of the training sets start here: demo, tests and measurements use lower ones."""
LEAST_VISIBLE = 0.18
"""A person hidden more than this is not asked for."""
SIZE_PX = (640, 480)


def write(folder: Path, name: str, first_seed: int, scenes: int, frames: int) -> None:
    """Write `scenes` times `frames` pictures and label files under `folder`, in mixed order."""
    images, labels = folder / "images" / name, folder / "labels" / name
    images.mkdir(parents=True, exist_ok=True)
    labels.mkdir(parents=True, exist_ok=True)
    order = list(range(scenes * frames))
    Random(first_seed).shuffle(order)  # noqa: S311 an order, not a secret
    for number, painting in zip(order, _paintings(first_seed, scenes, frames), strict=True):
        cv2.imwrite(
            str(images / f"{number:05d}.jpg"), painting.image_bgr, [cv2.IMWRITE_JPEG_QUALITY, 95]
        )
        lines = [_label(p) for p in painting.truth.people if p.visible >= LEAST_VISIBLE]
        (labels / f"{number:05d}.txt").write_text("\n".join(lines))


def _paintings(first_seed: int, scenes: int, frames: int) -> Iterator[Painting]:
    for seed in range(first_seed, first_seed + scenes):
        chance = Random(seed)  # noqa: S311
        lunch = Lunch(seed, _rhythm(chance))
        style = Style() if chance.random() < 0.5 else Style.of(seed)
        painter = Painter(SIZE_PX, _pose(chance), style, _light(chance), seed)
        moment = chance.uniform(0, 800)
        for _ in range(frames):
            lunch.advance_to(moment)
            yield painter.paint(lunch)
            moment += chance.uniform(3, 14)


def _rhythm(chance: Random) -> Rhythm:
    return replace(
        Rhythm(),
        quiet_per_min=chance.uniform(2, 8),
        rush_per_min=chance.uniform(6, 14),
        passers_per_min=chance.uniform(1, 9),
        most=chance.choice((6, 10, 15, 16)),
        sits=chance.uniform(0.2, 0.7),
    )


def _pose(chance: Random) -> Pose:
    return Pose(
        x_m=STANDARD_POSE.x_m + chance.uniform(-0.5, 0.5),
        y_m=STANDARD_POSE.y_m + chance.uniform(-0.35, 0.5),
        z_m=STANDARD_POSE.z_m + chance.uniform(-0.25, 0.15),
        yaw_deg=STANDARD_POSE.yaw_deg + chance.uniform(-4, 4),
        pitch_deg=STANDARD_POSE.pitch_deg + chance.uniform(-2.5, 2.5),
        width_view_deg=STANDARD_POSE.width_view_deg + chance.uniform(-4, 4),
    )


def _light(chance: Random) -> Light:
    return Light(
        exposure=chance.uniform(0.72, 1.18),
        warmth=chance.uniform(-0.12, 0.16),
        sun=chance.uniform(0, 1.1),
        noise=chance.uniform(1.5, 7),
        jpeg_quality=chance.randint(55, 92),
        shake_px=chance.uniform(0, 0.8),
    )


def _label(person: SeenPerson) -> str:
    (x0, y0, x1, y1), (width, height) = person.box_xyxy_px, SIZE_PX
    centre = ((x0 + x1) / 2 / width, (y0 + y1) / 2 / height)
    return f"0 {centre[0]:.5f} {centre[1]:.5f} {(x1 - x0) / width:.5f} {(y1 - y0) / height:.5f}"
