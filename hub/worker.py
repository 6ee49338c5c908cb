"""The jobs door: does in the background what no request should wait for.

As many as the office needs may run; the queue gives each job to one of them.
"""

import asyncio
import threading

from prometheus_client import REGISTRY

from hub.density.jobs import WORKS
from hub.devices import jobs as devices
from hub.kit import db, jobs, metrics
from hub.kit.settings import Settings
from hub.tripproof import jobs as tripproof
from hub.watch.figures import Office


def run(settings: Settings, stop: threading.Event) -> None:
    """Do jobs until `stop` is set; then finish what runs within 10 s.

    Its /metrics tell of the whole office beside itself.
    """
    if settings.metrics_port is not None:
        has_shelf = settings.trip_checkpoint_dir is not None
        REGISTRY.register(Office(settings.database_dsn, has_shelf=has_shelf))
        metrics.serve(settings)
    telling = devices.Telling.of(settings.notice_addresses)
    asyncio.run(_run(settings, telling, stop))


async def _run(settings: Settings, telling: devices.Telling, stop: threading.Event) -> None:
    dsn = settings.database_dsn
    async with db.open_pool(dsn, size=jobs.CONCURRENCY) as pool:
        context = {"pool": pool, "dsn": dsn, "telling": telling, "settings": settings}
        works = (*WORKS, *devices.WORKS, *tripproof.WORKS)
        await jobs.run_worker(dsn, works, context, stop)
