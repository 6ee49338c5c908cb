"""A crowd at lunch, simulated: what a camera would have counted on a day.

People arrive at random (Poisson) at a rate shaped like a lunch hour, queue, and are served one
after the other at a pace that varies; the camera misses a few. So waits have the structure that
real ones have: a peak that lags the arrivals, long tails after a slow day. Weekdays, payday,
single days and holidays differ. Pure: nothing here touches the database.

Windows are 60 s long. A real node's are 5 s, but nothing that reads history looks finer than a
minute, and a twelfth of the rows makes eight weeks a matter of seconds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from hub.density.hours import Hours
from hub.density.past import DAY_MIN, Array, open_by_weekday, utc
from hub.kit.clock import SEOUL

WINDOW_S: Final = 60.0
LOOKS_PER_WINDOW: Final = 12  # the camera counts every 5 s of it
SEEN: Final = 0.97  # of the people, and of the crossings; the rest is hidden behind others
SEATED_MIN: Final = 15.0
SERVICE_SHAPE: Final = 2.0  # Erlang-2: steadier than random, as trays on a counter are

# Days off by the solar calendar. The two moon holidays need a table nobody wants to maintain here.
HOLIDAYS: Final = frozenset({(1, 1), (3, 1), (5, 5), (6, 6), (8, 15), (10, 3), (10, 9), (12, 25)})
# How many come, compared with a mean day, Monday to Sunday.
WEEKDAYS: Final = (1.06, 1.0, 1.07, 1.0, 0.9, 0.84, 0.8)
PAYDAY_FACTOR: Final = 0.85  # on the 20th many eat out

# Peaks of arrival as (Korean time in hours, spread in minutes, height). Height 1 is as many as the
# counter can serve: above it a queue grows, below it the queue melts.
LUNCH: Final = (
    (11.6, 6.0, 0.75), (12.03, 5.5, 1.75), (12.28, 9.0, 0.75), (12.72, 15.0, 0.55),
)  # fmt: skip
ALL_DAY: Final = (
    (0.5, 40.0, 0.5), (3.0, 60.0, 0.4), (5.5, 40.0, 0.5), (7.7, 13.0, 1.35), (8.6, 12.0, 1.0),
    (10.3, 12.0, 1.3), (11.4, 10.0, 0.8), (12.05, 7.0, 1.7), (12.6, 14.0, 0.75),
    (13.6, 20.0, 0.6), (15.1, 13.0, 1.3), (16.7, 20.0, 0.8), (18.15, 10.0, 1.55),
    (19.3, 25.0, 0.75), (21.3, 25.0, 0.9), (23.0, 30.0, 0.65),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A zone to be simulated."""

    zone_id: int
    kind: Literal["queue", "seating"]
    hours: Hours
    seats: int | None = None


@dataclass(frozen=True, slots=True)
class Windows:
    """Consecutive windows of one zone on one day; arrays of shape (n,)."""

    zone_id: int
    start: datetime
    people: NDArray[np.int64]
    people_max: NDArray[np.int64]
    served: NDArray[np.int64]
    entered: NDArray[np.int64]
    confidence: Array
    wait_s: Array
    """The true wait of someone who joined at the window's middle; stored nowhere."""


@dataclass(frozen=True, slots=True)
class _Crowd:
    """A day of one queue: moments in minutes of the day, ascending."""

    arrived: Array
    served: Array


def day_of(places: Sequence[Place], day: date, seed: int) -> list[Windows]:
    """Simulate one day of the places of one site; empty on a holiday or outside opening days.

    Each queue has its own crowd; the seating zones share the people whom the queues have served.
    The same seed, day and zones always give the same day.
    """
    if (day.month, day.day) in HOLIDAYS:
        return []
    queues = [p for p in places if p.kind == "queue"]
    busy = _busy_factor(day, seed)
    crowds = {p.zone_id: _crowd(p, day, busy, seed) for p in queues}
    windows = [_queue_windows(p, crowds[p.zone_id], day, seed) for p in queues]
    tables = [p for p in places if p.kind == "seating"]
    diners = np.sort(np.concatenate([c.served for c in crowds.values()] or [np.zeros(0)]))
    windows += [
        _table_windows(p, diners[n :: len(tables)], day, seed) for n, p in enumerate(tables)
    ]
    return [w for w in windows if len(w.people)]


def _random(*key: int) -> np.random.Generator:
    return np.random.default_rng([k & 0xFFFFFFFF for k in key])


def _busy_factor(day: date, seed: int) -> float:
    """How many come today, compared with a mean day: weekday, payday, menu, a slow drift."""
    chance = _random(seed, day.toordinal(), 1)
    drift = 1 + 0.06 * np.sin(day.toordinal() / 17.0)
    menu = chance.lognormal(0.0, 0.13)
    payday = PAYDAY_FACTOR if day.day == 20 else 1.0
    return float(WEEKDAYS[day.weekday()] * drift * menu * payday)


def _crowd(place: Place, day: date, busy: float, seed: int) -> _Crowd:
    """Arrivals through one server whose pace differs by place, day and quarter of an hour."""
    character = _random(seed, place.zone_id, 2)
    chance = _random(seed, place.zone_id, day.toordinal(), 3)
    pace_per_min = character.uniform(4.0, 8.0)
    arrived = _arrivals(place, day, character.uniform(0.95, 1.08) * busy * pace_per_min, chance)
    service_min = _services(arrived, pace_per_min * chance.lognormal(0.0, 0.08), chance)
    # Lindley: the n-th is served when the counter is free and she is there
    freed = np.concatenate([[0.0], np.cumsum(service_min)[:-1]])
    served = freed + np.maximum.accumulate(arrived - freed) if len(arrived) else arrived
    return _Crowd(arrived, served)


