"""HTTP of business numbers: look up, up to a hundred; and carry the question to another network.

What is typed here is sent to the 국세청 where it must be, and kept nowhere.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from hub.automation.vendors import (
    allowance,
    lookup,
    number_list,
    number_sheet,
    round_trip,
    store,
)
from hub.automation.vendors.allowance import Allow, Service
from hub.automation.vendors.book import Vendor
from hub.automation.vendors.conclusion import Conclusion, Tone, conclude
from hub.automation.vendors.fetch import Outside
from hub.automation.vendors.lookup import Certificate
from hub.automation.vendors.number_list import Given as GivenRow
from hub.automation.vendors.number_list import Row
from hub.automation.vendors.round_trip import Answer, Question
from hub.automation.vendors.told import Told, Trouble
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
SHEET: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "A workbook (.xlsx) or CSV (UTF-8 or EUC-KR), at most 4 MiB and 5,000 rows.",
        "content": {
            sheet.WORKBOOK: {"schema": {"type": "string", "format": "binary"}},
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
UNREADABLE: Final[dict[int | str, dict[str, Any]]] = {
    422: {"description": "No such file can be read from it."}
}
CSV: Final = "text/csv"
USED_UP: Final = frozenset({Trouble.SPENT, Trouble.QUOTA})


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
    """Every row that was given."""

    rows: list[RowSeen]
    has_key: bool = Field(description="Whether this hub can ask the sources itself.")
    used_up: list[Service] = Field(description="What this key may be used for no more today.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the book and the sources said of some numbers."""

    book: Mapping[str, Vendor]
    told: Mapping[str, Sequence[Told]]
    has_key: bool

    def answers(self, rows: Iterable[Row]) -> dict[str, Conclusion]:
        """What is concluded, by number."""
        today = clock.now().astimezone(clock.SEOUL).date()
        return {
            one.digits: conclude(one, self.book.get(one.digits), self.told[one.digits], today)
            for one in number_list.to_ask(rows)
        }

    @property
    def used_up(self) -> list[Service]:
        """The services that answer no more today."""
        told = [one for said in self.told.values() for one in said if one.trouble in USED_UP]
        found = {allowance.OF[one.source] for one in told}
        return [one for one in Service if one in found]

    def seen(self, rows: Sequence[Row]) -> RowsSeen:
        """As it is sent."""
        answers = self.answers(rows)
        seen = [RowSeen.of(one, answers, self.book) for one in rows]
        return RowsSeen(rows=seen, has_key=self.has_key, used_up=self.used_up)


@router.post("/lookup", operation_id="lookUpBusinessNumbers")
async def look_up(request: Request, given: LookupGiven) -> RowsSeen:
    """What is known of each number: the book, 국세청, 나라장터, 공정위. No source makes it fail."""
    rows = given.rows()
    numbers = [one.digits for one in number_list.to_ask(rows)]
    asked = await ask(request, numbers, given.certificate, is_long=len(numbers) > FEW)
    return asked.seen(rows)


async def ask(
    request: Request,
    numbers: Sequence[str],
    certificate: CertificateGiven | None = None,
    *,
    is_long: bool,
) -> Asked:
    """The book and the sources about up to a hundred numbers, of a long list or of a short one."""
    async with connection(request) as conn:
        book = await store.several(conn, numbers)
        kept = timedelta(days=allowance.KEPT_DAYS)
        await store.forget_calls(conn, allowance.day_of(clock.now()) - kept)
    outside = Outside.of(request.app.state.settings)
    certificates = _certificates(numbers, book, certificate)
    known = book.keys() if is_long else frozenset()
    allow = _counted(request, outside)
    told = await lookup.look_up(outside, numbers, certificates, known=known, allow=allow)
    return Asked(book, told, has_key=outside.key is not None)


def _counted(request: Request, outside: Outside) -> Allow:
    """Each call is counted before it is sent and at once: other processes count on."""
    most = allowance.most_of(request.app.state.settings)

    async def allow(service: Service) -> bool:
        day = allowance.day_of(clock.now())
        async with connection(request) as conn:
            return await store.count_call(conn, outside.key_hash, day, service, most[service])

    return allow


@router.post(
    "/reading", operation_id="readBusinessNumbers", responses=UNREADABLE, openapi_extra=SHEET
)
async def read_numbers(request: Request) -> LinesSeen:
    """The column of numbers in a sheet, to be looked at before it is asked about."""
    found = await asyncio.to_thread(number_sheet.read, await request.body())
    return LinesSeen(lines=[LineSeen(row=one.row, text=one.text) for one in found.given if one])


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
    asked = await carried(request, await request.body())
    given = (GivenRow(at, one) for at, one in enumerate(asked.told, 1))
    return asked.seen(number_list.read(given, len(asked.told)))


async def carried(request: Request, body: bytes) -> Asked:
    """The answer to a question of this office. Raises FileRefused."""
    answer: Answer = round_trip.read_answer(body, clock.now())
    async with connection(request) as conn:
        round_trip.fit(answer, await store.digest_of(conn, answer.question_id))
        return Asked(await store.several(conn, list(answer.told)), answer.told, has_key=False)


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
