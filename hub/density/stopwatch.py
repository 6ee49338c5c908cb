"""What a stopwatch says of a lane: true waits against those the hub reckoned. Pure.

Somebody taps when they join the queue and again when they are served. The factor is the sum of
the true waits over the sum of the reckoned ones (the ratio estimator of Cochran, Sampling
Techniques, 1977, chapter 6): long waits, which are measured best, weigh most. Its error is half
of the 80 % interval, as everywhere on the board.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Final
from uuid import UUID

NEEDED: Final = 5
REACH: Final = (0.25, 4.0)  # beyond, the zone or its counter line is drawn wrong
SHORTEST_S, LONGEST_S = 5.0, 7200.0
KEPT_FOR: Final = timedelta(days=90)  # staff and counters change
_Z80: Final = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Tap:
    """One measured wait and what the hub would have said at its beginning."""

    tap_id: UUID
    joined_at: datetime
    served_at: datetime
    reckoned_s: float
    tapped_by: str

    @property
    def waited_s(self) -> float:
        """The true wait."""
        return (self.served_at - self.joined_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Calibration:
    """The factor of some taps; true waits are the reckoned ones times it, give or take `error`."""

    factor: float
    error: float
    taps: int

    @property
    def is_in_reach(self) -> bool:
        """Whether a factor can mend it at all."""
        return REACH[0] <= self.factor <= REACH[1]


def calibrate(taps: Sequence[Tap]) -> Calibration | None:
    """The factor and its error; None below five taps, or where the hub reckoned no wait at all."""
    reckoned_s = sum(tap.reckoned_s for tap in taps)
    if len(taps) < NEEDED or reckoned_s < SHORTEST_S:
        return None
    factor = sum(tap.waited_s for tap in taps) / reckoned_s
    off = sum((tap.waited_s - factor * tap.reckoned_s) ** 2 for tap in taps)
    spread_s = sqrt(off / (len(taps) - 1) * len(taps))  # of the sum of the waits
    return Calibration(factor, t_quantile80(len(taps) - 1) * spread_s / reckoned_s, len(taps))


def t_quantile80(freedom: int) -> float:
    """The 90th percentile of Student's t, within 0.5 % from four degrees of freedom on.

    Abramowitz and Stegun 26.7.5, two terms.
    """
    z = _Z80
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / freedom + second / freedom**2
