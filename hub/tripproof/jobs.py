"""What is done in the background for trips: days' checkpoints, quarters that are due, who left.

Each may run twice, or on several workers: rows and the log's lock say what is done already. A hub
without trip keys does none of it.
"""

import logging
from datetime import timedelta
from typing import Final

from hub.devices import notices
from hub.kit import clock, db
from hub.kit.jobs import Context, Work
from hub.kit.settings import Settings
from hub.tripproof import daily, destroying, enrolling, office
from hub.tripproof.destroying import Wish
from hub.tripproof.leaf import Revoked
from hub.tripproof.store import devices

log = logging.getLogger(__name__)


async def keep_checkpoints(context: Context, timestamp: int) -> None:  # noqa: ARG001  the queue's
    """The checkpoints of days that are over: made, filed, mailed."""
    settings, pool, now = _settings(context), _pool(context), clock.now()
    if not office.is_begun(settings):
        return
    ours = office.of(settings, now)
    async with pool.connection() as conn:
        if made := await daily.make(conn, ours, now):
            log.info("checkpoints made", extra={"days": len(made), "last": str(made[-1])})
    if settings.trip_checkpoint_dir is not None:
        async with pool.connection() as conn:
            await daily.file_all(conn, settings.trip_checkpoint_dir, now)
    urls = {notices.address_of(url): url for url in settings.checkpoint_addresses}
    async with pool.connection() as conn:
        await daily.tell(conn, ours.origin, urls, now)


async def look_at_quarters(context: Context, timestamp: int) -> None:  # noqa: ARG001  the queue's
    """Say which quarters' coordinates nobody needs; destroy them where the office said so."""
    settings, now = _settings(context), clock.now()
    if not office.is_begun(settings):
        return
    async with _pool(context).connection() as conn:
        due = await destroying.say_what_is_due(conn, now)
    for kept in due:
        told = {"quarter": kept.quarter, "sealed": kept.sealed}
        log.warning("coordinates are due to be destroyed", extra=told)
    after = settings.trip_destroy_after_days
    for kept in due if after is not None else ():
        if destroying.is_due(kept, now, timedelta(days=after or 0)):
            await destroy(settings, _pool(context), kept.quarter)


async def destroy(settings: Settings, pool: db.Pool, quarter: int) -> None:
    """Destroy a quarter by the setting alone. COMMITs before the key is gone."""
    now = clock.now()
    ours = office.of(settings, now)
    async with pool.connection() as conn:
        await destroying.write_down(conn, ours, Wish(quarter, "system"), now)
    ours.wraps.destroy(quarter)
    log.warning("coordinates destroyed", extra={"quarter": quarter})


async def end_keys(context: Context, timestamp: int) -> None:  # noqa: ARG001  the queue's
    """The keys of who left end, with their leaf in the log."""
    settings, now = _settings(context), clock.now()
    if not office.is_begun(settings):
        return
    async with _pool(context).connection() as conn:
        for device in await devices.of_who_left(conn):
            await enrolling.end(conn, office.of(settings, now), device, Revoked.LEFT, "system", now)
            log.info("key ended: its owner left", extra={"kid": device.kid.hex()})


def _settings(context: Context) -> Settings:
    return context.additional_context["settings"]


def _pool(context: Context) -> db.Pool:
    return context.additional_context["pool"]


WORKS: Final = (
    Work("trip.checkpoints", keep_checkpoints, "7 * * * *"),
    Work("trip.quarters", look_at_quarters, "37 */6 * * *"),
    Work("trip.keys_of_who_left", end_keys, "* * * * *"),
)
