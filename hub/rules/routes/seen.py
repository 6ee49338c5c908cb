"""How rules, rows and texts look from outside."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, Field

from hub.rules.book import Found, Ordinance, RuleBook
from hub.rules.changes import Change, Subject, subject_of
from hub.rules.resting import Kind, Part, Stored
from hub.rules.rule import Article, Confidence, OutsideTable, Row, Rule, Unit, Value

Key = Annotated[str, Path(pattern=r"^[a-z0-9_.]{1,80}$")]
Day = Annotated[date, Field(ge=date(1950, 1, 1), le=date(2099, 12, 31))]
OnDay = Annotated[Day | None, Query(description="Left out: today in Korea.")]


class ArticleSeen(BaseModel):
    """Where something is written."""

    law: str
    place: str
    address: str = Field(description="The official page.")

    @classmethod
    def of(cls, one: Article) -> "ArticleSeen":
        """As it is sent."""
        return cls(law=one.law, place=one.place, address=one.address)


class RuleRowSeen(BaseModel):
    """A value and the days on which it holds."""

    since: date
    until: date | None
    value: str | None = Field(description="None: from that day on there is no such limit.")
    article: ArticleSeen
    says: str
    confidence: Confidence
    by: str = Field(description="The act that brought it, where that is known.")
    nation: str | None = Field(description="Of an ordinance: the nation's value on its first day.")

    @classmethod
    def of(cls, rule: Rule, row: Row) -> "RuleRowSeen":
        """A row of the nation's table."""
        return cls(
            since=row.since, until=rule.last_day(row), value=number(row.value),
            article=ArticleSeen.of(row.article), says=row.says, confidence=row.confidence,
            by=row.by, nation=None,
        )  # fmt: skip

    @classmethod
    def of_found(cls, one: Found) -> "RuleRowSeen":
        """What holds on a day."""
        return cls(
            since=one.since, until=one.until, value=number(one.value),
            article=ArticleSeen.of(one.article), says=one.says, confidence=one.confidence, by="",
            nation=number(one.nation) if one.is_local else None,
        )  # fmt: skip

    @classmethod
    def of_ordinance(cls, one: Ordinance, book: RuleBook) -> "RuleRowSeen":
        """An ordinance over a rule."""
        return cls.of_found(book.laid_over(one))


class RuleSeen(BaseModel):
    """A rule in the list, with what holds today."""

    key: str
    name: str
    subject: Subject
    unit: Unit
    is_local: bool = Field(description="Whether an ordinance may say otherwise.")
    now: RuleRowSeen | None = Field(description="None: no value is known for the day.")

    @classmethod
    def of(cls, book: RuleBook, rule: Rule, day: date) -> "RuleSeen":
        """As it is sent."""
        return cls(
            key=rule.key, name=rule.name, subject=subject_of(rule), unit=rule.unit,
            is_local=rule.local, now=_on(book, rule, day),
        )  # fmt: skip


class RuleWholeSeen(RuleSeen):
    """A rule with all its rows, the oldest first."""

    day: date
    rows: list[RuleRowSeen]
    ordinances: list[RuleRowSeen]

    @classmethod
    def whole(cls, book: RuleBook, rule: Rule, day: date) -> "RuleWholeSeen":
        """As it is sent."""
        short = RuleSeen.of(book, rule, day)
        local = [one for one in book.ordinances if one.key == rule.key]
        return cls(
            **dict(short),
            day=day,
            rows=[RuleRowSeen.of(rule, row) for row in rule.rows],
            ordinances=[RuleRowSeen.of_ordinance(one, book) for one in local],
        )


class RuleChangeSeen(BaseModel):
    """From a day on something else holds."""

    key: str
    name: str
    subject: Subject
    unit: Unit
    since: date
    value: str | None
    before: str | None
    is_first: bool = Field(description="The first that is known: a reading, not a change.")
    is_to_come: bool
    article: ArticleSeen
    says: str
    confidence: Confidence
    by: str

    @classmethod
    def of(cls, one: Change, today: date) -> "RuleChangeSeen":
        """As it is sent."""
        return cls(
            key=one.key, name=one.name, subject=one.subject, unit=one.unit, since=one.since,
            value=number(one.value), before=number(one.before), is_first=one.is_first,
            is_to_come=one.since > today, article=ArticleSeen.of(one.article), says=one.says,
            confidence=one.confidence, by=one.by,
        )  # fmt: skip


class TextSeen(BaseModel):
    """The text of an article as it was loaded."""

    since: date
    heading: str
    words: str
    amended_by: str = Field(description="The act whose changed paragraphs were put into it.")
    loaded_at: datetime

    @classmethod
    def of(cls, one: Stored) -> "TextSeen":
        """As it is sent."""
        return cls(
            since=one.since, heading=one.heading, words=one.words, amended_by=one.amended_by,
            loaded_at=one.loaded_at,
        )  # fmt: skip


class PartSeen(BaseModel):
    """A stretch of words that both texts have, or one of them."""

    kind: Kind
    words: str


def parts(difference: Iterable[Part]) -> list[PartSeen]:
    """A difference as it is sent."""
    return [PartSeen(kind=one.kind, words=one.words) for one in difference]


def number(value: Value) -> str | None:
    """A value as text: no binary fraction comes near an amount."""
    if value is None:
        return None
    return str(value) if isinstance(value, int) else f"{value.normalize():f}"


def _on(book: RuleBook, rule: Rule, day: date) -> RuleRowSeen | None:
    try:
        return RuleRowSeen.of_found(book.at(rule.key, day))
    except OutsideTable:
        return None
