"""When to go, said only when it is worth saying.

Of the waits forecast for the next 90 minutes the shortest counts, and of those that are about as
short the earliest, because nobody wants to eat at closing time to save ten seconds. Silence is
the default: two minutes must be saved, and even the upper end of the forecast's band at that time
must be below the wait now.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from hub.density.board import Advice, ForecastPoint

HORIZON: Final = timedelta(minutes=90)
SAVES_AT_LEAST_S: Final = 120
AS_GOOD_S: Final = 30  # a wait this much longer than the shortest is as good, if it is earlier


def advise(
    now: datetime,
    wait_now_s: float | None,
    points: Sequence[ForecastPoint],
    closes_at: datetime | None,
    weeks: int,
) -> Advice | None:
    """Return the time to go, or None when going now is as good or nothing is certain enough.

    Args:
        now: the present moment.
        wait_now_s: the wait of someone who joins now; None where it is unknown.
        points: the forecast, in any order; those outside the next 90 minutes are left out.
        closes_at: end of this opening; whoever goes then must be served before it.
        weeks: whole weeks of history behind the forecast; below one nothing is said.
    """
    reachable = [p for p in points if _is_reachable(p, now, closes_at)]
    if wait_now_s is None or weeks < 1 or not reachable:
        return None
    shortest_s = min(p.wait_s for p in reachable)
    best = min((p for p in reachable if p.wait_s <= shortest_s + AS_GOOD_S), key=lambda p: p.at)
    saves_s = int(wait_now_s) - best.wait_s
    if saves_s < SAVES_AT_LEAST_S or best.wait_high_s >= wait_now_s:
        return None
    return Advice(at=best.at, wait_s=best.wait_s, saves_s=saves_s, weeks=weeks)


def _is_reachable(point: ForecastPoint, now: datetime, closes_at: datetime | None) -> bool:
    """Whether one can go then: soon enough, and served before the counter closes."""
    if not now < point.at <= now + HORIZON:
        return False
    return closes_at is None or point.at + timedelta(seconds=point.wait_high_s) <= closes_at
