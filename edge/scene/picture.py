"""Draws the lunch room of a moment as a surveillance camera would see it, and knows the truth.

Back to front: backdrop, sunlight, shadows and reflections, then people and things by distance,
then what a cheap camera does to all of it: exposure, colour cast, a little shake, softness, noise
and JPEG. Left out: lens distortion, motion blur, rolling shutter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import atan2, cos, degrees, hypot, pi, sin
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.scene import layout
from edge.scene.layout import Pose
from edge.scene.lunch import Lunch, Person
from edge.scene.puppet import ELEVATIONS_RAD, HEADINGS, PHASES, PX_PER_M, Figure, Sprite, Wardrobe
from edge.scene.room import Picture, Room, Style

MARGIN_PX = 24
NEAREST_M = 0.8  # nearer than this, somebody is a blur in front of the lens: left out
SOLID = 110  # of 255: from here a sprite's pixel belongs to the body


@dataclass(frozen=True, slots=True)
class Light:
    """The room's light and the camera's manners. 1.0 or 0.0 is neutral."""

    exposure: float = 1.0
    warmth: float = 0.0
    """Red minus blue, as a share."""
    sun: float = 0.5
    noise: float = 3.0
    """Standard deviation in grey levels."""
    jpeg_quality: int = 82
    shake_px: float = 0.35
    drift: float = 1.0
    """How far light wanders over the minutes: 0 holds it still."""


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """The truth about one person in one picture. The box is of the whole body, hidden or not."""

    number: int
    box_xyxy_px: tuple[float, float, float, float]
    foot_px: tuple[float, float]
    visible: float
    """The share of the body's pixels that nothing hides, 0..1; outside the picture is hidden."""
    in_zone: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """What is really so at the moment of a picture. Times in simulated seconds."""

    at_s: float
    people: tuple[SeenPerson, ...]
    in_zone: int
    queueing: int
    served: int
    waits_s: tuple[float, ...]
    """Of everybody served so far, in order of crossing the line."""


