"""보증금 of contracts, and 선금: how much at least, how much at most, until when.

Who is let off by name (국가·지자체·공공기관 등) is named, not decided.
"""

from datetime import date
from enum import StrEnum
from typing import Final

from hub.automation import won, working_days
from hub.automation.answer import Answer, NotPossible, Working
from hub.automation.contract import MOST_WON
from hub.rules.book import RuleBook

_ADVANCE_FOR: Final = "공사·제조·용역"
_LET_OFF: Final = (
    "국가·지자체·공공기관 등(영 제37조제3항제1호~제5호)은 면제하고 확약서를 받을 수 있습니다."
)
_PAPERS: Final = "현금 또는 보증서·보증보험증권 등으로 받습니다(영 제37조제2항)."


class Bond(StrEnum):
    """What is guaranteed."""

    BID = "bid"
    CONTRACT = "contract"
    PERFORMANCE = "performance"
    """공사이행보증서."""


BONDS: Final = {
    Bond.BID: "입찰보증금", Bond.CONTRACT: "계약보증금", Bond.PERFORMANCE: "공사이행보증서",
}  # fmt: skip


def bond(
    book: RuleBook, day: date, what: Bond, amount_won: int, *, is_crisis: bool = False,
    awarded_won: int = 0, planned_won: int = 0,
) -> Answer:  # fmt: skip
    """What must be guaranteed at least.

    Args:
        book: the rules.
        day: when the bid is made or the contract.
        what: which guarantee.
        amount_won: 입찰금액 of a bid, else 계약금액.
        is_crisis: a period that 행정안전부장관 has published.
        awarded_won: 낙찰금액, for 공사이행보증서.
        planned_won: 예정가격, for 공사이행보증서; 0: not asked.

    Raises:
        NotPossible, OutsideTable.
    """
    _may_be("amount_won", amount_won)
    work = Working(book, day)
    if what is Bond.CONTRACT and _let_off(work, amount_won):
        return _none(work, what, amount_won)
    key = _key(work, what, is_crisis, awarded_won, planned_won)
    rate = work.rate(key)
    least = won.ceiling(amount_won * rate)
    work.step(
        work.found(key).name,
        f"{won.digits(amount_won)} × {won.percent(rate)} → {won.digits(least)} 이상",
    )
    work.note(_PAPERS)
    work.note(_LET_OFF)
    if what is Bond.CONTRACT:
        _contract_bond_notes(work, is_crisis)
    return work.answer(
        f"{BONDS[what]} {won.digits(least)} 이상",
        f"{BONDS[what]} {won.official(least)} 이상 (금액의 {won.percent(rate)})",
        least_won=least, is_needed=True,
    )  # fmt: skip


def _contract_bond_notes(work: Working, is_crisis: bool) -> None:
    kept = " 위기 고시 기간에도 10%입니다." if is_crisis else ""
    work.note(f"단가계약은 매회 이행예정량의 최대량 × 단가로 셈합니다(영 제51조제7항).{kept}")
    work.note("장기계속계약은 1차 계약 때 총액으로 셈합니다(영 제51조제8항).")
    work.note(
        "녹색 적합성 인증 기업(영 제37조제3항제6호의2), 관습에 보증금이 맞지 않는 계약도 면제할 수"
        " 있습니다(영 제53조제1항)."
    )


def _let_off(work: Working, amount_won: int) -> bool:
    none = work.number("contract.bond.none_won")
    free = amount_won <= none
    sign = "≤" if free else ">"
    work.step("면제", f"계약금액 {won.digits(amount_won)} {sign} {won.digits(none)}")
    return free


def _none(work: Working, what: Bond, amount_won: int) -> Answer:
    work.note("면제하면 지급 확약서를 받습니다(영 제53조제2항).")
    return work.answer(
        f"{BONDS[what]} 면제 가능 (확약서)",
        f"{BONDS[what]} 면제, 지급 확약서로 갈음 (계약금액 {won.digits(amount_won)})",
        least_won=0, is_needed=False,
    )  # fmt: skip


def _key(work: Working, what: Bond, is_crisis: bool, awarded_won: int, planned_won: int) -> str:
    if what is not Bond.PERFORMANCE:
        name = {Bond.BID: "bid_bond", Bond.CONTRACT: "bond"}[what]
        return f"contract.{name}.{'crisis_' if is_crisis else ''}rate"
    low = "low_" if _is_low(work, awarded_won, planned_won) else ""
    return f"contract.performance.{'crisis_' if is_crisis else ''}{low}rate"


def _is_low(work: Working, awarded_won: int, planned_won: int) -> bool:
    if not planned_won:
        work.note("예정가격의 70% 미만에 낙찰되었으면 두 금액도 적으십시오(비율이 높음).")
        return False
    if not 0 < awarded_won <= MOST_WON or planned_won > MOST_WON:
        raise NotPossible("awarded_won", "낙찰금액과 예정가격은 1원부터 10조원까지 적습니다.")
    under = work.rate("contract.performance.low_under_rate")
    low = awarded_won < planned_won * under
    work.step(
        "낙찰률",
        f"{won.digits(awarded_won)} ÷ {won.digits(planned_won)}: "
        f"{won.percent(under)} {'미만' if low else '이상'}",
    )
    return low


