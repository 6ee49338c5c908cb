"""How long someone who joins a queue now will wait.

People ahead, divided by how fast the counter serves. Both are uncertain: the time to serve N
people is Gamma(N) for a counter that serves at random moments, and the rate itself is only known
from a handful of crossings. Their quotient is an F distribution, and its 10th and 90th
percentiles are the interval shown. A counter is a little steadier than chance (`SPREAD`); one
that is not is covered seven times in ten, a steadier one more often than promised. Left out:
people miscounted, people who give up, and people let in from the side.
"""

from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

SERVICE_WINDOW_S: Final = 300.0  # crossings older than this say little about the counter now
PRIOR_SERVED: Final = 10.0  # the usual rate is worth ten people seen served: right within a third
WHOLE: Final = 0.9  # a window or two may be lost before "the whole window" is not whole
SURPRISING_SERVED: Final = 3.0  # nobody served where 3 are usual happens by chance 1 time in 20
FASTEST_SERVICE_S: Final = 1.0  # people who walk straight through make no counter faster than this
SLOW_SERVICE_S: Final = 60.0  # the upper bound for one person where no rate was ever seen
SPREAD: Final = 0.75  # variance of serving N people, as a share of chance's; decision 0201
_Z80: Final = 1.2815515655446004  # normal 90th percentile


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait in seconds with its 80 % interval, and the service rate behind it."""

    wait_s: float
    low_s: float
    high_s: float
    served_per_min: float | None
    """Shrunk to the usual rate where few were served. None: nobody queues and no rate is known."""


@dataclass(frozen=True, slots=True)
class _Rate:
    """Service rate per second ~ Gamma(served, busy_s): what was seen plus what is usual."""

    served: float
    busy_s: float
    shape: float
    """How sure that is: as if so many had been served at random moments."""

    @property
    def per_s(self) -> float:
        return self.served / self.busy_s


def estimate(
    people: int,
    served: int,
    observed_s: float,
    usual_served_per_min: float | None,
    factor: float = 1.0,
) -> Wait | None:
    """Return the wait of someone who joins now, or None where it cannot be known.

    Args:
        people: how many stand in the queue now.
        served: crossings of the counter line in the last `SERVICE_WINDOW_S`.
        observed_s: seconds of that window which were seen *and* in which somebody queued. Time in
            which nobody queued says nothing about the counter: counted in, the first person after
            a quiet spell would meet a counter that looks shut.
        usual_served_per_min: the usual rate at this weekday and minute; None while collecting.
        factor: true waits over reckoned ones, where a stopwatch measured this lane.

    Raises:
        ValueError: a negative count or length.
    """
    if people < 0 or served < 0 or observed_s < 0:
        raise ValueError(f"counts are not negative: {people=} {served=} {observed_s=}")
    rate = _rate(served, observed_s, usual_served_per_min)
    if people == 0:
        return _times(_nobody_ahead(rate), factor)
    if rate is None or _is_unserved(served, observed_s, usual_served_per_min):
        return None
    return _times(_wait_behind(people, rate), factor)


def wait_s(
    people: int, served: int, observed_s: float, usual_served_per_min: float | None
) -> float | None:
    """The wait of `estimate` without its interval, in seconds: for curves of many points."""
    if people == 0:
        return 0.0
    rate = _rate(served, observed_s, usual_served_per_min)
    if rate is None or _is_unserved(served, observed_s, usual_served_per_min):
        return None
    return people / rate.per_s


def _rate(served: int, observed_s: float, usual_per_min: float | None) -> _Rate | None:
    """Gamma posterior of the rate; without a usual rate, Jeffreys' prior and someone served."""
    observed_s = max(observed_s, served * FASTEST_SERVICE_S)
    if usual_per_min is not None and usual_per_min > 0:
        usual_s = PRIOR_SERVED * 60 / usual_per_min
        sure = PRIOR_SERVED + served / SPREAD
        return _Rate(PRIOR_SERVED + served, usual_s + observed_s, sure)
    if served > 0:
        return _Rate(0.5 + served, observed_s, (0.5 + served) / SPREAD)
    return None


def _is_unserved(served: int, observed_s: float, usual_per_min: float | None) -> bool:
    """Whether a queue stands that nobody serves: then what is usual is no reason to hope."""
    if served > 0:
        return False
    expected = (usual_per_min or 0.0) * observed_s / 60
    return observed_s >= WHOLE * SERVICE_WINDOW_S or expected >= SURPRISING_SERVED


def _times(wait: Wait, factor: float) -> Wait:
    """The wait as a stopwatch would have it; who is served how fast was seen, and stays."""
    return replace(
        wait,
        wait_s=wait.wait_s * factor,
        low_s=wait.low_s * factor,
        high_s=wait.high_s * factor,
    )


def _wait_behind(people: int, rate: _Rate) -> Wait:
    wait_s = people / rate.per_s
    ahead, seen = 2 * people / SPREAD, 2 * rate.shape
    return Wait(
        wait_s=wait_s,
        low_s=wait_s * min(1.0, f_quantile(-_Z80, ahead, seen)),
        high_s=wait_s * max(1.0, f_quantile(_Z80, ahead, seen)),
        served_per_min=rate.per_s * 60,
    )


def _nobody_ahead(rate: _Rate | None) -> Wait:
    """No queue, no wait; but one person the camera missed may be ahead."""
    if rate is None:
        return Wait(0.0, 0.0, SLOW_SERVICE_S, None)
    return Wait(0.0, 0.0, _wait_behind(1, rate).high_s, rate.per_s * 60)


def f_quantile(z: float, d1: float, d2: float) -> float:
    """Quantile of the F distribution at the normal deviate `z`, by its cube root.

    Paulson (1942): the cube roots of both chi-squares are nearly normal. Within 8 % of the exact
    value for d1 >= 2 and d2 >= 3, and within 2 % from 10 on, which is finer than the counts are.
    """
    a, b = 2 / (9 * d1), 2 / (9 * d2)
    # solve (1 - b) x - (1 - a) = z sqrt(a + b x^2) for x, the cube root of F
    lead = (1 - b) ** 2 - z * z * b
    middle = (1 - a) * (1 - b)
    root = sqrt(max(0.0, z * z * (a * (1 - b) ** 2 + b * (1 - a) ** 2 - z * z * a * b)))
    if lead <= 0:  # so few served that there is no finite bound of this kind
        return float("inf") if z > 0 else 0.0
    return max(0.0, (middle + (root if z > 0 else -root)) / lead) ** 3
