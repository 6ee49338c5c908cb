"""The head of a pasted 기안문, and what must fit it below: 수신, 제목, 수신자란, 발신명의."""

import re
from collections.abc import Iterator
from typing import Final

from hub.automation.letters.finding import (
    HANDBOOK,
    PLAIN_WORDS,
    Edit,
    Finding,
    Severity,
    by_rules,
    decree,
    found,
)
from hub.automation.letters.sheet import Line, Part, Sheet

TO: Final = by_rules("제4조제2항제2호")
NO_SENDER: Final = decree("제13조제3항")
GAP: Final = "  "
_LABELLED: Final = re.compile(
    r"(?P<label>[ \t]{0,9}(?:수 ?신|제 ?목|\(경유\)))(?P<gap>[ \t]*[:：]?[ \t]*)"
)
_TO: Final = re.compile(r"[ \t]{0,9}수 ?신(?!자)[ \t]*[:：]?[ \t]*(?P<who>.*)$")
_OFFICE: Final = re.compile(
    r"(?P<who>[가-힣]{2,20}(?:장|감|군수|도지사|장관))(?P<honour> ?(?:귀하|귀중|님))$"
)
_CASE: Final = re.compile(r"(?P<gap>(?:에 대한|에 관한|의)? ?)건$")
_SENDER: Final = re.compile(
    r"[ \t]{0,60}[가-힣 ]{1,16}(?:시장|군수|구청장|도지사|교육감|소장|과장|국장|읍장|면장|동장|"
    r"원장|청장|장관)[ \t]*$"
)


def rules(sheet: Sheet) -> Iterator[Finding]:
    """Everything about the head. Nothing where the text has none."""
    if sheet.title_line is None:
        return
    for _, line in sheet.of(Part.HEAD, Part.TITLE):
        yield from _label(line)
    title = sheet.lines[sheet.title_line]
    match = _LABELLED.match(title.text)
    if match:
        yield from title_rules(title.text[match.end() :], title.start + match.end())
    yield from _addressees(sheet)


def title_rules(title: str, start: int = 0) -> Iterator[Finding]:
    """What a title should not end with."""
    end = len(title.rstrip())
    if title[:end].endswith(".") and not title[:end].endswith(("..", "(.")) and end > 1:
        if not title[end - 2].isdigit():
            reason = "제목 끝에는 온점을 찍지 않습니다."
            span = (start + end - 1, start + end)
            yield found("title-dot", span, reason, HANDBOOK, Severity.ADVICE, "")
        return
    match = _CASE.search(title[:end])
    if match and match.start() > 1:
        reason = "제목은 ‘~의 건’ 없이 무엇을 하는 문서인지 적습니다(예: ○○ 계획 알림)."
        span = (start + match.start(), start + end)
        yield found("title-case", span, reason, PLAIN_WORDS, Severity.ADVICE)


def _label(line: Line) -> Iterator[Finding]:
    match = _LABELLED.match(line.text)
    if match is None or match["gap"] == GAP or not line.text[match.end() :].strip():
        return
    if not match["gap"]:
        return
    reason = "‘수신’과 ‘제목’ 다음에는 쌍점 없이 두 칸(2타) 띄웁니다."
    span = (line.start + match.start(), line.start + match.end())
    edit = Edit(line.start + match.start("gap"), span[1], GAP)
    yield Finding("head-colon", *span, reason, HANDBOOK, Severity.CHECK, (edit,))


def _addressees(sheet: Sheet) -> Iterator[Finding]:
    for _, line in sheet.of(Part.HEAD):
        match = _TO.match(line.text)
        if match and match["who"].strip():
            start = line.start + match.start("who")
            yield from _to(sheet, match["who"].rstrip(), start)


def _to(sheet: Sheet, who: str, start: int) -> Iterator[Finding]:
    span = (start, start + len(who))
    after = [line for _, line in sheet.of(Part.AFTER)]
    yield from honours(who, start)
    if who.startswith("내부결재"):
        yield from _unsent(after)
    elif who.replace(" ", "") == "수신자참조":
        if not any(line.text.strip().startswith("수신자") for line in after):
            reason = "‘수신자 참조’라고 적었으면 발신명의 다음 줄에 수신자란을 둡니다."
            yield found("to-missing", span, reason, TO, Severity.WRONG)
    elif who.count(",") >= 1 and "(" not in who:
        reason = (
            "수신자가 여럿이면 ‘수신자 참조’라고 적고 발신명의 다음 줄에 수신자를 적을 수 있습니다."
        )
        yield found("to-many", span, reason, TO, Severity.ADVICE)


def honours(who: str, start: int = 0) -> Iterator[Finding]:
    """귀하 is for a citizen, not for the head of an office."""
    match = _OFFICE.search(who)
    if match:
        reason = "행정기관의 장 뒤에는 ‘귀하’를 붙이지 않습니다(민원인에게 보낼 때 적습니다)."
        span = (start + match.start("honour"), start + match.end("honour"))
        yield found("to-honour", span, reason, TO, Severity.CHECK, "")


def _unsent(after: list[Line]) -> Iterator[Finding]:
    for line in after:
        if _SENDER.match(line.text):
            reason = "내부결재 문서에는 발신명의를 적지 않습니다."
            edit = Edit(line.start, line.end, "")
            span = (line.start, line.end)
            yield Finding("sender-internal", *span, reason, NO_SENDER, Severity.WRONG, (edit,))
