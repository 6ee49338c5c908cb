"""One counter and its queue on one day, simulated: who came when, who waited how long.

People come at random (Poisson) at a rate shaped like a lunch hour and are served one after the
other, at a pace that wanders. Somebody waits from joining until she stands at the counter; she
crosses the served line when she leaves it. Times are POSIX seconds. Pure: no clock, no I/O.

The hub has a simulation of its own to fill a demo with. This one is apart on purpose: a truth
that came from the code it judges would judge nothing.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

DAY_S: Final = 86_400
SEOUL_S: Final = 9 * 3600
SERVICE_SHAPE: Final = 2.0  # Erlang-2: steadier than chance, as trays on a counter are
PACE_PER_MIN: Final = (4.0, 8.0)  # from one counter to another
DAY_SPREAD, QUARTER_SPREAD = 0.08, 0.10  # of a counter's pace, as a share: staff, menus
BUSY_SPREAD: Final = 0.13  # of how many come, from one day to another
QUARTER_S: Final = 900
TRICKLE: Final = 0.12  # of what the counter can serve, all day long

# Arrivals as (minutes after the rush, spread in minutes, height). Height 1 is as many as the
# counter can serve: above it the queue grows, below it the queue melts.
PEAKS: Final = ((-26.0, 6.0, 0.75), (0.0, 5.5, 1.7), (15.0, 9.0, 0.75), (41.0, 15.0, 0.5))

LOOKS: Final = 12  # a window counts so many pictures
SEEN: Final = 0.97  # of the people in a picture, and of the crossings; the rest is hidden
QUANTILE: Final = 0.75  # as `edge.counting` does: misses are one-sided


@dataclass(frozen=True, slots=True)
class Seen:
    """What a camera counts in one window."""

    people: int
    people_max: int
    served: int
    entered: int


@dataclass(frozen=True, slots=True)
class Lunch:
    """One day of one counter. Arrays of shape (people,), ascending."""

    arrived: Array
    left: Array
    """When she leaves the counter, and crosses the served line."""
    noticed: NDArray[np.int64]
    """(people + 1,): of the first n crossings, so many were noticed."""

    @classmethod
    def of(cls, seed: int, node: int, day: int, rush_s: float) -> Self:
        """The day of a counter.

        Args:
            seed: of the whole fleet.
            node: which of its counters.
            day: days since 1970, in Korea.
            rush_s: when the rush is at its height, in seconds of the Korean day.
        """
        character = np.random.default_rng((seed, node))
        chance = np.random.default_rng((seed, node, day))
        pace_per_min = character.uniform(*PACE_PER_MIN) * chance.lognormal(0.0, DAY_SPREAD)
        midnight_s = day * DAY_S - SEOUL_S
        shift_s = rush_s + chance.normal(0.0, 120.0)  # a meeting ends late
        arrived = midnight_s + _arrivals(pace_per_min, shift_s, chance)
        service_s = _services(arrived - midnight_s, pace_per_min, chance)
        # Lindley: she is served when the counter is free and she is there
        done = np.cumsum(service_s)
        left = done + np.maximum.accumulate(arrived - (done - service_s))
        seen = chance.random(len(left)) < SEEN
        return cls(arrived, left, np.concatenate([[0], np.cumsum(seen)]).astype(np.int64))

    def wait_s(self, at: float) -> float:
        """How long somebody who joins at `at` waits until she stands at the counter."""
        ahead = int(np.searchsorted(self.arrived, at))
        return max(0.0, float(self.left[ahead - 1]) - at) if ahead else 0.0

    def waits_s(self, start: float, end: float) -> list[tuple[float, float]]:
        """(when she joined, how long she waited) of everybody who joined in [start, end)."""
        first, last = np.searchsorted(self.arrived, (start, end))
        free = np.concatenate([[0.0], self.left[:-1]])
        waited = np.maximum(0.0, free - self.arrived)[first:last]
        return list(zip(self.arrived[first:last].tolist(), waited.tolist(), strict=True))

    def seen(self, start: float, window_s: float, chance: np.random.Generator) -> Seen:
        """What a camera counts from `start` on for `window_s`."""
        looks = start + (np.arange(LOOKS) + 0.5) * (window_s / LOOKS)
        there = np.searchsorted(self.arrived, looks) - np.searchsorted(self.left, looks)
        counts = np.sort(chance.binomial(there, SEEN))
        edges = (start, start + window_s)
        crossed = self.noticed[np.searchsorted(self.left, edges)]
        came = np.searchsorted(self.arrived, edges)
        return Seen(
            people=int(counts[round(QUANTILE * (LOOKS - 1))]),
            people_max=int(counts[-1]),
            served=int(crossed[1] - crossed[0]),
            entered=int(came[1] - came[0]),
        )


def day_of(at: float) -> int:
    """The Korean day of a moment, in days since 1970."""
    return int((at + SEOUL_S) // DAY_S)


def second_of_day(at: float) -> float:
    """Seconds since midnight in Korea."""
    return (at + SEOUL_S) % DAY_S


def _arrivals(pace_per_min: float, rush_s: float, chance: np.random.Generator) -> Array:
    """Seconds of the day at which people come."""
    come_per_min = pace_per_min * chance.lognormal(0.0, BUSY_SPREAD)
    parts = [chance.uniform(0.0, DAY_S, chance.poisson(TRICKLE * pace_per_min * DAY_S / 60))]
    for after_min, spread_min, height in PEAKS:
        people = chance.poisson(come_per_min * height * spread_min * np.sqrt(2 * np.pi))
        parts.append(chance.normal(rush_s + 60 * after_min, 60 * spread_min, people))
    moments = np.sort(np.concatenate(parts))
    return moments[(moments >= 0) & (moments < DAY_S)]


def _services(second: Array, pace_per_min: float, chance: np.random.Generator) -> Array:
    """Seconds that each takes at the counter. The pace wanders by the quarter of an hour."""
    wander = chance.lognormal(0.0, QUARTER_SPREAD, DAY_S // QUARTER_S)
    pace_per_s = pace_per_min / 60 * wander[(second // QUARTER_S).astype(np.int64)]
    return chance.gamma(SERVICE_SHAPE, 1.0 / (SERVICE_SHAPE * pace_per_s))
