"""What the node says to the hub and hears from it, over whatever broker there is.

One thread: connect, say who we are, send what is due, listen. The rules of what is due are in
`edge.resend`, the counts in `edge.outbox`, MQTT itself in `edge.connection`.
"""

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter, ValidationError

from edge.clock import NodeClock, Stamp
from edge.commands import Commands
from edge.configure import Configuration
from edge.connection import CONNECT_S, Connection, NoConnectionError, Said, Version
from edge.enrol import NotEnrolledError, way_to_broker
from edge.outbox import Outbox, Row
from edge.preview import Previews
from edge.resend import IN_FLIGHT_MOST, Heard, Resend
from edge.settings import Settings
from edge.wire.messages import (
    SCHEMA_VERSION,
    Committed,
    ConfigReported,
    CountObserved,
    HubTime,
    NodeHealth,
    NodeState,
    ZoneCount,
)
from edge.wire.topics import TIME

log = logging.getLogger(__name__)

_TURN_S: Final = 0.1
_TRY_5_S: Final = 2.0  # a broker that only knows 3.1.1 may say nothing at all
_FIRST_RETRY_S: Final = 0.5
_LONGEST_RETRY_S: Final = 30.0
_LAST_WORDS_S: Final = 0.8
_HEALTH_EXPIRES_S: Final = 90  # three reports
_ZONES: Final = TypeAdapter(tuple[ZoneCount, ...])


