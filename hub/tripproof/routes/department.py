"""HTTP of a department's month of trips: orders against what confirms them. Never coordinates."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from hub.identity.access import STAFF, signed_in
from hub.identity.routes.words import Line, Seen, connection, write_down
from hub.kit import clock
from hub.tripproof import month_sheet, monthly, order_sheet, standing
from hub.tripproof.routes.words import READY, answer_of, office_of, raw, traveller
from hub.tripproof.standing import Gap, Month, State
from hub.tripproof.store import department as store
from hub.tripproof.store.confirmations import Confirmation
from hub.tripproof.store.department import Touch, Whose
from hub.tripproof.store.orders import TripOrder
from hub.tripproof.store.people import Traveller

router = APIRouter(prefix="/trips", tags=["trips"])
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Scope = Literal["own", "department", "office"]
OfMonth = Annotated[
    str, Query(pattern=f"^{monthly.MONTH.pattern}$", description="In Korea.", examples=["2026-11"])
]
OfDepartment = Annotated[Line | None, Query(max_length=16, description="For an admin: only this.")]
Mine = Annotated[bool, Query(description="One's own, although one might see more.")]


class TouchSeen(BaseModel):
    """What is said of one proof: neither where nor how far."""

    cti: str
    who: str
    name: str
    trip: str
    said_trip: str = Field(description="The order that its statement named, if any.")
    kind: int
    minute: datetime
    place: int
    grade: int
    reasons: list[int]
    received_at: datetime
    appealed: bool
    linked_by: str | None
    linked_at: datetime | None


class ConfirmationSeen(Seen):
    """Confirmed on paper or by photo, as it is written now."""

    confirmation_id: UUID
    version: int
    trip: str
    who: str
    kind: Literal["paper", "photo"]
    on_day: date
    note: str
    photo_sha256: Annotated[str, Field(description="Hex.")] | None
    is_withdrawn: bool
    why: str
    saved_at: datetime
    saved_by: str

    @classmethod
    def of(cls, one: Confirmation) -> "ConfirmationSeen":
        """As the API says it."""
        told = {name: getattr(one, name) for name in cls.model_fields}
        return cls(**{**told, "photo_sha256": one.photo_sha256 and one.photo_sha256.hex()})


class TravellerOfTrip(BaseModel):
    """One person on an order, and what confirms their trip."""

    who: str
    name: str
    state: State
    gaps: list[Gap]
    touches: list[TouchSeen]
    confirmations: list[ConfirmationSeen]


class TripSeen(BaseModel):
    """An order against what confirms it."""

    trip: str
    version: int
    department: str
    begins_at: datetime
    ends_at: datetime
    place: str
    place_points: int
    by_air: bool
    purpose: str
    saved_at: datetime
    saved_by: str
    state: State
    travellers: list[TravellerOfTrip]
    others: list[TouchSeen] = Field(description="Touches of people whom the order does not name.")


class OnTripSeen(BaseModel):
    """Somebody whom an order may name."""

    who: str
    name: str


class MonthSeen(BaseModel):
    """A month as far as one may see it."""

    month: str
    scope: Scope
    department: str
    departments: list[str]
    who: str
    people: list[OnTripSeen]
    trips: list[TripSeen]
    loose: list[TouchSeen]


@router.get("/month", operation_id="readTripMonth", responses=READY, dependencies=[Depends(STAFF)])
async def read_month(
    request: Request, month: OfMonth, department: OfDepartment = None, mine: Mine = False
) -> MonthSeen:
    """Orders and what confirms them: one's own, a department's for its 서무, all for an admin."""
    office_of(request)
    async with connection(request) as conn:
        who = await traveller(conn, request)
        scope, whose = await reach(request, who, department, mine=mine)
        found = await monthly.read(conn, month, whose, clock.now())
        departments = await store.departments(conn) if scope == "office" else []
        people = await _people(conn, who, scope, whose)
    return _month(found, month, scope, who, departments, people)


@router.get(
    "/month/workbook", operation_id="exportTripMonth", response_class=Response,
    responses={**READY, **answer_of(WORKBOOK, "The same as a workbook.")},
    dependencies=[Depends(STAFF)],
)  # fmt: skip
async def export_month(
    request: Request, month: OfMonth, department: OfDepartment = None, mine: Mine = False
) -> Response:
    """The month as a workbook for the files. That it was taken is written down."""
    office_of(request)
    now = clock.now()
    async with connection(request) as conn:
        who = await traveller(conn, request)
        scope, whose = await reach(request, who, department, mine=mine)
        found = await monthly.read(conn, month, whose, now)
        told = {"month": month, "department": whose.department or "", "scope": scope}
        await write_down(conn, request, who.login, "trip.month", "", told)
    title = whose.department or (who.name if scope == "own" else "")
    made = await asyncio.to_thread(month_sheet.made, found, month, title, now)
    return raw(made, WORKBOOK, f"trips-{month}.xlsx")


@router.get(
    "/orders/template", operation_id="readTripOrderTemplate", response_class=Response,
    responses=answer_of(WORKBOOK, "An empty table of orders, with a line as an example."),
    dependencies=[Depends(STAFF)],
)  # fmt: skip
async def read_template() -> Response:
    """What `reading` reads: a heading to fill in below."""
    made = await asyncio.to_thread(order_sheet.template)
    return raw(made, WORKBOOK, "trip-orders.xlsx")


async def reach(
    request: Request, who: Traveller, department: str | None, *, mine: bool
) -> tuple[Scope, Whose]:
    """How far somebody sees, and whose trips that are."""
    if not mine and "admin" in (await signed_in(request)).roles:
        return "office", Whose(department=department)
    if not mine and keeps_books(who):
        return "department", Whose(department=who.department)
    return "own", Whose(who=who.who)


def keeps_books(who: Traveller) -> bool:
    """Whether this is the 서무 of a department."""
    return who.is_clerk and bool(who.department)


def sees_all_of(order: TripOrder, who: Traveller, roles: Any) -> bool:
    """Whether somebody may look at, and write for, everybody on this order."""
    return "admin" in roles or (keeps_books(who) and order.department == who.department)


def touch_seen(one: Touch, name: str) -> TouchSeen:
    """As the API says it."""
    return TouchSeen(
        cti=one.cti.hex(), who=one.who, name=name, trip=one.trip, said_trip=one.said_trip,
        kind=one.kind, minute=one.signed_at.replace(second=0, microsecond=0), place=one.place,
        grade=one.grade, reasons=one.reasons, received_at=one.received_at,
        appealed=one.is_appealed, linked_by=one.linked_by, linked_at=one.linked_at,
    )  # fmt: skip


async def _people(conn: Any, who: Traveller, scope: Scope, whose: Whose) -> list[OnTripSeen]:
    if scope == "own":
        return [OnTripSeen(who=who.who or "", name=who.name)]
    found = await store.department_people(conn, whose.department)
    return [OnTripSeen(who=number, name=name) for number, name in found]


def _month(
    found: Month, month: str, scope: Scope, who: Traveller, departments: list[str],
    people: list[OnTripSeen],
) -> MonthSeen:  # fmt: skip
    return MonthSeen(
        month=month, scope=scope, department=who.department, departments=departments,
        who=who.who or "", people=people, trips=[_trip(one, found) for one in found.trips],
        loose=[touch_seen(one, found.names.get(one.who, "")) for one in found.loose],
    )  # fmt: skip


def _trip(one: standing.Trip, found: Month) -> TripSeen:
    order = one.order
    return TripSeen(
        trip=order.trip, version=order.version, department=order.department,
        begins_at=order.begins_at, ends_at=order.ends_at, place=order.place,
        place_points=len(order.points) // 3, by_air=order.by_air, purpose=order.purpose,
        saved_at=order.saved_at, saved_by=order.saved_by, state=one.state,
        travellers=[_traveller(each) for each in one.travellers],
        others=[touch_seen(each, found.names.get(each.who, "")) for each in one.others],
    )  # fmt: skip


def _traveller(one: standing.Traveller) -> TravellerOfTrip:
    return TravellerOfTrip(
        who=one.who, name=one.name, state=one.state, gaps=one.gaps,
        touches=[touch_seen(each, one.name) for each in one.touches],
        confirmations=[ConfirmationSeen.of(each) for each in one.confirmations],
    )  # fmt: skip
