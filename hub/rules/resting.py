"""On which text of its article a row of a rule rests, and whether a newer one says otherwise. Pure.

Words are compared without their spaces and signs of emphasis: two sources write the same law with
other line breaks.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Final, Literal

from hub.rules.rule import Row, Rule

WORDS_MOST: Final = 6_000
"""Longer articles are compared line by line: comparing takes the square of their length."""
_DOTS: Final = str.maketrans(
    dict.fromkeys("ㆍ·‧•∙・", "·") | {"“": '"', "”": '"', "‘": "'", "’": "'"}
)


class UnknownText(LookupError):
    """No text of this article was loaded for that day. Load one: python -m hub rules load-law."""


Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A text of an article as it was loaded."""

    title: str
    number: str
    since: date
    heading: str
    words: str
    source: str
    amended_by: str
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of words that both texts have, or one of them."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Rested:
    """The text a row rests on, a later one that says otherwise, and the difference."""

    text: Stored | None
    is_older: bool
    """The newest text that was loaded is from before this row: it does not say its change yet."""
    newer: Stored | None
    difference: tuple[Part, ...]


def rested(rule: Rule, row: Row, read: date | None, texts: Iterable[Stored]) -> Rested:
    """What of the stored texts of its article concerns a row.

    Args:
        rule: the rule of the row.
        row: one of its rows.
        read: from which day on the newest text holds that was read for the tables.
        texts: all stored texts of the row's article, one a day.
    """
    inner = sorted(texts, key=lambda one: one.since)
    ends = [day for day in (rule.last_day(row), read) if day is not None]
    known = [one for one in inner if not ends or one.since <= min(ends)]
    text = known[-1] if known else None
    later = [one for one in inner if read is not None and one.since > read]
    newer = later[-1] if later and rule.last_day(row) is None else None
    if newer and text and is_same(newer.words, text.words):
        newer = None
    parts = difference(text.words, newer.words) if text and newer else ()
    return Rested(text, text is not None and text.since < row.since, newer, parts)


def at(texts: Iterable[Stored], day: date) -> Stored | None:
    """Of the texts of one article the one that holds on this day, as far as is loaded."""
    known = [one for one in texts if one.since <= day]
    return max(known, key=lambda one: one.since, default=None)


def is_same(one: str, other: str) -> bool:
    """Whether two texts say the same."""
    return said(one) == said(other)


def said(words: str) -> str:
    """The words alone."""
    plain = unicodedata.normalize("NFC", words).translate(_DOTS)
    return re.sub(r"\s+", "", plain)


def difference(before: str, after: str) -> tuple[Part, ...]:
    """What went and what came, in the order of reading."""
    old, new = _tokens(before), _tokens(after)
    if len(old) + len(new) > WORDS_MOST:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return tuple(_joined(_parts(old, new)))


def _tokens(words: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", words)


def _parts(old: list[str], new: list[str]) -> Iterator[Part]:
    left, right = [said(one) for one in old], [said(one) for one in new]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Part("same", "".join(new[j1:j2]))
            continue
        if i2 > i1:
            yield Part("gone", "".join(old[i1:i2]))
        if j2 > j1:
            yield Part("new", "".join(new[j1:j2]))


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    held: Part | None = None
    for part in parts:
        if held is not None and held.kind == part.kind:
            held = Part(held.kind, held.words + part.words)
            continue
        if held is not None:
            yield held
        held = part
    if held is not None:
        yield held
