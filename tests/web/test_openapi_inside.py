"""What is asked by its document, and far enough in: a question that is right but for some fields.

A body that is made of its document alone is mostly refused at the door for a day or a bound; here
each begins as one that is answered, and only some of it is made up.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from hub.automation.questions import QUESTIONS
from tests.web.conftest import Web
from tests.web.test_automation import ASKED
from tests.web.test_openapi import CHECKS, DOCUMENT, office, running, signed_in  # noqa: F401

AUTOMATION = "/api/v1/automation"
EXAMPLES = 12


def ways_in() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Operations with what makes each of them answer."""
    for name in QUESTIONS:
        yield f"{AUTOMATION}/{name}", "POST", {"body": ASKED[name]}
    for path in ("/api/v1/rules/{key}", "/api/v1/rules/{key}/text"):
        yield path, "GET", {"path_parameters": {"key": "overtime.day_cap_h"}}
    yield f"{AUTOMATION}/{{name}}/sheet", "GET", {"path_parameters": {"name": "vat"}}
    lines = {"lines": [{"row": 1, "text": "124-81-00998"}, {"row": 2, "text": "000-00-00000"}]}
    for what in ("lookup", "question"):
        yield f"{AUTOMATION}/business-numbers/{what}", "POST", {"body": lines}


@pytest.mark.timeout(3000)  # there are many questions, and machines that are busy
def test_every_question_is_reached_and_what_it_answers_is_documented(
    running: Web,  # noqa: F811
    signed_in: dict[str, str],  # noqa: F811
):
    document = schemathesis.openapi.from_dict(DOCUMENT)
    with requests.Session() as session:
        session.headers.update(signed_in)
        for path, verb, right in ways_in():
            told = _ask(document[path][verb], right, running.url, session)
            assert 200 in told, (path, told)


def _ask(
    operation: schemathesis.APIOperation, right: dict[str, Any], url: str, session: requests.Session
) -> list[int]:
    """The statuses: of what is right as it is, then with some of it made up."""
    told: list[int] = []
    asked = operation.as_strategy(
        generation_mode=GenerationMode.POSITIVE, path_parameters=right.get("path_parameters")
    )

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )  # fmt: skip
    @given(case=asked, data=st.data())
    def answers(case: schemathesis.Case, data: st.DataObject) -> None:
        if "body" in right:
            made = case.body if isinstance(case.body, dict) else {}
            taken = data.draw(st.sets(st.sampled_from(sorted(made) or [""]), max_size=2))
            case.body = {**right["body"], **{name: made[name] for name in taken if name in made}}
        told.append(
            case.call_and_validate(base_url=url, session=session, checks=CHECKS).status_code
        )

    answers()
    return told
