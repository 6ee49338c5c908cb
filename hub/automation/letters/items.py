"""Marks of items: 1. 가. 1) 가) (1) (가) ① ㉮, in order, indented by two, none for one alone.

A mark is believed to open a new level only where it is the first of its kind (1., 가., ①): so
(주)한빛 and dates at the beginning of a line stay what they are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from hub.automation.letters.finding import (
    HANDBOOK,
    Edit,
    Finding,
    Severity,
    by_rules,
    found,
)
from hub.automation.letters.sheet import Line, Part, Sheet
from hub.document import numbering

ARTICLE: Final = by_rules("제2조제1항")
INDENT: Final = "  "
_HANGUL: Final = {one: n for n, one in enumerate(numbering.SYLLABLES, 1)}
_CIRCLED: Final = {one: n for n, one in enumerate(numbering.CIRCLED, 1)}
_CIRCLED_HANGUL: Final = {one: n for n, one in enumerate(numbering.CIRCLED_HANGUL, 1)}
TOLD_MOST: Final = 20
"""Marks are mended together, so each finding carries all of them."""
_LAST_SURE: Final = 14
"""하. After it writers differ: what follows is read as the next one, whatever it is."""
_MARK: Final = re.compile(
    r"(?P<m1>\d{1,2})\.(?! ?\d{1,2}\.(?!\d))(?!\d)|(?P<m2>[가-힣])\."
    r"|(?P<m3>\d{1,2})\)|(?P<m4>[가-힣])\)|\((?P<m5>\d{1,2})\)|\((?P<m6>[가-힣])\)|(?P<m7>[①-⑳㉑-㉟])|(?P<m8>[㉮-㉻])"
)
_HEADING: Final = re.compile(r"[□■◇◆❏❑▢○●◎▶▷]|[Ⅰ-Ⅻⅰ-ⅻ]|[IVX]{1,4}\.")
"""Where it stands at the left, 1. may begin anew below it."""
_ROMAN: Final = re.compile(r"(?:[Ⅰ-Ⅻⅰ-ⅻ]|[IVX]{1,4}(?=\.))\.? ?")


@dataclass(frozen=True, slots=True)
class Marked:
    """A line that begins with a mark: characters of the mark, of its text, and its place."""

    nth_line: int
    line: Line
    start: int
    end: int
    text_start: int
    depth: int
    nth: int
    begins: bool = False
    """Whether a list of its own begins with it, under a heading like □."""

    @property
    def mark(self) -> str:
        """As it is written."""
        return self.line.text[self.start - self.line.start : self.end - self.line.start]

    @property
    def expected(self) -> str:
        """As it should be. Raises TooManyItems."""
        return numbering.mark(self.depth, self.nth)


def rules(sheet: Sheet) -> Iterator[Finding]:
    """Everything about items."""
    items = marked(sheet)
    yield from _alone(items)
    yield from _wrong_marks(items)
    yield from _spaces(items)
    yield from _roman(sheet)


def marked(sheet: Sheet) -> list[Marked]:
    """The items of the body, in order, each with its depth and its number among its siblings."""
    return _marked(tuple(sheet.of(Part.BODY)))


@lru_cache(maxsize=8)
def _marked(lines: tuple[tuple[int, Line], ...]) -> list[Marked]:
    stack: list[tuple[int, int]] = []
    items: list[Marked] = []
    is_under_heading = False
    for nth_line, line in lines:
        is_under_heading |= line.indent < 2 and _HEADING.match(line.text, line.indent) is not None
        begins = is_under_heading and _is_first(line, stack)
        if begins:
            stack.clear()
        read = _read(line, stack)
        if read is None:
            continue
        is_under_heading = False
        style, start, end, text_start = read
        count = _placed(stack, style)
        items.append(Marked(nth_line, line, start, end, text_start, len(stack), count, begins))
    return items


def _is_first(line: Line, stack: list[tuple[int, int]]) -> bool:
    """Whether a line begins as the list did that stands above the heading."""
    match = _MARK.match(line.text, line.indent)
    if match is None or not stack or not line.text[match.end() :].strip():
        return False
    style = int(str(match.lastgroup)[1:])
    return style == stack[0][0] and _nth(style, str(match[str(match.lastgroup)])) == 1


def _read(line: Line, stack: list[tuple[int, int]]) -> tuple[int, int, int, int] | None:
    """Style, where the mark begins and ends, and where its text begins; None: no mark."""
    at = line.indent
    match = _MARK.match(line.text, at)
    if match is None:
        return None
    style = int(str(match.lastgroup)[1:])
    if not _is_believed(style, str(match[str(match.lastgroup)]), stack):
        return None
    rest = line.text[match.end() :]
    content = len(rest) - len(rest.lstrip(" \t\u3000\xa0"))
    if not rest.strip():
        return None
    start, end = line.start + match.start(), line.start + match.end()
    return style, start, end, end + content


def _is_believed(style: int, name: str, stack: list[tuple[int, int]]) -> bool:
    counts = dict(stack)
    if style in counts:
        is_known = style % 2 or style > 6 or name in _HANGUL
        return bool(is_known) or counts[style] >= _LAST_SURE
    return _nth(style, name) == 1 and len(stack) < numbering.LEVELS


def _nth(style: int, name: str) -> int:
    names = {2: _HANGUL, 4: _HANGUL, 6: _HANGUL, 7: _CIRCLED, 8: _CIRCLED_HANGUL}.get(style)
    return int(name) if names is None else names.get(name, 0)


def _placed(stack: list[tuple[int, int]], style: int) -> int:
    """Put the item on the stack; the how-manieth of its siblings it is."""
    at = next((n for n, (one, _) in enumerate(stack) if one == style), None)
    if at is None:
        stack.append((style, 1))
        return 1
    count = stack[at][1] + 1
    stack[at:] = [(style, count)]
    return count


def without_siblings(items: list[Marked]) -> Iterator[int]:
    """Where the items stand that have none."""
    open_ones: list[int] = []  # those that wait for a sibling, from the left
    for at, one in enumerate(items):
        while open_ones and (one.begins or items[open_ones[-1]].depth > one.depth):
            yield open_ones.pop()
        if open_ones and items[open_ones[-1]].depth == one.depth:
            open_ones.pop()
        elif one.nth == 1:
            open_ones.append(at)
    yield from open_ones


def _alone(items: list[Marked]) -> Iterator[Finding]:
    reason = "항목이 하나뿐이면 기호를 붙이지 않습니다."
    for at in sorted(without_siblings(items)):
        one = items[at]
        if one.expected != one.mark:
            continue  # first let it be what it should be
        span = (one.start, one.end)
        edits = (Edit(one.start, one.text_start, ""), *_promoted(items, at))
        yield Finding("item-alone", *span, reason, HANDBOOK, Severity.CHECK, edits)


def _promoted(items: list[Marked], at: int) -> Iterator[Edit]:
    """What hangs under an item without a mark goes one level up."""
    for one in islice(items, at + 1, None):
        if one.depth <= items[at].depth or one.begins:
            return
        try:
            yield Edit(one.start, one.end, numbering.mark(one.depth - 1, one.nth))
        except numbering.TooManyItems:
            return


def _wrong_marks(items: list[Marked]) -> Iterator[Finding]:
    try:
        wrong = [one for one in items if one.expected != one.mark]
    except numbering.TooManyItems:
        return
    edits = tuple(Edit(one.start, one.end, one.expected) for one in wrong)
    pairs = zip([None, *wrong], wrong, strict=False)
    told = [one for last, one in pairs if not _goes_on(last, one)]
    for one in told[:TOLD_MOST]:
        span = (one.start, one.end)
        with_it = f" 다른 {len(wrong) - 1}곳도 함께 고칩니다." if len(wrong) > 1 else ""
        reason = f"이 자리의 항목 기호는 ‘{one.expected}’입니다. {_why(one)}{with_it}"
        rule = "item-level" if _style(one.expected) != _style(one.mark) else "item-order"
        yield Finding(rule, *span, reason, ARTICLE, Severity.WRONG, edits)


def _goes_on(last: Marked | None, one: Marked) -> bool:
    """Whether it is wrong only because the one before it is: 나. 라. 마. is one mistake."""
    return last is not None and last.depth == one.depth and last.nth + 1 == one.nth


def _why(one: Marked) -> str:
    if _style(one.expected) != _style(one.mark):
        return "단계는 1. 가. 1) 가) (1) (가) ① ㉮ 차례로 내려갑니다."
    if one.nth > _LAST_SURE and one.depth % 2 == 0:
        return "하 다음은 거, 너, 더로 이어집니다."
    return "항목은 숫자와 가나다 차례로 적습니다."


def _style(mark: str) -> str:
    match = _MARK.match(mark)
    return str(match.lastgroup) if match else ""


def _spaces(items: list[Marked]) -> Iterator[Finding]:
    for one in items:
        indent, right = one.line.text[: one.line.indent], INDENT * (one.depth - 1)
        if indent != right:
            span = (one.line.start, one.start)
            reason = "둘째 단계부터 상위 항목에서 두 칸(2타)씩 오른쪽에서 시작합니다."
            at = span if indent else (one.start, one.end)
            edit = Edit(*span, right)
            yield Finding("item-indent", *at, reason, HANDBOOK, Severity.CHECK, (edit,))
        gap = one.line.text[one.end - one.line.start : one.text_start - one.line.start]
        if gap != " ":
            reason = "항목 기호와 내용 사이는 한 칸(1타) 띄웁니다."
            span = (one.end, one.text_start)
            at = span if gap else (one.start, one.end)
            edit = Edit(*span, " ")
            yield Finding("item-space", *at, reason, HANDBOOK, Severity.CHECK, (edit,))


def _roman(sheet: Sheet) -> Iterator[Finding]:
    reason = "항목 기호는 1. 가. 1) 가) (1) (가) ① ㉮나 □ ○ - ㆍ 같은 특수한 기호를 씁니다."
    for _, line in sheet.of(Part.BODY):
        match = _ROMAN.match(line.text, line.indent)
        if match:
            span = (line.start + match.start(), line.start + match.end())
            yield found("item-roman", span, reason, ARTICLE, Severity.CHECK)
