"""연가 of one year: by tenure, in part years, less what is taken off; and the pay for the rest.

Tenure is counted in years, months and days up to a day that is named. On which day of the year it
counts is a guideline's that was not read: in a year in which it matters both are told.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from hub.automation import won, working_days
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

YEARS_MOST: Final = 60
MONTHS_OF_YEAR: Final = 12
PAY_MOST_WON: Final = 20_000_000
_ADDED_TO: Final = (
    "더하는 날은 지난해에 결근·정직·강등·직위해제가 없고, 휴직·신규임용·1개월 이상의 교육훈련처럼 "
    "일하지 않은 기간(제7조의2제3항제1호~제5호)도 없던 사람만 받습니다(제7조제3항)."
)
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

    worked_months: int | None = None
    """Months really worked, by the rule of 15 days (제7조의2제2항). None: all there are."""
    no_sick_leave: bool = False
    """No 병가 in the year before."""
    unpaid_rest: bool = False
    """Leave was left over in the year before that was not paid for."""
    similar_career: bool = False
    late_hours: Decimal = Decimal(0)
    """지각·조퇴·외출 for other reasons than illness."""
    sick_days_without_note: Decimal = Decimal(0)
    absent_days: int = 0
    """결근: off what was saved too (제7조의2제1항)."""
    suspended_days: int = 0
    """정직·직위해제·강등: never off what was saved."""
    saved_days: Decimal = Decimal(0)
    """저축연가."""


@dataclass(frozen=True, slots=True)
class Service:
    """From when on somebody serves, and what changes their 재직기간."""

    begun: date
    left_out_days: int = 0
    """Days that do not count (휴직·정직 …)."""
    added_months: int = 0
    """Earlier service that counts (제7조제2항: 공무원연금법 제25조)."""

    @property
    def counted_from(self) -> date:
        """The day of appointment, later by what does not count."""
        return date.fromordinal(self.begun.toordinal() + self.left_out_days)

    def until(self, day: date) -> Tenure:
        """The tenure up to and with `day`. Raises NotPossible: it is before the appointment."""
        begun, after = self.counted_from, date.fromordinal(day.toordinal() + 1)
        if after < begun:
            raise NotPossible("begun_on", "임용일이 기준일보다 뒤입니다.")
        months = (after.year - begun.year) * MONTHS_OF_YEAR + after.month - begun.month
        months += self.added_months - (after.day < begun.day)
        return Tenure(*divmod(months, MONTHS_OF_YEAR))

    def months_of_first_year(self, month_days: int) -> int:
        """Months from the appointment to the end of its year; `month_days` or more are one.

        The period is turned into months from its first day on (제7조의2제2항), not month by month.
        """
        rest_days = 31 - self.begun.day + 1  # of December, from the same day of the month on
        return MONTHS_OF_YEAR - self.begun.month + (rest_days >= month_days)


def annual(book: RuleBook, day: date, service: Service, year: Year = Year()) -> Answer:
    """Days of leave in the year of `day`, up to which the tenure is counted.

    Raises:
        NotPossible, OutsideTable.
    """
    served = service.until(day)
    _check(served, year)
    work = Working(book, day)
    days = _whole(work, served, year)
    part = Decimal(_part(work, days, _worked_months(work, service, year)))
    left = _left(work, part, year)
    work.step("올해 연가", f"{_days(left)}")
    ahead = work.number(f"leave.ahead.{ahead_of(served)}")
    _tell_ends(work, service)
    return work.answer(
        f"연가 {_days(left)}",
        f"{day.year}년 연가 {_days(left)} (재직 {served.written})",
        days=left, by_tenure_days=days, may_take_ahead_days=ahead,
    )  # fmt: skip


class Half(StrEnum):
    """As of which day leave is paid for (제18조의5제3항, 제4항)."""

    JUNE = "june"
    DECEMBER = "december"
    RETIRED_EARLY = "retired-early"
    """Up to 30 June."""
    RETIRED_LATE = "retired-late"


HALVES: Final = {
    Half.JUNE: "6월 30일", Half.DECEMBER: "12월 31일",
    Half.RETIRED_EARLY: "퇴직(6월 30일 이전)", Half.RETIRED_LATE: "퇴직(7월 1일 이후)",
}  # fmt: skip
_LESS_JUNE: Final = frozenset({Half.DECEMBER, Half.RETIRED_LATE})


def compensation(
    book: RuleBook, paid_on: date, monthly_won: int, unused_days: int, half: Half,
    june_paid_won: int = 0,
) -> Answer:  # fmt: skip
    """연가보상비 as of 30 June, 31 December, or the day before somebody retired.

    Args:
        book: the rules.
        paid_on: when it is paid.
        monthly_won: 월봉급액 on that day.
        unused_days: whole days of leave left.
        half: as of which day.
        june_paid_won: what was paid in June, where that comes off.

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
    days = _paid_days(work, unused_days, half)
    share, parts = work.rate("pay.leave.rate"), work.number("pay.leave.days_of_month")
    each = monthly_won * share / parts
    whole = won.floor(each * days, 10)
    told = f"{won.digits(monthly_won)} × {won.percent(share)} ÷ {parts}"
    work.step("하루", f"{told} = {each:,.2f}원")
    work.step("보상", f"{each:,.2f}원 × {days}일 → {won.digits(whole)} (10원 미만 버림)")
    pay = whole
    if half in _LESS_JUNE and june_paid_won:
        pay = max(whole - june_paid_won, 0)
        told = f"{won.digits(whole)} − {won.digits(june_paid_won)} → {won.digits(pay)}"
        work.step("6월에 준 금액", told)
        if june_paid_won > whole:
            work.note(f"6월에 {won.digits(june_paid_won - whole)}을 더 주었습니다.")
    work.note("10원 미만은 버렸습니다(지방회계법 제55조).")
    work.note(
        "조례가 정하는 대로 예산 안에서 주고, 제18조의5제1항 각 호의 사람에게는 주지 않습니다."
    )
    work.note("감봉·휴직 등으로 줄었으면 줄기 전의 월봉급액으로 셈합니다(제18조의5제2항).")
    return work.answer(
        f"연가보상비 {won.digits(pay)}", f"연가보상비 {won.official(pay)} ({days}일)",
        pay_won=pay, days=days,
    )  # fmt: skip


