"""HTTP of the audit trail: search, verify, export. Nothing here changes it."""

import codecs
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from hub.identity import audit, spreadsheet
from hub.identity.access import needs, signed_in
from hub.identity.routes.words import NO_STORE, Line, connection, write_down
from hub.identity.store import audit as trail

router = APIRouter(
    prefix="/audit", tags=["audit"], dependencies=[Depends(needs("admin", "auditor"))]
)
Search = Annotated[Line | None, Query(max_length=80, description="Part of any column.")]


class EntrySeen(BaseModel):
    """One act of the audit trail."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    address: str
    detail: dict[str, Any]
    hash: str


class Verified(BaseModel):
    """Whether the whole trail still follows from its first entry."""

    is_whole: bool
    entries: int
    newest_hash: str | None
    newest_at: datetime | None = Field(description="Up to when it was walked.")
    broken_at: int | None = Field(description="The first entry that was changed or is missing.")
    reason: Literal["missing", "changed"] | None


@router.get("", operation_id="searchAudit")
async def search_audit(
    request: Request,
    text: Search = None,
    actor: Annotated[Line | None, Query(max_length=80, description="Who did it.")] = None,
    action: Annotated[
        Line | None, Query(max_length=80, description="What was done: `person`, `person.add`.")
    ] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    before: Annotated[int | None, Query(ge=1, lt=2**63, description="The next page.")] = None,
) -> list[EntrySeen]:
    """The newest acts that fit, at most 200."""
    async with connection(request) as conn:
        found = await trail.search(conn, trail.Wanted(text, actor, action, since, until, before))
    return [_seen(entry) for entry in found]


@router.get("/verdict", operation_id="verifyAudit")
async def verify_audit(request: Request) -> Verified:
    """Walk the whole trail."""
    async with connection(request) as conn:
        entries = [entry async for entry in trail.walk(conn)]
    broken = audit.first_broken(entries)
    return Verified(
        is_whole=broken is None,
        entries=len(entries),
        newest_hash=entries[-1].hash.hex() if entries else None,
        newest_at=entries[-1].at if entries else None,
        broken_at=broken.number if broken else None,
        reason=broken.reason if broken else None,
    )


@router.get(
    "/export",
    operation_id="exportAudit",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "One act a line.",
            "content": {"application/x-ndjson": {}, "text/csv": {}},
        }
    },
)
async def export_audit(
    request: Request,
    form: Annotated[
        Literal["jsonl", "csv"], Query(description="csv: for a spreadsheet; jsonl: exactly.")
    ] = "jsonl",
) -> StreamingResponse:
    """The whole trail, to be kept elsewhere: each line with its hash."""
    who = await signed_in(request)
    async with connection(request) as conn:
        await write_down(conn, request, who.login, "audit.export")
    headers = {"Content-Disposition": f'attachment; filename="audit.{form}"', **NO_STORE}
    lines, kind = (_rows, "text/csv") if form == "csv" else (_lines, "application/x-ndjson")
    return StreamingResponse(lines(request), media_type=kind, headers=headers)


async def _lines(request: Request) -> AsyncIterator[bytes]:
    async with connection(request) as conn:
        async for entry in trail.walk(conn):
            told = {**json.loads(audit.text_of(entry)), "hash": entry.hash.hex()}
            yield json.dumps(told, ensure_ascii=False).encode() + b"\n"


async def _rows(request: Request) -> AsyncIterator[bytes]:
    yield codecs.BOM_UTF8 + spreadsheet.line(audit.COLUMNS)  # without it Excel reads no Korean
    async with connection(request) as conn:
        async for entry in trail.walk(conn):
            yield spreadsheet.line(audit.cells(entry))


def _seen(entry: audit.Entry) -> EntrySeen:
    return EntrySeen(
        number=entry.number, at=entry.at, actor=entry.actor, action=entry.action,
        subject=entry.subject, address=entry.address, detail=dict(entry.detail),
        hash=entry.hash.hex(),
    )  # fmt: skip
