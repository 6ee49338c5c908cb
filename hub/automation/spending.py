"""품의 and 지출결의 as words to paste, and which receipt to ask for.

The law gives the amount's form (규칙 제2조제2항) and what may go without 품의 (훈령 제11조제5항);
the sentences are ours. 훈령 was read in extracts: secondary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from hub.automation import won
from hub.automation.answer import Answer, NotPossible, Working
from hub.automation.contract import MOST_WON
from hub.document import numbering
from hub.rules.book import RuleBook

ITEMS_MOST: Final = 50
PIECES_MOST: Final = 1_000_000


class Tier(StrEnum):
    """Which kind of office, as far as 전결 goes by it."""

    DO = "do"
    LARGE = "large"
    LOCAL = "local"


TIERS: Final = {
    Tier.DO: "시·도", Tier.LARGE: "구가 있는 시·인구 50만 이상 시", Tier.LOCAL: "시·군·구",
}  # fmt: skip


class Spent(StrEnum):
    """For what, as far as 품의 goes by it."""

    WORKS = "works"
    GOODS = "goods"
    PROMOTION = "promotion"
    GRANTS = "grants"
    DUTY = "duty"
    UTILITIES = "utilities"
    TAXES = "taxes"
    PAY = "pay"
    TRAVEL = "travel"
    PETTY = "petty"
    OTHER = "other"


SPENT: Final = {
    Spent.WORKS: "공사·토지 매입", Spent.GOODS: "물품·제조·용역",
    Spent.PROMOTION: "시책추진·기관운영 업무추진비",
    Spent.GRANTS: "민간위탁·민간이전·보조·보상·행사", Spent.DUTY: "직무수행경비",
    Spent.UTILITIES: "공공요금", Spent.TAXES: "제세공과금", Spent.PAY: "인건비",
    Spent.TRAVEL: "여비", Spent.PETTY: "일상경비 교부", Spent.OTHER: "그 밖",
}  # fmt: skip
_WITHOUT: Final = frozenset({
    Spent.DUTY, Spent.UTILITIES, Spent.TAXES, Spent.PAY, Spent.TRAVEL, Spent.PETTY,
})  # fmt: skip
_AGREED: Final = frozenset({Spent.WORKS, Spent.GOODS, Spent.PROMOTION, Spent.GRANTS})


@dataclass(frozen=True, slots=True)
class Item:
    """One line of what is bought: `pieces` of it, each for `each_won`."""

    name: str
    pieces: int
    each_won: int

    @property
    def total_won(self) -> int:
        """Of all pieces."""
        return self.pieces * self.each_won


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: for what purpose, out of which budget code, on which ground."""

    purpose: str
    budget_code: str
    ground: str = ""
    vat_apart: bool = False
    """The prices are without VAT: it is added."""


def request(
    book: RuleBook, day: date, spent: Spent, wanted: Wanted, items: Sequence[Item],
    tier: Tier = Tier.LOCAL,
) -> Answer:  # fmt: skip
    """품의: whether it is needed, who has to agree, and its words.

    Raises:
        NotPossible, OutsideTable.
    """
    _may_be(items)
    work = Working(book, day)
    for one in items:
        work.step(one.name, _line(one))
    lines = [f"{one.name}: {_line(one)}" for one in items]
    total = _with_vat(work, sum(one.total_won for one in items), wanted, lines)
    if total > MOST_WON:
        raise NotPossible("items", "합계는 10조원까지 적습니다.")
    within = _within(work, spent, tier, total)
    needed, agreed = spent not in _WITHOUT, spent in _AGREED
    if not needed:
        work.note(f"{SPENT[spent]}은 품의를 생략할 수 있습니다(훈령 제11조제5항).")
    if spent is Spent.PAY:
        work.note(
            "시간외근무수당·성과상여금·포상금은 회계부서의 합의를 받습니다(훈령 제12조제1항)."
        )
    if agreed:
        work.note("회계부서(일상경비는 일상경비출납원)의 합의를 받습니다(훈령 제12조제1항).")
    return work.answer(
        f"품의 {won.digits(total)}" + ("" if needed else " · 품의 생략 가능"),
        _request_text(wanted, lines, total),
        total_won=total, is_needed=needed, needs_agreement=agreed, is_within=within,
    )  # fmt: skip


def _may_be(items: Sequence[Item]) -> None:
    if not 0 < len(items) <= ITEMS_MOST:
        raise NotPossible("items", f"품목은 1개부터 {ITEMS_MOST}개까지 적습니다.")
    for nth, one in enumerate(items):
        if not 0 < one.pieces <= PIECES_MOST:
            raise NotPossible("items", f"수량은 1부터 {PIECES_MOST:,}까지 적습니다.", nth, "pieces")
        if not 0 <= one.each_won <= MOST_WON:
            raise NotPossible("items", "단가는 0원부터 10조원까지 적습니다.", nth, "each_won")


