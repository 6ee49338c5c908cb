"""HTTP of the calendar of duties: its page, its file, its secret address, what an office adds."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from hub.automation.calendar import dated, ics, store
from hub.automation.calendar.dated import Dated, Edited, Group, OwnDuty, OwnHoliday
from hub.automation.calendar.refusals import EntryChanged, UnknownCalendar, UnknownEntry
from hub.automation.routes.seen import CitedSeen
from hub.identity import access, sessions
from hub.identity.access import needs, signed_in
from hub.identity.routes.words import (
    CONFLICT,
    NO_STORE,
    UNKNOWN,
    Given,
    Name,
    Text,
    connection,
    write_down,
)  # fmt: skip
from hub.kit import clock
from hub.rules.rule import KNOWN_UNTIL
from hub.rules.store import office_book

router = APIRouter(prefix="/calendar", tags=["automation"])
READ: Final = [Depends(access.STAFF)]
WRITE: Final = [Depends(needs("editor", "admin"))]
YEARS_AHEAD: Final = 2
_ICS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/calendar": {"schema": {"type": "string"}}}, "description": "iCalendar."}
}
Year = Annotated[int, Query(ge=2000, le=2099)]
Entry = TypeVar("Entry", OwnDuty, OwnHoliday)
Version = Annotated[int, Field(ge=1, le=2**31 - 2, description="Of what was read.")]
ThisCentury = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


class DatedSeen(BaseModel):
    """A duty with its days."""

    key: str
    group: Group
    title: str
    first: date
    last: date
    says: str
    basis: list[CitedSeen]
    ask: str = Field(description="The question that works it out; empty: none.")
    note: str
    is_deadline: bool
    safe: date | None = Field(
        description="Where the last day is a day off: the working day by which nobody is late."
    )

    @classmethod
    def of(cls, one: Dated, local: Mapping[date, str]) -> "DatedSeen":
        """As it is sent."""
        return cls(
            key=one.key, group=one.group, title=one.title, first=one.first, last=one.last,
            says=one.says, basis=[CitedSeen.of(rule) for rule in one.basis], ask=one.ask,
            note=one.note, is_deadline=one.is_deadline, safe=dated.safe_day(one, local),
        )  # fmt: skip


class OffSeen(BaseModel):
    """A day off."""

    day: date
    name: str
    is_ours: bool = Field(description="Of this office alone.")
    version: int | None = Field(default=None, description="Of what this office added.")


class AfterSeen(BaseModel):
    """Something that is due so many days after something else."""

    title: str
    rule: CitedSeen
    ask: str


class OwnSeen(BaseModel):
    """A duty that the office added."""

    duty_id: UUID
    day: date
    is_yearly: bool
    title: str
    says: str
    version: int

    @classmethod
    def of(cls, one: OwnDuty) -> "OwnSeen":
        """As it is sent."""
        return cls(
            duty_id=UUID(one.duty_id), day=one.day, is_yearly=one.is_yearly, title=one.title,
            says=one.says, version=one.edited.version if one.edited else 1,
        )  # fmt: skip


class YearSeen(BaseModel):
    """The calendar of one year."""

    year: int
    today: date
    known_until: date = Field(description="Beyond this day no rule is known.")
    duties: list[DatedSeen]
    unknown: list[str] = Field(description="Duties of which no rule is known for this year.")
    off: list[OffSeen]
    after: list[AfterSeen]
    own: list[OwnSeen]


class HolidayGiven(Given):
    """A day off of this office."""

    day: ThisCentury
    name: Name


class HolidayChanged(HolidayGiven):
    """Another day or name of a day off."""

    version: Version


class OwnDutyGiven(Given):
    """A duty as it is typed. `day`: of a yearly one, its day in the first year."""

    day: ThisCentury
    is_yearly: bool = True
    title: Name
    says: Text = ""


class OwnDutyChanged(OwnDutyGiven):
    """A duty as it is from now on."""

    version: Version


class FeedSeen(BaseModel):
    """Whether a person has a secret address. The address itself is told once, when it is made."""

    made_at: datetime | None


class FeedMade(BaseModel):
    """A secret address, for a calendar program."""

    path: str = Field(examples=["/api/v1/automation/calendar.ics?key=…"])


@router.get("", operation_id="readCalendar", dependencies=READ)
async def read_calendar(request: Request, year: Year) -> YearSeen:
    """The duties and the days off of one year."""
    async with connection(request) as conn:
        book, ours = await office_book(conn), await store.own_holidays(conn)
        own = await store.own_duties(conn)
    local = {one.day: one.name for one in ours}
    found, today = dated.year_of(book, year, own), _today()
    return YearSeen(
        year=year,
        today=today,
        known_until=KNOWN_UNTIL,
        duties=[DatedSeen.of(one, local) for one in found.duties],
        unknown=list(found.unknown),
        off=_off(year, ours),
        after=[
            AfterSeen(title=title, rule=CitedSeen.of(rule), ask=ask)
            for title, rule, ask in dated.after(book, min(today, KNOWN_UNTIL))
        ],
        own=[OwnSeen.of(one) for one in own],
    )


def _off(year: int, ours: list[OwnHoliday]) -> list[OffSeen]:
    """The days off of a year; those of the office with what its editors need."""
    versions = {one.day: one.edited.version for one in ours if one.edited}
    named = dated.days_off(year, {one.day: one.name for one in ours})
    return [
        OffSeen(day=day, name=name, is_ours=own, version=versions.get(day) if own else None)
        for day, name, own in named
    ]


@router.get(
    "/file", operation_id="saveCalendar", dependencies=READ, response_class=Response, responses=_ICS
)
async def save_calendar(request: Request) -> Response:
    """This year and the next ones as a file, once."""
    async with connection(request) as conn:
        text = await _ics(conn)
    name = {"Content-Disposition": 'attachment; filename="duties.ics"'}
    return Response(text, media_type=ics.MEDIA_TYPE, headers={**NO_STORE, **name})


@router.get("/feed", operation_id="readCalendarFeed", dependencies=READ)
async def read_feed(request: Request) -> FeedSeen:
    """Whether one has a secret address, and since when."""
    who = await signed_in(request)
    async with connection(request) as conn:
        return FeedSeen(made_at=await store.feed_made_at(conn, who.person_id))


@router.post("/feed", operation_id="makeCalendarFeed", status_code=201, dependencies=READ)
async def make_feed(request: Request) -> FeedMade:
    """A new secret address for one's calendar program; an older one opens nothing any more."""
    who, token = await signed_in(request), sessions.new_token()
    async with connection(request) as conn:
        await store.keep_feed(conn, who.person_id, sessions.digest(token), clock.now())
        await write_down(conn, request, who.login, "calendar.subscribe")
    return FeedMade(path=f"/api/v1/automation/calendar.ics?key={token}")


