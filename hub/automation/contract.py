"""계약: which method and how many quotes, which papers, which dates, what a delay costs.

Quotes and the direct contract go by the estimated price without VAT, papers and bonds by the
contract amount. What goes by no amount (영 제25조제1항: urgency, rivalry, patents, who makes it) is
named, not decided: a person judges it.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from hub.automation import contract_papers, won, working_days
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
_SHOWN: Final = frozenset({Partner.YOUNG, Partner.FAVOURED, Partner.SMALL})


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
    work = Working(book, day)
    direct = _direct(work, kind, estimated_won, partner)
    quotes = _quotes(work, kind, estimated_won, partner) if direct else None
    papers = _papers(work, contract_won)
    needed = contract_papers.told(work, _made(kind, contract_won, quotes, partner))
    _method_notes(work, kind, estimated_won, contract_won, partner)
    work.note(
        "한 사업을 나누어 맺으면 합한 금액이 추정가격입니다(영 제7조제2호). 쪼개기를 먼저 보십시오."
    )
    head = f"수의계약 가능, 견적 {_QUOTES[quotes]}" if direct else "입찰 대상"
    return work.answer(
        head,
        f"{NAMES[kind]}, 추정가격 {won.digits(estimated_won)}: {head}. {papers}. 서류: {needed}.",
        is_direct=direct, quotes=quotes,
        needs_paper=contract_won > work.number("contract.paper.none_won"),
        needs_bond=contract_won > work.number("contract.bond.none_won"),
        needs_inspection_record=contract_won >= work.number("contract.inspection.none_under_won"),
        bond_won=_bond(work, contract_won), papers=needed,
    )  # fmt: skip


def _made(
    kind: Kind, contract_won: int, quotes: int | None, partner: Partner
) -> contract_papers.Made:
    favoured = PARTNERS[partner].removesuffix(" 등") if partner in _SHOWN else ""
    return contract_papers.Made(contract_won, quotes, kind in WORKS, kind is Kind.LEASE, favoured)


def _method_notes(
    work: Working, kind: Kind, estimated_won: int, contract_won: int, partner: Partner
) -> None:
    if contract_won < estimated_won:
        work.note(
            "계약금액이 추정가격보다 작습니다. 싸게 낙찰된 것이 아니면 두 금액을 다시 보십시오."
        )
    if kind is Kind.LEASE:
        work.note(
            "특정인의 토지·건물이나 재산을 빌리면(영 제25조제1항제4호카목) 1인 견적으로 됩니다."
        )
        work.note("임대차는 연액이나 총액이 추정가격입니다. 견적 생략은 물품의 임차만 됩니다.")
    elif kind not in WORKS:
        work.note(
            "전기·가스·수도의 공급, 국가·지자체와의 계약은 금액과 상관없이 견적을 생략할 수"
            " 있습니다(규칙 제33조)."
        )
    if partner is Partner.YOUNG:
        work.note("소기업·소상공인이기도 하면 그 한도를 보십시오(영 제25조제1항제5호라목).")
    work.note("수의계약의 내용은 공개합니다(법 제9조제4항, 영 제31조).")


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
            "금액으로는 입찰입니다. 천재지변·긴급, 재난복구, 국가·지자체, 경쟁이 안 되는 경우,"
            " 인증제품과 중증장애인생산품 등(영 제25조제1항제1호~제4호, 제6호~제8호)에 드는지는"
            " 사람이 판단합니다. 들면 1인 견적으로 됩니다(제30조제1항제1호)."
        )
    return fits


def _quotes(work: Working, kind: Kind, estimated_won: int, partner: Partner) -> int:
    none = work.number("contract.quote.none_under_won")
    if kind not in WORKS and estimated_won < none:
        work.step("견적서", f"{won.digits(none)} 미만이라 생략")
        return 0
    if kind is Kind.LEASE:
        work.step("견적서", "임대차는 1인 견적의 금액 기준에 없어 2인 이상, 나라장터")
        return 2
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
    Delayed.DESIGNED_GOODS: "설계 승인이 필요한 일괄 물품",
    Delayed.SERVICE: "수리·가공·대여·용역 등", Delayed.TRANSPORT: "운송·보관·양곡가공",
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
    _delay_notes(work, contract_won, owed)
    return work.answer(
        f"지연배상금 {won.digits(owed)}",
        f"지연배상금 {won.official(owed)}: {won.digits(base)} × {_per_mille(rate)} × {days}일"
        + (", 한도인 30%까지" if raw > most else ""),
        owed_won=owed, days=days, is_capped=raw > most,
    )  # fmt: skip


def _delay_notes(work: Working, contract_won: int, owed: int) -> None:
    work.note("계약상대자의 책임이 아닌 날은 지체일수에서 뺍니다(영 제90조제1항).")
    work.note(
        "장기계속계약은 연차별 계약금액으로 셈하고, 대가와 상계할 수 있습니다(법 제30조제3항)."
    )
    work.note("10원 미만은 계산하지 않을 수 있습니다(지방회계법 제55조).")
    if owed * 10 >= contract_won:
        work.note(
            "계약금액의 10% 이상입니다. 해제·해지하지 않으면 남은 계약금액에 대한 계약보증금을"
            " 더 받습니다(법 제30조제4항)."
        )


def dates(
    book: RuleBook, finished_on: date, claimed_on: date | None = None, *, is_crisis: bool = False,
    is_extended: bool = False, local: Collection[date] = (),
) -> Answer:  # fmt: skip
    """Until when to inspect after `finished_on` was told, and to pay after `claimed_on`.

    Args:
        book: the rules.
        finished_on: when it was told that the work is done.
        claimed_on: when the money was claimed, if it was.
        is_crisis: a period that 행정안전부장관 has published.
        is_extended: one of the cases in which the ministry lets the inspection be put off.
        local: days off of this office alone.

    Raises:
        NotPossible: the claim is before the notice.
        OutsideTable: no rule is known for that day.
    """
    if claimed_on is not None and claimed_on < finished_on:
        raise NotPossible("claimed_on", "대가 청구는 이행 완료 통지보다 앞설 수 없습니다.")
    work = Working(book, finished_on)
    ending = ".crisis" if is_crisis else ""
    inspect = _inspect_by(work, finished_on, ending, is_extended=is_extended)
    _if_off(work, inspect, local)
    pay = None if claimed_on is None else _pay_by(work, claimed_on, ending, local)
    told = f"검사 {working_days.written(inspect)}까지"
    told += f", 대가 지급 {working_days.written(pay)}까지" if pay else ""
    return work.answer(told, told, inspect_by=inspect, pay_by=pay)


_MORE: Final = {
    "": "contract.inspection_days.more", ".crisis": "contract.inspection_days.crisis_more",
}  # fmt: skip


def _inspect_by(work: Working, finished_on: date, ending: str, *, is_extended: bool) -> date:
    days = work.number(f"contract.inspection_days{ending}")
    told = f"{days}일"
    if is_extended:
        more = work.number(_MORE[ending])
        days, told = days + more, f"{days}일 + 연장 {more}일"
    by = working_days.after_days(finished_on, days)
    work.step(
        "검사",
        f"{working_days.written(finished_on)} 통지, {told}, {working_days.written(by)}까지",
    )
    work.note("시정을 명했으면 시정을 마쳤다는 통지를 받은 날부터 다시 셉니다(영 제64조제5항).")
    return by


def _pay_by(work: Working, claimed_on: date, ending: str, local: Collection[date]) -> date:
    days = work.number(f"contract.payment_days{ending}", claimed_on)
    by = working_days.after_working_days(claimed_on, days, local)
    work.step(
        "대가 지급",
        f"{working_days.written(claimed_on)} 청구, 평일 {days}일째 {working_days.written(by)}까지",
    )
    later = working_days.written(working_days.after_working_days(by, days, local))
    work.note(f"늦추기로 한 특약이 있으면 평일 {days}일을 더해 {later}까지(영 제67조제1항 후단).")
    work.note("늦으면 지급기한 다음 날부터 금고의 연체이자율로 이자를 줍니다(영 제68조).")
    return by


def _if_off(work: Working, day: date, local: Collection[date]) -> None:
    if not working_days.is_working(day, local):
        safe = working_days.written(working_days.on_or_before(day, local))
        work.note(f"{working_days.written(day)}은 쉬는 날: {safe}까지 하면 늦지 않습니다.")


def _per_mille(rate: Decimal) -> str:
    return f"1000분의 {(rate * 1000).normalize():f}"


def _may_be(field: str, amount_won: int) -> None:
    if not 0 < amount_won <= MOST_WON:
        raise NotPossible(field, "금액은 1원부터 10조원까지 적습니다.")
