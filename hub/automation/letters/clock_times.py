"""Times of the day: 14:30, as 규정 제7조제5항 wants them.

Nine o'clock without 오전 or 오후 is told, not mended: only who wrote it knows.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from hub.automation.letters.finding import HANDBOOK, Finding, Severity, decree, found
from hub.automation.letters.sheet import Line, Sheet

ARTICLE: Final = decree("제7조제5항")
CLEAR: Final = decree("제7조제2항")
OPENS: Final = 6
_REASON: Final = "시각은 24시각제 숫자와 쌍점으로 적습니다."
_WHICH: Final = "오전인지 오후인지 알 수 없습니다. 24시각제로 적으십시오(예: 09:30, 14:30)."
_HALF: Final = re.compile(
    r"(?P<half>오전|오후|새벽|저녁) {0,3}(?P<h>\d{1,2}) ?"
    r"(?:시(?!간)(?: ?(?:(?P<m>\d{1,2}) ?분|(?P<half_past>반)(?![가-힣])|정각))?"
    r"|[:：] ?(?P<m2>[0-5]\d)(?!\d))"
)
_HOUR_MINUTE: Final = re.compile(
    r"(?<![\d,.:])(?P<h>\d{1,2}) ?시(?!간) ?(?P<m>\d{1,2}) ?분(?!의|간|할|반|류|야|과|기)"
)
_HOUR: Final = re.compile(
    r"(?<![\d,.:제])(?P<h>\d{1,2})시(?P<sharp> ?정각)?"
    r"(?=부터|까지|에(?![가-힣])|이후|이전|경| ?[~∼]|$)",
    re.MULTILINE,
)
_CLOCK: Final = re.compile(
    r"(?<![\d:：.,])(?P<h>\d{1,2})(?P<colon> {0,3}[:：] {0,3})(?P<m>[0-5]\d)(?![\d:：])"
)
_ABOUT_TIME: Final = re.compile(
    r"일시|일 시|시간|시각|부터|까지|~|∼|예정|개최|시작|마감|기한|\d\. ?\d{1,2}\."
)
_AFTER_HALF: Final = re.compile(r"(?:오전|오후|새벽|저녁) {0,3}$")
_RATIO: Final = re.compile(r"비율|축척|경쟁률|배율|대비")


def rules(sheet: Sheet) -> Iterator[Finding]:
    """Everything about times of the day."""
    for match in _HALF.finditer(sheet.text):
        yield from _half(match)
    for pattern in (_HOUR_MINUTE, _HOUR):
        for match in pattern.finditer(sheet.text):
            if not _AFTER_HALF.search(sheet.text[max(0, match.start() - 6) : match.start()]):
                yield from _spoken(match)
    for match in _CLOCK.finditer(sheet.text):
        if not sheet.is_protected(*match.span()):
            yield from _clock(sheet, match)


def told(hour: int, minute: int) -> str:
    """As the law wants it."""
    return f"{hour:02}:{minute:02}"


def hour_of(half: str, hour: int) -> int | None:
    """The hour of 24; None where the words leave it open, or say what cannot be."""
    if half in ("오전", "새벽"):
        return hour if hour < 12 else None
    if 12 <= hour <= 24:
        return hour
    return hour + 12 if hour >= 1 else None


@lru_cache(maxsize=64)
def _is_of_times(line: str) -> bool:
    return _ABOUT_TIME.search(line) is not None


@lru_cache(maxsize=64)
def _is_of_ratios(line: str) -> bool:
    return _RATIO.search(line) is not None


def _is_alone(line: Line, match: re.Match[str]) -> bool:
    """Whether a line or a cell says nothing else, in the hours of an office."""
    start, end = match.start() - line.start, match.end() - line.start
    before, after = line.text[max(0, start - 4) : start], line.text[end : end + 4]
    is_first = (start < 4 and not before.strip()) or before.rstrip(" ").endswith("\t")
    is_last = (not after.strip() and len(after) < 4) or after.lstrip(" ").startswith("\t")
    return int(match["h"]) >= OPENS and is_first and is_last


def _half(match: re.Match[str]) -> Iterator[Finding]:
    hour = hour_of(match["half"], int(match["h"]))
    minute = 30 if match["half_past"] else int(match["m"] or match["m2"] or 0)
    if hour is None or minute > 59:
        yield found("time-which", match.span(), _WHICH, CLEAR, Severity.WRONG)
        return
    right = told(hour, minute)
    yield found("time-half", match.span(), _REASON, ARTICLE, Severity.WRONG, right)


def _spoken(match: re.Match[str]) -> Iterator[Finding]:
    hour, minute = int(match["h"]), int(match.groupdict().get("m") or 0)
    if hour > 24 or minute > 59:
        return
    if 1 <= hour <= 12:
        yield found("time-which", match.span(), _WHICH, ARTICLE, Severity.CHECK)
        return
    right = told(hour, minute)
    yield found("time-letters", match.span(), _REASON, ARTICLE, Severity.WRONG, right)


def _clock(sheet: Sheet, match: re.Match[str]) -> Iterator[Finding]:
    hour = int(match["h"])
    line = sheet.line_at(match.start())
    before = line.text[max(0, match.start() - line.start - 6) : match.start() - line.start]
    if hour > 24 or _AFTER_HALF.search(before) or _is_of_ratios(line.text):
        return
    if not _is_of_times(line.text) and not _is_alone(line, match):
        return  # 1 : 10 may be a ratio
    right = told(hour, int(match["m"]))
    if match["colon"] != ":":
        reason = "시와 분 사이의 쌍점은 앞뒤를 붙입니다."
        yield found("time-colon", match.span(), reason, ARTICLE, Severity.WRONG, right)
    elif len(match["h"]) == 1:
        reason = "시는 두 자리로 적습니다."
        yield found("time-zero", match.span(), reason, HANDBOOK, Severity.CHECK, right)
