"""회계: withholding, VAT, contracts."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from hub.automation import contract, vat, withholding
from hub.automation.answer import Answer
from hub.automation.question import Asked, Day, Group, OfficeRules, Question, Questioned
from hub.automation.questions.typed import Won, WonOrNone
from hub.automation.withholding import Income


class Withholding(Questioned):
    """One payment to one person."""

    income: Annotated[Income, Asked("소득 유형", choices=withholding.NAMES)] = Income.LECTURE
    paid_won: Annotated[Won, Asked("지급액", unit="원")]
    paid_on: Annotated[Day, Asked("지급일", today=True)]


class VatIn(StrEnum):
    """Whether VAT is in the amount."""

    TOTAL = "total"
    SUPPLY = "supply"


class Vat(Questioned):
    """One amount."""

    contains: Annotated[
        VatIn, Asked("부가세", choices={"total": "금액에 포함", "supply": "금액과 별도"})
    ] = VatIn.TOTAL
    amount_won: Annotated[Won, Asked("금액", unit="원")]
    day: Annotated[Day, Asked("공급한 날", today=True)]


class Method(Questioned):
    """One contract before it is made."""

    kind: Annotated[contract.Kind, Asked("무엇을", choices=contract.NAMES)] = contract.Kind.GOODS
    estimated_won: Annotated[Won, Asked("추정가격", "부가세를 뺀 금액", "원")]
    contract_won: Annotated[Won, Asked("계약금액", "부가세를 더한 금액", "원")]
    partner: Annotated[contract.Partner, Asked("상대", choices=contract.PARTNERS)] = (
        contract.Partner.ANY
    )
    day: Annotated[Day, Asked("계약일", today=True)]


class Delay(Questioned):
    """A contract that was late."""

    what: Annotated[contract.Delayed, Asked("무엇이", choices=contract.DELAYED)] = (
        contract.Delayed.GOODS
    )
    contract_won: Annotated[Won, Asked("계약금액", unit="원")]
    days: Annotated[int, Field(ge=0, le=contract.DELAY_DAYS_MOST), Asked("지체일수", unit="일")]
    taken_over_won: Annotated[WonOrNone, Asked("기성·기납 부분", "이미 인수한 금액", "원")] = 0
    day: Annotated[Day, Asked("계약일", today=True)]


class Dates(Questioned):
    """A contract that was carried out."""

    finished_on: Annotated[Day, Asked("이행 완료 통지를 받은 날", today=True)]
    claimed_on: Annotated[Day | None, Asked("대가 청구를 받은 날", "아직이면 비워 두세요")] = None
    is_crisis: Annotated[bool, Asked("행안부 위기 고시 기간", "검사·지급 기한이 짧아져요")] = False
    is_extended: Annotated[bool, Asked("검사 기간 연장", "행안부장관이 정한 경우만")] = False


def _vat(office: OfficeRules, asked: Vat) -> Answer:
    does = vat.split if asked.contains is VatIn.TOTAL else vat.added
    return does(office.book, asked.day, asked.amount_won)


def _withholding(office: OfficeRules, asked: Withholding) -> Answer:
    paid = (asked.paid_on, asked.income, asked.paid_won)
    return withholding.withheld(office.book, *paid, office.holidays)


def _method(office: OfficeRules, asked: Method) -> Answer:
    amounts = (asked.estimated_won, asked.contract_won)
    return contract.method(office.book, asked.day, asked.kind, *amounts, asked.partner)


def _delay(office: OfficeRules, asked: Delay) -> Answer:
    how_much = (asked.contract_won, asked.days, asked.taken_over_won)
    return contract.delay(office.book, asked.day, asked.what, *how_much)


def _dates(office: OfficeRules, asked: Dates) -> Answer:
    return contract.dates(
        office.book, asked.finished_on, asked.claimed_on, is_crisis=asked.is_crisis,
        is_extended=asked.is_extended, local=office.holidays,
    )  # fmt: skip


QUESTIONS: Final = (
    Question(
        "withholding", Group.ACCOUNTING, "원천징수",
        "강사료·사례금·인건비에서 뗄 소득세와 지방소득세", Withholding, _withholding,
    ),
    Question(
        "vat", Group.ACCOUNTING, "부가가치세", "합계에서 공급가액과 세액을, 또는 거꾸로", Vat, _vat
    ),
    Question(
        "contract-method", Group.ACCOUNTING, "계약 방법과 견적",
        "수의계약이 되는지, 견적 몇 장인지, 어떤 서류가 드는지", Method, _method,
    ),
    Question(
        "contract-dates", Group.ACCOUNTING, "검사·대가 지급 기한",
        "언제까지 검사하고 언제까지 돈을 주는지", Dates, _dates,
    ),
    Question(
        "delay", Group.ACCOUNTING, "지연배상금", "늦은 계약에서 받을 배상금", Delay, _delay
    ),
)  # fmt: skip
