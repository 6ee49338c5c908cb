"""Every question at its bounds: an answer, or a refusal in words; and never below zero."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hub.automation.answer import NotPossible, Place
from hub.automation.question import AskedField, DayNotKnown, Kind, OfficeRules
from hub.automation.questions import QUESTIONS
from hub.automation.routes.seen import AnswerSeen
from hub.rules.book import RuleBook
from hub.rules.tables import nation

OFFICE = OfficeRules(RuleBook(nation()))
DAYS = (
    "1950-01-01", "2024-02-29", "2025-01-01", "2026-06-23", "2026-10-01", "2026-11-21",
    "2027-12-31", "2099-12-31",
)  # fmt: skip


def typed(field: AskedField) -> st.SearchStrategy[Any]:
    match field.kind:
        case Kind.DATE:
            return st.sampled_from(DAYS)
        case Kind.TIME:
            return st.sampled_from(("00:00", "12:00", "23:59"))
        case Kind.YES:
            return st.booleans()
        case Kind.TEXT:
            return st.sampled_from(("가", "\ud800가", "가\n나", "x" * 200))
        case Kind.CHOICE:
            return st.sampled_from(list(field.asked.choices or ()))
        case Kind.LIST:
            return st.lists(form(field.fields), min_size=1, max_size=4)
        case _:
            bounds = (one for one in (field.least, field.most) if one is not None)
            return st.sampled_from([*map(str, bounds), "1", "2", "10"])


def form(fields: tuple[AskedField, ...]) -> st.SearchStrategy[dict[str, Any]]:
    needed = {one.name: typed(one) for one in fields if one.is_required}
    return st.fixed_dictionaries(
        needed, optional={one.name: typed(one) for one in fields if one.name not in needed}
    )


def is_asked(fields: tuple[AskedField, ...], place: Place) -> bool:
    """Whether a form has this place: a field, or in a list a line, or a field of it."""
    name, *within = place
    field = next(one for one in fields if one.name == name)
    names = [one.name for one in field.fields]
    return not within or (isinstance(within[0], int) and all(one in names for one in within[1:]))


@pytest.mark.parametrize("name", QUESTIONS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_at_its_bounds_it_answers_or_refuses_in_words(name: str, data: st.DataObject):
    question = QUESTIONS[name]
    body = data.draw(form(question.fields))
    try:
        answer = question.answered(OFFICE, question.asks.model_validate(body))
    except ValidationError:
        return
    except (NotPossible, DayNotKnown) as refused:
        assert refused.says  # noqa: PT017  a refusal is right where it says why
        assert is_asked(question.fields, refused.place)  # noqa: PT017  and where
        return
    assert AnswerSeen.of(answer).model_dump_json()
    assert answer.rules
    amounts = [one for one in answer.figures.values() if isinstance(one, int | Decimal)]
    assert all(one >= 0 for one in amounts)
