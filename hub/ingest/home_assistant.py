"""Tells Home Assistant, by a thread of its own: what nodes say never waits for it.

Every round reads what is known and says what differs from what was said over this connection, so
that a broker which forgot, or a hub that was started again, hears everything anew. While the switch
is off, a round over a new connection takes everything back; where it was never touched, nothing is
said at all. Two doors say the same twice, and whoever says it last says what the database says.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from importlib import metadata
from typing import Final

from hub.density import home_assistant as words
from hub.density import now as rules
from hub.density.home_assistant import SAID_AGAIN_S, Hub, Message
from hub.density.store import series
from hub.devices.store import conditions, listening
from hub.devices.store import home_assistant as store
from hub.ingest.link import Link
from hub.kit import clock, db
from hub.kit.settings import Settings

log = logging.getLogger(__name__)

EVERY_S: Final = 10.0
LAST_ROUND_S: Final = 5.0


class HomeAssistant:
    """What it was told, and by which connection. `know` and `close` are for the door's thread."""

    def __init__(self, settings: Settings, link: Callable[[], Link | None]) -> None:
        """`link`: the connection to the broker, where one is up."""
        self._settings, self._link = settings, link
        self._hub = Hub(metadata.version("cheongsa"), settings.public_url)
        self._is_on: bool | None = None
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._over: Link | None = None
        self._is_taken_back = False
        self._said: dict[str, tuple[bytes, float]] = {}  # topic: payload, and when

    def know(self, is_on: bool | None) -> None:
        """What the switch says; None: nobody ever touched it."""
        if is_on is self._is_on:
            return
        self._is_on = is_on
        self._wake.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="home assistant", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End the thread; what it has said stays said."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(LAST_ROUND_S)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                self._round()
            except db.FAILED as error:
                log.warning("home assistant not told", extra={"reason": str(error).strip()})
            except Exception:  # whatever it is, the next round must come
                log.exception("home assistant not told")
            self._wake.wait(EVERY_S)

    def _round(self) -> None:
        link, is_on = self._link(), self._is_on
        if link is None or is_on is None:
            return
        if link is not self._over:
            self._over, self._said, self._is_taken_back = link, {}, False
        if self._is_taken_back and not is_on:
            return
        for message in asyncio.run(self._messages(is_on=is_on)):
            self._say(link, message)
        self._is_taken_back = not is_on

    async def _messages(self, *, is_on: bool) -> list[Message]:
        async with await db.connect(self._settings.database_dsn) as conn:
            every_name = await store.every_name(conn)
            if not is_on:
                return words.removed(every_name)
            now = clock.now()
            known = await conditions.looks(conn, now)
            told = words.told(
                known,
                rules.board(await series.rows_now(conn, now), now),
                await store.every_zone(conn),
                await listening.until(conn, now),
                self._hub,
            )
        ours = {one.name for one in known if one.look.revoked_at is None}
        return words.removed(name for name in every_name if name not in ours) + told

    def _say(self, link: Link, message: Message) -> None:
        """Say it where it is news; a state also once a minute, or it would expire."""
        payload, at_s = self._said.get(message.topic, (None, 0.0))
        is_news = payload != message.payload
        if is_news and message.before is not None:
            link.publish(message.topic, message.before, qos=1, retain=True)
        if is_news or (message.expires and time.monotonic() - at_s >= SAID_AGAIN_S):
            link.publish(message.topic, message.payload, qos=1, retain=True)
            self._said[message.topic] = message.payload, time.monotonic()