def _with_vat(work: Working, sum_won: int, wanted: Wanted, lines: list[str]) -> int:
    if not wanted.vat_apart:
        work.step("합계", won.digits(sum_won))
        return sum_won
    rate = work.rate("vat.rate")
    tax = won.floor(sum_won * rate)
    work.step("부가가치세", f"{won.digits(sum_won)} × {won.percent(rate)} → {won.digits(tax)}")
    work.step("합계", won.digits(sum_won + tax))
    lines.append(f"부가가치세: {won.digits(tax)}")
    return sum_won + tax


def _within(work: Working, spent: Spent, tier: Tier, total: int) -> bool:
    kind = {Spent.WORKS: "works", Spent.GOODS: "goods"}.get(spent, "other")
    limit = work.found(f"expenditure.request.{tier.value}.{kind}_won")
    most = work.number(limit.key)
    fits = total <= most
    sign = "≤" if fits else ">"
    work.step("전결 한도", f"{TIERS[tier]}: {won.digits(total)} {sign} {won.digits(most)}")
    if not fits:
        work.note("전결 품의의 한도를 넘습니다(훈령 제11조제1항). 기관의 위임전결 규정을 보십시오.")
    return fits


def _line(one: Item) -> str:
    return f"{won.digits(one.each_won)} × {one.pieces:,} = {won.digits(one.total_won)}"


def _request_text(wanted: Wanted, lines: Sequence[str], total: int) -> str:
    said = [f"{wanted.purpose} 예산을 다음과 같이 집행하고자 합니다."]
    if wanted.ground:
        said.append(f"근거: {wanted.ground}")
    said += [f"소요예산: {won.official(total)}", f"예산과목: {wanted.budget_code}"]
    if len(lines) == 1:
        said.append(f"산출근거: {lines[0]}")
        basis: list[str] = []
    else:
        said.append("산출근거")
        basis = [f"  {numbering.mark(2, nth)} {line}" for nth, line in enumerate(lines, 1)]
    told = [f"{numbering.mark(1, nth)} {line}" for nth, line in enumerate(said, 1)]
    return "\n".join([*told, *basis]) + "  끝."


def payment(
    book: RuleBook, day: date, wanted: Wanted, payee: str, paid_won: int, tax_won: int = 0,
    kind: "Paid | None" = None,
) -> Answer:  # fmt: skip
    """지출결의: the whole, what is taken off, what the payee gets, and its words.

    Args:
        book: the rules.
        day: when.
        wanted: for what.
        payee: who is paid, as it is to be written.
        paid_won: the whole.
        tax_won: what is withheld of it.
        kind: 일상경비·개산급·정산급·선금, which is marked.

    Raises:
        NotPossible, OutsideTable.
    """
    if not 0 < paid_won <= MOST_WON:
        raise NotPossible("paid_won", "금액은 1원부터 10조원까지 적습니다.")
    if not 0 <= tax_won < paid_won:
        raise NotPossible("tax_won", "공제액은 지출액보다 작아야 합니다.")
    work = Working(book, day)
    rest = paid_won - tax_won
    work.step("지출액", won.digits(paid_won))
    if tax_won:
        taken = f"{won.digits(paid_won)} − {won.digits(tax_won)} = {won.digits(rest)}"
        work.step("공제", taken)
        work.note("공제액과 채권자 지급액을 나누어 적고 총액으로 지급명령을 합니다(훈령 제40조).")
        due = work.number("withholding.pay_by_day")
        work.step("납부", f"뗀 달의 다음 달 {due}일까지")
    if kind is not None:
        work.note(f"지출결의서 위 빈자리에 ‘{PAID[kind]}’이라고 적습니다(훈령 제43조제1항).")
    work.found("withholding.round_won")
    work.note("서류, 배정액과 한도, 연도와 과목을 확인하고 지급명령을 합니다(영 제33조).")
    work.note(
        "청구서를 붙입니다. 여럿의 인건비, 보조금, 일상경비 등은 생략합니다(훈령 제39조제1항)."
    )
    work.note("금액은 지우거나 일부만 고치지 못합니다(훈령 제97조).")
    return work.answer(
        f"지출 {won.digits(paid_won)}, 채권자 {won.digits(rest)}",
        _payment_text(wanted, payee, paid_won, tax_won, kind),
        paid_won=paid_won, tax_won=tax_won, rest_won=rest,
    )  # fmt: skip


