"""The hub's clock: UTC now, read at the doors and handed down as a parameter."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)
