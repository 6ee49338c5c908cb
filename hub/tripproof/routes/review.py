"""HTTP of the auditor's list: every proof by what was said of it, questions, and the workbook."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from hub.identity.access import needs, signed_in
from hub.identity.routes.words import Line, connection, write_down
from hub.kit import clock
from hub.tripproof import proof_sheet, questions
from hub.tripproof.refusals import UnknownProof
from hub.tripproof.routes.words import UNKNOWN, Id, Octets, answer_of, raw
from hub.tripproof.store import orders
from hub.tripproof.store import reviewing as store
from hub.tripproof.store.orders import TripOrder
from hub.tripproof.store.reviewing import Reviewed, Sought

router = APIRouter(prefix="/trips/audit", tags=["trips"])
AUDITOR: Final = [Depends(needs("auditor"))]
LOG_MOST: Final = 2**53
TripNumber = Annotated[Line, Query(min_length=1, max_length=30)]


class Sieve(BaseModel):
    """Which proofs. What is not given sieves nothing out."""

    since: AwareDatetime | None = Field(None, description="Signed at or after it.")
    until: AwareDatetime | None = Field(None, description="Signed before it.")
    department: Annotated[Line, Field(max_length=16)] | None = None
    who: Annotated[Line, Field(max_length=80)] | None = Field(
        None, description="A staff number, or a part of a name."
    )
    trip: Annotated[Line, Field(max_length=30)] | None = None
    kind: Annotated[int, Field(ge=1, le=3)] | None = None
    place: Annotated[int, Field(ge=0, le=3)] | None = None
    grade: Annotated[int, Field(ge=1, le=3)] | None = None
    reason: Annotated[int, Field(ge=1, le=255)] | None = None
    appealed: bool | None = None
    unlinked: bool | None = Field(None, description="Whether there is no order of its number.")

    def sought(self, before: int | None = None) -> Sought:
        """As the store looks for it."""
        return Sought(**self.model_dump(), before=before)


Sieved = Annotated[Sieve, Query()]


class Sifted(Sieve):
    """A page of the list."""

    before: Annotated[int, Field(ge=0, le=LOG_MOST)] | None = Field(
        None, description="An index of the log: the next page begins below it."
    )


class ProofReviewed(BaseModel):
    """What is said of a proof, and whose it is. Never where."""

    cti: str
    index: int
    device: str
    kid: str
    who: str
    name: str
    department: str
    trip: str
    destination: str
    is_linked: bool
    kind: int
    minute: datetime
    received_at: datetime
    place: int
    band: int
    grade: int
    reasons: list[int]
    appealed: bool


class AppealReviewed(BaseModel):
    """소명: what its owner said, and where that stands in the log."""

    index: int
    by: str
    text: str
    at: datetime


class OrderReviewed(BaseModel):
    """The newest version of the order, with the points it was judged by (degrees x 1e7, m)."""

    trip: str
    version: int
    people: list[str]
    department: str
    begins_at: datetime
    ends_at: datetime
    place: str
    points: list[int]
    purpose: str


class ProofWhole(ProofReviewed):
    """One proof, what was said to its grade, and its order."""

    appeals: list[AppealReviewed]
    order: OrderReviewed | None


class LeafSeen(BaseModel):
    """A while in which a proof was of this trip, and its leaf."""

    cti: str
    index: int
    leaf: Octets
    grade: int
    since: datetime
    joined: int = Field(description="The entry of the log with which it came to this trip.")
    parted: int | None = Field(description="With which it left it; null: it is of it still.")


class TripReviewed(BaseModel):
    """What a printed pointer (8.3) is compared with: the proofs in the log's order."""

    trip: str
    order: OrderReviewed | None
    proofs: list[LeafSeen]


class TripQuestionSeen(BaseModel):
    """Something to ask about; words for it are the page's."""

    why: questions.Why
    people: list[str]
    names: list[str]
    count: int
    of: int
    proofs: list[str]


class Questions(BaseModel):
    """What may be asked about the proofs that were looked at."""

    looked_at: int
    is_all: bool
    questions: list[TripQuestionSeen]


@router.get("/proofs", operation_id="reviewProofs", dependencies=AUDITOR)
async def review_proofs(request: Request, sieve: Annotated[Sifted, Query()]) -> list[ProofReviewed]:
    """Everybody's proofs, the newest first, a page at a time."""
    sought = Sought(**sieve.model_dump())
    async with connection(request) as conn:
        return [_seen(one) for one in await store.some(conn, sought)]


