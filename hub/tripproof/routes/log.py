"""HTTP of the log: how long it is, that it only grew, that an entry is in it, and all of it."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from pydantic import BaseModel, Field

from hub.identity.access import ANYONE, needs, signed_in
from hub.identity.routes.words import NO_STORE, connection, write_down
from hub.kit import clock
from hub.tripproof import bundling, logbook
from hub.tripproof.logbook import Logbook
from hub.tripproof.office import Office
from hub.tripproof.refusals import NoSuchSize
from hub.tripproof.routes.words import READY, UNKNOWN, Octets, office_of
from hub.tripproof.store import log as store
from hub.tripproof.store import proofs

router = APIRouter(prefix="/log", tags=["log"])
SEQUENCE = "application/cbor-seq"
Size = Annotated[int, Field(ge=0, le=2**53)]


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
    responses={**READY, 200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    dependencies=[Depends(ANYONE)],
)
async def read_checkpoint(request: Request) -> Response:
    """The newest checkpoint: a signed note."""
    office = office_of(request)
    async with connection(request) as conn:
        _, note = await _published(conn, office, None)
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
        return head.size, await logbook.publish(conn, office, head.size, at)
    note = await store.checkpoint(conn, size)
    if note is None:
        raise NoSuchSize
    return size, note


async def _index(conn: Any, index: int | None, cti: str | None) -> int:
    if cti is None:
        return -1 if index is None else index
    proof = await proofs.one(conn, bytes.fromhex(cti))
    return proof.log_index if proof else -1
