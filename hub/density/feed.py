"""The newest board of this process: read once, encoded once, handed to everybody.

Reads again when the database says that something changed (NOTIFY), when time alone changes the
answer (a zone gets stale, a door opens), after the connection was lost, and every `REREAD_S`
anyway; never more often than every `PACE_S`. HTTP is left to the doors.
"""

import asyncio
import hashlib
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final, Protocol

from pydantic import BaseModel

from hub.density import now as rules
from hub.density.board import Board
from hub.density.errors import UnknownSite
from hub.density.store import series
from hub.kit import clock, db
from hub.kit.presence import DATABASE

log = logging.getLogger(__name__)

PACE_S: Final = 1.0
REREAD_S: Final = 10.0
READ_PATIENCE_S: Final = 5.0
RECONNECT_S: Final = (0.5, 1.0, 2.0, 5.0)
KEEP_ALIVE: Final = b": still here\n\n"
A_FEW: Final = 256  # events handed out before new connections are looked at


@dataclass(frozen=True, slots=True)
class Encoded:
    """A body and its strong ETag."""

    body: bytes
    etag: str

    @classmethod
    def of(cls, answer: BaseModel) -> "Encoded":
        """Encode an answer of the API."""
        return cls.of_bytes(answer.model_dump_json().encode())

    @classmethod
    def of_bytes(cls, body: bytes) -> "Encoded":
        """A body that is encoded already."""
        return cls(body, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"')


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The board at one moment, encoded at most once for each site."""

    board: Board
    heard: int
    """How many NOTIFYs had come before it was read."""
    read_at_s: float
    due_s: float
    """Monotonic time at which it is no longer true of itself."""
    _encoded: dict[str | None, Encoded] = field(default_factory=dict)
    _events: dict[str | None, bytes] = field(default_factory=dict)

    def only(self, site: str | None) -> Board:
        """The board of one site, or of all. Raises UnknownSite."""
        if site is None:
            return self.board
        found = tuple(s for s in self.board.sites if s.site == site)
        if not found:
            raise UnknownSite(site)
        return self.board.model_copy(update={"sites": found})

    def encoded(self, site: str | None = None) -> Encoded:
        """The JSON of one site, or of all. Raises UnknownSite."""
        if site not in self._encoded:
            self._encoded[site] = Encoded.of(self.only(site))
        return self._encoded[site]

    def event(self, site: str | None = None) -> bytes:
        """The same JSON as one event of the stream. Raises UnknownSite."""
        if site not in self._events:
            self._events[site] = _event(self.encoded(site))
        return self._events[site]


def _event(encoded: Encoded) -> bytes:
    return b"event: density\ndata: " + encoded.body + b"\n\n"


class Watcher(Protocol):
    """Somebody who wants every new board."""

    def put(self, event: bytes) -> None:
        """Take the newest event; an older one that was not sent yet is forgotten."""
        ...

    def keep_alive(self, comment: bytes) -> None:
        """Take a comment, if nothing else waits."""
        ...


class Feed:
    """Keeps the newest snapshot and tells watchers of each new one."""

    def __init__(
        self,
        dsn: str,
        pool: db.Pool,
        now: Callable[[], datetime] = clock.now,
        pace_s: float = PACE_S,
        on_read: Callable[[Board, float], None] = lambda *_: None,
    ) -> None:
        self._dsn, self._pool, self._now, self._pace_s = dsn, pool, now, pace_s
        self._on_read = on_read
        self._snapshot: Snapshot | None = None
        self._failed_s = 0.0
        self._heard = 0
        self._listening = False
        self._changed = asyncio.Event()
        self._reading = asyncio.Lock()
        self._watchers: defaultdict[str | None, set[Watcher]] = defaultdict(set)
        self._watched = asyncio.Event()

    async def run(self) -> None:
        """Listen and tell, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._tell())

    async def current(self, *, just_now: bool = False) -> Snapshot:
        """The newest board. Raises one of db.AWAY.

        It says what the database says, give or take `pace_s`; its `now` may lie up to `REREAD_S`
        back where nothing has changed since, or `pace_s` with `just_now`.
        """
        if (held := self._held(just_now)) is not None:
            return held
        asked_s = time.monotonic()
        async with self._reading:
            if (held := self._held(just_now)) is not None:  # somebody else read it meanwhile
                return held
            if self._failed_s > asked_s:  # or tried to: a thousand must not try one by one
                raise TimeoutError("the database did not answer a moment ago")
            return await self._read()

    @property
    def is_listening(self) -> bool:
        """Whether NOTIFYs are heard; where not, the board is read again for each request."""
        return self._listening

    @property
    def has_news(self) -> bool:
        """Whether something was heard since the newest snapshot."""
        return self._snapshot is None or self._snapshot.heard != self._heard

    def watch(self, site: str | None, watcher: Watcher, seen: Snapshot) -> Callable[[], None]:
        """Tell `watcher` of each board of `site` newer than `seen`; returns how to stop."""
        self._watchers[site].add(watcher)
        self._watched.set()
        if self._snapshot is not None and self._snapshot is not seen:
            watcher.put(_event_or_empty(self._snapshot, site))
        return partial(self._unwatch, site, watcher)

    def _unwatch(self, site: str | None, watcher: Watcher) -> None:
        self._watchers[site].discard(watcher)
        if not self._watchers[site]:
            del self._watchers[site]
        if not self._watchers:
            self._watched.clear()

    def _held(self, just_now: bool) -> Snapshot | None:
        """The snapshot, where reading again would say nothing new or come too soon."""
        held = self._snapshot
        if held is None:
            return None
        at_s = time.monotonic()
        if at_s - held.read_at_s < self._pace_s:
            return held
        settled = (
            not just_now and self._listening and held.heard == self._heard and at_s < held.due_s
        )
        return held if settled else None

    async def _read(self) -> Snapshot:
        heard, started_s = self._heard, time.monotonic()
        try:
            async with asyncio.timeout(READ_PATIENCE_S), self._pool.connection() as conn:
                now = self._now()  # not before: the wait for a database would make ages too young
                board = rules.board(await series.rows_now(conn, now), now)
        except db.AWAY:
            self._failed_s = time.monotonic()
            raise
        due_s = started_s + min(REREAD_S, _lasts_s(board))
        self._snapshot = Snapshot(board, heard, started_s, due_s)
        self._on_read(board, time.monotonic() - started_s)
        DATABASE.back()
        return self._snapshot

    async def _listen(self) -> None:
        """Hear NOTIFYs on a connection of its own, and open another when it is lost."""
        failures = 0
        while True:
            try:
                async with await db.connect(self._dsn, autocommit=True) as conn:
                    await conn.execute("LISTEN density")
                    failures = 0
                    self._hear(listening=True)
                    async for _ in conn.notifies():
                        self._hear(listening=True)
            except db.AWAY as error:
                self._hear(listening=False)
                DATABASE.away(error)
            await asyncio.sleep(RECONNECT_S[min(failures, len(RECONNECT_S) - 1)])
            failures += 1

    def _hear(self, *, listening: bool) -> None:
        self._listening = listening
        self._heard += 1
        self._changed.set()

    async def _tell(self) -> None:
        """While anybody watches: read when it is time, and hand the event to each."""
        told: Snapshot | None = None
        while True:
            await self._watched.wait()
            try:
                told = await self._after(told)
            except Exception as error:  # noqa: BLE001  whatever it is, watchers must get the next
                _log_not_read(error)
                self._keep_alive()
                await asyncio.sleep(max(self._pace_s, 0.1))
                continue
            await self._hand_out(told)

    async def _after(self, told: Snapshot | None) -> Snapshot:
        """The next snapshot: when something changed or time is up, `pace_s` after `told`."""
        if told is not None:
            if self._snapshot is told and not self.has_news:
                self._changed.clear()
                await _wait(self._changed, told.due_s - time.monotonic())
            await asyncio.sleep(max(0.0, told.read_at_s + self._pace_s - time.monotonic()))
        async with self._reading:
            held = self._snapshot
            if held is None or held is told or self.has_news or time.monotonic() >= held.due_s:
                return await self._read()
            return held

    async def _hand_out(self, snapshot: Snapshot) -> None:
        count = 0
        for site, watchers in [(site, list(group)) for site, group in self._watchers.items()]:
            event = _event_or_empty(snapshot, site)
            for watcher in watchers:
                watcher.put(event)
                count += 1
                if count % A_FEW == 0:
                    await asyncio.sleep(0)

    def _keep_alive(self) -> None:
        for watchers in self._watchers.values():
            for watcher in watchers:
                watcher.keep_alive(KEEP_ALIVE)


def _log_not_read(error: Exception) -> None:
    if isinstance(error, db.AWAY):
        DATABASE.away(error)
    else:
        log.error("board not read", exc_info=error)


def _lasts_s(board: Board) -> float:
    at = rules.changes_by_itself_at(board)
    return REREAD_S if at is None else (at - board.now).total_seconds()


def _event_or_empty(snapshot: Snapshot, site: str | None) -> bytes:
    """A site that was removed while somebody watched it is an empty board."""
    try:
        return snapshot.event(site)
    except UnknownSite:
        empty = snapshot.board.model_copy(update={"sites": ()})
        return _event(Encoded.of(empty))


async def _wait(event: asyncio.Event, patience_s: float) -> Any:
    try:
        async with asyncio.timeout(max(0.0, patience_s)):
            await event.wait()
    except TimeoutError:
        return
