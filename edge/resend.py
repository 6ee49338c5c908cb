"""When to send which count again: the rules of the outbox's far end, without any I/O.

The hub's mark is the end of its first held range: everything up to it is stored. What is sent
beyond the mark is in flight, and a lost one shows only by the mark standing still. So the whole
flight is sent again then, less and less often. A hub that says nothing but lower marks all that
time has lost what it held, and is believed. Time is handed in, on the monotonic clock.
Sending, storing and MQTT live in `edge.uplink` and `edge.outbox`.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Final
from uuid import UUID

from edge.wire.messages import Committed

IN_FLIGHT_MOST: Final = 200
STILL_FIRST_S: Final = 30.0
STILL_MOST_S: Final = 600.0
REFUSALS_MOST: Final = 10


class Heard(Enum):
    """What a mark meant to this spool."""

    MOVED = "the mark moved on"
    SAME = "the hub is alive and holds no more than before"
    LOWER = "a lower mark of the same hub: ignored, unless nothing else is heard for long"
    RESTORED = "another hub epoch: its mark is believed, lower or not"
    OTHER_SPOOL = "the mark of another outbox file: ignored"
    BEYOND = "the hub holds more than this outbox ever made: the file is older than the truth"
    NOT_OURS = "the hub holds another window under this seq: another node has this spool too"


class Resend:
    """What of one spool is held, what is in flight, and what is due.

    `held` is the mark; `seq`s above it are unheld. A flight is the lowest `IN_FLIGHT_MOST` unheld
    seqs, so that the hub's first range fills from the bottom; only the newest goes beside it.
    """

    def __init__(self, spool: UUID, held: int = 0, epoch: UUID | None = None) -> None:
        self.spool = spool
        self.held = held
        self.epoch = epoch
        self.told_most = 0
        """The highest seq that was sent since this process began."""
        self._connected = False
        self._sent: set[int] = set()
        self._wait_s = STILL_FIRST_S
        self._still_until_s: float | None = None
        self._later_held = False
        self._lower: int | None = None
        self._refused_seq, self._refusals = 0, 0

    def on_connect(self) -> None:
        """A connection stands: everything unheld is to be sent, from the oldest."""
        self._connected = True
        self._land()

    def on_disconnect(self) -> None:
        """Nothing is due until the next connection."""
        self._connected = False

    def on_hub_back(self) -> None:
        """The hub speaks again after a silence: what was sent into it is probably lost."""
        self._land()

    def on_mark(
        self,
        mark: Committed,
        newest: int,
        now_s: float,
        *,
        live: bool,
        ours: datetime | None = None,
    ) -> Heard:
        """Take in a mark.

        Args:
            mark: as received.
            newest: the highest seq this outbox ever gave.
            now_s: monotonic seconds.
            ours: the time of our window under the mark's seq; None where it is gone.
            live: False where the broker handed out a stored (retained) mark on subscribing.
        """
        if mark.spool != self.spool:
            return Heard.OTHER_SPOOL
        if mark.seq > newest:
            return Heard.BEYOND
        if mark.window_start is not None and ours not in (None, mark.window_start):
            return Heard.NOT_OURS
        if self.epoch is not None and mark.hub_epoch != self.epoch:
            self._believe(mark)
            return Heard.RESTORED
        self.epoch = mark.hub_epoch
        if mark.seq < self.held:
            self._lower = mark.seq if live else None
            return Heard.LOWER
        self._lower = None
        if mark.seq == self.held:
            self._later_held |= live
            return Heard.SAME
        self._move(mark.seq, now_s)
        return Heard.MOVED

    def due(self, now_s: float, unheld: Sequence[int], newest: int | None = None) -> list[int]:
        """The seqs to send now, oldest first. They count as sent.

        Args:
            now_s: monotonic seconds.
            unheld: seqs above `held` that may be sent, ascending; more than a flight is ignored.
            newest: sent beside the flight, so that a board is right at once and not only when a
                day's backlog has drained; None where the flight holds everything.
        """
        if not self._connected:
            return []
        flight = unheld[:IN_FLIGHT_MOST]
        if self._sent.isdisjoint(flight):
            self._wait_s, self._still_until_s = STILL_FIRST_S, None
        elif self._still_until_s is not None and now_s >= self._still_until_s:
            self._stood_still(flight[0])
            if self._lower is not None:
                self._go_back(self._lower)
                return []
        beside = [newest] if newest is not None and newest not in flight else []
        return self._send([*flight, *beside], now_s)

    @property
    def refused(self) -> int | None:
        """The seq to set aside: refused ten times while the hub took later ones."""
        return self._refused_seq if self._refusals >= REFUSALS_MOST else None

    def _send(self, flight: Sequence[int], now_s: float) -> list[int]:
        fresh = [seq for seq in flight if seq not in self._sent]
        self._sent.update(fresh)
        self.told_most = max(self.told_most, *fresh, 0)
        if fresh and self._still_until_s is None:
            self._still_until_s = now_s + self._wait_s
        return fresh

    def _stood_still(self, lowest: int) -> None:
        """Send the flight again, later next time; count a refusal if the hub took later ones."""
        if lowest != self._refused_seq:
            self._refused_seq, self._refusals = lowest, 0
        self._refusals += self._later_held
        self._later_held = False
        self._sent.clear()
        self._wait_s = min(self._wait_s * 2, STILL_MOST_S)
        self._still_until_s = None

    def _move(self, seq: int, now_s: float) -> None:
        self.held = seq
        self._sent = {s for s in self._sent if s > seq}
        self._later_held = False
        self._wait_s = STILL_FIRST_S
        self._still_until_s = now_s + STILL_FIRST_S if self._sent else None

    def _believe(self, mark: Committed) -> None:
        self.epoch = mark.hub_epoch
        self._go_back(mark.seq)

    def _go_back(self, seq: int) -> None:
        self.held, self._lower = seq, None
        self._land()

    def _land(self) -> None:
        """Nothing is in flight any more."""
        self._sent.clear()
        self._later_held = False
        self._wait_s, self._still_until_s = STILL_FIRST_S, None
