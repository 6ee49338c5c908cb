"""A filled sheet as cases: which lines belong together, and what each says of its question."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from hub.automation.answer import Place
from hub.automation.question import Question, Questioned
from hub.automation.sheets.cells import Unreadable, value
from hub.automation.sheets.columns import HEADING_WITHIN, Column, Places, columns_of, find
from hub.kit import sheet
from hub.kit.problem import innermost
from hub.kit.sheet import SheetUnreadable, word

LINES_MOST: Final = 5_000
COLUMNS_MOST: Final = 80
TOO_MANY: Final = f"한 번에 {LINES_MOST:,}줄까지예요. 나누어 넣어 주세요."
EMPTY: Final = "표가 비어 있어요. 양식의 둘째 줄부터 적어 주세요."
EXAMPLE: Final = "예시 줄이에요. 지우고 쓰세요."
BLANK: Final = "비어 있어요. 수식이라면 값으로 붙여 넣어 주세요."
_SAID: Final = {
    "missing": BLANK,
    "greater_than_equal": "{ge}보다 작을 수 없어요.",
    "less_than_equal": "{le}보다 클 수 없어요.",
    "int_from_float": "소수점이 없는 수여야 해요.",
    "int_parsing": "소수점이 없는 수여야 해요.",
    "decimal_max_places": "소수점 아래는 {decimal_places}자리까지예요.",
    "decimal_max_digits": "{max_digits}자리까지 적을 수 있어요.",
    "too_short": "적어도 {min_length}줄이 있어야 해요.",
    "too_long": "{max_length}줄까지 적을 수 있어요.",
    "string_too_long": "{max_length}글자까지 적을 수 있어요.",
    "string_too_short": "{min_length}글자부터 적을 수 있어요.",
}


P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stood. `number`: as the sheet counts, from 1."""

    number: int
    cells: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Somebody's sheet. `above`: from its top to its heading."""

    above: Sequence[Sequence[Any]]
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Filled(Table):
    """A sheet of a question. `cases`: indexes of `lines`."""

    places: Places
    cases: Sequence[Sequence[int]]


class NotSaid(Exception):
    """The lines of a case do not say what its question takes: every reason, as one text."""


def read(question: Question, body: bytes, on_line: Callable[[], None]) -> Filled:
    """A sheet of this question; `on_line` is called for each, and may raise to stop.

    Raises SheetUnreadable.
    """
    found, places = table(body, lambda top: find(question, top), on_line)
    _refuse_merged(body, len(found.above))
    return Filled(found.above, found.lines, places, _cases(found.lines, places.key))


def table(
    body: bytes,
    heading: Callable[[Sequence[Sequence[Any]]], tuple[int, P]],
    on_line: Callable[[], None],
) -> tuple[Table, P]:
    """A table whose `heading` finds its row and its places among the first lines.

    Raises SheetUnreadable.
    """
    rows = enumerate(sheet.rows(body, columns_most=COLUMNS_MOST), 1)
    top = list(islice(rows, HEADING_WITHIN))
    if not top:
        raise SheetUnreadable(EMPTY)
    at, places = heading([row for _, row in top])
    lines = list(_lines((*top[at + 1 :], *_watched(rows, on_line))))
    if not lines:
        raise SheetUnreadable(EMPTY)
    return Table([row for _, row in top[: at + 1]], lines), places


def asked(question: Question, filled: Filled, case: Sequence[int]) -> Questioned:
    """What the lines of a case ask. Raises NotSaid."""
    lines = [filled.lines[at] for at in case]
    said, wrong = _said(question, filled.places, lines)
    if not wrong:
        try:
            return question.asks.model_validate(said)
        except ValidationError as error:
            errors = innermost(error.errors())
            wrong = [named(question, filled, case, one["loc"], _why(one)) for one in errors]
    raise NotSaid(" ".join(dict.fromkeys(wrong)))


