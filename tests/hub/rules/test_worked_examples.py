"""For every rule worked examples: of each value both sides, and of each day it begins on.

Nothing here lists rules or examples: a row of the tables is moved by the least there is, its value
and its day, up and down, and an example that names it must come out otherwise.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from hub.automation.concerned import rules_of
from hub.automation.questions import QUESTIONS
from hub.rules.book import RuleBook
from hub.rules.rule import Row, Rule
from hub.rules.tables import nation
from tests.hub.rules.worked import Example, every_example, nudged

RULES = nation()
BOOK = RuleBook(RULES)
EXAMPLES = every_example()
ROWS = [(rule, row) for rule in RULES for row in rule.rows]


@cache
def worked_by_questions() -> frozenset[str]:
    """Rules that some answer rests on: to look at their value alone is not to work them."""
    outs = [one.comes_out(BOOK) for one in EXAMPLES if one.ask]
    return frozenset(key for out in outs for key in out.places)


def of(rule: Rule) -> list[Example]:
    return [one for one in EXAMPLES if one.rule == rule.key]


def test_every_rule_has_an_example_that_names_it_and_no_example_names_another():
    named, known = {one.rule for one in EXAMPLES}, {rule.key for rule in RULES}
    assert sorted(known - named) == []
    assert sorted(named - known) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_comes_out_as_the_law_says_and_by_the_rule_it_names(example: Example):
    out = example.comes_out(BOOK)
    assert example.fits(out), (out, example.expected)
    if out.answer is not None:
        written = out.places.get(example.rule)
        assert written is not None, f"{example.rule} had no part in it"
        assert example.place.startswith(written), written


@pytest.mark.parametrize("name", QUESTIONS)
def test_whoever_reads_of_a_change_is_led_to_each_question_that_rests_on_it(name: str):
    outs = [one.comes_out(BOOK) for one in EXAMPLES if one.ask == name]
    rested_on = {key for out in outs for key in out.places}
    assert rested_on <= set(rules_of(name, [rule.key for rule in RULES]))


def with_row(rule: Rule, old: Row, new: Row) -> RuleBook:
    """The rules as they would be with one row changed."""
    rows = tuple(new if row is old else row for row in rule.rows)
    changed = replace(rule, rows=rows)
    return RuleBook([changed if one is rule else one for one in RULES])


def moved(rule: Rule, row: Row) -> Iterator[tuple[str, Row]]:
    before, after = nudged(row.since)
    yield f"from {before} on", replace(row, since=before)
    yield f"from {after} on", replace(row, since=after)
    if row.value is None:
        if nth := rule.rows.index(row):
            yield "not ended", replace(row, value=rule.rows[nth - 1].value)
        return
    step = max((one.step for one in of(rule)), default=1)
    less, more = nudged(row.value, step)
    yield f"{less} for {row.value}", replace(row, value=less)
    yield f"{more} for {row.value}", replace(row, value=more)


@pytest.mark.parametrize(
    ("rule", "row"), ROWS, ids=[f"{rule.key}@{row.since}" for rule, row in ROWS]
)
def test_whatever_moves_in_a_row_an_example_notices(rule: Rule, row: Row):
    unnoticed = [
        what
        for what, new in moved(rule, row)
        if not any(
            not one.fits(one.comes_out(with_row(rule, row, new)))
            for one in of(rule)
            if one.ask or new.value == row.value or rule.key not in worked_by_questions()
        )
    ]
    assert not unnoticed, unnoticed
