"""회계: guarantees of contracts, and money in advance."""

from typing import Annotated, Final

from hub.automation import guarantees
from hub.automation.answer import Answer
from hub.automation.question import Asked, Day, Group, OfficeRules, Question, Questioned
from hub.automation.questions.typed import Won, WonOrNone


class Bond(Questioned):
    """One bid, or one contract."""

    what: Annotated[guarantees.Bond, Asked("무엇", choices=guarantees.BONDS)] = (
        guarantees.Bond.CONTRACT
    )
    amount_won: Annotated[Won, Asked("금액", "입찰이면 입찰금액, 아니면 계약금액", "원")]
    is_crisis: Annotated[bool, Asked("행안부 위기 고시 기간", "비율이 낮아져요")] = False
    awarded_won: Annotated[WonOrNone, Asked("낙찰금액", "공사이행보증서만", "원")] = 0
    planned_won: Annotated[WonOrNone, Asked("예정가격", "공사이행보증서만", "원")] = 0
    day: Annotated[Day, Asked("계약일", "입찰이면 입찰일", today=True)]


class Defect(Questioned):
    """One contract that was carried out."""

    made: Annotated[guarantees.Made, Asked("무엇을", choices=guarantees.MADE)] = (
        guarantees.Made.BOUGHT_GOODS
    )
    contract_won: Annotated[Won, Asked("계약금액", unit="원")]
    day: Annotated[Day, Asked("계약일", today=True)]


class Advance(Questioned):
    """One contract for works, making or service."""

    contract_won: Annotated[Won, Asked("계약금액", unit="원")]
    asked_won: Annotated[WonOrNone, Asked("청구한 선금", "아직이면 0", "원")] = 0
    claimed_on: Annotated[Day | None, Asked("청구를 받은 날", "아직이면 비워 두세요")] = None
    day: Annotated[Day, Asked("계약일", today=True)]


def _bond(office: OfficeRules, asked: Bond) -> Answer:
    return guarantees.bond(office.book, **asked.model_dump())


def _defect(office: OfficeRules, asked: Defect) -> Answer:
    return guarantees.defect(office.book, asked.day, asked.made, asked.contract_won)


def _advance(office: OfficeRules, asked: Advance) -> Answer:
    return guarantees.advance(office.book, **asked.model_dump())


QUESTIONS: Final = (
    Question(
        "bond", Group.ACCOUNTING, "입찰·계약 보증금", "얼마 이상 받는지, 면제할 수 있는지",
        Bond, _bond,
    ),
    Question(
        "defect-bond", Group.ACCOUNTING, "하자보수보증금", "몇 퍼센트인지, 받아야 하는지",
        Defect, _defect,
    ),
    Question(
        "advance", Group.ACCOUNTING, "선금", "얼마까지, 언제까지 주는지", Advance, _advance
    ),
)  # fmt: skip
