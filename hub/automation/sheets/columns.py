"""The columns of a question's sheet, and where they stand in a sheet that somebody filled.

A list (the nights of a trip) has its columns beside the others: one line of the sheet is one item,
and lines with the same word under 구분 are one case.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.automation.question import AskedField, Kind, Question
from hub.automation.sheets.words import AFTER, RESULT
from hub.kit.sheet import SheetUnreadable, word

KEY: Final = "구분"
REMARK: Final = "비고"
HEADING_WITHIN: Final = 20
"""A heading stands this near to the top: above it a table has its title."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column. `of`: the list whose items it belongs to; empty: the case itself."""

    heading: str
    field: AskedField
    words: frozenset[str]
    """By which it is found, as `plain` writes them."""
    of: str = ""
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Where the columns stand in somebody's sheet. `key`: that of 구분."""

    columns: Mapping[Column, int]
    key: int | None


def columns_of(question: Question) -> tuple[Column, ...]:
    """In the order of the form."""
    flat = [(one, line) for one in question.fields for line in (one.fields or (one,))]
    titles = Counter(_titled(one, line) for one, line in flat)
    bare = Counter(plain(_title(one, line)) for one, line in flat)
    return tuple(
        _column(one, line, titles[_titled(one, line)] > 1, bare[plain(_title(one, line))] > 1)
        for one, line in flat
    )


def has_lists(question: Question) -> bool:
    """Whether a case may take more than one line."""
    return any(one.kind is Kind.LIST for one in question.fields)


def sheet_name(question: Question) -> str:
    """What the sheet of a question is called: Excel takes 31 characters, and not all."""
    return re.sub(r"[\[\]:*?/\\]", " ", question.title)[:31]


def plain(text: str) -> str:
    """A heading or a choice as people write it in a hurry: without spaces, in one form."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def find(question: Question, rows: Sequence[Sequence[Any]]) -> tuple[int, Places]:
    """The row of the heading and its columns. Raises SheetUnreadable: which are missing."""
    known = columns_of(question)
    headings = [_words(row) for row in rows[:HEADING_WITHIN]]
    tried = [(at, _among(known, one)) for at, one in enumerate(headings)]
    at, found = max(tried, key=lambda one: len(one[1]), default=(0, {}))
    missing = [one.heading for one in known if one.is_needed and one not in found]
    if missing or not found:
        raise SheetUnreadable(_missing(missing))
    words = headings[at]
    _refuse_twice(known, words)
    key = words.index(plain(KEY)) if has_lists(question) and plain(KEY) in words else None
    return at, Places(found, key)


def _title(one: AskedField, line: AskedField) -> str:
    """The only column of a list goes by the name of the list."""
    return one.asked.title if len(one.fields) == 1 else line.asked.title


def _titled(one: AskedField, line: AskedField) -> str:
    title, unit = _title(one, line), line.asked.unit
    return f"{title}({unit})" if unit and unit != title else title


def _column(one: AskedField, line: AskedField, is_twice: bool, is_bare_twice: bool) -> Column:
    titled, title = _titled(one, line), _title(one, line)
    is_listed = one is not line
    heading = f"{one.asked.title} {titled}" if is_twice and is_listed else titled
    words = {heading, f"{one.name}.{line.name}" if is_listed else one.name}
    words |= set() if is_bare_twice else {title}
    is_needed = one.is_required and line.is_required
    of = one.name if is_listed else ""
    return Column(heading, line, frozenset(map(plain, words)), of, is_needed)


def ours_begin(heading: Sequence[str]) -> int | None:
    """Where an earlier answer's columns begin: 결과, figures, then those after, at the very end."""
    last = max((at for at, said in enumerate(heading) if said), default=-1)
    if RESULT not in heading or tuple(heading[last - 2 : last + 1]) != AFTER:
        return None
    return len(heading) - 1 - heading[::-1].index(RESULT)


def _words(row: Sequence[Any]) -> list[str]:
    """A heading without what an earlier answer wrote beside it."""
    words = [word(cell) for cell in row]
    return [plain(one) for one in words[: ours_begin(words)]]


def _among(known: Sequence[Column], words: Sequence[str]) -> dict[Column, int]:
    return {
        one: next(at for at, said in enumerate(words) if said in one.words)
        for one in known
        if not one.words.isdisjoint(words)
    }


def _refuse_twice(known: Sequence[Column], words: Sequence[str]) -> None:
    for one in known:
        if sum(said in one.words for said in words) > 1:
            raise SheetUnreadable(f"'{one.heading}' 열이 두 번 있어요. 하나만 남겨 주세요.")


def _missing(headings: Sequence[str]) -> str:
    named = ", ".join(f"'{one}'" for one in headings)
    told = f"{named} 열을 찾지 못했어요." if named else "아는 열이 하나도 없어요."
    return f"{told} 양식을 내려받아 그 첫 줄을 그대로 두고 적어 주세요."
