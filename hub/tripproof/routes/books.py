"""HTTP of the office's books: trip orders, the place book, who is who on a trip."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from hub.identity.access import STAFF, needs, signed_in
from hub.identity.routes.words import CONFLICT, Given, Line, Name, Seen, connection, write_down
from hub.kit import clock
from hub.tripproof import codes, enrolling, order_sheet, ordering, pointing
from hub.tripproof.leaf import Revoked
from hub.tripproof.order_sheet import Wrong
from hub.tripproof.ordering import NewOrder, Standing
from hub.tripproof.refusals import NotTheClerk, UnknownOrder, UnknownPlace, UnknownTripDevice
from hub.tripproof.routes.words import READY, UNKNOWN, office_of, traveller
from hub.tripproof.statement import LAT_MAX, LON_MAX
from hub.tripproof.store import devices, people
from hub.tripproof.store import orders as store
from hub.tripproof.store.people import Traveller

router = APIRouter(prefix="/trips", tags=["trips"])
ADMIN = [Depends(needs("admin"))]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
POINTS_MOST = 20
RADIUS_MOST_M = 50_000


def _bytes_at_most(most: int) -> AfterValidator:
    def checked(text: str) -> str:
        if len(text.encode(errors="replace")) > most:
            raise ValueError(f"at most {most} bytes")
        return text

    return AfterValidator(checked)


Who = Annotated[Line, Field(min_length=1, max_length=16), _bytes_at_most(16)]
Department = Annotated[Line, Field(max_length=16), _bytes_at_most(16)]
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC)),
]
Trip = Annotated[Line, Field(min_length=1, max_length=30), _bytes_at_most(30)]


class PointGiven(Given):
    """A point of a destination. Degrees x 1e7; radius 0: the policy's."""

    lat_e7: Annotated[int, Field(ge=-LAT_MAX, le=LAT_MAX)]
    lon_e7: Annotated[int, Field(ge=-LON_MAX, le=LON_MAX)]
    radius_m: Annotated[int, Field(ge=0, le=RADIUS_MOST_M)] = 0


class PlaceGiven(Given):
    """Where a destination lies: at none, one or several points."""

    name: Name
    points: Annotated[tuple[PointGiven, ...], Field(max_length=POINTS_MOST)] = ()


class KnownPlace(BaseModel):
    """An entry of the place book."""

    name: str
    points: list[PointGiven]
    saved_at: datetime
    saved_by: str


class OrderGiven(Given):
    """A trip order. Its destination's points come from the place book."""

    trip: Trip
    people: Annotated[tuple[Who, ...], Field(min_length=1, max_length=64)]
    department: Department
    begins_at: Moment
    ends_at: Moment
    place: Annotated[Line, Field(max_length=80)] = ""
    by_air: bool = False
    purpose: Annotated[Line, Field(max_length=200)] = ""


class OrdersGiven(Given):
    """Some orders; each that differs from its newest version is a version more."""

    orders: Annotated[tuple[OrderGiven, ...], Field(min_length=1, max_length=200)]


class OrderSeen(Seen):
    """The newest version of an order. Whether the place book knew its destination, not where."""

    trip: str
    version: int
    people: list[str]
    department: str
    begins_at: datetime
    ends_at: datetime
    place: str
    place_points: int
    by_air: bool
    purpose: str
    saved_at: datetime
    saved_by: str


class OrderRead(Seen):
    """An order as a table has it. Nothing is saved, and nothing was checked yet."""

    trip: str
    people: list[str]
    department: str
    begins_at: datetime
    ends_at: datetime
    place: str
    by_air: bool
    purpose: str


class RowRead(BaseModel):
    """A row, numbered as the sheet counts: an order and what saving it would do, or why it is none.

    `may`: whether it is one's own department's, so that one may save it.
    """

    row: int
    order: OrderRead | None
    wrong: list[Wrong]
    standing: Standing | None
    place_points: int
    may: bool


class OrdersRead(BaseModel):
    """What was read from a table."""

    rows: list[RowRead]


class PointerSeen(BaseModel):
    """TP2 as the text of a QR code, and what it says."""

    text: str
    count: int
    worst: int
    issued_at: datetime


class TravellerSeen(Seen):
    """Somebody, as trips name them."""

    person_id: UUID
    login: str
    name: str
    who: str | None
    department: str
    is_clerk: bool


class TravellerGiven(Given):
    """Staff number, department's code, and whether 서무 of it."""

    who: Who
    department: Department = ""
    is_clerk: bool = False


