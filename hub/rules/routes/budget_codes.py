"""HTTP of budget codes: found by words, and the office's own table of each fiscal year."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from hub.identity import access
from hub.identity.access import needs, signed_in
from hub.identity.routes.words import (
    CONFLICT,
    NO_STORE,
    UNKNOWN,
    Answers,
    Given,
    Seen,
    connection,
    write_down,
)
from hub.kit import clock
from hub.kit.sheet import WORKBOOK, SheetUnreadable
from hub.rules import budget_codes, budget_sheet
from hub.rules.budget_codes import BudgetCode, BudgetSuperseded, UnknownBudgetVersion, defaults
from hub.rules.budget_sheet import Wrong
from hub.rules.routes.rules import today
from hub.rules.rule import Confidence
from hub.rules.store import budget as store

router = APIRouter(prefix="/budget-codes", tags=["rules"])
READ: Final = [Depends(access.STAFF)]
WRITE: Final = [Depends(needs("admin"))]
HISTORY_MOST: Final = 50
NO_CODES: Final = "읽을 수 있는 통계목이 한 줄도 없습니다. 코드를 201-01처럼 적었는지 보십시오."
UNREADABLE: Final[Answers] = {422: {"description": "No table can be read from it."}}
FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "A workbook (.xlsx) or CSV in UTF-8 or EUC-KR, at most 1 MiB.",
        "content": {
            WORKBOOK: {"schema": {"type": "string", "format": "binary"}},
            "text/csv": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
Year = Annotated[int, Query(ge=2000, le=2099, description="The fiscal year.")]
Version = Annotated[int, Query(ge=0, le=2**31 - 2)]
Source = Literal["office", "default", "none"]


class CodeSeen(Seen):
    """One 통계목."""

    code: str
    name: str
    section: str
    says: str
    words: list[str]


class BudgetSeen(BaseModel):
    """The table of a year, or of it what fits the words."""

    year: int
    source: Source = Field(description="Whose table it is; `none`: none is known for the year.")
    confidence: Confidence | None
    version: int
    saved_at: datetime | None
    saved_by: str | None
    codes: list[CodeSeen]
    total: int = Field(description="How many the whole table has.")
    changes: list[str] = Field(description="What the default says differs from the year before.")
    years: list[int] = Field(description="Years for which there is a table.")


class BadRowSeen(BaseModel):
    """A row that is no budget code."""

    number: int
    wrong: Wrong
    shown: str


class SheetSeen(BaseModel):
    """What was read from a table. Nothing is saved yet."""

    codes: list[CodeSeen]
    wrong: list[BadRowSeen]


class BudgetVersionSeen(Seen):
    """One version of one year's table."""

    version: int
    saved_at: datetime
    saved_by: str
    back_to: int | None
    count: int


class BudgetBack(Given):
    """Take an earlier version of a year up again; 0: the default again."""

    year: Annotated[int, Field(ge=2000, le=2099)]
    version: Annotated[int, Field(ge=0, le=2**31 - 2)]
    back_to: Annotated[int, Field(ge=0, le=2**31 - 2)]


@router.get("", operation_id="readBudgetCodes", dependencies=READ)
async def read(
    request: Request,
    year: Annotated[
        int | None, Query(ge=2000, le=2099, description="Left out: this year in Korea.")
    ] = None,
    words: Annotated[str, Query(max_length=100)] = "",
) -> BudgetSeen:
    """The codes of a fiscal year that fit these words, the best first; all, without words."""
    async with connection(request) as conn:
        return await _seen(conn, year or today().year, words)


@router.post(
    "/reading", operation_id="readBudgetSheet", dependencies=WRITE, responses=UNREADABLE,
    openapi_extra=FILE,
)  # fmt: skip
async def read_sheet(request: Request) -> SheetSeen:
    """Read an office's table, to be looked at before it is saved."""
    rows = await asyncio.to_thread(budget_sheet.read, await request.body())
    return SheetSeen(
        codes=[CodeSeen.model_validate(one) for one in budget_sheet.codes(rows)],
        wrong=[
            BadRowSeen(number=row.number, wrong=row.wrong, shown=row.shown)
            for row in rows
            if row.wrong
        ],
    )


@router.put(
    "/sheet", operation_id="saveBudgetSheet", dependencies=WRITE,
    responses={**CONFLICT, **UNREADABLE}, openapi_extra=FILE,
)  # fmt: skip
async def save_sheet(request: Request, year: Year, version: Version) -> BudgetSeen:
    """Take the right rows of a table as this year's, if nobody saved since `version`."""
    rows = await asyncio.to_thread(budget_sheet.read, await request.body())
    codes = budget_sheet.codes(rows)
    if not codes:
        raise SheetUnreadable(NO_CODES)
    return await _save(request, year, version, codes, None)


@router.post(
    "/back", operation_id="goBackToBudgetCodes", dependencies=WRITE,
    responses={**UNKNOWN, **CONFLICT},
)  # fmt: skip
async def go_back(request: Request, given: BudgetBack) -> BudgetSeen:
    """Take up an earlier version of a year again, as a new one."""
    async with connection(request) as conn:
        codes = await store.kept(conn, given.year, given.back_to)
    if codes is None:
        raise UnknownBudgetVersion(given.year, given.back_to)
    return await _save(request, given.year, given.version, codes, given.back_to)


@router.get("/history", operation_id="readBudgetHistory", dependencies=READ)
async def read_history(request: Request, year: Year) -> list[BudgetVersionSeen]:
    """Who saved what when, newest first."""
    async with connection(request) as conn:
        found = await store.history(conn, year, HISTORY_MOST)
    return [BudgetVersionSeen.model_validate(one) for one in found]


@router.get(
    "/template", operation_id="readBudgetTemplate", dependencies=READ, response_class=Response,
    responses={200: {"content": {WORKBOOK: {}}, "description": "An empty table."}},
)  # fmt: skip
async def read_template() -> Response:
    """An empty table to fill."""
    body = await asyncio.to_thread(budget_sheet.template)
    name = {"Content-Disposition": 'attachment; filename="budget-codes.xlsx"'}
    return Response(body, media_type=WORKBOOK, headers={**NO_STORE, **name})


async def _save(
    request: Request, year: int, seen: int, codes: tuple[BudgetCode, ...], back_to: int | None
) -> BudgetSeen:
    who, now = await signed_in(request), clock.now()
    async with connection(request) as conn:
        if not await store.keep(conn, year, seen, codes, who.login, now, back_to):
            raise BudgetSuperseded(year, (await store.standing(conn, year)).version)
        told: dict[str, Any] = {"year": year, "version": seen + 1, "count": len(codes)}
        if back_to is not None:
            told["back_to"] = back_to
        await write_down(conn, request, who.login, "budget.save", str(year), told)
        return await _seen(conn, year, "")


async def _seen(conn: Any, year: int, words: str) -> BudgetSeen:
    ours, default = await store.standing(conn, year), defaults().get(year)
    source: Source = "office" if ours.codes else "default" if default else "none"
    known = default.codes if default else ()
    codes = budget_codes.with_words(ours.codes, year) if ours.codes else known
    sure = {"office": Confidence.SETTING, "default": Confidence.SECONDARY, "none": None}
    return BudgetSeen(
        year=year, source=source, confidence=sure[source], version=ours.version,
        saved_at=ours.saved_at, saved_by=ours.saved_by, total=len(codes),
        codes=[CodeSeen.model_validate(one) for one in budget_codes.find(codes, words)],
        changes=list(default.changes) if default else [],
        years=sorted({*defaults(), *await store.years(conn)}),
    )  # fmt: skip
