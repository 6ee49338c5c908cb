"""A month of trips as a workbook: what an office files. No coordinates, no distances, no formulas.

Touches, paper and photos stand in one table, as equals. Whatever people typed is written as text:
a cell that begins with `=` is what somebody typed, never something that Excel reckons.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from hub.kit import clock
from hub.tripproof import words
from hub.tripproof.reasons import Reason
from hub.tripproof.standing import Gap, Month, State, Traveller, Trip
from hub.tripproof.statement import Kind
from hub.tripproof.store.confirmations import Confirmation
from hub.tripproof.store.department import Touch
from hub.tripproof.verdict import Grade, Place

STATES: Final = {
    State.NOTHING: "확인 없음", State.PARTLY: "일부 확인", State.GOING: "출장 중",
    State.AHEAD: "출장 전", State.CONFIRMED: "확인됨",
}  # fmt: skip
GAPS: Final = {
    Gap.NOTHING: "확인 없음", Gap.ARRIVAL: "도착 확인 없음", Gap.DEPARTURE: "출발 확인 없음",
}  # fmt: skip
KINDS: Final = {"paper": "종이 확인", "photo": "현장 사진"}
TOUCH: Final = "원터치"
MINUTE, DAY = "yyyy-mm-dd hh:mm", "yyyy-mm-dd"
HEAD: Final = PatternFill("solid", fgColor="DCE6F2")
Row = Sequence[Any]


def made(month: Month, named: str, title: str, now: datetime) -> bytes:
    """The workbook; `named`: 2026-11, `title`: whose it is."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, "요약", ("항목", "수"), _summary(month, named, title, now), (34, 22))
    _sheet(
        book, "출장별",
        ("출장번호", "부서", "직원번호", "이름", "시작", "종료", "출장지", "용무", "상태",
         "빠진 것", "원터치", "종이·사진", "가장 낮은 등급"),
        (_by_person(trip, one) for trip in month.trips for one in trip.travellers),
        (18, 12, 14, 14, 17, 17, 24, 30, 12, 26, 9, 10, 14),
    )  # fmt: skip
    _sheet(
        book, "확인 내역",
        ("출장번호", "직원번호", "이름", "일시", "확인 방법", "구분", "출장지와 견줌", "등급",
         "살펴볼 점", "소명", "메모", "적은 사람"),
        _evidence(month), (18, 14, 14, 17, 12, 9, 18, 8, 52, 11, 34, 18),
    )  # fmt: skip
    _sheet(
        book, "출장명령 없는 확인",
        ("직원번호", "이름", "일시", "구분", "적힌 출장번호", "등급", "살펴볼 점", "소명"),
        (_loose(one, month) for one in month.loose), (14, 14, 17, 9, 18, 8, 52, 11),
    )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _summary(month: Month, named: str, title: str, now: datetime) -> Iterable[Row]:
    people = [one for trip in month.trips for one in trip.travellers]
    yield "기간", named
    yield "대상", title or "모든 부서"
    yield "만든 때", _local(now)
    yield "출장명령", len(month.trips)
    yield "출장자(연인원)", len(people)
    for state, name in STATES.items():
        yield name, sum(one.state is state for one in people)
    yield "출장명령 없는 확인", len(month.loose)
    yield words.LIMIT[0], None


def _by_person(trip: Trip, one: Traveller) -> Row:
    order = trip.order
    standing = sum(not each.is_withdrawn for each in one.confirmations)
    grade = max((each.grade for each in one.touches), default=0)
    return (
        order.trip, order.department, one.who, one.name, _local(order.begins_at),
        _local(order.ends_at), order.place, order.purpose, STATES[one.state],
        ", ".join(GAPS[gap] for gap in one.gaps), len(one.touches), standing,
        Grade(grade).name if grade else "",
    )  # fmt: skip


def _evidence(month: Month) -> Iterable[Row]:
    for trip in month.trips:
        for one in trip.travellers:
            yield from (_touched(touch, one.name) for touch in one.touches)
            yield from (
                _confirmed(each, one.name) for each in one.confirmations if not each.is_withdrawn
            )
        for touch in trip.others:
            yield _touched(touch, month.names.get(touch.who, ""))


def _touched(one: Touch, name: str) -> Row:
    linked = f"{one.linked_by} 님이 나중에 이음" if one.linked_by else ""
    return (
        one.trip, one.who, name, _local(one.signed_at.replace(second=0, microsecond=0)), TOUCH,
        words.KINDS[Kind(one.kind)][0], words.PLACES[Place(one.place)][0], Grade(one.grade).name,
        _reasons(one), _appealed(one), linked, "",
    )  # fmt: skip


def _confirmed(one: Confirmation, name: str) -> Row:
    return (
        one.trip, one.who, name, one.on_day, KINDS[one.kind], "", "", "", "", "", one.note,
        one.saved_by,
    )  # fmt: skip


def _loose(one: Touch, month: Month) -> Row:
    return (
        one.who, month.names.get(one.who, ""),
        _local(one.signed_at.replace(second=0, microsecond=0)), words.KINDS[Kind(one.kind)][0],
        one.said_trip, Grade(one.grade).name, _reasons(one), _appealed(one),
    )  # fmt: skip


def _reasons(one: Touch) -> str:
    return " ".join(words.REASONS[Reason(number)][0] for number in one.reasons)


def _appealed(one: Touch) -> str:
    """That its traveller said something to it; what, clerk and auditor read on the page."""
    return "소명 있음" if one.is_appealed else ""


def _local(at: datetime) -> datetime:
    """As Excel has times: without a zone, Korea's."""
    return at.astimezone(clock.SEOUL).replace(tzinfo=None)


def _sheet(
    book: Workbook, name: str, heading: Row, rows: Iterable[Row], widths: Sequence[int]
) -> None:
    sheet: Any = book.create_sheet(name)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate((heading, *rows), 1):
        for column, value in enumerate(row, 1):
            _write(sheet.cell(number, column), value, is_head=number == 1)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _write(cell: Cell, value: Any, *, is_head: bool) -> None:
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if is_head:
        cell.font, cell.fill = Font(bold=True), HEAD
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"  # whatever it begins with
        cell.quotePrefix = True  # nor when somebody edits it
        return
    cell.value = value
    if isinstance(value, datetime):
        cell.number_format = MINUTE
    elif isinstance(value, date):
        cell.number_format = DAY
