"""The parts of a text of a 기안문: head, title, body, table, attachments, 끝 and what follows.

Works on what anybody pasted: nothing is required, and nothing raises. Positions count characters
of the whole text. Left out: what is right; the modules of rules say that.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

HEAD_LINES_MOST: Final = 15
_COUNTERS: Final = "부매권식장개점종편통쪽건본벌"
QUANTITY: Final = re.compile(rf"\d{{1,4}} ?(?:세트|[{_COUNTERS}])(?![가-힣])")
_TITLE: Final = re.compile(r" {0,9}제 ?목(?: *[:：] *| +)\S")
_LABEL: Final = re.compile(
    r"[ \t※*]{0,12}(?P<label>붙 {0,3}임(?:물|자료)?|별 {0,3}첨|첨 {0,3}부(?:물|서류|파일|자료)?)"
    r"(?P<apart>[ \t]{0,9}[:：.]?[ \t]{0,12})(?P<rest>\S.*)$"
)
_LABEL_FOLLOWS: Final = re.compile(r"\d{1,2}[.)]")
_INTERNAL: Final = re.compile(r"[ \t]{0,9}수 ?신[ \t:：]{1,12}내부 ?결재")
_END: Final = re.compile(
    r"(?:(?P<alone>^[ \t\u3000]{0,40})|(?P<gap>(?<=[.)\]」』다부매])[ \t\u3000]{0,40}|"
    r"(?<=\S)[ \t\u3000]{1,40}(?=\S{0,2}끝\.?\S{0,2}$)))"
    r"(?P<mark>[-–(<\[\"“'‘]{0,2} ?끝ㅤ? ?\.?[-–)>\]\"”'’ ]{0,3})$"
)
_CLOSING: Final = re.compile(
    r"[ \t]{0,60}(?:수신자[ :：]|[★⊙]|기안자|시행 |우 ?\d{5}|"
    r"[가-힣 ]{1,16}(?:시장|군수|구청장|도지사|교육감|소장|과장|국장|읍장|면장|동장|원장|청장|장관)"
    r"[ \t]{0,20}$)"
)
_PROTECTED: Final = re.compile(
    r"「[^」\n]{0,200}」|『[^』\n]{0,200}』|https?://[^\s가-힣]{1,500}|www\.[^\s가-힣]{1,500}"
    r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,100}|(?<!\d)0\d{1,2}[-)]\d{3,4}-\d{4}(?!\d)"
    r"|(?<![가-힣])[가-힣]{1,20}-\d{1,8}(?!\d)"
    r"|(?:버전|(?<![A-Za-z])[Vv](?:er)?\.?) ?\d{1,4}(?:\.\d{1,4}){1,4}"
    r"|(?<![\d.])\d{1,4}(?:\.\d{1,4}){1,4}(?= ?버전)"
)


_FILE: Final = re.compile(
    r"\.(?:hwpx?|xlsx?|pdf|docx?|pptx?|zip|jpe?g|png|txt|csv)(?![A-Za-z0-9])", re.IGNORECASE
)
_FILE_NAME_MOST: Final = 80


class Part(StrEnum):
    """What a line belongs to."""

    HEAD = "head"
    TITLE = "title"
    BODY = "body"
    TABLE = "table"
    ATTACHED = "attached"
    AFTER = "after"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: characters `start` to `end` of the text, without its line break."""

    start: int
    text: str
    part: Part = Part.BODY

    @property
    def end(self) -> int:
        """Where its last character ends."""
        return self.start + len(self.text)

    @property
    def indent(self) -> int:
        """How many white characters it begins with."""
        return len(self.text) - len(self.text.lstrip(" \t\u3000\xa0"))


@dataclass(frozen=True, slots=True)
class EndMark:
    """끝: its own characters, and where the white before them begins."""

    gap_start: int
    start: int
    end: int
    is_alone: bool
    nth_line: int


@dataclass(frozen=True, slots=True)
class Label:
    """The word 붙임, what stands between it and the first name, and where that begins."""

    start: int
    end: int
    first_start: int
    nth_line: int


