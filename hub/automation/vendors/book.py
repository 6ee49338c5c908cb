"""The office's vendor book: an entry, and a sheet of entries as what it would change. Pure.

A blank cell never empties what the book has: who wants that edits the entry. Nothing is saved here.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, Literal

from hub.automation import business_number
from hub.automation.business_number import NotANumber
from hub.kit import sheet
from hub.kit.sheet import SheetUnreadable

ROWS_MOST: Final = 5_000
HEADING_WITHIN: Final = 20
COLUMNS_MOST: Final = 40
NAME_MOST, ADDRESS_MOST, MEMO_MOST = 80, 200, 400
FIRST_DAY: Final = date(1900, 1, 1)
COLUMNS: Final = {
    "number": ("사업자등록번호", "사업자번호", "등록번호"),
    "name": ("상호", "거래처명", "업체명", "거래처", "법인명", "상호명"),
    "representative": ("대표자", "대표자명", "대표"),
    "opened_on": ("개업일", "개업일자", "개업연월일"),
    "address": ("주소", "소재지", "사업장주소", "사업장소재지"),
    "memo": ("메모", "비고"),
    "as_of": ("기준일", "기준일자"),
}
_NEEDED: Final = frozenset({"number", "name"})
_WIDTHS: Final = (18, 28, 14, 14, 40, 30, 14)
NO_HEADING: Final = (
    "첫 줄에 '사업자등록번호'와 '상호'가 있어야 합니다. 본보기 파일을 받아 쓰십시오."
)
Origin = Literal["typed", "sheet"]


@dataclass(frozen=True, slots=True)
class Vendor:
    """A business as the office knows it. `number`: ten digits; `as_of`: the day it was so."""

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

    def says_as(self, other: "Vendor") -> bool:
        """Whether both say the same of the business."""
        return _facts(self) == _facts(other)


class Change(StrEnum):
    """What saving a row of a sheet does."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Row:
    """A row, numbered as the sheet counts: an entry, or why it is none."""

    number: int
    shown: str
    change: Change
    vendor: Vendor | None
    wrong: tuple[str, ...] = ()


class VendorChanged(Exception):
    """Somebody has changed or removed this entry since it was read."""


class UnknownVendor(Exception):
    """No such entry in the vendor book."""


def read(body: bytes, by: str, now: datetime, today: date) -> list[Row]:
    """Entries of a sheet, before they are compared with the book. Raises SheetUnreadable."""
    cells = sheet.grid(body, rows_most=ROWS_MOST + HEADING_WITHIN, columns_most=COLUMNS_MOST)
    heading = next(
        (at for at, row in enumerate(cells[:HEADING_WITHIN]) if _columns(row).keys() >= _NEEDED),
        None,
    )
    if heading is None:
        raise SheetUnreadable(NO_HEADING)
    if len(cells) - heading - 1 > ROWS_MOST:
        raise SheetUnreadable(f"한 번에 {ROWS_MOST:,}줄까지입니다. 나누어 넣으십시오.")
    rows = list(_rows(cells, heading, by, now, today))
    if not rows:
        raise SheetUnreadable(sheet.NO_ROWS)
    return rows


def compared(rows: Iterable[Row], book: Mapping[str, Vendor]) -> Iterator[Row]:
    """What saving each row would do to the book."""
    for row in rows:
        known = book.get(row.vendor.number) if row.vendor else None
        if row.vendor is None or known is None:
            yield row
            continue
        merged = _merged(row.vendor, known)
        same = merged.says_as(known)
        yield replace(row, vendor=merged, change=Change.SAME if same else Change.CHANGED)


def workbook(vendors: Iterable[Vendor]) -> bytes:
    """The book as a workbook that `read` reads again; without entries the template."""
    heading = [names[0] for names in COLUMNS.values()]
    return sheet.workbook("거래처 장부", heading, map(_cells, vendors), _WIDTHS)