@dataclass(frozen=True)
class Painting:
    """A picture, BGR of shape (height, width, 3), and what it takes to know the truth about it."""

    image_bgr: Picture
    _layers: list[Layer]
    _facts: Facts

    @cached_property
    def truth(self) -> Truth:
        """The truth, worked out when asked for: who hides whom takes two milliseconds."""
        height, width = self.image_bgr.shape[:2]
        shown = _shown(self._layers, (height, width))
        people = (_seen(layer, shown, width, height, self._facts.zone) for layer in self._layers)
        facts = self._facts
        return Truth(
            facts.at_s, tuple(p for p in people if p), len(facts.zone), facts.queueing,
            len(facts.waits_s), facts.waits_s,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What the simulation knows at the moment of a picture."""

    at_s: float
    zone: frozenset[int]
    queueing: int
    waits_s: tuple[float, ...]


class Painter:
    """Draws one room through one camera. Keeps sprites between pictures; for one thread."""

    def __init__(
        self, size_px: tuple[int, int] = (640, 480), pose: Pose = layout.STANDARD_POSE,
        style: Style | None = None, light: Light | None = None, seed: int = 0,
    ):  # fmt: skip
        self.size_px, self.pose, self.light = size_px, pose, light or Light()
        self.room = Room(pose, size_px, style)
        self._wardrobe = Wardrobe()
        self._seed = seed
        self._noise = _noise_sheet(size_px, seed)
        self._shadow = _shadow_stamp()

    def paint(self, lunch: Lunch) -> Painting:
        """Draw the room as it is now."""
        sun, exposure = self._daylight(lunch.now_s)
        picture = cv2.addWeighted(self.room.backdrop, 1.0, self.room.sun, sun, 0)
        placed = sorted((self._place(p) for p in lunch.people), key=lambda s: -s.depth_m)
        placed = [s for s in placed if s.depth_m > NEAREST_M]
        for spot in placed:
            self._cast(picture, spot)
        layers = self._paste_all(picture, placed)
        facts = _facts(lunch)
        return Painting(self._camera(picture, lunch.now_s, exposure), layers, facts)

    def _daylight(self, now_s: float) -> tuple[float, float]:
        light = self.light
        cloud = 0.5 + 0.5 * sin(now_s / 97 + self._seed) * sin(now_s / 41 + 2 * self._seed)
        sun = light.sun * (1 + light.drift * (cloud - 0.5) * 1.4)
        exposure = light.exposure * (1 + 0.05 * light.drift * (cloud - 0.5))
        return max(0.0, sun), exposure

    def _place(self, person: Person) -> Spot:
        x, y = person.foot_m
        ground, _ = self.pose.elevation_rad(x, y)
        u, v, depth = self.room.px(x, y)
        hu, hv, head_depth = self.room.px(x, y, person.look.height_m)
        tilt = atan2(self.pose.z_m - 0.9, max(ground, 0.1))
        step = min(range(len(ELEVATIONS_RAD)), key=lambda i: abs(ELEVATIONS_RAD[i] - tilt))
        away = atan2(y - self.pose.y_m, x - self.pose.x_m)
        heading = round((person.heading_rad - away) / (2 * pi) * HEADINGS) % HEADINGS
        figure = Figure(heading, step, *_stance(person))
        sprite = self._wardrobe.sprite(person.number, person.look, figure)
        drawn_m = person.look.height_m * cos(ELEVATIONS_RAD[step])
        tall = hypot(hu - u, hv - v) if head_depth > 0.5 else 0.0
        scale = tall / (drawn_m * PX_PER_M)
        lean = degrees(atan2(hu - u, v - hv))
        return Spot(person, sprite, u, v, depth, scale, lean)

    def _cast(self, picture: Picture, spot: Spot) -> None:
        """A soft shadow under the feet, and a faint mirror image in the polished floor."""
        if spot.person.state == "seated":
            return
        wide = max(int(spot.scale * PX_PER_M * 0.95), 6)
        high = max(wide * 2 // 5, 4)
        stamp = cv2.resize(self._shadow, (wide, high))
        x, y = int(spot.u_px - wide * 0.46), int(spot.v_px - high * 0.52)
        cut = _cut(picture.shape, x, y, wide, high)
        if cut is None:
            return
        (y0, y1, x0, x1), (sy, sx) = cut
        part = picture[y0:y1, x0:x1]
        shade = stamp[sy : sy + y1 - y0, sx : sx + x1 - x0]
        cv2.multiply(part, cv2.merge((shade, shade, shade)), part, 1 / 255)
        self._mirror(picture, spot)

    def _mirror(self, picture: Picture, spot: Spot) -> None:
        body = spot.sprite.bgra
        foot = int(spot.sprite.foot_px[1])
        legs = body[max(foot - 90, 0) : foot]
        if not legs.size:
            return
        size = (
            max(int(legs.shape[1] * spot.scale), 1),
            max(int(legs.shape[0] * spot.scale * 0.8), 1),
        )
        flipped = cv2.flip(cv2.resize(legs, size), 0)
        fade = np.linspace(0.22, 0.02, size[1], dtype=np.float32)[:, None, None]
        ghost = (flipped * fade).astype(np.uint8)
        _blend(picture, ghost, int(spot.u_px - spot.sprite.foot_px[0] * spot.scale), int(spot.v_px))

    def _paste_all(self, picture: Picture, placed: list[Spot]) -> list[Layer]:
        """Paste people and things from far to near; returns what was pasted, in that order."""
        layers = [spot.layer() for spot in placed]
        layers += [Layer(None, t.bgra, t.x_px, t.y_px, t.depth_m) for t in self.room.things]
        layers.sort(key=lambda layer: -layer.depth_m)
        for layer in layers:
            _blend(picture, layer.bgra, layer.x_px, layer.y_px)
        return layers

    def _camera(self, picture: Picture, now_s: float, exposure: float) -> Picture:
        light = self.light
        chance = np.random.default_rng((self._seed, int(now_s * 1000)))
        dx, dy = chance.normal(0, light.shake_px, 2) if light.shake_px else (0.0, 0.0)
        shift = np.array(((1, 0, dx), (0, 1, dy)), np.float32)
        picture = cv2.warpAffine(picture, shift, self.size_px, borderMode=cv2.BORDER_REPLICATE)
        picture = cv2.LUT(picture, _response(exposure, light.warmth))
        width, height = self.size_px
        ox, oy = chance.integers(0, MARGIN_PX, 2)
        grain = self._noise[oy : oy + height, ox : ox + width]
        strength = light.noise / 16
        picture = cv2.addWeighted(picture, 1.0, grain, strength, -128 * strength)
        picture = cv2.GaussianBlur(picture, (3, 3), 0.55)
        _, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, light.jpeg_quality])
        return cv2.imdecode(packed, cv2.IMREAD_COLOR)  # type: ignore[return-value]


class Layer(NamedTuple):
    """Something pasted: a person (`number`, `foot_px`) or a thing, premultiplied BGRA."""

    number: int | None
    bgra: Picture
    x_px: int
    y_px: int
    depth_m: float
    foot_px: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Spot:
    """A person, and where in the picture: foot pixel, distance, scale and lean."""

    person: Person
    sprite: Sprite
    u_px: float
    v_px: float
    depth_m: float
    scale: float
    lean_deg: float

    def layer(self) -> Layer:
        """The sprite at its size and lean, and the corner where it goes."""
        h, w = self.sprite.bgra.shape[:2]
        fx, fy = self.sprite.foot_px
        turn = cv2.getRotationMatrix2D((fx, fy), -self.lean_deg, self.scale)
        corners = np.array(((0, 0, 1), (w, 0, 1), (w, h, 1), (0, h, 1))) @ turn.T
        left, top = np.floor(corners.min(0) + np.array((self.u_px - fx, self.v_px - fy)))
        turn[:, 2] += (self.u_px - fx - left, self.v_px - fy - top)
        span = corners.max(0) - corners.min(0)
        warped = cv2.warpAffine(self.sprite.bgra, turn, (int(span[0]) + 2, int(span[1]) + 2))
        foot = (self.u_px, self.v_px)
        return Layer(self.person.number, warped, int(left), int(top), self.depth_m, foot)


def _facts(lunch: Lunch) -> Facts:
    zone = frozenset(p.number for p in lunch.in_zone())
    return Facts(lunch.now_s, zone, lunch.queueing, tuple(s.wait_s for s in lunch.served))


def _shown(layers: list[Layer], shape: tuple[int, int]) -> NDArray[np.int64]:
    """How many pixels of each person nothing hides, by number."""
    owner = np.zeros(shape, np.int32)
    for layer in layers:
        cut = _cut(shape, layer.x_px, layer.y_px, layer.bgra.shape[1], layer.bgra.shape[0])
        if cut is None:
            continue
        (y0, y1, x0, x1), (sy, sx) = cut
        solid = layer.bgra[sy : sy + y1 - y0, sx : sx + x1 - x0, 3] > SOLID
        owner[y0:y1, x0:x1][solid] = layer.number or 0
    most = max((layer.number or 0 for layer in layers), default=0)
    return np.bincount(owner.ravel(), minlength=most + 1)


def _seen(
    layer: Layer, shown: NDArray[np.int64], width: int, height: int, zone: frozenset[int]
) -> SeenPerson | None:
    """The truth about one layer, or None where it is a thing or lies outside the picture."""
    if layer.number is None:
        return None
    solid = (layer.bgra[..., 3] > SOLID).astype(np.uint8)
    left, top, w, h = cv2.boundingRect(solid)
    x0, y0 = max(layer.x_px + left, 0), max(layer.y_px + top, 0)
    x1, y1 = min(layer.x_px + left + w, width), min(layer.y_px + top + h, height)
    if x0 >= x1 or y0 >= y1:
        return None
    visible = float(shown[layer.number]) / max(cv2.countNonZero(solid), 1)
    box = (float(x0), float(y0), float(x1), float(y1))
    return SeenPerson(layer.number, box, layer.foot_px, visible, layer.number in zone)


def _stance(person: Person) -> tuple[int, str]:
    """The phase step and stance of somebody as they are now."""
    step = int(person.phase * PHASES) % PHASES
    if person.state == "seated":
        return step % 2, "sit"
    if person.state == "staff":
        return int(person.phase * PHASES), "serve"
    if person.speed_m_s > 0.25:
        return step, "carry" if person.has_tray else "walk"
    if person.has_tray or person.state == "served":
        return 0, "tray"
    return 0, "phone" if person.look.phone else "stand"


Cut = tuple[tuple[int, int, int, int], tuple[int, int]]


def _cut(shape: tuple[int, ...], x: int, y: int, w: int, h: int) -> Cut | None:
    """The part of a patch inside the picture: (y0, y1, x0, x1), and its corner in the patch."""
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, shape[1]), min(y + h, shape[0])
    return ((y0, y1, x0, x1), (y0 - y, x0 - x)) if x0 < x1 and y0 < y1 else None


def _blend(picture: Picture, bgra: Picture, x: int, y: int) -> Cut | None:
    """Lay premultiplied BGRA on the picture, in place."""
    cut = _cut(picture.shape, x, y, bgra.shape[1], bgra.shape[0])
    if cut is None:
        return None
    (y0, y1, x0, x1), (sy, sx) = cut
    patch = bgra[sy : sy + y1 - y0, sx : sx + x1 - x0]
    part = picture[y0:y1, x0:x1]
    keep = cv2.bitwise_not(patch[..., 3])
    dimmed = cv2.multiply(part, cv2.merge((keep, keep, keep)), scale=1 / 255)
    cv2.add(dimmed, patch[..., :3], part)
    return cut


def _response(exposure: float, warmth: float) -> Picture:
    """A camera's curve as a table of shape (1, 256, 3): gain, cast and a soft shoulder."""
    level = np.arange(256, dtype=np.float32) / 255
    gains = (exposure * (1 - warmth / 2), exposure, exposure * (1 + warmth / 2))
    curves = [np.tanh(1.15 * (level * g) ** 1.25) / np.tanh(1.15) for g in gains]
    table = np.stack(curves, -1)
    return np.clip(table * 236 + 8, 0, 255).astype(np.uint8)[None]


def _noise_sheet(size_px: tuple[int, int], seed: int) -> Picture:
    """Grain of standard deviation 16 around 128: mostly grey, a little coloured."""
    width, height = size_px[0] + MARGIN_PX, size_px[1] + MARGIN_PX
    chance = np.random.default_rng(seed)
    grey = chance.normal(0, 14, (height, width, 1)).astype(np.float32)
    tint = chance.normal(0, 8, (height, width, 3)).astype(np.float32)
    return np.clip(128 + grey + tint, 0, 255).astype(np.uint8)


def _shadow_stamp() -> Picture:
    """A blurred ellipse: 255 leaves the floor as it is."""
    stamp = np.zeros((64, 128), np.float32)
    cv2.ellipse(stamp, (64, 32), (34, 14), 0, 0, 360, 0.5, -1)
    cv2.ellipse(stamp, (74, 29), (40, 13), -8, 0, 360, 0.3, 6)
    stamp = cv2.GaussianBlur(stamp, (0, 0), 7)
    return (255 * (1 - stamp)).astype(np.uint8)
