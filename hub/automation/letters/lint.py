"""What is wrong with a 기안문 or with a text that somebody pasted, and what mends it.

`mended` goes round until nothing is left that has a fix: mending twice changes nothing more.
Wording is advice and is mended only where it is asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.automation.letters import (
    amounts,
    clock_times,
    dates,
    ending,
    heads,
    items,
    parts,
    signs,
    wording,
)
from hub.automation.letters.finding import Edit, Finding, Rule, Severity
from hub.automation.letters.letter import Letter
from hub.automation.letters.sheet import Sheet

RULES: Final[tuple[Rule, ...]] = tuple(
    one.rules for one in (dates, clock_times, amounts, items, ending, heads, signs, wording)
)
TITLE_RULES: Final[tuple[Rule, ...]] = (dates.rules, clock_times.rules, wording.rules)
ROUNDS_MOST: Final = 24
"""A text that is not at rest by then is one that nobody wrote."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A text after its fixes, how many findings these were, and what was found before and after."""

    text: str
    count: int
    found: tuple[Finding, ...]
    left: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A letter whose title and body were mended, as `Mended`."""

    letter: Letter
    count: int
    found: tuple[Finding, ...]
    left: tuple[Finding, ...]


def lint(text: str) -> tuple[Finding, ...]:
    """Everything that is wrong with a text, in the order of the text."""
    return _asked(text, RULES)


def lint_letter(letter: Letter, today: date) -> tuple[Finding, ...]:
    """Everything that is wrong with a letter: its parts first, then title and body."""
    return (*parts.rules(letter, today), *lint_written(letter))


def lint_written(letter: Letter) -> tuple[Finding, ...]:
    """What is wrong with title and body alone."""
    body = _asked(letter.body, RULES, letter.is_internal)
    return _written(_asked(letter.title, TITLE_RULES), body)


def mended(text: str, *, with_advice: bool = False) -> Mended:
    """The text with everything mended that has a fix."""
    return _mended(text, RULES, with_advice)


def mended_letter(letter: Letter, today: date, *, with_advice: bool = False) -> tuple[Letter, int]:
    """The letter with everything mended that has a fix, and how many findings that were."""
    written = mended_written(letter, with_advice=with_advice)
    changed, count = written.letter, written.count
    for finding in parts.rules(changed, today):
        if finding.edits and (with_advice or finding.severity is not Severity.ADVICE):
            changed = _changed(changed, finding.edits[0])
            count += 1
    return changed, count


def mended_written(letter: Letter, *, with_advice: bool = False) -> Written:
    """The letter with title and body mended, each text read no oftener than it changes."""
    title = _mended(letter.title, TITLE_RULES, with_advice)
    body = _mended(letter.body, RULES, with_advice, letter.is_internal)
    changed = letter.model_copy(update={"title": title.text, "body": body.text})
    found, left = _written(title.found, body.found), _written(title.left, body.left)
    return Written(changed, title.count + body.count, found, left)


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with these edits, which do not overlap."""
    for edit in sorted(edits, key=lambda one: (one.start, one.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def chosen(findings: Sequence[Finding]) -> tuple[list[Edit], int]:
    """Edits that can be made at once, a finding's all or none; and of how many findings."""
    taken: dict[tuple[int, int], Edit] = {}
    count = 0
    for finding in findings:
        own = {(edit.start, edit.end): edit for edit in finding.edits}
        if all(taken.get(span) == edit for span, edit in own.items()):
            count += 1
        elif not any(_meet(span, other) for span in own for other in taken):
            taken |= own
            count += 1
    return list(taken.values()), count


def _asked(text: str, rules: Sequence[Rule], is_internal: bool = False) -> tuple[Finding, ...]:
    sheet = Sheet(text, is_internal=is_internal)
    found = [finding for rule in rules for finding in rule(sheet)]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _mended(
    text: str, rules: Sequence[Rule], with_advice: bool, is_internal: bool = False
) -> Mended:
    total, first = 0, _asked(text, rules, is_internal)
    found = first
    for _ in range(ROUNDS_MOST):
        fixed = [one for one in found if with_advice or one.severity is not Severity.ADVICE]
        edits, count = chosen([one for one in fixed if one.edits])
        if not edits:
            break
        text, total = applied(text, edits), total + count
        found = _asked(text, rules, is_internal)
    return Mended(text, total, first, found)


def _written(title: Iterable[Finding], body: Iterable[Finding]) -> tuple[Finding, ...]:
    return (*(one.of("title") for one in title), *(one.of("body") for one in body))


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two edits touch the same characters, or stand at the same place."""
    if one[0] == one[1] or other[0] == other[1]:
        return one[0] <= other[1] and other[0] <= one[1]
    return one[0] < other[1] and other[0] < one[1]


def _changed(letter: Letter, edit: Edit) -> Letter:
    """The letter with one of its own fields mended."""
    name, _, nth = edit.field.partition(".")
    value = getattr(letter, name)
    if not nth:
        new = value[: edit.start] + edit.text + value[edit.end :]
        return letter.model_copy(update={name: new})
    lines = list(value)
    lines[int(nth)] = lines[int(nth)][: edit.start] + edit.text + lines[int(nth)][edit.end :]
    return letter.model_copy(update={name: tuple(lines)})
