"""What several questions take: amounts, days and hours within their bounds."""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from hub.automation import contract, leave
from hub.automation.question import Asked
from hub.document.words import one_line

Days = Annotated[Decimal, Field(ge=0, le=366, decimal_places=4, max_digits=8)]
Hours = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=4, max_digits=8)]
Pay = Annotated[int, Field(ge=1, le=leave.PAY_MOST_WON)]
Won = Annotated[int, Field(ge=1, le=contract.MOST_WON)]
WonOrNone = Annotated[int, Field(ge=0, le=contract.MOST_WON)]
LeftOut = Annotated[
    int, Field(ge=0, le=20_000), Asked("재직기간에서 빠지는 날", "휴직·정직 등", "일")
]
Added = Annotated[
    int, Field(ge=0, le=600), Asked("재직기간에 더하는 달", "군복무 등 연금에 합산된 기간", "달")
]
LINE_MOST: Final = 200


def _line(typed: object) -> object:
    return one_line(typed) if isinstance(typed, str) else typed


LineOrNone = Annotated[str, BeforeValidator(_line), Field(max_length=LINE_MOST)]
Line = Annotated[str, BeforeValidator(_line), Field(min_length=1, max_length=LINE_MOST)]
