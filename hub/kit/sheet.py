"""Tables of strangers: bytes of .xlsx or .csv in, cells out; and a table as a workbook.

What is too large is refused before it is unpacked; formulas are never reckoned, macros never seen.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

import openpyxl
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

UNPACKED_MOST_BYTES: Final = 24 * 1024 * 1024
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CELL_MOST_CHARS: Final = 400
_SHOWN_MOST_CHARS: Final = 2_000
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"  # what .xls, .hwp and locked workbooks begin with
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_ERRORS: Final = frozenset(ERROR_CODES)
_MARKS: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]+\d+:[A-Z]+\d+)")


class SheetUnreadable(Exception):
    """No table can be read from it. `says` tells why and what to do, in Korean."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


NO_TABLE: Final = "표로 읽을 수 없습니다. .xlsx나 CSV로 저장해 다시 넣으십시오."
OLD: Final = "옛 엑셀(.xls)이거나 암호가 걸렸습니다. 암호를 풀고 .xlsx로 저장해 다시 넣으십시오."
PAGE: Final = (
    "겉만 엑셀이고 속은 웹 문서(HTML)나 XML입니다. 엑셀에서 열어 .xlsx로 다시 저장해 넣으십시오."
)
NO_ROWS: Final = (
    "제목 줄 아래에 읽을 줄이 없습니다. 수식으로 만든 칸이면 값으로 바꾸어 저장해 다시 넣으십시오."
)
TOO_LARGE: Final = "너무 큰 파일입니다. 필요한 시트만 새 파일로 저장해 넣으십시오."
TOO_MANY: Final = "{:,}줄이 넘는 표입니다. 나누어 넣으십시오."


def grid(body: bytes, *, rows_most: int, columns_most: int) -> list[list[Any]]:
    """Cells of the first sheet that holds any, every row as long. Raises SheetUnreadable.

    Also where there are more than `rows_most`: nobody would learn which were left out.
    """
    found = list(islice(rows(body, columns_most=columns_most), rows_most + 1))
    if len(found) > rows_most:
        raise SheetUnreadable(TOO_MANY.format(rows_most))
    return _even(found)


def rows(body: bytes, *, columns_most: int) -> Iterator[list[Any]]:
    """Rows of the first sheet in sight that holds any, as far as asked for; the last holds some.

    Raises SheetUnreadable, at once or on the way.
    """
    if body.startswith(_OLD_EXCEL):
        raise SheetUnreadable(OLD)
    if body.startswith(b"PK\x03\x04"):
        return _workbook(body, columns_most)
    return _trimmed(row[:columns_most] for row in _text(body))


def merged(body: bytes) -> list[str]:
    """Cells of the first sheet in sight that holds any which were made one: `A3:A5`."""
    if not body.startswith(b"PK\x03\x04"):
        return []
    try:
        with _opened(body) as (book, sheets):
            held = next((one for one in sheets if any(_trimmed(_values(one, 1000)))), None)
            if held is None:
                return []
            with book._archive.open(held._worksheet_path) as part:  # noqa: SLF001  openpyxl reads no more of it without holding every cell
                return [found.decode() for found in _MERGED.findall(part.read())]
    except SheetUnreadable:
        raise
    except Exception as error:
        raise SheetUnreadable(NO_TABLE) from error


def word(cell: Any, most: int = _CELL_MOST_CHARS) -> str:
    """A cell as one line of printable text."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell)[:4000]
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:most]


def is_error(cell: Any) -> bool:
    """Whether Excel could not reckon it: `#N/A`, `#REF!` and their like are no text."""
    return word(cell) in _ERRORS


def workbook(
    title: str, heading: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]
) -> bytes:
    """A workbook of text: what begins like a formula is shown, never reckoned."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet: Any = book.worksheets[0]
    sheet.title = title
    for at, cells in enumerate([heading, *rows], 1):
        for column, text in enumerate(cells, 1):
            shown = word(text, _SHOWN_MOST_CHARS)
            cell = sheet.cell(at, column, shown)
            cell.data_type, cell.number_format = "s", "@"
            cell.quotePrefix = shown.startswith(_FORMULA)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for column, width in enumerate(widths, 1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = "@"
        sheet.cell(1, column).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    book.save(out)
    return out.getvalue()


def _workbook(body: bytes, columns_most: int) -> Iterator[list[Any]]:
    try:
        with _opened(body) as (_, sheets):
            for sheet in sheets:
                found = False
                for row in _trimmed(_values(sheet, columns_most)):
                    found = True
                    yield row
                if found:
                    return
    except SheetUnreadable:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes Python raise
        raise SheetUnreadable(NO_TABLE) from error


@contextmanager
def _opened(body: bytes) -> Iterator[tuple[Any, list[Any]]]:
    """A workbook and its sheets that are not hidden."""
    _look_at_its_size(body)
    book: Any = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
    try:
        yield book, [one for one in book.worksheets if one.sheet_state == "visible"]
    finally:
        book.close()


def _values(sheet: Any, columns_most: int) -> Iterator[list[Any]]:
    sheet.reset_dimensions()  # what a file says of its size need not be so
    return map(list, sheet.iter_rows(max_col=columns_most, values_only=True))


def _trimmed(rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Without the empty rows at the end; those between stay, so that rows keep their numbers."""
    empty = 0
    for row in rows:
        if row.count(None) == len(row) or not any(word(cell) for cell in row):
            empty += 1  # there may be a million, so the quick look goes first
            continue
        yield from ([] for _ in range(empty))
        empty = 0
        yield row


def _look_at_its_size(body: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            unpacked_bytes = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise SheetUnreadable(NO_TABLE) from error
    if unpacked_bytes > UNPACKED_MOST_BYTES:
        raise SheetUnreadable(TOO_LARGE)


def _text(body: bytes) -> list[list[Any]]:
    """CSV in UTF-8, as Korean Excel writes it or as 유니코드 텍스트; tabs too, as it is copied."""
    text = _decoded(body)
    if "\0" in text:
        raise SheetUnreadable(NO_TABLE)
    if text.lstrip()[:1] == "<":
        raise SheetUnreadable(PAGE)
    parted = next((line for line in text.splitlines() if "\t" in line or "," in line), "")
    lines = io.StringIO(text, newline="")  # csv knows where a line ends, in quotes too
    try:
        return list(csv.reader(lines, delimiter="\t" if "\t" in parted else ","))
    except csv.Error as error:
        raise SheetUnreadable(NO_TABLE) from error


def _decoded(body: bytes) -> str:
    marked = _MARKS.get(body[:2])
    for encoding in (marked,) if marked else ("utf-8-sig", "cp949"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetUnreadable(NO_TABLE)


def _even(rows: list[list[Any]]) -> list[list[Any]]:
    longest = max((len(row) for row in rows), default=0)
    return [row + [None] * (longest - len(row)) for row in rows]
