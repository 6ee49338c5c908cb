"""연가 of one year: by tenure, in part years, less what is taken off; and the pay for the rest.

Tenure is counted in years, months and days up to a day that is named. On which day of the year it
counts is a guideline's that was not read: where it matters both are shown.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from hub.automation import won
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

YEARS_MOST: Final = 60
MONTHS_OF_YEAR: Final = 12
PAY_MOST_WON: Final = 20_000_000
_BY_YEARS: Final = ((6, "from_6"), (5, "from_5"), (4, "from_4"), (3, "from_3"), (1, "from_1"))
_AHEAD: Final = ((4, "from_4"), (3, "from_3"), (2, "from_2"), (1, "from_1"), (0, "under_1"))


@dataclass(frozen=True, slots=True)
class Tenure:
    """재직기간 in whole years and months."""

    years: int
    months: int

    @property
    def written(self) -> str:
        """`3년 2개월`."""
        return f"{self.years}년 {self.months}개월" if self.years else f"{self.months}개월"


@dataclass(frozen=True, slots=True)
class Year:
    """What happened in the year, as far as it changes one's leave. Days may have halves."""

    worked_months: int = MONTHS_OF_YEAR
    """Months really worked, by the rule of 15 days (제7조의2제2항)."""
    no_sick_leave: bool = False
    """No 병가 in the year before."""
    unpaid_rest: bool = False
    """Leave was left over in the year before that was not paid for."""
    similar_career: bool = False
    late_hours: Decimal = Decimal(0)
    """지각·조퇴·외출 for other reasons than illness."""
    sick_days_without_note: Decimal = Decimal(0)
    absent_days: int = 0
    """결근·정직·직위해제·강등."""
    saved_days: Decimal = Decimal(0)
    """저축연가."""


def tenure(begun: date, day: date, left_out_days: int = 0) -> Tenure:
    """From `begun` up to and with `day`, less days that do not count (휴직·정직 …).

    Raises:
        NotPossible: `day` is before `begun`.
    """
    begun = date.fromordinal(begun.toordinal() + left_out_days)
    day = date.fromordinal(day.toordinal() + 1)
    if day < begun:
        raise NotPossible("begun", "임용일이 기준일보다 뒤입니다.")
    months = (day.year - begun.year) * MONTHS_OF_YEAR + day.month - begun.month
    months -= day.day < begun.day
    return Tenure(*divmod(months, MONTHS_OF_YEAR))


def annual(book: RuleBook, day: date, served: Tenure, year: Year = Year()) -> Answer:
    """Days of leave in the year of `day`.

    Raises:
        NotPossible, OutsideTable.
    """
    _check(served, year)
    work = Working(book, day)
    days = _whole(work, served, year)
    part = _part(work, days, year)
    less = _less(work, year)
    left = max(Decimal(part) + year.saved_days - less, Decimal(0))
    if year.saved_days:
        work.step("저축연가", f"{_days(Decimal(part))} + {_days(year.saved_days)}")
    work.step("올해 연가", f"{_days(left)}")
    ahead = work.number(f"leave.ahead.{ahead_of(served)}")
    work.note("재직기간을 세는 기준일은 복무 예규가 정합니다. 걸치는 해에는 두 날로 셈해 보십시오.")
    return work.answer(
        f"연가 {_days(left)}",
        f"{day.year}년 연가 {_days(left)} (재직 {served.written})",
        days=left, by_tenure_days=days, may_take_ahead_days=ahead,
    )  # fmt: skip


def compensation(
    book: RuleBook, paid_on: date, monthly_won: int, unused_days: int, *, june: bool,
    june_paid_won: int = 0,
) -> Answer:  # fmt: skip
    """연가보상비 as of 30 June or 31 December.

    Args:
        book: the rules.
        paid_on: when it is paid.
        monthly_won: 월봉급액 on that day.
        unused_days: whole days of leave left.
        june: as of 30 June; else 31 December.
        june_paid_won: what was paid in June, in December.

    Raises:
        NotPossible, OutsideTable.
    """
    if not 0 < monthly_won <= PAY_MOST_WON:
        raise NotPossible("monthly_won", "월봉급액은 1원부터 2천만원까지 적습니다.")
    if not 0 <= unused_days <= 366:
        raise NotPossible("unused_days", "남은 연가는 0일부터 366일까지 적습니다.")
    if not 0 <= june_paid_won <= PAY_MOST_WON:
        raise NotPossible("june_paid_won", "6월에 준 금액은 0원부터 2천만원까지 적습니다.")
    work = Working(book, paid_on)
    days = _paid_days(work, unused_days, june=june)
    each = monthly_won * work.rate("pay.leave.rate") / work.number("pay.leave.days_of_month")
    whole = won.floor(each * days, 10)
    work.step("하루", f"{won.digits(monthly_won)} × 86% ÷ 30 = {each:,.2f}원")
    work.step("보상", f"{each:,.2f}원 × {days}일 → {won.digits(whole)} (10원 미만 버림)")
    pay = max(whole - (0 if june else june_paid_won), 0)
    if not june and june_paid_won:
        work.step(
            "6월에 준 금액",
            f"{won.digits(whole)} − {won.digits(june_paid_won)} → {won.digits(pay)}",
        )
    return work.answer(
        f"연가보상비 {won.digits(pay)}", f"연가보상비 {won.official(pay)} ({days}일)",
        pay_won=pay, days=days,
    )  # fmt: skip


