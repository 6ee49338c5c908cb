"""HTTP of business numbers: look up, one or a hundred; and carry the question to another network.

What is typed here is sent to the 국세청 where it must be, and kept nowhere.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from hub.automation.vendors import lookup, number_list, round_trip, store
from hub.automation.vendors.book import Vendor
from hub.automation.vendors.conclusion import Conclusion, Tone, conclude
from hub.automation.vendors.fetch import Outside
from hub.automation.vendors.lookup import Certificate
from hub.automation.vendors.number_list import Given as GivenRow
from hub.automation.vendors.number_list import Row
from hub.automation.vendors.round_trip import Question
from hub.automation.vendors.told import Told
from hub.identity import access
from hub.identity.access import signed_in
from hub.identity.routes.words import NO_STORE, Given, Seen, Text, connection, write_down
from hub.kit import clock, sheet
from hub.kit.ids import uuid7

router = APIRouter(
    prefix="/business-numbers", tags=["vendors"], dependencies=[Depends(access.STAFF)]
)
LINES_MOST: Final = 300
FEW: Final = 10
"""So few are compared with every source; of a longer list the book's names are enough."""
FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "A file: .xlsx, or CSV in UTF-8 or EUC-KR; at most 1 MiB.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
UNREADABLE: Final[dict[int | str, dict[str, Any]]] = {
    422: {"description": "No such file can be read from it."}
}
CSV: Final = "text/csv"
_HEADING: Final = (
    "줄", "적은 것", "사업자등록번호", "답", "이름", "과세유형", "받을 증빙", "살필 것", "근거",
)  # fmt: skip
_WIDTHS: Final = (6, 20, 18, 32, 24, 26, 36, 50, 60)


class LineGiven(Given):
    """A row as somebody brought it; `row` as they count."""

    row: Annotated[int, Field(ge=1, le=1_048_576)]
    text: Annotated[str, Field(max_length=number_list.GIVEN_MOST)]


class LinesGiven(Given):
    """Rows with numbers, up to a hundred of them."""

    lines: Annotated[tuple[LineGiven, ...], Field(max_length=LINES_MOST)]

    def rows(self) -> list[Row]:
        """Every row read."""
        return number_list.read(GivenRow(one.row, one.text) for one in self.lines)


class QuestionGiven(Given):
    """Rows with numbers, as many as are carried in one file."""

    lines: Annotated[tuple[LineGiven, ...], Field(max_length=number_list.CARRIED_MOST)]

    def rows(self) -> list[Row]:
        """Every row read."""
        given = (GivenRow(one.row, one.text) for one in self.lines)
        return number_list.read(given, number_list.CARRIED_MOST)


class CertificateGiven(Given):
    """What the certificate of registration says, to be compared by the 국세청."""

    opened_on: Annotated[date, Field(ge=date(1900, 1, 1), le=date(2099, 12, 31))]
    representative: Annotated[Text, Field(min_length=1, max_length=80)]


class LookupGiven(LinesGiven):
    """With a certificate where one number is asked about."""

    certificate: CertificateGiven | None = None


class LineSeen(BaseModel):
    """A row, numbered as the sheet counts."""

    row: int
    text: str


class LinesSeen(BaseModel):
    """What stands in the column of numbers."""

    lines: list[LineSeen]


class ProofSeen(Seen):
    """Which proof of spending to take, why, and the article."""

    take: str
    paper: str
    why: str
    article: str


class SourceSeen(Seen):
    """What one source said, or why it could not; `at`: when it was asked."""

    who: str
    says: str
    at: datetime | None
    is_trouble: bool


class ConclusionSeen(Seen):
    """The answer first; then how sure it is, what to mind, which proof to take, text to paste."""

    headline: str
    tone: Tone
    sure: str
    name: str
    address: str
    opened_on: date | None
    minds: list[str]
    sources: list[SourceSeen]
    proof: ProofSeen | None
    tax_words: str
    paste: str


class RowSeen(BaseModel):
    """A row: an answer, or what is wrong with it, or the row that had this number before."""

    row: int
    given: str
    number: str | None = Field(examples=["124-81-00998"])
    wrong: str
    same_as: int | None
    is_in_book: bool
    answer: ConclusionSeen | None

    @classmethod
    def of(cls, row: Row, answers: Mapping[str, Conclusion], book: Mapping[str, Vendor]) -> Self:
        """As it is sent; a number that was there before has the same answer."""
        found = answers.get(row.number.digits) if row.number else None
        return cls(
            row=row.row, given=row.given, number=row.number.written if row.number else None,
            wrong=row.wrong, same_as=row.same_as,
            is_in_book=row.number is not None and row.number.digits in book,
            answer=ConclusionSeen.model_validate(found) if found else None,
        )  # fmt: skip


class RowsSeen(BaseModel):
    """Every row that was given. `has_key`: whether this hub can ask the sources itself."""

    rows: list[RowSeen]
    has_key: bool


