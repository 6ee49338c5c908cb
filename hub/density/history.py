"""A zone's past as a curve: which buckets, and what each of them says. Pure.

The wait of a minute follows the same rule as the wait now, so that the curve ends where the board
stands. That of a wider bucket is Little's law: people who stood there on average, times the
seconds seen, divided by the people served.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Final, Literal, Protocol

from hub.density import waiting
from hub.density.board import HistoryPoint, UsualPoint
from hub.density.errors import RangeBackwards, RangeTooLong
from hub.density.now import RATE_OVER_S
from hub.kit.clock import SEOUL

Step = Literal[60, 900, 86400]
UsualRates = Mapping[tuple[int, int], float]
BUCKETS_MAX: Final = 1500  # a day of minutes, two weeks of quarter hours, four years of days


class Usual(Protocol):
    """What is usual from a minute of the day on: waits in seconds."""

    minute: Final[int]
    wait_p25_s: Final[float]
    wait_p50_s: Final[float]
    wait_p75_s: Final[float]


class Bucket(Protocol):
    """One bucket in which something was observed."""

    bucket: Final[datetime]
    people_avg: Final[float]
    people_max: Final[int]
    served: Final[int]
    observed_s: Final[float]


@dataclass(frozen=True, slots=True)
class Range:
    """Buckets of `step_s` that begin in [start, end)."""

    start: datetime
    end: datetime
    step_s: Step

    def starts(self) -> list[datetime]:
        """Where each bucket begins."""
        step = timedelta(seconds=self.step_s)
        return [self.start + n * step for n in range(self.buckets)]

    @property
    def buckets(self) -> int:
        """How many."""
        return max(0, -((self.start - self.end) // timedelta(seconds=self.step_s)))


def asked(
    start: datetime | None, end: datetime | None, step_s: Step | None, now: datetime
) -> Range:
    """The range that was asked for; by default today in Korea, until now.

    The start moves back to the edge of its bucket; buckets to come are left out, since nothing
    could have been observed in them. Without a step, the finest that fits one answer.

    Raises:
        RangeBackwards: `start` is not before `end`.
        RangeTooLong: more than `BUCKETS_MAX` buckets.
    """
    end = now if end is None else end
    start = _midnight(min(end, now)) if start is None else start
    if start >= end:
        raise RangeBackwards
    step_s = step_s or _finest(start, end)
    if not _fits(start, end, step_s):
        raise RangeTooLong(Range(start, end, step_s).buckets, BUCKETS_MAX)
    return Range(_floor(start, step_s), min(end, now), step_s)


def look_back(asked_for: Range) -> datetime:
    """Where to begin reading: the first point's rate rests on buckets before it."""
    return asked_for.start - timedelta(seconds=(_behind(asked_for.step_s) - 1) * asked_for.step_s)


def points(
    found: Iterable[Bucket],
    asked_for: Range,
    usual: UsualRates,
    *,
    served_line: bool,
    factor: float = 1.0,
) -> tuple[HistoryPoint, ...]:
    """One point per bucket asked for; nothing observed is None, never zero.

    Args:
        found: buckets from `look_back` on, in any order.
        asked_for: which points to make.
        usual: people served per minute, by weekday and minute of the day in steps of five.
        served_line: whether people served are counted; without, there is no rate and no wait.
        factor: true waits over reckoned ones, where a stopwatch measured this lane.
    """
    by_start = {row.bucket: row for row in found if row.observed_s > 0}
    wait = _wait_of(by_start, asked_for, usual, factor) if served_line else None
    return tuple(_point(at, by_start.get(at), wait) for at in asked_for.starts())


def usual_today(rows: Iterable[Usual], now: datetime) -> tuple[UsualPoint, ...]:
    """The usual curve, on the clock of `now`'s day in Korea."""
    midnight = _midnight(now).astimezone(UTC)
    return tuple(
        UsualPoint(
            at=midnight + timedelta(minutes=row.minute),
            wait_p25_s=round(row.wait_p25_s),
            wait_p50_s=round(row.wait_p50_s),
            wait_p75_s=round(row.wait_p75_s),
        )
        for row in rows
    )


Waits = Callable[[datetime, Bucket], int | None]


def _point(at: datetime, row: Bucket | None, wait: Waits | None) -> HistoryPoint:
    if row is None:
        return HistoryPoint(at=at, people=None, people_max=None, served_per_min=None, wait_s=None)
    return HistoryPoint(
        at=at,
        people=round(row.people_avg, 2),
        people_max=row.people_max,
        served_per_min=round(row.served * 60 / row.observed_s, 2) if wait else None,
        wait_s=wait(at, row) if wait else None,
    )


def _wait_of(
    by_start: Mapping[datetime, Bucket], asked_for: Range, usual: UsualRates, factor: float
) -> Waits:
    """The wait in each bucket: by the rule of now where buckets are narrow, else Little's law."""
    if asked_for.step_s >= RATE_OVER_S:
        return lambda _at, row: _whole(_littles_law_s(row), factor)
    recent = _recent(by_start, asked_for)

    def wait(at: datetime, row: Bucket) -> int | None:
        served, busy_s = recent[at]
        usual_per_min = usual.get(_minute_of_week(at))
        wait_s = waiting.wait_s(round(row.people_avg), served, busy_s, usual_per_min)
        return _whole(wait_s, factor)

    return wait


def _whole(wait_s: float | None, factor: float) -> int | None:
    return None if wait_s is None else round(wait_s * factor)


def _recent(
    by_start: Mapping[datetime, Bucket], asked_for: Range
) -> dict[datetime, tuple[int, float]]:
    """By bucket: people served, and seconds with a queue, in the `RATE_OVER_S` up to its end.

    Running totals: adding up five minutes anew for each of 1440 took half of the answer's time.
    """
    step, behind = timedelta(seconds=asked_for.step_s), _behind(asked_for.step_s)
    first = look_back(asked_for)
    rows = [by_start.get(first + n * step) for n in range(asked_for.buckets + behind - 1)]
    served = [0, *accumulate(row.served if row else 0 for row in rows)]
    busy_s = [0.0, *accumulate(_busy_s(row) if row else 0.0 for row in rows)]
    return {
        at: (served[n + behind] - served[n], busy_s[n + behind] - busy_s[n])
        for n, at in enumerate(asked_for.starts())
    }


def _busy_s(row: Bucket) -> float:
    return row.observed_s if row.people_max > 0 or row.served > 0 else 0.0


def _minute_of_week(at: datetime) -> tuple[int, int]:
    local = at.astimezone(SEOUL)
    return local.isoweekday(), (local.hour * 60 + local.minute) // 5 * 5


def _behind(step_s: Step) -> int:
    """How many buckets the rate is taken over: one minute alone has too few crossings."""
    return max(1, RATE_OVER_S // step_s)


def _littles_law_s(row: Bucket) -> float | None:
    if row.people_max == 0:
        return 0.0
    return row.people_avg * row.observed_s / row.served if row.served else None


def _finest(start: datetime, end: datetime) -> Step:
    if _fits(start, end, 60):
        return 60
    return 900 if _fits(start, end, 900) else 86400


def _fits(start: datetime, end: datetime, step_s: Step) -> bool:
    return (end - start) / timedelta(seconds=step_s) <= BUCKETS_MAX


def _floor(at: datetime, step_s: Step) -> datetime:
    """The edge of the bucket that holds `at`; days begin at midnight in Korea."""
    midnight = _midnight(at)
    step = timedelta(seconds=step_s)
    return (midnight + (at - midnight) // step * step).astimezone(UTC)


def _midnight(at: datetime) -> datetime:
    return at.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
