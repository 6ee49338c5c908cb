"""The duties of a year, each with the rule that dates it. Pure.

Where a day falls on a day off the day stays as the law says, and beside it stands the working day
by which nobody is late: the laws read for our rules move none of these days. Of taxes 국세기본법
제5조 is said to; that law was not read, and each says so.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from hub.automation import working_days
from hub.devices.closed_days import public_holiday
from hub.rules.book import Found, RuleBook
from hub.rules.rule import OutsideTable

MONTHS: Final = 12
FESTIVALS: Final = {"설날": "seol", "추석": "chuseok"}


AFTER: Final = (
    ("출장이 끝난 뒤 여비 정산", "travel.settle_days", "far-trip"),
    ("이행이 끝났다는 통지를 받은 뒤 검사", "contract.inspection_days", "contract-dates"),
    ("대가 청구를 받은 뒤 지급", "contract.payment_days", "contract-dates"),
    ("선금 청구를 받은 뒤 지급", "contract.advance_days", ""),
    ("사무가 끝난 뒤 개산급 정산", "expenditure.estimate.settle_days", ""),
    ("돈을 돌려받을 때 정하는 기한", "expenditure.return_days", ""),
)
"""What is due so many days after something: no day of the year, but beside the calendar."""


class Group(StrEnum):
    """What a duty belongs to."""

    LEAVE = "복무"
    PAY = "보수"
    TAX = "원천세"
    BOOKS = "회계"
    OWN = "우리 기관"


@dataclass(frozen=True, slots=True)
class Dated:
    """A duty with its days. `key` stays the same; `ask`: the question that works it out."""

    key: str
    group: Group
    title: str
    first: date
    last: date
    says: str
    basis: tuple[Found, ...] = ()
    ask: str = ""
    note: str = ""
    is_deadline: bool = True
    edited: "Edited | None" = None
    """Of what an office added: how often, and when."""


@dataclass(frozen=True, slots=True)
class Edited:
    """Which version of an entry this is, the first being 1, and since when."""

    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnDuty:
    """What an office added. `day`: of a yearly one, in its first year."""

    duty_id: str
    day: date
    is_yearly: bool
    title: str
    says: str
    edited: Edited | None = None


@dataclass(frozen=True, slots=True)
class OwnHoliday:
    """A day off that an office added. Its id stays where its day is another."""

    holiday_id: str
    day: date
    name: str
    edited: Edited | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """The duties of a year in their order, and those whose rule is not known for it."""

    duties: tuple[Dated, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    """A duty of every year as the tables have it: keys of days as month and day."""

    key: str
    group: Group
    title: str
    by: str
    begins: str = ""
    ask: str = ""


_WRITTEN: Final = (
    _Written("books-late", Group.BOOKS, "지난해 예산의 예외 수입·지출 마감", "expenditure.late_by"),
    _Written("books-done", Group.BOOKS, "지난해 출납사무 완결", "expenditure.books_by"),
    _Written(
        "leave-plan", Group.LEAVE, "권장 연가 일수 정해 알리기", "leave.plan.by", ask="leave-plan"
    ),
    _Written(
        "leave-urge", Group.LEAVE, "남은 권장 연가 알리고 사용 촉구", "leave.plan.urge_to",
        "leave.plan.urge_from", ask="leave-plan",
    ),
    _Written(
        "leave-name", Group.LEAVE, "쓰지 않은 권장 연가의 시기 지정", "leave.plan.name_by",
        ask="leave-plan",
    ),
)  # fmt: skip
_TAX, _CLOSE = "지난달 원천징수세 내기", "올해 예산의 출납 폐쇄"
_LEAVE_PAY, _FESTIVAL = "연가보상비 기준일", "명절휴가비 줄 수 있는 기간"
_TAX_NOTE: Final = (
    "10일이 쉬는 날이면 다음 근무일까지로 보는 특례(국세기본법 제5조)가 있다고 하나, 그 글은 아직 "
    "읽지 못했습니다."
)


def year_of(book: RuleBook, year: int, own: Iterable[OwnDuty] = ()) -> Year:
    """All duties that begin in a year. What no rule is known for is named, never guessed."""
    found, unknown = list[Dated](), list[str]()
    for title, make in _makers(book, year):
        try:
            found += make()
        except OutsideTable:
            unknown.append(title)
    found += [one for duty in own for one in _own(duty, year)]
    found.sort(key=lambda one: (one.last, one.first, one.key))
    return Year(tuple(found), tuple(dict.fromkeys(unknown)))


def safe_day(duty: Dated, local: Collection[date] = ()) -> date | None:
    """The working day by which nobody is late, where the last day is a day off."""
    if not duty.is_deadline or working_days.is_working(duty.last, local):
        return None
    return working_days.on_or_before(duty.last, local)


def days_off(year: int, local: Mapping[date, str]) -> list[tuple[date, str, bool]]:
    """Public, substitute and local holidays: the day, its name, whether it is the office's own."""
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    found = list[tuple[date, str, bool]]()
    for day in days:
        if public := public_holiday(day):
            found.append((day, public.ko, False))
        elif day in local:
            found.append((day, local[day], True))
    return found


