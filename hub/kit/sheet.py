"""Tables of strangers: bytes of .xlsx or .csv in, cells out; and a table as a workbook.

What is too large is refused before it is unpacked; formulas are never reckoned, macros never seen.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any, Final

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

UNPACKED_MOST_BYTES: Final = 24 * 1024 * 1024
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CELL_MOST_CHARS: Final = 400
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"  # what .xls, .hwp and locked workbooks begin with
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class SheetUnreadable(Exception):
    """No table can be read from it. The message says why and what to do, in Korean."""


NO_TABLE: Final = "표로 읽을 수 없습니다. .xlsx나 CSV로 저장해 다시 넣으십시오."
OLD: Final = "옛 엑셀(.xls)이거나 암호가 걸렸습니다. 암호를 풀고 .xlsx로 저장해 다시 넣으십시오."
TOO_LARGE: Final = "너무 큰 파일입니다. 필요한 시트만 새 파일로 저장해 넣으십시오."


def grid(body: bytes, *, rows_most: int, columns_most: int) -> list[list[Any]]:
    """Cells of the first sheet that holds any, every row as long. Raises SheetUnreadable."""
    if body.startswith(_OLD_EXCEL):
        raise SheetUnreadable(OLD)
    if body.startswith(b"PK\x03\x04"):
        return _even(_workbook(body, rows_most, columns_most))
    return _even(_text(body, rows_most, columns_most))


def word(cell: Any) -> str:
    """A cell as one line of printable text."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell)[:4000]
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_CELL_MOST_CHARS]


def workbook(
    title: str, heading: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]
) -> bytes:
    """A workbook of text: what begins like a formula is shown, never reckoned."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet: Any = book.worksheets[0]
    sheet.title = title
    for at, cells in enumerate([heading, *rows], 1):
        for column, text in enumerate(cells, 1):
            cell = sheet.cell(at, column, word(text))
            cell.data_type, cell.number_format = "s", "@"
            cell.quotePrefix = word(text).startswith(_FORMULA)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for column, width in enumerate(widths, 1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = "@"
        sheet.cell(1, column).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    book.save(out)
    return out.getvalue()


def _workbook(body: bytes, rows_most: int, columns_most: int) -> list[list[Any]]:
    _look_at_its_size(body)
    try:
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(max_row=rows_most, max_col=columns_most, values_only=True)
            found = [list(row) for row in rows]
            if any(word(cell) for row in found for cell in row):
                return found
    except Exception as error:  # openpyxl raises whatever a broken part makes Python raise
        raise SheetUnreadable(NO_TABLE) from error
    return []


def _look_at_its_size(body: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            unpacked_bytes = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise SheetUnreadable(NO_TABLE) from error
    if unpacked_bytes > UNPACKED_MOST_BYTES:
        raise SheetUnreadable(TOO_LARGE)


def _text(body: bytes, rows_most: int, columns_most: int) -> list[list[Any]]:
    """CSV in UTF-8, or as Korean Excel writes it; tabs too, as a spreadsheet is copied."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            lines = body.decode(encoding).splitlines()[:rows_most]
            tabs = any("\t" in line for line in lines[:1])
            read = csv.reader(lines, delimiter="\t" if tabs else ",")
            return [row[:columns_most] for row in read]
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise SheetUnreadable(NO_TABLE) from error
    raise SheetUnreadable(NO_TABLE)


def _even(rows: list[list[Any]]) -> list[list[Any]]:
    longest = max((len(row) for row in rows), default=0)
    return [row + [None] * (longest - len(row)) for row in rows]
