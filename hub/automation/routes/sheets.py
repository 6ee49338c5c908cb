"""Many rows at once: a sheet of a question in, the same with its answers out.

A program gets the workbook; a page that accepts NDJSON gets a line of progress now and then and the
workbook at the end, piece by piece, and may go away at any time: then nothing goes on being worked
out.
"""

import asyncio
import base64
import json
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, contextmanager
from functools import partial
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from hub.automation.letters.in_bulk import LETTERS
from hub.automation.question import OfficeRules, Question
from hub.automation.questions import QUESTIONS
from hub.automation.routes.ask import office_rules
from hub.automation.sheets.answers import Bulk, Progress, work_out
from hub.automation.sheets.limits import HELD_MOST, SheetsBusy, UnknownQuestion
from hub.automation.sheets.papers import PACKED, Papered
from hub.automation.sheets.template import template
from hub.automation.trip_sheets import REQUESTS, SETTLEMENTS
from hub.identity import access
from hub.identity.routes.words import NO_STORE, UNKNOWN
from hub.kit.sheet import WORKBOOK

SHEETS: Final = {**QUESTIONS, **{one.name: one for one in (LETTERS, REQUESTS, SETTLEMENTS)}}
"""What is worked out by the sheet; the pages of a 기안문 and of travel papers are their own."""
AT_ONCE: Final = 2
TOLD_EVERY: Final = 25
"""Cases between two lines of progress."""
PIECE_BYTES: Final = 192 * 1024
_LOOK_S: Final = 0.5
JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
One = TypeVar("One")
Work = Callable[[bytes, Progress], Bulk]
"""Works a sheet out; raises SheetUnreadable, and what `Progress` raises."""
_BINARY: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
_THREADS: Final = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sheet")
_ONE_OF: Final[Any] = Path(description="The name of a question.", examples=["withholding"])
router = APIRouter(tags=["automation"], dependencies=[Depends(access.STAFF)])


class _Gone(Exception):
    """Nobody waits for this sheet any more."""


class Places:
    """How many sheets are held, worked out or waiting for their turn."""

    def __init__(self) -> None:
        self._held = 0

    @contextmanager
    def one(self) -> Any:
        """A place. Raises SheetsBusy where all are taken."""
        if self._held >= HELD_MOST:
            raise SheetsBusy
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1


_PLACES: Final = Places()


@router.get(
    "/{name}/sheet",
    operation_id="sheetTemplate",
    response_class=Response,
    responses={**UNKNOWN, 200: {"content": {WORKBOOK: _BINARY}, "description": "The workbook."}},
)
async def read_template(name: Annotated[str, _ONE_OF]) -> Response:
    """An empty sheet of a question, with its headings, its choices and an example."""
    question = _question(name)
    body = await asyncio.to_thread(template, question)
    return file(body, f"{question.title}.xlsx")


@router.post(
    "/{name}/sheet",
    operation_id="workOutSheet",
    response_class=Response,
    responses={
        **UNKNOWN,
        200: {
            "content": {
                WORKBOOK: _BINARY,
                PACKED: _BINARY,
                NDJSON: {"schema": {"type": "string"}},
            },
            "description": "The sheet with its answers; of a question that has papers, a zip of "
            "them and it. As NDJSON, by `Accept`: lines of "
            "`{done, of}`, then the file in lines of `{piece}`, each base64 by itself, and a last "
            "one of `{worked, refused, name}`.",
        },
        422: {"description": "No table of this question can be read from it."},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "A workbook (.xlsx) or CSV (UTF-8 or EUC-KR), at most 4 MiB.",
            "content": {WORKBOOK: _BINARY, "application/octet-stream": _BINARY},
        }
    },
)
async def work_out_sheet(
    request: Request,
    name: Annotated[str, _ONE_OF],
    office: Annotated[OfficeRules, Depends(office_rules)],
) -> Response:
    """Work out every row; one that cannot be is told why, and stops no other. Nothing is kept."""
    question = _question(name)
    return await worked_out(request, partial(work_out, question, office), _named(question))


async def worked_out(request: Request, work: Work, name: str) -> Response:
    """By `Accept`: lines of progress and the workbook, what a page shows of it, or the workbook."""
    accept, told = request.headers.get("accept", ""), _told(request, work)
    if NDJSON in accept:
        return await streamed(told, partial(_said, name))
    async with aclosing(told):
        ended = [one async for one in told if isinstance(one, Bulk)]
    if not ended:
        return Response(status_code=204)
    if JSON in accept and ended[0].seen is not None:
        return JSONResponse(ended[0].seen, headers=NO_STORE)
    return file(ended[0].workbook, name)


