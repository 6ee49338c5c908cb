"""What the figures of an answer are called over their columns."""

from collections.abc import Mapping
from typing import Final

RESULT: Final = "결과"
AFTER: Final = ("근거", "참고", "이유")
"""After the figures: the articles, what to know beside it, and why a row was not worked out."""
WITH: Final = "{number}줄과 함께 셈함"
FAULT: Final = "이 줄은 셈하지 못했어요. 프로그램의 잘못이니 관리자에게 알려 주세요."

FIGURES: Final[Mapping[str, str]] = {
    "bond_won": "계약보증금(원)",
    "by_tenure_days": "재직기간의 연가(일)",
    "daily_won": "일비(원)",
    "days": "일수(일)",
    "fare_won": "운임 합계(원)",
    "hours": "시간 합계",
    "inspect_by": "검사 기한",
    "is_capped": "한도에 걸림",
    "is_direct": "수의계약",
    "is_long": "4시간 이상",
    "local_tax_won": "지방소득세(원)",
    "lodging_won": "숙박비 합계(원)",
    "may_take_ahead_days": "당겨쓸 수 있는 연가(일)",
    "meals_won": "식비(원)",
    "minutes": "분 합계",
    "needs_bond": "보증금 필요",
    "needs_inspection_record": "검사조서 필요",
    "needs_paper": "계약서 필요",
    "owed_won": "지연배상금(원)",
    "paid_won": "지급한 금액(원)",
    "pay_by": "내는 기한",
    "pay_won": "줄 금액(원)",
    "quotes": "견적서 수",
    "rest_won": "실지급액(원)",
    "settle_by": "정산 기한",
    "supply_won": "공급가액(원)",
    "tax_won": "세액(원)",
    "total_won": "합계(원)",
}


def figure(name: str) -> str:
    """Its heading; a name that is not here stays as programs know it."""
    return FIGURES.get(name, name)