class Made(StrEnum):
    """What was made, as far as the rate for defects goes by it."""

    STRUCTURES = "structures"
    LANDSCAPE = "landscape"
    HARBOURS = "harbours"
    ROADS = "roads"
    OTHER_WORKS = "other-works"
    MADE_GOODS = "made-goods"
    BOUGHT_GOODS = "bought-goods"


MADE: Final = {
    Made.STRUCTURES: "철도·댐·터널·교량 등 중요 구조물", Made.LANDSCAPE: "조경공사",
    Made.HARBOURS: "공항·항만·방파제·사방·간척 등",
    Made.ROADS: "도로·하천·상하수도관로·일반건축 등",
    Made.OTHER_WORKS: "그 밖의 공사", Made.MADE_GOODS: "물품 제조",
    Made.BOUGHT_GOODS: "수리·가공·구매·용역",
}  # fmt: skip
_GOODS: Final = frozenset({Made.MADE_GOODS, Made.BOUGHT_GOODS})


def defect(book: RuleBook, day: date, made: Made, contract_won: int) -> Answer:
    """하자보수보증금. Raises NotPossible, OutsideTable."""
    _may_be("contract_won", contract_won)
    work = Working(book, day)
    none = work.number("contract.defect.none_won")
    may_skip = made not in _GOODS | {Made.LANDSCAPE} and contract_won <= none
    if made not in _GOODS:
        told = "받지 않아도 됨" if may_skip else "받음"
        over = (
            "조경은 금액과 관계없음"
            if made is Made.LANDSCAPE
            else f"{won.digits(none)} 이하인 공사"
        )
        work.step("면제", f"{over}: {told}")
    name = "structures" if made is Made.LANDSCAPE else made.value.replace("-", "_")
    rate = work.rate(f"contract.defect.{name}_rate")
    full = won.ceiling(contract_won * rate)
    work.step(MADE[made], f"{won.digits(contract_won)} × {won.percent(rate)} → {won.digits(full)}")
    work.note("검사를 마치고 대금을 주기 전까지 받아 보관합니다(영 제71조제2항).")
    if made not in _GOODS:
        work.note("담보책임의 기간은 공사의 종류별 법령이 정합니다(규칙 제68조).")
    if made in _GOODS:
        work.note(
            "물품·용역은 성질상 필요해 담보책임 기간을 정했을 때 받습니다(법 제20조제2항, 제21조)."
        )
    else:
        work.note("해체, 암반·모래·자갈처럼 하자보수가 필요 없는 공사는 받지 않을 수 있습니다.")
        work.note("공종을 나눌 수 없는 복합공사는 주된 공종으로 봅니다(규칙 제70조제1항).")
    work.note(_LET_OFF)
    owed = 0 if may_skip else full
    head = "하자보수보증금 받지 않아도 됨" if may_skip else f"하자보수보증금 {won.digits(full)}"
    return work.answer(
        head, head if may_skip else f"하자보수보증금 {won.official(full)} ({MADE[made]})",
        least_won=owed, is_needed=not may_skip,
    )  # fmt: skip


def advance(
    book: RuleBook, day: date, contract_won: int, asked_won: int, claimed_on: date | None = None
) -> Answer:
    """선금 of a contract: the most, and until when after the claim.

    Args:
        book: the rules.
        day: when the contract is made.
        contract_won: 계약금액.
        asked_won: what was asked for.
        claimed_on: when, if it was.

    Raises:
        NotPossible, OutsideTable.
    """
    _may_be("contract_won", contract_won)
    if not 0 <= asked_won <= contract_won:
        raise NotPossible("asked_won", "청구한 선금은 계약금액까지 적습니다.")
    if claimed_on is not None and claimed_on < day:
        raise NotPossible("claimed_on", "선금은 계약을 맺은 뒤에 청구합니다.")
    work = Working(book, day)
    rate = work.rate("contract.advance.rate")
    most = won.floor(contract_won * rate)
    pay = min(asked_won, most)
    work.step("한도", f"{won.digits(contract_won)} × {won.percent(rate)} → {won.digits(most)}")
    if asked_won:
        work.step("지급", f"청구 {won.digits(asked_won)} → {won.digits(pay)}")
    by = None
    if claimed_on is not None:
        by = working_days.after_days(claimed_on, work.number("contract.advance_days", claimed_on))
        work.step(
            "기한", f"{working_days.written(claimed_on)} 청구, {working_days.written(by)}까지"
        )
    work.note(f"선금은 {_ADVANCE_FOR} 계약에 줍니다. 물품 구매는 제44조제1항의 다른 호를 보십시오.")
    work.note("자금 사정으로 줄 수 없으면 그 까닭을 문서로 알립니다(제44조제2항).")
    told = f"선금 {won.digits(most)}까지"
    told += f", {working_days.written(by)}까지 지급" if by else ""
    return work.answer(
        told, f"{told} (계약금액 {won.digits(contract_won)})",
        most_won=most, pay_won=pay, pay_by=by,
    )  # fmt: skip


def _may_be(field: str, amount_won: int) -> None:
    if not 0 < amount_won <= MOST_WON:
        raise NotPossible(field, "금액은 1원부터 10조원까지 적습니다.")