def _arrivals(place: Place, day: date, per_min: float, chance: np.random.Generator) -> Array:
    """Moments of arrival; `per_min` people come each minute where the shape has height 1."""
    peaks = ALL_DAY if place.hours is None else LUNCH
    shift_min = chance.normal(0.0, 2.0)  # a meeting ends late, the menu is out early
    minutes = np.concatenate(
        [
            chance.normal(
                hour * 60 + shift_min,
                spread,
                chance.poisson(per_min * height * spread * math.sqrt(2 * math.pi)),
            )
            for hour, spread, height in peaks
        ]
    )
    is_open = open_by_weekday(place.hours)[day.weekday()]
    minutes = np.sort(minutes[(minutes >= 0) & (minutes < DAY_MIN)])
    return minutes[is_open[minutes.astype(np.int64)]]


def _services(arrived: Array, pace_per_min: float, chance: np.random.Generator) -> Array:
    """Minutes each person takes at the counter. The pace wanders by the quarter of an hour."""
    wander = chance.lognormal(0.0, 0.10, DAY_MIN // 15)[(arrived // 15).astype(np.int64)]
    return chance.gamma(SERVICE_SHAPE, 1 / (SERVICE_SHAPE * pace_per_min * wander))


def _looks(place: Place, day: date, until_min: float) -> Array:
    """When the camera counts, in minutes of the day: opening hours, and until the last is gone."""
    is_open = np.flatnonzero(open_by_weekday(place.hours)[day.weekday()])
    if not is_open.size:
        return np.zeros(0)
    first, last = int(is_open[0]), min(DAY_MIN, max(int(is_open[-1]) + 1, int(until_min) + 1))
    return np.arange(first, last, 1 / LOOKS_PER_WINDOW)


def _queue_windows(place: Place, crowd: _Crowd, day: date, seed: int) -> Windows:
    chance = _random(seed, place.zone_id, day.toordinal(), 4)
    looks = _looks(place, day, crowd.served[-1] if len(crowd.served) else 0.0)
    there = np.searchsorted(crowd.arrived, looks) - np.searchsorted(crowd.served, looks)
    edges = np.append(looks[::LOOKS_PER_WINDOW], looks[-1:] + 1 / LOOKS_PER_WINDOW)
    served, entered = (_crossings(m, edges, chance) for m in (crowd.served, crowd.arrived))
    return _windows(place, day, looks, there, served, entered, chance, _wait_s(crowd, edges))


def _wait_s(crowd: _Crowd, edges: Array) -> Array:
    """True wait at the middle of each window: until everybody ahead is served."""
    middle: Array = (edges[:-1] + edges[1:]) / 2
    ahead = np.searchsorted(crowd.arrived, middle)  # everybody who came before
    freed: Array = np.concatenate([np.zeros(1), crowd.served])[ahead]
    return np.maximum(0.0, freed - middle) * 60.0


def _table_windows(place: Place, sat_down: Array, day: date, seed: int) -> Windows:
    chance = _random(seed, place.zone_id, day.toordinal(), 5)
    left = np.sort(sat_down + chance.gamma(6.0, SEATED_MIN / 6.0, len(sat_down)))
    looks = _looks(place, day, left[-1] if len(left) else 0.0)
    there = np.searchsorted(sat_down, looks) - np.searchsorted(left, looks)
    there = np.minimum(there, place.seats or 10_000)
    none = np.zeros(len(looks) // LOOKS_PER_WINDOW, dtype=np.int64)
    return _windows(place, day, looks, there, none, none, chance, np.full(len(none), np.nan))


def _crossings(moments: Array, edges: Array, chance: np.random.Generator) -> NDArray[np.int64]:
    """How many of these moments fall into each window and were noticed."""
    if len(edges) < 2:
        return np.zeros(0, dtype=np.int64)
    return np.histogram(moments[chance.random(len(moments)) < SEEN], edges)[0]


def _windows(
    place: Place,
    day: date,
    looks: Array,
    there: NDArray[np.int64],
    served: NDArray[np.int64],
    entered: NDArray[np.int64],
    chance: np.random.Generator,
    wait_s: Array,
) -> Windows:
    seen = chance.binomial(there, SEEN).reshape(-1, LOOKS_PER_WINDOW)
    confidence = np.where(seen.max(axis=1) > 0, chance.uniform(0.7, 0.9, len(seen)), 1.0)
    return Windows(
        zone_id=place.zone_id,
        start=utc(day, int(looks[0]) if len(looks) else 0),
        people=np.quantile(seen, 0.8, axis=1, method="nearest").astype(np.int64),
        people_max=seen.max(axis=1),
        served=served,
        entered=entered,
        confidence=confidence.round(2),
        wait_s=wait_s,
    )


def days_before(now: datetime, weeks: int) -> list[date]:
    """The calendar days to simulate: so many weeks back, and today."""
    today = now.astimezone(SEOUL).date()
    return [today - timedelta(days=n) for n in range(7 * weeks, -1, -1)]
