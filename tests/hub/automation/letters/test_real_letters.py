# ruff: noqa: E501  (letters are as long as they are)
"""What people write rightly raises no alarm: whole letters, and what in them looks like a mistake.

An alarm that is false is what makes people turn a linter off.
"""

import re
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.automation.letters import lint
from hub.automation.letters.finding import Severity
from hub.automation.letters.letter import Letter
from tests.hub.automation.letters.real_letters import LETTERS

TODAY = date(2026, 11, 21)
RIGHT = """
읍·면·동 사업을 추진합니다.
각 동 계획을 받습니다.
우리 동 사업은 세 가지입니다.
제12기 안내 교육을 합니다.
기안내용을 확인했습니다.
연기 제출을 알립니다.
참가비는 차주가 내주는 대로 받습니다.
그 뜻에 동조하고 지난 일을 상기하여 씁니다.
사업 구간의 일부인 도로를 넓힙니다.
가람시 회보에 실었습니다.
시달림 없는 행정을 펼칩니다.
2026. 3. 2.부터 주민 공람을 합니다.
지목이 구거인 토지입니다.
추후에 알리겠습니다.
잔여가 없습니다.
고병원성 AI 방역을 강화합니다.
회의자료_2026-06-01.hwp를 참고하시기 바랍니다.
파일 이름은 2026-06-01.xlsx로 적습니다.
파일 이름은 계획서(2026.6.1.).pdf로 적습니다.
가람시 고시 제2026-45호로 알렸습니다.
2026. 7. 1.자 인사발령
2026. 1.~2026. 12. 추진
2026. 3. 1.~12. 31. 추진
2026년 1월~6월에 추진
2026년 3월분 급여
2026년 9월 말까지
시가 3억원 이상 주택
연 매출 10억 원 이하 사업자
5천만원 미만 공사
1인당 8천원 이내 식비
금 3.75g을 받았습니다.
17개 시·도와 8시 3군에서
365일 24시간 운영
비율은 5:5, 3:2로 나눕니다.
축척 1:5,000 지형도
배점 60:40으로 합니다.
KF94 마스크와 CPR, AED 교육
A4 용지 10매, B5 봉투 20장
HP LaserJet M404 토너
Wi-Fi와 5G, LTE, VPN, OS를 점검합니다.
전화 055) 123-4567, 1588-2188, 110
계약번호 2026-01-0001, 관리번호 A-2026-06-01
사업자등록번호 124-81-00998
계좌 농협 301-0123-4567-81(예금주 가람시)
주소 가람시 시청로 10-3, 101동 1203호
연 1회 이상, 분기별 1~2회
온도 -5~3℃, 풍속 14m/s
1,234.5㎡ 부지에 3.5km 도로
별표 1, 별지 제3호서식
☞ 문의: 총무과(담당자 김하늘, ☎ 1234)
월~금 09:00~18:00
09:00~18:00(점심 12:00~13:00)
당해 회계연도
3.1절 기념식, 5·18 기념식, 6.25 전쟁
버전 2026.1.3 설치
3.5.1 버전을 2026.1.3으로
IP 10.1.2.3
생년월일 1990. 1. 1.
(주)가람, ㈜나래, (사)다온
붙임 서식에 따라 작성하여 제출해 주시기 바랍니다.
첨부 파일을 참고하시기 바랍니다.
""".strip().splitlines()
UNITS = (
    "1", " ", "가", "\t", "(", "1.", "금", "1,", "끝", "\n", ":", "붙임 ", "~ ", "1,000", "2026. ", "「",
    "1부,", "붙임\n", "a@", "www.", "http://a", "동 ", "기 ", "AB ", "1천", "오후 ", "1시", "1 : ", "(영일이",
    "끝.\n", "가나다라 ", "버전 1.", "1.1", ".hwp", "a.hwp ", "1. 가\n", "1. 가\n  가. 나\n", "□ 가\n1. 나\n",
    "1. 가\n3. 나\n", "1\t2\n", "9:00\t", "10:30 ", "가 : 나", "붙임  1. 가 1부.\n", "하기 바람", "1,000원 ", "금1,000원(",
)  # fmt: skip


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_that_is_right_raises_no_alarm(name: str):
    text = LETTERS[name]
    assert [(one.rule, text[one.start : one.end]) for one in lint.lint(text)] == []
    assert lint.mended(text, with_advice=True).text == text


@pytest.mark.parametrize("said", RIGHT)
def test_what_only_looks_like_a_mistake_raises_no_alarm(said: str):
    text = f"1. 글을 보냅니다.\n2. {said}\n3. 글을 맺습니다.  끝."
    assert [(one.rule, text[one.start : one.end]) for one in lint.lint(text)] == []


def test_a_list_may_begin_anew_under_a_heading():
    text = "□ 배경\n1. 하나\n2. 둘\n□ 계획\n1. 하나\n2. 둘\n  가. 셋\n  나. 넷\n3. 다섯  끝."
    assert lint.lint(text) == ()
    again = [one for one in lint.lint("1. 하나\n2. 둘\n1. 셋  끝.") if one.rule == "item-order"]
    assert [one.edits[0].text for one in again] == ["3."]


