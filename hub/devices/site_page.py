"""What facilities people say of an office in the browser: names, hours, closed days, levels, words.

One whole value, saved as one version, so that there is a way back to any. Pure; the site file
(`hub.devices.site`) says the same before anybody has saved here.
"""

from collections.abc import Iterator
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from edge.wire.topics import Id
from hub.devices.site import Entry, Levels, Name, Opening, Place, ThisCentury

OPENINGS_MOST: Final = 30
DAYS_MOST: Final = 120
ZONES_MOST: Final = 2_000

Change = Literal["name", "hours", "days", "levels", "zones"]
Part = tuple[Change, tuple[str, ...]]
PARTS: Final[tuple[Part, ...]] = (
    ("name", ("name", "name_en")),
    ("hours", ("always_open", "hours")),
    ("days", ("closed_on_holidays", "days")),
    ("levels", ("levels",)),
    ("zones", ("zones",)),
)


class SiteSuperseded(Exception):
    """Somebody else saved meanwhile."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class UnknownVersion(LookupError):
    """There is no such version in the history."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class DaySaid(Entry):
    """One day that does not go by the hours or the holidays."""

    day: ThisCentury
    is_open: bool = False
    name: Name
    name_en: Place = ""


class ZoneWords(Entry):
    """What people read of a zone."""

    node: Id
    zone: Id
    name: Name
    name_en: Place = ""
    place: Place = ""
    place_en: Place = ""
    seats: Annotated[int, Field(ge=1, le=10_000)] | None = None


class SiteSettings(Entry):
    """Everything the page edits but the meals."""

    name: Name
    name_en: Place = ""
    always_open: bool = False
    hours: Annotated[tuple[Opening, ...], Field(max_length=OPENINGS_MOST)] = ()
    closed_on_holidays: bool = True
    days: Annotated[tuple[DaySaid, ...], Field(max_length=DAYS_MOST)] = ()
    levels: Levels = Levels()
    zones: Annotated[tuple[ZoneWords, ...], Field(max_length=ZONES_MOST)] = ()

    @model_validator(mode="after")
    def _open_or_hours(self) -> Self:
        if self.always_open == bool(self.hours):
            raise ValueError("either it is always open, or there are hours")
        return self

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        days = [one.day for one in self.days]
        zones = [(one.node, one.zone) for one in self.zones]
        if len(set(days)) < len(days) or len(set(zones)) < len(zones):
            raise ValueError("a day or a zone is named twice")
        return self

    def changes(self, before: "SiteSettings") -> tuple[Change, ...]:
        """Which parts differ from those before."""
        return tuple(self._changed(before))

    def _changed(self, before: "SiteSettings") -> Iterator[Change]:
        for change, fields in PARTS:
            if any(getattr(self, name) != getattr(before, name) for name in fields):
                yield change
