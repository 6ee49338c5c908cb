"""How the board grows with the office: what each `web` reads, reckons and encodes once a second."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from typing import Any, Final

from hub.density import now as rules
from hub.density.board import Board
from hub.density.feed import Encoded
from hub.density.store import series
from hub.kit import clock, db, migrate
from tests.bench.ingest import embedded
from tests.bench.row import Row, known

ZONES: Final = (50, 500, 2_000)
PER_SITE: Final = 50
MINUTES: Final = 21  # all that the level looks back on
ROUNDS: Final = 5
A_SECOND_MS: Final = 1_000.0


def rows() -> Iterator[Row]:
    """Time and bytes of one board, by its zones."""
    with embedded() as server:
        dsn = server.dsn()
        with db.connect_sync(dsn, autocommit=True) as conn:
            migrate.migrate(conn)
            for zones in ZONES:
                fill(conn, zones)
                took_ms, whole, site = asyncio.run(measured(dsn))
                told = "a second, in which it is read once"
                name = f"board: read and encoded, {zones} zones"
                yield known(name, took_ms, "ms", told, took_ms / A_SECOND_MS)
                told = f"of one site of {PER_SITE} zones: {site / 1000:.1f} kB"
                yield known(f"board: size, {zones} zones", whole / 1000, "kB", told, whole / site)


def fill(conn: Any, zones: int) -> None:
    """So many queue zones with a window every five seconds."""
    have = conn.execute("SELECT count(*) FROM zone").fetchone()[0]
    conn.execute(
        """
        INSERT INTO site (site, name, name_en)
        SELECT 's' || n, '청사 ' || n, 'Office ' || n
          FROM generate_series(%(first)s::int / %(each)s, (%(last)s::int - 1) / %(each)s) n
        ON CONFLICT DO NOTHING
        """,
        told := {"first": have, "last": zones, "each": PER_SITE},
    )
    conn.execute(
        """
        INSERT INTO node (site, node, name, name_en, state)
        SELECT 's' || n / %(each)s, 'cam-' || n, '카메라 ' || n, 'Camera ' || n,
               '{"online": true, "observing": "ok"}'
          FROM generate_series(%(first)s::int, %(last)s::int - 1) n
        """,
        told,
    )
    conn.execute(
        """
        INSERT INTO zone (site, node, zone, name, name_en, has_served_line)
        SELECT site, node, 'queue', '줄', 'Queue', true FROM node
         ORDER BY node
        ON CONFLICT DO NOTHING
        """
    )
    conn.execute(
        """
        INSERT INTO spool (site, node, spool, heard_at)
        SELECT site, node, gen_random_uuid(), now() FROM node
         WHERE NOT EXISTS (SELECT FROM spool s WHERE s.site = node.site AND s.node = node.node)
        """
    )
    now = clock.now()
    conn.execute("TRUNCATE sample")
    conn.execute("SELECT sample_days(%s::timestamptz - interval '1 day', %s)", (now, now))
    conn.execute(
        """
        INSERT INTO sample (window_start, seq, zone_id, spool_id, window_s, confidence,
                            people, people_max, served, entered)
        SELECT %(now)s::timestamptz - n * interval '5 s', n, zone_id, spool_id, 5, 0.8,
               (n + zone_id) %% 30, 30, (n %% 4 = 0)::int, 0
          FROM zone JOIN spool USING (site, node), generate_series(1, %(windows)s) n
        """,
        {"now": now, "windows": MINUTES * 12},
    )
    conn.execute("ANALYZE")


async def measured(dsn: str) -> tuple[float, int, int]:
    """(milliseconds, bytes of all, bytes of one site), the median of some."""
    took_ms: list[float] = []
    async with await db.connect(dsn, autocommit=True) as conn:
        for _ in range(ROUNDS):
            began_s = time.perf_counter()
            Encoded.of(await _board(conn))
            took_ms.append((time.perf_counter() - began_s) * 1000)
        board = await _board(conn)
    site = board.model_copy(update={"sites": board.sites[:1]})
    return statistics.median(took_ms), len(Encoded.of(board).body), len(Encoded.of(site).body)


async def _board(conn: Any) -> Board:
    now = clock.now()
    return rules.board(await series.rows_now(conn, now), now)
