"""HTTP of the log: how long it is, that it only grew, that an entry is in it, and all of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from pydantic import BaseModel, Field

from hub.identity.access import ANYONE, needs, signed_in
from hub.identity.routes.words import NO_STORE, connection, write_down
from hub.kit import clock
from hub.tripproof import bundling, cosigning, daily, logbook
from hub.tripproof.errors import MalformedProof
from hub.tripproof.logbook import Logbook
from hub.tripproof.office import Office
from hub.tripproof.refusals import NoSuchSize
from hub.tripproof.routes.words import (
    READY,
    REFUSED,
    UNKNOWN,
    Octets,
    body_of,
    office_of,
    raw,
)
from hub.tripproof.store import cosignatures, proofs
from hub.tripproof.store import daily as daily_store
from hub.tripproof.store import log as store

router = APIRouter(prefix="/log", tags=["log"])
SEQUENCE = "application/cbor-seq"
PDF = "application/pdf"
Size = Annotated[int, Field(ge=0, le=2**53)]
NOTE: dict[str, Any] = {"content": {"text/plain": {"schema": {"type": "string"}}}}


class Consistent(BaseModel):
    """The way from one size to another, and the checkpoint there."""

    from_: Annotated[int, Field(alias="from", serialization_alias="from")]
    to: int
    proof: Octets
    checkpoint: str


class Included(BaseModel):
    """An entry and its receipt over the log of `size` entries."""

    index: int
    size: int
    leaf: Octets
    receipt: Octets
    checkpoint: str


@router.get(
    "/checkpoint",
    operation_id="readCheckpoint",
    response_class=PlainTextResponse,
    responses={**UNKNOWN, 200: NOTE},
    dependencies=[Depends(ANYONE)],
)
async def read_checkpoint(
    request: Request,
    cosigned: Annotated[bool, Query(description="The newest that a second office signed.")] = False,
) -> Response:
    """The newest checkpoint: a signed note, with every line that second offices added."""
    office = office_of(request)
    async with connection(request) as conn:
        note = await cosignatures.newest(conn) if cosigned else None
        if cosigned and note is None:
            raise NoSuchSize
        note = note or (await _published(conn, office, None))[1]
    return PlainTextResponse(note, headers=NO_STORE)


@router.get(
    "/checkpoint.pdf",
    operation_id="printCheckpoint",
    response_class=Response,
    responses={
        **UNKNOWN,
        200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}},
    },
    dependencies=[Depends(needs("auditor", "admin"))],
)
async def print_checkpoint(
    request: Request,
    day: Annotated[date | None, Query(description="Whose end; else of now.")] = None,
) -> Response:
    """A checkpoint on paper: figures, fingerprint, the note and its QR code."""
    office = office_of(request)
    async with connection(request) as conn:
        kept = await daily_store.one(conn, day) if day else None
        if day and kept is None:
            raise NoSuchSize
        note = (await _published(conn, office, kept.size if kept else None))[1]
    drawn = await asyncio.to_thread(daily.printed, note)
    return raw(drawn, PDF, f"checkpoint-{day or 'now'}.pdf")


@router.post(
    "/cosignatures",
    operation_id="handInCosignature",
    response_class=PlainTextResponse,
    responses={**UNKNOWN, **REFUSED, 200: NOTE},
    openapi_extra=body_of("text/plain", "A checkpoint of this log with a second office's line."),
    dependencies=[Depends(ANYONE)],
)
async def hand_in_cosignature(request: Request) -> Response:
    """A second office signed. Anyone may bring it: the signature is its authority."""
    office, body = office_of(request), await request.body()
    async with connection(request) as conn:
        note = await cosigning.take(conn, office, _text(body), clock.now())
    return PlainTextResponse(note, headers=NO_STORE)


@router.get(
    "/consistency", operation_id="readConsistency", responses=UNKNOWN,
    dependencies=[Depends(ANYONE)],
)  # fmt: skip
async def read_consistency(
    request: Request,
    from_: Annotated[Size, Query(alias="from")],
    to: Annotated[Size | None, Query()] = None,
) -> Consistent:
    """That the log of `from` entries is the beginning of that of `to` (else of now)."""
    office = office_of(request)
    async with connection(request) as conn:
        size, note = await _published(conn, office, to)
        proof = await logbook.consistency(conn, from_, size)
    return Consistent.model_validate(
        {"from": from_, "to": size, "proof": proof, "checkpoint": note}
    )


@router.get(
    "/inclusion", operation_id="readInclusion", responses=UNKNOWN, dependencies=[Depends(ANYONE)]
)
async def read_inclusion(
    request: Request,
    index: Annotated[Size | None, Query()] = None,
    cti: Annotated[str | None, Query(pattern=r"^[0-9a-f]{16}$")] = None,
) -> Included:
    """An entry by its index, or a proof's by its id, with a receipt of now."""
    office = office_of(request)
    async with connection(request) as conn:
        size, note = await _published(conn, office, None)
        found = await store.at(conn, await _index(conn, index, cti))
        if found is None:
            raise NoSuchSize
        at = int(clock.now().timestamp())
        receipt = await logbook.receipt_of(conn, office, found.log_index, size, at)
    return Included(
        index=found.log_index, size=size, leaf=found.leaf, receipt=receipt, checkpoint=note
    )


@router.get(
    "/export",
    operation_id="exportLog",
    response_class=StreamingResponse,
    responses={
        **READY,
        200: {
            "description": "The whole log (section 11).",
            "content": {SEQUENCE: {"schema": {"type": "string", "format": "binary"}}},
        },
    },
    dependencies=[Depends(needs("auditor"))],
)
async def export_log(request: Request) -> StreamingResponse:
    """The whole log, with what its leaves hash. Only this can show that others are gone."""
    office, who, now = office_of(request), await signed_in(request), clock.now()
    async with connection(request) as conn:
        book = await Logbook.opened(conn, office, now)
        await book.checkpoint()
        await write_down(conn, request, who.login, "trip.export", "", {"size": book.size})
    headers = {"Content-Disposition": 'attachment; filename="log.tpl"', **NO_STORE}
    return StreamingResponse(
        _pieces(request, office, book.size), media_type=SEQUENCE, headers=headers
    )


async def _pieces(request: Request, office: Office, size: int) -> AsyncIterator[bytes]:
    async with connection(request) as conn:
        async for piece in bundling.export(conn, office, size):
            yield piece


async def _published(conn: Any, office: Office, size: int | None) -> tuple[int, str]:
    """The size asked for, or of now, and its checkpoint. Raises NoSuchSize."""
    if size is None:
        head = await store.head(conn)
        at = max(head.at, int(clock.now().timestamp()))
        note = await logbook.publish(conn, office, head.size, at)
        return head.size, await cosignatures.note(conn, head.size) or note
    note = await cosignatures.note(conn, size)
    if note is None:
        raise NoSuchSize
    return size, note


async def _index(conn: Any, index: int | None, cti: str | None) -> int:
    if cti is None:
        return -1 if index is None else index
    proof = await proofs.one(conn, bytes.fromhex(cti))
    return proof.log_index if proof else -1


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise MalformedProof("A checkpoint is text in UTF-8.") from error
