"""Draws the lunch room of a moment as a surveillance camera would see it, and knows the truth.

Back to front: backdrop, sunlight, shadows and reflections, then people and things by distance,
then what a cheap camera does to all of it: exposure, colour cast, a little shake, softness, noise
and JPEG. Left out: lens distortion, motion blur, rolling shutter.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.scene import layout
from edge.scene.layout import Pose
from edge.scene.lunch import Lunch, Person
from edge.scene.puppet import ELEVATIONS_RAD, HEADINGS, PHASES, PX_PER_M, Figure, Sprite, Wardrobe
from edge.scene.room import Picture, Room, Style

MARGIN_PX = 24


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
    """The share of the body's pixels that nothing hides, 0..1; what lies outside counts as hidden."""
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


class Painter:
    """Draws one room through one camera. Keeps sprites between pictures; not for several threads."""

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

    def paint(self, lunch: Lunch) -> tuple[Picture, Truth]:
        """Draw the room now. Returns a BGR picture of shape (height, width, 3), and the truth."""
        sun, exposure = self._daylight(lunch.now_s)
        picture = cv2.addWeighted(self.room.backdrop, 1.0, self.room.sun, sun, 0)
        owner = np.zeros(picture.shape[:2], np.int16)
        placed = sorted((self._place(p) for p in lunch.people), key=lambda s: -s.depth_m)
        placed = [s for s in placed if s.depth_m > 0.8]
        for spot in placed:
            self._cast(picture, spot)
        areas = self._paste_all(picture, owner, placed)
        truth = self._truth(lunch, placed, owner, areas)
        return self._camera(picture, lunch.now_s, exposure), truth

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
        legs = body[max(foot - 110, 0) : foot]
        if not legs.size:
            return
        size = (max(int(legs.shape[1] * spot.scale), 1), max(int(legs.shape[0] * spot.scale * 0.8), 1))
        flipped = cv2.flip(cv2.resize(legs, size), 0)
        fade = np.linspace(0.22, 0.02, size[1], dtype=np.float32)[:, None, None]
        ghost = (flipped * fade).astype(np.uint8)
        _blend(picture, ghost, int(spot.u_px - spot.sprite.foot_px[0] * spot.scale), int(spot.v_px))

    def _paste_all(
        self, picture: Picture, owner: NDArray[np.int16], placed: list[Spot]
    ) -> dict[int, int]:
        """Paste people and things from far to near; returns the whole area of each person."""
        things = sorted(self.room.things, key=lambda t: -t.depth_m)
        areas: dict[int, int] = {}
        for spot in placed:
            while things and things[0].depth_m > spot.depth_m:
                _paste_thing(picture, owner, things.pop(0))
            areas[spot.person.number] = self._paste(picture, owner, spot)
        for thing in things:
            _paste_thing(picture, owner, thing)
        return areas

    def _paste(self, picture: Picture, owner: NDArray[np.int16], spot: Spot) -> int:
        warped, x, y = spot.warped()
        spot.box = _alpha_box(warped, x, y)
        solid = warped[..., 3] > 127
        cut = _blend(picture, warped, x, y)
        if cut is not None:
            (y0, y1, x0, x1), (sy, sx) = cut
            owner[y0:y1, x0:x1][solid[sy : sy + y1 - y0, sx : sx + x1 - x0]] = spot.person.number
        return int(np.count_nonzero(solid))

    def _truth(
        self, lunch: Lunch, placed: list[Spot], owner: NDArray[np.int16], areas: dict[int, int]
    ) -> Truth:
        shown = np.bincount(owner.ravel().clip(0), minlength=max(areas, default=0) + 1)
        width, height = self.size_px
        zone = {p.number for p in lunch.in_zone()}
        people = []
        for spot in placed:
            number, (x0, y0, x1, y1) = spot.person.number, spot.box
            visible = float(shown[number]) / max(areas[number], 1)
            box = (max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height)))
            if box[0] < box[2] and box[1] < box[3]:
                people.append(SeenPerson(number, box, (spot.u_px, spot.v_px), visible, number in zone))
        waits = tuple(s.wait_s for s in lunch.served)
        return Truth(
            lunch.now_s, tuple(people), len(zone), lunch.queueing, len(lunch.served), waits
        )

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


@dataclass(slots=True)
class Spot:
    """A person, and where in the picture: foot pixel, distance, scale and lean."""

    person: Person
    sprite: Sprite
    u_px: float
    v_px: float
    depth_m: float
    scale: float
    lean_deg: float
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    def warped(self) -> tuple[Picture, int, int]:
        """The sprite at its size and lean: premultiplied BGRA, and its corner in the picture."""
        h, w = self.sprite.bgra.shape[:2]
        fx, fy = self.sprite.foot_px
        turn = cv2.getRotationMatrix2D((fx, fy), -self.lean_deg, self.scale)
        corners = np.array(((0, 0, 1), (w, 0, 1), (w, h, 1), (0, h, 1))) @ turn.T
        corner = corners.min(0) + (self.u_px - fx, self.v_px - fy)
        x, y = int(np.floor(corner[0])), int(np.floor(corner[1]))
        turn[:, 2] += (self.u_px - fx - x, self.v_px - fy - y)
        span = corners.max(0) - corners.min(0)
        size = (int(span[0]) + 2, int(span[1]) + 2)
        flags = cv2.INTER_LINEAR
        return cv2.warpAffine(self.sprite.bgra, turn, size, flags=flags), x, y  # type: ignore[return-value]


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
    """The part of a patch that lies in the picture: (y0, y1, x0, x1) and its corner in the patch."""
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


def _paste_thing(picture: Picture, owner: NDArray[np.int16], thing) -> None:  # noqa: ANN001
    cut = _blend(picture, thing.bgra, thing.x_px, thing.y_px)
    if cut is not None:
        (y0, y1, x0, x1), _ = cut
        owner[y0:y1, x0:x1][thing.bgra[: y1 - y0, : x1 - x0, 3] > 127] = 0


def _alpha_box(bgra: Picture, x: int, y: int) -> tuple[float, float, float, float]:
    left, top, w, h = cv2.boundingRect((bgra[..., 3] > 100).astype(np.uint8))
    return float(x + left), float(y + top), float(x + left + w), float(y + top + h)


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
