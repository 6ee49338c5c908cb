"""The rules as one office has them: the nation's tables under what its own ordinances say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.rules.rule import Article, Confidence, OutsideTable, Rule, Unit, Value


class UnknownRule(Exception):
    """There is no rule of this name."""


class NotLocal(Exception):
    """This rule is the nation's alone: no ordinance may change it."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.key)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Ordinance:
    """What an office's own ordinance says instead, from `since` to `until` (both included)."""

    key: str
    since: date
    until: date | None
    value: Value
    article: Article

    def holds(self, day: date) -> bool:
        """Whether it holds on this day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Found:
    """A value for a day, and all that one must show beside it."""

    key: str
    name: str
    unit: Unit
    value: Value
    since: date
    until: date | None
    article: Article
    says: str
    confidence: Confidence
    nation: Value = None
    """What the nation's table says where an ordinance says otherwise."""

    @property
    def is_local(self) -> bool:
        """Whether the office's own ordinance speaks."""
        return self.confidence is Confidence.SETTING


SAYS_LOCAL: Final = "우리 기관의 조례·규칙이 정한 값"


class RuleBook:
    """Rules by name, with an office's ordinances laid over them."""

    def __init__(self, rules: Iterable[Rule], ordinances: Iterable[Ordinance] = ()) -> None:
        self._rules = {rule.key: rule for rule in rules}
        self._ordinances: dict[str, list[Ordinance]] = {}
        for one in sorted(ordinances, key=lambda one: one.since):
            if not self.rule(one.key).local:
                raise NotLocal(self.rule(one.key))
            self._ordinances.setdefault(one.key, []).append(one)

    @property
    def rules(self) -> Mapping[str, Rule]:
        """All rules, in the order of their tables."""
        return self._rules

    @property
    def ordinances(self) -> tuple[Ordinance, ...]:
        """All ordinances, by rule, the oldest first."""
        return tuple(one for ours in self._ordinances.values() for one in ours)

    def rule(self, key: str) -> Rule:
        """Raises UnknownRule."""
        try:
            return self._rules[key]
        except KeyError as error:
            raise UnknownRule(key) from error

    def at(self, key: str, day: date) -> Found:
        """What holds on this day.

        Raises:
            UnknownRule: no rule has this name.
            OutsideTable: neither the nation's table nor an ordinance knows that day.
        """
        rule = self.rule(key)
        local = next((one for one in reversed(self._of(key)) if one.holds(day)), None)
        if local is not None:
            return _local(rule, local, day)
        row = rule.at(day)
        return Found(
            key, rule.name, rule.unit, row.value, row.since, rule.last_day(row), row.article,
            row.says, row.confidence,
        )  # fmt: skip

    def laid_over(self, one: Ordinance) -> Found:
        """What an ordinance says on its first day, beside the nation's value."""
        return _local(self.rule(one.key), one, one.since)

    def _of(self, key: str) -> list[Ordinance]:
        return self._ordinances.get(key, [])


def _local(rule: Rule, one: Ordinance, day: date) -> Found:
    try:
        nation = rule.at(day).value
    except OutsideTable:
        nation = None
    return Found(
        rule.key, rule.name, rule.unit, one.value, one.since, one.until, one.article, SAYS_LOCAL,
        Confidence.SETTING, nation,
    )  # fmt: skip
