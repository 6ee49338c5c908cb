"""부가가치세: a total split into supply and tax, or the tax on a supply."""

from datetime import date
from typing import Final

from hub.automation import won
from hub.automation.answer import Answer, NotPossible, Working
from hub.rules.book import RuleBook

MOST_WON: Final = 1_000_000_000_000


def split(book: RuleBook, day: date, total_won: int) -> Answer:
    """Supply and tax in a total that holds both. Raises NotPossible, OutsideTable."""
    _may_be(total_won)
    work = Working(book, day)
    rate = work.rate("vat.rate")
    supply = won.floor(total_won / (1 + rate))
    tax = total_won - supply
    work.step("공급가액", f"{won.digits(total_won)} ÷ {1 + rate} → {won.digits(supply)}")
    work.step("세액", f"{won.digits(total_won)} − {won.digits(supply)} = {won.digits(tax)}")
    work.note(
        "1원 미만은 공급가액에서 버렸습니다. 세금계산서와 1원이 다르면 세금계산서를 따릅니다."
    )
    return _told(work, supply, tax)


def added(book: RuleBook, day: date, supply_won: int) -> Answer:
    """The tax on a supply, and the total. Raises NotPossible, OutsideTable."""
    _may_be(supply_won)
    work = Working(book, day)
    rate = work.rate("vat.rate")
    tax = won.floor(supply_won * rate)
    work.step("세액", f"{won.digits(supply_won)} × {won.percent(rate)} → {won.digits(tax)}")
    return _told(work, supply_won, tax)


def _may_be(amount_won: int) -> None:
    if not 0 < amount_won <= MOST_WON:
        raise NotPossible("amount_won", "금액은 1원부터 1조원까지 적습니다.")


def _told(work: Working, supply: int, tax: int) -> Answer:
    work.note("도서·농산물 같은 면세 품목(부가가치세법 제26조)은 세액이 0원입니다.")
    line = f"공급가액 {won.digits(supply)}, 세액 {won.digits(tax)}"
    return work.answer(
        line, f"{line}, 합계 {won.official(supply + tax)}",
        supply_won=supply, tax_won=tax, total_won=supply + tax,
    )  # fmt: skip
