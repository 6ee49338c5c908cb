"""Every question at an address of its own, made from what it asks for."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from hub.automation.calendar.store import local_holidays
from hub.automation.concerned import rules_of
from hub.automation.question import OfficeRules, Question
from hub.automation.questions import QUESTIONS
from hub.automation.routes.seen import AnswerSeen, QuestionSeen
from hub.identity import access
from hub.identity.routes.words import connection
from hub.rules.store import office_book
from hub.rules.tables import nation

router = APIRouter(tags=["automation"], dependencies=[Depends(access.STAFF)])


async def office_rules(request: Request) -> OfficeRules:
    """The rules as this office has them."""
    async with connection(request) as conn:
        return OfficeRules(await office_book(conn), await local_holidays(conn))


@router.get("/questions")
async def questions() -> list[QuestionSeen]:
    """All questions that can be asked, with what each takes."""
    keys = [rule.key for rule in nation()]
    return [QuestionSeen.of(one, list(rules_of(one.name, keys))) for one in QUESTIONS.values()]


def _endpoint(question: Question) -> Callable[..., Awaitable[AnswerSeen]]:
    async def ask(asked: Any, office: Annotated[OfficeRules, Depends(office_rules)]) -> AnswerSeen:
        return AnswerSeen.of(question.answered(office, asked))

    ask.__annotations__["asked"] = question.asks
    return ask


for _one in QUESTIONS.values():
    router.post(
        f"/{_one.name}",
        name=_one.name,
        summary=_one.title,
        description=_one.says,
        response_model=AnswerSeen,
        responses={422: {"description": "What was typed cannot be, or no rule is known for it."}},
    )(_endpoint(_one))
