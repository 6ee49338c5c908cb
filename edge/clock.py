"""What time a window was: the rules, pure, and the one look at the kernel they need.

A Pi has no clock battery, so windows are measured on the monotonic clock and stamped afterwards.
The offset from monotonic to UTC comes from the system clock while NTP keeps it, else from what
the hub says on `cheongsa/v1/time`. Every hub message was late by its journey, so of several the
one that puts the clock furthest ahead travelled fastest and is believed. A lost source is held
for a day: a quartz drifts under 50 ppm, 4.3 s a day, less than a window.
"""

import ctypes
import logging
import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal
from uuid import UUID, uuid4

log = logging.getLogger(__name__)

ClockSource = Literal["ntp", "hub", "none"]

WAIT_FOR_SYNC_S: Final = 60.0
HOLD_S: Final = 86_400.0
HUB_SILENT_S: Final = 30.0  # three missed messages
STEP_S: Final = 0.5  # less than that is the clock being disciplined, not set
HUB_SET_S: Final = 60.0  # no message travels for so long: the hub's clock was set back
_HUB_MESSAGES: Final = 6  # a minute of them
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stamp:
    """The time of a window's start in UTC, and whether it can be trusted."""

    at: datetime
    synced: bool


class NodeClock:
    """The offset from the monotonic clock to UTC, and where it comes from.

    Fed by `look` (a few times a minute) and `on_hub_time`; asked by any thread.
    """

    def __init__(self, now_s: float, unix_s: float, *, ntp: bool, trusted: bool = False) -> None:
        """Begin at monotonic `now_s` with the system clock at `unix_s`.

        `trusted`: someone outside keeps the system clock right and the kernel does not know.
        """
        self._began_s = now_s
        self._trusted = trusted
        self._lock = threading.Lock()
        self._ntp_offset_s: float | None = None
        self._ntp_seen_s = now_s
        self._hub: deque[tuple[float, float]] = deque(maxlen=_HUB_MESSAGES)
        self._system_offset_s = unix_s - now_s
        self.look(now_s, unix_s, ntp=ntp)

    def look(self, now_s: float, unix_s: float, *, ntp: bool) -> float | None:
        """Take in the system clock. Returns by how many seconds it was stepped, if it was."""
        offset_s = unix_s - now_s
        with self._lock:
            step_s = offset_s - self._system_offset_s
            self._system_offset_s = offset_s
            if ntp or self._trusted:
                self._ntp_offset_s, self._ntp_seen_s = offset_s, now_s
        return step_s if abs(step_s) > STEP_S else None

    def on_hub_time(self, at: datetime, now_s: float) -> bool:
        """Take in the hub's time. Returns whether the hub had been silent before."""
        offset_s = (at - _EPOCH).total_seconds() - now_s
        with self._lock:
            silent = bool(self._hub) and now_s - self._hub[-1][1] > HUB_SILENT_S
            if any(earlier_s - offset_s > HUB_SET_S for earlier_s, _ in self._hub):
                self._hub.clear()
            self._hub.append((offset_s, now_s))
        return silent

    def hears_hub(self, now_s: float) -> bool:
        """Whether the hub said its time lately: for the light on the box."""
        return bool(self._hub) and now_s - self._hub[-1][1] <= HUB_SILENT_S

    def source(self, now_s: float) -> ClockSource:
        """Where the time comes from now."""
        with self._lock:
            return self._best(now_s)[0]

    def stamp(self, mono_s: float, now_s: float) -> Stamp:
        """The time of a monotonic instant, as well as it is known at `now_s`."""
        with self._lock:
            source, offset_s = self._best(now_s)
        return Stamp(_EPOCH + timedelta(seconds=mono_s + offset_s), source != "none")

    def now(self) -> datetime | None:
        """The time, or None where neither NTP nor the hub has told it."""
        now_s = time.monotonic()
        stamp = self.stamp(now_s, now_s)
        return stamp.at if stamp.synced else None

    def may_send_unsynced(self, now_s: float) -> bool:
        """Whether windows without a trusted time may go out: neither source for 60 s."""
        return now_s - self._began_s >= WAIT_FOR_SYNC_S

    def offset_ms(self, now_s: float) -> float | None:
        """The hub's time minus the system clock, in ms; None where the hub is silent."""
        with self._lock:
            hub_s = self._hub_offset(now_s, HUB_SILENT_S)
            return None if hub_s is None else (hub_s - self._system_offset_s) * 1e3

    def _best(self, now_s: float) -> tuple[ClockSource, float]:
        ntp_age_s = now_s - self._ntp_seen_s
        hub_s = self._hub_offset(now_s, HOLD_S)
        if self._ntp_offset_s is not None and ntp_age_s <= HUB_SILENT_S:
            return "ntp", self._ntp_offset_s
        if hub_s is not None:
            return "hub", hub_s
        if self._ntp_offset_s is not None and ntp_age_s <= HOLD_S:
            return "ntp", self._ntp_offset_s
        return "none", self._system_offset_s

    def _hub_offset(self, now_s: float, fresh_s: float) -> float | None:
        """The offset by the fastest of the last messages, if the last is fresh enough."""
        if not self._hub or now_s - self._hub[-1][1] > fresh_s:
            return None
        newest_s = self._hub[-1][1]
        return max(offset for offset, at_s in self._hub if newest_s - at_s <= 2 * HUB_SILENT_S)


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


_STA_UNSYNC: Final = 0x40
_TIME_ERROR: Final = 5
_TIMESYNCD: Final = Path("/run/systemd/timesync/synchronized")


def kernel_is_synced() -> bool:
    """Whether NTP keeps the system clock: by the kernel, whom chrony, ntpd and timesyncd tell."""
    timex = _Timex()
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):  # not Linux
        return False
    if state < 0:  # a sandbox forbids the question
        return _TIMESYNCD.exists()
    return state != _TIME_ERROR and not timex.status & _STA_UNSYNC


def begin(*, trusted: bool) -> NodeClock:
    """A clock that starts with what this machine knows."""
    return NodeClock(time.monotonic(), time.time(), ntp=kernel_is_synced(), trusted=trusted)


def look(clock: NodeClock) -> None:
    """Show the system clock to `clock`, and log when it was set."""
    step_s = clock.look(time.monotonic(), time.time(), ntp=kernel_is_synced())
    if step_s is not None:
        log.warning("system clock was set", extra={"by_s": round(step_s, 3)})


def this_boot() -> UUID:
    """The kernel's id of this boot: the monotonic clock of another boot says nothing here."""
    try:
        return UUID(Path("/proc/sys/kernel/random/boot_id").read_text().strip())
    except (OSError, ValueError):
        return uuid4()
