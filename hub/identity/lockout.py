"""How wrong passwords are slowed down, by account and by address. Pure; the store counts.

An account is locked for a while, never for good: a stranger who knows a name must not be able to
shut its owner out for the day. The way back is to wait, or an admin's reset.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=15)
LOGIN_FAILURES_MAX: Final = 5
ADDRESS_FAILURES_MAX: Final = 50  # a whole office can stand behind one address


@dataclass(frozen=True, slots=True)
class Failures:
    """Wrong passwords within WINDOW: how many, and when the oldest that counts was."""

    by_login: int = 0
    by_address: int = 0
    oldest_at: datetime | None = None


def locked_s(failures: Failures, now: datetime) -> int:
    """Seconds until the next try is heard; 0: now."""
    over = failures.by_login >= LOGIN_FAILURES_MAX or failures.by_address >= ADDRESS_FAILURES_MAX
    if not over or failures.oldest_at is None:
        return 0
    return max(1, int((failures.oldest_at + WINDOW - now).total_seconds()))
