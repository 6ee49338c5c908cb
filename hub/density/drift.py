"""Counts that drift: a zone that never changes, one that left its usual band, a lens that dims.

Pure, from days: each zone is compared with its own past weeks, and with the other zones of its
site, which see the same lunch. A feast or a kitchen that stays shut moves all of them; a camera
that was pushed, covered or left to the dust moves its own zones alone. So zones of other nodes are
the witnesses, and zones of the same node only where there is no other.

Left out: a zone without any witness is never said to have strayed, since nobody can tell a moved
camera from a changed menu. What the limits are made of: docs/decisions/0190.
"""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import log
from statistics import median
from typing import Final, Literal

import numpy as np

from hub.density import past as pasts
from hub.density.hours import Hours
from hub.kit.clock import SEOUL

Kind = Literal["stuck", "strayed", "dim"]

BUCKET_MIN: Final = 15
OBSERVED_SHARE: Final = 0.5  # of a day's opening, for it to be judged
PAST_DAYS: Final = 10  # two working weeks: below that nothing is usual
FRESH_DAYS: Final = 3  # a last day older than this is the business of "missing"
LIVELY: Final = 3  # people between a usual day's emptiest and fullest moment
HARDLY: Final = 0.5  # of what is usual: such a neighbour had a holiday too, and is no witness
ALONE_DAYS: Final = 7  # open days: longer than any run of Korean holidays
STRAYED_DAYS: Final = 3  # in a row: one day is a feast, two may be chance
FACTOR: Final = log(2.5)  # of what is usual, up or down
SIGMAS: Final = 3.0  # and so many times what its days usually differ by
FEW: Final = 0.5  # people: keeps the ratio of two nearly empty days near one
SEEN_PEOPLE: Final = 1.0  # confidence is only that of people who are there
WEEKS: Final = 6  # of confidences, to tell a slow fall from a sudden one
NOW_DAYS: Final = 3
DIMMED: Final = 0.06  # of confidence; a clean lens stays within 0.02 from week to week
SUDDEN: Final = 0.6  # of the whole fall in one week: another model or another light, not dust

Bucket = tuple[datetime, float, int, int, float, float]
"""Start of a quarter of an hour, mean people, most people, served, mean confidence, seconds
observed."""


@dataclass(frozen=True, slots=True)
class Day:
    """What one zone saw within the opening hours of one Korean day."""

    day: date
    people: float
    served: float
    """A minute. A queue's length jumps from day to day; how many it serves does not."""
    is_flat: bool
    """Whether not one count differed from another."""
    confidence: float | None
    """None: hardly anybody was there to be sure of."""
    span: float
    """People between its emptiest quarter of an hour and its fullest moment."""


@dataclass(frozen=True, slots=True)
class ZonePast:
    """One zone's judged days, the oldest first."""

    node: str
    zone: str
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """What is to be looked at."""

    node: str
    zone: str
    kind: Kind


def days_of(
    buckets: Sequence[Bucket], hours: Hours, now: datetime, closed: Container[date] = ()
) -> tuple[Day, ...]:
    """The days whose opening is over and was seen for at least half of its time, oldest first.

    Closed days say nothing of a camera and are left out, unless the site is always open.
    """
    is_open = pasts.open_by_weekday(hours)
    by_day: dict[date, list[Bucket]] = {}
    for bucket in buckets:
        at = bucket[0].astimezone(SEOUL)
        minute = at.hour * 60 + at.minute
        is_off = hours is not None and at.date() in closed
        if not is_off and is_open[at.weekday(), minute : minute + BUCKET_MIN].all():
            by_day.setdefault(at.date(), []).append(bucket)
    return tuple(
        _day(day, by_day[day])
        for day in sorted(by_day)
        if _is_whole(day, by_day[day], np.flatnonzero(is_open[day.weekday()]), now)
    )


def _is_whole(day: date, seen: Sequence[Bucket], minutes: np.ndarray, now: datetime) -> bool:
    is_over = pasts.utc(day, int(minutes[-1]) + 1) <= now
    return is_over and sum(s for *_, s in seen) >= OBSERVED_SHARE * 60 * len(minutes)


def _day(day: date, seen: Sequence[Bucket]) -> Day:
    seconds = sum(s for *_, s in seen)
    low, high = min(p for _, p, *_ in seen), max(most for _, _, most, *_ in seen)
    sure = [c for _, people, *_, c, _ in seen if people >= SEEN_PEOPLE]
    return Day(
        day=day,
        people=sum(p * s for _, p, *_, s in seen) / seconds,
        served=60 * sum(served for _, _, _, served, *_ in seen) / seconds,
        is_flat=high - low < 1e-6,
        confidence=median(sure) if sure else None,
        span=high - low,
    )


def drifts(zones: Sequence[ZonePast], now: datetime) -> tuple[Drift, ...]:
    """What drifted among the zones of one site, in the order of the zones."""
    today = now.astimezone(SEOUL).date()
    return tuple(
        Drift(zone.node, zone.zone, kind)
        for zone in zones
        if zone.days and (today - zone.days[-1].day).days <= FRESH_DAYS
        for kind in _kinds(zone, _witnesses(zone, zones))
    )


