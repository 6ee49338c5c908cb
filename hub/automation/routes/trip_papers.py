"""HTTP of 출장신청서 and 여비정산 신청서: drawn and forgotten. Nothing typed is kept or logged."""

import asyncio
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, Field

from hub.automation import trip_papers
from hub.automation.question import OfficeRules
from hub.automation.questions.travel import Night
from hub.automation.questions.typed import Line, LineOrNone
from hub.automation.routes.ask import office_rules
from hub.automation.travel import AMOUNT_MOST_WON, DAYS_MOST, Car
from hub.automation.travel import Night as Slept
from hub.automation.trip_papers import FarTrip, NearTrip
from hub.document import hwpx, model, pdf, web_page
from hub.identity import access
from hub.identity.routes.words import NO_STORE, Given
from hub.kit import clock

router = APIRouter(prefix="/trip-papers", tags=["automation"], dependencies=[Depends(access.STAFF)])
Format = Literal["hwpx", "pdf", "html"]
MEDIA: Final[dict[Format, str]] = {
    "hwpx": "application/hwp+zip",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}
_FILE: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
DRAWN: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {media.partition(";")[0]: _FILE for media in MEDIA.values()}},
    422: {"description": "What was typed cannot be, or no rule is known for it."},
}
AskedFormat = Annotated[Format, Query(alias="format")]
OnDay = Annotated[date, Field(ge=date(1950, 1, 1), le=date(2099, 12, 31))]
At = Annotated[
    AwareDatetime,
    Field(
        ge=datetime(1950, 1, 1, tzinfo=UTC), le=datetime(2099, 12, 31, tzinfo=UTC),
        description="With its zone: 2026-11-20T09:00+09:00.",
    ),
]  # fmt: skip
Paragraphs = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=2_000)], ...], Field(max_length=30)
]


class TravellerGiven(Given):
    """Who travels."""

    department: LineOrNone = ""
    post: LineOrNone = ""
    name: Line


class TravelGiven(Given):
    """What both papers take."""

    office: LineOrNone = ""
    order: LineOrNone = ""
    travellers: Annotated[
        tuple[TravellerGiven, ...], Field(min_length=1, max_length=model.MAX_SIGNERS)
    ]
    begins: At
    ends: At
    destination: Line
    purpose: Line
    transport: LineOrNone = ""
    attachments: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    signers: Annotated[
        tuple[Annotated[Line, Field(max_length=20)], ...],
        Field(max_length=model.MAX_SIGNERS, description="Posts of the 결재란."),
    ] = ()
    to: LineOrNone = ""
    requested_on: OnDay

    def said(self, *leave_out: str) -> dict[str, Any]:
        """As the papers take it."""
        told = self.model_dump(exclude={"signers", *leave_out})
        return {**told, "signers": [{"post": one} for one in self.signers]}


class TripRequestGiven(TravelGiven):
    """What is typed for a request."""

    remarks: Paragraphs = ()
    cost: LineOrNone = ""
    budget_code: LineOrNone = ""


class NearGiven(Given):
    """A near trip."""

    car: Car = Car.NONE


class FarGiven(Given):
    """A far trip."""

    nights: Annotated[tuple[Night, ...], Field(max_length=DAYS_MOST)] = ()
    fare_won: Annotated[int, Field(ge=0, le=AMOUNT_MOST_WON)] = 0
    office_car: Annotated[tuple[OnDay, ...], Field(max_length=DAYS_MOST)] = ()


class TripSettlementGiven(TravelGiven):
    """What is typed for a settlement. Without `far` it is a near trip."""

    near: NearGiven = NearGiven()
    far: FarGiven | None = None
    proof: Annotated[LineOrNone, Field(description="What trip proofs said, in words.")] = ""
    account: LineOrNone = ""

    def trip(self) -> NearTrip | FarTrip:
        """What was used and paid."""
        if self.far is None:
            return NearTrip(self.near.car)
        nights = [Slept(one.region, one.paid_won, one.is_unavoidable) for one in self.far.nights]
        return FarTrip(nights, self.far.fare_won, set(self.far.office_car))


@router.post("/request", operation_id="drawTripRequest", response_class=Response, responses=DRAWN)
async def draw_request(given: TripRequestGiven, form: AskedFormat = "hwpx") -> Response:
    """출장신청서 as HWPX, PDF or a page."""
    document = trip_papers.requested(given.said())
    return await _drawn(document, form, "trip-request")


@router.post(
    "/settlement", operation_id="drawTripSettlement", response_class=Response, responses=DRAWN
)
async def draw_settlement(
    given: TripSettlementGiven,
    office: Annotated[OfficeRules, Depends(office_rules)],
    form: AskedFormat = "hwpx",
) -> Response:
    """여비정산 신청서 with the amounts worked out, as HWPX, PDF or a page."""
    said = given.said("near", "far")
    document = trip_papers.settled(office.book, said, given.trip())
    return await _drawn(document, form, "trip-settlement")


async def _drawn(document: model.Document, form: Format, name: str) -> Response:
    now = clock.now().replace(microsecond=0)
    headers = {**NO_STORE, "Content-Disposition": f'inline; filename="{name}.{form}"'}
    if form == "html":
        body = web_page.drawn(document).encode()
    else:
        body = await asyncio.to_thread((pdf if form == "pdf" else hwpx).drawn, document, now)
    return Response(body, media_type=MEDIA[form], headers=headers)
