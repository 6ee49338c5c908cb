# ruff: noqa: E501  (a table is read row by row)
"""Worked examples: a text, the rule that speaks, what its one touch makes of it, and its article.

Sources: 행정업무의 운영 및 혁신에 관한 규정 (2026-05-19) and its 시행규칙 (2023-06-28), read in
their text; what only the handbook says is marked as such.
"""

from typing import Final

import pytest

from hub.automation.letters import lint
from hub.automation.letters.finding import Certainty, Severity

DECREE, BY_RULES = (
    "행정업무의 운영 및 혁신에 관한 규정",
    "행정업무의 운영 및 혁신에 관한 규정 시행규칙",
)
HANDBOOK, LANGUAGE, SPELLING = "행정업무운영 편람", "국어기본법", "한글 맞춤법"

MENDED: Final = [
    # rule, typed, after one touch, law, place
    ("date-zeros", "2026. 06. 01. 개최", "2026. 6. 1. 개최", HANDBOOK, ""),
    ("date-zeros", "2026.06.01. 개최", "2026. 6. 1. 개최", HANDBOOK, ""),
    ("date-spaces", "2026.6.1. 개최", "2026. 6. 1. 개최", HANDBOOK, ""),
    ("date-separator", "회의는 2026-06-01에 엽니다.", "회의는 2026. 6. 1.에 엽니다.", DECREE, "제7조제5항"),
    ("date-separator", "기한 2026/6/1까지", "기한 2026. 6. 1.까지", DECREE, "제7조제5항"),
    ("date-letters", "2026년 6월 1일부터", "2026. 6. 1.부터", DECREE, "제7조제5항"),
    ("date-letters", "6월 1일까지 제출", "6. 1.까지 제출", DECREE, "제7조제5항"),
    ("date-dot", "2026. 6. 1까지", "2026. 6. 1.까지", DECREE, "제7조제5항"),
    ("date-dot", "(2026. 6. 1)", "(2026. 6. 1.)", DECREE, "제7조제5항"),
    ("date-year", "’26. 6. 1. 개최", "2026. 6. 1. 개최", HANDBOOK, ""),
    ("date-weekday-gap", "2026. 6. 1. (월)", "2026. 6. 1.(월)", HANDBOOK, ""),
    ("time-half", "오후 2시 30분", "14:30", DECREE, "제7조제5항"),
    ("time-half", "오전 9시부터", "09:00부터", DECREE, "제7조제5항"),
    ("time-half", "오후 2시 반", "14:30", DECREE, "제7조제5항"),
    ("time-half", "오후 12시", "12:00", DECREE, "제7조제5항"),
    ("time-half", "오후 2:30", "14:30", DECREE, "제7조제5항"),
    ("time-letters", "14시 30분", "14:30", DECREE, "제7조제5항"),
    ("time-letters", "18시까지", "18:00까지", DECREE, "제7조제5항"),
    ("time-zero", "일시: 2026. 6. 1.(월) 9:00", "일시: 2026. 6. 1.(월) 09:00", HANDBOOK, ""),
    ("time-colon", "일시: 14 : 30", "일시: 14:30", DECREE, "제7조제5항"),
    (
        "amount-hangul", "소요 예산: 1,100,000원",
        "소요 예산: 금1,100,000원(금일백일십만원)", BY_RULES, "제2조제2항",
    ),
    ("amount-gold", "금 113,560원", "금113,560원(금일십일만삼천오백육십원)", BY_RULES, "제2조제2항"),
    ("amount-gold", "일금 113,560원정", "금113,560원(금일십일만삼천오백육십원)", BY_RULES, "제2조제2항"),
    (
        "amount-form", "113,560원(십일만삼천오백육십원)",
        "금113,560원(금일십일만삼천오백육십원)", BY_RULES, "제2조제2항",
    ),
    (
        "amount-form", "금 113,560원(금일십일만삼천오백육십원)",
        "금113,560원(금일십일만삼천오백육십원)", BY_RULES, "제2조제2항",
    ),
    ("amount-comma", "1100000원", "1,100,000원", BY_RULES, "제2조제2항"),
    ("amount-unit", "1,100천원", "1,100,000원", DECREE, "제7조제4항"),
    ("amount-unit", "15만원을", "150,000원을", DECREE, "제7조제4항"),
    ("amount-unit", "1억 5천만원", "150,000,000원", DECREE, "제7조제4항"),
    ("amount-unit", "1.5백만원", "1,500,000원", DECREE, "제7조제4항"),
    ("item-level", "1. 가\n1) 나\n2. 다", "1. 가\n가. 나\n2. 다", BY_RULES, "제2조제1항"),
    (
        "item-order", "1. 글\n  가. 하나\n  나. 둘\n  라. 셋\n2. 글",
        "1. 글\n  가. 하나\n  나. 둘\n  다. 셋\n2. 글", BY_RULES, "제2조제1항",
    ),
    ("item-order", "1. 하나\n2. 둘\n4. 셋", "1. 하나\n2. 둘\n3. 셋", BY_RULES, "제2조제1항"),
    ("item-indent", "1. 하나\n 가. 둘\n  나. 셋\n2. 넷", "1. 하나\n  가. 둘\n  나. 셋\n2. 넷", HANDBOOK, ""),
    ("item-space", "1.하나\n2. 둘", "1. 하나\n2. 둘", HANDBOOK, ""),
    ("item-alone", "1. 하나뿐입니다.", "하나뿐입니다.", HANDBOOK, ""),
    ("attached-word", "별첨  견적서 1부.", "붙임  견적서 1부.", BY_RULES, "제4조제4항"),
    ("attached-colon", "붙임 : 견적서 1부.", "붙임  견적서 1부.", HANDBOOK, ""),
    ("attached-dot", "붙임  견적서 1부", "붙임  견적서 1부.", HANDBOOK, ""),
    ("attached-gap", "붙임  견적서1부.", "붙임  견적서 1부.", HANDBOOK, ""),
    (
        "attached-number", "붙임  견적서 1부.\n      내역서 1부.",
        "붙임  1. 견적서 1부.\n      2. 내역서 1부.", BY_RULES, "제4조제4항",
    ),
    ("attached-number", "붙임  1. 견적서 1부.", "붙임  견적서 1부.", HANDBOOK, ""),
    (
        "attached-parted", "붙임  견적서 1부, 내역서 1부.",
        "붙임  1. 견적서 1부.\n      2. 내역서 1부.", BY_RULES, "제4조제4항",
    ),
    (
        "attached-indent", "붙임  1. 견적서 1부.\n2. 내역서 1부.",
        "붙임  1. 견적서 1부.\n      2. 내역서 1부.", HANDBOOK, "",
    ),
    ("end-missing", "알립니다.", "알립니다.  끝.", BY_RULES, "제4조제5항제1호"),
    ("end-missing", "붙임  견적서 1부.", "붙임  견적서 1부.  끝.", BY_RULES, "제4조제5항제1호"),
    ("end-early", "알립니다.  끝.\n붙임  서식 1부.", "알립니다.\n붙임  서식 1부.", BY_RULES, "제4조제5항제1호"),
    ("end-form", "알립니다.  (끝)", "알립니다.  끝.", BY_RULES, "제4조제5항제1호"),
    ("end-form", "알립니다.  - 끝 -", "알립니다.  끝.", BY_RULES, "제4조제5항제1호"),
    ("end-gap", "알립니다. 끝.", "알립니다.  끝.", BY_RULES, "제4조제5항제1호"),
    ("end-missing", "구분\t수\n가\t1", "구분\t수\n가\t1\n  끝.", BY_RULES, "제4조제5항제2호"),
    ("table-end", "구분\t수\n가\t1\n끝.", "구분\t수\n가\t1\n  끝.", BY_RULES, "제4조제5항제2호"),
    (
        "table-blank", "구분\t수\n가\t1\n\t\n  끝.", "구분\t수\n가\t1\n이하 빈칸\t",
        BY_RULES, "제4조제5항제2호",
    ),
    ("table-end", "구분\t수\n이하 빈칸\t\n  끝.", "구분\t수\n이하 빈칸\t", BY_RULES, "제4조제5항제2호"),
    ("head-colon", "수신: 홍길동 귀하\n제목  알림\n", "수신  홍길동 귀하\n제목  알림\n", HANDBOOK, ""),
    ("head-colon", "제목 : 알림\n", "제목  알림\n", HANDBOOK, ""),
    ("to-honour", "수신  가람시장 귀하\n제목  알림\n", "수신  가람시장\n제목  알림\n", BY_RULES, "제4조제2항제2호"),
    (
        "sender-internal", "수신  내부결재\n제목  계획\n시행합니다.  끝.\n\n가람시장",
        "수신  내부결재\n제목  계획\n시행합니다.  끝.\n\n", DECREE, "제13조제3항",
    ),
    ("title-dot", "제목  회의 알림.\n", "제목  회의 알림\n", HANDBOOK, ""),
    ("colon", "원장 : 홍길동", "원장: 홍길동", SPELLING, "부록 문장 부호"),
    ("tilde", "9. 1. ~ 9. 30.", "9. 1.~9. 30.", SPELLING, "부록 문장 부호"),
    ("tilde", "14:00 ∼ 15:00", "14:00~15:00", SPELLING, "부록 문장 부호"),
    ("percent", "10 %", "10%", SPELLING, "부록 문장 부호"),
    ("full-width", "참석 １２명", "참석 12명", DECREE, "제7조제4항"),
    ("period", "바랍니다\n다음", "바랍니다.\n다음", SPELLING, "부록 문장 부호"),
    ("period", "바랍니다  끝.", "바랍니다.  끝.", SPELLING, "부록 문장 부호"),
    ("foreign", "MOU를 체결", "업무협약(MOU)을 체결", DECREE, "제7조제1항"),
    ("word", "금일은 쉽니다", "오늘은 쉽니다", LANGUAGE, "제14조제1항"),
    ("word", "익일을 기한으로", "다음 날을 기한으로", LANGUAGE, "제14조제1항"),
    ("word", "명일까지", "내일까지", LANGUAGE, "제14조제1항"),
    ("word", "필히 참석", "반드시 참석", LANGUAGE, "제14조제1항"),
    ("word", "기 통보한 사항", "이미 알린 사항", LANGUAGE, "제14조제1항"),
    ("word", "동 건은", "이 건은", LANGUAGE, "제14조제1항"),
    ("word", "지침을 하달", "지침을 전달", LANGUAGE, "제14조제1항"),
    ("order", "기한까지 제출할 것.", "기한까지 제출해 주시기 바랍니다.", LANGUAGE, "제14조제1항"),
    ("order", "기한까지 제출하기 바람", "기한까지 제출해 주시기 바랍니다.", LANGUAGE, "제14조제1항"),
]  # fmt: skip

