"""Nodes, zones, losses and dead letters, as figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

FORGOTTEN_AFTER: Final = timedelta(days=30)  # an older count says nothing of now: as the board
AHEAD: Final = timedelta(minutes=10)  # so far ahead of the hub's clock a window may begin


@dataclass(frozen=True, slots=True)
class NodeFigures:
    """One node that is not retired."""

    site: str
    node: str
    name: str
    online: bool
    state_age_s: float | None
    observing: str | None
    fault: str | None
    health: dict[str, Any] | None
    """The newest NodeHealth, as it was said."""
    health_age_s: float | None
    config_refused: str | None
    twin_age_s: float | None
    """Since another machine last spoke under its name."""
    lost: int
    """Windows written down as lost, over all its outboxes."""
    lost_lately: int
    """Those of the last day."""
    missing: int
    """Windows below one that is held, which have not come yet."""


def nodes(conn: Connection[Any], now: datetime) -> list[NodeFigures]:
    """Every node that is not retired, by name."""
    with conn.cursor(row_factory=class_row(NodeFigures)) as cursor:
        cursor.execute(
            """
            SELECT n.site, n.node, n.name,
                   coalesce((n.state->>'online')::boolean, false) AS online,
                   extract(epoch FROM %(now)s - n.state_at)::float8 AS state_age_s,
                   n.state->>'observing' AS observing,
                   coalesce(n.state->>'fault', n.health->>'fault') AS fault,
                   n.health,
                   extract(epoch FROM %(now)s - n.health_at)::float8 AS health_age_s,
                   n.reported->>'refused' AS config_refused,
                   extract(epoch FROM %(now)s - n.twin_at)::float8 AS twin_age_s,
                   coalesce(s.lost, 0)::bigint AS lost,
                   (SELECT coalesce(sum((SELECT sum(upper(r) - lower(r)) FROM unnest(l.seqs) r)), 0)
                      FROM loss l
                      JOIN spool USING (spool_id)
                     WHERE spool.site = n.site AND spool.node = n.node
                       AND l.noticed_at > %(now)s - interval '1 day')::bigint AS lost_lately,
                   coalesce(s.newest - s.held, 0)::bigint AS missing
              FROM node n
              LEFT JOIN LATERAL (
                     SELECT sum((SELECT sum(upper(r) - lower(r)) FROM unnest(lost) r)) AS lost,
                            sum((SELECT sum(upper(r) - lower(r)) FROM unnest(held) r)) AS held,
                            sum(upper(held) - 1) AS newest
                       FROM spool
                      WHERE spool.site = n.site AND spool.node = n.node
                   ) s ON true
             WHERE n.retired_at IS NULL
             ORDER BY n.site, n.node
            """,
            {"now": now},
        )
        return cursor.fetchall()


@dataclass(frozen=True, slots=True)
class ZoneFigures:
    """One zone that is not retired."""

    site: str
    node: str
    zone: str
    age_s: float | None
    """Since the end of its newest window; None: nothing was counted for 30 days."""


def zones(conn: Connection[Any], now: datetime) -> list[ZoneFigures]:
    """Every zone that is not retired, by name."""
    with conn.cursor(row_factory=class_row(ZoneFigures)) as cursor:
        cursor.execute(
            """
            SELECT z.site, z.node, z.zone,
                   extract(epoch FROM %(now)s - newest.ended_at)::float8 AS age_s
              FROM zone z
              LEFT JOIN LATERAL (
                     SELECT s.window_start + make_interval(secs => s.window_s) AS ended_at
                       FROM sample s
                      WHERE s.zone_id = z.zone_id
                        AND s.window_start BETWEEN %(forgotten)s AND %(ahead)s
                      ORDER BY s.window_start DESC
                      LIMIT 1
                   ) newest ON true
             WHERE z.retired_at IS NULL
             ORDER BY z.site, z.node, z.zone
            """,
            {"now": now, "forgotten": now - FORGOTTEN_AFTER, "ahead": now + AHEAD},
        )
        return cursor.fetchall()


def refusals(conn: Connection[Any]) -> dict[str, int]:
    """How often each reason was written to the dead letters that are still kept."""
    rows = conn.execute("SELECT reason, sum(times)::bigint FROM dead_letter GROUP BY reason")
    return dict(rows.fetchall())


def forgotten_refusals(conn: Connection[Any]) -> int:
    """Messages refused whose letters gave way to newer ones."""
    row = conn.execute(
        "SELECT coalesce(sum(times), 0)::bigint FROM dead_letter_forgotten"
    ).fetchone()
    return row[0] if row else 0


def newest_forecast_age_s(conn: Connection[Any], now: datetime) -> float | None:
    """Seconds since a forecast was made; None where no zone has learnt to forecast yet."""
    row = conn.execute(
        """
        SELECT extract(epoch FROM %s - max(made_at))::float8
          FROM forecast_point
         WHERE EXISTS (SELECT FROM forecast_model WHERE method <> 'collecting')
        """,
        (now,),
    ).fetchone()
    return row[0] if row else None
