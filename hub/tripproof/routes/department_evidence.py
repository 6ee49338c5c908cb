"""HTTP of what confirms a trip besides a touch, and of touches linked to an order later."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from hub.identity.access import STAFF, signed_in
from hub.identity.routes.words import Given, Line, connection, write_down
from hub.kit import clock
from hub.tripproof import confirming, linking
from hub.tripproof.confirming import NewConfirmation
from hub.tripproof.refusals import (
    NotOnTheOrder,
    NotTheClerk,
    UnknownConfirmation,
    UnknownOrder,
    UnknownProof,
)
from hub.tripproof.routes.books import Trip, Who
from hub.tripproof.routes.department import ConfirmationSeen, keeps_books, sees_all_of
from hub.tripproof.routes.words import UNKNOWN, Id, office_of, traveller
from hub.tripproof.store import confirmations as store
from hub.tripproof.store import links, orders, proofs
from hub.tripproof.store.confirmations import Confirmation
from hub.tripproof.store.orders import TripOrder
from hub.tripproof.store.people import Traveller
from hub.tripproof.store.proofs import Proof

router = APIRouter(prefix="/trips", tags=["trips"])


class ConfirmationGiven(Given):
    """That a trip was confirmed on paper or by photo. The photo itself is not sent."""

    kind: Literal["paper", "photo"]
    on_day: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
    note: Annotated[Line, Field(max_length=200)] = ""
    photo_sha256: Annotated[
        str | None, Field(pattern="^[0-9a-f]{64}$", description="Hex, reckoned in the browser.")
    ] = None


class NewConfirmationGiven(ConfirmationGiven):
    """The same, of whose trip."""

    trip: Trip
    who: Who


class CorrectionGiven(ConfirmationGiven):
    """How it should read, and why. `version`: the one that was looked at."""

    version: Annotated[int, Field(ge=1, le=10_000)]
    why: Annotated[Line, Field(min_length=1, max_length=200)]


class WithdrawalGiven(Given):
    """Why it holds no more. `version`: the one that was looked at."""

    version: Annotated[int, Field(ge=1, le=10_000)]
    why: Annotated[Line, Field(min_length=1, max_length=200)]


class LinkGiven(Given):
    """The order to link to; empty: none again."""

    trip: Annotated[Line, Field(max_length=30)]


class LinkSeen(BaseModel):
    """Where it stands in the log."""

    index: int
    trip: str


@router.post(
    "/confirmations", operation_id="confirmTrip", status_code=201, responses=UNKNOWN,
    dependencies=[Depends(STAFF)],
)  # fmt: skip
async def confirm(request: Request, given: NewConfirmationGiven) -> ConfirmationSeen:
    """Write down that a trip was confirmed on paper or by photo: one's own, or as its 서무."""
    office_of(request)
    async with connection(request) as conn:
        who = await _may_write(conn, request, given.trip, given.who)
        new = _new(given)
        made = await confirming.begin(conn, given.trip, given.who, new, who.login, clock.now())
        told = {"who": given.who, "kind": given.kind, "id": str(made.confirmation_id)}
        await write_down(conn, request, who.login, "trip.confirm", given.trip, told)
    return ConfirmationSeen.of(made)


@router.get(
    "/confirmations/{confirmation_id}", operation_id="readTripConfirmation", responses=UNKNOWN,
    dependencies=[Depends(STAFF)],
)  # fmt: skip
async def read_confirmation(request: Request, confirmation_id: UUID) -> list[ConfirmationSeen]:
    """Every version of it, the newest first."""
    office_of(request)
    async with connection(request) as conn:
        found, _ = await _held(conn, request, confirmation_id)
    return [ConfirmationSeen.of(one) for one in found]


@router.put(
    "/confirmations/{confirmation_id}", operation_id="correctTripConfirmation", responses=UNKNOWN,
    dependencies=[Depends(STAFF)],
)  # fmt: skip
async def correct(
    request: Request, confirmation_id: UUID, given: CorrectionGiven
) -> ConfirmationSeen:
    """Write it down anew; how it read before stays."""
    office_of(request)
    async with connection(request) as conn:
        (before, *_), who = await _held(conn, request, confirmation_id)
        made = await confirming.correct(
            conn, before, given.version, _new(given), given.why, who.login, clock.now()
        )
        told = {"who": before.who, "id": str(confirmation_id), "version": made.version}
        await write_down(conn, request, who.login, "trip.confirm-correct", before.trip, told)
    return ConfirmationSeen.of(made)


