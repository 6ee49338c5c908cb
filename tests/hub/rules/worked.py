"""Worked examples: tables beside the tests, read as data, each row held to the rule it names.

`worked_examples/{travel,leave,contract,...}.toml` has one section per rule, by the rule's own name:

    ["contract.quote.none_under_won"]
    place = "제33조"                          # where it is written; a row may say its own
    step = 10                                 # only where less than that can make no difference
    ask = "contract-method"                   # the question that is asked; a row may say its own
    with = { kind = "goods", contract_won = 2_200_000 }   # what all rows of the section type
    rows = [
      { with = { estimated_won = 1_999_999, day = 2026-11-20 }, gives = { quotes = 0 } },
      { day = 2019-06-24, refused = true },   # without a question: what holds on that day
      { day = 2019-06-25, value = 2_000_000 },
    ]

`gives`: figures of the answer; `nothing`: figures that are none; `says`: words in its notes, its
headline or its words to paste; `silent`: words that stand in none of these; `refused`: no rule is
known for that day; `impossible`: the field that is refused in words.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from hub.automation import splitting
from hub.automation.answer import Answer, NotPossible, Working
from hub.automation.question import OfficeRules
from hub.automation.questions import QUESTIONS
from hub.rules.book import RuleBook
from hub.rules.rule import OutsideTable

FOLDER: Final = Path(__file__).parent / "worked_examples"
_SECTION: Final = frozenset({"place", "step", "ask", "with", "rows"})
_ROW: Final = frozenset({
    "place", "ask", "with", "gives", "nothing", "says", "day", "value", "none", "refused",
    "impossible", "silent",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One row. `told`: what is typed, or for a look at the rule alone its day."""

    rule: str
    nth: int
    place: str
    ask: str | None
    told: Mapping[str, Any]
    expected: Mapping[str, Any]
    step: int = 1
    """The least by which a whole number of the rule can differ so that anybody notices."""

    def __str__(self) -> str:
        return f"{self.rule}[{self.nth}]"

    def comes_out(self, book: RuleBook) -> "Outcome":
        """What these rules make of it."""
        try:
            answer = _ASKS[self.ask or "look"](book, self)
        except OutsideTable as refused:
            return Outcome(refused=refused.rule.key)
        except NotPossible as wrong:
            return Outcome(impossible=str(wrong.place[0]))
        except ValueError:  # moved by one it is no day of a year
            return Outcome()
        return Outcome(answer=answer)

    def fits(self, out: "Outcome") -> bool:
        """Whether that is what the row expects."""
        if self.expected.get("refused", False):
            return out.refused == self.rule
        if field := self.expected.get("impossible", ""):
            return out.impossible == field
        if out.answer is None:
            return False
        answer, figures = out.answer, out.answer.figures
        words = "\n".join((*answer.notes, answer.headline, answer.paste))
        return (
            all(name in figures and figures[name] == value for name, value in self._gives())
            and self.expected.get("says", "") in words
            and self.expected.get("silent", "\0") not in words
        )

    def _gives(self) -> Iterator[tuple[str, Any]]:
        yield from self.expected.get("gives", {}).items()
        yield from ((name, None) for name in self.expected.get("nothing", ()))


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, or the rule that knows nothing of that day, or the field that is refused."""

    answer: Answer | None = None
    refused: str = ""
    impossible: str = ""

    @property
    def places(self) -> dict[str, str]:
        """Of each rule that spoke where it is written."""
        return {one.key: one.article.place for one in self.answer.rules} if self.answer else {}


def read(text: str) -> list[Example]:
    """The examples of one table."""
    return [
        _example(rule, nth, section, row)
        for rule, section in tomllib.loads(text, parse_float=Decimal).items()
        for nth, row in enumerate(section["rows"], 1)
    ]


def every_example() -> list[Example]:
    """All tables."""
    return [one for file in sorted(FOLDER.glob("*.toml")) for one in read(file.read_text("utf-8"))]


def _example(rule: str, nth: int, section: dict[str, Any], row: dict[str, Any]) -> Example:
    strange = set(section) - _SECTION | set(row) - _ROW
    assert not strange, f"{rule}[{nth}]: {strange}"
    place = row.get("place", section["place"])
    if "day" in row:
        value = {"value": row["value"]} if "value" in row else {}
        gone = ["value"] if row.get("none", False) else []
        expected = {"gives": value, "nothing": gone, "refused": row.get("refused", False)}
        return Example(rule, nth, place, None, {"day": row["day"]}, expected)
    told = {**section.get("with", {}), **row.get("with", {})}
    ask, step = row.get("ask", section.get("ask")), section.get("step", 1)
    return Example(rule, nth, place, ask, told, row, step)


def _look(book: RuleBook, one: Example) -> Answer:
    """The rule alone, as its page shows it on a day."""
    work = Working(book, one.told["day"])
    return work.answer("", "", value=work.found(one.rule).value)


def _asked(name: str) -> Callable[[RuleBook, Example], Answer]:
    question = QUESTIONS[name]
    return lambda book, one: question.answer(
        OfficeRules(book), question.asks.model_validate(one.told)
    )


def _split(book: RuleBook, one: Example) -> Answer:
    """쪼개기: as many contracts of one name and kind as there are days."""
    contracts = [
        splitting.Contract(nth, day, "복사지 구입", "", splitting.Kind(one.told["kind"]),
                           one.told["each_won"])
        for nth, day in enumerate(one.told["days"], 1)
    ]  # fmt: skip
    checked = splitting.check(book, contracts)
    together = checked.findings[0].together.value if checked.findings else ""
    return Answer("", {"found": together}, (), checked.rules, (), "")


_ASKS: Final[dict[str, Callable[[RuleBook, Example], Answer]]] = {
    "look": _look, "splitting": _split, **{name: _asked(name) for name in QUESTIONS},
}  # fmt: skip


def nudged(value: int | Decimal | date, step: int = 1) -> tuple[Any, Any]:
    """The nearest other values of a rule, on either side: what an example must tell apart."""
    if isinstance(value, Decimal):
        least = Decimal("0.0001")
        return value - least, value + least
    if isinstance(value, date):
        return date.fromordinal(value.toordinal() - 1), date.fromordinal(value.toordinal() + 1)
    return value - step, value + step
