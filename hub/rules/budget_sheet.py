"""An office's table of budget codes: bytes of .xlsx or .csv in, codes or what is wrong out.

The first row that names a code is the heading; columns are found by their names, in any order. A
bad row never stops the rest. Nothing is saved here.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from hub.kit import sheet
from hub.kit.sheet import SheetUnreadable, word
from hub.rules.budget_codes import BudgetCode

BYTES_MOST: Final = 1024 * 1024
ROWS_MOST: Final = 2_000
HEADING_WITHIN: Final = 20
COLUMNS_MOST: Final = 40
NAMES: Final = {
    "code": ("통계목코드", "코드", "통계목번호", "과목코드", "통계목", "code"),
    "name": ("통계목명", "통계목이름", "이름", "과목명", "명칭", "name"),
    "section": ("편성목명", "편성목", "목", "section"),
    "says": ("설명", "쓰임", "내용", "해설", "집행내용", "says"),
    "words": ("찾는말", "찾는 말", "검색어", "words"),
}
_CODE: Final = re.compile(r"^([0-9]{3})\s*[-–‐−]?\s*([0-9]{2})(?:\s+|$)(.*)$")
NO_HEADING: Final = (
    "통계목 코드가 있는 열을 찾지 못했습니다. 첫 줄에 코드, 이름을 적은 표를 넣으십시오."
)


class Wrong(StrEnum):
    """Why a row is no budget code."""

    CODE = "code"
    NAME = "name"
    TWICE = "twice"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Row:
    """A row, numbered as the sheet counts: a code, or why it is none."""

    number: int
    code: BudgetCode | None
    wrong: Wrong | None = None
    shown: str = ""
    """What stands there, of a row that is wrong."""


def read(body: bytes) -> list[Row]:
    """Read a table. Raises SheetUnreadable."""
    grid = sheet.grid(body, rows_most=ROWS_MOST + HEADING_WITHIN, columns_most=COLUMNS_MOST)
    heading = next((at for at, row in enumerate(grid) if "code" in _columns(row)), None)
    if heading is None:
        raise SheetUnreadable(NO_HEADING)
    columns, seen = _columns(grid[heading]), set[str]()
    rows = [
        _row(number, {name: word(row[at]) for name, at in columns.items()}, seen)
        for number, row in enumerate(grid[heading + 1 :], heading + 2)
        if any(word(cell) for cell in row)
    ]
    if not rows:
        raise SheetUnreadable(sheet.NO_ROWS)
    return rows


def codes(rows: Sequence[Row]) -> tuple[BudgetCode, ...]:
    """The codes of the rows that are right, by their numbers."""
    return tuple(sorted((row.code for row in rows if row.code), key=lambda one: one.code))


def template() -> bytes:
    """An empty table with the headings that `read` knows and one example."""
    heading = ("통계목코드", "통계목명", "편성목명", "설명", "찾는 말")
    example = ("201-01", "사무관리비", "일반운영비", "", "강사료, 위원수당")
    return sheet.workbook("통계목", heading, [example], (14, 24, 20, 50, 30))


def _row(number: int, cells: dict[str, str], seen: set[str]) -> Row:
    shown = " ".join(filter(None, cells.values()))[:120]
    if any(map(sheet.is_error, cells.values())):
        return Row(number, None, Wrong.ERROR, shown)
    found = _CODE.match(unicodedata.normalize("NFKC", cells["code"]))
    if found is None:
        return Row(number, None, Wrong.CODE, shown)
    code, rest = f"{found.group(1)}-{found.group(2)}", found.group(3).strip()
    name = cells.get("name") or rest
    if not name:
        return Row(number, None, Wrong.NAME, shown)
    if code in seen:
        return Row(number, None, Wrong.TWICE, shown)
    seen.add(code)
    words = tuple(filter(None, map(str.strip, re.split(r"[,;·ㆍ]", cells.get("words", "")))))[:20]
    return Row(
        number,
        BudgetCode(code, name[:80], cells.get("section", "")[:80], cells.get("says", ""), words),
    )


def _columns(row: Sequence[Any]) -> dict[str, int]:
    """Which column is what, by the words of a heading."""
    words = ["".join(word(cell).split()).lower() for cell in row]
    found: dict[str, int] = {}
    for name, known in NAMES.items():
        at = next((words.index(one) for one in known if one in words), None)
        if at is not None and at not in found.values():
            found[name] = at
    return found