class Uplink:
    """The node's side of the wire.

    Args:
        settings: who we are and where the broker is.
        outbox: the counts, already open.
        clock: taught by the hub's time, asked for the times of unsynchronised windows.
        configuration: asked about everything on `config/wanted`.
        state: what to say of the node in a given session; told whenever it changes.
        commands: told about everything on `command/…`; None: this node takes none.
        previews: what somebody who draws zones wants to see; the newest is sent.
    """

    def __init__(
        self,
        settings: Settings,
        outbox: Outbox,
        clock: NodeClock,
        configuration: Configuration,
        state: Callable[[int], NodeState],
        commands: Commands | None = None,
        previews: Previews | None = None,
    ) -> None:
        self._settings, self._name = settings, settings.name
        self._outbox, self._clock, self._configuration = outbox, clock, configuration
        self._state = state
        self._commands, self._previews = commands, previews
        self._resend = Resend(outbox.spool, outbox.held, outbox.epoch)
        self._leaving: Heard | None = None
        self._told_again = 0
        self._health: NodeHealth | None = None
        self._reports: queue.SimpleQueue[ConfigReported] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="uplink", daemon=True)
        self._versions: list[Version] = _versions(settings)
        self._told: NodeState | None = None
        self._ids: dict[int, int] = {}
        self._hub_heard = False  # over this connection

    def start(self) -> None:
        """Begin to connect; never waits for the network."""
        self._thread.start()

    def stop(self, patience_s: float) -> bool:
        """Say that the node goes offline, and hang up. False: it did not end in time."""
        self._stop.set()
        self._thread.join(patience_s)
        return not self._thread.is_alive()

    def report_health(self, health: NodeHealth) -> None:
        """Say this now, or with the next connection; only the newest is kept."""
        self._health = health

    # One connection after another.

    def _run(self) -> None:
        retry_s = _FIRST_RETRY_S
        while not self._stop.is_set():
            began_s = time.monotonic()
            try:
                self._converse()
            except NoConnectionError as error:
                log.warning("no broker", extra={"why": str(error), "retry_in_s": round(retry_s, 1)})
                if error.other_version and len(self._versions) > 1:
                    self._versions.reverse()
            if time.monotonic() - began_s > _LONGEST_RETRY_S:
                retry_s = _FIRST_RETRY_S
            self._stop.wait(retry_s * random.uniform(0.8, 1.2))  # noqa: S311 - twenty nodes, one broker
            retry_s = min(retry_s * 2, _LONGEST_RETRY_S)

    def _converse(self) -> None:
        """One connection from birth to end. Raises NoConnectionError."""
        session = self._outbox.next_session(time.time())
        connection = self._connect(session)
        try:
            self._be_born(connection, session)
            while not self._stop.is_set() and connection.turn(_TURN_S):
                self._speak(connection, session)
            if self._stop.is_set():
                self._say_goodbye(connection, session)
        finally:
            self._resend.on_disconnect()
            connection.drop()

    def _connect(self, session: int) -> Connection:
        will = self._state(session).model_copy(update={"online": False})
        try:
            broker, tls = way_to_broker(self._settings)
        except NotEnrolledError as error:
            raise NoConnectionError(str(error)) from error
        connection = Connection(
            broker,
            tls,
            f"cheongsa-{self._name}",
            self._versions[0],
            Said(self._name.topic("state"), will.encode(), retain=True),
            self._hear,
        )
        topics = [
            (self._name.topic("committed"), 1),
            (self._name.topic("config/wanted"), 1),
            (TIME, 0),
        ]
        if self._commands is not None:
            topics.append((self._name.command_topic("+"), 1))
        trying_5 = len(self._versions) > 1 and self._versions[0] == "5"
        connection.open(topics, answer_s=_TRY_5_S if trying_5 else CONNECT_S)
        log.info("connected", extra={"session": session, "mqtt": self._versions[0]})
        return connection

    def _be_born(self, connection: Connection, session: int) -> None:
        self._told, self._ids, self._hub_heard = None, {}, False
        self._leaving, self._told_again = None, 0
        self._tell_state(connection, session)
        self._resend.on_connect()

    def _say_goodbye(self, connection: Connection, session: int) -> None:
        self._speak(connection, session)
        gone = self._state(session).model_copy(update={"online": False})
        connection.say(Said(self._name.topic("state"), gone.encode(), retain=True))
        connection.close(_LAST_WORDS_S)

    # What is said.

    def _speak(self, connection: Connection, session: int) -> None:
        self._tell_state(connection, session)
        while not self._reports.empty():
            report = self._reports.get()
            connection.say(Said(self._name.topic("config/reported"), report.encode(), retain=True))
        if (health := self._health) is not None:
            connection.say(
                Said(self._name.topic("health"), health.encode(), expires_s=_HEALTH_EXPIRES_S)
            )
            if self._health is health:  # else a newer one came meanwhile
                self._health = None
        self._speak_of_commands(connection)
        self._send_due(connection, time.monotonic())

    def _speak_of_commands(self, connection: Connection) -> None:
        if self._commands is not None:
            self._commands.after_restart()
            while not self._commands.results.empty():
                result = self._commands.results.get()
                topic = self._name.result_topic(result.command)
                connection.say(Said(topic, result.encode()))
        if self._previews is not None and (preview := self._previews.take()):
            connection.mention(self._name.topic("preview"), preview.encode())

    def _tell_state(self, connection: Connection, session: int) -> None:
        state = self._state(session)
        if state != self._told:
            connection.say(Said(self._name.topic("state"), state.encode(), retain=True))
            self._told = state

    def _send_due(self, connection: Connection, now_s: float) -> None:
        if self._outbox.spool != self._resend.spool:
            self._resend = Resend(self._outbox.spool, self._outbox.held, self._outbox.epoch)
            self._resend.on_connect()
            self._leaving, self._told_again = None, 0
        if self._leaving is not None:
            self._leave_spool(connection, self._leaving, now_s)
            return
        open_times_too = self._clock.source(now_s) != "none" or (
            self._clock.may_send_unsynced(now_s)
        )
        unheld = self._outbox.unheld(
            self._resend.held, IN_FLIGHT_MOST, settled_only=not open_times_too
        )
        newest = self._outbox.latest() if len(unheld) == IN_FLIGHT_MOST else None
        due = self._resend.due(now_s, unheld, newest)
        if self._resend.held < self._outbox.held:
            self._outbox.hold(self._resend.held, self._resend.epoch)
        if self._resend.refused in due:
            self._set_aside(self._resend.refused, "refused ten times")
        if due:
            self._send(connection, due, now_s)

    def _leave_spool(self, connection: Connection, why: Heard, now_s: float) -> None:
        """Go on under a new spool with what was never told under this one.

        What was, or may have been in an earlier life, is told once more under this one first:
        the hub knows by its time whether it has that window, and says so where it has another.
        """
        if connection.unacked:
            return  # one flight after the other
        first = max(self._outbox.first_here, self._resend.told_most + 1)
        since = max(self._resend.held, self._told_again)
        unheld = self._outbox.unheld(since, IN_FLIGHT_MOST, settled_only=False)
        if told := [seq for seq in unheld if seq < first]:
            self._send(connection, told, now_s)
            self._told_again = told[-1]
            return
        self._outbox.hold(first - 1, self._resend.epoch)
        self._outbox.begin_spool(first, f"A new spool was begun: {why.value}.")

    def _send(self, connection: Connection, due: Sequence[int], now_s: float) -> None:
        rows = self._outbox.load(due)
        settled = {row.seq: self._settle(row, now_s) for row in rows if not row.frozen}
        self._outbox.freeze(list(settled.items()))
        oldest = self._outbox.oldest()
        for row in rows:
            if self._ids.get(row.seq) in connection.unacked:
                continue  # the broker has not taken the last one yet
            if message := self._count(row, settled.get(row.seq, row.stamp), oldest):
                said = Said(self._name.topic("counts"), message.encode())
                self._ids[row.seq] = connection.say(said)
        if len(self._ids) > 2 * IN_FLIGHT_MOST:
            self._ids = {seq: i for seq, i in self._ids.items() if i in connection.unacked}

    def _settle(self, row: Row, now_s: float) -> Stamp:
        """The final time of a window: by today's knowledge if it is of this boot."""
        if row.boot_id == self._outbox.boot_id:
            return self._clock.stamp(row.start_mono_s, now_s)
        return row.stamp

    def _count(self, row: Row, stamp: Stamp, oldest: int) -> CountObserved | None:
        try:
            return CountObserved(
                schema_version=SCHEMA_VERSION,
                node=str(self._name),
                spool=self._resend.spool,
                seq=row.seq,
                oldest=min(oldest, row.seq),
                boot_id=row.boot_id,
                window_start=stamp.at,
                window_s=row.window_s,
                clock_synced=stamp.synced,
                zones=_ZONES.validate_json(row.zones),
            )
        except ValidationError as error:
            self._set_aside(row.seq, f"unreadable on the card: {error.error_count()} errors")
            return None

    def _set_aside(self, seq: int | None, why: str) -> None:
        if seq is not None:
            log.error("count set aside", extra={"seq": seq, "why": why})
            self._outbox.set_aside(seq)

    # What is heard.

    def _hear(self, topic: str, payload: bytes, live: bool) -> None:
        if not payload:  # an empty retained payload means removed
            return
        try:
            if topic == TIME:
                self._hear_time(HubTime.model_validate_json(payload))
            elif topic == self._name.topic("committed"):
                self._hear_mark(Committed.model_validate_json(payload), live=live)
            elif topic == self._name.topic("config/wanted"):
                self._hear_wanted(payload)
            elif self._commands is not None and topic.startswith(
                self._name.command_topic("+")[:-1]
            ):
                self._commands.hear(payload)
        except ValidationError as error:
            log.warning("not understood", extra={"topic": topic, "errors": error.error_count()})

    def _hear_time(self, time_now: HubTime) -> None:
        was_silent = self._clock.on_hub_time(time_now.at, time.monotonic())
        if was_silent or not self._hub_heard:  # a broker back before the hub dropped what we said
            self._resend.on_hub_back()
        self._hub_heard = True

    def _hear_mark(self, mark: Committed, *, live: bool) -> None:
        newest = self._outbox.newest
        ours = self._told_start(mark)
        heard = self._resend.on_mark(mark, newest, time.monotonic(), live=live, ours=ours)
        if heard in (Heard.MOVED, Heard.RESTORED):
            self._outbox.hold(self._resend.held, self._resend.epoch)
        if heard in (Heard.BEYOND, Heard.NOT_OURS):
            self._leaving = self._leaving or heard
        if heard not in (Heard.MOVED, Heard.SAME):
            log.warning("mark", extra={"heard": heard.value, "seq": mark.seq, "newest": newest})

    def _told_start(self, mark: Committed) -> datetime | None:
        """When our own window under the mark's seq began; None where it is gone."""
        rows = self._outbox.load([mark.seq]) if mark.spool == self._outbox.spool else []
        return rows[0].stamp.at if rows else None

    def _hear_wanted(self, payload: bytes) -> None:
        if report := self._configuration.want(payload):
            self._reports.put(report)


def _versions(settings: Settings) -> list[Version]:
    if settings.mqtt_version == "auto":
        return ["5", "3.1.1"]
    return [settings.mqtt_version]
