"""One person as a small shaded picture: a jointed figure of rounded limbs, seen from any side.

Each limb is a capsule whose surface is lit and dressed point by point, so that arms, hair, jackets
and trays turn and hide one another as they should. A figure takes a few milliseconds, so figures
are kept and used again (`Wardrobe`): a person who stands still costs one paste a frame.
Left out: faces. At eight pixels a head, there is nothing to see, and nobody to recognise.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.scene.lunch import Look

PX_PER_M = 115.0
HALF_WIDTH_PX = 82
HEAD_ROOM_PX = 244
FOOT_ROOM_PX = 54
SIZE_PX = (2 * HALF_WIDTH_PX, HEAD_ROOM_PX + FOOT_ROOM_PX)
HEADINGS, PHASES, ELEVATIONS_RAD = 16, 8, (0.28, 0.4, 0.52, 0.68)

Vector = tuple[float, float, float]
Colour = tuple[float, float, float]


class Limb(NamedTuple):
    """A rounded cone from `a` to `b` in body metres: x to the right hand, y forward, z up."""

    a: Vector
    b: Vector
    radius_a_m: float
    radius_b_m: float
    colour: Colour
    dress: str = "plain"


@dataclass(frozen=True, slots=True)
class Figure:
    """How somebody stands. Angles and phases in steps, so that equal figures are drawn once."""

    heading: int
    """0 looks away from the camera, counted to the left in sixteenths."""
    elevation: int
    phase: int
    stance: str
    """walk, stand, phone, tray, carry (a tray while walking), sit or serve."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """A figure, drawn: premultiplied BGRA, and where in it the foot point stands, in pixels."""

    bgra: NDArray[np.uint8]
    foot_px: tuple[float, float]


class Wardrobe:
    """Keeps the figures that were drawn last."""

    def __init__(self, room_for: int = 1200):
        self._kept: OrderedDict[tuple[int, Figure], Sprite] = OrderedDict()
        self._room_for = room_for

    def sprite(self, number: int, look: Look, figure: Figure) -> Sprite:
        """The picture of person `number` in this figure, drawn now or earlier."""
        key = (number, figure)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        made = self._kept[key] = draw(look, figure, number)
        if len(self._kept) > self._room_for:
            self._kept.popitem(last=False)
        return made


def draw(look: Look, figure: Figure, number: int) -> Sprite:
    """Draw a figure on a transparent ground, trimmed to what is visible."""
    canvas = _Canvas(figure, number)
    for limb in limbs(look, figure):
        canvas.add(limb, look)
    if figure.stance in ("tray", "carry"):
        canvas.add_tray(look)
    return canvas.finish()


def limbs(look: Look, figure: Figure) -> list[Limb]:
    """The body in its stance, as capsules, for a person of `look`'s height and build."""
    grown, wide = look.height_m / 1.72, look.build
    parts = [*_legs(look, figure), *_trunk(look), *_arms(look, figure), *_head(look)]
    lowered = 0.42 if figure.stance == "sit" else 0.0
    swing = abs(sin(2 * pi * figure.phase / PHASES)) if _walks(figure) else 0.0

    def placed(p: Vector) -> Vector:
        return (
            p[0] * wide * grown,
            p[1] * grown,
            max((p[2] - lowered) * grown - 0.02 * swing, 0.03),
        )

    girth = grown * (0.35 + 0.65 * wide)
    return [
        limb._replace(
            a=placed(limb.a),
            b=placed(limb.b),
            radius_a_m=limb.radius_a_m * girth,
            radius_b_m=limb.radius_b_m * girth,
        )
        for limb in parts
    ]


def _walks(figure: Figure) -> bool:
    return figure.stance in ("walk", "carry")


