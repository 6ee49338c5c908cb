"""Trip orders as a table: bytes of .xlsx or .csv in, an order or what is wrong for each row out.

The first row that names a number, people and both times is the heading; columns are found by their
names, in any order. Times without a zone are Korea's. Nothing is saved here.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from hub.kit import clock, sheet
from hub.kit.sheet import SheetUnreadable, word
from hub.tripproof.ordering import NewOrder
from hub.tripproof.statement import TRIP_MAX_BYTES

ROWS_MOST: Final = 500
COLUMNS_MOST: Final = 40
NAMES: Final = {
    "trip": ("출장번호", "번호", "trip"),
    "people": ("직원번호", "출장자", "people"),
    "department": ("부서", "부서코드", "department"),
    "begins_at": ("시작", "시작일시", "출발", "from"),
    "ends_at": ("종료", "종료일시", "도착", "to"),
    "place": ("출장지", "목적지", "place"),
    "by_air": ("항공", "항공편", "air"),
    "purpose": ("목적", "용무", "purpose"),
}
NEEDED: Final = frozenset({"trip", "people", "begins_at", "ends_at"})
YES: Final = frozenset({"y", "yes", "o", "1", "true", "예", "항공"})
EXAMPLE: Final = (
    "예: 총무-2026-0412", "직원번호. 여럿이면 쉼표로 나눕니다. 예: 20190123, 20200456",
    "비우면 서무의 부서", "예: 2026-11-21 09:00", "예: 2026-11-21 18:00",
    "장소록에 적힌 이름. 예: 도청", "비행기로 가면 예", "예: 예산 협의",
)  # fmt: skip
PEOPLE_MOST, WHO_MOST, PLACE_MOST, PURPOSE_MOST = 64, 16, 80, 200
NO_HEADING: Final = (
    "첫 줄에 출장번호, 직원번호, 시작, 종료가 있어야 해요. 빈 서식을 내려받아 쓰세요."
)
FORMS: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y.%m.%d %H:%M")


class Wrong(StrEnum):
    """Why a row is no order."""

    TRIP = "trip"
    PEOPLE = "people"
    DEPARTMENT = "department"
    BEGINS = "begins_at"
    ENDS = "ends_at"
    BACKWARD = "backward"
    PLACE = "place"
    PURPOSE = "purpose"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Row:
    """A row, numbered as the sheet counts: an order, or why it is none."""

    number: int
    order: NewOrder | None
    wrong: list[Wrong]


def read(body: bytes, department: str) -> list[Row]:
    """Read a table; `department` is that of rows which name none. Raises SheetUnreadable."""
    grid = sheet.grid(body, rows_most=ROWS_MOST, columns_most=COLUMNS_MOST)
    heading = next((at for at, row in enumerate(grid) if _columns(row).keys() >= NEEDED), None)
    if heading is None:
        raise SheetUnreadable(NO_HEADING)
    columns, rows, seen = _columns(grid[heading]), list[Row](), set[str]()
    for number, row in enumerate(grid[heading + 1 :], heading + 2):
        if any(word(cell) for cell in row):
            cells = {name: row[at] for name, at in columns.items()}
            rows.append(_row(number, cells, department, seen))
    return rows


def template() -> bytes:
    """An empty table with the headings that `read` knows, and what belongs under them."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    empty: Any = book.worksheets[0]
    empty.title = "출장명령"
    empty.append([NAMES[name][0] for name in NAMES])
    for column, width in enumerate((18, 24, 14, 19, 19, 26, 8, 34), 1):
        letter = get_column_letter(column)
        empty.column_dimensions[letter].width = width
        empty.column_dimensions[letter].number_format = "@"
        empty.cell(1, column).font = Font(bold=True)
        empty.cell(1, column).comment = Comment(EXAMPLE[column - 1], "cheongsa")
    empty.freeze_panes = "A2"
    book.save(out)
    return out.getvalue()


def _row(number: int, cells: dict[str, Any], department: str, seen: set[str]) -> Row:
    begins_at, ends_at = _moment(cells["begins_at"]), _moment(cells["ends_at"])
    people = tuple(filter(None, re.split(r"[\s,;]+", word(cells["people"]))))
    trip, place = word(cells["trip"]), word(cells.get("place"))
    purpose, of = word(cells.get("purpose")), word(cells.get("department")) or department
    faults = {
        Wrong.TRIP: not trip or _bytes(trip) > TRIP_MAX_BYTES,
        Wrong.PEOPLE: not 0 < len(people) <= PEOPLE_MOST or max(map(_bytes, people)) > WHO_MOST,
        Wrong.DEPARTMENT: _bytes(of) > WHO_MOST,
        Wrong.BEGINS: begins_at is None,
        Wrong.ENDS: ends_at is None,
        Wrong.BACKWARD: bool(begins_at and ends_at and ends_at <= begins_at),
        Wrong.PLACE: len(place) > PLACE_MOST,
        Wrong.PURPOSE: len(purpose) > PURPOSE_MOST,
        Wrong.TWICE: trip in seen,
    }
    wrong = [fault for fault, is_so in faults.items() if is_so]
    if wrong or begins_at is None or ends_at is None:
        return Row(number, None, wrong)
    seen.add(trip)
    is_air = word(cells.get("by_air")).lower() in YES
    order = NewOrder(trip, people, of, begins_at, ends_at, place, is_air, purpose)
    return Row(number, order, [])


def _bytes(text: str) -> int:
    return len(text.encode(errors="replace"))


def _columns(row: Sequence[Any]) -> dict[str, int]:
    """Which column is what, by the words of a heading."""
    words = ["".join(word(cell).split()).lower() for cell in row]
    found = {}
    for name, known in NAMES.items():
        at = next((words.index(word) for word in known if word in words), None)
        if at is not None:
            found[name] = at
    return found


def _moment(cell: Any) -> datetime | None:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=clock.SEOUL)
    for form in FORMS:
        try:
            return datetime.strptime(word(cell), form).replace(tzinfo=clock.SEOUL)
        except ValueError:
            continue
    return None
