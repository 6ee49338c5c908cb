"""HTTP of business numbers in a sheet: somebody's own sheet in, the same with its answers out.

As other sheets do (`hub.automation.routes.sheets`): a program gets the workbook, a page hears how
far it is, here with the rows that were answered, and may go away at any time.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterator
from contextlib import aclosing
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Base64Bytes

from hub.automation.routes.business_numbers import (
    FEW,
    SHEET,
    UNREADABLE,
    Asked,
    RowSeen,
    RowsSeen,
    ask,
    carried,
)
from hub.automation.routes.sheets import NDJSON, Places, file, last_lines, streamed
from hub.automation.sheets.answers import Bulk
from hub.automation.vendors import number_list, number_sheet
from hub.automation.vendors.book import Vendor
from hub.automation.vendors.conclusion import Conclusion
from hub.automation.vendors.number_sheet import NumberSheet
from hub.identity import access
from hub.identity.routes.words import Given
from hub.kit.sheet import WORKBOOK

NAME: Final = "사업자번호 결과.xlsx"
_BINARY: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
_PLACES: Final = Places()
_LOOK_S: Final = 0.5
router = APIRouter(
    prefix="/business-numbers", tags=["vendors"], dependencies=[Depends(access.STAFF)]
)


class PartSeen(RowsSeen):
    """Some rows more, and how far it is."""

    done: int
    of: int


class CarriedGiven(Given):
    """Somebody's sheet, and the answer that was carried in; both in base64."""

    sheet: Base64Bytes
    answer: Base64Bytes


@router.post(
    "/sheet",
    operation_id="workOutBusinessNumbers",
    response_class=Response,
    responses={
        200: {
            "content": {WORKBOOK: _BINARY, NDJSON: {"schema": {"type": "string"}}},
            "description": "The sheet with its answers. As NDJSON, by `Accept`: lines of "
            "`{done, of, rows, has_key, used_up}`, `rows` as of a lookup, then the file in lines "
            "of `{piece}`, each base64 by itself, and a last one of `{worked, refused, name}`.",
        },
        **UNREADABLE,
    },
    openapi_extra=SHEET,
)
async def work_out_numbers(request: Request) -> Response:
    """Look up every row, a hundred numbers at once; none that is wrong stops another."""
    told = _told(request)
    if NDJSON not in request.headers.get("accept", ""):
        async with aclosing(told):
            ended = [one async for one in told if isinstance(one, Bulk)]
        return file(ended[0].workbook, NAME) if ended else Response(status_code=204)
    return await streamed(told, _said)


@router.post(
    "/answer/sheet",
    operation_id="writeCarriedBusinessNumbers",
    response_class=Response,
    responses={200: {"content": {WORKBOOK: _BINARY}, "description": "The sheet."}, **UNREADABLE},
)
async def write_carried(request: Request, given: CarriedGiven) -> Response:
    """Somebody's sheet with what was carried in beside it; nothing is asked."""
    sheet = await asyncio.to_thread(number_sheet.read, given.sheet)
    asked = await carried(request, given.answer)
    rows = [one for one in sheet.rows if one.number and one.number.digits in asked.told]
    made = await asyncio.to_thread(number_sheet.written, sheet, asked.answers(rows))
    return file(made.workbook, NAME)


async def _told(request: Request) -> AsyncGenerator[PartSeen | Bulk, None]:
    """Part after part, and at last the sheet; ends early where nobody waits."""
    with _PLACES.one():
        sheet = await asyncio.to_thread(number_sheet.read, await request.body())
        answers = dict[str, Conclusion]()
        async with aclosing(_parts(request, sheet, answers)) as parts:
            async for part in parts:
                yield part
        if not await request.is_disconnected():
            yield await asyncio.to_thread(number_sheet.written, sheet, answers)


async def _parts(
    request: Request, sheet: NumberSheet, answers: dict[str, Conclusion]
) -> AsyncGenerator[PartSeen, None]:
    """What was said of each part; `answers` grows by it."""
    rows, book, done = sheet.rows, dict[str, Vendor](), 0
    is_long = len(number_list.to_ask(rows)) > FEW
    for part in number_sheet.parts(rows):
        numbers = [one.digits for one in number_list.to_ask(part)]
        asked = await _unless_gone(request, ask(request, numbers, is_long=is_long))
        if asked is None:
            return
        answers |= asked.answers(part)
        book |= asked.book
        done += len(part)
        seen = [RowSeen.of(one, answers, book) for one in part]
        yield PartSeen(
            rows=seen, has_key=asked.has_key, used_up=asked.used_up, done=done, of=len(rows)
        )


async def _unless_gone(request: Request, asking: Coroutine[Any, Any, Asked]) -> Asked | None:
    """None: nobody waits any more, and nobody is asked further."""
    job = asyncio.create_task(asking)
    try:
        while not (await asyncio.wait({job}, timeout=_LOOK_S))[0]:
            if await request.is_disconnected():
                return None
        return job.result()
    finally:
        job.cancel()


def _said(one: PartSeen | Bulk) -> Iterator[bytes]:
    if isinstance(one, Bulk):
        return last_lines(one, NAME)
    return iter((one.model_dump_json().encode() + b"\n",))
