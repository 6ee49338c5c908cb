"""One node of a fleet: a real outbox and a real uplink, a simulated queue, and its fault.

It lives in the time of the fleet, which is handed in; it is never ahead of it. The network is
worked a turn at a time by whoever has many of them (`edge.fleet.fleet`).
"""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Final
from uuid import UUID, uuid4

import numpy as np

from edge.clock import NodeClock, Stamp
from edge.configure import Configuration
from edge.connection import Connection, NoConnectionError
from edge.fleet import lunch
from edge.fleet.faults import SAID_AGAIN, Fault, Kind
from edge.fleet.lunch import Lunch, Seen
from edge.fleet.truth import Made, Truth
from edge.health import software_version
from edge.outbox import Outbox
from edge.outbox.file import open_memory
from edge.outbox.spool import USUAL, Spool
from edge.settings import Settings
from edge.uplink import Uplink
from edge.wire.messages import NodeConfig, NodeHealth, NodeState, Source, ZoneCount
from edge.wire.topics import NodeName

ZONE: Final = "queue"
SOURCE: Final = Source(kind="simulated", name="fleet", detector="queues with known truth")
WAIT_EVERY_S: Final = 60.0
RETRY_S: Final = 2.0
VERSION: Final = software_version()  # looked up once: it is read from a file
KEPT: Final = 2 * SAID_AGAIN  # held windows that can still be said again


@dataclass(frozen=True, slots=True)
class Plan:
    """What all nodes of a fleet have in common."""

    seed: int
    window_s: float
    rush_s: float
    """When the rush is at its height, in seconds of the Korean day."""


class MemoryOutbox(Outbox):
    """An outbox that lives as long as the process: a thousand files would wait for the disk."""

    def __init__(self, boot_id: UUID) -> None:
        self.boot_id, self._limits = boot_id, USUAL
        self._lock, self._folder_lock = RLock(), None
        self._memory_since_s, self._said = None, None
        self._spool = Spool(open_memory(), USUAL, kept=KEPT)
        self._first_here = 1

    def reboot(self, boot_id: UUID) -> None:
        """Go on under another boot."""
        self.boot_id, self._first_here = boot_id, self.newest + 1


class _Unwritten(Configuration):
    """A configuration that is asked for again at each start."""

    def _stored(self) -> None:
        return None

    def _keep(self, payload: bytes) -> None:
        pass


class Turned(Uplink):
    """An uplink without a thread of its own: opened, turned and dropped from outside."""

    _connection: Connection | None = None
    _session = 0

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return self._connection is not None

    def open(self) -> None:
        """Connect and be born. Raises NoConnectionError."""
        self._session = self._outbox.next_session(time.time())
        self._connection = self._connect(self._session)
        self._be_born(self._connection, self._session)

    def fileno(self) -> int:
        """For `select`; -1 where there is no connection."""
        return -1 if self._connection is None else self._connection.fileno()

    def turn(self) -> bool:
        """Hear what has come and say what is due. False: the connection is gone."""
        if self._connection is None or not self._connection.turn(0.0):
            self.drop()
            return False
        self._speak(self._connection, self._session)
        return True

    def say_again(self, newest: int) -> None:
        """Say that many of the newest windows once more, as a network does that lost its way."""
        if self._connection is not None:
            since = self._outbox.newest - newest
            seqs = self._outbox.unheld(since, newest, settled_only=False)
            self._send(self._connection, seqs, time.monotonic())

    @property
    def is_settled(self) -> bool:
        """Whether the broker has all that was said, and the hub all that was counted."""
        said = self._connection is None or not self._connection.unacked
        return said and self._outbox.held == self._outbox.newest

    def drop(self) -> None:
        """Vanish without a word: the broker sends the will."""
        if self._connection is not None:
            self._connection.drop()
            self._resend.on_disconnect()
            self._connection = None

    def leave(self) -> None:
        """Say goodbye."""
        if self._connection is not None:
            self._say_goodbye(self._connection, self._session)
            self._connection = None


