"""HTTP of the calendar of duties: its page, its file, its secret address, what an office adds."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from hub.automation.calendar import dated, ics, store
from hub.automation.calendar.dated import Dated, Group
from hub.automation.calendar.refusals import UnknownCalendar, UnknownEntry
from hub.automation.routes.seen import CitedSeen
from hub.identity import access, sessions
from hub.identity.access import needs, signed_in
from hub.identity.routes.words import NO_STORE, UNKNOWN, Given, Name, Text, connection, write_down
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


class OwnDutyGiven(Given):
    """A duty as it is typed. `day`: of a yearly one, its day in the first year."""

    day: ThisCentury
    is_yearly: bool = True
    title: Name
    says: Text = ""


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
        book, local = await office_book(conn), await store.holidays(conn)
        own = await store.own_duties(conn)
    found, today = dated.year_of(book, year, own), _today()
    return YearSeen(
        year=year,
        today=today,
        known_until=KNOWN_UNTIL,
        duties=[DatedSeen.of(one, local) for one in found.duties],
        unknown=list(found.unknown),
        off=[OffSeen(day=d, name=n, is_ours=ours) for d, n, ours in dated.days_off(year, local)],
        after=[
            AfterSeen(title=title, rule=CitedSeen.of(rule), ask=ask)
            for title, rule, ask in dated.after(book, min(today, KNOWN_UNTIL))
        ],
        own=[OwnSeen(**_as_row(one)) for one in own],
    )


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
        told = {"title": given.title, "day": str(given.day), "is_yearly": given.is_yearly}
        await write_down(conn, request, who.login, "calendar.add", str(duty_id), told)
    return OwnSeen(duty_id=duty_id, **given.model_dump())


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
    book, local = await office_book(conn), await store.holidays(conn)
    own, now = await store.own_duties(conn), clock.now()
    this = _today().year
    duties = [
        (one, dated.safe_day(one, local))
        for year in range(this - 1, this + YEARS_AHEAD)
        for one in dated.year_of(book, year, own).duties
    ]
    return ics.calendar(duties, local.items(), now)


def _today() -> date:
    return clock.now().astimezone(clock.SEOUL).date()


def _as_row(one: dated.OwnDuty) -> dict[str, Any]:
    return {
        "duty_id": UUID(one.duty_id), "day": one.day, "is_yearly": one.is_yearly,
        "title": one.title, "says": one.says,
    }  # fmt: skip


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
