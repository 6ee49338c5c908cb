"""HTTP of the 출장복명서: what is typed is drawn and not kept."""

import asyncio
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from hub.document import model
from hub.identity.access import STAFF, signed_in
from hub.identity.routes.words import Given, Line, connection, write_down
from hub.kit import clock
from hub.tripproof import codes, monthly, pointing, reporting, standing
from hub.tripproof.refusals import NotOnTheOrder, UnknownOrder, UnknownProof
from hub.tripproof.reporting import Form, Typed
from hub.tripproof.routes.books import Trip, Who
from hub.tripproof.routes.department import sees_all_of
from hub.tripproof.routes.words import UNKNOWN, office_of, raw, traveller
from hub.tripproof.store import orders

router = APIRouter(prefix="/trips", tags=["trips"])
PDF, HWPX = "application/pdf", "application/hwp+zip"
MEDIA: dict[Form, str] = {"pdf": PDF, "hwpx": HWPX}
BYTES = {"schema": {"type": "string", "format": "binary"}}
Short = Annotated[Line, Field(max_length=100)]
Paragraphs = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=2_000)], ...], Field(max_length=30)
]


class NamedGiven(Given):
    """Who is named in the report, and with which post."""

    who: Who
    post: Short = ""


class ReportGiven(Given):
    """What is typed for the report. It is drawn and forgotten."""

    trip: Trip
    form: Form
    people: Annotated[tuple[NamedGiven, ...], Field(min_length=1, max_length=model.MAX_SIGNERS)]
    reported_on: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
    office: Short = ""
    to: Short = ""
    purpose: Annotated[Line, Field(max_length=200)] = ""
    transport: Short = ""
    remarks: Paragraphs = ()
    requests: Paragraphs = ()
    attachments: Annotated[
        tuple[Annotated[Line, Field(min_length=1, max_length=100)], ...], Field(max_length=20)
    ] = ()
    signers: Annotated[
        tuple[Annotated[Line, Field(min_length=1, max_length=20)], ...],
        Field(max_length=model.MAX_SIGNERS, description="Posts of the 결재란."),
    ] = ()

    def typed(self) -> Typed:
        """As the report takes it."""
        told = self.model_dump(exclude={"trip", "form", "people"})
        return Typed(people={one.who: one.post for one in self.people}, **told)


@router.post(
    "/report", operation_id="drawTripReport", response_class=Response,
    responses={
        **UNKNOWN,
        200: {"description": "The report.", "content": dict.fromkeys(MEDIA.values(), BYTES)},
    },
    dependencies=[Depends(STAFF)],
)  # fmt: skip
async def draw_report(request: Request, given: ReportGiven) -> Response:
    """출장복명서 of an order, with TP2 where it has touches. Nothing that is typed is kept."""
    office, now = office_of(request), clock.now()
    async with connection(request) as conn:
        who, roles = await traveller(conn, request), (await signed_in(request)).roles
        order = await orders.one(conn, given.trip)
        if order is None or not (who.who in order.people or sees_all_of(order, who, roles)):
            raise UnknownOrder
        trip = await monthly.one(conn, order, now)
        if not sees_all_of(order, who, roles):
            trip = standing.part(trip, who.who or "")
        _are_on(trip, given)
        try:
            made = await pointing.pointer(conn, given.trip, now)
            code = codes.text(codes.Code.POINTER, made.sign(office.signer))
        except UnknownProof:
            code = None
        await write_down(conn, request, who.login, "trip.report", given.trip, {"form": given.form})
    file = await asyncio.to_thread(reporting.drawn, trip, given.typed(), code, given.form, now)
    return raw(file, MEDIA[given.form], f"trip-report.{given.form}")


def _are_on(trip: standing.Trip, given: ReportGiven) -> None:
    there = {one.who for one in trip.travellers}
    for one in given.people:
        if one.who not in there:
            raise NotOnTheOrder(given.trip, one.who)
