"""An empty sheet of a question: its headings, what may stand under them, and one line as example.

The example is marked in its 비고 and never worked out: whoever leaves it there loses nothing.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from hub.automation.question import Kind, Question
from hub.automation.sheets.cases import EXAMPLE, LINES_MOST
from hub.automation.sheets.columns import (
    KEY,
    REMARK,
    Column,
    columns_of,
    has_lists,
    sheet_name,
)

YES_OR_NO: Final = ("예", "아니오")
_EXAMPLE_WON: Final = 1_000_000
_DAY: Final = date(2026, 11, 2)
_BEGINS, _ENDS = time(9), time(18)
EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "annual-leave": {"begun_on": date(2020, 3, 2), "worked_months": 12},
    "leave-pay": {"monthly_won": 3_000_000, "unused_days": 12},
    "letter": {
        "to": "가람시장(총무과장)", "title": "회의 개최 알림", "with_advice": "아니오",
        "body": "1. 관련: 총무과-123(2026.06.01.)\n2. 회의를 2026-06-10 오후 2시에 엽니다",
    },
    "overtime": {
        "base_won": 2_500_000, "evenings.day": date(2026, 10, 6), "evenings.hours": 3,
        "evenings.minutes": 30,
    },
    "family-care": {"children": 1},
    "family-pay": {"family.kin": "자녀", "family.born_on": date(2020, 3, 2)},
    "trip-request": {
        "people.name": "김가", "people.department": "총무과", "people.post": "행정7급",
        "destination": "도청", "purpose": "예산 협의", "transport": None, "order": None,
        "office": None, "to": None, "signers": "팀장, 과장", "attachments": None, "cost": None,
        "budget_code": "202-01 국내여비", "remarks": None,
    },
    "trip-settlement": {
        "name": "김가", "department": "총무과", "post": "행정7급", "trips.destination": "도청",
        "trips.purpose": "예산 협의", "trips.scope": "관외", "trips.transport": None,
        "trips.order": "총무-2026-0412", "trips.last": date(2026, 11, 3), "trips.fare_won": 96_000,
        "trips.region": "서울", "trips.lodging": "90,000", "trips.report": None, "office": None,
        "to": None, "signers": "팀장, 과장", "attachments": "영수증 2부", "account": None,
        "same_day": None,
    },
    "near-trip": {"again_begins_at": None, "again_ends_at": None},
    "far-trip": {
        "last": date(2026, 11, 3), "nights.region": "서울", "nights.paid_won": 90_000,
        "fare_won": 96_000,
    },
}  # fmt: skip
"""Where a plain value does not do: by question, then by field."""
_NEEDED: Final = PatternFill("solid", fgColor="DCE8FA")
_OTHER: Final = PatternFill("solid", fgColor="EEF2F8")
_GREY: Final = Font(color="6B7280", italic=True)
_FORMED_LINES: Final = 200


def template(question: Question) -> bytes:
    """The workbook."""
    book, out = Workbook(), io.BytesIO()
    columns, sheet = columns_of(question), book.worksheets[0]
    sheet.title = sheet_name(question)
    first = 1 + has_lists(question)
    if has_lists(question):
        _head(sheet, 1, KEY, _OTHER, "한 건이 여러 줄이면 같은 말을 적어요. 예: 1, 1, 2")
        sheet.cell(2, 1, "1").font = _GREY
    for at, (column, shown) in enumerate(zip(columns, example(question), strict=True), first):
        _head(sheet, at, column.heading, _NEEDED if column.is_needed else _OTHER, told(column))
        _form_cells(sheet, at, column)
        sheet.cell(2, at, shown).font = _GREY
    _head(
        sheet, first + len(columns), REMARK, _OTHER, "이름, 번호처럼 더 있는 열은 그대로 돌려줘요."
    )
    sheet.cell(2, first + len(columns), EXAMPLE).font = _GREY
    sheet.column_dimensions[get_column_letter(first + len(columns))].width = 32
    sheet.freeze_panes = "A2"
    _explain(book.create_sheet("설명"), question, columns)
    _offer(book, columns, first)
    book.save(out)
    return out.getvalue()


def example(question: Question) -> Iterator[Any]:
    """A value of each column which together can be worked out."""
    times, known = iter((_BEGINS, _ENDS) * 20), EXAMPLES.get(question.name, {})
    for one in columns_of(question):
        path = f"{one.of}.{one.field.name}".strip(".")
        if path in known:
            yield known[path]
        else:
            yield next(times) if one.field.kind is Kind.TIME else _example(one)


def told(column: Column) -> str:
    """What may stand under a heading, in one or two sentences."""
    field = column.field
    named = "꼭 적어요." if column.is_needed else f"비우면 {_shown(column, field.default)}."
    if field.default is None and "비우" in field.asked.hint:  # it says itself what that means
        named = ""
    parts = (field.asked.hint and f"{field.asked.hint}.", _form(column), named)
    return " ".join(filter(None, parts))


def _example(column: Column) -> Any:
    field = column.field
    match field.kind:
        case Kind.DATE:
            return _DAY if column.is_needed else None
        case Kind.CHOICE | Kind.YES:
            return _shown(column, field.default if field.default is not None else _first(column))
        case Kind.NUMBER:
            return _number(column)
        case _:
            return "예시"


def _number(column: Column) -> int | Decimal:
    """The default, or a plain amount within the bounds."""
    field = column.field
    if field.default is not None:
        return field.default
    plain = _EXAMPLE_WON if field.asked.unit == "원" else 1
    plain = plain if field.least is None else max(plain, field.least)
    return plain if field.most is None else min(plain, field.most)


def _first(column: Column) -> Any:
    return next(iter(column.field.asked.choices or {False: ""}))


def _shown(column: Column, said: Any) -> str:
    """A default in words."""
    if isinstance(said, bool):
        return YES_OR_NO[0] if said else YES_OR_NO[1]
    if column.field.kind is Kind.CHOICE and said is not None:
        return (column.field.asked.choices or {}).get(said, str(said))
    return "없는 것으로 봐요" if said is None else f"{said}"


def _form(column: Column) -> str:
    match column.field.kind:
        case Kind.DATE:
            return "예: 2026-11-02, 2026. 11. 2., 20261102."
        case Kind.TIME:
            return "예: 14:30."
        case Kind.CHOICE:
            return "이 가운데 하나: " + ", ".join((column.field.asked.choices or {}).values()) + "."
        case Kind.YES:
            return "예 또는 아니오."
        case _:
            return ""


def _head(sheet: Any, at: int, heading: str, fill: PatternFill, says: str) -> None:
    cell = sheet.cell(1, at, heading)
    cell.font, cell.fill = Font(bold=True), fill
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    cell.comment = Comment(says, "청사", width=320, height=110)
    sheet.column_dimensions[get_column_letter(at)].width = max(12, min(28, 2 * len(heading) + 3))


def _form_cells(sheet: Any, at: int, column: Column) -> None:
    forms = {Kind.DATE: "yyyy-mm-dd", Kind.TIME: "hh:mm"}
    form = "#,##0" if column.field.asked.unit == "원" else forms.get(column.field.kind)
    if form:
        for row in range(2, _FORMED_LINES + 2):
            sheet.cell(row, at).number_format = form


def _offer(book: Workbook, columns: Sequence[Column], first: int) -> None:
    """Choices as lists. They stand on a hidden sheet: in a cell's own list no comma may be."""
    lists: Any = book.create_sheet("목록")
    lists.sheet_state = "hidden"
    for at, column in enumerate(columns, first):
        words = _words(column)
        for row, said in enumerate(words, 1):
            lists.cell(row, at, said)
        if words:
            letter = get_column_letter(at)
            of = f"목록!${letter}$1:${letter}${len(words)}"
            offered = DataValidation("list", formula1=of, allow_blank=True)
            offered.error, offered.errorTitle = "목록에서 골라 주세요.", column.heading[:31]
            offered.add(f"{letter}2:{letter}{LINES_MOST + 1}")
            book.worksheets[0].add_data_validation(offered)


def _words(column: Column) -> Sequence[str]:
    if column.field.kind is Kind.YES:
        return YES_OR_NO
    return tuple((column.field.asked.choices or {}).values())


def _explain(sheet: Any, question: Question, columns: Sequence[Column]) -> None:
    """The second sheet: every column in words, for who prints it or cannot see comments."""
    rows = [(question.title, question.says), ("열", "무엇을 적나요")]
    if has_lists(question):
        rows.append(
            (KEY, "한 건이 여러 줄이면 같은 말을 적어요. 나머지 열은 첫 줄에만 적어도 돼요.")
        )
    rows += [(one.heading, told(one)) for one in columns]
    rows.append((REMARK, "이름, 번호처럼 더 있는 열은 그대로 돌려줘요."))
    for row in rows:
        sheet.append(row)
    for cell in (*sheet[1], *sheet[2]):
        cell.font = Font(bold=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 90