class Sheet:
    """A text, and its parts."""

    def __init__(self, text: str, *, is_internal: bool = False) -> None:
        self.text = text
        self._bare = _split(text)
        self._said_internal = is_internal

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every line with the part it belongs to."""
        return tuple(
            Line(line.start, line.text, self._part(nth, line))
            for nth, line in enumerate(self._bare)
        )

    @cached_property
    def title_line(self) -> int | None:
        """The line of the title."""
        near = enumerate(self._bare[:HEAD_LINES_MOST])
        return next((nth for nth, line in near if _TITLE.match(line.text)), None)

    @cached_property
    def is_internal(self) -> bool:
        """Whether it goes to nobody: told so, or its own head says so."""
        head = self._bare[: self.title_line or 0]
        return self._said_internal or any(_INTERNAL.match(line.text) for line in head)

    @cached_property
    def ends(self) -> tuple[EndMark, ...]:
        """Every 끝, in order."""
        first = 0 if self.title_line is None else self.title_line + 1
        seen = (_end_mark(nth, self._bare[nth]) for nth in range(first, len(self._bare)))
        return tuple(one for one in seen if one)

    @cached_property
    def end(self) -> EndMark | None:
        """The last 끝."""
        return self.ends[-1] if self.ends else None

    @cached_property
    def body_lines(self) -> range:
        """The lines of the body, attachments and 끝 included; those after it left out."""
        first = 0 if self.title_line is None else self.title_line + 1
        last = max(self._last_line, first - 1)
        return range(first, last + 1)

    @cached_property
    def label(self) -> Label | None:
        """Where the attachments begin."""
        seen = (_label(nth, self._bare[nth]) for nth in reversed(self.body_lines))
        return next((one for one in seen if one), None)

    @cached_property
    def protected(self) -> tuple[tuple[int, int], ...]:
        """Names of laws and files, addresses, telephone, document and version numbers.

        No sign of them is mended.
        """
        spans = [match.span() for match in _PROTECTED.finditer(self.text)]
        spans += [_file_name(self.text, *match.span()) for match in _FILE.finditer(self.text)]
        return _apart(spans)

    def is_protected(self, start: int, end: int) -> bool:
        """Whether any of these characters is to be left as it is."""
        at = bisect_right(self.protected, (end, -1)) - 1
        return at >= 0 and self.protected[at][1] > start

    def line_at(self, at: int) -> Line:
        """The line that holds this character."""
        return self.lines[bisect_right(self._bare, at, key=lambda line: line.start) - 1]

    def of(self, *parts: Part) -> tuple[tuple[int, Line], ...]:
        """The lines of these parts, with their numbers."""
        return tuple((nth, line) for nth, line in enumerate(self.lines) if line.part in parts)

    @cached_property
    def _last_line(self) -> int:
        if self.end is not None:
            return self._end_line(self.end)
        first = 0 if self.title_line is None else self.title_line + 1
        for nth in range(first + 1, len(self._bare)):
            is_after_blank = not self._bare[nth - 1].text.strip()
            if is_after_blank and _CLOSING.match(self._bare[nth].text):
                return nth - 1
        return len(self._bare) - 1

    def _end_line(self, end: EndMark) -> int:
        """The last line of the body; attachments may stand below a 끝 that was set too early."""
        later = (_label(nth, self._bare[nth]) for nth in range(end.nth_line + 1, len(self._bare)))
        below = next((one for one in later if one), None)
        if below is None:
            return end.nth_line
        last = below.nth_line
        for nth in range(last + 1, len(self._bare)):
            text = self._bare[nth].text
            if not text.strip() or _CLOSING.match(text):
                break
            last = nth
        return last

    def _part(self, nth: int, line: Line) -> Part:
        if self.title_line is not None and nth < self.title_line:
            return Part.HEAD
        if nth == self.title_line:
            return Part.TITLE
        if nth not in self.body_lines:
            return Part.AFTER
        if self.label and nth >= self.label.nth_line:
            return Part.ATTACHED if line.text.strip() else Part.BLANK
        if "\t" in line.text.rstrip("\r"):
            return Part.TABLE
        return Part.BODY if line.text.strip() else Part.BLANK


def _file_name(text: str, dot: int, end: int) -> tuple[int, int]:
    """A name as far as it goes on without a space before its ending."""
    before = text[max(0, dot - _FILE_NAME_MOST) : dot]
    name = before.split()[-1] if before[-1:].strip() else ""
    return dot - len(name), end


def _apart(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """In order, those that meet as one."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start <= apart[-1][1]:
            apart[-1] = apart[-1][0], max(end, apart[-1][1])
        else:
            apart.append((start, end))
    return tuple(apart)


def _split(text: str) -> list[Line]:
    lines, at = [], 0
    for one in text.split("\n"):
        lines.append(Line(at, one.removesuffix("\r")))
        at += len(one) + 1
    return lines


def _end_mark(nth: int, line: Line) -> EndMark | None:
    text = line.text.rstrip()
    if "끝" not in text[-8:]:
        return None
    found = _END.search(text, max(0, len(text) - 60)) if len(text) > 60 else _END.search(text)
    if found is None:
        return None
    start, end = found.span("mark")
    is_alone = found["alone"] is not None and not text[:start].strip()
    if not is_alone and found["gap"] is None:
        return None
    gap = len(text[:start].rstrip(" \t\u3000"))
    return EndMark(line.start + gap, line.start + start, line.start + end, is_alone, nth)


def _label(nth: int, line: Line) -> Label | None:
    found = _LABEL.match(line.text)
    if found is None or not found["apart"]:
        return None
    is_colon = any(one in found["apart"] for one in ":：.")
    lists = is_colon or len(found["apart"]) > 1 or _LABEL_FOLLOWS.match(found["rest"])
    if not lists and not QUANTITY.search(found["rest"]):
        return None
    start, end = found.span("label")
    return Label(line.start + start, line.start + end, line.start + found.start("rest"), nth)
