"""Clocks: this machine's against the database's, and whether a time server keeps it."""

import ctypes
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from hub.kit import clock, db
from hub.kit.settings import Settings
from hub.watch.doctor.finding import Finding, found
from hub.watch.store import server

OFF_S: Final = 2.0
WRONG_S: Final = 60.0
_STA_UNSYNC: Final = 0x40
_TIME_ERROR: Final = 5


def look(settings: Settings, now: datetime) -> Iterator[Finding]:  # noqa: ARG001  it reads its own
    """Both clocks, where there are two to compare."""
    off_s = _off_s(settings)
    if off_s is not None:
        yield judge(off_s)
    synced = kernel_is_synced()
    if synced is not None:
        yield found("ntp.ok" if synced else "ntp.none")


def judge(off_s: float) -> Finding:
    """What so many seconds mean, ahead or behind."""
    size_s = abs(off_s)
    code = "clock.ok" if size_s < OFF_S else "clock.off" if size_s < WRONG_S else "clock.wrong"
    return found(code, off_s=round(size_s, 1))


def _off_s(settings: Settings) -> float | None:
    """Seconds that this machine is ahead of the database; None: it does not answer."""
    try:
        with db.connect_sync(settings.database_dsn, autocommit=True) as conn:
            before = clock.now()
            theirs = server.now(conn)
            return ((before + (clock.now() - before) / 2) - theirs).total_seconds()
    except db.FAILED:
        return None


class _Timex(ctypes.Structure):
    """The head of the kernel's struct timex (adjtimex(2)); the rest is room."""

    _fields_ = [
        ("modes", ctypes.c_int),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("room", ctypes.c_byte * 256),
    ]


def kernel_is_synced() -> bool | None:
    """Whether a time server keeps the system clock; None: the kernel does not say."""
    timex = _Timex()
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):  # not Linux
        return None
    return None if state < 0 else state != _TIME_ERROR and not timex.status & _STA_UNSYNC