def _legs(look: Look, figure: Figure) -> list[Limb]:
    parts: list[Limb] = []
    for side in (-1, 1):
        hip = (0.085 * side, 0.0, 0.9)
        knee, ankle = _leg_joints(figure, side)
        bare = look.bottom_style == "skirt"
        shin = tuple(c * 0.9 for c in look.skin) if bare else look.bottom
        parts += [
            Limb(hip, knee, 0.088, 0.062, look.bottom),
            Limb(knee, ankle, 0.05 if bare else 0.06, 0.036 if bare else 0.05, shin),  # type: ignore[arg-type]
            Limb(
                (ankle[0], ankle[1] - 0.03, ankle[2] - 0.04),
                (ankle[0] + 0.015 * side, ankle[1] + 0.15, ankle[2] - 0.05),
                0.045, 0.038, look.shoes,
            ),
        ]  # fmt: skip
        if bare:
            hem = tuple(h + 0.75 * (k - h) for h, k in zip(hip, knee, strict=True))
            parts.append(
                Limb(
                    (0.04 * side, 0.0, 0.95),
                    (hem[0] * 0.75, hem[1], hem[2]),
                    0.105,
                    0.118,
                    look.bottom,
                )
            )
    return parts


def _leg_joints(figure: Figure, side: int) -> tuple[Vector, Vector]:
    x = 0.1 * side
    if figure.stance == "sit":
        return (x, 0.42, 0.9), (x, 0.45, 0.5)
    if not _walks(figure):
        return (x, 0.015, 0.49), (x * 1.15, -0.01, 0.08)
    turn = 2 * pi * figure.phase / PHASES + (0.0 if side < 0 else pi)
    thigh = 0.42 * sin(turn)
    bend = 0.12 + 0.55 * max(0.0, cos(turn)) ** 2
    knee = (x, 0.41 * sin(thigh), 0.9 - 0.41 * cos(thigh))
    shin = thigh - bend
    return knee, (x, knee[1] + 0.41 * sin(shin), knee[2] - 0.41 * cos(shin))


def _trunk(look: Look) -> list[Limb]:
    parts = [
        Limb((0.055 * s, 0.0, 0.93), (0.095 * s, 0.0, 1.32), 0.108, 0.108, look.top, "top")
        for s in (-1, 1)
    ]
    parts.append(Limb((0.0, 0.0, 0.93), (0.0, 0.005, 1.33), 0.124, 0.124, look.top, "top"))
    parts.append(Limb((-0.12, 0, 1.375), (0.12, 0, 1.375), 0.07, 0.07, look.top, "top"))
    if look.bag:
        parts.append(Limb((0.21, -0.02, 0.98), (0.21, 0.02, 0.82), 0.07, 0.1, (50, 60, 80)))
    return parts


def _arms(look: Look, figure: Figure) -> list[Limb]:
    parts: list[Limb] = []
    for side in (-1, 1):
        shoulder = (0.182 * side, 0.0, 1.365)
        elbow, hand = _arm_joints(figure, side)
        sleeve = look.under if look.top_style == "vest" else look.top
        fore = sleeve if look.long_sleeves else look.skin
        parts += [
            Limb(shoulder, elbow, 0.06, 0.046, sleeve),
            Limb(elbow, hand, 0.043, 0.036, fore),
            Limb(hand, hand, 0.044, 0.044, look.skin),
        ]
    return parts


def _arm_joints(figure: Figure, side: int) -> tuple[Vector, Vector]:
    x = 0.225 * side
    if figure.stance in ("tray", "carry"):
        return (x, 0.05, 1.11), (0.2 * side, 0.31, 1.08)
    if figure.stance in ("sit", "serve"):
        lift = 0.06 * sin(2 * pi * figure.phase / PHASES + side)
        return (x, 0.1, 1.12), (0.12 * side, 0.34, 1.12 + lift)
    if figure.stance == "phone" and side > 0:
        return (x, 0.05, 1.11), (0.1, 0.24, 1.25)
    swing = (
        0.5 * sin(2 * pi * figure.phase / PHASES + (pi if side < 0 else 0))
        if _walks(figure)
        else 0.04
    )
    elbow = (x, 0.28 * sin(swing), 1.365 - 0.28 * cos(swing))
    fore = swing + 0.25
    return elbow, (x, elbow[1] + 0.25 * sin(fore), elbow[2] - 0.25 * cos(fore))


def _head(look: Look) -> list[Limb]:
    parts = [
        Limb((0, 0, 1.42), (0, 0.015, 1.5), 0.055, 0.052, look.skin),
        Limb((0, 0.03, 1.565), (0, 0.005, 1.625), 0.083, 0.1, look.skin, "head"),
    ]
    if look.hair_style in ("long", "bob"):
        end = 1.36 if look.hair_style == "long" else 1.5
        parts.append(Limb((0, -0.025, 1.62), (0, -0.06, end), 0.098, 0.085, look.hair, "hair"))
    if look.hair_style == "tied":
        parts.append(Limb((0, -0.1, 1.63), (0, -0.13, 1.46), 0.04, 0.03, look.hair, "hair"))
    if look.hair_style == "cap":
        parts.append(Limb((0, 0.08, 1.655), (0, 0.15, 1.645), 0.07, 0.05, look.bottom))
    return parts


