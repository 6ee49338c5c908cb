"""Trip orders as a table: bytes of .xlsx or .csv in, orders and the rows that are none out.

The first row that names a number, people and both times is the heading; columns are found by their
names, in any order. Times without a zone are Korea's. Nothing is saved here.
"""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import openpyxl

from hub.kit import clock
from hub.tripproof.ordering import NewOrder
from hub.tripproof.refusals import SheetUnreadable

ROWS_MOST: Final = 500
COLUMNS_MOST: Final = 40
UNPACKED_MOST_BYTES: Final = 8 * 1024 * 1024
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
FORMS: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y.%m.%d %H:%M")


@dataclass(frozen=True, slots=True)
class Table:
    """What was found. `wrong`: numbers of rows, counted as the sheet counts, with no order."""

    orders: list[NewOrder]
    wrong: list[int]


def read(body: bytes, department: str) -> Table:
    """Read a table; `department` is that of rows which name none. Raises SheetUnreadable."""
    grid = _workbook(body) if body.startswith(b"PK\x03\x04") else _text(body)
    heading = next((at for at, row in enumerate(grid) if _columns(row).keys() >= NEEDED), None)
    if heading is None:
        raise SheetUnreadable
    columns, table = _columns(grid[heading]), Table([], [])
    for number, row in enumerate(grid[heading + 1 :], heading + 2):
        if any(_word(cell) for cell in row):
            _add(table, number, {name: row[at] for name, at in columns.items()}, department)
    return table


def _add(table: Table, number: int, cells: dict[str, Any], department: str) -> None:
    begins_at, ends_at = _moment(cells["begins_at"]), _moment(cells["ends_at"])
    people = tuple(re.split(r"[\s,;]+", _word(cells["people"])))
    trip = _word(cells["trip"])
    if not trip or not all(people) or begins_at is None or ends_at is None:
        table.wrong.append(number)
        return
    table.orders.append(
        NewOrder(
            trip, people, _word(cells.get("department")) or department, begins_at, ends_at,
            _word(cells.get("place")), _word(cells.get("by_air")).lower() in YES,
            _word(cells.get("purpose")),
        )
    )  # fmt: skip


def _columns(row: Sequence[Any]) -> dict[str, int]:
    """Which column is what, by the words of a heading."""
    words = ["".join(_word(cell).split()).lower() for cell in row]
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
            return datetime.strptime(_word(cell), form).replace(tzinfo=clock.SEOUL)
        except ValueError:
            continue
    return None


def _word(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())[:400]


def _text(body: bytes) -> list[list[Any]]:
    """CSV in UTF-8, or as Korean Excel writes it."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            lines = body.decode(encoding).splitlines()[:ROWS_MOST]
            return _even([row[:COLUMNS_MOST] for row in csv.reader(lines)])
        except (UnicodeDecodeError, csv.Error):
            continue
    raise SheetUnreadable


def _workbook(body: bytes) -> list[list[Any]]:
    try:
        _look_at_its_size(body)
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=ROWS_MOST, max_col=COLUMNS_MOST, values_only=True)
        return _even([list(row) for row in rows])
    except SheetUnreadable:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes Python raise
        raise SheetUnreadable from error


def _look_at_its_size(body: bytes) -> None:
    """Before anything is unpacked. Raises SheetUnreadable."""
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        if sum(part.file_size for part in parts.infolist()) > UNPACKED_MOST_BYTES:
            raise SheetUnreadable


def _even(rows: list[list[Any]]) -> list[list[Any]]:
    """Every row as long as the longest."""
    longest = max((len(row) for row in rows), default=0)
    return [row + [None] * (longest - len(row)) for row in rows]
