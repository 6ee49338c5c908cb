"""Numbers as people bring them: lines in, one row for each out. None is lost.

A row is a number, or why it is none, or says which row had it before.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.automation import business_number
from hub.automation.business_number import BusinessNumber, NotANumber
from hub.automation.vendors.book import COLUMNS
from hub.kit import sheet
from hub.kit.sheet import SheetUnreadable

NUMBERS_MOST: Final = 100
"""In one question; a longer list is asked in parts."""
CARRIED_MOST: Final = 1_000
"""In one file that is carried outside, where it is asked in parts."""
ROWS_MOST: Final = 5_000
GIVEN_MOST: Final = 200
NO_NUMBER: Final = "(빈 칸)"
"""For a row that says something, and nothing where its number belongs."""
_BLANK: Final = "번호가 비어 있습니다."
_JOIN: Final = r"[ \-‐-―−]?"
_NUMBER: Final = re.compile(rf"(?<![0-9])[0-9]{{3}}{_JOIN}[0-9]{{2}}{_JOIN}[0-9]{{5}}(?![0-9])")
_PARTED: Final = re.compile(r"[\t,;/·]")
_FULL: Final = "한 번에 {:,}개까지 물을 수 있습니다. 이 번호는 묻지 않았습니다."
TOO_MANY: Final = f"한 번에 {ROWS_MOST:,}줄까지입니다. 나누어 넣으십시오."
_NO_COLUMN: Final = (
    "사업자등록번호가 있는 열을 찾지 못했습니다. 첫 줄에 '사업자등록번호'를 적으십시오."
)


@dataclass(frozen=True, slots=True)
class Given:
    """What stood in a row, numbered as people count."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row read: a number, and where it stood first; or what is wrong."""

    row: int
    given: str
    number: BusinessNumber | None
    wrong: str = ""
    same_as: int | None = None


def read(given: Iterable[Given], most: int = NUMBERS_MOST) -> list[Row]:
    """Every number of every row that is not blank, in order; up to `most` different ones."""
    first: dict[str, int] = {}
    return [_row(one, text, first, most) for one in given for text in _numbers_in(one.text)]


def to_ask(rows: Iterable[Row]) -> list[BusinessNumber]:
    """Each number once."""
    return [one.number for one in rows if one.number and one.same_as is None]


def column_of(cells: Sequence[Sequence[Any]]) -> tuple[int, int]:
    """The first row below the heading, and the column: by its name, else by what is in it.

    Raises SheetUnreadable.
    """
    for at, row in enumerate(cells[:20]):
        words = ["".join(sheet.word(cell).split()) for cell in row]
        for name in COLUMNS["number"]:
            if name in words:
                return at + 1, words.index(name)
    columns = range(len(cells[0])) if cells else ()
    counts = [sum(_is_number(row[at]) for row in cells) for at in columns]
    if not any(counts):
        raise SheetUnreadable(_NO_COLUMN)
    return 0, counts.index(max(counts))


def _is_number(cell: Any) -> bool:
    return bool(_NUMBER.search(text_of(cell)))


def text_of(cell: Any) -> str:
    """What a cell says of a number. A spreadsheet drops the zeros at its front."""
    text = unicodedata.normalize("NFKC", sheet.word(cell))[:GIVEN_MOST]
    return text.zfill(10) if isinstance(cell, int | float) and text.isdigit() else text


def _numbers_in(text: str) -> Iterator[str]:
    """Of one row: `가나상사 124-81-00998` is one, a row without any is itself."""
    text = unicodedata.normalize("NFKC", text)
    found = _NUMBER.findall(text)
    parts = [part.strip() for part in _PARTED.split(text) if part.strip()]
    if len(parts) > len(found) and all(any(c.isdigit() for c in part) for part in parts):
        yield from parts  # a list in one row, some of it wrong
    elif found:
        yield from found
    elif text.strip():
        yield text.strip()


def _row(one: Given, text: str, first: dict[str, int], most: int) -> Row:
    if text == NO_NUMBER:
        return Row(one.row, text, None, _BLANK)
    try:
        number = business_number.read(text)
    except NotANumber as error:
        return Row(one.row, text, None, str(error))
    if number.digits in first:
        return Row(one.row, text, number, same_as=first[number.digits])
    if len(first) >= most:
        return Row(one.row, text, None, _FULL.format(most))
    first[number.digits] = one.row
    return Row(one.row, text, number)