def _check(served: Tenure, year: Year) -> None:
    if not 0 <= served.years <= YEARS_MOST:
        raise NotPossible("begun_on", "재직기간은 60년까지 셈합니다.")
    if year.worked_months is not None and not 0 <= year.worked_months <= MONTHS_OF_YEAR:
        raise NotPossible("worked_months", "근무한 달은 0부터 12까지 적습니다.")
    days = (year.late_hours, year.sick_days_without_note, year.absent_days, year.saved_days)
    if not all(0 <= one <= 1_000 for one in (*days, year.suspended_days)):
        raise NotPossible("year", "날수와 시간은 0부터 1,000까지 적습니다.")


def _whole(work: Working, served: Tenure, year: Year) -> int:
    """By tenure, with what is added."""
    stage = _stage(served)
    found = work.found(f"leave.year.{stage or 'from_1_month'}")
    if stage is None:
        work.step("재직기간", "1개월이 안 되어 연가가 없음")
        return 0
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
    if year.no_sick_leave or year.unpaid_rest:
        work.note(_ADDED_TO)
    return days


def _stage(served: Tenure) -> str | None:
    """Under which name the tables have the leave of this tenure; None: there is none yet."""
    if not served.years and not served.months:
        return None
    return next((name for years, name in _BY_YEARS if served.years >= years), "from_1_month")


def _tell_ends(work: Working, service: Service) -> None:
    """Of a tenure that passes a step within the year, what each end of the year would give."""
    first, last = date(work.day.year, 1, 1), date(work.day.year, MONTHS_OF_YEAR, 31)
    if service.counted_from > first:
        return
    stages = [_stage(service.until(day)) for day in (first, last)]
    if None in stages or stages[0] == stages[1]:
        return
    early, late = (work.book.at(f"leave.year.{one}", work.day).value for one in stages)
    work.note(
        f"올해 재직기간의 구간이 바뀝니다: 1월 1일에는 {early}일, 12월 31일에는 {late}일. "
        "어느 날을 기준으로 하는지는 복무 예규를 보십시오."
    )