class Paid(StrEnum):
    """What kind of payment is marked on the paper."""

    PETTY = "petty"
    ESTIMATE = "estimate"
    SETTLED = "settled"
    ADVANCE = "advance"


PAID: Final = {
    Paid.PETTY: "일상경비", Paid.ESTIMATE: "개산급", Paid.SETTLED: "정산급", Paid.ADVANCE: "선금",
}  # fmt: skip


def _payment_text(wanted: Wanted, payee: str, paid: int, tax: int, kind: Paid | None) -> str:
    told = [f"({PAID[kind]})"] if kind is not None else []
    told += [
        f"적요: {wanted.purpose}", f"예산과목: {wanted.budget_code}",
        f"지출액: {won.official(paid)}",
    ]  # fmt: skip
    if tax:
        told += [f"공제액: {won.official(tax)}", f"채권자 지급액: {won.official(paid - tax)}"]
    told.append(f"채권자: {payee}")
    if wanted.ground:
        told.append(f"근거: {wanted.ground}")
    return "\n".join(told)


class Seller(StrEnum):
    """What kind of tax payer sells: as 국세청 says it (tax_type_cd)."""

    COMMON = "common"
    SIMPLE = "simple"
    SIMPLE_INVOICE = "simple-invoice"
    EXEMPT = "exempt"
    NON_PROFIT = "non-profit"
    NOBODY = "nobody"
    """Not registered: a person."""


SELLERS: Final = {
    Seller.COMMON: "일반과세자(01)", Seller.SIMPLE: "간이과세자(02)",
    Seller.SIMPLE_INVOICE: "간이과세자, 세금계산서 발급(07)", Seller.EXEMPT: "면세사업자(04)",
    Seller.NON_PROFIT: "비영리·국가기관·고유번호(05·06)", Seller.NOBODY: "사업자가 아닌 사람",
}  # fmt: skip
_RECEIPTS: Final = {
    Seller.COMMON: "세금계산서",
    Seller.SIMPLE: "신용카드매출전표 또는 현금영수증",
    Seller.SIMPLE_INVOICE: "세금계산서",
    Seller.EXEMPT: "계산서",
    Seller.NON_PROFIT: "청구서와 영수증 등 지급을 밝히는 서류",
    Seller.NOBODY: "계좌 입금 등 지급을 밝히는 서류",
}


def receipt(book: RuleBook, day: date, seller: Seller, *, by_card: bool, is_exempt: bool) -> Answer:
    """Which receipt to ask for. `is_exempt`: what is bought has no VAT (부가가치세법 제26조).

    Raises:
        OutsideTable.
    """
    work = Working(book, day)
    told = _RECEIPTS[seller]
    if is_exempt and seller in (Seller.COMMON, Seller.SIMPLE, Seller.SIMPLE_INVOICE):
        told = "계산서"
    if by_card and seller is not Seller.NOBODY:
        told = "신용카드매출전표"
    work.step("파는 쪽", SELLERS[seller])
    work.step("받을 증빙", told)
    _receipt_notes(work, seller, by_card)
    has_tax = seller in (Seller.COMMON, Seller.SIMPLE_INVOICE) and not is_exempt
    work.rate("vat.rate")
    return work.answer(
        f"받을 증빙: {told}", f"증빙: {told} ({SELLERS[seller]})",
        receipt=told, shows_vat=has_tax,
    )  # fmt: skip


def _receipt_notes(work: Working, seller: Seller, by_card: bool) -> None:
    work.note("사업자에게서는 세금계산서·계산서·카드전표·현금영수증을 받습니다(훈령 제107조제1항).")
    work.note(
        "일상경비로 물품을 사면 사업자등록증을 확인하고 세금계산서를 받습니다(훈령 제32조제4항)."
    )
    if by_card:
        work.note("신용카드매출전표는 영수증으로 봅니다(부가가치세법 제36조제5항).")
    if seller is Seller.SIMPLE:
        most = won.digits(work.number("vat.receipt_only_won"))
        work.note(
            f"지난해 공급대가 {most} 미만인 간이과세자는 세금계산서 대신 영수증을 발급합니다."
        )
    if seller is Seller.NON_PROFIT:
        work.note(
            "사업자가 아닌 상대의 증빙은 훈령 제107조가 정하지 않습니다. 과세유형을 확인하십시오."
        )
    if seller is Seller.NOBODY:
        work.note(
            "계좌 입금이 원칙입니다(훈령 제33조). 강사료·사례금이면 원천징수를 먼저 보십시오."
        )
