"""A trip that was confirmed on paper or by photo is written down; a change is a version more.

Not an entry of the log (docs/decisions/0224): nothing of it was signed by a phone. Who wrote what
and when stands in the office's audit trail.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from hub.kit import ids
from hub.kit.clock import SEOUL
from hub.tripproof.refusals import ConfirmationChanged, DayAhead
from hub.tripproof.store import confirmations as store
from hub.tripproof.store.confirmations import Confirmation


@dataclass(frozen=True, slots=True)
class NewConfirmation:
    """How it reads. `photo_sha256`: of a photo that stays with its owner."""

    kind: str
    on_day: date
    note: str
    photo_sha256: bytes | None


async def begin(
    conn: Any, trip: str, who: str, new: NewConfirmation, by: str, now: datetime
) -> Confirmation:
    """A confirmation of this person's trip. Raises DayAhead."""
    _has_come(new.on_day, now)
    made = Confirmation(
        ids.uuid7(now), 1, trip, who, new.kind, new.on_day, new.note, new.photo_sha256, False, "",
        now, by,
    )  # fmt: skip
    await store.keep(conn, made)
    return made


async def correct(
    conn: Any,
    before: Confirmation,
    seen: int,
    new: NewConfirmation,
    why: str,
    by: str,
    now: datetime,
) -> Confirmation:
    """Write it anew. Raises DayAhead; ConfirmationChanged: `seen` is not its newest version."""
    _has_come(new.on_day, now)
    changed = replace(
        before, kind=new.kind, on_day=new.on_day, note=new.note, photo_sha256=new.photo_sha256,
        is_withdrawn=False,
    )  # fmt: skip
    return await _next(conn, changed, seen, why, by, now)


async def withdraw(
    conn: Any, before: Confirmation, seen: int, why: str, by: str, now: datetime
) -> Confirmation:
    """It holds no more. Raises ConfirmationChanged: `seen` is not its newest version."""
    return await _next(conn, replace(before, is_withdrawn=True), seen, why, by, now)


def _has_come(day: date, now: datetime) -> None:
    if day > now.astimezone(SEOUL).date():
        raise DayAhead(f"{day:%Y-%m-%d}")


async def _next(
    conn: Any, one: Confirmation, seen: int, why: str, by: str, now: datetime
) -> Confirmation:
    if one.version != seen:
        raise ConfirmationChanged
    made = replace(one, version=seen + 1, why=why, saved_at=now, saved_by=by)
    if not await store.keep(conn, made):
        raise ConfirmationChanged
    return made
