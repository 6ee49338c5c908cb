"""HTTP of proofs: brought by a phone, read without the place, carried away as a bundle."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from hub.identity.access import STAFF, needs, signed_in
from hub.identity.routes.words import Given, Line, Seen, connection, write_down
from hub.kit import clock
from hub.tripproof import accepting, bundling, enrolling, seal, statement
from hub.tripproof.accepting import Brought
from hub.tripproof.ask import Purpose
from hub.tripproof.leaf import LeafType
from hub.tripproof.logbook import Logbook
from hub.tripproof.refusals import NotTheClerk, UnknownProof, WhyMissing
from hub.tripproof.routes.phone import BY_KEY, FIELD
from hub.tripproof.routes.words import (
    CBOR,
    COSE,
    READY,
    REFUSED,
    UNKNOWN,
    Id,
    Octets,
    answer_of,
    body_of,
    desk_of,
    office_of,
    raw,
    traveller,
)
from hub.tripproof.store import proofs as store
from hub.tripproof.store.proofs import Proof, Wanted
from hub.tripproof.upload import Upload

router = APIRouter(prefix="/trips", tags=["trips"])
Why = Annotated[
    Line | None, Query(max_length=200, description="For the log; needed to open another's proof.")
]
LOG_MOST = 2**53


class ProofAccepted(BaseModel):
    """What the phone checks and keeps."""

    cti: str
    index: int
    leaf: Octets
    receipt: Octets
    verdict: Octets
    checkpoint: str


class ProofSeen(BaseModel):
    """What is said of a proof. Never where."""

    cti: str
    trip: str
    who: str
    department: str
    kind: int
    minute: datetime
    place: int
    band: int
    grade: int
    reasons: list[int]
    received_at: datetime
    index: int
    appealed: bool


class LoggedSeen(Seen):
    """Where something stands in the log, and what shows it."""

    index: int
    leaf: Octets
    receipt: Octets
    checkpoint: str


class AppealGiven(Given):
    """What one says to a grade."""

    text: Annotated[Line, Field(min_length=1, max_length=300)]


class AppealSeen(BaseModel):
    """Where it stands in the log."""

    index: int
    receipt: Octets


@router.put(
    "/proofs/{cti}",
    operation_id="proveTrip",
    responses={**REFUSED, 201: {"model": ProofAccepted, "description": "The first time."}},
    openapi_extra=body_of(COSE, "An upload (section 3): S, X and the S before."),
    dependencies=BY_KEY,
)
async def prove(request: Request, response: Response, cti: Id) -> ProofAccepted:
    """Take a proof in; sent again, the same answer."""
    office = office_of(request)
    upload = Upload.decoded(await request.body())
    done = await desk_of(request).take(office, Brought(bytes.fromhex(cti), upload))
    response.status_code = 201 if done.is_new else 200
    return _accepted(done)


@router.post(
    "/carried",
    operation_id="carryProof",
    responses={**REFUSED, 201: {"model": ProofAccepted, "description": "The first time."}},
    openapi_extra=body_of(COSE, "TP3 (section 3): an upload, sealed to the hub."),
    dependencies=BY_KEY,
)
async def carry(request: Request, response: Response) -> ProofAccepted:
    """Take in what an office PC scanned from a phone that cannot reach the hub."""
    office = office_of(request)
    upload = Upload.decoded(seal.opened(await request.body(), office.opener, seal.For.HUB))
    said = statement.read_payload(statement.read(upload.statement).payload)  # accept checks it
    done = await desk_of(request).take(office, Brought(said.cti, upload))
    response.status_code = 201 if done.is_new else 200
    return _accepted(done)


@router.post(
    "/sealed",
    operation_id="logSealed",
    responses=REFUSED,
    openapi_extra=body_of(COSE, "X (section 3), as a TP1 code holds it."),
    dependencies=[Depends(STAFF)],
)
async def log_sealed(request: Request) -> LoggedSeen:
    """An X that came alone: logged as unchecked; where its proof is there, that one's entry."""
    office, body, who = office_of(request), await request.body(), await signed_in(request)
    async with connection(request) as conn:
        done = await accepting.unchecked(conn, office, body, clock.now())
        await write_down(conn, request, who.login, "trip.sealed", "", {"index": done.index})
    return LoggedSeen.model_validate(done)


@router.post(
    "/proofs/own",
    operation_id="readOwnProofsByKey",
    responses=REFUSED,
    openapi_extra=body_of(COSE, "A question (8.2), signed by an enrolled key."),
    dependencies=BY_KEY,
)
async def read_own(request: Request) -> list[ProofSeen]:
    """One's own proofs, the newest first, by the key alone."""
    office_of(request)
    body = await request.body()
    async with connection(request) as conn:
        device, _ = await enrolling.asked(conn, body, Purpose.OWN_PROOFS, clock.now())
        found = await store.some(conn, Wanted(person_id=device.person_id))
    return [_seen(one) for one in found]


