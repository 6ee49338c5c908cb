"""원천징수: what is withheld from a lecture fee, a prize, a freelancer's fee or a day's wage.

The day is that of payment; who lives abroad is not asked for. Social insurance is not here: its
rates change each year and were not read.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Final

from hub.automation import won, working_days
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

MOST_WON: Final = 10_000_000_000


class Income(StrEnum):
    """What kind of income it is for whom it is paid to."""

    LECTURE = "lecture"
    """기타소득: 강의·심사 등 일시로 한 인적용역."""
    WRITING = "writing"
    """기타소득: 원고료, 인세, 창작품의 대가 (법 제21조제1항제15호)."""
    REWARD = "reward"
    """기타소득: 사례금이나 순위 없는 상금처럼 필요경비가 없는 것."""
    PRIZE = "prize"
    """기타소득: 여럿이 순위를 겨루는 대회의 상금."""
    BUSINESS = "business"
    """사업소득: 되풀이하는 인적용역."""
    DAILY = "daily"
    """일용근로: 하루치 임금."""
    COMMITTEE = "committee"
    """보수를 받지 않는 위원의 수당: 비과세."""


NAMES: Final = {
    Income.LECTURE: "기타소득(일시 인적용역)",
    Income.WRITING: "기타소득(원고료·인세)",
    Income.REWARD: "기타소득(사례금·순위 없는 상금)",
    Income.PRIZE: "기타소득(대회 상금)",
    Income.BUSINESS: "사업소득(인적용역)",
    Income.DAILY: "일용근로소득",
    Income.COMMITTEE: "비과세(위원 수당)",
}


def withheld(
    book: RuleBook, paid_on: date, income: Income, paid_won: int, local_off: Collection[date] = ()
) -> Answer:
    """Income tax and local income tax of one payment. `local_off`: days off of this office alone.

    Raises:
        NotPossible: no such amount.
        OutsideTable: no rule is known for that day.
    """
    if not 0 < paid_won <= MOST_WON:
        raise NotPossible("paid_won", "지급액은 1원부터 100억원까지 적습니다.")
    work = Working(book, paid_on)
    tax = _rounded(work, _TAXES[income](work, paid_won))
    if 0 < tax < work.number("withholding.least_won"):
        tax = _little(work, income, tax)
    local = _local(work, tax)
    rest = paid_won - tax - local
    pay_by = _pay_by(work, paid_on)
    if tax and not working_days.is_working(pay_by, local_off):
        safe = working_days.written(working_days.on_or_before(pay_by, local_off))
        work.note(f"{working_days.written(pay_by)}은 쉬는 날: {safe}까지 내면 늦지 않습니다.")
    _to_be_handed_in(work, income)
    return work.answer(
        f"소득세 {won.digits(tax)}, 지방소득세 {won.digits(local)}, 실지급액 {won.digits(rest)}",
        _paste(income, paid_won, tax, local, rest),
        paid_won=paid_won, tax_won=tax, local_tax_won=local, rest_won=rest,
        pay_by=pay_by if tax else None,
    )  # fmt: skip


_STATEMENTS: Final = {
    Income.LECTURE: "다음 달 말일까지 간이지급명세서(소득세법 제164조의3제1항제3호)",
    Income.BUSINESS: "다음 달 말일까지 간이지급명세서(소득세법 제164조의3제1항제2호)",
    Income.DAILY: "다음 달 말일까지 일용근로 지급명세서(소득세법 제164조제1항 단서)",
}
_STATEMENT: Final = "다음 해 2월 말일까지 지급명세서(소득세법 제164조제1항)"


def _to_be_handed_in(work: Working, income: Income) -> None:
    """영 제185조제2항: also of those of whom nothing is withheld."""
    if income is Income.COMMITTEE:
        return
    work.note(
        "뗀 세금이 없어도 원천징수이행상황신고서에는 넣습니다(시행령 제185조제2항). "
        f"{_STATEMENTS.get(income, _STATEMENT)}를 냅니다."
    )


def _little(work: Working, income: Income, tax: int) -> int:
    """소액 부징수 and its exception (시행령 제149조의3)."""
    if income is Income.BUSINESS:
        work.step("소액", "되풀이하는 인적용역은 1천원 미만이어도 뗌")
        return tax
    work.step("소액 부징수", f"{won.digits(tax)}은 1천원 미만이라 떼지 않음")
    return 0


def _other(work: Working, paid_won: int, costs: str | None) -> Decimal:
    """Tax on 기타소득; `costs`: the rule of what is taken off as its costs."""
    cost = work.rate(costs) if costs else Decimal(0)
    if costs:
        work.note("확인한 실제 필요경비가 더 크면 그 금액을 뺍니다(시행령 제87조, 제202조제1항).")
    kept = paid_won * (1 - cost)
    costs_told = f"{won.digits(paid_won)} − 필요경비 {won.percent(cost)}"
    work.step("소득금액", f"{costs_told} = {_amount(kept)}")
    if kept <= work.number("withholding.other.free_won"):
        work.step("과세최저한", "소득금액이 5만원 이하라 세금이 없음")
        return Decimal(0)
    rate = work.rate("withholding.other.rate")
    work.step("소득세", f"{_amount(kept)} × {won.percent(rate)} = {_amount(kept * rate)}")
    return kept * rate


def _business(work: Working, paid_won: int) -> Decimal:
    rate = work.rate("withholding.business.rate")
    tax = paid_won * rate
    work.step("소득세", f"{won.digits(paid_won)} × {won.percent(rate)} = {_amount(tax)}")
    return tax


def _daily(work: Working, paid_won: int) -> Decimal:
    free, rate = work.number("withholding.daily.free_won"), work.rate("withholding.daily.rate")
    credit = work.rate("withholding.daily.credit_rate")
    left = max(paid_won - free, 0)
    work.step(
        "공제하고 남은 금액", f"{won.digits(paid_won)} − {won.digits(free)} → {won.digits(left)}"
    )
    raw = left * rate
    work.step("산출세액", f"{won.digits(left)} × {won.percent(rate)} = {_amount(raw)}")
    tax = raw * (1 - credit)
    work.step("세액공제 뒤", f"{_amount(raw)} − {won.percent(credit)} = {_amount(tax)}")
    work.note(
        "하루치 임금으로 셉니다. 여러 날치를 한꺼번에 줄 때의 소액 부징수는 세무서에 물으십시오."
    )
    return tax


def _committee(work: Working, _: int) -> Decimal:
    work.step("비과세", "법령·조례에 따른 무보수 위원이 받는 수당은 세금이 없음")
    work.note(
        "보수를 받는 위원이거나 조례에 근거가 없으면 비과세가 아닙니다(소득세법 제12조제5호자목)."
    )
    return Decimal(0)


_TAXES: Final = {
    Income.LECTURE: partial(_other, costs="withholding.other.cost_rate"),
    Income.WRITING: partial(_other, costs="withholding.other.cost_rate"),
    Income.REWARD: partial(_other, costs=None),
    Income.PRIZE: partial(_other, costs="withholding.prize.cost_rate"),
    Income.BUSINESS: _business,
    Income.DAILY: _daily,
    Income.COMMITTEE: _committee,
}


def _rounded(work: Working, tax: Decimal) -> int:
    return won.floor(tax, work.number("withholding.round_won")) if tax else 0


def _local(work: Working, tax: int) -> int:
    if not tax:
        return 0
    rate = work.rate("withholding.local_rate")
    local = _rounded(work, tax * rate)
    work.step("지방소득세", f"{won.digits(tax)} × {won.percent(rate)} → {won.digits(local)}")
    return local


def _pay_by(work: Working, paid_on: date) -> date:
    day = work.number("withholding.pay_by_day")
    year, month = (
        (paid_on.year + 1, 1) if paid_on.month == 12 else (paid_on.year, paid_on.month + 1)
    )
    return date(year, month, day)


def _amount(value: Decimal) -> str:
    return f"{value.normalize():,f}원" if value % 1 else won.digits(int(value))


def _paste(income: Income, paid_won: int, tax: int, local: int, rest: int) -> str:
    return (
        f"지급액 {won.digits(paid_won)}({NAMES[income]}), 소득세 {won.digits(tax)}, "
        f"지방소득세 {won.digits(local)}, 실지급액 {won.official(rest)}"
    )