def _worked_months(work: Working, service: Service, year: Year) -> int:
    """As they were typed; else all of the year, or all from the appointment on."""
    if service.begun.year != work.day.year:
        return MONTHS_OF_YEAR if year.worked_months is None else year.worked_months
    most = service.months_of_first_year(work.number("leave.month_days"))
    if year.worked_months is None:
        begun = working_days.written(service.begun)
        work.step("올해 임용", f"{begun}부터 12월 31일까지 {most}달")
        return most
    if year.worked_months > most:
        raise NotPossible(
            "worked_months",
            f"올해 임용했으면 {most}달까지입니다. 14일 안에 재임용했으면 처음 임용일을 적으십시오.",
        )
    return year.worked_months


def _part(work: Working, days: int, worked_months: int) -> int:
    """In proportion to the months really worked, halves up."""
    if worked_months == MONTHS_OF_YEAR:
        return days
    work.found("leave.month_days")
    part = won.half_up(Decimal(days * worked_months) / MONTHS_OF_YEAR)
    work.step("근무한 달", f"{days}일 × {worked_months}/12 → {part}일 (반올림)")
    return part


def _left(work: Working, part: Decimal, year: Year) -> Decimal:
    """What is left of the year's leave and of what was saved."""
    own, both = _off_year(work, year), _off_both(work, year)
    if year.saved_days:
        work.step("저축연가", f"+{_days(year.saved_days)}")
    rest = max(part - own, Decimal(0)) + year.saved_days - both
    if own > part or rest < 0:
        work.note("빠지는 날이 연가보다 많습니다. 모자라는 날은 다음 해로 넘기지 않고 셌습니다.")
    return max(rest, Decimal(0))


def _off_year(work: Working, year: Year) -> Decimal:
    """What comes off the leave of the year and never off what was saved."""
    less = Decimal(year.suspended_days)
    if less:
        less *= work.number("leave.absent_days")
        work.step("정직·직위해제·강등", f"−{_days(less)} (저축연가에서는 빼지 않음)")
    if year.sick_days_without_note:
        free = work.number("leave.sick_free_days")
        over = max(year.sick_days_without_note - free, Decimal(0))
        work.step(
            "진단서 없는 병가", f"{_days(year.sick_days_without_note)} − {free}일 → −{_days(over)}"
        )
        less += over
    return less


def _off_both(work: Working, year: Year) -> Decimal:
    """What comes off the leave of the year, and then off what was saved."""
    less = Decimal(year.absent_days)
    if less:
        less *= work.number("leave.absent_days")
        work.step("결근", f"−{_days(less)}")
    if year.late_hours:
        each = work.number("leave.day_h")
        late = Decimal(int(year.late_hours // each))
        work.step("지각·조퇴·외출", f"{_number(year.late_hours)}시간 ÷ {each} → −{_days(late)}")
        less += late
    return less


def ahead_of(served: Tenure) -> str:
    """Under which name the tables say how much may be taken ahead."""
    return next(name for years, name in _AHEAD if served.years >= years)


def _paid_days(work: Working, unused_days: int, half: Half) -> int:
    if half is Half.JUNE:
        least = work.number("pay.leave.june_least_days")
        if unused_days < least:
            work.step("6월 30일", f"남은 연가가 {least}일이 안 되어 주지 않음")
            return 0
        return work.number("pay.leave.june_days")
    most = work.number("leave.paid_most_days")
    if half is Half.RETIRED_EARLY:
        most = min(most, work.number("pay.leave.retired_early_days"))
    days = min(unused_days, most)
    work.step("보상하는 날", f"남은 {unused_days}일 가운데 {days}일 ({most}일까지)")
    return days


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _days(value: Decimal) -> str:
    return f"{_number(value)}일"