def _check(served: Tenure, year: Year) -> None:
    if not (0 <= served.years <= YEARS_MOST and 0 <= served.months < MONTHS_OF_YEAR):
        raise NotPossible("served", "재직기간은 60년까지, 달은 0부터 11까지 적습니다.")
    if not 0 <= year.worked_months <= MONTHS_OF_YEAR:
        raise NotPossible("worked_months", "근무한 달은 0부터 12까지 적습니다.")
    days = (year.late_hours, year.sick_days_without_note, year.absent_days, year.saved_days)
    if not all(0 <= one <= 1_000 for one in days):
        raise NotPossible("year", "날수와 시간은 0부터 1,000까지 적습니다.")


def _whole(work: Working, served: Tenure, year: Year) -> int:
    """By tenure, with what is added."""
    if not served.years and not served.months:
        work.step("재직기간", "1개월이 안 되어 연가가 없음")
        work.found("leave.year.from_1_month")
        return 0
    stage = next((name for years, name in _BY_YEARS if served.years >= years), "from_1_month")
    found = work.found(f"leave.year.{stage}")
    days = work.number(found.key)
    work.step("재직기간", f"{served.written} → {days}일")
    added = {
        "similar_career": year.similar_career and served.years < 5,
        "no_sick": year.no_sick_leave,
        "unpaid_rest": year.unpaid_rest,
    }
    for name in (name for name, holds in added.items() if holds):
        more = work.number(f"leave.year.{name}")
        work.step(work.found(f"leave.year.{name}").name, f"{days}일 + {more}일")
        days += more
    return days


def _part(work: Working, days: int, year: Year) -> int:
    """In proportion to the months really worked, halves up."""
    if year.worked_months == MONTHS_OF_YEAR:
        return days
    work.found("leave.month_days")
    part = won.half_up(Decimal(days * year.worked_months) / MONTHS_OF_YEAR)
    work.step("근무한 달", f"{days}일 × {year.worked_months}/12 → {part}일 (반올림)")
    return part


def _less(work: Working, year: Year) -> Decimal:
    less = Decimal(year.absent_days)
    if year.absent_days:
        work.step("결근·정직 등", f"−{year.absent_days}일")
    if year.late_hours:
        each = work.number("leave.day_h")
        late = Decimal(int(year.late_hours // each))
        work.step("지각·조퇴·외출", f"{_number(year.late_hours)}시간 ÷ {each} → −{_days(late)}")
        less += late
    if year.sick_days_without_note:
        free = work.number("leave.sick_free_days")
        over = max(year.sick_days_without_note - free, Decimal(0))
        work.step(
            "진단서 없는 병가", f"{_days(year.sick_days_without_note)} − {free}일 → −{_days(over)}"
        )
        less += over
    return less


def ahead_of(served: Tenure) -> str:
    """Under which name the tables say how much may be taken ahead."""
    return next(name for years, name in _AHEAD if served.years >= years)


def _paid_days(work: Working, unused_days: int, *, june: bool) -> int:
    if not june:
        most = work.number("leave.paid_most_days")
        work.step(
            "보상하는 날", f"남은 {unused_days}일 가운데 {min(unused_days, most)}일 (20일까지)"
        )
        return min(unused_days, most)
    least = work.number("pay.leave.june_least_days")
    if unused_days < least:
        work.step("6월 30일", f"남은 연가가 {least}일이 안 되어 주지 않음")
        return 0
    return work.number("pay.leave.june_days")


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _days(value: Decimal) -> str:
    return f"{_number(value)}일"
