"""Days that are counted: calendar days, working days, and where a deadline falls.

Public and substitute holidays come from `hub.devices.closed_days`; an office adds its local ones.
The first day is not counted (민법 제157조 as everybody uses it; that law was not read here, so each
deadline says from which day it was counted).
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from hub.devices.closed_days import public_holiday
from hub.kit import clock

_SATURDAY: Final = 5
_FAR: Final = 400
"""No run of days off is longer: a deadline that is not found by then is a fault of ours."""


def is_working(day: date, local: Collection[date] = ()) -> bool:
    """Whether offices work: neither a weekend nor a public or local holiday."""
    return day.weekday() < _SATURDAY and public_holiday(day) is None and day not in local


def after_working_days(first: date, days: int, local: Collection[date] = ()) -> date:
    """The last of `days` working days that follow `first`."""
    left, day = days, first
    for _ in range(_FAR + 3 * days):
        if not left:
            return day
        day += timedelta(days=1)
        left -= is_working(day, local)
    raise AssertionError(f"no {days} working days after {first}")


def after_days(first: date, days: int) -> date:
    """The last of `days` calendar days that follow `first`."""
    return first + timedelta(days=days)


def on_or_before(day: date, local: Collection[date] = ()) -> date:
    """The last working day up to `day`: who is done by then is never late."""
    while not is_working(day, local):
        day -= timedelta(days=1)
    return day


def on_or_after(day: date, local: Collection[date] = ()) -> date:
    """The first working day from `day` on."""
    while not is_working(day, local):
        day += timedelta(days=1)
    return day


def written(day: date) -> str:
    """`2026. 11. 21.(토)`, as offices write days."""
    return f"{clock.written(day)}({'월화수목금토일'[day.weekday()]})"
