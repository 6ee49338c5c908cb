"""When somebody is told of an alert: quiet hours, tries, and giving up. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from hub.kit.clock import SEOUL

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=2)
GIVE_UP_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From when to when nobody is to be woken, Korean time; over midnight where it ends earlier."""

    starts: time
    ends: time

    def is_on(self, now: datetime) -> bool:
        """Whether it is quiet at `now`. From and to the same time: never."""
        at = now.astimezone(SEOUL).time()
        if self.starts <= self.ends:
            return self.starts <= at < self.ends
        return at >= self.starts or at < self.ends


def due_at(quiet: Quiet | None, now: datetime) -> datetime:
    """When something that happens `now` may be told: at once, or when the quiet ends."""
    if quiet is None or not quiet.is_on(now):
        return now
    local = now.astimezone(SEOUL)
    ends = datetime.combine(local.date(), quiet.ends, SEOUL)
    return (ends if ends > local else ends + timedelta(days=1)).astimezone(now.tzinfo)


def next_try(due_since: datetime, tries: int, now: datetime) -> datetime | None:
    """When to try again after `tries` failures; None: give up, a day is over."""
    wait = min(FIRST_WAIT * 2 ** min(tries - 1, 16), LONGEST_WAIT)
    return now + wait if now + wait - due_since <= GIVE_UP_AFTER else None


def address_of(url: str) -> str:
    """A short name of an address: the address itself may hold a password, so it is not stored."""
    scheme = url.partition(":")[0].lower()[:16]
    return f"{scheme}-{hashlib.sha256(url.encode()).hexdigest()[:12]}"
