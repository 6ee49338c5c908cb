"""계약: which method and how many quotes, which papers, which dates, what a delay costs.

Quotes and the direct contract go by the estimated price without VAT, papers and bonds by the
contract amount. Urgency, rivalry and patents (영 제25조제1항제1호~제4호) are named, not decided: a
person judges them.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from hub.automation import won, working_days
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

MOST_WON: Final = 10_000_000_000_000
DELAY_DAYS_MOST: Final = 3_650


class Kind(StrEnum):
    """What is bought."""

    GOODS = "goods"
    SERVICE = "service"
    BUILDING = "building"
    """종합공사."""
    SPECIAL_WORKS = "special-works"
    """전문공사."""
    OTHER_WORKS = "other-works"
    """전기·통신·소방 등 그 밖의 공사."""
    LEASE = "lease"


class Partner(StrEnum):
    """With whom, as far as the law favours it."""

    ANY = "any"
    YOUNG = "young"
    """청년창업기업."""
    FAVOURED = "favoured"
    """여성·장애인기업, 또는 취약계층 고용비율을 채운 사회적기업 등."""
    SMALL = "small"
    """소기업·소상공인."""
    EXPERT = "expert"
    """학술연구·원가계산·건설기술처럼 특수한 지식·자격이 필요한 계약."""


NAMES: Final = {
    Kind.GOODS: "물품", Kind.SERVICE: "용역", Kind.BUILDING: "종합공사",
    Kind.SPECIAL_WORKS: "전문공사", Kind.OTHER_WORKS: "그 밖의 공사", Kind.LEASE: "임대차 등",
}  # fmt: skip
PARTNERS: Final = {
    Partner.ANY: "특례 없음", Partner.YOUNG: "청년창업기업",
    Partner.FAVOURED: "여성·장애인·사회적기업 등", Partner.SMALL: "소기업·소상공인",
    Partner.EXPERT: "학술연구·원가계산 등 전문",
}  # fmt: skip
WORKS: Final = frozenset({Kind.BUILDING, Kind.SPECIAL_WORKS, Kind.OTHER_WORKS})
_DIRECT: Final = {
    Kind.GOODS: "contract.direct.goods_won",
    Kind.SERVICE: "contract.direct.goods_won",
    Kind.BUILDING: "contract.direct.building_won",
    Kind.SPECIAL_WORKS: "contract.direct.special_works_won",
    Kind.OTHER_WORKS: "contract.direct.other_works_won",
    Kind.LEASE: "contract.direct.lease_won",
}
_FAVOURED: Final = {
    Partner.YOUNG: "contract.direct.young_won",
    Partner.FAVOURED: "contract.direct.favoured_won",
    Partner.SMALL: "contract.direct.favoured_won",
    Partner.EXPERT: "contract.direct.favoured_won",
}
_ONE_QUOTE: Final = frozenset({Partner.YOUNG, Partner.FAVOURED})


def method(
    book: RuleBook, day: date, kind: Kind, estimated_won: int, contract_won: int,
    partner: Partner = Partner.ANY,
) -> Answer:  # fmt: skip
    """How this contract is made and what it needs.

    Args:
        book: the rules.
        day: when the contract is made.
        kind: what is bought.
        estimated_won: 추정가격, without VAT.
        contract_won: 계약금액, with VAT.
        partner: with whom.

    Raises:
        NotPossible, OutsideTable.
    """
    _may_be("estimated_won", estimated_won)
    _may_be("contract_won", contract_won)
    if contract_won < estimated_won:
        raise NotPossible(
            "contract_won", "계약금액(부가세 포함)이 추정가격(부가세 제외)보다 작습니다."
        )
    work = Working(book, day)
    direct = _direct(work, kind, estimated_won, partner)
    quotes = _quotes(work, kind, estimated_won, partner) if direct else None
    papers = _papers(work, contract_won)
    work.note(
        "한 사업을 나누어 맺으면 합한 금액이 추정가격입니다(영 제7조제2호). 쪼개기를 먼저 보십시오."
    )
    head = f"수의계약 가능, 견적 {_QUOTES[quotes]}" if direct else "입찰 대상"
    return work.answer(
        head,
        f"{NAMES[kind]}, 추정가격 {won.digits(estimated_won)}: {head}. {papers}.",
        is_direct=direct, quotes=quotes,
        needs_paper=contract_won > work.number("contract.paper.none_won"),
        needs_bond=contract_won > work.number("contract.bond.none_won"),
        needs_inspection_record=contract_won >= work.number("contract.inspection.none_under_won"),
        bond_won=_bond(work, contract_won),
    )  # fmt: skip


_QUOTES: Final = {0: "생략", 1: "1인", 2: "2인 이상(나라장터)", None: ""}


def direct_key(kind: Kind) -> str:
    """The rule that limits a direct contract with anybody."""
    return _DIRECT[kind]


def _direct(work: Working, kind: Kind, estimated_won: int, partner: Partner) -> bool:
    limit = work.found(direct_key(kind))
    most = work.number(limit.key)
    if kind in (Kind.GOODS, Kind.SERVICE) and partner in _FAVOURED:
        limit = work.found(_FAVOURED[partner])
        most = work.number(limit.key)
    fits = estimated_won <= most
    sign = "≤" if fits else ">"
    work.step(limit.name, f"추정가격 {won.digits(estimated_won)} {sign} {won.digits(most)}")
    if not fits:
        work.note(
            "금액으로는 입찰입니다. 천재지변·긴급, 재난복구, 국가·지자체, 경쟁이 안 되는 경우"
            "(영 제25조제1항제1호~제4호)에 드는지는 사람이 판단합니다."
        )
    return fits


def _quotes(work: Working, kind: Kind, estimated_won: int, partner: Partner) -> int:
    none = work.number("contract.quote.none_under_won")
    if kind not in WORKS and estimated_won < none:
        work.step("견적서", f"{won.digits(none)} 미만이라 생략")
        return 0
    one = work.number("contract.quote.one_won")
    if partner in _ONE_QUOTE:
        one = work.number("contract.quote.one_favoured_won")
    if estimated_won <= one:
        work.step("견적서", f"{won.digits(one)} 이하라 1인 견적")
        return 1
    work.step("견적서", f"{won.digits(one)} 초과라 2인 이상, 지정정보처리장치(나라장터)")
    return 2


def _papers(work: Working, contract_won: int) -> str:
    paper = contract_won > work.number("contract.paper.none_won")
    bond = contract_won > work.number("contract.bond.none_won")
    record = contract_won >= work.number("contract.inspection.none_under_won")
    told = [
        "계약서 작성" if paper else "계약서 생략 가능",
        "계약보증금" if bond else "계약보증금 면제 가능(확약서)",
        "검사조서 작성" if record else "검사조서 생략 가능",
    ]
    work.step("서류", f"계약금액 {won.digits(contract_won)}: {', '.join(told)}")
    return ", ".join(told)


def _bond(work: Working, contract_won: int) -> int | None:
    if contract_won <= work.number("contract.bond.none_won"):
        return None
    rate = work.rate("contract.bond.rate")
    bond = won.ceiling(contract_won * rate)
    work.step(
        "계약보증금", f"{won.digits(contract_won)} × {won.percent(rate)} → {won.digits(bond)} 이상"
    )
    return bond


class Delayed(StrEnum):
    """What was late."""

    WORKS = "works"
    GOODS = "goods"
    DESIGNED_GOODS = "designed-goods"
    SERVICE = "service"
    TRANSPORT = "transport"


DELAYED: Final = {
    Delayed.WORKS: "공사", Delayed.GOODS: "물품 제조·구매",
    Delayed.DESIGNED_GOODS: "설계 승인이 필요한 일괄 물품", Delayed.SERVICE: "수리·용역 등",
    Delayed.TRANSPORT: "운송·보관",
}  # fmt: skip


def delay(
    book: RuleBook, day: date, what: Delayed, contract_won: int, days: int, taken_over_won: int = 0
) -> Answer:
    """지연배상금 for `days` late days. `taken_over_won`: the part that was taken over.

    Raises:
        NotPossible, OutsideTable.
    """
    _may_be("contract_won", contract_won)
    if not 0 <= taken_over_won < contract_won:
        raise NotPossible("taken_over_won", "인수한 부분은 계약금액보다 작아야 합니다.")
    if not 0 <= days <= DELAY_DAYS_MOST:
        raise NotPossible("days", "지체일수는 0일부터 3,650일까지 적습니다.")
    work = Working(book, day)
    base = contract_won - taken_over_won
    rate = work.rate(f"contract.delay.{what.value.replace('-', '_')}_rate")
    raw = base * rate * days
    work.step(
        "기준 금액",
        f"{won.digits(contract_won)} − {won.digits(taken_over_won)} = {won.digits(base)}",
    )
    work.step(
        "배상금",
        f"{won.digits(base)} × {_per_mille(rate)} × {days}일 → {won.digits(won.floor(raw))}",
    )
    most = base * work.rate("contract.delay.most_rate")
    owed = won.floor(min(raw, most))
    if raw > most:
        work.step("한도", f"30%인 {won.digits(owed)}까지")
    work.note("계약상대자의 책임이 아닌 날은 지체일수에서 뺍니다(영 제90조제1항).")
    return work.answer(
        f"지연배상금 {won.digits(owed)}",
        f"지연배상금 {won.official(owed)}: {won.digits(base)} × {_per_mille(rate)} × {days}일",
        owed_won=owed, days=days, is_capped=raw > most,
    )  # fmt: skip


def dates(
    book: RuleBook, finished_on: date, claimed_on: date | None = None, *, is_crisis: bool = False,
    local: Collection[date] = (),
) -> Answer:  # fmt: skip
    """Until when to inspect after `finished_on` was told, and to pay after `claimed_on`.

    Raises:
        NotPossible: the claim is before the notice.
        OutsideTable: no rule is known for that day.
    """
    if claimed_on is not None and claimed_on < finished_on:
        raise NotPossible("claimed_on", "대가 청구는 이행 완료 통지보다 앞설 수 없습니다.")
    work = Working(book, finished_on)
    ending = ".crisis" if is_crisis else ""
    inspect = working_days.after_days(finished_on, work.number(f"contract.inspection_days{ending}"))
    work.step(
        "검사",
        f"{working_days.written(finished_on)} 통지, {working_days.written(inspect)}까지",
    )
    _if_off(work, inspect, local)
    pay = None
    if claimed_on is not None:
        days = work.number(f"contract.payment_days{ending}", claimed_on)
        pay = working_days.after_working_days(claimed_on, days, local)
        claimed, paid = working_days.written(claimed_on), working_days.written(pay)
        work.step("대가 지급", f"{claimed} 청구, 평일 {days}일째 {paid}까지")
    told = f"검사 {working_days.written(inspect)}까지"
    told += f", 대가 지급 {working_days.written(pay)}까지" if pay else ""
    return work.answer(told, told, inspect_by=inspect, pay_by=pay)


def _if_off(work: Working, day: date, local: Collection[date]) -> None:
    if not working_days.is_working(day, local):
        safe = working_days.written(working_days.on_or_before(day, local))
        work.note(f"{working_days.written(day)}은 쉬는 날: {safe}까지 하면 늦지 않습니다.")


def _per_mille(rate: Decimal) -> str:
    return f"1000분의 {(rate * 1000).normalize():f}"


def _may_be(field: str, amount_won: int) -> None:
    if not 0 < amount_won <= MOST_WON:
        raise NotPossible(field, "금액은 1원부터 10조원까지 적습니다.")
