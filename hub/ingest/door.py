"""The MQTT door: hear nodes, store what they say, COMMIT, then acknowledge and say the mark.

One thread reads the broker, one writes the database; between them is a queue. Acknowledging
after COMMIT is for back-pressure only: what makes a count safe is that its node keeps it until
it hears the mark. So nothing here tries hard with a message it could not finish; and nothing
stops it: a broker or database that is away is tried again.
"""

import gc
import logging
import threading
import time
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count, groupby
from operator import attrgetter
from queue import Empty
from typing import Any, Final

from paho.mqtt.enums import MQTTProtocolVersion
from prometheus_client import Counter, Gauge, Histogram

from edge.wire.messages import Committed, HubTime
from edge.wire.topics import TIME, NodeName
from hub.density.store import intake
from hub.density.store.intake import Mark
from hub.density.store.samples import TooManyZones
from hub.devices import hearing
from hub.devices.hearing import Counted, Heard, Nothing, Said
from hub.devices.store import commands, enrol, home_assistant, listening, nodes
from hub.ingest.events import Events
from hub.ingest.hanging_up import HangingUp
from hub.ingest.home_assistant import HomeAssistant
from hub.ingest.link import Inbox, Letter, Link
from hub.kit import clock, db, metrics
from hub.kit.presence import DATABASE, Presence
from hub.kit.settings import Settings

log = logging.getLogger(__name__)

BATCH_MAX: Final = 5_000  # messages a transaction
LINGER_S: Final = 0.1  # the longest a message waits for company
QUIET_S: Final = 0.01  # nothing more came for so long: why wait
MARK_EVERY_S: Final = 1.0  # to one node
TIME_EVERY_S: Final = 10.0
CONFIG_EVERY_S: Final = 60.0
LISTEN_EVERY_S: Final = 1.0
COMMANDS_EVERY_S: Final = 10.0  # an unanswered one is said again; a new one at once
GARBAGE_EVERY: Final = 200_000  # objects more than were let go
BACKOFF_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # then every 10 s

MESSAGES = Counter("cheongsa_ingest_messages", "Messages from nodes.", ["meaning"])
ROWS = Counter("cheongsa_ingest_rows", "Samples committed.")
DUPLICATES = Counter("cheongsa_ingest_duplicates", "Windows that were held already.")
REFUSED = Counter("cheongsa_ingest_refused", "Messages written to the dead letters.")
RETRIES = Counter("cheongsa_ingest_retries", "Batches tried again: the database was away.")
BATCH_S = Histogram("cheongsa_ingest_batch_seconds", "From a batch's parsing to its COMMIT.")
CONNECTED = Gauge("cheongsa_ingest_connected", "1 while connected to the broker.")
INBOX = Gauge("cheongsa_ingest_inbox", "Messages that wait for their batch.")
UNACKNOWLEDGED = Gauge("cheongsa_ingest_unacknowledged", "Messages heard and not committed yet.")
COMMITTED_AT = Gauge(
    "cheongsa_ingest_committed_timestamp_seconds", "When this process last committed a batch."
)
LAG_S = Histogram(
    "cheongsa_ingest_lag_seconds", "From the end of a batch's newest window to its COMMIT.",
    buckets=(0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 86_400),
)  # fmt: skip


class _Timetable:
    """What is to be done when, on the monotonic clock."""

    def __init__(self) -> None:
        self._at_s: dict[str, float] = {}

    def is_due(self, what: str) -> bool:
        return time.monotonic() >= self._at_s.get(what, 0.0)

    def after(self, what: str, wait_s: float) -> None:
        self._at_s[what] = time.monotonic() + wait_s

    def at_once(self, *whats: str) -> None:
        for what in whats:
            self._at_s.pop(what, None)


