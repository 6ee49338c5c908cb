"""All questions, by their names. A new one here has a page, an address and a sheet at once."""

from typing import Final

from hub.automation.question import Question
from hub.automation.questions import accounting, attendance, travel

QUESTIONS: Final[dict[str, Question]] = {
    one.name: one for part in (accounting, attendance, travel) for one in part.QUESTIONS
}
