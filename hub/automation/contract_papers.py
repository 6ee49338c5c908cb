"""Which papers a contract needs, when it is made, inspected and paid. Pure.

Forms of an office's own 재무회계 규칙, and what a law of the trade asks for, are not here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.automation.answer import Working


@dataclass(frozen=True, slots=True)
class Made:
    """What the papers go by. `quotes`: how many, None where it is put to tender."""

    contract_won: int
    quotes: int | None
    is_works: bool
    is_lease: bool
    favoured: str = ""
    """What the partner has to show to be."""


def told(work: Working, made: Made) -> str:
    """All papers in one line, and a step for each stage. Raises OutsideTable."""
    stages = (
        ("계약할 때 받을 것", list(_at_first(work, made))),
        ("검사할 때 만들 것", list(_at_inspection(work, made))),
        ("대가를 줄 때 받을 것", list(_at_payment(work, made))),
    )
    for says, papers in stages:
        work.step(says, ", ".join(papers))
    return ", ".join(paper for _, papers in stages for paper in papers)


def _at_first(work: Working, made: Made) -> Iterator[str]:
    if made.quotes:
        yield "견적서 1부" if made.quotes == 1 else "견적서 2인 이상(나라장터)"
    if made.quotes in (2, None):
        yield "예정가격조서"
    if made.favoured:
        yield f"{made.favoured} 등 확인서류"
    yield "청렴서약서"
    if made.contract_won > work.number("contract.paper.none_won"):
        yield "계약서"
    else:
        yield "청구서·각서·협정서처럼 계약을 증명할 서류"
    if made.contract_won > work.number("contract.bond.none_won"):
        yield "계약보증금 또는 보증서"
    else:
        yield "계약보증금 지급 확약서"


def _at_inspection(work: Working, made: Made) -> Iterator[str]:
    if made.contract_won >= work.number("contract.inspection.none_under_won"):
        yield "검사조서"
    else:
        yield "검사·검수한 사실의 기록(조서 생략 가능)"


def _at_payment(work: Working, made: Made) -> Iterator[str]:
    yield "대가 청구서"
    yield "세금계산서(면세면 계산서, 카드면 전표)"
    if made.is_works and made.contract_won > work.number("contract.defect.none_won"):
        yield "하자보수보증금 납부서"
    elif not made.is_works and not made.is_lease:
        work.note(
            "담보책임 기간을 정한 물품·용역이면 하자보수보증금도 받습니다(법 제20조제2항, 제21조)."
        )
