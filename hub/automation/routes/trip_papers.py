"""HTTP of 출장신청서 and 여비정산 신청서: drawn and forgotten. Nothing typed is kept or logged."""

import asyncio
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, Field

from hub.automation import trip_papers
from hub.automation.answer import NotPossible
from hub.automation.question import OfficeRules
from hub.automation.questions.travel import CarDay, Night
from hub.automation.questions.typed import Line, LineOrNone
from hub.automation.routes.ask import office_rules
from hub.automation.routes.seen import AnswerSeen
from hub.automation.travel import AMOUNT_MOST_WON, DAYS_MOST, Car
from hub.automation.travel import Night as Slept
from hub.automation.trip_papers import Written
from hub.automation.trip_settling import FarTrip, NearTrip, SameDay, Trip
from hub.document import hwpx, model, pdf, web_page
from hub.document.forms.trip_settlement import TRIPS_MOST
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
Went = NearTrip | FarTrip
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


class PaperGiven(Given):
    """What both papers take."""

    office: LineOrNone = ""
    travellers: Annotated[
        tuple[TravellerGiven, ...], Field(min_length=1, max_length=model.MAX_SIGNERS)
    ]
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


class TripRequestGiven(PaperGiven):
    """What is typed for a request."""

    order: LineOrNone = ""
    begins: At
    ends: At
    destination: Line
    purpose: Line
    transport: LineOrNone = ""
    remarks: Paragraphs = ()
    cost: LineOrNone = ""
    budget_code: LineOrNone = ""


class TripGiven(Given):
    """What the paper says of one trip."""

    order: LineOrNone = ""
    destination: Line
    purpose: Line
    transport: LineOrNone = ""
    proof: Annotated[LineOrNone, Field(description="What trip proofs said, in words.")] = ""

    def written(self, begins: datetime, ends: datetime, went: Went, *place: str | int) -> Written:
        """As it is settled, and as its paper says it."""
        told = self.model_dump(include=set(TripGiven.model_fields))
        return Written(Trip(begins, ends, went, place), told)


class NearGiven(TripGiven):
    """A near trip: of one day, by its order, as clocks in Seoul say."""

    day: OnDay
    begins_at: time
    ends_at: time
    car: Car = Car.NONE

    def as_written(self, nth: int) -> Written:
        """The trip, typed as number `nth`."""
        times = (_seoul(self.day, self.begins_at), _seoul(self.day, self.ends_at))
        return self.written(*times, NearTrip(self.car), "near", nth)


class FarGiven(TripGiven):
    """A far trip, and what was paid."""

    first: OnDay
    begins_at: time
    last: OnDay
    ends_at: time
    nights: Annotated[tuple[Night, ...], Field(max_length=DAYS_MOST)] = ()
    fare_won: Annotated[int, Field(ge=0, le=AMOUNT_MOST_WON)] = 0
    office_car: Annotated[tuple[CarDay, ...], Field(max_length=DAYS_MOST)] = ()

    def as_written(self, nth: int) -> Written:
        """The trip, typed as number `nth`."""
        nights = [Slept(one.region, one.paid_won, one.is_unavoidable) for one in self.nights]
        went = FarTrip(nights, self.fare_won, [one.day for one in self.office_car])
        times = (_seoul(self.first, self.begins_at), _seoul(self.last, self.ends_at))
        return self.written(*times, went, "far", nth)


class TripSettlementGiven(PaperGiven):
    """What is typed for a settlement: all trips of those who went on them together."""

    near: Annotated[tuple[NearGiven, ...], Field(max_length=TRIPS_MOST)] = ()
    far: Annotated[tuple[FarGiven, ...], Field(max_length=TRIPS_MOST)] = ()
    same_day: Annotated[
        SameDay | None,
        Field(description="How near trips of one day are reckoned: needed where it matters."),
    ] = None
    account: LineOrNone = ""

    def trips(self) -> list[Written]:
        """All of them. Raises NotPossible: none, or more than a paper takes."""
        if not 0 < len(self.near) + len(self.far) <= TRIPS_MOST:
            raise NotPossible("near", f"출장은 1건부터 {TRIPS_MOST}건까지 한 장에 정산합니다.")
        near = [one.as_written(nth) for nth, one in enumerate(self.near)]
        return near + [one.as_written(nth) for nth, one in enumerate(self.far)]


def _seoul(day: date, at: time) -> datetime:
    return datetime.combine(day, at.replace(tzinfo=None), clock.SEOUL)


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
    said = given.said("near", "far", "same_day")
    document = trip_papers.settled(office.book, said, given.trips(), given.same_day)
    return await _drawn(document, form, "trip-settlement")


@router.post(
    "/settlement/answer",
    operation_id="workOutTripSettlement",
    responses={422: {"description": "What was typed cannot be, or no rule is known for it."}},
)
async def work_out_settlement(
    given: TripSettlementGiven, office: Annotated[OfficeRules, Depends(office_rules)]
) -> AnswerSeen:
    """The sum of a settlement, each trip with its working, before it is drawn."""
    people = len(given.travellers)
    found = trip_papers.worked(office.book, given.trips(), people, given.same_day)
    return AnswerSeen.of(found.answer)


async def _drawn(document: model.Document, form: Format, name: str) -> Response:
    now = clock.now().replace(microsecond=0)
    headers = {**NO_STORE, "Content-Disposition": f'inline; filename="{name}.{form}"'}
    if form == "html":
        body = web_page.drawn(document).encode()
    else:
        body = await asyncio.to_thread((pdf if form == "pdf" else hwpx).drawn, document, now)
    return Response(body, media_type=MEDIA[form], headers=headers)
