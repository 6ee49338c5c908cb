"""A month of trips, put together from what the hub has: orders, touches, confirmations, names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from hub.kit import clock
from hub.tripproof import standing
from hub.tripproof.standing import Month, Trip
from hub.tripproof.store import confirmations, department
from hub.tripproof.store.department import Whose
from hub.tripproof.store.orders import TripOrder

MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


def bounds(month: str) -> tuple[datetime, datetime]:
    """The beginning of `2026-11` in Korea, and that of the next month."""
    year, number = map(int, month.split("-"))
    first = datetime(year, number, 1, tzinfo=clock.SEOUL)
    following = (year + number // 12, number % 12 + 1)
    return first, datetime(*following, 1, tzinfo=clock.SEOUL)


async def read(conn: Any, month: str, whose: Whose, now: datetime) -> Month:
    """Every order that touches the month, and the touches of the month without one."""
    since, until = bounds(month)
    ordered = await department.orders(conn, since, until, whose)
    loose = await department.loose(conn, since, until, whose)
    trips, names = await _trips(conn, ordered, now, [one.who for one in loose])
    return Month(_own(trips, whose.who), loose, names)


async def one(conn: Any, order: TripOrder, now: datetime) -> Trip:
    """One order with what belongs to it."""
    ((trip,), _) = await _trips(conn, [order], now)
    return trip


async def _trips(
    conn: Any, ordered: Sequence[TripOrder], now: datetime, also: Iterable[str] = ()
) -> tuple[list[Trip], dict[str, str]]:
    numbers = [order.trip for order in ordered]
    touches, confirmed = defaultdict(list), defaultdict(list)
    for touch in await department.touches(conn, numbers):
        touches[touch.trip].append(touch)
    for each in await confirmations.of_trips(conn, numbers):
        confirmed[each.trip].append(each)
    people = {who for order in ordered for who in order.people} | set(also)
    people |= {touch.who for some in touches.values() for touch in some}
    names = await department.names(conn, sorted(people))
    return [
        standing.trip(order, touches[order.trip], confirmed[order.trip], names, now)
        for order in ordered
    ], names


def _own(trips: list[Trip], who: str | None) -> list[Trip]:
    """Of a trip together, one's own part alone, where only that may be seen."""
    if who is None:
        return trips
    return [standing.part(trip, who) for trip in trips]