@router.get("/proofs", operation_id="readProofs", responses=READY, dependencies=[Depends(STAFF)])
async def read_proofs(
    request: Request,
    department: bool = False,
    everybody: bool = False,
    trip: Annotated[Line | None, Query(max_length=30)] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    before: Annotated[int | None, Query(ge=0, le=LOG_MOST)] = None,
) -> list[ProofSeen]:
    """One's own; a department's, for its 서무; everybody's, for the auditor. Never coordinates."""
    async with connection(request) as conn:
        whose = await _whose(conn, request, department=department, everybody=everybody)
        wanted = Wanted(**whose, trip=trip, since=since, until=until, before=before)
        return [_seen(one) for one in await store.some(conn, wanted)]


@router.get(
    "/proofs/{cti}/bundle",
    operation_id="readProofBundle",
    response_class=Response,
    responses={
        **UNKNOWN,
        422: {"description": "Another's proof, and it is not said why."},
        **answer_of(CBOR, "A proof bundle (section 11)."),
    },
    dependencies=[Depends(needs("field", "auditor"))],
)
async def read_bundle(
    request: Request,
    cti: Id,
    held: Annotated[int | None, Query(ge=1, le=LOG_MOST)] = None,
    why: Why = None,
) -> Response:
    """One proof with all that checks it. That an auditor took it away is itself in the log."""
    office, who, now = office_of(request), await signed_in(request), clock.now()
    async with connection(request) as conn:
        proof = await store.one(conn, bytes.fromhex(cti))
        if proof is None or not _may_see(who, proof):
            raise UnknownProof
        if proof.person_id != who.person_id and not why:
            raise WhyMissing
        book = await Logbook.opened(conn, office, now)
        if proof.person_id != who.person_id:
            told = {"cti": proof.cti, "by": who.login, "why": why}
            await book.record(LeafType.ACCESS, told, ref=proof.cti)
            await write_down(conn, request, who.login, "trip.open", cti, {"why": why})
        made = await bundling.bundle_of(book, proof, held)
    return raw(made, CBOR, f"{cti}.tpb")


@router.post(
    "/proofs/{cti}/appeal", operation_id="appealProof", status_code=201, responses=UNKNOWN,
    dependencies=FIELD,
)  # fmt: skip
async def appeal(request: Request, cti: Id, given: AppealGiven) -> AppealSeen:
    """소명: what one says to a grade of one's own."""
    office, who, now = office_of(request), await signed_in(request), clock.now()
    async with connection(request) as conn:
        proof = await store.one(conn, bytes.fromhex(cti))
        if proof is None or proof.person_id != who.person_id:
            raise UnknownProof
        book = await Logbook.opened(conn, office, now)
        told = {"cti": proof.cti, "by": who.login, "text": given.text}
        index = await book.record(LeafType.APPEAL, told, ref=proof.cti)
        await store.appeal(conn, index, proof.cti, who.login, given.text, now)
        receipt = await book.receipt(index)
        await book.checkpoint()
        await write_down(conn, request, who.login, "trip.appeal", cti)
    return AppealSeen(index=index, receipt=receipt)


def _accepted(done: accepting.Accepted) -> ProofAccepted:
    return ProofAccepted(
        cti=done.cti.hex(), index=done.index, leaf=done.leaf, receipt=done.receipt,
        verdict=done.verdict, checkpoint=done.checkpoint,
    )  # fmt: skip


def _may_see(who: Any, proof: Proof) -> bool:
    return proof.person_id == who.person_id or "auditor" in who.roles


async def _whose(
    conn: Any, request: Request, *, department: bool, everybody: bool
) -> dict[str, Any]:
    who = await signed_in(request)
    if everybody and "auditor" in who.roles:
        return {}
    if everybody:
        raise NotTheClerk
    if not department:
        return {"person_id": who.person_id}
    clerk = await traveller(conn, request)
    if not clerk.is_clerk or not clerk.department:
        raise NotTheClerk
    return {"department": clerk.department}


def _seen(one: Proof) -> ProofSeen:
    return ProofSeen(
        cti=one.cti.hex(), trip=one.trip, who=one.who, department=one.department, kind=one.kind,
        minute=one.signed_at.replace(second=0), place=one.place, band=one.band, grade=one.grade,
        reasons=one.reasons, received_at=one.received_at, index=one.log_index,
        appealed=one.appealed,
    )  # fmt: skip
