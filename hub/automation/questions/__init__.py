"""All questions, by their names. A new one here has a page, an address and a sheet at once."""

from typing import Final

from hub.automation.question import Question
from hub.automation.questions import (
    accounting,
    attendance,
    closing,
    guarantees,
    leave,
    pay,
    special_leave,
    spending,
    travel,
)

_PARTS: Final = (
    spending, accounting, guarantees, closing, attendance, leave, special_leave, pay, travel,
)  # fmt: skip
QUESTIONS: Final[dict[str, Question]] = {one.name: one for part in _PARTS for one in part.QUESTIONS}
