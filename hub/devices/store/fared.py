"""How nodes fared over time: the worst of each five minutes, and what is usual for each node.

The MQTT door writes (blocking); pages and jobs read (async). Nothing here commits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row

from edge.wire.messages import NodeHealth
from edge.wire.topics import NodeName

KEPT_FOR: Final = timedelta(days=30)
USUAL_OVER: Final = timedelta(days=7)
USUAL_NEEDS: Final = 72  # five minutes each: six hours, not all of them at night
BIGGEST: Final = 2**62


@dataclass(frozen=True, slots=True)
class Fared:
    """The worst of one bucket of time."""

    at: datetime
    temperature_c: float | None
    throttled: int | None
    load_1m: float | None
    memory_used_percent: float | None
    disk_free_mb: float | None
    frames_per_s: float
    inference_ms: float | None
    outbox_depth: int
    outbox_oldest_age_s: float | None
    clock_offset_ms: float | None
    wifi_dbm: float | None


def record(
    conn: Connection[Any], said: Iterable[tuple[NodeName, NodeHealth]], now: datetime
) -> None:
    """Keep the worst of the five minutes of `now`. A node that is not registered is left out."""
    conn.cursor().executemany(
        """
        INSERT INTO node_health AS old
               (bucket, uptime_s, temperature_c, throttled, load_1m, memory_used_percent,
                disk_free_mb, frames_per_s, inference_ms, outbox_depth, outbox_oldest_age_s,
                clock_offset_ms, wifi_dbm, site, node)
        SELECT date_bin('5 minutes', %(now)s, '2000-01-01 00:00+09'), %(uptime_s)s,
               %(temperature_c)s, %(throttled)s, %(load_1m)s, %(memory_used_percent)s,
               %(disk_free_mb)s, %(frames_per_s)s, %(inference_ms)s, %(outbox_depth)s,
               %(outbox_oldest_age_s)s, %(clock_offset_ms)s, %(wifi_dbm)s, site, node
          FROM node
         WHERE site = %(site)s AND node = %(node)s
            ON CONFLICT (site, node, bucket) DO UPDATE
           SET uptime_s = excluded.uptime_s,
               temperature_c = greatest(old.temperature_c, excluded.temperature_c),
               throttled = coalesce(old.throttled | excluded.throttled, excluded.throttled,
                                    old.throttled),
               load_1m = greatest(old.load_1m, excluded.load_1m),
               memory_used_percent = greatest(old.memory_used_percent,
                                              excluded.memory_used_percent),
               disk_free_mb = least(old.disk_free_mb, excluded.disk_free_mb),
               frames_per_s = least(old.frames_per_s, excluded.frames_per_s),
               inference_ms = greatest(old.inference_ms, excluded.inference_ms),
               outbox_depth = greatest(old.outbox_depth, excluded.outbox_depth),
               outbox_oldest_age_s = greatest(old.outbox_oldest_age_s,
                                              excluded.outbox_oldest_age_s),
               clock_offset_ms = CASE WHEN abs(old.clock_offset_ms) > abs(excluded.clock_offset_ms)
                                      THEN old.clock_offset_ms
                                      ELSE coalesce(excluded.clock_offset_ms, old.clock_offset_ms)
                                  END,
               wifi_dbm = least(old.wifi_dbm, excluded.wifi_dbm)
        """,
        [_row(name, health, now) for name, health in said],
    )


def _row(name: NodeName, health: NodeHealth, now: datetime) -> dict[str, Any]:
    free = health.disk_free_bytes
    return {
        **health.model_dump(),
        "throttled": None if health.throttled is None else _bounded(health.throttled),
        "outbox_depth": _bounded(health.outbox_depth),
        "disk_free_mb": None if free is None else _bounded(free) / 2**20,
        "site": name.site,
        "node": name.node,
        "now": now,
    }


def _bounded(number: int) -> int:
    """A node may say any integer; a column holds 64 bits."""
    return max(-BIGGEST, min(number, BIGGEST))


async def history(
    conn: AsyncConnection[Any], name: NodeName, since: datetime, step: timedelta
) -> list[Fared]:
    """The worst of each `step` since then, the oldest first."""
    async with conn.cursor(row_factory=class_row(Fared)) as cursor:
        await cursor.execute(
            """
            SELECT date_bin(%(step)s, bucket, '2000-01-01 00:00+09') AS at,
                   max(temperature_c) AS temperature_c, bit_or(throttled) AS throttled,
                   max(load_1m) AS load_1m, max(memory_used_percent) AS memory_used_percent,
                   min(disk_free_mb) AS disk_free_mb, min(frames_per_s) AS frames_per_s,
                   max(inference_ms) AS inference_ms, max(outbox_depth) AS outbox_depth,
                   max(outbox_oldest_age_s) AS outbox_oldest_age_s,
                   max(abs(clock_offset_ms)) AS clock_offset_ms, min(wifi_dbm) AS wifi_dbm
              FROM node_health
             WHERE site = %(site)s AND node = %(node)s AND bucket >= %(since)s
             GROUP BY 1
             ORDER BY 1
            """,
            {"site": name.site, "node": name.node, "since": since, "step": step},
        )
        return await cursor.fetchall()


async def reckon_usual(conn: AsyncConnection[Any], now: datetime) -> None:
    """Each node's medians of the last week, where it has six hours of them."""
    await conn.execute(
        """
        INSERT INTO node_usual (site, node, frames_per_s, inference_ms, reckoned_at)
        SELECT site, node, percentile_cont(0.5) WITHIN GROUP (ORDER BY frames_per_s),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY inference_ms), %(now)s
          FROM node_health
         WHERE bucket >= %(since)s AND frames_per_s > 0
         GROUP BY site, node
        HAVING count(*) >= %(needed)s
            ON CONFLICT (site, node) DO UPDATE
           SET frames_per_s = excluded.frames_per_s, inference_ms = excluded.inference_ms,
               reckoned_at = excluded.reckoned_at
        """,
        {"now": now, "since": now - USUAL_OVER, "needed": USUAL_NEEDS},
    )


async def forget(conn: AsyncConnection[Any], now: datetime) -> None:
    """Delete what is older than it is kept."""
    await conn.execute("DELETE FROM node_health WHERE bucket < %s", (now - KEPT_FOR,))