def _kinds(zone: ZonePast, witnesses: Sequence[ZonePast]) -> Iterable[Kind]:
    if _is_stuck(zone, witnesses):
        yield "stuck"
    elif _has_strayed(zone, witnesses):
        yield "strayed"
    if _is_dim(zone):
        yield "dim"


def _witnesses(zone: ZonePast, zones: Sequence[ZonePast]) -> list[ZonePast]:
    """Zones of other nodes; of its own only where there is no other."""
    others = [z for z in zones if z is not zone]
    return [z for z in others if z.node != zone.node] or others


def _is_stuck(zone: ZonePast, witnesses: Sequence[ZonePast]) -> bool:
    """Flat on a day on which it should have moved: somebody else saw people come, or for a week."""
    last = zone.days[-1]
    if not last.is_flat or not _moves_usually(zone, last):
        return False
    if any(_saw_people(w, last.day) for w in witnesses):
        return True
    return len(zone.days) > ALONE_DAYS and all(d.is_flat for d in zone.days[-ALONE_DAYS:])


def _moves_usually(zone: ZonePast, last: Day) -> bool:
    """Whether its median day moves, and hardly any was flat; its own flat run does not count."""
    alike = _alike(zone, last.day)
    while alike and alike[-1].is_flat:
        alike.pop()
    flat = sum(d.is_flat for d in alike)
    return (
        len(alike) >= PAST_DAYS
        and flat <= len(alike) / 5
        and median(d.span for d in alike) >= LIVELY
    )


def _saw_people(witness: ZonePast, day: date) -> bool:
    """Whether it saw half as many as usual, standing there or being served."""
    seen = next((d for d in witness.days if d.day == day), None)
    alike = _alike(witness, day)
    if seen is None or len(alike) < PAST_DAYS or seen.is_flat:
        return False
    stood, served = median(d.people for d in alike), median(d.served for d in alike)
    return seen.people >= max(HARDLY * stood, FEW) or 0 < HARDLY * served <= seen.served


def _has_strayed(zone: ZonePast, witnesses: Sequence[ZonePast]) -> bool:
    """Out of its band to one side for some days, while most witnesses stayed within theirs."""
    last = zone.days[-STRAYED_DAYS:]
    if len(last) < STRAYED_DAYS or not all(_most_are_as_usual(witnesses, d.day) for d in last):
        return False
    return any(
        {_side(zone, d, measure) for d in last} in ({-1}, {1}) for measure in (_people, _served)
    )


def _most_are_as_usual(witnesses: Sequence[ZonePast], day: date) -> bool:
    told = [_side(w, d, _people) for w in witnesses for d in w.days if d.day == day]
    known = [side for side in told if side is not None]
    return len(known) > 0 and sum(side == 0 for side in known) > len(known) / 2


def _people(day: Day) -> float:
    return log(day.people + FEW)


def _served(day: Day) -> float:
    return log(day.served + FEW)


def _side(zone: ZonePast, day: Day, measure: Callable[[Day], float]) -> int | None:
    """-1: far fewer than usual, 1: far more, 0: within the band, None: nothing is usual."""
    before = [measure(d) for d in _alike(zone, day.day)]
    if len(before) < PAST_DAYS:
        return None
    middle = median(before)
    away = measure(day) - middle
    if abs(away) <= max(FACTOR, SIGMAS * _scatter(before, middle)):
        return 0
    return 1 if away > 0 else -1


def _scatter(values: Sequence[float], middle: float) -> float:
    """A standard deviation that a few odd days do not move."""
    return 1.4826 * median(abs(value - middle) for value in values)


def _alike(zone: ZonePast, day: date) -> list[Day]:
    """Earlier working days, or earlier days of weekends; without the last few, which may drift."""
    until, is_weekend = day - timedelta(days=STRAYED_DAYS - 1), day.isoweekday() > 5
    return [d for d in zone.days if d.day < until and (d.day.isoweekday() > 5) == is_weekend]


def _is_dim(zone: ZonePast) -> bool:
    """Whether confidence sank over weeks, a little each, and is low on the last days too."""
    weeks = _weekly_confidence(zone.days)
    newest = [d.confidence for d in zone.days if d.confidence is not None][-NOW_DAYS:]
    if len(weeks) < WEEKS or len(newest) < NOW_DAYS:
        return False
    fell = weeks[0] - weeks[-1]
    falls = [before - after for before, after in pairwise(weeks)]
    still_low = weeks[0] - median(newest) > DIMMED
    rises = sum(fall < 0 for fall in falls)
    return fell > DIMMED and still_low and max(falls) <= SUDDEN * fell and rises <= len(falls) / 3


def _weekly_confidence(days: Sequence[Day]) -> list[float]:
    """The median of each of the last weeks in which people were seen, the oldest first."""
    if not days:
        return []
    by_week: dict[int, list[float]] = {}
    for d in days:
        if d.confidence is not None:
            by_week.setdefault((days[-1].day - d.day).days // 7, []).append(d.confidence)
    return [median(by_week[w]) for w in sorted(by_week, reverse=True)]
