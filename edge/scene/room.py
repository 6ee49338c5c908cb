"""The cafeteria itself: floor, walls, counter and furniture as one camera pose sees them.

Drawn once for a pose, at twice the size, then kept: a backdrop, things that people can stand
behind, and where the sun falls. Nothing here moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from cv2.typing import MatLike

from edge.scene import layout
from edge.scene.layout import Pose

Picture = MatLike  # BGR or BGRA, uint8
Colour = tuple[float, float, float]
Corner = tuple[float, float, float]
OVERSIZE = 2


class Thing(NamedTuple):
    """Something that hides who is behind it: premultiplied BGRA at a place in the picture."""

    depth_m: float
    x_px: int
    y_px: int
    bgra: Picture


@dataclass(frozen=True, slots=True)
class Style:
    """How a room is painted, so that a model does not learn one wall by heart. Colours are BGR."""

    wall: Colour = (206, 214, 218)
    skirting: Colour = (150, 160, 168)
    tile: Colour = (150, 158, 164)
    tile_m: float = 0.6
    wood: Colour = (96, 132, 168)
    counter: Colour = (120, 126, 130)
    belt: Colour = (120, 60, 40)
    seed: int = 7

    @classmethod
    def of(cls, seed: int) -> Style:
        """Some other cafeteria."""
        chance, plain = np.random.default_rng(seed), cls()

        def near(colour: Colour, spread: float) -> Colour:
            warm = chance.uniform(-spread, spread, 3) * 0.6 + chance.uniform(-spread, spread)
            b, g, r = np.clip(np.array(colour) + warm, 20, 240)
            return (float(b), float(g), float(r))

        return cls(
            near(plain.wall, 28), near(plain.skirting, 25), near(plain.tile, 34),
            float(chance.choice((0.3, 0.45, 0.6, 0.9))), near(plain.wood, 34),
            near(plain.counter, 34), near(plain.belt, 40), seed,
        )  # fmt: skip


class Room:
    """The unmoving part of the picture for one pose, one size (width, height) and one style."""

    def __init__(self, pose: Pose, size_px: tuple[int, int], style: Style | None = None):
        self.pose, self.size_px, self.style = pose, size_px, style or Style()
        self._big = (size_px[0] * OVERSIZE, size_px[1] * OVERSIZE)
        self._chance = np.random.default_rng(self.style.seed)
        self.backdrop = self._backdrop()
        self.sun = self._sun()
        self.things = [self._counter(), *self._tables(), *self._belts()]

    def px(self, x: float, y: float, z: float = 0.0) -> tuple[float, float, float]:
        """A point of the room in pixels of the finished picture, and its depth in metres."""
        width, height = self.size_px
        sight = self.pose.project(x, y, z, width / height)
        return sight.u * width, sight.v * height, sight.depth_m

    # -- the backdrop

    def _backdrop(self) -> Picture:
        width, height = self._big
        canvas = np.full((height, width, 3), 60, np.uint8)
        x0, x1 = layout.ROOM_X_M
        y0, y1 = layout.ROOM_Y_M
        top = layout.WALL_HEIGHT_M
        self._plane(
            canvas, ((x0, y0, top), (x0, y1, top), (x0, y1, 0), (x0, y0, 0)), self._side_wall(False)
        )
        self._plane(
            canvas, ((x1, y1, top), (x1, y0, top), (x1, y0, 0), (x1, y1, 0)), self._side_wall(True)
        )
        self._plane(
            canvas, ((x0, y1, top), (x1, y1, top), (x1, y1, 0), (x0, y1, 0)), self._back_wall()
        )
        self._plane(canvas, ((x0, y1, 0), (x1, y1, 0), (x1, y0, 0), (x0, y0, 0)), self._floor())
        self._plane(
            canvas, ((x0, y0, top), (x1, y0, top), (x1, y1, top), (x0, y1, top)), self._ceiling()
        )
        small = cv2.resize(canvas, self.size_px, interpolation=cv2.INTER_AREA)
        return self._vignette(small)

    def _plane(self, canvas: Picture, corners: tuple[Corner, ...], texture: Picture) -> None:
        """Paint a rectangle of the room, given clockwise from its upper left corner."""
        h, w = texture.shape[:2]
        seen = [self.px(*c) for c in corners]
        if any(depth < 0.05 for *_, depth in seen):
            return
        there = np.array([(u * OVERSIZE, v * OVERSIZE) for u, v, _ in seen], np.float32)
        here = np.array(((0, 0), (w, 0), (w, h), (0, h)), np.float32)
        cv2.warpPerspective(
            texture, cv2.getPerspectiveTransform(here, there), self._big, canvas,
            cv2.INTER_AREA, cv2.BORDER_TRANSPARENT,
        )  # fmt: skip

    def _paint(
        self, width_m: float, height_m: float, colour: Colour, px_per_m: int = 90
    ) -> Picture:
        h, w = int(height_m * px_per_m), int(width_m * px_per_m)
        picture = np.empty((h, w, 3), np.float32)
        picture[:] = colour
        rough = self._chance.normal(0, 1, (max(h // 40, 2), max(w // 40, 2))).astype(np.float32)
        picture += 3.0 * cv2.resize(rough, (w, h), interpolation=cv2.INTER_CUBIC)[..., None]
        return np.clip(picture, 0, 255).astype(np.uint8)

    def _floor(self) -> Picture:
        x0, x1 = layout.ROOM_X_M
        y0, y1 = layout.ROOM_Y_M
        scale = 90
        floor = self._paint(x1 - x0, y1 - y0, self.style.tile, scale).astype(np.float32)
        h, w = floor.shape[:2]
        tile = self.style.tile_m * scale
        rows, columns = int(h / tile) + 1, int(w / tile) + 1
        shades = self._chance.normal(0, 3.5, (rows, columns)).astype(np.float32)
        index = np.ix_((np.arange(h) / tile).astype(int), (np.arange(w) / tile).astype(int))
        floor += shades[index][..., None]
        for k in range(1, max(rows, columns)):
            at = int(k * tile)
            floor[at : at + 2, :] *= 0.86
            floor[:, at : at + 2] *= 0.86
        shine = np.zeros((h, w), np.float32)
        for x in np.arange(0.8, x1 - x0, 2.2):
            cv2.rectangle(shine, (int(x * scale), 0), (int((x + 0.28) * scale), h), 1.0, -1)
        shine = cv2.GaussianBlur(shine, (0, 0), 22)
        floor += (18 * shine)[..., None]
        away = np.linspace(0.84, 1.04, h, dtype=np.float32)[:, None, None]
        floor *= away
        edge = np.ones((h, w), np.float32)
        edge[: int(0.5 * scale)] = 0.8
        edge[int(1.0 * scale) : int(1.2 * scale), int(3.3 * scale) : int(9.3 * scale)] = 0.72
        floor *= cv2.GaussianBlur(edge, (0, 0), 18)[..., None]
        return np.clip(floor, 0, 255).astype(np.uint8)

    def _back_wall(self) -> Picture:
        x0, x1 = layout.ROOM_X_M
        scale = 90
        wall = self._paint(x1 - x0, layout.WALL_HEIGHT_M, self.style.wall, scale)

        def at(x: float, z: float) -> tuple[int, int]:
            return int((x - x0) * scale), int((layout.WALL_HEIGHT_M - z) * scale)

        def box(
            xa: float, za: float, xb: float, zb: float, colour: Colour, thick: int = -1
        ) -> None:
            cv2.rectangle(wall, at(xa, zb), at(xb, za), colour, thick, cv2.LINE_AA)

        box(x0, 0, x1, 0.12, self.style.skirting)
        box(-1.9, 0.0, 4.5, 2.35, (188, 196, 198))
        for x in np.arange(-1.9, 4.5, 0.2):
            cv2.line(wall, at(x, 0), at(x, 2.35), (172, 180, 182), 1)
        for z in np.arange(0.2, 2.35, 0.2):
            cv2.line(wall, at(-1.9, z), at(4.5, z), (172, 180, 182), 1)
        box(-1.0, 1.0, 1.5, 2.1, (70, 78, 84))
        box(-0.92, 1.08, 1.42, 2.02, (112, 120, 124))
        self._shelves(wall, at)
        box(1.9, 0.9, 2.9, 2.15, (150, 156, 158))
        box(1.98, 0.98, 2.82, 2.07, (120, 126, 128))
        box(3.2, 1.2, 4.3, 1.25, (110, 118, 120))
        for k, x in enumerate(np.arange(3.25, 4.25, 0.16)):
            box(
                x, 1.25, x + 0.1, 1.42 + 0.04 * (k % 3), (60 + 30 * (k % 4), 90, 150 - 20 * (k % 3))
            )
        for k, x in enumerate((-1.6, 0.0, 1.6, 3.2)):
            self._menu_board(wall, at(x, 3.15), at(x + 1.35, 2.5), k)
        box(-4.72, 0, -3.68, 2.12, (92, 100, 104))
        box(-4.64, 0, -3.76, 2.05, (64, 70, 72))
        box(-4.64, 0, -4.22, 2.05, (92, 122, 148))
        cv2.circle(wall, at(-2.75, 2.6), 20, (70, 70, 72), -1, cv2.LINE_AA)
        cv2.circle(wall, at(-2.75, 2.6), 17, (235, 238, 238), -1, cv2.LINE_AA)
        cv2.line(wall, at(-2.75, 2.6), at(-2.66, 2.66), (40, 40, 42), 2, cv2.LINE_AA)
        cv2.line(wall, at(-2.75, 2.6), at(-2.75, 2.74), (40, 40, 42), 2, cv2.LINE_AA)
        box(-3.3, 1.25, -2.35, 1.95, (196, 204, 206))
        box(-3.25, 1.3, -2.85, 1.9, (170, 190, 150))
        box(-2.78, 1.45, -2.4, 1.9, (120, 150, 205))
        return wall

    def _shelves(self, wall: Picture, at) -> None:
        for z in (1.35, 1.7):
            cv2.line(wall, at(-0.9, z), at(1.4, z), (70, 76, 80), 2)
            for x in np.arange(-0.85, 1.35, 0.17):
                high, grey = self._chance.uniform(0.08, 0.24), self._chance.uniform(90, 200)
                tone = (grey * 0.9, grey, grey * self._chance.uniform(0.9, 1.2))
                cv2.rectangle(wall, at(x, z + high), at(x + 0.12, z), tone, -1)

    def _menu_board(
        self, wall: Picture, corner: tuple[int, int], other: tuple[int, int], k: int
    ) -> None:
        cv2.rectangle(wall, corner, other, (52, 48, 46), -1)
        x0, y0, x1, y1 = corner[0] + 4, corner[1] + 4, other[0] - 4, other[1] - 4
        cv2.rectangle(
            wall,
            (x0, y0),
            (x1, y1),
            ((88, 70, 40), (70, 92, 60), (52, 70, 120), (90, 84, 62))[k % 4],
            -1,
        )
        cv2.rectangle(wall, (x0 + 4, y0 + 5), (x0 + 46, y1 - 5), (120, 165, 205), -1)
        cv2.circle(wall, ((x0 * 2 + 50) // 2, (y0 + y1) // 2), 13, (215, 225, 232), -1, cv2.LINE_AA)
        cv2.circle(
            wall, ((x0 * 2 + 50) // 2, (y0 + y1) // 2), 9, (60, 90 + 20 * k, 170), -1, cv2.LINE_AA
        )
        for row in range(4):
            y = y0 + 9 + row * 11
            end = int(x0 + 60 + self._chance.uniform(18, x1 - x0 - 64))
            cv2.line(wall, (x0 + 54, y), (end, y), (225, 228, 230), 3)

    def _side_wall(self, windows: bool) -> Picture:
        y0, y1 = layout.ROOM_Y_M
        shade = tuple(c * 0.9 for c in self.style.wall)
        wall = self._paint(y1 - y0, layout.WALL_HEIGHT_M, shade)  # type: ignore[arg-type]
        h, w = wall.shape[:2]
        wall[-11:] = self.style.skirting
        if not windows:
            cv2.rectangle(
                wall,
                (int(w * 0.55), int(h * 0.35)),
                (int(w * 0.72), int(h * 0.62)),
                (110, 140, 150),
                -1,
            )
            cv2.rectangle(
                wall,
                (int(w * 0.56), int(h * 0.37)),
                (int(w * 0.71), int(h * 0.60)),
                (205, 214, 216),
                -1,
            )
            return wall
        for left in (0.05, 0.37, 0.69):
            x0, x1 = int(w * left), int(w * (left + 0.26))
            cv2.rectangle(wall, (x0, int(h * 0.2)), (x1, int(h * 0.68)), (130, 134, 136), -1)
            cv2.rectangle(
                wall, (x0 + 5, int(h * 0.2) + 5), (x1 - 5, int(h * 0.68) - 5), (250, 248, 240), -1
            )
            cv2.line(
                wall,
                ((x0 + x1) // 2, int(h * 0.2)),
                ((x0 + x1) // 2, int(h * 0.68)),
                (130, 134, 136),
                5,
            )
        return wall

    def _ceiling(self) -> Picture:
        x0, x1 = layout.ROOM_X_M
        y0, y1 = layout.ROOM_Y_M
        ceiling = self._paint(x1 - x0, y1 - y0, (186, 190, 192), 40)
        for x in np.arange(0.8, x1 - x0, 2.2):
            cv2.rectangle(
                ceiling,
                (int(x * 40), 0),
                (int((x + 0.28) * 40), ceiling.shape[0]),
                (255, 255, 252),
                -1,
            )
        return ceiling

    def _vignette(self, picture: Picture) -> Picture:
        width, height = self.size_px
        ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
        out = ((xs / width - 0.5) ** 2 + (ys / height - 0.5) ** 2) / 0.5
        return np.clip(picture * (1.02 - 0.2 * out)[..., None], 0, 255).astype(np.uint8)

    def _sun(self) -> Picture:
        """Light from the windows on the floor, as a picture to be added in some strength."""
        width, height = self._big
        light = np.zeros((height, width, 3), np.uint8)
        for y in (1.3, 3.9, 6.4):
            quad = [
                self.px(x, yy)
                for x, yy in ((4.9, y), (2.6, y - 0.5), (2.6, y + 0.8), (4.9, y + 1.3))
            ]
            points = np.array([(u * OVERSIZE, v * OVERSIZE) for u, v, _ in quad], np.int32)
            cv2.fillConvexPoly(light, points, (56, 68, 74), cv2.LINE_AA)
        soft = cv2.GaussianBlur(light, (0, 0), 5 * OVERSIZE)
        return cv2.resize(soft, self.size_px, interpolation=cv2.INTER_AREA)

    # -- things to stand behind

    def _thing(self, bgr: Picture, alpha: Picture, depth_m: float) -> Thing:
        small = cv2.resize(np.dstack((bgr, alpha)), self.size_px, interpolation=cv2.INTER_AREA)
        x, y, w, h = cv2.boundingRect(small[..., 3])
        cut = small[y : y + h, x : x + w].astype(np.uint16)
        cut[..., :3] = cut[..., :3] * cut[..., 3:] // 255
        return Thing(depth_m, x, y, cut.astype(np.uint8))

    def _sheet(self) -> tuple[Picture, Picture]:
        width, height = self._big
        return np.zeros((height, width, 3), np.uint8), np.zeros((height, width), np.uint8)

    def _quad(
        self,
        sheet: tuple[Picture, Picture],
        corners: tuple[Corner, ...],
        colour: Colour,
        alpha: int = 255,
    ) -> None:
        seen = [self.px(*c) for c in corners]
        if any(depth < 0.1 for *_, depth in seen):
            return
        points = np.array([(u * OVERSIZE, v * OVERSIZE) for u, v, _ in seen], np.int32)
        cv2.fillConvexPoly(sheet[0], points, colour, cv2.LINE_AA)
        cv2.fillConvexPoly(sheet[1], points, (alpha,), cv2.LINE_AA)

    def _block(
        self, sheet: tuple[Picture, Picture], x: tuple[float, float], y: tuple[float, float],
        z: tuple[float, float], colour: Colour,
    ) -> None:  # fmt: skip
        """A box: its sides darker, its top lighter. Only what the camera can see is painted."""
        (x0, x1), (y0, y1), (z0, z1) = x, y, z
        dark = (colour[0] * 0.62, colour[1] * 0.62, colour[2] * 0.62)
        if self.pose.x_m < x0:
            self._quad(sheet, ((x0, y0, z1), (x0, y1, z1), (x0, y1, z0), (x0, y0, z0)), dark)
        if self.pose.x_m > x1:
            self._quad(sheet, ((x1, y0, z1), (x1, y1, z1), (x1, y1, z0), (x1, y0, z0)), dark)
        front = (colour[0] * 0.78, colour[1] * 0.78, colour[2] * 0.78)
        self._quad(sheet, ((x0, y0, z1), (x1, y0, z1), (x1, y0, z0), (x0, y0, z0)), front)
        self._quad(sheet, ((x0, y0, z1), (x0, y1, z1), (x1, y1, z1), (x1, y0, z1)), colour)

    def _counter(self) -> Thing:
        sheet = self._sheet()
        (x0, x1), (y0, y1), z = layout.COUNTER_X_M, layout.COUNTER_Y_M, layout.COUNTER_HEIGHT_M
        self._block(sheet, (x0, x1), (y0, y1), (0, z), (198, 202, 204))
        self._quad(
            sheet, ((x0, y0, 0.82), (x1, y0, 0.82), (x1, y0, 0.1), (x0, y0, 0.1)), self.style.wood
        )
        for x in np.arange(x0, x1, 0.6):
            dark = (self.style.wood[0] * 0.8, self.style.wood[1] * 0.8, self.style.wood[2] * 0.8)
            self._quad(
                sheet,
                ((x, y0, 0.82), (x + 0.02, y0, 0.82), (x + 0.02, y0, 0.1), (x, y0, 0.1)),
                dark,
            )
        for x in np.arange(x0 + 0.25, x1 - 0.4, 0.62):
            self._pan(sheet, float(x), y0 + 0.14, z)
        self._block(sheet, (x0, x1), (y0 - 0.32, y0 - 0.02), (z - 0.1, z - 0.06), (150, 156, 160))
        self._glass(sheet, x0, x1, y0 + 0.1, z)
        return self._thing(*sheet, self.px(0.5, y0 - 0.1)[2])

    def _pan(self, sheet: tuple[Picture, Picture], x: float, y: float, z: float) -> None:
        self._quad(
            sheet,
            ((x, y + 0.3, z), (x + 0.5, y + 0.3, z), (x + 0.5, y, z), (x, y, z)),
            (120, 124, 126),
        )
        food = ((60, 110, 190), (70, 130, 90), (170, 205, 225), (50, 70, 150), (110, 170, 205))
        tone = food[int(self._chance.integers(len(food)))]
        self._quad(
            sheet,
            (
                (x + 0.04, y + 0.27, z),
                (x + 0.46, y + 0.27, z),
                (x + 0.46, y + 0.03, z),
                (x + 0.04, y + 0.03, z),
            ),
            tone,
        )

    def _glass(
        self, sheet: tuple[Picture, Picture], x0: float, x1: float, y: float, z: float
    ) -> None:
        pane, cover = self._sheet()
        self._quad(
            (pane, cover),
            (
                (x0, y + 0.1, z + 0.42),
                (x1, y + 0.1, z + 0.42),
                (x1, y, z + 0.12),
                (x0, y, z + 0.12),
            ),
            (228, 232, 230),
            46,
        )
        new = (cover > 0) & (sheet[1] == 0)
        sheet[0][new], sheet[1][new] = pane[new], cover[new]
        self._quad(
            sheet,
            (
                (x0, y + 0.1, z + 0.45),
                (x1, y + 0.1, z + 0.45),
                (x1, y + 0.1, z + 0.41),
                (x0, y + 0.1, z + 0.41),
            ),
            (176, 182, 184),
        )
        for x in np.linspace(x0, x1 - 0.03, 5):
            self._quad(
                sheet,
                (
                    (x, y + 0.1, z + 0.45),
                    (x + 0.03, y + 0.1, z + 0.45),
                    (x + 0.03, y, z),
                    (x, y, z),
                ),
                (160, 166, 168),
            )

    def _tables(self) -> list[Thing]:
        things = []
        for x, y in layout.TABLES_M:
            dx, dy = layout.TABLE_SIZE_M[0] / 2, layout.TABLE_SIZE_M[1] / 2
            for chair in (-0.33, 0.33):
                things += [
                    self._chair(x + chair, y + 0.62, True),
                    self._chair(x + chair, y - 0.62, False),
                ]
            sheet, high = self._sheet(), layout.TABLE_HEIGHT_M
            self._block(sheet, (x - 0.05, x + 0.05), (y - 0.05, y + 0.05), (0, high), (80, 82, 84))
            self._block(
                sheet, (x - dx, x + dx), (y - dy, y + dy), (high - 0.04, high), self.style.wood
            )
            for at in (-0.3, 0.3):
                self._quad(
                    sheet,
                    (
                        (x + at - 0.16, y - 0.08, high),
                        (x + at + 0.16, y - 0.08, high),
                        (x + at + 0.16, y - 0.3, high),
                        (x + at - 0.16, y - 0.3, high),
                    ),
                    (100, 118, 130),
                )
            things.append(self._thing(*sheet, self.px(x, y)[2]))
        return things

    def _chair(self, x: float, y: float, far: bool) -> Thing:
        sheet, tone = self._sheet(), (74, 84, 96)
        for lx in (-0.18, 0.15):
            for ly in (-0.18, 0.15):
                self._block(
                    sheet, (x + lx, x + lx + 0.03), (y + ly, y + ly + 0.03), (0, 0.44), (70, 72, 74)
                )
        self._block(sheet, (x - 0.2, x + 0.2), (y - 0.2, y + 0.2), (0.42, 0.46), tone)
        back = y + 0.19 if far else y - 0.22
        self._block(sheet, (x - 0.2, x + 0.2), (back, back + 0.03), (0.55, 0.86), tone)
        depth = self.px(x, y)[2] + (0.3 if far else -0.3)
        return self._thing(*sheet, depth)

    def _belts(self) -> list[Thing]:
        posts = layout.STANCHIONS_M
        sheet = self._sheet()
        for (xa, y), (xb, _) in pairwise(posts):
            self._quad(
                sheet, ((xa, y, 0.93), (xb, y, 0.93), (xb, y, 0.87), (xa, y, 0.87)), self.style.belt
            )
        for x, y in posts:
            self._block(sheet, (x - 0.15, x + 0.15), (y - 0.15, y + 0.15), (0, 0.02), (90, 92, 94))
            self._block(
                sheet, (x - 0.028, x + 0.028), (y - 0.028, y + 0.028), (0.02, 0.98), (60, 62, 64)
            )
        return [self._thing(*sheet, self.px(*posts[1])[2])]
