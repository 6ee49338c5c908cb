"""Nodes and jobs: late, losing, full, as the alarms have it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from hub.kit import db
from hub.kit.settings import Settings
from hub.watch.doctor.finding import Finding, found
from hub.watch.store import office, server
from hub.watch.store.office import NodeFigures

SILENT_S: Final = 120.0
OUTBOX_OLD_S: Final = 3600.0
WORKER_SILENT_S: Final = 60.0
TWIN_S: Final = 3600.0


def look(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What the database says of the office; nothing where it does not answer."""
    try:
        with db.connect_sync(settings.database_dsn, autocommit=True) as conn:
            yield from [*_nodes(conn, now), *_jobs(conn, now)]
    except db.FAILED:
        return  # said already


def _nodes(conn: Any, now: datetime) -> Iterator[Finding]:
    seen = office.nodes(conn, now)
    if not seen:
        yield found("nodes.none")
        return
    wrong = [finding for node in seen for finding in judge(node)]
    yield from wrong
    if not wrong:
        yield found("nodes.ok", count=len(seen))


def judge(node: NodeFigures) -> Iterator[Finding]:
    """What is wrong with one node; nothing where nothing is."""
    name = f"{node.site}/{node.node}"
    health = node.health or {}
    if node.health_age_s is None:
        yield found("nodes.never", node=name)
    elif node.health_age_s > SILENT_S:
        yield found("nodes.silent", node=name, minutes=round(node.health_age_s / 60))
    elif node.observing == "fault":
        yield found("nodes.fault", node=name, fault=node.fault or "?")
    if node.config_refused:
        yield found("nodes.config", node=name, reason=node.config_refused)
    if node.twin_age_s is not None and node.twin_age_s < TWIN_S:
        yield found("nodes.twin", node=name)
    if (health.get("outbox_oldest_age_s") or 0) > OUTBOX_OLD_S:
        yield found("nodes.outbox", node=name, count=health.get("outbox_depth"))
    if health.get("outbox_set_aside"):
        yield found("nodes.aside", node=name, count=health["outbox_set_aside"])
    if node.lost_lately:
        yield found("nodes.lost", node=name, count=node.lost_lately)


def _jobs(conn: Any, now: datetime) -> Iterator[Finding]:
    queue = server.queue(conn, now)
    if queue is None:
        return  # said already
    silence_s = server.worker_silence_s(conn, now)
    if silence_s is None or silence_s > WORKER_SILENT_S:
        yield found("jobs.no_worker")
    elif failed := [task.task for task in queue if task.failed]:
        yield found("jobs.failed", tasks=", ".join(failed))
    else:
        yield found("jobs.ok", count=sum(task.waiting for task in queue))
