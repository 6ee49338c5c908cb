"""An office with a past: two nodes, counts, a hole, a loss, a refusal, health. Nothing made up."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from edge.wire.messages import CountObserved, NodeHealth, NodeState, ZoneCount
from edge.wire.topics import NodeName
from hub.density.store import intake
from hub.devices import hearing, site
from hub.devices.store.site import apply_site
from hub.kit import db

SITE = """
[site]
id = "demo"
name = "시범"
always_open = true
[[nodes]]
id = "cam-1"
name = "배식대"
[[nodes.zones]]
id = "queue"
kind = "queue"
name = "줄"
polygon = [[0.1, 0.5], [0.6, 0.5], [0.6, 0.9]]
[[nodes]]
id = "cam-2"
name = "출입문"
"""
CAM_1 = NodeName("demo", "cam-1")
SPOOL, BOOT = uuid.uuid4(), uuid.uuid4()


def settle(dsn: str) -> None:
    """Load the site file."""
    with db.connect_sync(dsn) as conn:
        apply_site(conn, site.parse(SITE), datetime.now(UTC))
        conn.commit()


def hear(dsn: str, *said: tuple[str, bytes], now: datetime | None = None) -> intake.Outcome:
    """Let the hub hear these messages, as its door does."""
    now = now or datetime.now(UTC)
    with db.connect_sync(dsn) as conn:
        outcome = intake.take(conn, [hearing.read(t, p, now) for t, p in said], now)
        conn.commit()
    return outcome


def count(seq: int, *, oldest: int = 1, age_s: float = 2.0, **more: Any) -> tuple[str, bytes]:
    """One window of cam-1 that ended `age_s` ago."""
    told = CountObserved(
        schema_version=1,
        node=str(CAM_1),
        spool=SPOOL,
        seq=seq,
        oldest=oldest,
        boot_id=BOOT,
        window_start=datetime.now(UTC) - timedelta(seconds=age_s + 5.0),
        window_s=5.0,
        clock_synced=True,
        zones=(ZoneCount(zone="queue", people=4, people_max=5, served=1, confidence=0.9),),
    )
    return CAM_1.topic("counts"), told.model_copy(update=more).encode()


def health(**more: Any) -> tuple[str, bytes]:
    """A node that is warm, and whose power supply is weak."""
    told = NodeHealth(
        boot_id=BOOT, at=datetime.now(UTC), uptime_s=60.0, observing="ok", temperature_c=61.5,
        throttled=0b0101, frames_per_s=4.0, inference_ms=80.0, outbox_depth=7,
        outbox_oldest_age_s=31.0, outbox_dropped=3, clock_source="ntp", version="0.1.0",
        backend="ncnn", memory_used_percent=41.0, disk_free_bytes=9_000_000_000, load_1m=1.5,
        clock_offset_ms=-12.0, frame_age_s=0.2,
    )  # fmt: skip
    return CAM_1.topic("health"), told.model_copy(update=more).encode()


def birth(**more: Any) -> tuple[str, bytes]:
    """The node says that it is online."""
    told = NodeState(online=True, boot_id=BOOT, session=1, version="0.1.0")
    return CAM_1.topic("state"), told.model_copy(update=more).encode()


def live(dsn: str) -> None:
    """A whole past: seqs 3, 4 and 6 of which 1 and 2 are lost and 5 has not come, and a refusal."""
    settle(dsn)
    hear(dsn, birth(), health())
    for seq, age_s in ((3, 32.0), (4, 22.0), (6, 2.0)):
        hear(dsn, count(seq, oldest=3, age_s=age_s))
    hear(
        dsn, ("cheongsa/v1/demo/cam-1/counts", b"{"), ("cheongsa/v1/demo/cam-9/health", health()[1])
    )