@router.delete(
    "/feed", operation_id="withdrawCalendarFeed", status_code=204, responses=UNKNOWN,
    dependencies=READ,
)  # fmt: skip
async def withdraw_feed(request: Request) -> None:
    """One's address opens nothing any more."""
    who = await signed_in(request)
    async with connection(request) as conn:
        if not await store.drop_feed(conn, who.person_id):
            raise UnknownCalendar
        await write_down(conn, request, who.login, "calendar.unsubscribe")


@router.post("/holidays", operation_id="addLocalHoliday", status_code=204, dependencies=WRITE)
async def add_holiday(request: Request, given: HolidayGiven) -> None:
    """A day off of this office (지방공휴일): every deadline counts by it from now on."""
    who = await signed_in(request)
    async with connection(request) as conn:
        await store.keep_holiday(conn, given.day, given.name, who.login, clock.now())
        told = {"name": given.name}
        await write_down(conn, request, who.login, "calendar.day-off", str(given.day), told)


@router.put(
    "/holidays/{day}", operation_id="changeLocalHoliday", status_code=204,
    responses={**UNKNOWN, **CONFLICT}, dependencies=WRITE,
)  # fmt: skip
async def change_holiday(request: Request, day: date, given: HolidayChanged) -> None:
    """Another day or name, if nobody has edited it since."""
    who, now = await signed_in(request), clock.now()
    async with connection(request) as conn:
        was = _known(one for one in await store.own_holidays(conn) if one.day == day)
        was = replace(was, edited=Edited(given.version, now))
        if not await store.change_holiday(conn, was, given.day, given.name, who.login, now):
            raise EntryChanged
        told = {"name": given.name, "before": {"name": was.name, "day": str(day)}}
        await write_down(conn, request, who.login, "calendar.day-off", str(given.day), told)