def _question(name: str) -> Question:
    if (found := SHEETS.get(name)) is None:
        raise UnknownQuestion(name)
    return found


async def _told(request: Request, work: Work) -> AsyncGenerator[tuple[int, int] | Bulk, None]:
    """How far it is, now and then, and at last the sheet; ends early where nobody waits."""
    with _PLACES.one():
        body, gone = await request.body(), threading.Event()
        heard = asyncio.Queue[tuple[int, int] | None]()
        loop = asyncio.get_running_loop()
        progress = _progress(loop, heard, gone)
        job = loop.run_in_executor(_THREADS, work, body, progress)
        job.add_done_callback(lambda ended: _hear(ended, heard))
        try:
            while (said := await _next(request, heard, job)) is not None:
                yield said
            if job.done():  # else nobody waits
                yield job.result()
        finally:
            gone.set()
            job.cancel()


def _progress(
    loop: asyncio.AbstractEventLoop,
    heard: "asyncio.Queue[tuple[int, int] | None]",
    gone: threading.Event,
) -> Callable[[int, int], None]:
    """Called in the thread for every row: tells the loop, and stops when nobody waits.

    That all are done is told once: from then on the file is written.
    """
    is_done = False

    def progress(done: int, of: int) -> None:
        nonlocal is_done
        if gone.is_set():
            raise _Gone
        if of and not is_done and (done % TOLD_EVERY == 0 or done == of):
            is_done = done == of
            loop.call_soon_threadsafe(heard.put_nowait, (done, of))

    return progress


def _hear(ended: "asyncio.Future[Bulk]", heard: "asyncio.Queue[tuple[int, int] | None]") -> None:
    if not ended.cancelled():
        ended.exception()  # it is told by whoever waits, or nobody does
    heard.put_nowait(None)


async def _next(
    request: Request,
    heard: "asyncio.Queue[tuple[int, int] | None]",
    job: "asyncio.Future[Bulk]",
) -> tuple[int, int] | None:
    """What is heard next; None: it is done, or nobody waits."""
    while True:
        try:
            return await asyncio.wait_for(heard.get(), _LOOK_S)
        except TimeoutError:
            if job.done() or await request.is_disconnected():
                return None


def _said(name: str, one: tuple[int, int] | Bulk) -> Iterator[bytes]:
    if isinstance(one, Bulk):
        yield from last_lines(one, name)
    else:
        yield _line({"done": one[0], "of": one[1]})


def last_lines(one: Bulk, name: str) -> Iterator[bytes]:
    """The end of a stream: the workbook, and what became of the sheet.

    In pieces: 6,000 papers are 58 MB, and one line of them would take 210 MB more and hold up
    everybody else while it is made (docs/decisions/0260).
    """
    for at in range(0, len(one.workbook), PIECE_BYTES):
        piece = base64.b64encode(one.workbook[at : at + PIECE_BYTES])
        yield _line({"piece": piece.decode()})
    said = {"worked": one.worked, "refused": one.refused, "name": name}
    yield _line(said if one.seen is None else {**said, "seen": one.seen})


def _line(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode() + b"\n"


async def streamed(
    told: AsyncGenerator[One, None], said: Callable[[One], Iterator[bytes]]
) -> Response:
    """Lines as they come: no proxy holds them back. Raises what `told` raises before its first."""
    first = await anext(told, None)  # what cannot be read is a problem, not a stream
    return StreamingResponse(
        _lines(first, told, said),
        media_type=NDJSON,
        headers={**NO_STORE, "X-Accel-Buffering": "no"},
    )


async def _lines(
    first: One | None, told: AsyncGenerator[One, None], said: Callable[[One], Iterator[bytes]]
) -> AsyncIterator[bytes]:
    async with aclosing(told):
        if first is not None:
            for line in said(first):
                yield line
        async for one in told:
            for line in said(one):
                yield line


def _named(question: Question) -> str:
    return f"{question.title} 결과.{'zip' if isinstance(question, Papered) else 'xlsx'}"


def file(body: bytes, name: str) -> Response:
    """A workbook to be kept under this name."""
    headers = {**NO_STORE, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    media = PACKED if name.endswith(".zip") else WORKBOOK
    return Response(body, media_type=media, headers=headers)
