"""A quarter's coordinates come to their end: its wrap key is destroyed, and the log says so.

First the log, committed, then the key: a crash between leaves a destruction that is logged and a
key that is still here, which `doctor` says and the next try ends. The other way round, coordinates
would be gone and the log would not say why.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from hub.identity.store import audit as trail
from hub.kit import clock
from hub.tripproof.leaf import LeafType
from hub.tripproof.logbook import Logbook
from hub.tripproof.office import Office
from hub.tripproof.store import quarters
from hub.tripproof.store.quarters import Kept

OUT_OF_REACH: Final = """\
What this cannot reach: codes that are on phones or on paper, and bundles and exports that were
carried away, as long as the auditor's key of the quarter exists; copies of the wrap key in backups
or snapshots of this machine, if somebody made any; on flash memory and copy-on-write file systems,
blocks that the file used to lie in."""


class CannotDestroy(Exception):
    """The message says why not."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be destroyed, by whom, and, before its time, why."""

    quarter: int
    by: str
    early: str | None = None


def ends_at(quarter: int) -> datetime:
    """The first moment after a quarter, in Korea."""
    year, number = divmod(quarter, 10)
    months = year * 12 + number * 3
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=clock.SEOUL)


def is_due(kept: Kept, now: datetime, after: timedelta = timedelta()) -> bool:
    """Whether nothing needs this quarter any more, for `after` at least."""
    ready = max(kept.needed_until, ends_at(kept.quarter)) + after
    return kept.destroyed_at is None and not kept.holds and ready <= now


async def check(conn: Any, wish: Wish, now: datetime) -> Kept:
    """The quarter, if it may be destroyed now. Raises CannotDestroy."""
    await quarters.reckon(conn)
    kept = await quarters.one(conn, wish.quarter)
    if kept is None:
        raise CannotDestroy(f"No coordinates of quarter {wish.quarter} were ever kept here.")
    if kept.destroyed_at is not None:
        return kept
    if now < ends_at(wish.quarter):
        raise CannotDestroy(f"Quarter {wish.quarter} is not over yet.")
    if kept.holds:
        names = ", ".join(kept.holds)
        raise CannotDestroy(f"Held back by: {names}. First: python -m hub trip release.")
    if now < kept.needed_until and wish.early is None:
        raise CannotDestroy(
            f"The last consent under which something of it was taken lasts until "
            f"{kept.needed_until.astimezone(clock.SEOUL):%Y-%m-%d}. Where it must be erased "
            "before (somebody withdrew): --early WHY."
        )
    return kept


async def write_down(conn: Any, office: Office, wish: Wish, now: datetime) -> bool:
    """The destruction, in log and audit trail; the caller commits, then destroys the key.

    False: it is written down already.

    Raises:
        CannotDestroy: something needs it still, or there is nothing.
    """
    kept = await check(conn, wish, now)
    if kept.destroyed_at is not None:
        return False
    book = await Logbook.opened(conn, office, now)
    told = {"by": wish.by, "count": kept.sealed, "quarter": wish.quarter}
    index = await book.record(LeafType.DESTRUCTION, told, quarter=wish.quarter)
    await book.checkpoint()
    await quarters.destroyed(conn, wish.quarter, index, wish.by, now)
    detail = {"count": kept.sealed, **({"early": wish.early} if wish.early else {})}
    await trail.append(
        conn, at=now, actor=wish.by, action="trip.destroy", subject=str(wish.quarter),
        detail=detail,
    )  # fmt: skip
    return True


async def say_what_is_due(conn: Any, now: datetime) -> list[Kept]:
    """Reckon anew; those that are due, each written into the audit trail the first time."""
    await quarters.reckon(conn)
    due = [kept for kept in await quarters.all_of_them(conn) if is_due(kept, now)]
    for kept in due:
        if kept.said_at is None:
            await quarters.said(conn, kept.quarter, now)
            await trail.append(
                conn, at=now, actor="system", action="trip.due", subject=str(kept.quarter),
                detail={"count": kept.sealed},
            )  # fmt: skip
    return due