@router.get("/proofs/{cti}", operation_id="reviewProof", responses=UNKNOWN, dependencies=AUDITOR)
async def review_proof(request: Request, cti: Id) -> ProofWhole:
    """One proof: its verdict, the appeals, its order."""
    async with connection(request) as conn:
        found = await store.one(conn, bytes.fromhex(cti))
        if found is None:
            raise UnknownProof
        said = await store.appeals(conn, found.cti)
        order = await orders.one(conn, found.trip)
    appeals = [
        AppealReviewed(index=one.log_index, by=one.by_login, text=one.text, at=one.at)
        for one in said
    ]
    return ProofWhole(**_told(found), appeals=appeals, order=_order(order))


@router.get("/trip", operation_id="reviewTrip", responses=UNKNOWN, dependencies=AUDITOR)
async def review_trip(request: Request, trip: TripNumber) -> TripReviewed:
    """A trip's order and the leaves of its proofs."""
    async with connection(request) as conn:
        order = await orders.one(conn, trip)
        found = await store.of_trip(conn, trip)
    if order is None and not found:
        raise UnknownProof
    proofs = [
        LeafSeen(
            cti=one.cti.hex(), index=one.log_index, leaf=one.leaf, grade=one.grade,
            since=one.since, joined=one.joined, parted=one.parted,
        )
        for one in found
    ]  # fmt: skip
    return TripReviewed(trip=trip, order=_order(order), proofs=proofs)


@router.get("/questions", operation_id="readTripQuestions", dependencies=AUDITOR)
async def read_questions(request: Request, sieve: Sieved) -> Questions:
    """What may be asked, from verdicts alone. Nobody is accused; nothing is opened."""
    async with connection(request) as conn:
        found = await store.some(conn, sieve.sought(), store.MOST)
    asked = await asyncio.to_thread(questions.asked, found)
    names = {one.who: one.name for one in found}
    return Questions(
        looked_at=len(found), is_all=len(found) < store.MOST,
        questions=[_question(one, names) for one in asked],
    )  # fmt: skip


@router.get(
    "/workbook",
    operation_id="readProofWorkbook",
    response_class=Response,
    responses=answer_of(proof_sheet.MEDIA_TYPE, "The list as a workbook, without coordinates."),
    dependencies=AUDITOR,
)
async def read_workbook(request: Request, sieve: Sieved) -> Response:
    """The list as .xlsx: at most 5,000 rows, the newest first."""
    who = await signed_in(request)
    async with connection(request) as conn:
        found = await store.some(conn, sieve.sought(), store.MOST)
        await write_down(conn, request, who.login, "trip.workbook", "", {"proofs": len(found)})
    made = await asyncio.to_thread(proof_sheet.workbook, found, clock.now())
    return raw(made, proof_sheet.MEDIA_TYPE, "trip-proofs.xlsx")


def _seen(one: Reviewed) -> ProofReviewed:
    return ProofReviewed(**_told(one))


def _told(one: Reviewed) -> dict[str, Any]:
    return {
        "cti": one.cti.hex(), "index": one.log_index, "device": one.device, "kid": one.kid.hex(),
        "who": one.who, "name": one.name, "department": one.department, "trip": one.trip,
        "destination": one.destination, "is_linked": one.is_linked, "kind": one.kind,
        "minute": one.signed_at.replace(second=0), "received_at": one.received_at,
        "place": one.place, "band": one.band, "grade": one.grade, "reasons": one.reasons,
        "appealed": one.appealed,
    }  # fmt: skip


def _order(one: TripOrder | None) -> OrderReviewed | None:
    if one is None:
        return None
    return OrderReviewed(
        trip=one.trip, version=one.version, people=one.people, department=one.department,
        begins_at=one.begins_at, ends_at=one.ends_at, place=one.place, points=one.points,
        purpose=one.purpose,
    )  # fmt: skip


def _question(one: questions.Question, names: dict[str, str]) -> TripQuestionSeen:
    return TripQuestionSeen(
        why=one.why, people=list(one.people), names=[names.get(who, who) for who in one.people],
        count=one.count, of=one.of, proofs=[cti.hex() for cti in one.proofs],
    )  # fmt: skip
