"""The past of one zone as arrays: calendar days by minutes of Korean time.

Here minutes that were counted become minutes of waiting, by the same rule as the wait shown now:
people standing there, over the service rate of the last five minutes shrunk to the usual one.
NaN is "not known": not observed, outside hours, a day off, or a queue that nobody served.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hub.density import hours as opening_hours
from hub.density.hours import Hours
from hub.density.waiting import FASTEST_SERVICE_S, PRIOR_SERVED, SERVICE_WINDOW_S, WHOLE
from hub.kit.clock import SEOUL

Array = NDArray[np.float64]

DAY_MIN: Final = 1440
WINDOW_MIN: Final = int(SERVICE_WINDOW_S // 60)
RECENT_MIN: Final = 63  # an hour, and the three minutes that the wait an hour ago is the mean of
RATE_SMOOTHING_MIN: Final = 15  # either side; a counter's pace changes with its staff, not at once
RATE_PRIOR_SERVED: Final = 30.0  # the pace of the whole day weighs as much as thirty people
OBSERVED_MIN: Final = 30  # minutes that make a day observed
HARDLY_ANYBODY: Final = 0.2  # of the usual number served: the canteen did not really open

Minute = tuple[datetime, float, int, float]
"""Start of the minute, mean people, served, seconds observed."""


@dataclass(frozen=True, slots=True)
class Past:
    """Consecutive calendar days. All arrays have shape (days, 1440)."""

    first_day: date
    people: Array
    served: Array
    observed_s: Array

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """Weekday of each day, Monday is 0."""
        return (np.arange(len(self.people)) + self.first_day.weekday()) % 7

    @property
    def is_observed(self) -> NDArray[np.bool_]:
        """Which days have at least half an hour of counts."""
        return np.isfinite(self.people).sum(axis=1) >= OBSERVED_MIN

    @property
    def history_days(self) -> int:
        """How many days were observed."""
        return int(self.is_observed.sum())

    @property
    def weeks(self) -> int:
        """Whole weeks from the first observed day to the last, at least one if there is any."""
        observed = np.flatnonzero(self.is_observed)
        return max(1, int(observed[-1] - observed[0] + 1) // 7) if observed.size else 0

    def day(self, index: int) -> date:
        """The calendar day of a row."""
        return self.first_day + timedelta(days=index)


def from_minutes(minutes: Sequence[Minute], hours: Hours) -> Past | None:
    """Lay minutes out by day and minute; None when there is none within the opening hours.

    Days off are blanked: those on which hardly anybody was served, as on a holiday, compared with
    the same weekday.
    """
    if not minutes:
        return None
    first_day = min(at for at, *_ in minutes).astimezone(SEOUL).date()
    last_day = max(at for at, *_ in minutes).astimezone(SEOUL).date()
    past = _grid(minutes, first_day, (last_day - first_day).days + 1)
    past = _without(past, ~_open_minutes(past, hours))
    past = _without(past, _days_off(past)[:, None])
    return past if np.isfinite(past.people).any() else None


def _grid(minutes: Sequence[Minute], first_day: date, days: int) -> Past:
    midnight = datetime(first_day.year, first_day.month, first_day.day, tzinfo=SEOUL)
    start_s = midnight.timestamp()
    at_min = np.array([(at.timestamp() - start_s) // 60 for at, *_ in minutes], dtype=np.int64)
    return Past(
        first_day,
        people=_laid_out(at_min, [people for _, people, _, _ in minutes], days, np.nan),
        served=_laid_out(at_min, [served for _, _, served, _ in minutes], days, 0.0),
        observed_s=_laid_out(at_min, [seen_s for _, _, _, seen_s in minutes], days, 0.0),
    )


def _laid_out(at_min: NDArray[np.int64], values: Iterable[float], days: int, empty: float) -> Array:
    flat = np.full(days * DAY_MIN, empty)
    flat[at_min] = list(values)
    return flat.reshape(days, DAY_MIN)


def open_by_weekday(hours: Hours) -> NDArray[np.bool_]:
    """Which minutes of which weekday are within the opening hours, shape (7, 1440)."""
    openings = opening_hours.parse(hours)
    is_open = np.full((7, DAY_MIN), openings is None)
    for opening in openings or ():
        for day in opening.days:
            is_open[day - 1, opening.open_min : opening.close_min] = True
    return is_open


def _open_minutes(past: Past, hours: Hours) -> NDArray[np.bool_]:
    return open_by_weekday(hours)[past.weekdays]


def _days_off(past: Past) -> NDArray[np.bool_]:
    served = past.served.sum(axis=1)
    off = np.zeros(len(served), dtype=bool)
    for weekday in range(7):
        same = (past.weekdays == weekday) & past.is_observed
        if same.sum() >= 2:  # a single day has nothing to be compared with
            off |= same & (served < HARDLY_ANYBODY * np.median(served[same]))
    off[-1] = False  # today is not over
    return off


def _without(past: Past, blank: NDArray[np.bool_]) -> Past:
    return replace(
        past,
        people=np.where(blank, np.nan, past.people),
        served=np.where(blank, 0.0, past.served),
        observed_s=np.where(blank, 0.0, past.observed_s),
    )


def busy_s(past: Past) -> Array:
    """Seconds of each minute in which somebody queued: at most the mean number of people."""
    queued_s = past.observed_s * np.clip(np.nan_to_num(past.people), 0.0, 1.0)
    return np.maximum(queued_s, past.served * FASTEST_SERVICE_S)


def usual_rate(past: Past, days: NDArray[np.bool_]) -> Array | None:
    """Usual people served per minute of queueing, by minute of day; None if nobody ever was.

    Smoothed over a quarter of an hour either side, and shrunk to the pace of the whole day.

    Args:
        past: the days.
        days: which of them count, shape (days,).
    """
    served = past.served[days].sum(axis=0)
    busy_min = busy_s(past)[days].sum(axis=0) / 60
    if served.sum() < 1 or busy_min.sum() <= 0:
        return None
    overall = served.sum() / busy_min.sum()
    near_served, near_busy = (_moving_sum(x, RATE_SMOOTHING_MIN) for x in (served, busy_min))
    return (near_served + RATE_PRIOR_SERVED) / (near_busy + RATE_PRIOR_SERVED / overall)


def _moving_sum(values: Array, reach: int) -> Array:
    return np.convolve(values, np.ones(2 * reach + 1), mode="same")


def waits_s(past: Past, rate_per_min: Array) -> Array:
    """The wait of someone who joined at each minute, in seconds, shape (days, 1440).

    Args:
        past: what was counted.
        rate_per_min: usual people served per minute, shape (1440,).
    """
    rates = np.tile(rate_per_min, len(past.people))
    waits = _waits_s(past.people.ravel(), past.served.ravel(), busy_s(past).ravel(), rates)
    return waits.reshape(past.people.shape)


def recent_waits_s(
    minutes: Sequence[Minute], rate_per_min: Callable[[datetime], float | None], end: datetime
) -> Array:
    """The wait at each of the last `RECENT_MIN` whole minutes before `end`, the newest last.

    Args:
        minutes: what was observed, `RECENT_MIN + WINDOW_MIN` minutes back, in any order.
        rate_per_min: the usual rate at a moment; None: no rate is usual then.
        end: the end of the newest whole minute.
    """
    span = RECENT_MIN + WINDOW_MIN
    people, served, busy = np.full(span, np.nan), np.zeros(span), np.zeros(span)
    for at, mean_people, served_then, observed_s in minutes:
        ago = int((end - at).total_seconds() // 60)
        if 1 <= ago <= span:
            people[span - ago], served[span - ago] = mean_people, served_then
            busy[span - ago] = max(
                observed_s * min(1.0, mean_people), served_then * FASTEST_SERVICE_S
            )
    moments = [end - timedelta(minutes=ago) for ago in range(span, 0, -1)]
    rates = np.array([rate_per_min(at) or np.nan for at in moments])
    return _waits_s(people, served, busy, rates)[WINDOW_MIN:]


def _waits_s(people: Array, served: Array, busy: Array, rate_per_min: Array) -> Array:
    """The rule of `hub.density.waiting.estimate` on flat arrays of consecutive minutes."""
    lately_served, lately_busy = _trailing_sum(served), _trailing_sum(busy)
    prior_s = PRIOR_SERVED * 60 / rate_per_min
    rate_per_s = (PRIOR_SERVED + lately_served) / (prior_s + lately_busy)
    unserved = (lately_served < 1) & (lately_busy >= WHOLE * SERVICE_WINDOW_S)
    return np.where(unserved, np.nan, people / rate_per_s)


def _trailing_sum(values: Array) -> Array:
    """Sum of each minute and the four before it."""
    total = np.concatenate([np.zeros(WINDOW_MIN), np.cumsum(values)])
    return total[WINDOW_MIN:] - total[:-WINDOW_MIN]


def nan_mean(values: NDArray[Any], axis: int) -> Array:
    """Mean of what is known along `axis`; NaN, without a warning, where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def utc(day: date, minute: int) -> datetime:
    """The moment of a minute of a Korean day."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=SEOUL)
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)