@router.delete(
    "/holidays/{day}", operation_id="dropLocalHoliday", status_code=204, responses=UNKNOWN,
    dependencies=WRITE,
)  # fmt: skip
async def drop_holiday(request: Request, day: date) -> None:
    """It is a working day again."""
    who = await signed_in(request)
    async with connection(request) as conn:
        name = await store.drop_holiday(conn, day)
        if name is None:
            raise UnknownEntry
        told = {"name": name}
        await write_down(conn, request, who.login, "calendar.day-on", str(day), told)


@router.post("/duties", operation_id="addCalendarDuty", status_code=201, dependencies=WRITE)
async def add_duty(request: Request, given: OwnDutyGiven) -> OwnSeen:
    """A duty of this office, once or every year."""
    who = await signed_in(request)
    async with connection(request) as conn:
        duty_id = await store.add_duty(
            conn, given.day, given.is_yearly, given.title, given.says, who.login, clock.now()
        )
        await write_down(conn, request, who.login, "calendar.add", str(duty_id), _told(given))
    return OwnSeen(duty_id=duty_id, version=1, **given.model_dump())


@router.put(
    "/duties/{duty_id}", operation_id="changeCalendarDuty",
    responses={**UNKNOWN, **CONFLICT}, dependencies=WRITE,
)  # fmt: skip
async def change_duty(request: Request, duty_id: UUID, given: OwnDutyChanged) -> OwnSeen:
    """Another day, title or words, if nobody has edited it since."""
    who, now = await signed_in(request), clock.now()
    async with connection(request) as conn:
        was = _known(one for one in await store.own_duties(conn) if one.duty_id == str(duty_id))
        was = replace(was, edited=Edited(given.version, now))
        said = (given.day, given.is_yearly, given.title, given.says)
        if not await store.change_duty(conn, was, said, who.login, now):
            raise EntryChanged
        told = {**_told(given), "before": _told(was)}
        await write_down(conn, request, who.login, "calendar.change", str(duty_id), told)
    told = given.model_dump(exclude={"version"})
    return OwnSeen(duty_id=duty_id, version=given.version + 1, **told)


def _told(one: OwnDutyGiven | OwnDuty) -> dict[str, Any]:
    """What the audit trail has of a duty."""
    return {"title": one.title, "day": str(one.day), "is_yearly": one.is_yearly, "says": one.says}


def _known(found: Iterator[Entry]) -> Entry:
    if (one := next(found, None)) is None:
        raise UnknownEntry
    return one


@router.delete(
    "/duties/{duty_id}", operation_id="dropCalendarDuty", status_code=204, responses=UNKNOWN,
    dependencies=WRITE,
)  # fmt: skip
async def drop_duty(request: Request, duty_id: UUID) -> None:
    """It is no duty any more."""
    who = await signed_in(request)
    async with connection(request) as conn:
        title = await store.drop_duty(conn, duty_id)
        if title is None:
            raise UnknownEntry
        told = {"title": title}
        await write_down(conn, request, who.login, "calendar.drop", str(duty_id), told)


async def _ics(conn: Any) -> str:
    """From last year on: whoever looks back finds what was due."""
    book, ours = await office_book(conn), await store.own_holidays(conn)
    own, now = await store.own_duties(conn), clock.now()
    local = {one.day for one in ours}
    this = _today().year
    duties = [
        (one, dated.safe_day(one, local))
        for year in range(this - 1, this + YEARS_AHEAD)
        for one in dated.year_of(book, year, own).duties
    ]
    return ics.calendar(duties, ours, now)


def _today() -> date:
    return clock.now().astimezone(clock.SEOUL).date()


feed = APIRouter(tags=["automation"])


@feed.get(
    "/calendar.ics",
    operation_id="subscribeCalendar",
    dependencies=[Depends(access.ANYONE)],
    response_class=Response,
    responses={**_ICS, **UNKNOWN},
)
async def subscribe(
    request: Request,
    key: Annotated[str, Query(max_length=80, description="The secret of somebody's address.")],
) -> Response:
    """The calendar for a program that has no session: law, and what the office added; no names."""
    async with connection(request) as conn:
        if not await store.opens(conn, sessions.digest(key)):
            raise UnknownCalendar
        text = await _ics(conn)
    return Response(text, media_type=ics.MEDIA_TYPE, headers=NO_STORE)
