"""HTTP of the auditor: the quarter's key, and checking what was carried."""

import asyncio
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from hub.identity.access import STAFF, needs, signed_in
from hub.identity.routes.words import Given, connection, write_down
from hub.kit import clock
from hub.tripproof import auditing, office
from hub.tripproof.auditing import NewAuditor
from hub.tripproof.keys import in_groups
from hub.tripproof.logbook import known_keys
from hub.tripproof.routes.words import (
    CBOR,
    READY,
    REFUSED,
    Octets,
    Octets32,
    Octets65,
    body_of,
    office_of,
)
from hub.tripproof.store import auditors
from hub.tripproof.verify import proof as verifier
from hub.tripproof.verify.held import Held

router = APIRouter(prefix="/trips", tags=["trips"])


class AuditorGiven(Given):
    """The public halves of a key that was made in the auditor's browser."""

    quarter: Annotated[int, Field(ge=20_201, le=99_994)]
    seal: Octets65
    sign: Octets65
    handover: Octets | None = Field(None, description="9.3; without it phones ask for consent.")


class AuditorKept(BaseModel):
    """What phones pin from now on."""

    fingerprint: Octets32
    shown: str


class PublishedKey(BaseModel):
    """A key that was published: public halves, and since when."""

    quarter: int
    number: int
    seal: Octets65
    sign: Octets65
    fingerprint: Octets32
    shown: str
    is_handed_over: bool = Field(description="The key before it vouches for it (9.3).")
    saved_at: datetime
    saved_by: str


class AuditorsSeen(BaseModel):
    """Which quarter it is, and the keys so far, the newest first."""

    quarter: int
    keys: list[PublishedKey]
    tiles: str | None = Field(description="Map tiles of HUB_TRIP_TILES: {z}, {x}, {y}.")


class CheckSeen(BaseModel):
    """One check and how it went."""

    name: str
    outcome: Literal["passed", "failed", "missing", "noted"]
    ko: str
    en: str
    detail: str


class BundleVerified(BaseModel):
    """What a bundle shows, by the keys of this hub."""

    answer: Literal["genuine", "changed", "unknown"]
    checks: list[CheckSeen]


@router.get("/auditor", operation_id="readAuditorKeys", dependencies=[Depends(needs("auditor"))])
async def read_auditor_keys(request: Request) -> AuditorsSeen:
    """The quarter that it is, what phones seal to, and where maps come from."""
    async with connection(request) as conn:
        found = await auditors.all_of_them(conn)
    return AuditorsSeen(
        quarter=office.quarter_at(clock.now()),
        keys=[_key(one) for one in found],
        tiles=request.app.state.settings.trip_tiles,
    )


@router.put(
    "/auditor", operation_id="keepAuditorKey", responses=REFUSED,
    dependencies=[Depends(needs("auditor"))],
)  # fmt: skip
async def keep_auditor_key(request: Request, given: AuditorGiven) -> AuditorKept:
    """Phones seal to this key from now on. Its private half never comes here."""
    ours, now, who = office_of(request), clock.now(), await signed_in(request)
    new = NewAuditor(given.quarter, given.seal, given.sign, given.handover)
    async with connection(request) as conn:
        fingerprint = await auditing.keep(conn, ours, new, who.login, now)
        told = {"quarter": given.quarter, "fingerprint": fingerprint.hex()}
        await write_down(conn, request, who.login, "trip.auditor-key", "", told)
    return AuditorKept(fingerprint=fingerprint, shown=in_groups(fingerprint))


@router.post(
    "/verify",
    operation_id="verifyProofBundle",
    responses={**READY, 422: {"description": "It cannot be read."}},
    openapi_extra=body_of(CBOR, "A proof bundle (section 11)."),
    dependencies=[Depends(STAFF)],
)
async def verify_bundle(request: Request) -> BundleVerified:
    """Every check of a bundle, by the keys that this hub knows. Nothing of it is kept."""
    ours, body = office_of(request), await request.body()
    async with connection(request) as conn:
        known = await known_keys(conn, ours)
    report = await asyncio.to_thread(verifier.verify, body, Held(keys=known))
    checks = [
        CheckSeen(
            name=one.name.value, outcome=one.outcome.value, ko=one.words[0], en=one.words[1],
            detail=one.detail,
        )
        for one in report.checks
    ]  # fmt: skip
    return BundleVerified(answer=report.answer.value, checks=checks)


def _key(one: auditors.Auditor) -> PublishedKey:
    return PublishedKey(
        quarter=one.quarter, number=one.number, seal=one.seal, sign=one.sign,
        fingerprint=one.fingerprint, shown=in_groups(one.fingerprint),
        is_handed_over=one.handover is not None, saved_at=one.saved_at, saved_by=one.saved_by,
    )  # fmt: skip
