"""How often a day the office's key may be used, and who counts. Pure.

data.go.kr grants a key so many calls a day and service. A call counts when it is sent: whatever is
answered, and again for each further try (docs/decisions/0259).
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from hub.automation.vendors.told import Source
from hub.kit import clock
from hub.kit.settings import Settings

KEPT_DAYS: Final = 31


class Service(StrEnum):
    """What is granted by itself at data.go.kr."""

    TAX = "tax"
    PROCUREMENT = "procurement"
    MAIL_ORDER = "mail-order"


NAMES: Final[Mapping[Service, str]] = {
    Service.TAX: "국세청 상태조회·진위확인",
    Service.PROCUREMENT: "나라장터 조달업체",
    Service.MAIL_ORDER: "공정위 통신판매사업자",
}
SETTINGS: Final[Mapping[Service, str]] = {
    Service.TAX: "business_status_daily",
    Service.PROCUREMENT: "procurement_daily",
    Service.MAIL_ORDER: "mail_order_daily",
}
OF: Final[Mapping[Source, Service]] = {
    Source.STATUS: Service.TAX,
    Source.VALIDITY: Service.TAX,
    Source.PROCUREMENT: Service.PROCUREMENT,
    Source.MAIL_ORDER: Service.MAIL_ORDER,
}
Allow = Callable[[Service], Awaitable[bool]]
"""Counts one call; False: there were as many as the office allows itself: none is to be sent."""


async def uncounted(service: Service) -> bool:
    """Of a machine without the hub's database: the service itself counts."""
    del service
    return True


def most_of(settings: Settings) -> dict[Service, int]:
    """Calls a day, as the office has set it."""
    return {service: getattr(settings, name) for service, name in SETTINGS.items()}


def day_of(now: datetime) -> date:
    """The Korean day that a call counts for."""
    return now.astimezone(clock.SEOUL).date()
