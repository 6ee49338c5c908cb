"""The auditor's list as a workbook: what verdicts say, no coordinates, nothing that calculates.

Whatever people typed (a trip's number, a name) is a string in a quoted cell: a text
that begins with `=` stays a text, in Excel and when it is saved from there.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from hub.kit import clock
from hub.tripproof.reasons import Reason
from hub.tripproof.statement import Kind
from hub.tripproof.store.reviewing import Reviewed
from hub.tripproof.verdict import Grade, Place
from hub.tripproof.words import KINDS, LIMIT, PLACES, REASONS

HEADINGS: Final = (
    ("때", 18), ("접수", 18), ("이름", 12), ("직원번호", 14), ("부서", 12), ("출장번호", 18),
    ("출장지", 20), ("구분", 8), ("장소", 18), ("거리", 14), ("등급", 8), ("사유", 60), ("소명", 8),
    ("기록부 순번", 12), ("증빙 번호", 20),
)  # fmt: skip
BANDS: Final = (
    "",
    "500 m 안",
    "2 km 안",
    "10 km 안",
    "50 km 안",
    "50 km 넘음",
)  # protocol, section 4
MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(proofs: Sequence[Reviewed], now: datetime) -> bytes:
    """The .xlsx file, one row a proof, in the order given."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("출장 증빙")
    sheet.freeze_panes = "A4"
    for at, (_, width) in enumerate(HEADINGS):
        sheet.column_dimensions[chr(ord("A") + at)].width = width
    sheet.append([_text(sheet, f"출장 증빙 {len(proofs):,}건 · {_when(now)} 현재", bold=True)])
    sheet.append([_text(sheet, LIMIT[0])])
    sheet.append([_text(sheet, name, bold=True) for name, _ in HEADINGS])
    for one in proofs:
        sheet.append([_cell(sheet, value) for value in _row(one)])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _row(one: Reviewed) -> tuple[str | int, ...]:
    reasons = " ".join(REASONS[Reason(number)][0] for number in one.reasons)
    return (
        _when(one.signed_at), _when(one.received_at), one.name, one.who, one.department, one.trip,
        one.destination, KINDS[Kind(one.kind)][0], PLACES[Place(one.place)][0],
        BANDS[one.band], Grade(one.grade).name, reasons,
        "있음" if one.appealed else "", one.log_index, one.cti.hex(),
    )  # fmt: skip


def _when(at: datetime) -> str:
    return f"{at.astimezone(clock.SEOUL):%Y-%m-%d %H:%M}"


def _cell(sheet: Any, value: str | int) -> Any:
    return value if isinstance(value, int) else _text(sheet, value)


def _text(sheet: Any, text: str, *, bold: bool = False) -> Any:
    """A string, whatever it begins with."""
    cell: Any = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # openpyxl takes what begins with `=` for a formula
    cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell
