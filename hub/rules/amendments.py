"""A list of paragraphs that later acts changed, to be put into an older text of the law.

A file is Markdown: a heading names the law, the act and one day (`## 가나다 규정 — 대통령령
제12호, **2026-10-01 시행**`), a line below it an article, a paragraph and its new words
(`제15조 ④ …다.`). What is told in other words than the law's own (left-out parts, summaries) is
left out and said. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from hub.rules.law_text import MOST_BYTES, ArticleText, LawUnreadable

_HEADING: Final = re.compile(r"^## (.+?) — (.+)$")
_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?: 공포)?[ ·]*시행")
_BOLD_DAY: Final = re.compile(r"\*\*(\d{4}-\d{2}-\d{2}) 시행\*\*")
_ACT: Final = re.compile(r"(?:(대통령령|법률|\S+부령) )?(제\d+호)")
_CHANGE: Final = re.compile(r"^(제\d+조(?:의\d+)?) ([①-⑳]) (.+)$")
_OTHER: Final = re.compile(r"^제\d+조(?:의\d+)?[^:.]{0,40}")
_THE_SAME: Final = "같다."
"""A list also says what stayed as it was."""
_SUMMARY: Final = re.compile(r"\s+\([1-9]\. .*\)\s*$")
_ITEM: Final = re.compile(r"\s+(?=[1-9]\d?\. )")
_ENDS: Final = (".", ">")
_OF_ITS_OWN: Final = ("…", "...", "→")
"""Signs of whoever wrote the list down, never of a law."""
_NEXT: Final = re.compile(r"^[①-⑳]")


@dataclass(frozen=True, slots=True)
class Amendment:
    """The new words of one paragraph. `items`: its numbered items, where they are told too."""

    title: str
    since: date
    act: str
    number: str
    paragraph: str
    lead: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Amendments:
    """What a file says, and what of it cannot be put into a text."""

    amendments: tuple[Amendment, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Under:
    """A heading: of which law, and from when on by which act, where one day is named."""

    title: str
    since: date | None
    act: str


def is_list(encoded: bytes) -> bool:
    """Whether these bytes look like such a file and not like a law."""
    text = encoded.decode("utf-8-sig", "replace")
    return not text.startswith("---\n") and any(
        _HEADING.match(line) and _DAY.search(line.replace("*", "")) for line in text.splitlines()
    )


def read(encoded: bytes) -> Amendments:
    """Read a file. Raises LawUnreadable."""
    if len(encoded) > MOST_BYTES:
        raise LawUnreadable(f"파일이 너무 큽니다. {MOST_BYTES // 1000} kB까지 읽습니다.")
    try:
        lines = encoded.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise LawUnreadable("UTF-8로 쓴 글이 아닙니다.") from error
    found: list[Amendment] = []
    left_out: list[str] = []
    left_out += _not_read(lines)
    for under, number, paragraph, words in _changes(lines):
        if under.since is None:
            left_out.append(f"{under.title} {number} {paragraph}: 시행일이 하나로 적혀 있지 않음")
        elif not _is_whole(words):
            left_out.append(f"{under.title} {number} {paragraph}: 원문이 아니라 줄여 적은 글")
        else:
            found.append(_amendment(under, under.since, number, paragraph, words))
    return Amendments(tuple(found), tuple(left_out))


def _changes(lines: list[str]) -> Iterator[tuple[_Under, str, str, str]]:
    under: _Under | None = None
    for line in lines:
        if line.startswith("#"):
            under = _under(line)
        elif under and (change := _CHANGE.match(line.replace("**", ""))):
            yield under, change[1], change[2], change[3]


def _not_read(lines: list[str]) -> Iterator[str]:
    """What speaks of an article but not as `제2조 ② …`: no paragraph can be put in from it."""
    under: _Under | None = None
    for line in lines:
        told = line.replace("**", "").strip()
        if line.startswith("#"):
            under = _under(line)
            continue
        is_read = _CHANGE.match(told) or told.endswith(_THE_SAME)
        if under and not is_read and (article := _OTHER.match(told)):
            yield f"{under.title} {article[0].strip()}: 조와 항의 원문으로 적혀 있지 않음"


def _under(line: str) -> _Under | None:
    heading = _HEADING.match(line)
    if heading is None:
        return None
    told = heading.group(2)
    bold = _BOLD_DAY.findall(told)
    days = {*bold} or {*_DAY.findall(told)}
    act = _ACT.search(told)
    words = " ".join(filter(None, act.groups())) if act else ""
    return _Under(heading.group(1).strip(), _day(days.pop()) if len(days) == 1 else None, words)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_whole(words: str) -> bool:
    """Whether these are the law's own words: nothing left out, and sentences that end."""
    told = _SUMMARY.sub("", words).strip()
    lead = _ITEM.split(told)[0]
    own = any(sign in told for sign in _OF_ITS_OWN)
    return not own and not told.startswith("(") and lead.endswith(_ENDS)


def _amendment(under: _Under, since: date, number: str, paragraph: str, words: str) -> Amendment:
    lead, *items = _ITEM.split(_SUMMARY.sub("", words).strip())
    return Amendment(under.title, since, under.act, number, paragraph, lead, tuple(items))


def put_into(article: ArticleText, change: Amendment) -> ArticleText | None:
    """The article with the paragraph's new words; None where it has no such paragraph."""
    lines = article.text.splitlines()
    at = next((n for n, line in enumerate(lines) if line.startswith(change.paragraph)), None)
    if at is None:
        return None
    ends = next((n for n in range(at + 1, len(lines)) if _NEXT.match(lines[n])), len(lines))
    items = [f"  {item}" for item in change.items] or lines[at + 1 : ends]
    new = [*lines[:at], f"{change.paragraph} {change.lead}", *items, *lines[ends:]]
    return replace(article, text="\n".join(new))
