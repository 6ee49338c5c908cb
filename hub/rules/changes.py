"""What changed from which day on: every row of the rules, in the order of time. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from hub.rules.book import Ordinance, RuleBook
from hub.rules.rule import Article, Confidence, OutsideTable, Rule, Unit, Value


class Subject(StrEnum):
    """What a rule is about: the first word of its name."""

    TRAVEL = "travel"
    LEAVE = "leave"
    OVERTIME = "overtime"
    PAY = "pay"
    WITHHOLDING = "withholding"
    VAT = "vat"
    CONTRACT = "contract"
    EXPENDITURE = "expenditure"


def subject_of(rule: Rule) -> Subject:
    """The subject of a rule."""
    return Subject(rule.key.partition(".")[0])


@dataclass(frozen=True, slots=True)
class Change:
    """From `since` on `value` holds, where `before` held until then."""

    key: str
    name: str
    subject: Subject
    unit: Unit
    since: date
    value: Value
    before: Value
    is_first: bool
    """Nothing is known from before: the day is that of the text which was read, not of a change."""
    article: Article
    says: str
    confidence: Confidence
    by: str


SAYS_ORDINANCE: Final = "우리 기관의 조례·규칙이 정한 값"


def all_changes(book: RuleBook) -> list[Change]:
    """The newest first: so what is still to come stands on top."""
    found = [*_of_rules(book.rules.values()), *_of_ordinances(book)]
    return sorted(found, key=lambda one: (one.since.toordinal(), not one.is_first), reverse=True)


def _of_rules(rules: Iterable[Rule]) -> Iterator[Change]:
    for rule in rules:
        before: Value = None
        for number, row in enumerate(rule.rows):
            yield Change(
                rule.key, rule.name, subject_of(rule), rule.unit, row.since, row.value, before,
                number == 0, row.article, row.says, row.confidence, row.by,
            )  # fmt: skip
            before = row.value


def _of_ordinances(book: RuleBook) -> Iterator[Change]:
    for one in book.ordinances:
        rule = book.rule(one.key)
        yield Change(
            rule.key, rule.name, subject_of(rule), rule.unit, one.since, one.value,
            _before(book, one), False, one.article, SAYS_ORDINANCE, Confidence.SETTING, "",
        )  # fmt: skip


def _before(book: RuleBook, one: Ordinance) -> Value:
    """What held on the day before, by an ordinance or by the nation's table."""
    try:
        return book.at(one.key, date.fromordinal(one.since.toordinal() - 1)).value
    except OutsideTable:
        return None
