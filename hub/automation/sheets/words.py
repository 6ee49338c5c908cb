"""What the figures of an answer are called over their columns."""

from collections.abc import Mapping
from typing import Final

RESULT: Final = "결과"
AFTER: Final = ("근거", "참고", "이유")
"""After the figures: the articles, what to know beside it, and why a row was not worked out."""
WITH: Final = "{number}줄과 함께 셈함"
FAULT: Final = "이 줄은 셈하지 못했어요. 프로그램의 잘못이니 관리자에게 알려 주세요."

FIGURES: Final[Mapping[str, str]] = {
    "after_days": "출산 뒤의 날(일)",
    "ahead_days": "당겨쓸 날(일)",
    "announce_by": "공지 기한",
    "back_won": "돌려줄 금액(원)",
    "bond_won": "계약보증금(원)",
    "books_by": "출납사무 완결",
    "by_age_until": "나이로 쓰는 마지막 날",
    "by_tenure_days": "재직기간의 연가(일)",
    "calendar_days": "토·공휴일 넣은 날(일)",
    "can": "됨",
    "counts_days_off": "토·공휴일 셈",
    "daily_won": "일비(원)",
    "days": "일수(일)",
    "fare_won": "운임 합계(원)",
    "hours": "시간 합계",
    "inspect_by": "검사 기한",
    "is_capped": "한도에 걸림",
    "is_direct": "수의계약",
    "is_enough_after": "출산 뒤가 넉넉함",
    "is_long": "4시간 이상",
    "is_needed": "필요",
    "is_paid": "유급",
    "is_within": "전결 한도 안",
    "last_on": "마지막 날",
    "late_by": "예외 기한",
    "least_won": "적어도(원)",
    "leave_days": "연가(일)",
    "leave_hours": "연가(시간)",
    "left_days": "남은 날(일)",
    "left_months": "남은 달(개월)",
    "left_times": "남은 횟수(번)",
    "local_tax_won": "지방소득세(원)",
    "lodging_won": "숙박비 합계(원)",
    "lost_hours": "소멸(시간)",
    "may_take_ahead_days": "당겨쓸 수 있는 연가(일)",
    "meals_won": "식비(원)",
    "minutes": "분 합계",
    "more_won": "더 줄 금액(원)",
    "most_days": "한도(일)",
    "most_months": "한도(개월)",
    "most_won": "한도(원)",
    "must_grant": "허가해야 함",
    "name_by": "시기 지정 기한",
    "needs_agreement": "합의 필요",
    "needs_bond": "보증금 필요",
    "needs_inspection_record": "검사조서 필요",
    "needs_note": "진단서 필요",
    "needs_paper": "계약서 필요",
    "off_annual_days": "연가에서 뺄 날(일)",
    "over_days": "넘친 날(일)",
    "owed_won": "지연배상금(원)",
    "paid_days": "보상·유급(일)",
    "paid_hours": "수당 받을 시간",
    "paid_won": "지급한 금액(원)",
    "pay_by": "내는 기한",
    "pay_from": "지급일 처음",
    "pay_to": "지급일 끝",
    "pay_won": "줄 금액(원)",
    "quotes": "견적서 수",
    "receipt": "받을 증빙",
    "reply_by": "통보 기한",
    "rest_won": "실지급액(원)",
    "saved_hours": "이월·저축(시간)",
    "settle_by": "정산 기한",
    "shows_vat": "세액이 적힘",
    "supply_won": "공급가액(원)",
    "tax_won": "세액(원)",
    "total_won": "합계(원)",
    "unpaid_days": "무급(일)",
    "until": "기간의 마지막 날",
    "urge_from": "촉구 처음",
    "urge_to": "촉구 끝",
    "window_days": "쓸 수 있는 기간(일)",
    "working_days": "토·공휴일 뺀 날(일)",
}


def figure(name: str) -> str:
    """Its heading; a name that is not here stays as programs know it."""
    return FIGURES.get(name, name)
