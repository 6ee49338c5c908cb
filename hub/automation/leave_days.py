"""How many days a leave is: days off are left out, but for 30 days or more (제7조의8).

The text does not say whether the 30 days are counted with or without days off. Where both ways
agree there is an answer; between them both are shown, and the office's guideline decides.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from hub.automation import working_days
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

SPAN_MOST_DAYS: Final = 366


class Leave(StrEnum):
    """Which leave."""

    YEAR = "year"
    SICK = "sick"
    DUTY_SICK = "duty-sick"
    PUBLIC = "public"
    SPECIAL = "special"


LEAVES: Final = {
    Leave.YEAR: "연가", Leave.SICK: "병가", Leave.DUTY_SICK: "공무상 병가", Leave.PUBLIC: "공가",
    Leave.SPECIAL: "특별휴가",
}  # fmt: skip
_SUMMED: Final = {
    Leave.SICK: "올해 병가를 합해", Leave.DUTY_SICK: "올해 공무상 병가를 합해",
    Leave.PUBLIC: "같은 사유의 공가를 합해", Leave.SPECIAL: "같은 사유의 특별휴가를 합해",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """A span of leave, counted both ways."""

    working: int
    all_days: int
    with_days_off: bool | None
    """None: the text leaves it open."""

    @property
    def days(self) -> int:
        """The days of leave; where it is open, the fewer."""
        return self.all_days if self.with_days_off else self.working


def days(
    book: RuleBook, leave: Leave, first: date, last: date, before_days: Decimal = Decimal(0),
    local: Collection[date] = (),
) -> Answer:  # fmt: skip
    """The days of one leave from `first` to `last`, both included.

    Args:
        book: the rules.
        leave: which leave.
        first: its first day.
        last: its last day, in the same year.
        before_days: days before it that are summed with it (제7조의8).
        local: days off of this office alone.

    Raises:
        NotPossible, OutsideTable.
    """
    work = Working(book, first)
    counted = count(work, leave, first, last, before_days, local=local)
    if leave is Leave.YEAR:
        _in_a_row(work, counted.days)
    told = f"{LEAVES[leave]} {counted.days}일"
    period = f"{working_days.written(first)}~{working_days.written(last)}"
    return work.answer(
        told + (" (30일 이상이면 토·공휴일도 셈)" if counted.with_days_off else ""),
        f"{told} ({period})",
        days=counted.days, working_days=counted.working, calendar_days=counted.all_days,
        counts_days_off=counted.with_days_off,
    )  # fmt: skip


def count(
    work: Working, leave: Leave, first: date, last: date, before_days: Decimal,
    most_days: Decimal | None = None, local: Collection[date] = (),
) -> Counted:  # fmt: skip
    """Count a span. `most_days`: no more of it is added to `before_days`.

    Raises:
        NotPossible: its days are not in order, or in two years.
    """
    _span(first, last)
    if not 0 <= before_days <= SPAN_MOST_DAYS:
        raise NotPossible("before_days", "이미 쓴 날은 0일부터 366일까지 적습니다.")
    span = [first + timedelta(days=nth) for nth in range((last - first).days + 1)]
    working = sum(working_days.is_working(day, local) for day in span)
    work.step("기간", f"{len(span)}일, 그 가운데 토요일·공휴일 {len(span) - working}일")
    summed = [Decimal(days) for days in (working, len(span))]
    if most_days is not None:
        summed = [min(days, most_days) for days in summed]
    with_days_off = _counts(work, leave, before_days + summed[0], before_days + summed[1])
    if with_days_off is None:
        work.note(
            "30일을 토요일·공휴일을 빼고 세는지 넣고 세는지 글에 없습니다. 넣으면 "
            f"{len(span)}일입니다."
        )
    counted = Counted(working, len(span), with_days_off)
    work.step("휴가 일수", f"{counted.days}일")
    return counted


def _span(first: date, last: date) -> None:
    if last < first:
        raise NotPossible("last", "마지막 날이 첫날보다 앞섭니다.")
    if first.year != last.year:
        raise NotPossible("last", "해가 바뀌면 12월 31일에서 나누어 두 번 셈하십시오.")


def _counts(work: Working, leave: Leave, low: Decimal, high: Decimal) -> bool | None:
    """Whether days off count, where the sum is `low` without them and `high` with them."""
    least = work.number("leave.counts_holidays_days")
    if leave is Leave.YEAR:
        work.step("토요일·공휴일", "연가에는 넣지 않음")
        return False
    if high < least:
        work.step("토요일·공휴일", f"{_SUMMED[leave]} {least}일이 안 되어 넣지 않음")
        return False
    if low >= least:
        work.step("토요일·공휴일", f"{_SUMMED[leave]} {least}일 이상이라 넣음")
        work.note("앞서 쓴 휴가에 든 토요일과 공휴일도 다시 세는지는 복무 예규를 보십시오.")
        return True
    work.step("토요일·공휴일", f"빼면 {_plain(low)}일, 넣으면 {_plain(high)}일이라 갈림")
    return None


def _in_a_row(work: Working, days_taken: int) -> None:
    least = work.number("leave.in_a_row_days")
    if days_taken >= least:
        work.note(
            f"이어서 {least}일 이상이라 공무에 특별한 지장이 없으면 허가해야 합니다(제7조의11)."
        )


def sick(
    book: RuleBook, first: date, last: date, before_days: Decimal = Decimal(0),
    noted_days: Decimal = Decimal(0), *, is_duty: bool = False, has_note: bool = False,
    local: Collection[date] = (),
) -> Answer:  # fmt: skip
    """병가 from `first` to `last`: its days, what is left of the year, the note it needs.

    Args:
        book: the rules.
        first: its first day.
        last: its last day, in the same year.
        before_days: sick leave taken this year before it.
        noted_days: of those, with a doctor's note.
        is_duty: 공무상 병가.
        has_note: a doctor's note is there for this one.
        local: days off of this office alone.

    Raises:
        NotPossible, OutsideTable.
    """
    if not 0 <= noted_days <= before_days:
        raise NotPossible("noted_days", "진단서를 낸 날은 이미 쓴 병가보다 많을 수 없습니다.")
    work = Working(book, first)
    leave = Leave.DUTY_SICK if is_duty else Leave.SICK
    without = Decimal(0) if is_duty else before_days - noted_days
    off_before = _over(work, without)
    most = None if is_duty or has_note else max(_free(work) - without, Decimal(0))
    summed = before_days - off_before  # what comes off the annual leave is no sick leave
    taken = Decimal(count(work, leave, first, last, summed, most, local).days)
    off_year = off_before if is_duty or has_note else _off_leave(work, without + taken)
    if noted_days and not is_duty:
        work.note("진단서를 낸 날은 6일에 넣지 않고 셌습니다. 넣는지는 복무 예규를 보십시오.")
    most = work.number("leave.sick_duty_days" if is_duty else "leave.sick_days")
    year = before_days + taken - off_year
    left = most - year
    work.step("한 해", f"{most}일 − {_plain(year)}일 = {_plain(left)}일")
    if left < 0:
        work.note(f"{_plain(-left)}일이 넘칩니다. 넘은 날은 결근으로 봅니다(제6조제2항).")
    needs = before_days + taken > work.number("leave.sick_note_days")
    if needs and not has_note:
        work.note("한 해 6일을 넘어 의사의 진단서를 붙여야 합니다.")
    told = f"{LEAVES[leave]} {_plain(taken)}일"
    rest = f"{_plain(left)}일 남음" if left >= 0 else f"{_plain(-left)}일 넘침"
    return work.answer(
        f"{told}, {rest}" + (" · 진단서 필요" if needs and not has_note else ""),
        f"{told} ({working_days.written(first)}~{working_days.written(last)}), 올해 {rest}",
        days=taken, left_days=max(left, Decimal(0)), over_days=max(-left, Decimal(0)),
        off_annual_days=off_year, needs_note=needs,
    )  # fmt: skip


def _off_leave(work: Working, without: Decimal) -> Decimal:
    """Of the whole year, the days over six without a note: they come off the annual leave."""
    over = _over(work, without)
    if over:
        free = _plain(_free(work))
        work.step("진단서 없는 병가", f"{_plain(without)}일 − {free}일 → 연가에서 {_plain(over)}일")
        work.note("연가에서 빼는 날은 병가 60일에 넣지 않습니다(제7조의5제1항).")
    return over


def _over(work: Working, without: Decimal) -> Decimal:
    return max(without - _free(work), Decimal(0)) if without else Decimal(0)


def _free(work: Working) -> Decimal:
    return Decimal(work.number("leave.sick_free_days"))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
