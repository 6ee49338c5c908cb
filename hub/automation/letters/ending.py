"""How a body ends: 붙임 with names and quantities, then 끝; after a table 끝 or 이하 빈칸."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.automation.letters.finding import (
    HANDBOOK,
    Edit,
    Finding,
    Severity,
    Source,
    by_rules,
    found,
)
from hub.automation.letters.sheet import QUANTITY, EndMark, Line, Part, Sheet

ATTACHED: Final = by_rules("제4조제4항")
ENDS: Final = by_rules("제4조제5항제1호")
TABLE: Final = by_rules("제4조제5항제2호")
GAP: Final = "  "
END: Final = "끝."
BLANK_BELOW: Final = "이하 빈칸"
UNDER_LABEL: Final = " " * 6
"""붙임, and two half spaces: where the next name begins."""
_NUMBER: Final = re.compile(r"(?P<mark>(?P<n>\d{1,2})[.)](?!\d))(?P<gap>[ \t]{0,9})(?=\S)")
_NEXT: Final = re.compile(
    r"(?<=[부매권식장개점종편통쪽건본벌])(?:(?P<comma> ?,[ ]{0,3})|\.? +(?=\d{1,2}\. ))(?=\S)"
)
_JOINED: Final = re.compile(r"(?<=[가-힣)\]])(?=\d{1,4}(?:부|매|권)(?![가-힣]))")
_MENTIONED: Final = re.compile(r"붙임(?:과 같이|의|을 참[고조]|참[고조]| 참[고조]|\d)|별첨과 같이")


@dataclass(frozen=True, slots=True)
class Name:
    """One attachment: where its number (if any) and its words stand."""

    line: Line
    start: int
    text_start: int
    end: int
    number: str

    @property
    def text(self) -> str:
        """Its words."""
        return self.line.text[self.text_start - self.line.start : self.end - self.line.start]


def rules(sheet: Sheet) -> Iterator[Finding]:
    """Everything about the end of the body."""
    yield from _label(sheet)
    yield from _names(sheet)
    yield from _mentioned(sheet)
    yield from _end_marks(sheet)
    yield from _table(sheet)


def names(sheet: Sheet) -> list[Name]:
    """The attachments, in order: the first line of each."""
    return [lines[0] for lines in entries(sheet)]


def entries(sheet: Sheet) -> list[list[Name]]:
    """The attachments, in order, each with the lines that go on with it."""
    label = sheet.label
    if label is None:
        return []
    lines = [line for _, line in sheet.of(Part.ATTACHED)]
    first = _name(lines[0], label.first_start, sheet)
    others = [_name(line, line.start + line.indent, sheet) for line in lines[1:]]
    said = [one for one in (first, *others) if one.text.strip()]
    has_numbers = any(one.number for one in said)
    listed: list[list[Name]] = []
    for one in said:
        if listed and has_numbers and not one.number:
            listed[-1].append(one)
        else:
            listed.append([one])
    return listed


def _name(line: Line, start: int, sheet: Sheet) -> Name:
    end = line.start + len(line.text.rstrip())
    if sheet.end and sheet.line_at(sheet.end.start) == line:
        end = min(end, sheet.end.gap_start)
    early = next((one for one in sheet.ends if line.start <= one.start < line.end), None)
    if early:
        end = min(end, early.gap_start)
    match = _NUMBER.match(line.text, start - line.start)
    text_start = line.start + match.end() if match else start
    return Name(line, start, min(text_start, end), max(end, start), match["n"] if match else "")


def _label(sheet: Sheet) -> Iterator[Finding]:
    label = sheet.label
    if label is None:
        return
    if sheet.text[label.start : label.end] != "붙임":
        reason = "첨부물은 ‘붙임’으로 표시합니다."
        span = (label.start, label.end)
        yield found("attached-word", span, reason, ATTACHED, Severity.WRONG, "붙임")
    gap = sheet.text[label.end : label.first_start]
    if gap != GAP:
        reason = "‘붙임’ 다음에는 쌍점 없이 두 칸(2타) 띄웁니다."
        at = (label.end, label.first_start) if gap.strip() else (label.start, label.end)
        edit = Edit(label.end, label.first_start, GAP)
        yield Finding("attached-colon", *at, reason, HANDBOOK, Severity.CHECK, (edit,))


def _names(sheet: Sheet) -> Iterator[Finding]:
    listed = names(sheet)
    for one in listed:
        yield from _one_name(one)
    joined = [one for one in listed if _NEXT.search(one.text)]
    if joined:
        yield from _parted(joined[0])
        return
    yield from _numbers(sheet, listed)
    yield from _indents(listed)


def _one_name(one: Name) -> Iterator[Finding]:
    span = (one.text_start, one.end)
    joined = _JOINED.search(one.text)
    if joined:
        at = one.text_start + joined.start()
        reason = "명칭과 수량은 띄어 적습니다."
        edit = Edit(at, at, " ")
        yield Finding("attached-gap", *span, reason, HANDBOOK, Severity.CHECK, (edit,))
    if not QUANTITY.search(one.text):
        reason = "첨부물은 명칭과 수량을 함께 적습니다(예: 견적서 1부.)."
        yield found("attached-quantity", span, reason, ATTACHED, Severity.WRONG)
    elif not one.text.endswith((".", ",")) and QUANTITY.fullmatch(_tail(one.text)):
        reason = "수량 다음에 온점을 찍습니다."
        edit = Edit(one.end, one.end, ".")
        yield Finding("attached-dot", *span, reason, HANDBOOK, Severity.CHECK, (edit,))


def _tail(text: str) -> str:
    found_all = list(QUANTITY.finditer(text))
    return text[found_all[-1].start() :] if found_all else ""


def _parted(one: Name) -> Iterator[Finding]:
    """Several attachments on one line: each gets a line of its own, and a number."""
    parts = [part for part in re.split(r"\n", _NEXT.sub("\n", one.text)) if part.strip()]
    said = [_NUMBER.sub("", part, count=1).strip().rstrip(".") + "." for part in parts]
    lines = [f"{nth}. {part}" for nth, part in enumerate(said, 1)]
    edit = Edit(one.start, one.end, f"\n{UNDER_LABEL}".join(lines))
    reason = "첨부물이 둘 이상이면 줄을 바꾸어 번호를 매깁니다."
    span = (one.start, one.end)
    yield Finding("attached-parted", *span, reason, ATTACHED, Severity.WRONG, (edit,))


def _numbers(sheet: Sheet, listed: list[Name]) -> Iterator[Finding]:
    is_one = len(listed) == 1
    edits = tuple(
        Edit(one.start, one.text_start, right)
        for nth, one in enumerate(listed, 1)
        if sheet.text[one.start : one.text_start] != (right := "" if is_one else f"{nth}. ")
    )
    if not edits:
        return
    reason = (
        "첨부물이 하나면 번호를 붙이지 않습니다."
        if is_one
        else "첨부물이 둘 이상이면 1. 2. 3. 차례로 번호를 매깁니다."
    )
    wrong = next(one for one in listed if one.start == edits[0].start)
    source = HANDBOOK if is_one else ATTACHED
    severity = Severity.CHECK if is_one else Severity.WRONG
    yield Finding("attached-number", wrong.start, wrong.end, reason, source, severity, edits)


def _indents(listed: list[Name]) -> Iterator[Finding]:
    for one in listed[1:]:
        if sheet_indent(one) != UNDER_LABEL:
            reason = "둘째 붙임부터는 첫째 붙임의 첫 글자에 맞춥니다."
            edit = Edit(one.line.start, one.start, UNDER_LABEL)
            span = (one.start, one.end)
            yield Finding("attached-indent", *span, reason, HANDBOOK, Severity.CHECK, (edit,))


def sheet_indent(one: Name) -> str:
    """The white before an attachment."""
    return one.line.text[: one.start - one.line.start]


def _mentioned(sheet: Sheet) -> Iterator[Finding]:
    if sheet.label is not None:
        return
    for _, line in sheet.of(Part.BODY):
        match = _MENTIONED.search(line.text)
        if match:
            span = (line.start + match.start(), line.start + match.end())
            reason = "본문은 붙임을 말하는데 붙임이 없습니다."
            yield found("attached-missing", span, reason, ATTACHED, Severity.CHECK)
            return


def _end_marks(sheet: Sheet) -> Iterator[Finding]:
    if _last_table(sheet):
        return
    for early in sheet.ends:
        if _is_early(sheet, early):
            reason = "붙임이 있으면 ‘끝’은 붙임 다음에 적습니다."
            yield _without(early, "end-early", reason, ENDS)
    end = sheet.end
    if end is None or _is_early(sheet, end):
        yield from _missing(sheet)
        return
    if sheet.text[end.start : end.end] != END:
        reason = "‘끝’ 표시는 괄호나 줄표 없이 ‘끝.’으로 적습니다."
        yield found("end-form", (end.start, end.end), reason, ENDS, Severity.WRONG, END)
    if not _is_apart(sheet, end):
        reason = "‘끝’은 마지막 글자에서 한 글자(2타) 띄우고 적습니다."
        edit = Edit(end.gap_start, end.start, GAP)
        at = (end.start, end.end)
        yield Finding("end-gap", *at, reason, ENDS, Severity.WRONG, (edit,))


def _is_apart(sheet: Sheet, end: EndMark) -> bool:
    return sheet.text[end.gap_start : end.start] in (GAP, "\u3000")


def _is_early(sheet: Sheet, end: EndMark) -> bool:
    return sheet.label is not None and end.nth_line < sheet.label.nth_line


def _without(end: EndMark, rule: str, reason: str, source: Source) -> Finding:
    """The mark goes, with its line where it stands alone."""
    start = end.gap_start - (1 if end.is_alone and end.gap_start else 0)
    edit = Edit(start, end.end, "")
    return Finding(rule, end.start, end.end, reason, source, Severity.WRONG, (edit,))


def _missing(sheet: Sheet) -> Iterator[Finding]:
    content = sheet.of(Part.BODY, Part.ATTACHED)
    if not content:
        return
    line = content[-1][1]
    at = line.start + len(line.text.rstrip())
    reason = "본문(붙임이 있으면 붙임)의 마지막 글자에서 한 글자 띄우고 ‘끝.’을 적습니다."
    span = (max(line.start + line.indent, at - 6), at)
    edit = Edit(at, line.end, GAP + END)
    yield Finding("end-missing", *span, reason, ENDS, Severity.WRONG, (edit,))


def _last_table(sheet: Sheet) -> list[Line]:
    """The rows of the table that the body ends with; none where it ends otherwise."""
    content = [line for _, line in sheet.of(Part.BODY, Part.TABLE, Part.ATTACHED)]
    end = sheet.end
    if end and end.is_alone and content and content[-1].start <= end.start <= content[-1].end:
        content.pop()
    rows: list[Line] = []
    while content and content[-1].part is Part.TABLE:
        rows.insert(0, content.pop())
    return rows


def _table(sheet: Sheet) -> Iterator[Finding]:
    rows = _last_table(sheet)
    if not rows:
        return
    filled = [row for row in rows if row.text.strip()]
    says_blank = bool(filled) and BLANK_BELOW in filled[-1].text
    blank = next((row for row in rows if row.start > filled[-1].start), None) if filled else None
    end = sheet.end
    if says_blank and end:
        reason = "‘이하 빈칸’을 적으면 ‘끝’ 표시를 하지 않습니다."
        yield _without(end, "table-end", reason, TABLE)
    elif blank is not None and not says_blank:
        yield _blank_below(sheet, blank)
    elif filled and not says_blank:
        yield from _below(sheet, filled[-1])


def _blank_below(sheet: Sheet, blank: Line) -> Finding:
    reason = "표를 중간까지만 적었으면 다음 칸에 ‘이하 빈칸’을 적고 ‘끝’은 적지 않습니다."
    edits = [Edit(blank.start, blank.start, BLANK_BELOW)]
    end = sheet.end
    if end:
        edits += _without(end, "", "", TABLE).edits
    span = (end.start, end.end) if end else (blank.start, blank.end)
    return Finding("table-blank", *span, reason, TABLE, Severity.WRONG, tuple(edits))


def _below(sheet: Sheet, last: Line) -> Iterator[Finding]:
    end = sheet.end
    reason = "표의 마지막 칸까지 적었으면 표 아래 왼쪽에서 한 글자 띄우고 ‘끝.’을 적습니다."
    if end is None:
        edit = Edit(last.end, last.end, f"\n{GAP}{END}")
        span = (last.start, last.end)
        yield Finding("end-missing", *span, reason, TABLE, Severity.WRONG, (edit,))
    elif not end.is_alone:
        edit = Edit(end.gap_start, end.end, f"\n{GAP}{END}")
        yield Finding("table-end", end.start, end.end, reason, TABLE, Severity.WRONG, (edit,))
    elif sheet.text[end.gap_start : end.end] != GAP + END and not (
        _is_apart(sheet, end) and sheet.text[end.start : end.end] == END
    ):
        edit = Edit(end.gap_start, end.end, GAP + END)
        yield Finding("table-end", end.start, end.end, reason, TABLE, Severity.WRONG, (edit,))