def test_one_mark_left_out_is_one_finding_that_mends_all_after_it():
    text = "1. 글\n" + "".join(f"  {one}. 글\n" for one in "가나라마바사") + "2. 글  끝."
    (found,) = lint.lint(text)
    assert (found.rule, text[found.start : found.end], len(found.edits)) == ("item-order", "라.", 4)
    assert "다른 3곳도" in found.reason
    assert lint.lint(lint.applied(text, found.edits)) == ()


def test_a_thousand_wrong_marks_are_no_million_edits():
    found = lint.lint("1. 글\n" + "3. 글\n" * 900)
    assert sum(len(one.edits) for one in found) < 50_000


@pytest.mark.parametrize("order", ["제출할 것.", "제출하기 바람"])
def test_a_plan_for_ones_own_office_may_order(order: str):
    body = f"1. 글입니다.\n2. 서식에 따라 {order}\n3. 글입니다.  끝."
    rules = {
        to: [one.rule for one in lint.lint_letter(Letter(title="계획", body=body, to=to), TODAY)]
        for to in ((), ("가람시장",))
    }
    assert "order" not in rules[()]
    assert "order" in rules[("가람시장",)]
    assert "order" not in [one.rule for one in lint.lint(f"수신  내부결재\n제목  계획\n{body}")]


def test_a_plain_word_that_does_not_fit_before_hada_is_told_and_not_put():
    found = list(lint.lint("서류를 징구하여 지침을 시달하니 모니터링하고 식재합니다.  끝."))
    assert [[edit.text for edit in one.edits] for one in found] == [[], ["전달"], ["점검"], []]
    assert {one.severity for one in found} == {Severity.ADVICE}


@pytest.mark.parametrize("before", ["", "😀", "行政(행정) ", "𠮷 "])
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_a_position_counts_characters_whatever_stands_before(before: str, line_break: str):
    text = f"1. {before}글{line_break}2. {before}2026-06-01에 엽니다.{line_break}3. 글  끝."
    (day,) = [one for one in lint.lint(text) if one.rule == "date-separator"]
    assert text[day.start : day.end] == "2026-06-01"
    assert lint.applied(text, day.edits) == text.replace("2026-06-01", "2026. 6. 1.")


def test_line_breaks_of_another_system_stay():
    mended = lint.mended("1. 가 : 나\r\n2. 2026-06-01에 엽니다.\r\n").text
    assert mended == "1. 가: 나\r\n2. 2026. 6. 1.에 엽니다.  끝.\r\n"


@pytest.mark.parametrize("unit", UNITS)
def test_four_times_the_text_takes_about_four_times_as_long(unit: str):
    """Processor time of this thread, both in this run, the least of several: 16 would be a square."""
    for _ in range(20):
        one, four = (_least_s((unit * 12_000)[:size]) for size in (3_000, 12_000))
        if four < 8 * one:
            return
    pytest.fail(f"{unit!r} takes far more than four times as long where it is four times as long")


def _least_s(text: str) -> float:
    spent = []
    for _ in range(3):
        begun = time.thread_time()
        lint.lint(text)
        spent.append(time.thread_time() - begun)
    return min(spent)


MANGLED = (
    (r"(\d{4})\. (\d{1,2})\. (\d{1,2})\.", lambda m: f"{m[1]}.{int(m[2]):02}.{int(m[3]):02}."),
    (r"(\d{4})\. (\d{1,2})\. (\d{1,2})\.", lambda m: f"{m[1]}년 {m[2]}월 {m[3]}일"),
    (r"(?<=[가-힣]): (?=[가-힣0-9])", lambda _: " : "),
    (r"(?<=[\d.)])~(?=\d)", lambda _: " ~ "),
    (r"  끝\.", lambda _: " (끝)"),
    (r"  끝\.", lambda _: ""),
    (r"\n  (?=[가-하]\. )", lambda _: "\n "),
    (r"금([\d,]+)원\(금[가-힣]+원\)", lambda m: f"금 {m[1]}원"),
    (r"(?<=\d)0:(?=00|30)", lambda _: "0 : "),
    (r"붙임  (?=\D)", lambda _: "붙임 : "),
)  # fmt: skip


@settings(derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(LETTERS)), st.lists(st.sampled_from(MANGLED), max_size=5))
def test_a_right_letter_written_wrongly_is_mended_into_what_it_was(name: str, ways: list[Any]):
    right = LETTERS[name]
    if "이하 빈칸" in right or "\t" in right.splitlines()[-2]:
        ways = [one for one in ways if "끝" not in one[0]]  # a table says by itself where it ends
    typed = right
    for pattern, wrong in ways:
        typed = re.sub(pattern, wrong, typed)
    assert lint.mended(typed).text == right