class KeyEndGiven(Given):
    """Why somebody's key ends."""

    reason: Annotated[str, Field(pattern="^(transferred|left|revoked)$")]


REASONS = {
    "transferred": Revoked.TRANSFERRED,
    "left": Revoked.LEFT,
    "revoked": Revoked.BY_ADMINISTRATOR,
}


@router.get(
    "/orders", operation_id="readTripOrders", responses=READY, dependencies=[Depends(STAFF)]
)
async def read_orders(request: Request, department: bool = False) -> list[OrderSeen]:
    """One's own orders; a department's, for its 서무."""
    async with connection(request) as conn:
        who = await traveller(conn, request)
        if department and not _keeps_books(who):
            raise NotTheClerk
        whose = {"department": who.department} if department else {"who": who.who}
        return [_seen(one) for one in await store.some(conn, **whose)]


@router.post(
    "/orders", operation_id="saveTripOrders", responses=READY, dependencies=[Depends(STAFF)]
)
async def save_orders(request: Request, given: OrdersGiven) -> list[OrderSeen]:
    """Save orders of one's department (an admin: of any); each version is a leaf of the log."""
    office, now = office_of(request), clock.now()
    async with connection(request) as conn:
        session, who = await signed_in(request), await traveller(conn, request)
        for one in given.orders:
            _may_order(who, session.roles, one.department)
        new = [NewOrder(**one.model_dump()) for one in given.orders]
        kept = await ordering.save(conn, office, new, who.login, now)
        told = {"orders": [f"{one.trip} v{one.version}" for one in kept]}
        await write_down(conn, request, who.login, "trip.orders", "", told)
        return [_seen(one) for one in kept]


@router.post(
    "/orders/reading",
    operation_id="readTripOrderTable",
    responses={**READY, 422: {"description": "No table of orders can be read from it."}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "A workbook (.xlsx) or CSV with a heading, at most 64 KiB.",
            "content": {
                WORKBOOK: {"schema": {"type": "string", "format": "binary"}},
                "text/csv": {"schema": {"type": "string"}},
            },
        }
    },
    dependencies=[Depends(STAFF)],
)
async def read_order_table(request: Request) -> OrdersRead:
    """Read a table of orders, to be looked at before it is saved."""
    body = await request.body()
    async with connection(request) as conn:
        who, session = await traveller(conn, request), await signed_in(request)
        found = await asyncio.to_thread(order_sheet.read, body, who.department)
        return OrdersRead(rows=[await _row(conn, one, who, session.roles) for one in found])


@router.get(
    "/orders/{trip}/pointer",
    operation_id="readTripPointer",
    responses=UNKNOWN,
    dependencies=[Depends(STAFF)],
)
async def read_pointer(request: Request, trip: Trip) -> PointerSeen:
    """What is printed on the travel report: TP2, which leads to the trip's proofs in the log."""
    office, now = office_of(request), clock.now()
    async with connection(request) as conn:
        who, session = await traveller(conn, request), await signed_in(request)
        order = await store.one(conn, trip)
        if order is None or not _may_read(order, who, session.roles):
            raise UnknownOrder
        made = await pointing.pointer(conn, trip, now)
    told = codes.text(codes.Code.POINTER, made.sign(office.signer))
    return PointerSeen(text=told, count=made.count, worst=int(made.worst), issued_at=now)


@router.get("/places", operation_id="readPlaces", dependencies=[Depends(STAFF)])
async def read_places(request: Request) -> list[KnownPlace]:
    """The place book."""
    async with connection(request) as conn:
        return [_place(one) for one in await store.places(conn)]


@router.put(
    "/places", operation_id="savePlace", status_code=204, responses=READY,
    dependencies=[Depends(STAFF)],
)  # fmt: skip
async def save_place(request: Request, given: PlaceGiven) -> None:
    """Where a destination lies. Orders saved before keep the points they had."""
    flat = [n for one in given.points for n in (one.lat_e7, one.lon_e7, one.radius_m)]
    async with connection(request) as conn:
        who = await _book_keeper(conn, request)
        await store.keep_place(conn, given.name, flat, clock.now(), who)
        told = {"points": len(given.points)}
        await write_down(conn, request, who, "trip.place", given.name, told)


