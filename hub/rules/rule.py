"""A rule: one number of the law, from which day on it holds, and where that is written.

A change of law is one more row. A day for which no row is known is refused, never guessed.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from urllib.parse import quote

from hub.kit.clock import written

Value = int | Decimal | None
"""None: from that day on there is no such limit."""

READ_ON: Final = date(2026, 11, 21)
"""The day on which the law was last read for these tables."""

KNOWN_UNTIL: Final = date(2027, 12, 31)
"""Law that is in force goes on until it is changed; further ahead nobody should plan by a table."""

OFFICIAL: Final = "https://www.law.go.kr"
DIRECTIVES: Final = ("훈령", "예규", "고시", "지침")
_ARTICLE: Final = re.compile(r"제\d+조(의\d+)?")


class Unit(StrEnum):
    """What a value counts."""

    WON = "krw"
    DAYS = "days"
    WORKING_DAYS = "working-days"
    HOURS = "hours"
    WEEKS = "weeks"
    MONTHS = "months"
    AGE = "age"
    """Years of life, as they are counted from birth."""
    TIMES = "times"
    PEOPLE = "people"
    RATE = "rate"
    """A fraction of one: 0.1 is ten percent."""
    KILOMETRES = "km"
    DAY_OF_YEAR = "mmdd"
    """331 is 31 March."""


class Confidence(StrEnum):
    """How sure we are, as every answer shows it."""

    TEXT = "text"
    """본문: read in the text of the law itself."""
    SECONDARY = "secondary"
    """2차: independent public sources agree; the annex itself was not seen."""
    SETTING = "setting"
    """설정: the office's own."""


class OutsideTable(Exception):
    """No value is known for that day. `since`, `until`: the first and the last that is known."""

    def __init__(self, rule: "Rule", day: date) -> None:
        super().__init__(f"{rule.key} on {day}")
        self.rule = rule
        self.day = day
        self.since = rule.rows[0].since
        self.until = KNOWN_UNTIL
        self.says = (
            f"{written(day)}의 ‘{rule.name}’ 규칙은 몰라요. {written(self.since)}부터 "
            f"{written(self.until)}까지의 날을 적어 주세요. 다른 날은 그날의 법령을 직접 보세요."
        )


@dataclass(frozen=True, slots=True)
class Article:
    """Where something is written: `law` by its full name, `place` as one cites it (제15조제4항)."""

    law: str
    place: str
    is_local: bool = False
    """Whether `law` is an ordinance of an office."""

    @property
    def number(self) -> str:
        """The article alone: `제7조의2` of `제7조의2제6항`; an annex as it is."""
        found = _ARTICLE.match(self.place)
        return found.group() if found else self.place

    @property
    def address(self) -> str:
        """The official page of the article; of an annex, an ordinance or a directive, of the whole.

        These addresses are those that law.go.kr calls 한글주소.
        """
        law = quote(self.law.replace(" ", ""))
        if self.is_local:
            return f"{OFFICIAL}/자치법규/{law}"
        if self.law.endswith(DIRECTIVES):
            return f"{OFFICIAL}/행정규칙/{law}"
        found = _ARTICLE.match(self.place)
        return (
            f"{OFFICIAL}/법령/{law}/{quote(found.group())}" if found else f"{OFFICIAL}/법령/{law}"
        )

    def __str__(self) -> str:
        return f"「{self.law}」 {self.place}"


@dataclass(frozen=True, slots=True)
class Row:
    """The value from `since` on, in one sentence of our own, and where it is written."""

    since: date
    value: Value
    article: Article
    says: str
    confidence: Confidence = Confidence.TEXT
    by: str = ""
    """The act that brought it, where that is known: `대통령령 제36701호`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One number and its rows, the oldest first. `local`: an ordinance may say otherwise."""

    key: str
    name: str
    unit: Unit
    rows: tuple[Row, ...]
    local: bool = False

    def at(self, day: date) -> Row:
        """The row that holds on this day.

        Raises:
            OutsideTable: none is known for it.
        """
        begun = [row for row in self.rows if row.since <= day]
        if not begun or day > KNOWN_UNTIL:
            raise OutsideTable(self, day)
        return begun[-1]

    def last_day(self, row: Row) -> date | None:
        """The last day of a row that another one follows."""
        later = [other.since for other in self.rows if other.since > row.since]
        return later[0] - timedelta(days=1) if later else None