def day(cell: Any) -> date | None:
    """`2024-03-01`, `2024. 3. 1.`, `20240301` or a date of a workbook. Raises ValueError."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = unicodedata.normalize("NFKC", sheet.word(cell))
    if not text:
        return None
    if found := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text, re.ASCII):
        return date(*map(int, found.groups()))
    if found := re.fullmatch(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D{0,5}", text, re.ASCII):
        return date(*map(int, found.groups()))
    raise ValueError(text)


def _rows(
    cells: Sequence[Sequence[Any]], heading: int, by: str, now: datetime, today: date
) -> Iterator[Row]:
    columns, seen = _columns(cells[heading]), dict[str, int]()
    for at, row in enumerate(cells[heading + 1 :], heading + 2):
        if any(sheet.word(cell) for cell in row):
            given = {name: row[column] for name, column in columns.items()}
            yield _row(at, given, seen, by, now, today)


def _row(
    at: int, given: Mapping[str, Any], seen: dict[str, int], by: str, now: datetime, today: date
) -> Row:
    wrong: list[str] = []
    number = _number(given["number"], wrong)
    if number in seen:
        wrong.append(f"{seen[number]}번째 줄과 같은 번호입니다.")
    text = {name: sheet.word(given.get(name)) for name in COLUMNS}
    wrong += [
        f"{COLUMNS[name][0]}에 엑셀 오류({text[name]})가 있습니다."
        for name, cell in given.items()
        if name != "number" and sheet.is_error(cell)
    ]
    _check_lengths(text, wrong)
    opened_on = _day(given.get("opened_on"), "개업일", wrong)
    as_of = _day(given.get("as_of"), "기준일", wrong) or today
    if as_of > today:
        wrong.append("기준일이 오늘보다 뒤입니다.")
    if wrong or number is None:
        return Row(at, text["number"], Change.WRONG, None, tuple(wrong))
    seen[number] = at
    vendor = Vendor(
        number, text["name"], text["representative"], opened_on, text["address"], text["memo"],
        "sheet", as_of, 1, now, by,
    )  # fmt: skip
    return Row(at, text["number"], Change.NEW, vendor)


def _number(cell: Any, wrong: list[str]) -> str | None:
    text = sheet.word(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        text = text.zfill(10)  # a spreadsheet drops the zeros at the front of a number
    try:
        return business_number.read(text).digits
    except NotANumber as error:
        wrong.append(str(error))
        return None


def _check_lengths(text: Mapping[str, str], wrong: list[str]) -> None:
    if not text["name"]:
        wrong.append("상호가 없습니다.")
    for name, most in (
        ("name", NAME_MOST),
        ("representative", NAME_MOST),
        ("address", ADDRESS_MOST),
    ):
        if len(text[name]) > most:
            wrong.append(f"{COLUMNS[name][0]}이(가) {most}글자보다 깁니다.")


def _day(cell: Any, title: str, wrong: list[str]) -> date | None:
    try:
        found = day(cell)
    except ValueError:
        wrong.append(f"{title}을 날짜로 읽을 수 없습니다. 2024-03-01처럼 적으십시오.")
        return None
    if found and found < FIRST_DAY:
        wrong.append(f"{title}이 1900년보다 앞입니다.")
    return found


def _columns(row: Sequence[Any]) -> dict[str, int]:
    """Which column is what, by the words of a heading."""
    words = ["".join(sheet.word(cell).split()) for cell in row]
    found = {}
    for name, known in COLUMNS.items():
        at = next((words.index(one) for one in known if one in words), None)
        if at is not None:
            found[name] = at
    return found


def _merged(given: Vendor, known: Vendor) -> Vendor:
    return replace(
        given,
        representative=given.representative or known.representative,
        opened_on=given.opened_on or known.opened_on,
        address=given.address or known.address,
        memo=given.memo or known.memo,
        version=known.version + 1,
    )


def _facts(one: Vendor) -> tuple[Any, ...]:
    return (one.number, one.name, one.representative, one.opened_on, one.address, one.memo)


def _cells(one: Vendor) -> list[str]:
    opened = one.opened_on.isoformat() if one.opened_on else ""
    number = f"{one.number[:3]}-{one.number[3:5]}-{one.number[5:]}"
    return [number, one.name, one.representative, opened, one.address, one.memo,
            one.as_of.isoformat()]  # fmt: skip