@router.delete(
    "/places/{name}", operation_id="forgetPlace", status_code=204, responses=UNKNOWN,
    dependencies=[Depends(STAFF)],
)  # fmt: skip
async def forget_place(request: Request, name: Name) -> None:
    """Take a destination out of the book."""
    async with connection(request) as conn:
        if name not in {one.name for one in await store.places(conn)}:
            raise UnknownPlace
        who = await _book_keeper(conn, request)
        await store.forget_place(conn, name)
        await write_down(conn, request, who, "trip.place-forget", name)


@router.get("/people", operation_id="readTravellers", dependencies=ADMIN)
async def read_travellers(request: Request) -> list[TravellerSeen]:
    """Everybody, as trips name them."""
    async with connection(request) as conn:
        return [TravellerSeen.model_validate(one) for one in await people.everybody(conn)]


@router.put(
    "/people/{person_id}", operation_id="saveTraveller", status_code=204,
    responses={**UNKNOWN, **CONFLICT}, dependencies=ADMIN,
)  # fmt: skip
async def save_traveller(request: Request, person_id: UUID, given: TravellerGiven) -> None:
    """Say who this is on a trip. A key that is enrolled keeps the number it was enrolled with."""
    who = await signed_in(request)
    async with connection(request) as conn:
        await people.keep(conn, person_id, given.who, given.department, is_clerk=given.is_clerk)
        told = given.model_dump()
        await write_down(conn, request, who.login, "trip.person", str(person_id), told)


@router.post(
    "/people/{person_id}/end", operation_id="endTravellersKey", status_code=204,
    responses=UNKNOWN, dependencies=ADMIN,
)  # fmt: skip
async def end_key(request: Request, person_id: UUID, given: KeyEndGiven) -> None:
    """Somebody moved, left, or must not go on with this key."""
    office, now, who = office_of(request), clock.now(), await signed_in(request)
    async with connection(request) as conn:
        open_ones = [
            one for one in await devices.of_person(conn, person_id) if one.ended_at is None
        ]
        if not open_ones:
            raise UnknownTripDevice
        reason = REASONS[given.reason]
        await enrolling.end(conn, office, open_ones[0], reason, who.login, now)
        told = {"reason": given.reason, "kid": open_ones[0].kid.hex()}
        await write_down(conn, request, who.login, "trip.end-key", open_ones[0].login, told)


async def _row(conn: Any, one: order_sheet.Row, who: Traveller, roles: Any) -> RowRead:
    if one.order is None:
        return RowRead(
            row=one.number, order=None, wrong=one.wrong, standing=None, place_points=0, may=False
        )
    standing, points = await ordering.standing(conn, one.order)
    may = "admin" in roles or (_keeps_books(who) and one.order.department == who.department)
    if standing is Standing.OF_ANOTHER and not may:
        standing = Standing.NEW  # not theirs to know
    return RowRead(
        row=one.number, order=OrderRead.model_validate(one.order), wrong=[], standing=standing,
        place_points=points, may=may,
    )  # fmt: skip


def _may_read(order: store.TripOrder, who: Traveller, roles: list[Any]) -> bool:
    is_theirs = _keeps_books(who) and order.department == who.department
    return who.who in order.people or is_theirs or "auditor" in roles


def _keeps_books(who: Traveller) -> bool:
    return who.is_clerk and bool(who.department)


def _may_order(who: Traveller, roles: list[Any], department: str) -> None:
    """Raises NotTheClerk."""
    is_theirs = _keeps_books(who) and department == who.department
    if not is_theirs and "admin" not in roles:
        raise NotTheClerk


async def _book_keeper(conn: Any, request: Request) -> str:
    """The login of a 서무 or an admin. Raises NotTheClerk."""
    session = await signed_in(request)
    if "admin" not in session.roles and not _keeps_books(await traveller(conn, request)):
        raise NotTheClerk
    return session.login


def _seen(one: store.TripOrder) -> OrderSeen:
    return OrderSeen(
        trip=one.trip, version=one.version, people=one.people, department=one.department,
        begins_at=one.begins_at, ends_at=one.ends_at, place=one.place,
        place_points=len(one.points) // 3, by_air=one.by_air, purpose=one.purpose,
        saved_at=one.saved_at, saved_by=one.saved_by,
    )  # fmt: skip


def _place(one: store.PlaceNamed) -> KnownPlace:
    flat = one.points
    points = [
        PointGiven(lat_e7=flat[at], lon_e7=flat[at + 1], radius_m=flat[at + 2])
        for at in range(0, len(flat), 3)
    ]
    return KnownPlace(name=one.name, points=points, saved_at=one.saved_at, saved_by=one.saved_by)