def after(book: RuleBook, day: date) -> list[tuple[str, Found, str]]:
    """What is due after something, by the rules of this day."""
    return [(title, book.at(key, day), ask) for title, key, ask in AFTER]


def _makers(book: RuleBook, year: int) -> list[tuple[str, Callable[[], list[Dated]]]]:
    """What makes the duties of a year, each by its title."""
    written = [(one.title, partial(_written, book, one, year)) for one in _WRITTEN]
    taxes = [(_TAX, partial(_tax, book, year, month)) for month in range(1, MONTHS + 1)]
    others = (_LEAVE_PAY, _leave_pay), (_CLOSE, _close), (_FESTIVAL, _festivals)
    return [*written, *taxes, *((title, partial(make, book, year)) for title, make in others)]


def _written(book: RuleBook, one: _Written, year: int) -> list[Dated]:
    by, last = _on(book, one.by, year)
    begun, first = _on(book, one.begins, year) if one.begins else (by, last)
    basis = (by,) if begun is by else (begun, by)
    told = Dated(f"{one.key}-{year}", one.group, one.title, first, last, by.says, basis, one.ask)
    return [told]


def _on(book: RuleBook, key: str, year: int) -> tuple[Found, date]:
    """A rule whose value is a day of the year, as it holds on that day."""
    month, day = divmod(_number(book.at(key, date(year, 1, 1))), 100)
    found = book.at(key, date(year, month, day))
    month, day = divmod(_number(found), 100)
    return found, date(year, month, day)


def _number(found: Found) -> int:
    if not isinstance(found.value, int):
        raise TypeError(f"{found.key} is {found.value!r}, not a whole number")
    return found.value


def _tax(book: RuleBook, year: int, month: int) -> list[Dated]:
    found = book.at("withholding.pay_by_day", date(year, month, 1))
    by = date(year, month, _number(found))
    return [
        Dated(
            f"withholding-{year}-{month:02}", Group.TAX, _TAX, by, by, found.says, (found,),
            "withholding", _TAX_NOTE,
        )
    ]  # fmt: skip


def _leave_pay(book: RuleBook, year: int) -> list[Dated]:
    """Not a deadline: the days as of which leave is counted."""
    june = book.at("pay.leave.june_days", date(year, 6, 30))
    rate = book.at("pay.leave.rate", date(year, 12, 31))
    return [
        Dated(
            f"leave-pay-{found.key.rpartition('.')[2]}-{year}", Group.PAY, title, day, day,
            found.says, (found,), "leave-pay", is_deadline=False,
        )
        for title, day, found in (
            (f"{_LEAVE_PAY}(6월)", date(year, 6, 30), june),
            (f"{_LEAVE_PAY}(12월)", date(year, 12, 31), rate),
        )
    ]  # fmt: skip


def _close(book: RuleBook, year: int) -> list[Dated]:
    """The end of the fiscal year stands in the sentence of the rule of its exceptions."""
    last = date(year, 12, 31)
    found = book.at("expenditure.late_by", last)
    return [Dated(f"books-close-{year}", Group.BOOKS, _CLOSE, last, last, found.says, (found,))]


def _festivals(book: RuleBook, year: int) -> list[Dated]:
    told = list[Dated]()
    for day, name in _festival_days(year):
        found = book.at("pay.festival_days", day)
        around = timedelta(days=_number(found))
        told.append(
            Dated(
                f"festival-{FESTIVALS[name]}-{year}", Group.PAY, f"{_FESTIVAL}({name})",
                day - around, day + around, found.says, (found,), "festival-pay",
                is_deadline=False,
            )
        )  # fmt: skip
    return told


def _festival_days(year: int) -> list[tuple[date, str]]:
    named = days_off(year, {})
    return [(day, name) for day, name, _ in named if name in FESTIVALS]


def _own(duty: OwnDuty, year: int) -> list[Dated]:
    day = _in_year(duty.day, year) if duty.is_yearly else duty.day
    if day.year != year or day < duty.day:
        return []
    key = f"own-{duty.duty_id}-{year}"
    return [Dated(key, Group.OWN, duty.title, day, day, duty.says, edited=duty.edited)]


def _in_year(day: date, year: int) -> date:
    """29 February is the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