LIGHT = np.array((-0.25, -0.35, 0.9), np.float32) / np.linalg.norm((-0.25, -0.35, 0.9))


class _Canvas:
    """Colour and depth while limbs are laid on. Screen x right, y down, depth to the viewer."""

    def __init__(self, figure: Figure, number: int):
        width, height = SIZE_PX
        self.bgr = np.zeros((height, width, 3), np.float32)
        self.depth = np.full((height, width), -1e3, np.float32)
        turn = 2 * pi * figure.heading / HEADINGS
        tilt = ELEVATIONS_RAD[figure.elevation]
        spin = np.array(
            ((cos(turn), -sin(turn), 0), (sin(turn), cos(turn), 0), (0, 0, 1)), np.float32
        )
        look = np.array(
            ((1, 0, 0), (0, sin(tilt), cos(tilt)), (0, -cos(tilt), sin(tilt))), np.float32
        )
        self.spin, self.view = spin, look @ spin
        self.light = look @ LIGHT
        self.up = look @ np.array((0, 0, 1), np.float32)
        self.folds = _folds(number)

    def screen(self, point: Vector) -> NDArray[np.float32]:
        """Pixels right, pixels down and pixels towards the viewer, from the canvas' corner."""
        right, up, near = self.view @ np.array(point, np.float32) * PX_PER_M
        return np.array((HALF_WIDTH_PX + right, HEAD_ROOM_PX - up, near), np.float32)

    def add(self, limb: Limb, look: Look) -> None:
        """Lay one limb on, where it is nearer than what is there."""
        a, b = self.screen(limb.a), self.screen(limb.b)
        ra, rb = limb.radius_a_m * PX_PER_M, limb.radius_b_m * PX_PER_M
        box = _box(a, b, max(ra, rb))
        if box is None:
            return
        x0, y0, x1, y1 = box
        xs = np.arange(x0, x1, dtype=np.float32)[None, :]
        ys = np.arange(y0, y1, dtype=np.float32)[:, None]
        along = b - a
        length2 = max(float(along[0] ** 2 + along[1] ** 2), 1.0)
        t = np.clip(((xs - a[0]) * along[0] + (ys - a[1]) * along[1]) / length2, 0, 1)
        radius = ra + (rb - ra) * t
        nx = (xs - a[0] - t * along[0]) / radius
        ny = (ys - a[1] - t * along[1]) / radius
        flat2 = nx * nx + ny * ny
        nz = np.sqrt(np.maximum(1 - flat2, 0))
        depth = a[2] + t * along[2] + nz * radius
        here = self.depth[y0:y1, x0:x1]
        shown = (flat2 < 1) & (depth > here)
        normal = np.stack((nx, -ny, nz), -1)[shown]
        colour = self._dress(limb, look, normal, t[shown])
        here[shown] = depth[shown]
        shade = self._shade(normal) * self.folds[y0:y1, x0:x1][shown]
        self.bgr[y0:y1, x0:x1][shown] = colour * shade[:, None]

    def _shade(self, normal: NDArray[np.float32]) -> NDArray[np.float32]:
        lit = np.clip(normal @ self.light, 0, 1)
        sky = 0.5 + 0.5 * (normal @ self.up)
        return (0.34 + 0.3 * sky + 0.46 * lit).astype(np.float32, copy=False)

    def _dress(
        self, limb: Limb, look: Look, normal: NDArray[np.float32], t: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        colour = np.empty((len(normal), 3), np.float32)
        colour[:] = limb.colour
        if limb.dress == "plain":
            return colour
        # back to the body's own right, forward, up
        body = (normal @ self.view).astype(np.float32, copy=False)
        if limb.dress == "head":
            _hair_and_mask(colour, body, look)
        elif limb.dress == "top":
            _top(colour, body, t, limb, look)
        return colour

    def add_tray(self, look: Look) -> None:
        """A tray with a bowl and a dish, held before the chest."""
        z, grown = 1.06, look.height_m / 1.72
        corners = [(-0.2, 0.22, z), (0.2, 0.22, z), (0.2, 0.5, z), (-0.2, 0.5, z)]
        points = np.array([self.screen((x * grown, y * grown, h * grown)) for x, y, h in corners])
        mask = np.zeros(self.depth.shape, np.uint8)
        cv2.fillConvexPoly(mask, points[:, :2].astype(np.int32), 1)
        shown = (mask > 0) & (self.depth < points[:, 2].mean() + 6)
        self.bgr[shown], self.depth[shown] = (92, 112, 128), points[:, 2].mean() + 6
        for x, y, r, colour in (
            (-0.08, 0.34, 0.062, (225, 232, 238)),
            (0.09, 0.38, 0.05, (70, 105, 190)),
        ):
            spot = (x * grown, y * grown, (z + 0.02) * grown)
            self.add(Limb(spot, spot, r, r, colour), look)

    def finish(self) -> Sprite:
        """Trim to what is visible, premultiply."""
        alpha = (self.depth > -900).astype(np.uint8) * 255
        x, y, w, h = cv2.boundingRect(alpha)
        bgra = np.dstack((np.clip(self.bgr, 0, 255).astype(np.uint8), alpha))[y : y + h, x : x + w]
        padded = cv2.copyMakeBorder(bgra, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0))
        return Sprite(padded, (HALF_WIDTH_PX - x + 2.0, HEAD_ROOM_PX - y + 2.0))  # type: ignore[arg-type]