class Door:
    """Everything that one `ingest` process does, a step at a time."""

    def __init__(self, settings: Settings, stop: threading.Event) -> None:
        self.settings, self.stop = settings, stop
        self._inbox = Inbox()
        self._due = _Timetable()
        self._protocols = [MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311]
        self._link: Link | None = None
        self._greeted: Link | None = None
        self._link_failures = 0
        self._conn: Any = None
        self._marks: dict[NodeName, Mark] = {}
        self._marked_at_s: dict[NodeName, float] = {}
        self._wanted: dict[NodeName, bytes] = {}  # as published over this link
        self._in_hand = 0
        self._events = Events()
        self._hanging_up = HangingUp(settings)
        self._home_assistant = HomeAssistant(settings, self._link_that_is_up)
        self._broker_is = Presence("broker", log)
        INBOX.set_function(self._inbox.qsize)
        UNACKNOWLEDGED.set_function(lambda: self._inbox.qsize() + self._in_hand)

    def run(self) -> None:
        """Until `stop`: hear, store, answer."""
        try:
            while not self.stop.is_set():
                if batch := self._collect():
                    self._take(batch)
                self._tend()
            self._say_marks(at_once=True)
        finally:
            self._close()

    # -- the batch

    def _collect(self) -> list[Letter]:
        """Wait for a first message, then a little for its company."""
        try:
            batch = [self._inbox.get(timeout=self._patience_s())]
        except Empty:
            return []
        until_s = time.monotonic() + LINGER_S
        while len(batch) < BATCH_MAX:
            before = len(batch)
            batch.extend(self._waiting(BATCH_MAX - before))
            if time.monotonic() > until_s:
                break
            time.sleep(QUIET_S)  # not inbox.get(): waking up for each would slow the reader down
            if self._inbox.empty():
                break
        return batch

    def _waiting(self, most: int) -> Iterator[Letter]:
        for _ in range(most):
            try:
                yield self._inbox.get_nowait()
            except Empty:
                return

    def _patience_s(self) -> float:
        return 0.02 if self._marks else 0.1

    def _take(self, batch: Sequence[Letter]) -> None:
        """Store a batch, however long the database is away; then acknowledge it."""
        began_s, now = time.monotonic(), clock.now()
        self._in_hand = len(batch)
        heard = [hearing.read(one.message.topic, one.message.payload, now) for one in batch]
        if not self._store_in_the_end([one for one in heard if not isinstance(one, Nothing)]):
            return
        for client, letters in groupby(batch, key=attrgetter("client")):
            client.ack_all(one.message.mid for one in letters if one.message.mid)
        self._in_hand = 0
        self._inbox.done_bytes += sum(len(one.message.payload) for one in batch)
        for meaning, times in Tally(type(one).__name__ for one in heard).items():
            MESSAGES.labels(meaning).inc(times)
        BATCH_S.observe(time.monotonic() - began_s)
        _observe_lag(heard)

    def _store_in_the_end(self, heard: Sequence[Heard]) -> bool:
        """Try until it is committed; False where we are told to stop before."""
        for failures in count():
            if self.stop.is_set():
                return False
            try:
                self._store(heard)
            except db.FAILED as error:
                RETRIES.inc()
                DATABASE.away(error)
                self._drop_database()
                self._wait(failures)
            else:
                return True
        return False

    def _store(self, heard: Sequence[Heard]) -> None:
        """Commit them; where one can never be stored, find it and bury it."""
        if not heard:
            return
        try:
            with self._database() as conn, conn.transaction():
                outcome = intake.take(conn, heard, clock.now())
        except (*db.NOT_STORABLE, TooManyZones) as error:
            self._store_apart(heard, str(error), hold=True)
        except db.FAILED:
            raise
        except Exception as error:
            log.exception("batch not understood")
            self._store_apart(heard, repr(error), hold=False)  # our fault: let it be sent again
        else:
            ROWS.inc(outcome.rows)
            DUPLICATES.inc(outcome.duplicates)
            REFUSED.inc(outcome.refused)
            COMMITTED_AT.set_to_current_time()
            self._hanging_up.heard(outcome.revoked)
            self._events.committed(heard, outcome)
            self._marks |= outcome.marks

    def _store_apart(self, heard: Sequence[Heard], reason: str, *, hold: bool) -> None:
        if len(heard) > 1:
            self._store(heard[: len(heard) // 2])
            self._store(heard[len(heard) // 2 :])
            return
        one = heard[0]
        if isinstance(one, Said):
            envelope = one.count if hold and isinstance(one, Counted) else None
            self._store([one.refused(f"not storable: {reason}", envelope)])
        else:
            log.error("dead letter not storable", extra={"reason": reason})

    # -- the database

    @contextmanager
    def _database(self) -> Iterator[Any]:
        """The one connection, opened where it is not; it listens for NOTIFY config."""
        if self._conn is None:
            self._conn = db.connect_sync(self.settings.database_dsn, autocommit=True)
            nodes.listen_for_config(self._conn)
            self._due.at_once("config", "commands")
            DATABASE.back()
        yield self._conn

    def _drop_database(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._conn = None

    def _wait(self, failures: int) -> None:
        """Back off, and meanwhile keep the link and the nodes' clock."""
        until_s = time.monotonic() + BACKOFF_S[min(failures, len(BACKOFF_S) - 1)]
        while time.monotonic() < until_s and not self.stop.wait(0.05):
            self._tend_link()

    # -- what is said to the nodes

    def _tend(self) -> None:
        self._tend_link()
        if self._link is None or not self._link.up.is_set():
            return
        self._say_marks()
        self._hanging_up.tend()
        try:
            self._tend_configs()
        except db.FAILED as error:
            DATABASE.away(error)
            self._drop_database()
            self._due.after("listen", BACKOFF_S[2])
            self._due.after("config", BACKOFF_S[2])

    def _tend_link(self) -> None:
        if self._link is not None and self._link.has_failed:
            self._drop_link()
        if self._link is None and self._due.is_due("link"):
            self._open_link()
        if self._link is not None and self._link.up.is_set():
            self._greet(self._link)

    def _link_that_is_up(self) -> Link | None:
        link = self._link
        return link if link is not None and link.up.is_set() else None

    def _greet(self, link: Link) -> None:
        if self._greeted is not link:
            self._greeted, self._link_failures = link, 0
            CONNECTED.set(1)
            self._broker_is.back()
            log.info("broker connected", extra={"protocol": link.protocol.name})
            self._wanted.clear()
            self._due.at_once("time", "config", "commands")
        if self._due.is_due("time"):
            link.publish(TIME, HubTime(at=clock.now()).encode(), qos=0, retain=False)
            self._due.after("time", TIME_EVERY_S)

    def _open_link(self) -> None:
        try:
            self._link = Link(self.settings, self._protocols[0], self._inbox, self.stop)
        except OSError as error:
            self._broker_is.away(error)
            self._back_off()

    def _drop_link(self) -> None:
        """Forget a link. One that never answered may not speak our protocol: the other is next."""
        link, self._link = self._link, None
        if link is None:
            return
        if link.up.is_set():
            self._broker_is.away("the connection was lost")
        else:
            if link.refusal:
                self._broker_is.away(link.refusal)
            self._protocols.reverse()
        CONNECTED.set(0)
        link.close()
        self._back_off()

    def _back_off(self) -> None:
        self._due.after("link", BACKOFF_S[min(self._link_failures, len(BACKOFF_S) - 1)])
        self._link_failures += 1

    def _say_marks(self, *, at_once: bool = False) -> None:
        if self._link is None or not self._link.up.is_set():
            return
        now_s = time.monotonic()
        for name, mark in list(self._marks.items()):
            if at_once or now_s - self._marked_at_s.get(name, -MARK_EVERY_S) >= MARK_EVERY_S:
                said = Committed(
                    hub_epoch=mark.epoch,
                    spool=mark.spool,
                    seq=mark.seq,
                    window_start=mark.window_start,
                )
                self._link.publish(name.topic("committed"), said.encode(), qos=1, retain=True)
                self._marked_at_s[name] = now_s
                del self._marks[name]

    def _tend_configs(self) -> None:
        if self._conn is not None and self._due.is_due("listen"):
            self._due.after("listen", LISTEN_EVERY_S)
            if nodes.config_changed(self._conn):
                self._due.at_once("config", "commands")
        if self._due.is_due("config"):
            with self._database() as conn:
                wanted = nodes.wanted_configs(conn)
                self._hanging_up.know(enrol.revoked_nodes(conn))
                self._home_assistant.know(home_assistant.is_on(conn))
            self._due.after("config", CONFIG_EVERY_S)
            for one in wanted:
                self._say_config(one.node, one.payload or b"")
        if self._due.is_due("commands"):
            self._say_commands()

    def _say_commands(self) -> None:
        with self._database() as conn, conn.transaction():
            due = commands.claim_due(conn, clock.now())
            listening.record(conn, clock.now())
        self._due.after("commands", COMMANDS_EVERY_S)
        for one in due:
            if self._link is not None:
                topic = one.node.command_topic(one.command)
                self._link.publish(topic, one.payload, qos=1, retain=False)

    def _say_config(self, name: NodeName, payload: bytes) -> None:
        if self._link is not None and self._wanted.get(name) != payload:
            self._link.publish(name.topic("config/wanted"), payload, qos=1, retain=True)
            self._wanted[name] = payload

    def _close(self) -> None:
        self._home_assistant.close()
        if self._link is not None:
            self._link.close()
        CONNECTED.set(0)
        self._drop_database()


def _observe_lag(heard: Sequence[Heard]) -> None:
    """One observation a batch: its newest window says how late the stream as a whole is."""
    ends = [
        one.count.window_start.timestamp() + one.count.window_s
        for one in heard
        if isinstance(one, Counted) and one.count.clock_synced
    ]
    if ends:
        LAG_S.observe(max(0.0, time.time() - max(ends)))


def run(settings: Settings, stop: threading.Event) -> None:
    """Take what nodes say into the database until `stop` is set. Raises SettingsError."""
    settings.check_broker()
    metrics.serve(settings)
    _collect_garbage_rarely()
    Door(settings, stop).run()


def _collect_garbage_rarely() -> None:
    """A batch is some ten thousand objects without circles, which Python would look through."""
    gc.freeze()
    gc.set_threshold(GARBAGE_EVERY)