TOLD: Final = [
    # rule, typed, what it marks, law, place: only whoever wrote it knows what is right
    ("date-impossible", "2026. 2. 30.까지", "2026. 2. 30.", DECREE, "제7조제2항"),
    ("date-weekday", "2026. 6. 2.(월)", "월", DECREE, "제7조제2항"),
    ("date-order", "2026. 6. 9.~2026. 6. 1.", "2026. 6. 9.~2026. 6. 1.", DECREE, "제7조제2항"),
    ("time-which", "9시 30분", "9시 30분", DECREE, "제7조제5항"),
    ("time-which", "오전 14시", "오전 14시", DECREE, "제7조제2항"),
    ("amount-mismatch", "금113,560원(금일십일만원)", "금113,560원(금일십일만원)", BY_RULES, "제2조제2항"),
    ("amount-commas", "11,00원", "11,00", BY_RULES, "제2조제2항"),
    ("attached-quantity", "붙임  1. 견적서\n      2. 내역서 1부.", "견적서", BY_RULES, "제4조제4항"),
    ("attached-missing", "붙임과 같이 알립니다.", "붙임과 같이", BY_RULES, "제4조제4항"),
    ("item-roman", "Ⅰ. 개요", "Ⅰ. ", BY_RULES, "제2조제1항"),
    ("to-many", "수신  가람시장, 나래군수\n제목  알림\n", "가람시장, 나래군수", BY_RULES, "제4조제2항제2호"),
    ("to-missing", "수신  수신자 참조\n제목  알림\n알립니다.  끝.", "수신자 참조", BY_RULES, "제4조제2항제2호"),
    ("title-case", "제목  회의 개최의 건\n", "의 건", LANGUAGE, "제14조제1항"),
    ("hanja", "行政 업무", "行政", DECREE, "제7조제1항"),
    ("acronym", "KOICA 사업", "KOICA", DECREE, "제7조제2항"),
    ("bracket", "붙임(서식 참조", "(", SPELLING, "부록 문장 부호"),
]  # fmt: skip