@router.post(
    "/confirmations/{confirmation_id}/withdrawal", operation_id="withdrawTripConfirmation",
    responses=UNKNOWN, dependencies=[Depends(STAFF)],
)  # fmt: skip
async def withdraw(
    request: Request, confirmation_id: UUID, given: WithdrawalGiven
) -> ConfirmationSeen:
    """It holds no more; that it did stays."""
    office_of(request)
    async with connection(request) as conn:
        (before, *_), who = await _held(conn, request, confirmation_id)
        made = await confirming.withdraw(
            conn, before, given.version, given.why, who.login, clock.now()
        )
        told = {"who": before.who, "id": str(confirmation_id), "version": made.version}
        await write_down(conn, request, who.login, "trip.confirm-withdraw", before.trip, told)
    return ConfirmationSeen.of(made)


@router.put(
    "/proofs/{cti}/link", operation_id="linkProof", responses=UNKNOWN,
    dependencies=[Depends(STAFF)],
)  # fmt: skip
async def link(request: Request, cti: Id, given: LinkGiven) -> LinkSeen:
    """Link a touch without an order to one, or to none again. Each is an entry of the log."""
    office, now = office_of(request), clock.now()
    async with connection(request) as conn:
        who, roles = await traveller(conn, request), (await signed_in(request)).roles
        proof = await proofs.one(conn, bytes.fromhex(cti))
        if proof is None or not await _may_link(conn, proof, who, roles):
            raise UnknownProof
        order = await _order(conn, given.trip, who, roles) if given.trip else None
        index = await linking.link(conn, office, proof, order, who.login, now)
        told = {"trip": given.trip, "index": index}
        await write_down(conn, request, who.login, "trip.link", cti, told)
    return LinkSeen(index=index, trip=given.trip)


async def _may_link(conn: Any, proof: Proof, who: Traveller, roles: Any) -> bool:
    if proof.person_id == who.person_id or "admin" in roles:
        return True
    if not keeps_books(who):
        return False
    now = await links.newest(conn, proof.cti)
    order = await orders.one(conn, now.trip) if now and now.trip else None
    return who.department in (proof.department, order.department if order else None)


async def _order(conn: Any, trip: str, who: Traveller, roles: Any) -> TripOrder:
    """An order that one may look at. Raises UnknownOrder."""
    order = await orders.one(conn, trip)
    if order is None or not (who.who in order.people or sees_all_of(order, who, roles)):
        raise UnknownOrder
    return order


async def _may_write(conn: Any, request: Request, trip: str, whom: str) -> Traveller:
    """Who writes. Raises UnknownOrder, NotOnTheOrder, NotTheClerk."""
    who, roles = await traveller(conn, request), (await signed_in(request)).roles
    order = await _order(conn, trip, who, roles)
    if whom != who.who and not sees_all_of(order, who, roles):
        raise NotTheClerk
    if whom not in order.people:
        raise NotOnTheOrder(trip, whom)
    return who


async def _held(
    conn: Any, request: Request, confirmation_id: UUID
) -> tuple[list[Confirmation], Traveller]:
    """All versions, for who may write them. Raises UnknownConfirmation."""
    found = await store.history(conn, confirmation_id)
    if not found:
        raise UnknownConfirmation
    who, roles = await traveller(conn, request), (await signed_in(request)).roles
    order = await orders.one(conn, found[0].trip)
    if found[0].who != who.who and not (order and sees_all_of(order, who, roles)):
        raise UnknownConfirmation
    return found, who


def _new(given: ConfirmationGiven) -> NewConfirmation:
    photo = bytes.fromhex(given.photo_sha256) if given.photo_sha256 else None
    return NewConfirmation(given.kind, given.on_day, given.note, photo)
