"""What is served: courses of days, read from a table as offices keep it. Pure: cells in, days out.

Two shapes are known. Days across, as most weekly menus are: one row holds the dates, the dishes
stand below each, and labels to the left (중식, A코스) name the courses. Days down: a column holds
the dates, and the dishes stand beside or below each. Without any date the dishes are those of the
day that the person chose. Nothing is guessed silently: what was left out is told in `notes`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from hub.devices.site import Entry, ThisCentury

ROWS_MOST: Final = 400
COLUMNS_MOST: Final = 60
DAYS_MOST: Final = 40
COURSES_MOST: Final = 8
DISHES_MOST: Final = 30
LETTERS_MOST: Final = 60

Cell = str | date
Grid = Sequence[Sequence[Cell]]
Words = Annotated[str, Field(max_length=LETTERS_MOST, pattern=r"^[^\x00-\x1f\x7f]*$")]
Dish = Annotated[Words, Field(min_length=1)]
Note = Literal["wrong-weekday", "too-much", "no-dishes"]
_WEEKDAYS: Final = "월화수목금토일"
_FULL: Final = re.compile(
    r"(\d{4})\s*[.\-/년]\s*(\d{1,2})\s*[.\-/월]\s*(\d{1,2})\s*[.일]?", re.ASCII
)
_SHORT: Final = re.compile(r"(\d{1,2})\s*[./월-]\s*(\d{1,2})\s*[.일]?", re.ASCII)
_DAY: Final = re.compile(r"(\d{1,2})\s*일", re.ASCII)
_WEEKDAY: Final = re.compile(rf"\s*[(\[]?\s*([{_WEEKDAYS}])(?:요일)?\s*[)\]]?\s*$")
_COURSE: Final = re.compile(r"[\[<【(]\s*([^\[\]<>【】()]{1,20}?)\s*[\]>】)]\s*:?")
_COURSES: Final = frozenset(
    {"조식", "중식", "석식", "간식", "아침", "점심", "저녁"}
    | {"일품", "한식", "양식", "A코스", "B코스", "C코스"}
)
_NO_COURSE: Final = frozenset({"구분", "요일", "날짜", "일자", "메뉴", "식단"})
_NOTHING: Final = frozenset({"", "-", "–", "—", ".", "x", "X"})


class Course(Entry):
    """What is served together."""

    name: Words
    """Such as 중식 or A코스; empty where there is but one."""
    dishes: Annotated[tuple[Dish, ...], Field(min_length=1, max_length=DISHES_MOST)]


class MealDay(Entry):
    """One day; without courses nothing is served, or nobody has said."""

    day: ThisCentury
    courses: Annotated[tuple[Course, ...], Field(max_length=COURSES_MOST)]


class MealsUnreadable(ValueError):
    """No meals can be read from it. Both sentences say what to send instead."""

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(en)
        self.ko, self.en = ko, en


@dataclass(frozen=True, slots=True)
class Found:
    """What was read, for a person to look at before it is saved."""

    days: tuple[MealDay, ...]
    notes: tuple[tuple[Note, str], ...]


def grid_of(text: str) -> list[list[Cell]]:
    """Pasted text as cells: tabs part columns, as spreadsheets copy them.

    A cell that holds line breaks is copied within quotes.
    """
    cells: list[list[Cell]] = [[]]
    for quoted, plain, end in re.findall(r'(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)', text):
        cells[-1].append(quoted.replace('""', '"') if quoted else plain)
        if end == "\n":
            cells.append([])
        elif not end:
            break
    return cells


def read(grid: Grid, day: date) -> Found:
    """Read a table whose days lie near `day`. Raises MealsUnreadable."""
    rows = [list(row[:COLUMNS_MOST]) for row in grid[:ROWS_MOST]]
    heads = [_dates(row, day) for row in rows]
    if any(len(head) > 1 for head in heads):
        served = _across(rows, heads)
    elif any(heads):
        served = _down(rows, heads)
    else:
        served = _of_one_day(rows, day)
    found = _gathered(served)
    if not found.days:
        raise MealsUnreadable(
            "음식 이름을 찾지 못했어요. 첫 줄에 날짜, 그 아래에 음식이 있는 표를 넣어 주세요.",
            "No dishes were found. Give a table with dates in one row and dishes below them.",
        )
    return Found(found.days, (*_odd_weekdays(rows, day), *found.notes))


Served = tuple[date, str, str]
"""Day, course, dish."""


def _dates(row: Sequence[Cell], near: date) -> dict[int, date]:
    """The columns of a row that hold dates; a date that stands twice is no head of a table."""
    found = {at: day for at, cell in enumerate(row) if (day := _day_of(cell, near))}
    return found if len(set(found.values())) == len(found) else {}


def _across(rows: Sequence[Sequence[Cell]], heads: Sequence[dict[int, date]]) -> Iterator[Served]:
    head: dict[int, date] = {}
    course = ""
    for row, dates in zip(rows, heads, strict=True):
        if len(dates) > 1:
            head, course = dates, ""
            continue
        if not head:
            continue
        course = _label(row[: min(head)]) or course
        for at, day in head.items():
            yield from ((day, course, dish) for dish in _dishes(row[at : at + 1]))


def _down(rows: Sequence[Sequence[Cell]], heads: Sequence[dict[int, date]]) -> Iterator[Served]:
    first = next(at for at, head in enumerate(heads) if head)
    column = min(heads[first])
    titles = [_text(cell) for cell in rows[first - 1]] if first else []
    day: date | None = None
    course = ""
    for row, head in zip(rows[first:], heads[first:], strict=True):
        if head:
            day, course = min(head.values()), ""
        for at, cell in enumerate(row):
            if at in head or day is None:
                continue
            if label := _course(cell):
                course = label
                continue
            title = titles[at] if column < at < len(titles) else ""
            name = course or ("" if title in _NO_COURSE else title)
            yield from ((day, name, dish) for dish in _dishes([cell]))


def _of_one_day(rows: Sequence[Sequence[Cell]], day: date) -> Iterator[Served]:
    if sum(len([cell for cell in row if cell]) > 1 for row in rows) > 1:
        raise MealsUnreadable(
            "날짜를 찾지 못했어요. 첫 줄에 11/23(월)처럼 날짜를 적어 주세요.",
            "No dates were found. Write dates such as 11/23 in the first row.",
        )
    course = ""
    for cell in (cell for row in rows for cell in row):
        if label := _course(cell):
            course = label
            continue
        yield from ((day, course, dish) for dish in _dishes([cell]))


def _gathered(served: Iterable[Served]) -> Found:
    days: dict[date, dict[str, list[str]]] = {}
    over: set[date] = set()
    for day, course, dish in served:
        courses = days.setdefault(day, {})
        dishes = courses.setdefault(course[:LETTERS_MOST], [])
        if len(courses) > COURSES_MOST or len(dishes) >= DISHES_MOST or len(dish) > LETTERS_MOST:
            over.add(day)
        else:
            dishes.append(dish)
    if len(days) > DAYS_MOST:
        raise MealsUnreadable(
            f"{DAYS_MOST}일보다 많은 날이 들어 있어요. 한 달씩 넣어 주세요.",
            f"There are more than {DAYS_MOST} days. Give a month at a time.",
        )
    told = [MealDay(day=day, courses=_courses(days[day])) for day in sorted(days)]
    return Found(
        tuple(one for one in told if one.courses),
        tuple(("too-much", day.isoformat()) for day in sorted(over)),
    )


def _courses(named: dict[str, list[str]]) -> tuple[Course, ...]:
    kept = [(name, dishes) for name, dishes in named.items() if dishes][:COURSES_MOST]
    return tuple(Course(name=name, dishes=tuple(dishes)) for name, dishes in kept)


def _odd_weekdays(rows: Sequence[Sequence[Cell]], near: date) -> Iterator[tuple[Note, str]]:
    """Dates whose weekday is another than the one written beside them."""
    for cell in (cell for row in rows for cell in row if isinstance(cell, str)):
        day, weekday = _day_of(cell, near), _WEEKDAY.search(cell.strip())
        if day and weekday and _WEEKDAYS[day.weekday()] != weekday[1]:
            yield "wrong-weekday", cell.strip()[:LETTERS_MOST]


def _day_of(cell: Cell, near: date) -> date | None:
    """The date that fills a cell: 2026-11-23, 11/23(월), 11월 23일, 23일(월), 월요일."""
    if not isinstance(cell, str):
        return _valid(cell.year, cell.month, cell.day)
    text = cell.strip()
    weekday = _WEEKDAY.search(text)
    number = text[: weekday.start()].strip() if weekday else text
    if not number:
        return _of_week(near, weekday[1]) if weekday else None
    if full := _FULL.fullmatch(number):
        return _valid(int(full[1]), int(full[2]), int(full[3]))
    if short := _SHORT.fullmatch(number):
        return _nearest(int(short[1]), int(short[2]), near)
    if alone := _DAY.fullmatch(number):
        return _valid(near.year, near.month, int(alone[1]))
    return None


def _of_week(near: date, weekday: str) -> date | None:
    day = near + timedelta(days=_WEEKDAYS.index(weekday) - near.weekday())
    return _valid(day.year, day.month, day.day)


def _nearest(month: int, day: int, near: date) -> date | None:
    """Of the years around, the one that lies nearest: a menu of January comes in December."""
    years = (near.year, near.year - 1, near.year + 1)
    found = [one for year in years if (one := _valid(year, month, day))]
    return min(found, key=lambda one: abs(one - near), default=None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 2000 <= year < 2100 else None
    except ValueError:
        return None


def _label(cells: Iterable[Cell]) -> str:
    """The last words to the left of the dates."""
    said = [text for cell in cells if (text := _text(cell)) and text not in _NO_COURSE]
    return said[-1] if said else ""


def _course(cell: Cell) -> str:
    """The course that a line names: [중식], 중식: or 중식."""
    text = _text(cell)
    if named := _COURSE.fullmatch(text):
        return named[1]
    bare = text.rstrip(":").strip()
    return bare if bare in _COURSES else ""


def _dishes(cells: Iterable[Cell]) -> Iterator[str]:
    """A cell may hold many, parted by lines or commas."""
    for cell in cells:
        lines = str(cell).splitlines() if isinstance(cell, str) else []
        for part in (part for line in lines for part in line.split(",")):
            if (dish := _text(part)) not in _NOTHING:
                yield dish


def _text(cell: Cell) -> str:
    """One line without anything that cannot be seen."""
    shown = "".join(c if c.isprintable() else " " for c in str(cell))
    return " ".join(shown.split())
