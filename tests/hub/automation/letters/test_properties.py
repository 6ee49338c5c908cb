# ruff: noqa: E501  (a table is read row by row)
"""Whatever is typed: nothing crashes, mending is at rest after once, and no value changes.

What was typed is built of dates, times and sums whose values are known, in every notation that
officials use; what comes out is read again by a reader that knows only the right notation.
"""

import re
from datetime import date, time
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.automation import won
from hub.automation.letters import lint
from hub.automation.letters.amounts import value_of
from hub.automation.letters.lint import applied

UNHURRIED = settings(
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
SUMS = st.integers(1, 99_999_999_999)
TIMES = st.times(max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))
HALF_HOURS = st.sampled_from([time(hour, minute) for hour in range(24) for minute in (0, 30)])
BITS = st.sampled_from([
    "1. ", "2. ", "가. ", "나. ", "1) ", "가) ", "(1) ", "(가) ", "① ", "㉮ ", "1.", "가.", "3. ", "라. ",
    "거. ", "  ", " ", "\n", "\n\n", "\t", "끝", "끝.", "  끝.", "(끝)", "- 끝 -", "붙임", "붙임 : ", "별첨 ",
    "붙임  1. ", "견적서 1부", "내역서1부.", ", ", "이하 빈칸", "수신 : ", "제목 : ", "수신자 참조", "내부결재",
    "가람시장", "수신자  ", "금일", "익일은", "필히", "기 통보한", "동 건", "MOU를", "할 것", "하기 바람", "바랍니다",
    "2026-06-01", "2026.06.01.", "2026년 6월 1일", "2026. 6. 1", "2026. 2. 30.", "(월)", " ~ ", "~", "14 : 30",
    "9:00", "오후 2시 30분", "14시", "일시", "1,100,000원", "금 113,560원", "1,100천원", "(금일백만원)", "예산 ",
    "원장 : ", "(", ")", "「", "」", "10 %", "１２", "行政", "Ⅰ. ", "알립니다", ".", ",", "가나다", "\r\n", "\u3000",
])  # fmt: skip
SOUP = st.lists(st.one_of(BITS, BITS, BITS, st.text(max_size=3)), max_size=30).map("".join)


def spelled(day: date) -> st.SearchStrategy[str]:
    """A day as people write it."""
    y, m, d = day.year, day.month, day.day
    return st.sampled_from([
        f"{y}. {m}. {d}.", f"{y}.{m}.{d}.", f"{y}.{m:02}.{d:02}.", f"{y}. {m:02}. {d:02}.",
        f"{y}-{m:02}-{d:02}", f"{y}/{m}/{d}", f"{y}년 {m}월 {d}일", f"{y}년{m}월{d}일", f"{y}. {m}. {d}",
        f"'{y % 100:02}. {m}. {d}.",
    ])  # fmt: skip


def clocked(at: time) -> st.SearchStrategy[str]:
    """A time as people write it, where it can be told from the words."""
    ways = [f"{at:%H:%M}", f"{at.hour} : {at:%M}", f"{at:%H}：{at:%M}", f"{at.hour}:{at:%M}"]
    if at.hour > 12 or at.hour == 0:
        ways.append(f"{at.hour}시 {at.minute}분")
    if at.hour < 12:
        ways += [f"오전 {at.hour}시 {at.minute}분", f"오전 {at.hour}:{at:%M}"]
    if at.hour > 12:
        ways += [f"오후 {at.hour - 12}시 {at.minute}분", f"오후 {at.hour - 12}:{at:%M}"]
    return st.sampled_from(ways)


def priced(amount: int) -> st.SearchStrategy[str]:
    """A sum as people write it."""
    said = won.hangul(amount)
    ways = [f"{amount:,}원", f"{amount}원", f"금 {amount:,}원", f"일금 {amount:,}원정",
            f"금{amount:,}원(금{said}원)", f"{amount:,}원({said}원)", f"금 {amount:,}원 (금 {said}원)"]  # fmt: skip
    if amount % 1000 == 0:
        ways.append(f"{amount // 1000:,}천원")
    if amount % 10000 == 0:
        ways.append(f"{amount // 10000}만원")
    return st.sampled_from(ways)


