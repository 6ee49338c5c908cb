"""시간외근무수당 of one month, before and after the cap of a day ended on 2026-10-01.

Caps go by the days of work, amounts by the day of payment: the decrees of 2025 and 2026 begin with
allowances that are paid from 1 January on. The base pay (기준호봉의 봉급액, 별표 11) is typed: the
annex was not seen. The flat ten hours a month are a guideline's that was not read: an office adds
them where it pays them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from hub.automation import won, working_days
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

DAY_MINUTES: Final = 24 * 60
BASE_MOST_WON: Final = 20_000_000
NIGHT_MOST_H: Final = 31 * 8
HOLIDAYS_MOST: Final = 31
_HOUR: Final = 60


class Grade(StrEnum):
    """Which share of the base pay counts (제15조제2항)."""

    NINTH = "9"
    EIGHTH = "8"
    OTHER = "other"


_BASES: Final = {
    Grade.NINTH: "overtime.base_rate_9th",
    Grade.EIGHTH: "overtime.base_rate_8th",
    Grade.OTHER: "overtime.base_rate",
}


@dataclass(frozen=True, slots=True)
class Evening:
    """What was ordered and worked beyond the hours of one day."""

    day: date
    minutes: int
    is_exempt: bool = False
    """재난 and what the minister named (제15조제4항제2호, 제3호): no cap."""


def month(
    book: RuleBook, evenings: Sequence[Evening], base_won: int, grade: Grade, paid_on: date,
    local: frozenset[date] = frozenset(), *, is_shift: bool = False,
) -> Answer:  # fmt: skip
    """Hours and pay of one month.

    Args:
        book: the rules.
        evenings: days of one month, each once.
        base_won: 기준호봉의 봉급액.
        grade: whose.
        paid_on: when it is paid.
        local: holidays of the office's own.
        is_shift: 현업공무원등: nothing is taken off and nothing is capped (제15조제4항제1호,
            제5항제1호); the minutes are what is left of theirs.

    Raises:
        NotPossible, OutsideTable.
    """
    _check(evenings, base_won, paid_on)
    last = max(one.day for one in evenings)
    work = Working(book, last)
    in_order = sorted(evenings, key=lambda one: one.day)
    if is_shift:
        capped = [(replace(one, is_exempt=True), _shift(work, one)) for one in in_order]
    else:
        capped = [(one, _minutes(work, one, local)) for one in in_order]
    hours = _hours(work, capped)
    each = _each(work, base_won, grade, paid_on)
    pay = won.floor(each * hours, 10)
    work.step("수당", f"{each:,.2f}원 × {hours}시간 → {won.digits(pay)} (10원 미만 버림)")
    work.note("10원 미만은 버렸습니다(지방회계법 제55조). 시간당 단가표가 있으면 그 표를 따릅니다.")
    if not is_shift:
        work.note("월 10시간 정액분은 행정안전부 기준에 따로 있어 넣지 않았습니다.")
    work.note("관리업무수당을 받는 사람에게는 주지 않습니다(제17조의2제2항).")
    return work.answer(
        f"{hours}시간, {won.digits(pay)}",
        f"시간외근무수당 {won.official(pay)} ({last.year}. {last.month}월, {hours}시간)",
        hours=hours, pay_won=pay, minutes=sum(minutes for _, minutes in capped),
    )  # fmt: skip


def shift(
    book: RuleBook, base_won: int, grade: Grade, paid_on: date, night_hours: int, holiday_days: int
) -> Answer:
    """야간근무수당 and 휴일근무수당 of 현업공무원등 of one month (제16조, 제17조).

    Args:
        book: the rules.
        base_won: 기준호봉의 봉급액.
        grade: whose.
        paid_on: when it is paid.
        night_hours: hours of night duty.
        holiday_days: days off on which 09:00 to 18:00 was worked.

    Raises:
        NotPossible, OutsideTable.
    """
    _may_be_paid(base_won, night_hours, holiday_days)
    work = Working(book, paid_on)
    share = work.rate(_BASES[grade])
    base = base_won * share
    work.step("봉급기준액", f"{won.digits(base_won)} × {won.percent(share)} = {base:,.2f}원")
    hour = work.number("overtime.hours_of_month"), work.rate("overtime.night_rate")
    day = work.number("overtime.holiday_days_of_month"), work.rate("overtime.holiday_rate")
    night = _times(work, "야간근무수당", base, hour, night_hours, "시간")
    holiday = _times(work, "휴일근무수당", base, day, holiday_days, "일")
    work.note("10원 미만은 버렸습니다(지방회계법 제55조).")
    work.note("야간근무는 하루 8시간을 기준으로 합니다(제16조제2항).")
    work.note("휴일근무수당을 받은 시간은 시간외근무시간에서 뺍니다(제15조제5항제1호).")
    work.note("관리업무수당을 받는 사람에게는 주지 않습니다(제17조의2제2항).")
    told = f"야간 {won.digits(night)}, 휴일 {won.digits(holiday)}"
    return work.answer(
        f"현업 수당 {won.digits(night + holiday)}",
        f"현업공무원 수당 {won.official(night + holiday)} ({told})",
        total_won=night + holiday, night_won=night, holiday_won=holiday,
    )  # fmt: skip


def _may_be_paid(base_won: int, night_hours: int, holiday_days: int) -> None:
    if not 0 < base_won <= BASE_MOST_WON:
        raise NotPossible("base_won", "기준호봉의 봉급액은 1원부터 2천만원까지 적습니다.")
    if not 0 <= night_hours <= NIGHT_MOST_H:
        raise NotPossible("night_hours", f"한 달의 야간은 {NIGHT_MOST_H}시간까지 적습니다.")
    if not 0 <= holiday_days <= HOLIDAYS_MOST:
        raise NotPossible("holiday_days", f"한 달의 휴일은 {HOLIDAYS_MOST}일까지 적습니다.")


def _times(
    work: Working, says: str, base: Decimal, unit: tuple[int, Decimal], count: int, of: str
) -> int:
    """So many hours or days, each a part of the base at its rate."""
    parts, rate = unit
    pay = won.floor(base / parts * rate * count, 10)
    told = f"{base:,.2f}원 ÷ {parts} × {won.percent(rate)} × {count}{of}"
    work.step(says, f"{told} → {won.digits(pay)}")
    return pay


def _check(evenings: Sequence[Evening], base_won: int, paid_on: date) -> None:
    if not evenings:
        raise NotPossible("evenings", "시간외근무를 한 날이 하루도 없습니다.")
    days = [one.day for one in evenings]
    for nth, one in enumerate(evenings):
        if (one.day.year, one.day.month) != (days[0].year, days[0].month):
            says = "한 달씩 셉니다. 첫 줄과 다른 달입니다."
            raise NotPossible("evenings", says, nth, "day")
        if one.day in days[:nth]:
            says = "같은 날이 위에 있습니다. 하루를 한 줄로 합쳐 주십시오."
            raise NotPossible("evenings", says, nth, "day")
        if not 0 <= one.minutes <= DAY_MINUTES:
            raise NotPossible("evenings", "하루는 0분부터 24시간까지입니다.", nth, "minutes")
    if not 0 < base_won <= BASE_MOST_WON:
        raise NotPossible("base_won", "기준호봉의 봉급액은 1원부터 2천만원까지 적습니다.")
    if paid_on < max(days):
        raise NotPossible("paid_on", "지급일이 근무한 날보다 앞섭니다.")


def _minutes(work: Working, one: Evening, local: frozenset[date]) -> int:
    """What of a day counts, in minutes."""
    least = work.number("overtime.least_h", one.day) * _HOUR
    if one.minutes < least:
        work.step(working_days.written(one.day), f"{_told(one.minutes)}: 1시간 미만이라 세지 않음")
        return 0
    counted = one.minutes
    if working_days.is_working(one.day, local):
        counted -= work.number("overtime.weekday_off_h", one.day) * _HOUR
    cap = work.found("overtime.day_cap_h", one.day).value
    if isinstance(cap, int) and not one.is_exempt:
        counted = min(counted, cap * _HOUR)
    work.step(working_days.written(one.day), f"{_told(one.minutes)} → {_told(counted)}")
    return counted


def _shift(work: Working, one: Evening) -> int:
    """현업공무원등: what was typed, with the hours of duty, meals and rest already taken off."""
    work.step(working_days.written(one.day), f"{_told(one.minutes)} (현업: 그대로)")
    work.note(
        "현업공무원등은 한 달의 총 근무시간에서 정규 근무시간, 식사·수면·휴식, 휴일근무수당을 받은 "
        "시간을 뺀 시간입니다(제15조제5항제1호)."
    )
    return one.minutes


def _hours(work: Working, capped: Sequence[tuple[Evening, int]]) -> int:
    """Whole hours of the month: under the month's cap, but for what has none."""
    exempt = sum(minutes for one, minutes in capped if one.is_exempt)
    bound = sum(minutes for one, minutes in capped if not one.is_exempt)
    cap = work.number("overtime.month_cap_h")
    counted = min(bound, cap * _HOUR) + exempt
    if bound > cap * _HOUR:
        work.step("한 달 한도", f"{_told(bound)} → {cap}시간")
    work.step("한 달", f"{_told(counted)} → {counted // _HOUR}시간 (1시간 미만 버림)")
    return counted // _HOUR


def _each(work: Working, base_won: int, grade: Grade, paid_on: date) -> Decimal:
    """One hour's pay, exact."""
    share = work.rate(_BASES[grade], paid_on)
    parts = work.number("overtime.hours_of_month", paid_on)
    more = work.rate("overtime.pay_rate", paid_on)
    each = base_won * share / parts * more
    told = f"{won.digits(base_won)} × {won.percent(share)} ÷ {parts} × {won.percent(more)}"
    work.step("시간당", f"{told} = {each:,.2f}원")
    return each


def _told(minutes: int) -> str:
    hours, rest = divmod(minutes, _HOUR)
    return f"{hours}시간 {rest}분" if hours and rest else f"{hours}시간" if hours else f"{rest}분"