CLEAN: Final = [
    "1. 관련: 총무과-123(2026. 6. 1.)\n2. 다음과 같이 알립니다.\n  가. 일시: 2026. 6. 1.(월) 14:00~15:30\n"
    "  나. 예산: 금113,560원(금일십일만삼천오백육십원)\n붙임  1. 견적서 1부.\n      2. 내역서 1부.  끝.",
    "「2026년 6월 1일 시행 조례」를 알립니다.  끝.",
    "전화 02-2026-0601로 알립니다.  끝.",
    "누리집 https://a.go.kr/2026-06-01/x 에서 받습니다.  끝.",
    "금일십만원정은 날이 아닙니다.  끝.",
    "(주)한빛과 (사)한국협회에 알립니다.  끝.",
    "6. 1. 회의를 엽니다.  끝.",
    "추가 소요 예산 없음  끝.",
    "결과:  끝.\r",
    "3시간 동안 3개월간 5일간 진행합니다.  끝.",
    "비율은 1:10입니다.  끝.",
    "구분\t수\n가\t1,000원\n  끝.",
    "구분\t수\n가\t1\n이하 빈칸\t",
    "업무협약(MOU)을 맺은 뒤 MOU에 따라 진행합니다.  끝.",
]  # fmt: skip


@pytest.mark.parametrize(("rule", "typed", "right", "law", "place"), MENDED)
def test_one_touch_makes_it_right(rule: str, typed: str, right: str, law: str, place: str):
    found = [one for one in lint.lint(typed) if one.rule == rule]
    assert found, [one.rule for one in lint.lint(typed)]
    article = found[0].source.article
    assert (article.law, article.place) == (law, place)
    after = lint.applied(typed, found[0].edits)
    assert after == right
    assert rule not in [one.rule for one in lint.lint(after)]


