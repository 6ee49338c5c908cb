"""Signs and spaces: 원장: 홍길동, 1~3, 10%, brackets in pairs, a period at the end."""

import re
from collections.abc import Iterator
from typing import Final

from hub.automation.letters.finding import (
    SPELLING,
    Edit,
    Finding,
    Severity,
    decree,
    found,
)
from hub.automation.letters.sheet import Line, Part, Sheet

HANGUL_FIRST: Final = decree("제7조제1항")
ARABIC: Final = decree("제7조제4항")
PAIRS: Final = {")": "(", "]": "[", "」": "「", "』": "『"}
_COLON: Final = re.compile(
    r"(?<=[가-힣)\]])(?P<gap> {0,9}[:：] {0,9})(?=[^\s/:])(?!\S{0,2} ?끝 ?\.?\S{0,2}\r?$)",
    re.MULTILINE,
)
_TILDE: Final = re.compile(r"(?<=[\d.:)원%])(?P<sign> {0,9}[~∼～] {0,9})(?=\d)")
_PERCENT: Final = re.compile(r"(?<=\d)(?P<gap> {1,9})(?=[%％])")
_SPACES: Final = re.compile(r"(?<=[^\s:：]) {2,40}(?=[^\s끝])")
_FULL_WIDTH: Final = re.compile(r"[０-９]{1,40}")
_ARTICLE_GAP: Final = re.compile(
    r"(?<![가-힣])제 {1,3}(?=\d{1,4} ?(?:조|항|호|차|회|기)(?![가-힣]))"
)
_HANJA: Final = re.compile(r"[\u4e00-\u9fff]{1,20}")
_UNENDED: Final = re.compile(r"(?:니다|시오)(?P<at>[ ]{0,9})$")
_COMMA: Final = re.compile(
    r"(?<=[가-힣)])(?P<sign>,)(?=[가-힣])|(?<=[가-힣)])(?P<early> {1,3}),(?=[ 가-힣])"
)
_AREA_CODE: Final = re.compile(r"(?<!\d)0\d{1,2}$")
"""055) 123-4567"""
LABEL_WITHIN: Final = 24
_LABEL_WORDS: Final = ("붙임", "별첨", "첨부", "수신", "제목")


def rules(sheet: Sheet) -> Iterator[Finding]:
    """Everything about signs and spaces."""
    yield from _colons(sheet)
    yield from _simple(sheet)
    yield from _spaces(sheet)
    yield from _hanja(sheet)
    for nth, line in sheet.of(Part.TITLE, Part.BODY, Part.ATTACHED):
        yield from _brackets(line)
        if line.part is Part.BODY:
            yield from _unended(sheet, nth, line)


def _colons(sheet: Sheet) -> Iterator[Finding]:
    for match in _COLON.finditer(sheet.text):
        line = sheet.line_at(match.start())
        if match["gap"] == ": " or line.part is Part.HEAD or _is_after_label(line, match.start()):
            continue
        if sheet.is_protected(*match.span()):
            continue
        reason = "쌍점은 앞말에 붙이고 뒤를 한 칸 띄웁니다."
        yield found("colon", match.span("gap"), reason, SPELLING, Severity.CHECK, ": ")


def _is_after_label(line: Line, at: int) -> bool:
    """붙임 : is another rule's."""
    before = line.text[: at - line.start] if at - line.start < LABEL_WITHIN else ""
    return before.replace(" ", "").strip("※*") in _LABEL_WORDS


def _simple(sheet: Sheet) -> Iterator[Finding]:
    for match in _TILDE.finditer(sheet.text):
        if match["sign"] != "~":
            reason = "물결표는 앞뒤를 붙입니다."
            yield found("tilde", match.span(), reason, SPELLING, Severity.CHECK, "~")
    for match in _PERCENT.finditer(sheet.text):
        reason = "백분율 기호는 숫자에 붙입니다."
        yield found("percent", match.span(), reason, SPELLING, Severity.ADVICE, "")
    for match in _ARTICLE_GAP.finditer(sheet.text):
        reason = "‘제’는 숫자에 붙입니다."
        yield found("ordinal", match.span(), reason, SPELLING, Severity.ADVICE, "제")
    for match in _FULL_WIDTH.finditer(sheet.text):
        narrow = "".join(chr(ord(one) - 0xFEE0) for one in match[0])
        reason = "숫자는 아라비아 숫자로 적습니다(전각 숫자는 찾기에 걸리지 않습니다)."
        yield found("full-width", match.span(), reason, ARABIC, Severity.CHECK, narrow)
    for match in _COMMA.finditer(sheet.text):
        reason = "쉼표는 앞말에 붙이고 뒤를 한 칸 띄웁니다."
        right = ", " if match["sign"] else ""
        span = match.span("sign") if match["sign"] else match.span("early")
        yield found("comma", span, reason, SPELLING, Severity.ADVICE, right)


def _spaces(sheet: Sheet) -> Iterator[Finding]:
    for _, line in sheet.of(Part.BODY):
        content = line.text.rstrip()
        for match in _SPACES.finditer(content, line.indent):
            reason = "낱말 사이는 한 칸 띄웁니다."
            span = (line.start + match.start(), line.start + match.end())
            yield found("spaces", span, reason, SPELLING, Severity.ADVICE, " ")


def _hanja(sheet: Sheet) -> Iterator[Finding]:
    for match in _HANJA.finditer(sheet.text):
        before = sheet.text[max(0, match.start() - 1) : match.start()]
        if before not in ("(", "·", ",", "[") and not sheet.is_protected(*match.span()):
            reason = "한글로 적고, 한자는 뜻을 정확히 전할 때만 괄호 안에 함께 적습니다."
            yield found("hanja", match.span(), reason, HANGUL_FIRST, Severity.CHECK)


def _brackets(line: Line) -> Iterator[Finding]:
    """A bracket without its pair on the line; 1) at its beginning is a mark."""
    waiting: list[tuple[str, int]] = []
    for at, one in enumerate(line.text):
        if one in PAIRS.values():
            waiting.append((one, at))
        elif one in PAIRS:
            if waiting and waiting[-1][0] == PAIRS[one]:
                waiting.pop()
            elif at - line.indent > 2 and not _AREA_CODE.search(line.text[max(0, at - 4) : at]):
                yield _unpaired(line, at)
                return
    for _, at in waiting[:1]:
        yield _unpaired(line, at)


def _unpaired(line: Line, at: int) -> Finding:
    reason = "괄호의 짝이 이 줄에 없습니다."
    span = (line.start + at, line.start + at + 1)
    return found("bracket", span, reason, SPELLING, Severity.ADVICE)


def _unended(sheet: Sheet, nth: int, line: Line) -> Iterator[Finding]:
    """A sentence of the body without its period, unless it goes on on the next line."""
    end = sheet.end if sheet.end and sheet.end.nth_line == nth else None
    match = _UNENDED.search(line.text[: end.gap_start - line.start] if end else line.text)
    if match is None:
        return
    at = line.start + match.start("at")
    reason = "문장이 끝나면 온점을 찍습니다."
    edit = Edit(at, at, ".")
    yield Finding("period", at - 2, at, reason, SPELLING, Severity.CHECK, (edit,))
