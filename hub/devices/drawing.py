"""What is drawn on a node's picture: checked in words, compared, made a configuration. Pure.

The hub is the judge; the page says the same while somebody draws. Places are fractions of the
picture. What a node can count with is decided once more by the node itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from edge.wire.messages import Homography, Line, NodeConfig, Point, ZoneShape
from edge.wire.topics import Id

ZONES_MOST: Final = 16
LINES_MOST: Final = 16
POINTS_MOST: Final = 24
LEAST_AREA: Final = 0.002  # of the picture: 25 x 25 pixels at 640 x 480
LEAST_LENGTH: Final = 0.02
LEAST_FLATNESS: Final = 0.02  # as the node asks of three floor points; see edge.counting.floor
FARTHEST_M: Final = 100.0

Metre = Annotated[float, Field(ge=-FARTHEST_M, le=FARTHEST_M)]
Point2 = tuple[Metre, Metre]


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("only letters, digits, signs and spaces on one line")
    return text


ZoneName = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_printable)]


Slip = Literal["crossing", "small", "short", "stray-line", "twice", "in-line"]


class DrawingRefused(ValueError):
    """The drawing cannot be counted with. Both sentences say what to draw again."""

    def __init__(self, slip: Slip, ko: str, en: str) -> None:
        super().__init__(en)
        self.slip: Slip = slip
        self.ko, self.en = ko, en


class DrawingSuperseded(Exception):
    """Somebody else saved meanwhile."""

    def __init__(self, revision: int) -> None:
        super().__init__(revision)
        self.revision = revision


class UnknownRevision(LookupError):
    """There is no such revision in the history."""

    def __init__(self, revision: int) -> None:
        super().__init__(revision)
        self.revision = revision


class _Drawn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ZoneDrawn(_Drawn):
    """A polygon and what people call it."""

    zone: Id
    name: ZoneName
    kind: Literal["queue", "seating", "counter"] = "queue"
    near: bool = False
    polygon: Annotated[tuple[Point, ...], Field(min_length=3, max_length=POINTS_MOST)]


class LineDrawn(_Drawn):
    """A crossing line; walking from the left of a > b to its right counts."""

    line: Id
    zone: Id
    counts: Literal["served", "entered"] = "served"
    a: Point
    b: Point


class FloorDrawn(_Drawn):
    """Four measured floor points, and a fifth that checks them."""

    image_points: tuple[Point, Point, Point, Point]
    floor_m: tuple[Point2, Point2, Point2, Point2]
    fifth_image: Point | None = None
    fifth_m: Point2 | None = None


class Drawing(_Drawn):
    """Everything on one picture."""

    zones: Annotated[tuple[ZoneDrawn, ...], Field(max_length=ZONES_MOST)] = ()
    lines: Annotated[tuple[LineDrawn, ...], Field(max_length=LINES_MOST)] = ()
    floor: FloorDrawn | None = None

    @classmethod
    def of(cls, config: NodeConfig, names: dict[str, str], fifth: dict[str, Any] | None) -> Self:
        """What a configuration looks like as a drawing."""
        floor = config.homography
        return cls.model_construct(
            zones=tuple(
                ZoneDrawn.model_construct(
                    zone=z.zone, name=names.get(z.zone) or z.zone, kind=z.kind, near=z.near,
                    polygon=z.polygon,
                )
                for z in config.zones
            ),
            lines=tuple(
                LineDrawn(line=one.line, zone=one.zone, counts=one.counts, a=one.a, b=one.b)
                for one in config.lines
            ),
            floor=FloorDrawn.model_construct(
                image_points=floor.image_points, floor_m=floor.floor_m,
                fifth_image=fifth["image"] if fifth else None,
                fifth_m=fifth["m"] if fifth else None,
            ) if floor else None,
        )  # fmt: skip

    @property
    def fifth(self) -> dict[str, Point2 | Point] | None:
        """The point that only checks."""
        floor = self.floor
        if floor is None or floor.fifth_image is None or floor.fifth_m is None:
            return None
        return {"image": floor.fifth_image, "m": floor.fifth_m}

    @property
    def names(self) -> dict[str, str]:
        """The zones' names by id."""
        return {zone.zone: zone.name for zone in self.zones}

    def onto(self, before: NodeConfig, revision: int) -> NodeConfig:
        """The configuration with this drawing; what is not drawn stays. Raises DrawingRefused."""
        check(self)
        return NodeConfig(
            revision=revision,
            zones=tuple(
                ZoneShape(zone=z.zone, kind=z.kind, polygon=z.polygon, near=z.near)
                for z in self.zones
            ),
            lines=tuple(
                Line(line=one.line, zone=one.zone, a=one.a, b=one.b, counts=one.counts)
                for one in self.lines
            ),
            homography=Homography(
                image_points=self.floor.image_points, floor_m=self.floor.floor_m
            ) if self.floor else None,
            model=before.model,
            rates=before.rates,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between two revisions."""

    what: Literal["zone", "line", "floor"]
    name: str
    how: Literal["added", "removed", "changed"]


def check(drawing: Drawing) -> None:
    """Raise DrawingRefused with the first slip."""
    _check_names(drawing)
    for zone in drawing.zones:
        _check_polygon(zone)
    known = {zone.zone for zone in drawing.zones}
    for line in drawing.lines:
        if line.zone not in known:
            raise DrawingRefused(
                "stray-line",
                f"선 '{line.line}'이(가) 속한 구역이 없어요. 선에 구역을 정해 주세요.",
                f"Line '{line.line}' belongs to no zone. Choose one for it.",
            )
        if _length(line.a, line.b) < LEAST_LENGTH:
            raise DrawingRefused(
                "short",
                f"선 '{line.line}'이(가) 너무 짧아요. 더 길게 그어 주세요.",
                f"Line '{line.line}' is too short. Draw it longer.",
            )
    if drawing.floor is not None:
        _check_floor(drawing.floor)


def crosses_itself(polygon: Sequence[Point]) -> bool:
    """Whether two edges that are no neighbours meet."""
    edges = [*pairwise(polygon), (polygon[-1], polygon[0])]
    last = len(edges) - 1
    return any(
        _meet(*edges[i], *edges[j])
        for i, j in combinations(range(len(edges)), 2)
        if j - i > 1 and not (i == 0 and j == last)
    )


def area(polygon: Sequence[Point]) -> float:
    """Of the picture, 0..1; of a polygon that does not cross itself."""
    turned = [*polygon[1:], polygon[0]]
    return (
        abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(polygon, turned, strict=True))) / 2
    )


def changes(before: Drawing, after: Drawing) -> list[Change]:
    """What differs, zone by zone."""
    found: list[Change] = []
    found += _differences(
        "zone",
        {z.zone: (z.name, z) for z in before.zones},
        {z.zone: (z.name, z) for z in after.zones},
    )
    found += _differences(
        "line",
        {one.line: (one.line, one) for one in before.lines},
        {one.line: (one.line, one) for one in after.lines},
    )
    if how := _how(before.floor, after.floor):
        found.append(Change("floor", "", how))
    return found


def _differences(
    what: Literal["zone", "line"],
    old: Mapping[str, tuple[str, BaseModel]],
    new: Mapping[str, tuple[str, BaseModel]],
) -> Iterator[Change]:
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        if how := _how(before and before[1], after and after[1]):
            yield Change(what, (after or before or ("",))[0], how)


def _how(
    old: BaseModel | None, new: BaseModel | None
) -> Literal["added", "removed", "changed"] | None:
    if old is None:
        return None if new is None else "added"
    if new is None:
        return "removed"
    return None if old.model_dump() == new.model_dump() else "changed"


def _check_names(drawing: Drawing) -> None:
    for what, ids in (
        ("구역", [zone.zone for zone in drawing.zones]),
        ("선", [line.line for line in drawing.lines]),
    ):
        if len(set(ids)) != len(ids):
            raise DrawingRefused(
                "twice", f"같은 이름의 {what}이 둘 있어요.", "Two of them have the same id."
            )


def _check_polygon(zone: ZoneDrawn) -> None:
    if crosses_itself(zone.polygon):
        raise DrawingRefused(
            "crossing",
            f"'{zone.name}' 구역의 선이 서로 엇갈려요. 점을 차례대로 옮겨 주세요.",
            f"The outline of '{zone.name}' crosses itself. Move its points into order.",
        )
    if area(zone.polygon) < LEAST_AREA:
        raise DrawingRefused(
            "small",
            f"'{zone.name}' 구역이 너무 작아요. 사람이 설 수 있게 넓혀 주세요.",
            f"'{zone.name}' is too small for anybody to stand in. Make it larger.",
        )


def _check_floor(floor: FloorDrawn) -> None:
    for where_ko, where_en, points in (
        ("그림에서", "on the picture", floor.image_points),
        ("바닥에서", "on the floor", floor.floor_m),
    ):
        for trio in combinations(points, 3):
            if _flatness(*trio) < LEAST_FLATNESS:
                raise DrawingRefused(
                    "in-line",
                    f"바닥의 네 점 가운데 셋이 {where_ko} 한 줄에 있어요. "
                    "되도록 큰 네모의 네 귀퉁이를 재 주세요.",
                    f"Three of the four floor points lie in a line {where_en}. "
                    "Measure the corners of a large rectangle.",
                )


def _flatness(p: Point2, q: Point2, r: Point2) -> float:
    """Area of the triangle over its longest side squared."""
    longest = max(_length(p, q), _length(q, r), _length(r, p)) ** 2
    room = abs((q[0] - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (q[1] - p[1])) / 2
    return room / longest if longest > 0 else 0.0


def _length(a: Point2, b: Point2) -> float:
    return ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5


def _turn(a: Point, b: Point, c: Point) -> int:
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 0) - (cross < 0)


def _lies_on(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the segments a-b and c-d have a point in common."""
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] != turns[1] and turns[2] != turns[3]:
        return True
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(t == 0 and _lies_on(*end) for t, end in zip(turns, ends, strict=True))
