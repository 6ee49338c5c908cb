"""What is done in the background for nodes: look for what is wrong, tell people, forget.

Each may run twice, or on several workers: a lock, or the rows themselves, say whose turn it is.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import metadata
from typing import Any, Final

from hub.devices import fetch, notices
from hub.devices.alerts import UNTOLD, Key, Turn, turn
from hub.devices.condition import Cause, findings
from hub.devices.condition_words import said
from hub.devices.store import alerts as store
from hub.devices.store import commands, conditions, fared, listening
from hub.devices.store import notices as outbox
from hub.devices.store.notices import Notice
from hub.kit import clock, db
from hub.kit.jobs import Context, Work

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom to tell: addresses by their short names."""

    urls: Mapping[str, str]

    @classmethod
    def of(cls, urls: Sequence[str]) -> "Telling":
        """The addresses of HUB_NOTICE_URLS."""
        return cls({notices.address_of(url): url for url in urls})


async def look(context: Context, timestamp: int) -> None:  # noqa: ARG001  given by the queue
    """Raise and close alerts; put into the outbox whom to tell."""
    telling: Telling = context.additional_context["telling"]
    async with _pool(context).connection() as conn:
        await look_over(conn, list(telling.urls), clock.now())


async def look_over(conn: Any, addresses: Sequence[str], now: datetime) -> Turn:
    """One look at every node. Does not commit.

    While the hub does not listen, nothing new is found wrong: it would be wrong with the hub.
    """
    await store.lock(conn)
    heard_until = await listening.until(conn, now)
    seen: dict[Key, Mapping[str, Any]] = {}
    known = await conditions.looks(conn, now)
    for one in known:
        for found in findings(one.look, heard_until, hub_version()):
            if found.cause not in UNTOLD:
                seen.setdefault(Key(one.name.site, one.name.node, found.cause), found.figures)
    done = turn(await store.open_ones(conn), seen, now)
    await store.apply(conn, done)
    await outbox.make(conn, "raised", done.raised, addresses, now)
    await outbox.make(conn, "closed", done.closed, addresses, now)
    for what, ones in (("alert raised", done.raised), ("alert closed", done.closed)):
        for alert in ones:
            told = {"node": f"{alert.key.site}/{alert.key.node}", "cause": alert.key.cause}
            log.warning(what, extra=told)
    return done


async def tell(context: Context, timestamp: int) -> None:  # noqa: ARG001  given by the queue
    """Send what is due."""
    telling: Telling = context.additional_context["telling"]
    while await tell_one(_pool(context), telling, clock.now()):
        pass


async def tell_one(pool: db.Pool, telling: Telling, now: datetime) -> bool:
    """Send the notice that is due first; False: none is. COMMITs, one notice at a time."""
    async with pool.connection() as conn:
        due = await outbox.due(conn, now, most=1)
        for notice in due:
            await _try(conn, telling, notice, now)
    return bool(due)


async def _try(conn: Any, telling: Telling, notice: Notice, now: datetime) -> None:
    url = telling.urls.get(notice.address)
    if url is None:
        await outbox.give_up(conn, notice, "the address is no longer in HUB_NOTICE_URLS", now)
        return
    title, body = text_of(notice)
    try:
        await asyncio.to_thread(fetch.tell, url, title, body)
    except fetch.NotTold as error:
        await _failed(conn, notice, str(error), now)
    else:
        await outbox.sent(conn, notice, now)


async def _failed(conn: Any, notice: Notice, why: str, now: datetime) -> None:
    since = max(notice.made_at, notice.due_at) if notice.tries == 0 else notice.made_at
    again = notices.next_try(since, notice.tries + 1, now)
    told = {"address": notice.address, "cause": notice.cause, "reason": why}
    if again is None:
        log.error("notice given up", extra=told)
        await outbox.give_up(conn, notice, f"given up after a day: {why}", now)
    else:
        log.warning("notice not sent", extra={**told, "tries": notice.tries + 1})
        await outbox.put_off(conn, notice, again)


def text_of(notice: Notice) -> tuple[str, str]:
    """Title and body, in Korean: where, what, what to do, since when."""
    words = said(Cause(notice.cause), notice.figures, "ko")
    where = f"{notice.site_name} {notice.name}"
    at = notice.closed_at if notice.says == "closed" and notice.closed_at else notice.raised_at
    when = at.astimezone(clock.SEOUL).strftime("%m월 %d일 %H:%M")
    if notice.says == "closed":
        return (
            f"[청사] {where}: 나아졌습니다",
            f"{where}\n'{words.said}' 상태가 끝났습니다.\n{when}",
        )
    return f"[청사] {where}: {words.said}", f"{where}\n{words.said}.\n{words.to_do}.\n{when}"


async def keep_up(context: Context, timestamp: int) -> None:  # noqa: ARG001  given by the queue
    """Reckon what is usual for each node, and forget what is too old."""
    now = clock.now()
    async with _pool(context).connection() as conn:
        await fared.reckon_usual(conn, now)
        await fared.forget(conn, now)
        await store.forget(conn, now)


@cache
def hub_version() -> str:
    """What the nodes' versions are compared with."""
    return metadata.version("cheongsa")


def _pool(context: Context) -> db.Pool:
    return context.additional_context["pool"]


async def forget_pictures(context: Context, timestamp: int) -> None:  # noqa: ARG001  as above
    """Empty the rows of calibration pictures after ten minutes; forget old commands."""
    async with _pool(context).connection() as conn:
        if pictures := await commands.forget(conn, clock.now()):
            log.info("pictures forgotten", extra={"pictures": pictures})


WORKS: Final = (
    Work("devices.look", look, "* * * * * */30"),
    Work("devices.tell", tell, "* * * * * */30"),
    Work("devices.keep_up", keep_up, "23 * * * *"),
    Work("devices.forget_pictures", forget_pictures, "* * * * *"),
)