class ResultGiven(Given):
    """A row of a table that is shown, to be put into a workbook."""

    row: Annotated[int, Field(ge=1, le=1_048_576)]
    cells: Annotated[
        tuple[Annotated[str, Field(max_length=1_000)], ...],
        Field(min_length=len(_HEADING) - 1, max_length=len(_HEADING) - 1),
    ]


class ResultsGiven(Given):
    """The table."""

    rows: Annotated[tuple[ResultGiven, ...], Field(min_length=1, max_length=number_list.ROWS_MOST)]


@router.post("/lookup", operation_id="lookUpBusinessNumbers")
async def look_up(request: Request, given: LookupGiven) -> RowsSeen:
    """What is known of each number: the book, 국세청, 나라장터, 공정위. No source makes it fail."""
    rows = given.rows()
    numbers = [one.digits for one in number_list.to_ask(rows)]
    async with connection(request) as conn:
        book = await store.several(conn, numbers)
    outside = Outside.of(request.app.state.settings)
    certificates = _certificates(numbers, book, given.certificate)
    known = book.keys() if len(numbers) > FEW else frozenset()
    told = await lookup.look_up(outside, numbers, certificates, known=known)
    return _seen(rows, told, book, has_key=outside.key is not None)


@router.post(
    "/reading", operation_id="readBusinessNumbers", responses=UNREADABLE, openapi_extra=FILE
)
async def read_numbers(request: Request) -> LinesSeen:
    """The column of numbers in a sheet, to be looked at before it is asked about."""
    found = await asyncio.to_thread(number_list.of_sheet, await request.body())
    return LinesSeen(lines=[LineSeen(row=one.row, text=one.text) for one in found])


@router.post(
    "/sheet",
    operation_id="writeBusinessNumbers",
    response_class=Response,
    responses={200: {"content": {sheet.WORKBOOK: {}}, "description": "A workbook."}},
)
async def write_workbook(given: ResultsGiven) -> Response:
    """A table of answers as a workbook; nothing is asked again."""
    rows = [[str(one.row), *one.cells] for one in given.rows]
    made = await asyncio.to_thread(sheet.workbook, "사업자번호", _HEADING, rows, _WIDTHS)
    return Response(made, media_type=sheet.WORKBOOK, headers=NO_STORE)


@router.post(
    "/question",
    operation_id="askBusinessNumbersOutside",
    response_class=Response,
    responses={200: {"content": {CSV: {}}, "description": "A file to carry out."}, **UNREADABLE},
)
async def write_question(request: Request, given: QuestionGiven) -> Response:
    """A file of the numbers, for a machine with internet: `python -m hub business-numbers ask`."""
    numbers = tuple(number_list.to_ask(given.rows()))
    if not numbers:
        raise sheet.SheetUnreadable("물을 번호가 없습니다. 맞는 번호를 하나라도 적으십시오.")
    who, now = await signed_in(request), clock.now()
    question = Question(uuid7(now), numbers)
    digest = round_trip.digest(one.digits for one in numbers)
    async with connection(request) as conn:
        await store.forget_questions(conn, now - timedelta(days=round_trip.KEPT_DAYS))
        await store.ask(conn, question.question_id, digest, now, who.login)
        told = {"numbers": len(numbers)}
        await write_down(conn, request, who.login, "vendor.ask-outside", "", told)
    return Response(round_trip.question_file(question), media_type=CSV, headers=NO_STORE)


@router.post(
    "/answer", operation_id="bringBusinessNumbers", responses=UNREADABLE, openapi_extra=FILE
)
async def bring_answer(request: Request) -> RowsSeen:
    """What a machine with internet was told of this office's question, shown as a lookup is."""
    answer = round_trip.read_answer(await request.body(), clock.now())
    async with connection(request) as conn:
        round_trip.fit(answer, await store.digest_of(conn, answer.question_id))
        book = await store.several(conn, list(answer.told))
    given = (GivenRow(at, one) for at, one in enumerate(answer.told, 1))
    rows = number_list.read(given, len(answer.told))
    return _seen(rows, answer.told, book, has_key=False)


def _certificates(
    numbers: Sequence[str], book: Mapping[str, Vendor], given: CertificateGiven | None
) -> dict[str, Certificate]:
    """What is compared: as typed for one number, else as the book has it."""
    found = {
        one.number: Certificate(one.opened_on, one.representative)
        for one in book.values()
        if one.opened_on and one.representative
    }
    if given and len(numbers) == 1:
        found[numbers[0]] = Certificate(given.opened_on, given.representative)
    return found


def _seen(
    rows: Sequence[Row],
    told: Mapping[str, Sequence[Told]],
    book: Mapping[str, Vendor],
    *,
    has_key: bool,
) -> RowsSeen:
    today = clock.now().astimezone(clock.SEOUL).date()
    answers = {
        one.digits: conclude(one, book.get(one.digits), told[one.digits], today)
        for one in number_list.to_ask(rows)
    }
    return RowsSeen(rows=[RowSeen.of(one, answers, book) for one in rows], has_key=has_key)
