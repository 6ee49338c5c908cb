"""What is usual: the wait at each weekday and time of day, from what was counted.

Steps of five minutes: a lunch queue doubles in three, so a coarser curve would miss the peak and
a finer one would be noise. The quartiles of a weekday are pulled towards those of all working
days (or of the weekend) while there are few weeks, and smoothed over the neighbouring steps.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.density import past as pasts
from hub.density.past import Array, Past

COLLECTING_DAYS: Final = 5  # below this many observed days nothing is called usual
STEP_MIN: Final = 5
STEPS: Final = pasts.DAY_MIN // STEP_MIN
ALL_DAYS_WEIGHT: Final = 2.0  # the other days weigh as much as two of the same weekday
QUARTILES: Final = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class UsualStep:
    """One step of the usual day of one weekday (Monday is 1)."""

    weekday: int
    minute: int
    wait_p25_s: float
    wait_p50_s: float
    wait_p75_s: float
    served_per_min: float | None
    people_p50: float
    days: int


def usual_of(past: Past | None) -> tuple[UsualStep, ...]:
    """Return the usual week; empty while history is being collected or where nobody was served.

    Minutes that were never observed are left out. A weekday never seen takes the curve of the
    other working days, or of the other day of the weekend.
    """
    if past is None or past.history_days < COLLECTING_DAYS:
        return ()
    rate = pasts.usual_rate(past, past.is_observed)
    if rate is None:
        return ()
    waits = pasts.waits_s(past, rate)
    return tuple(
        step for weekday in range(7) for step in _weekday_steps(past, waits, rate, weekday)
    )


def _weekday_steps(past: Past, waits: Array, rate: Array, weekday: int) -> list[UsualStep]:
    same, kindred = same_weekday(past.weekdays, weekday), same_daytype(past.weekdays, weekday)
    quartiles = _shrunk(waits, same, kindred, QUARTILES)
    people = _shrunk(past.people, same, kindred, (0.5,))[0]
    known = np.isfinite(quartiles).all(axis=0) & np.isfinite(people)
    rates = _rate_by_step(past, same, rate)
    return [
        UsualStep(
            weekday + 1,
            step * STEP_MIN,
            *(round(float(q), 1) for q in quartiles[:, step]),
            served_per_min=round(float(rates[step]), 3),
            people_p50=round(float(people[step]), 2),
            days=past.history_days,
        )
        for step in np.flatnonzero(known).tolist()
    ]


def same_weekday(weekdays: NDArray[np.int64], weekday: int) -> NDArray[np.bool_]:
    """Which days fall on this weekday (Monday is 0)."""
    return weekdays == weekday


def same_daytype(weekdays: NDArray[np.int64], weekday: int) -> NDArray[np.bool_]:
    """Which days are working days, or weekend, as this weekday is."""
    return (weekdays >= 5) == (weekday >= 5)


def _shrunk(
    values: Array, same: NDArray[np.bool_], kindred: NDArray[np.bool_], levels: tuple[float, ...]
) -> Array:
    """Quantiles by step, the weekday's own and its kindred's mixed; shape (levels, STEPS).

    A mixture of ascending quantiles is ascending, and so is their smoothing: they never cross.
    """
    own, own_days = _quantiles(values[same], levels)
    all_, _ = _quantiles(values[kindred], levels)
    weight = own_days / (own_days + ALL_DAYS_WEIGHT)
    mixed = np.where(np.isfinite(own), weight * np.nan_to_num(own) + (1 - weight) * all_, all_)
    return smoothed(mixed)


def _quantiles(values: Array, levels: tuple[float, ...]) -> tuple[Array, Array]:
    """Quantiles of what is known in each step, and on how many days it was known."""
    by_step = values.reshape(-1, STEPS, STEP_MIN)
    days = np.isfinite(by_step).any(axis=2).sum(axis=0)
    pooled = by_step.transpose(1, 0, 2).reshape(STEPS, -1)
    result = np.full((len(levels), STEPS), np.nan)
    for step in np.flatnonzero(days):
        row = pooled[step]
        result[:, step] = np.quantile(row[np.isfinite(row)], levels)
    return result, days.astype(np.float64)


def smoothed(curves: Array) -> Array:
    """Each step with a quarter of either neighbour; unknown steps stay unknown."""
    padded = np.pad(curves, ((0, 0), (1, 1)), constant_values=np.nan)
    stack = np.stack([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]])
    weight = np.array([0.25, 0.5, 0.25])[:, None, None] * np.isfinite(stack)
    total = (np.nan_to_num(stack) * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-9)
    return np.where(np.isfinite(curves), total, np.nan)


def _rate_by_step(past: Past, same: NDArray[np.bool_], rate: Array) -> Array:
    """Usual rate of one weekday by step: its own where known, shrunk to that of all days."""
    served = past.served[same].sum(axis=0).reshape(STEPS, STEP_MIN).sum(axis=1)
    busy_min = pasts.busy_s(past)[same].sum(axis=0).reshape(STEPS, STEP_MIN).sum(axis=1) / 60
    prior = rate.reshape(STEPS, STEP_MIN).mean(axis=1)
    weight = pasts.RATE_PRIOR_SERVED
    return (served + weight) / (busy_min + weight / prior)