@pytest.mark.parametrize(("rule", "typed", "marked", "law", "place"), TOLD)
def test_what_only_its_writer_knows_is_told_and_left(
    rule: str, typed: str, marked: str, law: str, place: str
):
    found = [one for one in lint.lint(typed) if one.rule == rule]
    assert [typed[one.start : one.end] for one in found] == [marked]
    assert (found[0].source.article.law, found[0].source.article.place) == (law, place)
    assert found[0].edits == ()


@pytest.mark.parametrize("text", CLEAN)
def test_what_is_right_is_left_alone(text: str):
    assert [(one.rule, text[one.start : one.end]) for one in lint.lint(text)] == []
    assert lint.mended(text, with_advice=True).text == text


def test_words_are_advice_and_nothing_else():
    words = [one for one in lint.lint("금일 필히 기 통보한 동 건을 하달") if one.rule == "word"]
    assert len(words) == 5
    assert {one.severity for one in words} == {Severity.ADVICE}
    assert {one.source.confidence for one in words} == {Certainty.ADVISED}


def test_after_the_fourteenth_syllable_comes_geo():
    typed = "\n".join(f"{one}. 글" for one in "가나다라마바사아자차카타파하갸")
    typed = "1. 글\n" + typed.replace("\n", "\n  ").replace("가.", "  가.", 1) + "\n2. 글"
    (found,) = [one for one in lint.lint(typed) if one.rule == "item-order"]
    assert "  거. 글\n2." in lint.applied(typed, found.edits)


def test_the_handbook_has_no_official_page_and_a_law_has():
    by_handbook, by_law = (lint.lint(text)[0] for text in ("2026.6.1.", "2026-06-01"))
    assert by_handbook.source.address is None
    assert str(by_law.source.address).startswith("https://www.law.go.kr/")
    assert by_law.source.cited == "「행정업무의 운영 및 혁신에 관한 규정」 제7조제5항"


def test_every_rule_has_an_example():
    told = {one for one, *_ in (*MENDED, *TOLD)}
    assert len(told) >= 45