def _box(
    a: NDArray[np.float32], b: NDArray[np.float32], r: float
) -> tuple[int, int, int, int] | None:
    width, height = SIZE_PX
    x0, x1 = int(max(min(a[0], b[0]) - r - 1, 0)), int(min(max(a[0], b[0]) + r + 2, width))
    y0, y1 = int(max(min(a[1], b[1]) - r - 1, 0)), int(min(max(a[1], b[1]) + r + 2, height))
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


@lru_cache(maxsize=64)
def _folds(number: int) -> NDArray[np.float32]:
    """Soft creases, the same ones for a person every time: factors around 1."""
    width, height = SIZE_PX
    rough = np.random.default_rng(number).normal(0, 1, (height // 14 + 2, width // 9 + 2))
    soft = cv2.resize(rough.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return 1 + 0.07 * np.clip(soft, -2, 2)


def _hair_and_mask(colour: NDArray[np.float32], body: NDArray[np.float32], look: Look) -> None:
    _, forward, up = body[:, 0], body[:, 1], body[:, 2]
    hair = (up > 0.42) | ((forward < 0.12) & (up > -0.55)) | ((forward < 0.45) & (up > 0.12))
    if look.hair_style == "bald":
        hair = (forward < -0.2) & (up < 0.25) & (up > -0.5)
    colour[hair] = look.bottom if look.hair_style == "cap" else look.hair
    eyes = ~hair & (forward > 0.75) & (abs(body[:, 0]) > 0.22) & (abs(body[:, 0]) < 0.5)
    colour[eyes & (up > 0.0) & (up < 0.16)] *= 0.45
    if look.mask:
        colour[(forward > 0.25) & (up < -0.05)] = (226, 224, 220)


def _top(
    colour: NDArray[np.float32],
    body: NDArray[np.float32],
    t: NDArray[np.float32],
    limb: Limb,
    look: Look,
) -> None:
    side, forward = body[:, 0], body[:, 1]
    middle = abs(limb.a[0]) < 0.01 and limb.a[2] != limb.b[2]
    if look.top_style == "stripes":
        colour[np.sin(t * 46) > 0.2] = [c * 0.72 for c in limb.colour]
    if not middle:
        return
    if look.top_style in ("jacket", "vest"):
        colour[(forward > 0.2) & (abs(side) < 0.06 + 0.42 * t)] = look.under
    else:
        colour[(forward > 0.6) & (abs(side) < 0.05)] *= 0.88
    if look.lanyard:
        strap = (forward > 0.2) & (abs(abs(side) - 0.35 * t) < 0.1) & (t > 0.35)
        colour[strap] = (150, 70, 30)
        colour[(forward > 0.3) & (abs(side) < 0.25) & (t > 0.22) & (t < 0.36)] = (235, 238, 240)
