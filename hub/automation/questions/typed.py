"""What several questions take: amounts, days and hours within their bounds."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from hub.automation import contract, leave

Days = Annotated[Decimal, Field(ge=0, le=366, decimal_places=4, max_digits=8)]
Hours = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=4, max_digits=8)]
Pay = Annotated[int, Field(ge=1, le=leave.PAY_MOST_WON)]
Won = Annotated[int, Field(ge=1, le=contract.MOST_WON)]
WonOrNone = Annotated[int, Field(ge=0, le=contract.MOST_WON)]