@st.composite
def letters(draw: Any) -> tuple[str, list[Any]]:
    """A body with a day, a time and a sum on each line, and what they are."""
    lines, values = [], []
    for nth in range(1, draw(st.integers(2, 4))):
        day, at, amount = draw(DAYS), draw(st.one_of(TIMES, HALF_HOURS)), draw(SUMS)
        words = f"일시 : {draw(spelled(day))} {draw(clocked(at))} 예산 {draw(priced(amount))}"
        lines.append(f"{draw(st.sampled_from(['', ' ', '  ']))}{nth}. {words}")
        values += [day, at, amount]
    return "\n".join(lines), values


def read_again(text: str) -> list[Any]:
    """Days, times and sums in the right notation, in order."""
    told = re.compile(
        r"(\d{4})\. (\d{1,2})\. (\d{1,2})\.|(\d\d):(\d\d)|금?([\d,]+)원(?:\(금([가-힣]+)원\))?"
    )
    values: list[Any] = []
    for y, m, d, hour, minute, amount, hangul in told.findall(text):
        if y:
            values.append(date(int(y), int(m), int(d)))
        elif hour:
            values.append(time(int(hour), int(minute)))
        else:
            values.append(int(amount.replace(",", "")))
            assert not hangul or hangul == won.hangul(values[-1])
    return values


@UNHURRIED
@given(letters(), st.booleans())
def test_dates_times_and_sums_are_the_same_after_mending(
    typed: tuple[str, list[Any]], advice: bool
):
    text, values = typed
    assert read_again(lint.mended(text, with_advice=advice).text) == values


@UNHURRIED
@given(st.one_of(st.text(max_size=200), SOUP), st.booleans())
def test_mending_twice_changes_nothing_more(text: str, advice: bool):
    once = lint.mended(text, with_advice=advice).text
    assert lint.mended(once, with_advice=advice).text == once


@UNHURRIED
@given(st.one_of(st.text(max_size=200), SOUP))
def test_after_mending_nothing_is_left_that_has_a_fix(text: str):
    left = lint.lint(lint.mended(text, with_advice=True).text)
    assert [one.rule for one in left if one.edits] == []


@UNHURRIED
@given(letters(), st.sampled_from(["", " 없음", "임", " 등", ")", "원", " 예산\n\n"]))
def test_the_end_is_said_once(typed: tuple[str, list[Any]], last: str):
    assert lint.mended(typed[0] + last, with_advice=True).text.count("끝") == 1


@UNHURRIED
@given(st.one_of(st.text(max_size=200), SOUP))
def test_every_position_is_in_the_text_and_no_fix_is_empty(text: str):
    for one in lint.lint(text):
        assert 0 <= one.start <= one.end <= len(text)
        assert one.reason
        for edit in one.edits:
            assert 0 <= edit.start <= edit.end <= len(text)
        assert not one.edits or applied(text, one.edits) != text


@UNHURRIED
@given(SOUP)
def test_a_fix_takes_its_finding_away(text: str):
    found = lint.lint(text)
    for one in found:
        if one.edits:
            after = lint.lint(applied(text, one.edits))
            same = (one.rule, text[one.start : one.end])
            assert _many(found, text, same) > _many(after, applied(text, one.edits), same)


def _many(found: tuple[Any, ...], text: str, same: tuple[str, str]) -> int:
    return sum((one.rule, text[one.start : one.end]) == same for one in found)


@given(st.integers(0, won.MOST))
def test_hangul_is_read_as_the_number_that_was_written(amount: int):
    assert value_of(won.hangul(amount)) == amount


@given(st.text(alphabet="영일이삼사오육칠팔구십백천만억조 ", max_size=20))
def test_whatever_hangul_says_it_is_a_number_or_nothing(text: str):
    value = value_of(text)
    assert value is None or value >= 0


@UNHURRIED
@given(
    st.sampled_from(["1", " ", "가", "\t", "(", "1.", "금", "1,", "끝", "\n", ":", "붙임 ", "~ "])
)
def test_a_long_run_of_one_thing_is_read_to_its_end(unit: str):
    assert isinstance(lint.lint(unit * 4_000), tuple)