def named(question: Question, filled: Filled, case: Sequence[int], place: Place, says: str) -> str:
    """What is wrong, with its column; in a case of many lines, of a list also with its line."""
    name, *inner = (part for part in place if isinstance(part, str))
    titles = {one.name: one.asked.title for one in question.fields}
    headings = {(one.of, one.field.name): one.heading for one in columns_of(question)}
    heading = headings.get((name, inner[0]) if inner else ("", name)) or titles.get(name)
    told = f"{heading}: {says}" if heading else says
    return f"{_line_of(filled, case, place)}{told}"


def _line_of(filled: Filled, case: Sequence[int], place: Place) -> str:
    """`7줄 `: where an item of a list stands in the sheet."""
    if len(case) == 1 or len(place) == 1:
        return ""
    of, nth, *_ = place
    columns = [at for one, at in filled.places.columns.items() if one.of == of]
    lines = [filled.lines[at] for at in case]
    items = [line for line in lines if any(word(cell(line, at)) for at in columns)]
    return f"{items[int(nth)].number}줄 "


def _watched(rows: Iterator[Any], on_line: Callable[[], None]) -> Iterator[Any]:
    for row in rows:
        on_line()
        yield row


def _lines(rows: Sequence[tuple[int, list[Any]]]) -> Iterator[Line]:
    found = 0
    for number, row in rows:
        if any(word(cell) for cell in row) and EXAMPLE not in row:
            found += 1
            if found > LINES_MOST:
                raise SheetUnreadable(TOO_MANY)
            yield Line(number, row)


def _refuse_merged(body: bytes, heading: int) -> None:
    for cells in sheet.merged(body):
        last = cells.rpartition(":")[2]
        if int("".join(filter(str.isdigit, last))) > heading:
            raise SheetUnreadable(
                f"칸이 합쳐져 있어요({cells}). 합치기를 풀고 줄마다 적어 다시 넣어 주세요."
            )


def _cases(lines: Sequence[Line], key: int | None) -> list[list[int]]:
    """Lines with the same word under 구분 together, in the order of their first."""
    cases = dict[Any, list[int]]()
    for at, line in enumerate(lines):
        named = word(cell(line, key)) if key is not None else ""
        cases.setdefault(named or at, []).append(at)
    return list(cases.values())


def _said(
    question: Question, places: Places, lines: Sequence[Line]
) -> tuple[dict[str, Any], list[str]]:
    said, wrong = dict[str, Any](), list[str]()
    for column, at in places.columns.items():
        if not column.of:
            found = [_value(column, line, at, wrong) for line in lines]
            given = list(dict.fromkeys(one for one in found if one is not None))
            if len(given) > 1:
                wrong.append(f"{column.heading}: 같은 구분의 줄마다 달라요.")
            if given:
                said[column.field.name] = given[0]
    for one in question.fields:
        if one.fields:
            said[one.name] = _items(one.name, places, lines, wrong)
    return said, wrong


def _items(
    of: str, places: Places, lines: Sequence[Line], wrong: list[str]
) -> tuple[dict[str, Any], ...]:
    """One for each line that says something under any column of this list."""
    columns = {one: at for one, at in places.columns.items() if one.of == of}
    items = []
    for line in lines:
        where = f"{line.number}줄 " if len(lines) > 1 else ""
        found = {one: _value(one, line, at, wrong, where) for one, at in columns.items()}
        item = {one.field.name: said for one, said in found.items() if said is not None}
        if item:
            items.append(item)
    return tuple(items)


def _value(column: Column, line: Line, at: int, wrong: list[str], where: str = "") -> Any:
    try:
        return value(column.field, cell(line, at))
    except Unreadable as error:
        wrong.append(f"{where}{column.heading}: {error}")
        return None


def cell(line: Line, at: int) -> Any:
    """What stands in a column; a line may be too short to say."""
    return line.cells[at] if at < len(line.cells) else None


def _why(error: Any) -> str:
    return _SAID.get(error["type"], "쓸 수 없는 값이에요.").format_map(error.get("ctx") or {})
