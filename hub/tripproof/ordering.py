"""Trip orders are saved: each version with the points that the place book has now, and a leaf."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from hub.tripproof.leaf import LeafType
from hub.tripproof.logbook import Logbook
from hub.tripproof.office import Office
from hub.tripproof.refusals import EndsBeforeItBegins, TripOfAnother
from hub.tripproof.store import orders as store
from hub.tripproof.store.orders import TripOrder


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order as it is typed or imported."""

    trip: str
    people: tuple[str, ...]
    department: str
    begins_at: datetime
    ends_at: datetime
    place: str
    by_air: bool
    purpose: str


async def save(
    conn: Any, office: Office, given: Iterable[NewOrder], by: str, now: datetime
) -> list[TripOrder]:
    """Save what differs from its newest version; the newest versions then.

    Raises:
        EndsBeforeItBegins: an order does.
        TripOfAnother: another department has an order of this number.
    """
    book, kept = await Logbook.opened(conn, office, now), []
    for one in given:
        before = await store.one(conn, one.trip)
        if one.ends_at <= one.begins_at:
            raise EndsBeforeItBegins(one.trip)
        if before is not None and before.department != one.department:
            raise TripOfAnother(one.trip)
        points = await store.points_of(conn, one.place)
        if before is not None and _same(before, one, points):
            kept.append(before)
        else:
            kept.append(await _keep(book, one, points, before, by, now))
    await book.checkpoint()
    return kept


class Standing(StrEnum):
    """What saving an order would do."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    OF_ANOTHER = "of-another"
    """Nothing: the number is another department's."""


async def standing(conn: Any, one: NewOrder) -> tuple[Standing, int]:
    """What saving this order would do, and how many points its destination has."""
    points, before = await store.points_of(conn, one.place), await store.one(conn, one.trip)
    if before is None:
        found = Standing.NEW
    elif before.department != one.department:
        found = Standing.OF_ANOTHER
    else:
        found = Standing.SAME if _same(before, one, points) else Standing.CHANGED
    return found, len(points) // 3


def _same(before: TripOrder, one: NewOrder, points: list[int]) -> bool:
    told = (
        before.people, before.begins_at, before.ends_at, before.place, before.points,
        before.by_air, before.purpose,
    )  # fmt: skip
    return told == (
        sorted(set(one.people)), one.begins_at, one.ends_at, one.place, points, one.by_air,
        one.purpose,
    )  # fmt: skip


async def _keep(
    book: Logbook, one: NewOrder, points: list[int], before: TripOrder | None, by: str,
    now: datetime,
) -> TripOrder:  # fmt: skip
    version, people = (before.version if before else 0) + 1, sorted(set(one.people))
    index = await book.record(
        LeafType.ORDER,
        {
            "trip": one.trip, "version": version, "people": list(people), "place": one.place,
            "from": int(one.begins_at.timestamp()), "to": int(one.ends_at.timestamp()),
            "points": list(points), "air": int(one.by_air),
        },
    )  # fmt: skip
    saved = TripOrder(
        one.trip, version, people, one.department, one.begins_at, one.ends_at, one.place, points,
        one.by_air, one.purpose, now, by, index,
    )  # fmt: skip
    await store.keep(book.conn, saved)
    return saved
