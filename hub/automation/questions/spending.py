"""회계: 품의 and 지출결의 as words to paste, and receipts."""

from typing import Annotated, Final

from pydantic import Field

from hub.automation import spending
from hub.automation.answer import Answer
from hub.automation.question import Asked, Day, Group, OfficeRules, Question, Questioned
from hub.automation.questions.typed import Line, LineOrNone, Won, WonOrNone


class Item(Questioned):
    """One line of what is bought."""

    name: Annotated[Line, Asked("품명")]
    pieces: Annotated[int, Field(ge=1, le=spending.PIECES_MOST), Asked("수량")] = 1
    each_won: Annotated[WonOrNone, Asked("단가", unit="원")]


class Request(Questioned):
    """What is to be spent."""

    purpose: Annotated[Line, Asked("무엇을 하려고", "예: 회의용 다과 구입")]
    spent: Annotated[spending.Spent, Asked("경비", choices=spending.SPENT)] = spending.Spent.GOODS
    items: Annotated[
        tuple[Item, ...], Field(min_length=1, max_length=spending.ITEMS_MOST), Asked("산출내역")
    ]
    vat_apart: Annotated[bool, Asked("단가에 부가세가 없음", "더해 셈해요")] = False
    budget_code: Annotated[Line, Asked("예산과목", "예: 201-01 사무관리비")]
    ground: Annotated[LineOrNone, Asked("근거", "관련 문서나 법령")] = ""
    tier: Annotated[spending.Tier, Asked("기관", choices=spending.TIERS)] = spending.Tier.LOCAL
    day: Annotated[Day, Asked("품의일", today=True)]


class Payment(Questioned):
    """What is to be paid."""

    purpose: Annotated[Line, Asked("적요", "예: 회의용 다과 구입 대금")]
    payee: Annotated[Line, Asked("채권자")]
    paid_won: Annotated[Won, Asked("지출액", unit="원")]
    tax_won: Annotated[WonOrNone, Asked("공제액", "원천징수한 세금", "원")] = 0
    kind: Annotated[spending.Paid | None, Asked("표시", "해당할 때만", choices=spending.PAID)] = (
        None
    )
    budget_code: Annotated[Line, Asked("예산과목", "예: 201-01 사무관리비")]
    ground: Annotated[LineOrNone, Asked("근거", "원인행위 문서")] = ""
    day: Annotated[Day, Asked("지출일", today=True)]


class Receipt(Questioned):
    """One purchase."""

    seller: Annotated[spending.Seller, Asked("파는 쪽", choices=spending.SELLERS)] = (
        spending.Seller.COMMON
    )
    by_card: Annotated[bool, Asked("카드로 냄")] = False
    is_exempt: Annotated[bool, Asked("면세 품목", "도서·농산물 등")] = False
    day: Annotated[Day, Asked("산 날", today=True)]


def _request(office: OfficeRules, asked: Request) -> Answer:
    wanted = spending.Wanted(asked.purpose, asked.budget_code, asked.ground, asked.vat_apart)
    items = [spending.Item(one.name, one.pieces, one.each_won) for one in asked.items]
    return spending.request(office.book, asked.day, asked.spent, wanted, items, asked.tier)


def _payment(office: OfficeRules, asked: Payment) -> Answer:
    wanted = spending.Wanted(asked.purpose, asked.budget_code, asked.ground)
    sums = (asked.payee, asked.paid_won, asked.tax_won)
    return spending.payment(office.book, asked.day, wanted, *sums, asked.kind)


def _receipt(office: OfficeRules, asked: Receipt) -> Answer:
    return spending.receipt(
        office.book, asked.day, asked.seller, by_card=asked.by_card, is_exempt=asked.is_exempt
    )


QUESTIONS: Final = (
    Question(
        "request-text", Group.ACCOUNTING, "품의 문안", "온나라에 붙여넣을 품의", Request, _request
    ),
    Question(
        "payment-text", Group.ACCOUNTING, "지출결의 문안", "e호조에 붙여넣을 적요와 금액",
        Payment, _payment,
    ),
    Question(
        "receipt", Group.ACCOUNTING, "증빙 찾기", "과세유형에 따라 무엇을 받는지",
        Receipt, _receipt,
    ),
)  # fmt: skip