class FleetNode:
    """A node, from `begins` on.

    Args:
        index: which of the fleet.
        settings: its name, its broker and its password.
        plan: of the fleet.
        fault: what befalls it.
        begins: its first moment.
        truth: where it writes what it knows.
    """

    def __init__(
        self,
        index: int,
        settings: Settings,
        plan: Plan,
        fault: Fault | None,
        begins: float,
        truth: Truth,
    ) -> None:
        self.index, self._settings, self._plan, self._fault = index, settings, plan, fault
        self._chance = np.random.default_rng((plan.seed, index, 1))
        self._truth, self.beat_s = truth, 30.0
        self._now, self._present = begins, datetime.now(UTC)
        self._lunch, self._day = Lunch.of(plan.seed, index, 0, plan.rush_s), 0
        phase_s = float(self._chance.uniform(0.0, 1.0))
        self._window_at = begins + phase_s * plan.window_s
        self._health_at, self._wait_at = begins + phase_s * 30.0, begins
        self.begins, self._try_again_s = begins, 0.0
        self._edges = sorted({fault.begins, fault.ends}) if fault else []
        self._outbox = MemoryOutbox(uuid4())
        self.made = Made(self._outbox.spool)
        self._frames = float(self._chance.uniform(3.7, 4.1))
        self.uplink = self._new_uplink()

    @property
    def name(self) -> NodeName:
        """Of the site and the node."""
        return self._settings.name

    @property
    def next_at(self) -> float:
        """When something happens here next."""
        return min(self._window_at + self._plan.window_s, self._health_at, *self._edges[:1])

    @property
    def is_settled(self) -> bool:
        """Whether nothing is under way to the hub: of a node that cannot be heard, nothing is."""
        return self._is_silent or (self.uplink.is_open and self.uplink.is_settled)

    def happen(self, at: float, present: datetime) -> None:
        """Live through what is due at `at`; `present` is what the hub's clock says then."""
        self._now, self._present = at, present
        while self._edges and self._edges[0] <= at:
            self._befall(self._edges.pop(0))
        if self._window_at + self._plan.window_s <= at:
            self._count()
        if self._health_at <= at:
            self._health_at = at + self.beat_s
            if not self._is_silent:
                self.uplink.report_health(self._health())

    def tend(self) -> None:
        """Turn what is connected; hang up where it cannot be heard."""
        if self._is_silent:
            self.uplink.drop()
        elif self.uplink.is_open:
            self.uplink.turn()

    @property
    def waits_to_connect(self) -> bool:
        """Whether it should be heard and is not."""
        idle = not (self._is_silent or self.uplink.is_open)
        return idle and time.monotonic() >= self._try_again_s

    def connect(self) -> None:
        """Connect; where it fails, again in a while."""
        try:
            self.uplink.open()
        except NoConnectionError:
            self._try_again_s = time.monotonic() + RETRY_S

    def end(self) -> None:
        """Say goodbye and write down what was made."""
        self.uplink.leave()
        self._truth.made(self.name, self.made)

    # -- what befalls it

    @property
    def _now_on(self) -> Fault | None:
        fault = self._fault
        return fault if fault and fault.begins <= self._now < fault.ends else None

    @property
    def _is_silent(self) -> bool:
        return self._now_on is not None and self._now_on.is_silent

    def _befall(self, at: float) -> None:
        fault = self._fault
        if fault is None:
            return
        if fault.kind is Kind.DUPLICATES:
            for _ in range(3):
                self.uplink.say_again(SAID_AGAIN)
        if fault.is_silent and at >= fault.ends:
            self._come_back(fault)
        self._health_at = at  # whatever it is, the node says so at once

    def _come_back(self, fault: Fault) -> None:
        if fault.kind is Kind.REBOOT:
            self._outbox.reboot(uuid4())
            self.uplink.drop()
            self.uplink = self._new_uplink()
        self._try_again_s = 0.0

    # -- what it sees

    def _count(self) -> None:
        start, self._window_at = self._window_at, self._window_at + self._plan.window_s
        self._lunch_at(start)
        self._tell_truth(start, self._window_at)
        fault = self._now_on
        if fault is not None and fault.is_blind:
            return
        seen = self._lunch.seen(start, self._plan.window_s, self._chance)
        jump_s = fault.size if fault is not None else 0.0
        stamp = Stamp(datetime.fromtimestamp(start + jump_s, UTC), synced=True)
        self._outbox.append(_zones(seen, self._chance), start, self._plan.window_s, stamp, None)
        self.made.add(seen)

    def _lunch_at(self, at: float) -> None:
        if (day := lunch.day_of(at)) != self._day:
            self._day = day
            self._lunch = Lunch.of(self._plan.seed, self.index, day, self._plan.rush_s)

    def _tell_truth(self, start: float, end: float) -> None:
        self._truth.people(self.name, self._lunch.waits_s(start, end))
        while self._wait_at < end:
            self._truth.wait(self.name, self._wait_at, self._lunch.wait_s(self._wait_at))
            self._wait_at += WAIT_EVERY_S

    # -- what it says of itself

    def _state(self, session: int) -> NodeState:
        ill = self._now_on is not None and self._now_on.kind is Kind.CAMERA_FAULT
        return NodeState(
            online=True,
            boot_id=self._outbox.boot_id,
            session=session,
            version=VERSION,
            observing="fault" if ill else "ok",
            fault="The camera gives no picture." if ill else None,
            source=SOURCE,
        )

    def _health(self) -> NodeHealth:
        depth = self._outbox.depth()
        behind_s = self._now - depth.oldest_at.timestamp() if depth.oldest_at else None
        well = {
            "observing": "ok",
            "temperature_c": round(float(self._chance.normal(55.0, 3.0)), 1),
            "throttled": 0,
            "load_1m": 0.9,
            "memory_used_percent": 31.0,
            "disk_free_bytes": 20 * 2**30,
            "frames_per_s": round(self._frames, 2),
            "inference_ms": 61.0,
            "frame_age_s": 0.2,
            "clock_offset_ms": round(float(self._chance.normal(0.0, 3.0)), 1),
        }
        ill = self._now_on.health() if self._now_on is not None else {}
        return NodeHealth.model_validate(
            {
                **well,
                **ill,
                "boot_id": self._outbox.boot_id,
                "at": self._present,
                "uptime_s": self._now - self.begins,
                "outbox_depth": depth.rows,
                "outbox_oldest_age_s": behind_s,
                "clock_source": "ntp",
                "version": VERSION,
                "backend": "simulated",
            }
        )

    # -- what it is made of

    def _new_uplink(self) -> Turned:
        now_s = time.monotonic()
        return Turned(
            self._settings,
            self._outbox,
            NodeClock(now_s, time.time(), ntp=True, trusted=True),
            _Unwritten(Path(), NodeConfig(revision=0), lambda _: None),
            self._state,
        )


def _zones(seen: Seen, chance: np.random.Generator) -> bytes:
    """What `edge.counting` would write into the outbox."""
    count = ZoneCount(
        zone=ZONE,
        people=seen.people,
        people_max=seen.people_max,
        served=seen.served,
        entered=seen.entered,
        confidence=round(float(chance.uniform(0.7, 0.9)), 2) if seen.people_max else 1.0,
    )
    return json.dumps([count.model_dump()]).encode()
