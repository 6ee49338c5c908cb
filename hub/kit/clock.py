"""The hub's clock: UTC now, read at the doors and handed down as a parameter."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def written(day: date) -> str:
    """`2026. 11. 21.`, as offices write days."""
    return f"{day.year}. {day.month}. {day.day}."
