"""What is wrong where, why, by which article, and what would mend it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from hub.automation.letters.sheet import Sheet
from hub.rules.rule import Article


class Certainty(StrEnum):
    """How sure we are of a rule."""

    TEXT = "text"
    """본문: read in the text of the law itself."""
    SECONDARY = "secondary"
    """2차: independent public sources agree."""
    ADVISED = "advised"
    """권장: good usage; nobody is bound."""


class Severity(StrEnum):
    """What to make of a finding."""

    WRONG = "wrong"
    CHECK = "check"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule is written, and how sure we are of it."""

    article: Article
    confidence: Certainty

    @property
    def cited(self) -> str:
        """As a page shows it."""
        return str(self.article).strip()

    @property
    def address(self) -> str | None:
        """The official page; the handbook has none."""
        return self.article.address if self.article.law in STATUTES else None


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` of a field become `text`."""

    start: int
    end: int
    text: str
    field: str = "text"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. Positions count characters; `edits` is empty where only people know.

    `field`: `text` of plain text; of a letter `body`, `title`, `to`, `sender` and so on.
    """

    rule: str
    start: int
    end: int
    reason: str
    source: Source
    severity: Severity
    edits: tuple[Edit, ...] = ()
    field: str = "text"

    def of(self, field: str) -> "Finding":
        """The same in another field."""
        edits = tuple(replace(edit, field=field) for edit in self.edits)
        return replace(self, field=field, edits=edits)


Rule = Callable[[Sheet], Iterator[Finding]]

DECREE: Final = "행정업무의 운영 및 혁신에 관한 규정"
BY_RULES: Final = f"{DECREE} 시행규칙"
LANGUAGE: Final = "국어기본법"
STATUTES: Final = (DECREE, BY_RULES, LANGUAGE)
"""What has an official page by its name; the handbook and the rules of spelling have none."""
HANDBOOK: Final = Source(Article("행정업무운영 편람", ""), Certainty.SECONDARY)
SPELLING: Final = Source(Article("한글 맞춤법", "부록 문장 부호"), Certainty.SECONDARY)
PLAIN_WORDS: Final = Source(Article(LANGUAGE, "제14조제1항"), Certainty.ADVISED)


def decree(place: str) -> Source:
    """The 규정, read in its text."""
    return Source(Article(DECREE, place), Certainty.TEXT)


def by_rules(place: str) -> Source:
    """The 시행규칙, read in its text."""
    return Source(Article(BY_RULES, place), Certainty.TEXT)


def found(
    rule: str, span: tuple[int, int], reason: str, source: Source, severity: Severity,
    to: str | None = None,
) -> Finding:  # fmt: skip
    """A finding whose fix, if any, replaces just its own span."""
    edits = (Edit(*span, to),) if to is not None else ()
    return Finding(rule, *span, reason, source, severity, edits)
