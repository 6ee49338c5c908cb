"""When a site is open: `[{"days": [1..7], "open": "11:30", "close": "13:30"}]` in Korean time.

Monday is 1, `"24:00"` may close a day, and None means always open. An opening that runs over
midnight is written as two (`22:00-24:00` and `00:00-02:00` of the next day): touching openings
are read as one, while a close before its open is far more often a slip than a night shift.

Closed days (holidays and the like) close what the hours would open; a site that is always open
stays open on them. An opening ends with its day where the next day is closed.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from hub.density.errors import DensityError
from hub.kit.clock import SEOUL

Hours = Sequence[Mapping[str, Any]] | None
_CLOCK: Final = re.compile(r"([01]\d|2[0-4]):([0-5]\d)", re.ASCII)
_DAY_MIN: Final = 24 * 60
_LOOK_AHEAD_DAYS: Final = (9, 60, 400)  # a week and a day; a long closure; give up


class MalformedHours(DensityError, ValueError):
    """Opening hours are a list of {"days": [1..7], "open": "11:30", "close": "13:30"}."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One row of the hours: from `open_min` until before `close_min` on each of `days`."""

    days: frozenset[int]
    open_min: int
    close_min: int


def parse(hours: Hours) -> tuple[Opening, ...] | None:
    """Read the hours of a site; None stays None. Raises MalformedHours."""
    if hours is None:
        return None
    if not isinstance(hours, list | tuple) or not hours:
        raise MalformedHours("Hours are a list with at least one opening; null means always open.")
    return tuple(_opening(row) for row in hours)


def is_open(hours: Hours, now: datetime, closed: Container[date] = ()) -> bool:
    """Whether the site is open at `now`; the closing minute itself is closed."""
    openings = parse(hours)
    span = _span(openings, now, closed)
    return openings is None or (span is not None and span[0] <= now < span[1])


def next_opening(hours: Hours, now: datetime, closed: Container[date] = ()) -> datetime | None:
    """When the site opens next, or has opened if it is open now, in UTC; None: there is no such.

    There is none where it is always open, and where every day of the year to come is closed.
    """
    span = _span(parse(hours), now, closed)
    return None if span is None else span[0].astimezone(UTC)


def closes_at(hours: Hours, now: datetime, closed: Container[date] = ()) -> datetime | None:
    """When this opening ends, or the next one if it is closed, in UTC; None as above."""
    span = _span(parse(hours), now, closed)
    return None if span is None else span[1].astimezone(UTC)


def _span(
    openings: Sequence[Opening] | None, now: datetime, closed: Container[date]
) -> tuple[datetime, datetime] | None:
    """The opening that holds `now`, else the next one. Touching openings are one."""
    today = now.astimezone(SEOUL).date()
    for ahead in _LOOK_AHEAD_DAYS:
        # seven days back as well: an opening every day, all day, is one long span
        days = [today + timedelta(days=n) for n in range(-7, ahead)]
        for start, end in _merged(openings or (), [day for day in days if day not in closed]):
            if now < end:
                return start, end
    return None


def _merged(openings: Sequence[Opening], days: Sequence[date]) -> list[tuple[datetime, datetime]]:
    """All spans on `days`, ascending, with overlapping and touching ones joined."""
    spans: list[tuple[datetime, datetime]] = []
    for start, end in sorted(_spans(openings, days)):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _spans(openings: Sequence[Opening], days: Sequence[date]) -> list[tuple[datetime, datetime]]:
    return [
        (_at(day, opening.open_min), _at(day, opening.close_min))
        for day in days
        for opening in openings
        if day.isoweekday() in opening.days
    ]


def _at(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SEOUL) + timedelta(minutes=minute)


def _opening(row: Any) -> Opening:
    if not isinstance(row, Mapping):
        raise MalformedHours(f"{row!r:.80} is not an opening with days, open and close.")
    opening = Opening(_days(row.get("days")), _minute(row.get("open")), _minute(row.get("close")))
    if opening.open_min >= opening.close_min:
        raise MalformedHours(
            f"It closes at {row['close']} before it opens at {row['open']}. "
            "Over midnight, write two openings: until 24:00, and from 00:00 on the next day."
        )
    return opening


def _days(days: Any) -> frozenset[int]:
    if not isinstance(days, list | tuple) or not days:
        raise MalformedHours(f"{days!r:.80}: days are a list of 1 (Monday) to 7 (Sunday).")
    if not all(type(day) is int and 1 <= day <= 7 for day in days):
        raise MalformedHours(f"{days!r:.80}: each day is 1 (Monday) to 7 (Sunday).")
    return frozenset(days)


def _minute(text: Any) -> int:
    """Minutes since midnight of "HH:MM", 00:00 to 24:00."""
    match = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    minute = int(match[1]) * 60 + int(match[2]) if match else _DAY_MIN + 1
    if minute > _DAY_MIN:
        raise MalformedHours(f"{text!r:.80} is not a time from 00:00 to 24:00.")
    return minute
