"""What an office says its own ordinances say: typed, checked against the rules, kept as a whole.

One list, saved as one version, so that there is a way back to any. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from hub.rules.book import Ordinance
from hub.rules.rule import Article, Rule, Unit

ORDINANCES_MOST: Final = 300
VALUE_MOST: Final = Decimal(1_000_000_000)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)

_PLAIN: Final = r"^[^\x00-\x1f\x7f]+$"
Law = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200, pattern=_PLAIN)
]
Place = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80, pattern=_PLAIN)
]
Key = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9_.]+$")]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Number = Annotated[str, Field(max_length=20, pattern=r"^[0-9]{1,10}(\.[0-9]{1,6})?$")]


class OrdinanceRefused(Exception):
    """This cannot be an ordinance of an office: which one, and why."""

    def __init__(self, number: int, ko: str, en: str) -> None:
        super().__init__(number, ko, en)
        self.number = number
        self.ko = ko
        self.en = en


class OrdinancesSuperseded(Exception):
    """Somebody else saved meanwhile."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class UnknownOrdinances(LookupError):
    """There is no such version in the history."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class OrdinanceSaid(BaseModel):
    """One value of the office's own, as it is typed and kept. `value`: a plain number as text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key
    since: Day
    until: Day | None = None
    value: Number
    law: Law
    place: Place

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.until is not None and self.until < self.since:
            raise ValueError("until is before since")
        return self


def check(said: Sequence[OrdinanceSaid], rules: Mapping[str, Rule]) -> None:
    """Raises OrdinanceRefused for the first that no ordinance can say."""
    seen: set[tuple[str, date]] = set()
    for number, one in enumerate(said, 1):
        rule = rules.get(one.key)
        if rule is None:
            raise OrdinanceRefused(number, "그런 규칙이 없어요.", "there is no such rule.")
        if not rule.local:
            ko = f"‘{rule.name}’은(는) 조례가 달리 정할 수 없는 규칙이에요."
            raise OrdinanceRefused(number, ko, f"no ordinance may change {one.key}.")
        if (one.key, one.since) in seen:
            ko = f"‘{rule.name}’에 같은 날({one.since})부터인 값이 둘이에요. 하나만 남겨 주세요."
            raise OrdinanceRefused(number, ko, f"{one.key} has two values from {one.since} on.")
        seen.add((one.key, one.since))
        if why := _wrong_value(rule, one.value):
            raise OrdinanceRefused(number, f"‘{rule.name}’: {why[0]}", f"{one.key}: {why[1]}")


def _wrong_value(rule: Rule, text: str) -> tuple[str, str] | None:
    value = Decimal(text)
    if rule.unit is Unit.RATE:
        if value > 1:
            return "비율은 0과 1 사이예요. 10퍼센트는 0.1로 적어 주세요.", "a rate is 0 to 1."
    elif value != int(value):
        return "소수점 없이 적어 주세요.", "a whole number is needed."
    elif value > VALUE_MOST:
        return "값이 너무 커요.", "the value is too large."
    elif rule.unit is Unit.DAY_OF_YEAR and not _is_day_of_year(int(value)):
        return "월과 일을 331(3월 31일)처럼 적어 주세요.", "write a day as 331 for 31 March."
    return None


def _is_day_of_year(value: int) -> bool:
    try:
        date(2024, value // 100, value % 100)
    except ValueError:
        return False
    return True


def in_force(said: Iterable[OrdinanceSaid], rules: Mapping[str, Rule]) -> Iterator[Ordinance]:
    """Those that lie over a rule that is still there and still local; the others wait."""
    for one in said:
        rule = rules.get(one.key)
        if rule is not None and rule.local and _is_value(rule, one.value):
            article = Article(one.law, one.place, is_local=True)
            yield Ordinance(one.key, one.since, one.until, value_of(rule, one.value), article)


def _is_value(rule: Rule, text: str) -> bool:
    try:
        return _wrong_value(rule, text) is None
    except InvalidOperation:
        return False


def value_of(rule: Rule, text: str) -> int | Decimal:
    """The number in the kind in which the rule's own values are."""
    return Decimal(text) if rule.unit is Unit.RATE else int(Decimal(text))


def changes(said: Iterable[OrdinanceSaid], before: Iterable[OrdinanceSaid]) -> list[str]:
    """Names of the rules for which something differs."""
    return sorted({one.key for one in set(said) ^ set(before)})
