"""Dates: 2026. 6. 1.(월), as 규정 제7조제5항 wants them."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from hub.automation.letters.finding import HANDBOOK, Finding, Severity, decree, found
from hub.automation.letters.sheet import Sheet

ARTICLE: Final = decree("제7조제5항")
CLEAR: Final = decree("제7조제2항")
WEEKDAYS: Final = "월화수목금토일"
_FOLLOWS: Final = (
    r"(?=$|[\s(),~∼\]」』:;·ㆍ-]|부터|까지|에|자|로|은|는|을|를|이|가|과|와|현재|기준|의|도)"
)
_NOT_LONG: Final = r"(?! ?(?:간|씩|차|이내|정도|치|이상|동안|째))"
_YEAR: Final = r"(?P<y>(?:19|20)\d\d)"
_DOTTED: Final = re.compile(
    rf"(?<![\d.,]){_YEAR} {{0,3}}\. {{0,3}}(?P<m>\d{{1,2}}) {{0,3}}\. {{0,3}}(?P<d>\d{{1,2}})"
    rf"(?:\.(?!\d)|일?{_FOLLOWS})",
    re.MULTILINE,
)
_LETTERS: Final = re.compile(
    rf"(?<!\d){_YEAR}년 {{0,3}}(?P<m>\d{{1,2}})월 {{0,3}}(?P<d>\d{{1,2}})일{_NOT_LONG}\.?"
)
_DASHED: Final = re.compile(
    rf"(?<![\dA-Za-z가-힣/.-]){_YEAR}(?P<sign>[-/])(?P<m>\d{{1,2}})(?P=sign)(?P<d>\d{{1,2}})"
    r"(?![\dA-Za-z/-])\.?"
)
_SHORT_YEAR: Final = re.compile(
    r"(?<!\w)['’‘](?P<y>\d\d) {0,3}\. {0,3}(?P<m>\d{1,2}) {0,3}\. {0,3}(?P<d>\d{1,2})"
    rf"(?:\.(?!\d)|{_FOLLOWS})",
    re.MULTILINE,
)
_MONTH_DAY: Final = re.compile(
    rf"(?<![\d년])(?<!년 )(?<!년  )(?P<m>\d{{1,2}})월 {{0,3}}(?P<d>\d{{1,2}})일{_NOT_LONG}\.?"
)
_RIGHT: Final = rf"{_YEAR}\. (?P<m>\d{{1,2}})\. (?P<d>\d{{1,2}})\."
_WITH_WEEKDAY: Final = re.compile(rf"{_RIGHT}(?P<gap> {{0,3}})\((?P<w>[월화수목금토일])(?:요일)?\)")
_PERIOD: Final = re.compile(
    rf"{_RIGHT}(?:\([월화수목금토일]\))? ?[~∼] ?"
    r"(?P<y2>(?:19|20)\d\d)\. (?P<m2>\d{1,2})\. (?P<d2>\d{1,2})\."
)
_NO_SUCH_DAY: Final = "그런 날은 없습니다. 날짜를 확인하십시오."


def rules(sheet: Sheet) -> Iterator[Finding]:
    """Everything about dates."""
    for pattern in (_DOTTED, _LETTERS, _DASHED, _SHORT_YEAR):
        for match in pattern.finditer(sheet.text):
            if not sheet.is_protected(*match.span()):
                yield from _year_month_day(match)
    for match in _MONTH_DAY.finditer(sheet.text):
        if not sheet.is_protected(*match.span()):
            yield from _month_day(match)
    yield from _weekdays(sheet)
    yield from _periods(sheet)


def told(year: int, month: int, day: int) -> str:
    """As the law wants it."""
    return f"{year}. {month}. {day}."


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, or None where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year_month_day(match: re.Match[str]) -> Iterator[Finding]:
    year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    is_short = len(match["y"]) == 2
    year += 2000 if is_short else 0
    if day_of(year, month, day) is None:
        yield found("date-impossible", match.span(), _NO_SUCH_DAY, CLEAR, Severity.WRONG)
        return
    right = told(year, month, day)
    if match[0] != right:
        yield _otherwise(match, right, is_short=is_short)


def _otherwise(match: re.Match[str], right: str, *, is_short: bool) -> Finding:
    """What is wrong first with a date that is not written as it should be."""
    text, span = match[0], match.span()
    if is_short:
        reason = "연도는 네 자리로 적습니다."
        return found("date-year", span, reason, HANDBOOK, Severity.CHECK, right)
    if "월" in text:
        reason = "연·월·일 글자 대신 온점을 찍습니다(특별한 사유가 있으면 그대로 둘 수 있습니다)."
        return found("date-letters", span, reason, ARTICLE, Severity.CHECK, right)
    if "-" in text or "/" in text:
        reason = "연·월·일은 붙임표나 빗금이 아니라 온점으로 나눕니다."
        return found("date-separator", span, reason, ARTICLE, Severity.WRONG, right)
    if not text.endswith("."):
        reason = "‘일’ 자리에도 온점을 찍습니다."
        return found("date-dot", span, reason, ARTICLE, Severity.WRONG, right)
    if match["m"].startswith("0") or match["d"].startswith("0"):
        reason = "월과 일 앞에는 0을 적지 않습니다."
        return found("date-zeros", span, reason, HANDBOOK, Severity.CHECK, right)
    reason = "온점은 숫자에 붙이고, 연·월의 온점 뒤는 한 칸(1타) 띄웁니다."
    return found("date-spaces", span, reason, HANDBOOK, Severity.CHECK, right)


def _month_day(match: re.Match[str]) -> Iterator[Finding]:
    month, day = int(match["m"]), int(match["d"])
    if day_of(2000, month, day) is None:
        yield found("date-impossible", match.span(), _NO_SUCH_DAY, CLEAR, Severity.WRONG)
        return
    reason = "월·일 글자 대신 온점을 찍습니다(특별한 사유가 있으면 그대로 둘 수 있습니다)."
    right = f"{month}. {day}."
    yield found("date-letters", match.span(), reason, ARTICLE, Severity.CHECK, right)


def _weekdays(sheet: Sheet) -> Iterator[Finding]:
    for match in _WITH_WEEKDAY.finditer(sheet.text):
        day = day_of(int(match["y"]), int(match["m"]), int(match["d"]))
        if day is None:
            continue
        right = WEEKDAYS[day.weekday()]
        if match["w"] != right:
            reason = f"{told(day.year, day.month, day.day)}은 {right}요일입니다."
            span = (match.start("w"), match.end("w"))
            yield found("date-weekday", span, reason, CLEAR, Severity.WRONG)
        elif match["gap"]:
            reason = "요일은 날짜에 붙여 적습니다."
            span = (match.start("gap"), match.end("gap"))
            yield found("date-weekday-gap", span, reason, HANDBOOK, Severity.CHECK, "")


def _periods(sheet: Sheet) -> Iterator[Finding]:
    for match in _PERIOD.finditer(sheet.text):
        first = day_of(int(match["y"]), int(match["m"]), int(match["d"]))
        last = day_of(int(match["y2"]), int(match["m2"]), int(match["d2"]))
        if first and last and last < first:
            reason = "끝나는 날이 시작하는 날보다 앞섭니다."
            yield found("date-order", match.span(), reason, CLEAR, Severity.WRONG)
