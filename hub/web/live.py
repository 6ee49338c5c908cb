"""The live stream: each new board as a server-sent event, as a plain ASGI endpoint.

One event is encoded once and the same bytes go to everybody; Starlette's StreamingResponse costs
three times the memory and loses ticks at 10,000 clients. Every event is the whole board, so a
client that is slow gets the newest and misses nothing that still matters, and one that comes back
needs no replay.
"""

import asyncio
import logging
import random
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from edge.wire.topics import ID_PATTERN
from hub.density.errors import UnknownSite
from hub.density.feed import Feed, Snapshot
from hub.kit import db
from hub.web import errors
from hub.web.metrics import Metrics

log = logging.getLogger(__name__)

PATH: Final = "/api/v1/density/stream"
BLOCKED_MAX_S: Final = 30.0  # a client that reads nothing for so long is dropped
RETRY_MS: Final = (2000, 6000)  # spread, or thousands would come back in the same moment
HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
]


class Slot:
    """What one client is to be sent next: the newest event and never a queue."""

    __slots__ = ("_metrics", "_next", "_waiter", "closed", "sending_since_s")

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._next: bytes | None = None
        self._waiter: asyncio.Future[None] | None = None
        self.closed = False
        self.sending_since_s: float | None = None

    def put(self, event: bytes) -> None:
        """Hold `event`; one that was not taken yet is forgotten."""
        if self._next is not None:
            self._metrics.coalesced.inc()
        self._next = event
        self._wake()

    def keep_alive(self, comment: bytes) -> None:
        """Hold a comment, unless something waits."""
        if self._next is None:
            self._next = comment
            self._wake()

    def close(self) -> None:
        """Nothing more will come."""
        self.closed = True
        self._wake()

    def closing(self, _: object) -> None:
        """As `close`, for a callback."""
        self.close()

    async def take(self) -> bytes | None:
        """Wait for the next event; None when closed."""
        while self._next is None and not self.closed:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        event, self._next = self._next, None
        return None if self.closed else event

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Stream:
    """The endpoint, and everybody who is connected to it."""

    def __init__(
        self,
        feed: Feed,
        metrics: Metrics,
        clients_max: int,
        blocked_max_s: float = BLOCKED_MAX_S,
    ) -> None:
        self._feed, self._metrics, self._clients_max = feed, metrics, clients_max
        self._blocked_max_s = blocked_max_s
        metrics.streams_max.set(clients_max)
        self._clients: dict[Slot, asyncio.Task[Any]] = {}
        self._arriving = 0
        self._closing = False
        self._is_full = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; returns when the client is gone or the process stops."""
        slot = Slot(self._metrics)
        leave = await self._admit(slot, scope, receive, send)
        if leave is None:
            return
        gone = asyncio.create_task(_until_gone(receive))
        gone.add_done_callback(slot.closing)
        try:
            await self._pump(slot, send)
        except asyncio.CancelledError:
            _this_task().uncancel()  # it ends here, with its connection: dropped, or we stop
        finally:
            gone.cancel()
            leave()

    async def _admit(
        self, slot: Slot, scope: Scope, receive: Receive, send: Send
    ) -> Callable[[], None] | None:
        """Let a client in, or answer why not; returns how it leaves.

        What is only needed here must not live as long as the stream: ten thousand hold it.
        """
        request = Request(scope)
        self._arriving += 1
        try:
            self._room_for_one_more()
            site = _site(request)
            snapshot = await self._feed.current(just_now=True)
            slot.put(snapshot.event(site))
        except (UnknownSite, errors.TooManyStreams, errors.MalformedSite, *db.AWAY) as error:
            problem = await errors.answer(request, error)
            await problem(scope, receive, send)
            return None
        finally:
            self._arriving -= 1
        if scope["method"] == "HEAD":
            await _send_head(send)
            return None
        return self._enter(slot, site, snapshot)

    def _room_for_one_more(self) -> None:
        if self._closing:
            raise errors.TooManyStreams
        if len(self._clients) + self._arriving > self._clients_max:
            self._refuse()
            raise errors.TooManyStreams

    def _refuse(self) -> None:
        """Say it once, until a tenth of the room is free again."""
        self._metrics.refused.inc()
        if not self._is_full:
            self._is_full = True
            log.warning("stream limit reached", extra={"streams": len(self._clients)})

    def _enter(self, slot: Slot, site: str | None, seen: Snapshot) -> Callable[[], None]:
        unwatch = self._feed.watch(site, slot, seen)
        self._clients[slot] = _this_task()
        self._metrics.streams.inc()

        def leave() -> None:
            unwatch()
            del self._clients[slot]
            self._metrics.streams.dec()
            self._is_full = self._is_full and len(self._clients) > 0.9 * self._clients_max

        return leave

    async def _pump(self, slot: Slot, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        event: bytes | None = _greeting()
        while event is not None:
            slot.sending_since_s = time.monotonic()
            await send({"type": "http.response.body", "body": event, "more_body": True})
            slot.sending_since_s = None
            self._metrics.events.inc()
            event = await slot.take()
        await send({"type": "http.response.body", "body": b""})

    async def drop_blocked(self) -> None:
        """For ever: end the streams of clients that stopped reading."""
        while True:
            await asyncio.sleep(self._blocked_max_s / 3)
            late_s = time.monotonic() - self._blocked_max_s
            for slot, task in list(self._clients.items()):
                if slot.sending_since_s is not None and slot.sending_since_s < late_s:
                    self._metrics.dropped.inc()
                    task.cancel()

    def close(self) -> None:
        """End every stream; browsers come back to whoever answers next."""
        self._closing = True
        for slot in self._clients:
            slot.close()


def _site(request: Request) -> str | None:
    site = parse_qs(request.url.query, keep_blank_values=True).get("site", [None])[-1]
    if site is not None and not re.fullmatch(ID_PATTERN, site):
        raise errors.MalformedSite
    return site


async def _send_head(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b""})


def _greeting() -> bytes:
    return f"retry: {random.randint(*RETRY_MS)}\n\n".encode()  # noqa: S311  no secret


def _this_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  ASGI applications run in a task
    return task


async def _until_gone(receive: Callable[[], Awaitable[Any]]) -> None:
    """Read what is left of the request, until the client hangs up."""
    while (await receive())["type"] != "http.disconnect":
        pass
