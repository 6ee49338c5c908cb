"""A workbook of meals as cells: .xlsx bytes in, the first sheet that holds something out.

What is too large is refused before it is unpacked; formulas are never reckoned, macros never seen.
"""

import io
import zipfile
from datetime import date, datetime
from typing import Any, Final

import openpyxl

from hub.devices.meals import COLUMNS_MOST, ROWS_MOST, Cell, MealsUnreadable

BYTES_MOST: Final = 1024 * 1024
UNPACKED_MOST_BYTES: Final = 24 * 1024 * 1024
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"  # what .xls, .hwp and locked workbooks begin with

NO_WORKBOOK: Final = MealsUnreadable(
    "엑셀 파일로 읽을 수 없어요. 엑셀에서 '다른 이름으로 저장 > .xlsx'로 저장해 다시 넣어 주세요.",
    "It cannot be read as a workbook. Save it as .xlsx and try again.",
)
OLD: Final = MealsUnreadable(
    "옛 엑셀(.xls)이거나 암호가 걸린 파일이에요. 암호를 풀고 .xlsx로 저장해 다시 넣어 주세요.",
    "It is an old workbook (.xls) or locked. Unlock it, save it as .xlsx and try again.",
)
TOO_LARGE: Final = MealsUnreadable(
    "식단표로는 너무 큰 파일이에요. 식단이 있는 시트만 새 파일로 저장해 넣어 주세요.",
    "It is too large for a menu. Save only the sheet with the menu.",
)


def is_workbook(body: bytes) -> bool:
    """Whether it is no text: a ZIP archive as .xlsx is, or what Excel wrote before."""
    return body.startswith((b"PK\x03\x04", _OLD_EXCEL))


def grid_of(workbook: bytes) -> list[list[Cell]]:
    """The cells of the first sheet that holds any. Raises MealsUnreadable."""
    if workbook.startswith(_OLD_EXCEL):
        raise OLD
    _look_at_its_size(workbook)
    try:
        return _read(workbook)
    except MealsUnreadable:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes Python raise
        raise NO_WORKBOOK from error


def _look_at_its_size(workbook: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
            unpacked_bytes = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise NO_WORKBOOK from error
    if unpacked_bytes > UNPACKED_MOST_BYTES:
        raise TOO_LARGE


def _read(workbook: bytes) -> list[list[Cell]]:
    book = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True, data_only=True)
    try:
        for sheet in (one for one in book.worksheets if one.sheet_state == "visible"):
            rows = sheet.iter_rows(max_row=ROWS_MOST, max_col=COLUMNS_MOST, values_only=True)
            grid = [[_cell(value) for value in row] for row in rows]
            if any(cell for row in grid for cell in row):
                return grid
    finally:
        book.close()
    return []


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)[:2000]
