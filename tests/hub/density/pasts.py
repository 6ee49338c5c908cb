"""Pasts for tests: simulated crowds laid out as if they had been counted and stored."""

from datetime import date, timedelta

import numpy as np

from hub.density import crowd
from hub.density.crowd import Place
from hub.density.hours import Hours
from hub.density.past import Array, Minute, Past, from_minutes

LUNCH = [{"days": [1, 2, 3, 4, 5], "open": "11:30", "close": "13:30"}]
LAST_DAY = date(2026, 11, 20)  # a Friday


def minutes_of(hours: Hours, days: int, zone_id: int = 1, seed: int = 1) -> list[Minute]:
    """What the minutes view would hold of a simulated queue, day by day up to `LAST_DAY`."""
    place = Place(zone_id, "queue", hours)
    return [
        (w.start + timedelta(minutes=n), float(people), int(served), crowd.WINDOW_S)
        for ago in range(days - 1, -1, -1)
        for w in crowd.day_of([place], LAST_DAY - timedelta(days=ago), seed)
        for n, (people, served) in enumerate(zip(w.people, w.served, strict=True))
    ]


def past_of(hours: Hours, days: int, zone_id: int = 1, seed: int = 1) -> Past:
    """The same as arrays."""
    past = from_minutes(minutes_of(hours, days, zone_id, seed), hours)
    assert past is not None
    return past


def true_waits_s(past: Past, hours: Hours, zone_id: int = 1, seed: int = 1) -> Array:
    """The wait that the simulation knows, shape (days, 1440); NaN where nobody looked."""
    truth = np.full(past.people.shape, np.nan)
    for index in range(len(truth)):
        for w in crowd.day_of([Place(zone_id, "queue", hours)], past.day(index), seed):
            first = (w.start.hour * 60 + w.start.minute + 9 * 60) % 1440
            truth[index, first : first + len(w.wait_s)] = w.wait_s
    return truth


def flat_past(people: float, served: float, days: int, first_day: date) -> Past:
    """Every minute alike."""
    shape = (days, 1440)
    return Past(first_day, np.full(shape, people), np.full(shape, served), np.full(shape, 60.0))
