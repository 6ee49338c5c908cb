"""HTTP of the vendor book: everybody who is staff reads and keeps it; each change is written down.

The audit trail names the business and what was changed, never who represents it.
"""

import asyncio
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from hub.automation import business_number
from hub.automation.business_number import NotANumber
from hub.automation.routes.business_numbers import FILE, UNREADABLE
from hub.automation.vendors import book, store
from hub.automation.vendors.book import Change, Origin, Row, UnknownVendor, Vendor, VendorChanged
from hub.identity import access
from hub.identity.access import signed_in
from hub.identity.routes.words import (
    CONFLICT,
    NO_STORE,
    UNKNOWN,
    Given,
    Line,
    Name,
    Seen,
    Text,
    connection,
    write_down,
)  # fmt: skip
from hub.kit import clock, sheet

router = APIRouter(prefix="/vendors", tags=["vendors"], dependencies=[Depends(access.STAFF)])
Day = Annotated[date, Field(ge=book.FIRST_DAY, le=date(2099, 12, 31))]
WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {"content": {sheet.WORKBOOK: {}}, "description": "A workbook."}
}


def _digits(text: object) -> str:
    try:
        return business_number.read(str(text)[:40]).digits
    except NotANumber as error:
        raise ValueError(str(error)) from error


Number = Annotated[
    str,
    BeforeValidator(_digits),
    WithJsonSchema({"type": "string", "examples": ["124-81-00998"]}),
    Path(description="With or without hyphens."),
]


class VendorGiven(Given):
    """An entry. `version`: of the entry that was changed; 0: a new one."""

    name: Name
    representative: Annotated[Line, Field(max_length=book.NAME_MOST)] = ""
    opened_on: Day | None = None
    address: Annotated[Line, Field(max_length=book.ADDRESS_MOST)] = ""
    memo: Text = ""
    as_of: Day
    version: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class VendorSeen(Seen):
    """An entry as the book has it."""

    number: str
    name: str
    representative: str
    opened_on: date | None
    address: str
    memo: str
    source: Origin
    as_of: date
    version: int
    saved_at: datetime
    saved_by: str


class VendorsSeen(BaseModel):
    """A page of the book, and how many fit."""

    vendors: list[VendorSeen]
    count: int


class VendorRowSeen(Seen):
    """A row of a sheet, and what saving it does, or why it cannot be saved."""

    number: int
    shown: str
    name: str
    change: Change
    wrong: list[str]


class VendorSheetSeen(BaseModel):
    """What was read from a sheet. Nothing wrong stops the rows that are right."""

    rows: list[VendorRowSeen]
    is_saved: bool


@router.get("", operation_id="readVendors")
async def read_vendors(
    request: Request,
    text: Annotated[str, Query(max_length=80, description="Part of a name or number.")] = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> VendorsSeen:
    """The book by name, fifty at a time."""
    wanted = "".join(c for c in text if c.isprintable()).strip()
    async with connection(request) as conn:
        found, count = await store.page(conn, wanted, offset)
    return VendorsSeen(vendors=[VendorSeen.model_validate(one) for one in found], count=count)


@router.get("/template", operation_id="readVendorTemplate", responses=WORKBOOK,
            response_class=Response)  # fmt: skip
async def read_template() -> Response:
    """An empty sheet with the headings that are read."""
    return Response(book.workbook([]), media_type=sheet.WORKBOOK, headers=NO_STORE)


@router.get("/export", operation_id="exportVendors", responses=WORKBOOK, response_class=Response)
async def export(request: Request) -> Response:
    """The whole book as a workbook; that it was taken is written down."""
    who = await signed_in(request)
    async with connection(request) as conn:
        found = await store.everything(conn)
        await write_down(conn, request, who.login, "vendor.export", "", {"vendors": len(found)})
    made = await asyncio.to_thread(book.workbook, found)
    return Response(made, media_type=sheet.WORKBOOK, headers=NO_STORE)


@router.post("/reading", operation_id="readVendorSheet", responses=UNREADABLE, openapi_extra=FILE)
async def read_sheet(request: Request) -> VendorSheetSeen:
    """What saving a sheet would do, row by row."""
    who, now = await signed_in(request), clock.now()
    rows = await asyncio.to_thread(book.read, await request.body(), who.login, now, _today(now))
    async with connection(request) as conn:
        known = await store.several(conn, _numbers(rows))
    return _sheet_seen(list(book.compared(rows, known)), is_saved=False)


@router.post("/import", operation_id="importVendors", responses=UNREADABLE, openapi_extra=FILE)
async def import_sheet(request: Request) -> VendorSheetSeen:
    """Save what is right in a sheet; blank cells leave what the book has."""
    who, now = await signed_in(request), clock.now()
    rows = await asyncio.to_thread(book.read, await request.body(), who.login, now, _today(now))
    async with connection(request) as conn:
        await store.lock(conn)
        merged = list(book.compared(rows, await store.several(conn, _numbers(rows))))
        changing = [one for one in merged if one.change in (Change.NEW, Change.CHANGED)]
        await store.keep_all(conn, [one.vendor for one in changing if one.vendor])
        told = {change.value: sum(one.change is change for one in merged) for change in Change}
        await write_down(conn, request, who.login, "vendor.import", "", told)
    return _sheet_seen(merged, is_saved=True)


@router.put("/{number}", operation_id="saveVendor", responses=CONFLICT)
async def save(request: Request, number: Number, given: VendorGiven) -> VendorSeen:
    """Enter a business, or change its entry."""
    who, now = await signed_in(request), clock.now()
    async with connection(request) as conn:
        before = (await store.several(conn, [number])).get(number)
        if (before.version if before else 0) != given.version:
            raise VendorChanged
        told = given.model_dump(exclude={"version"})
        one = Vendor(
            number=number, source="typed", saved_at=now, saved_by=who.login,
            version=given.version + 1, **told,
        )  # fmt: skip
        if not await store.keep(conn, one):
            raise VendorChanged
        act = {"name": one.name, "changed": _changed(before, one)}
        await write_down(conn, request, who.login, "vendor.save", number, act)
    return VendorSeen.model_validate(one)


@router.delete("/{number}", operation_id="forgetVendor", status_code=204, responses=UNKNOWN)
async def forget(request: Request, number: Number) -> None:
    """Take a business out of the book."""
    who = await signed_in(request)
    async with connection(request) as conn:
        before = (await store.several(conn, [number])).get(number)
        if before is None or not await store.forget(conn, number):
            raise UnknownVendor
        await write_down(conn, request, who.login, "vendor.forget", number, {"name": before.name})


def _changed(before: Vendor | None, after: Vendor) -> list[str]:
    """Which facts differ, by name: not what they say."""
    names = ("name", "representative", "opened_on", "address", "memo", "as_of")
    return [n for n in names if before is None or getattr(before, n) != getattr(after, n)]


def _numbers(rows: list[Row]) -> list[str]:
    return [one.vendor.number for one in rows if one.vendor]


def _today(now: datetime) -> date:
    return now.astimezone(clock.SEOUL).date()


def _sheet_seen(rows: list[Row], *, is_saved: bool) -> VendorSheetSeen:
    seen = [
        VendorRowSeen(
            number=one.number,
            shown=one.shown,
            change=one.change,
            wrong=list(one.wrong),
            name=one.vendor.name if one.vendor else "",
        )
        for one in rows
    ]
    return VendorSheetSeen(rows=seen, is_saved=is_saved)
