"""An answer: the result, how it was worked out, by which rules, and words to paste elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from hub.rules.book import Found, RuleBook
from hub.rules.rule import Article

Figure = int | Decimal | date | str | bool | None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the working."""

    says: str
    shown: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page shows and the API gives. `figures` are the same for programs."""

    headline: str
    figures: Mapping[str, Figure]
    steps: tuple[Step, ...]
    rules: tuple[Found, ...]
    notes: tuple[str, ...]
    paste: str
    articles: tuple[Article, ...] = ()
    """What it rests on besides rules of a day."""


Place = tuple[str | int, ...]
"""Where something was typed: `("day",)`, or in a line of a list `("nights", 0, "paid_won")`."""


class NotPossible(Exception):
    """What was typed cannot be: why, in words for whoever typed it."""

    def __init__(self, field: str, says: str, *within: str | int) -> None:
        """`within`: of a list which line, the first being 0, and which of its fields."""
        super().__init__(says)
        self.place: Place = (field, *within)
        self.says = says


@dataclass(slots=True)
class Working:
    """An answer while it is worked out: every rule that is looked up is kept to be shown."""

    book: RuleBook
    day: date
    _steps: list[Step] = field(default_factory=list)
    _notes: list[str] = field(default_factory=list)
    _rules: dict[tuple[str, date], Found] = field(default_factory=dict)

    def found(self, key: str, day: date | None = None) -> Found:
        """The rule on this day, or on the day of the answer. Raises OutsideTable."""
        found = self.book.at(key, day or self.day)
        self._rules.setdefault((key, found.since), found)
        return found

    def number(self, key: str, day: date | None = None) -> int:
        """A whole number of the law."""
        value = self.found(key, day).value
        if not isinstance(value, int):
            raise TypeError(f"{key} is {value!r}, not a whole number")
        return value

    def rate(self, key: str, day: date | None = None) -> Decimal:
        """A rate of the law, as a fraction of one."""
        value = self.found(key, day).value
        if value is None:
            raise TypeError(f"{key} has no value")
        return Decimal(value)

    def step(self, says: str, shown: str) -> None:
        """One line more of the working."""
        self._steps.append(Step(says, shown))

    def note(self, says: str) -> None:
        """Something to know beside the result, once."""
        if says not in self._notes:
            self._notes.append(says)

    def answer(self, headline: str, paste: str, **figures: Figure) -> Answer:
        """All that was worked out."""
        rules = tuple(self._rules.values())
        if any(one.confidence == "secondary" for one in rules):
            self.note("원문을 보지 못한 값(2차)이 있습니다. 기관의 규정과 견주어 보십시오.")
        return Answer(headline, figures, tuple(self._steps), rules, tuple(self._notes), paste)
