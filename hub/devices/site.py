"""The site file: an office, its hours and levels, its nodes with their zones and lines, as TOML.

It says what is true until zones can be drawn on the picture. Pure: text in, `SiteFile` out;
`store.site` applies it.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from edge.wire.messages import MAX_ZONES, Homography, Line, NodeConfig, Point, Rates, ZoneShape
from edge.wire.topics import Id

WHOLE_PICTURE: Final = "all"  # the zone of a node for which none is drawn; the node says so too

Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
Place = Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
Clock = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Weekday = Annotated[int, Field(ge=1, le=7)]
Wait = Annotated[int, Field(ge=1, le=24 * 3600)]

ThisCentury = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


class SiteFileError(Exception):
    """The site file cannot be read. The message says where, and what is wrong there."""


class Entry(BaseModel):
    """A table of the file: a word that is not known is a slip, and is told."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Named(Entry):
    """Something people read on the board."""

    id: Id
    name: Name
    name_en: Name = ""
    """In English; left out, the Korean name."""

    @model_validator(mode="before")
    @classmethod
    def _english_is_korean_unless_said(cls, given: Any) -> Any:
        if isinstance(given, dict) and "name_en" not in given and "name" in given:
            return {**given, "name_en": given["name"]}
        return given


class Opening(Entry):
    """One row of the hours, in Korean time; Monday is 1."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    open: Clock
    close: Clock

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.open >= self.close:
            raise ValueError("close is not after open; a night is two rows")
        return self


class Levels(Entry):
    """Waits, in seconds, at which moderate, busy and crowded begin."""

    moderate_s: Wait = 180
    busy_s: Wait = 420
    crowded_s: Wait = 720

    @model_validator(mode="after")
    def _they_rise(self) -> Self:
        if not self.moderate_s < self.busy_s < self.crowded_s:
            raise ValueError("moderate_s, busy_s and crowded_s must rise")
        return self


class SiteEntry(Named):
    """The office."""

    always_open: bool = False


class ZoneEntry(Named):
    """A polygon on a node's picture, as fractions of the frame."""

    kind: Literal["queue", "seating", "counter"] = "queue"
    place: Place = ""
    place_en: Place = ""
    seats: Annotated[int, Field(ge=1, le=10_000)] | None = None
    near: bool = False
    polygon: Annotated[tuple[Point, ...], Field(min_length=3, max_length=64)]


class LineEntry(Entry):
    """A crossing line from `a` to `b`. Walking from its left to its right counts."""

    id: Id
    zone: Id
    counts: Literal["served", "entered"] = "served"
    a: Point
    b: Point

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.a == self.b:
            raise ValueError("a and b are the same point")
        return self


class NodeEntry(Named):
    """A camera computer. Without zones the whole picture is one queue."""

    model: Annotated[str, Field(max_length=200)] | None = None
    rates: Rates = Rates()
    homography: Homography | None = None
    zones: Annotated[tuple[ZoneEntry, ...], Field(max_length=MAX_ZONES)] = ()
    lines: Annotated[tuple[LineEntry, ...], Field(max_length=MAX_ZONES)] = ()

    @model_validator(mode="after")
    def _ids_agree(self) -> Self:
        _each_once("zone", [zone.id for zone in self.zones])
        _each_once("line", [line.id for line in self.lines])
        names = {zone.id for zone in self.zones} or {WHOLE_PICTURE}
        if stray := sorted({line.zone for line in self.lines} - names):
            raise ValueError(f"a line names a zone that is not there: {', '.join(stray)}")
        return self

    @property
    def zones_or_whole(self) -> tuple[ZoneEntry, ...]:
        """The zones as the board shows them."""
        corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
        whole = ZoneEntry(id=WHOLE_PICTURE, name=self.name, name_en=self.name_en, polygon=corners)
        return self.zones or (whole,)

    def is_served(self, zone: str) -> bool:
        """Whether a counter line says how fast this zone's queue moves."""
        return any(line.zone == zone and line.counts == "served" for line in self.lines)

    def config(self, revision: int) -> NodeConfig:
        """What the node is to hear."""
        zones = self.zones if not self.lines else self.zones_or_whole
        return NodeConfig(
            revision=revision,
            zones=tuple(
                ZoneShape(zone=z.id, kind=z.kind, polygon=z.polygon, near=z.near) for z in zones
            ),
            lines=tuple(
                Line(line=one.id, zone=one.zone, a=one.a, b=one.b, counts=one.counts)
                for one in self.lines
            ),
            homography=self.homography,
            model=self.model,
            rates=self.rates,
        )


class SiteFile(Entry):
    """The whole file."""

    site: SiteEntry
    hours: tuple[Opening, ...] = ()
    levels: Levels = Levels()
    nodes: Annotated[tuple[NodeEntry, ...], Field(max_length=1_000)] = ()

    @field_validator("nodes")
    @classmethod
    def _each_node_once(cls, nodes: tuple[NodeEntry, ...]) -> tuple[NodeEntry, ...]:
        _each_once("node", [node.id for node in nodes])
        return nodes

    @model_validator(mode="after")
    def _open_or_hours(self) -> Self:
        if self.site.always_open == bool(self.hours):
            raise ValueError("give either always_open = true under [site], or [[hours]]")
        return self


def parse(text: str) -> SiteFile:
    """Read a site file. Raises SiteFileError."""
    try:
        return SiteFile.model_validate(tomllib.loads(text), strict=False)
    except tomllib.TOMLDecodeError as error:
        raise SiteFileError(f"not TOML: {error}") from error
    except RecursionError as error:
        raise SiteFileError("not TOML: too deeply nested") from error
    except ValidationError as error:
        raise SiteFileError(_told(error)) from error


def read(path: Path) -> SiteFile:
    """Read a site file from the disk. Raises SiteFileError."""
    try:
        return parse(path.read_text("utf-8"))
    except OSError as error:
        raise SiteFileError(f"it cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SiteFileError("it is no text in UTF-8: save it as UTF-8") from error


def _each_once(what: str, ids: list[str]) -> None:
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ValueError(f"two {what}s have the id {', '.join(twice)}")


def _told(error: ValidationError) -> str:
    """Every fault on a line: where it is, as one would write it in the file, and what it is."""
    faults: list[Any] = error.errors(include_url=False, include_context=False)
    return "\n".join(f"{_place(fault['loc'])}: {fault['msg']}" for fault in faults)


def _place(loc: tuple[int | str, ...]) -> str:
    words = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc]
    return "".join(words).removeprefix(".") or "the file"
