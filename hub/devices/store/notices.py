"""The outbox of notices and the quiet hours. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from hub.devices.alerts import Alert
from hub.devices.notices import Quiet, due_at


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told to one address, with what it is about."""

    alert_id: UUID
    says: str
    address: str
    made_at: datetime
    due_at: datetime
    tries: int
    site: str
    node: str
    cause: str
    figures: dict[str, Any]
    raised_at: datetime
    closed_at: datetime | None
    name: str
    site_name: str


@dataclass(frozen=True, slots=True)
class QuietRow:
    """The quiet hours of a site; '' stands for every site without its own."""

    site: str
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class QuietSite:
    """A site, and the quiet hours of its own; None: it goes by those of all."""

    site: str
    name: str
    name_en: str
    starts: time | None
    ends: time | None


async def quiet_sites(conn: AsyncConnection[Any]) -> list[QuietSite]:
    """What holds for all (site '') first, then every site by its name."""
    async with conn.cursor(row_factory=class_row(QuietSite)) as cursor:
        await cursor.execute(
            """
            SELECT s.site, s.name, s.name_en, q.starts, q.ends
              FROM (SELECT '' AS site, '' AS name, '' AS name_en
                    UNION ALL SELECT site, name, name_en FROM site) s
              LEFT JOIN quiet_hours q USING (site)
             ORDER BY s.site <> '', s.name, s.site
            """
        )
        return await cursor.fetchall()


async def quiet_hours(conn: AsyncConnection[Any]) -> list[QuietRow]:
    """All that are set."""
    async with conn.cursor(row_factory=class_row(QuietRow)) as cursor:
        await cursor.execute("SELECT site, starts, ends FROM quiet_hours ORDER BY site")
        return await cursor.fetchall()


async def set_quiet_hours(conn: AsyncConnection[Any], site: str, quiet: Quiet | None) -> bool:
    """Set them, or with None go by those of all; False: there is no such site."""
    if quiet is None:
        await conn.execute("DELETE FROM quiet_hours WHERE site = %s", (site,))
        found = await conn.execute(
            "SELECT WHERE %(site)s = '' OR EXISTS (SELECT FROM site WHERE site = %(site)s)",
            {"site": site},
        )
        return found.rowcount > 0
    found = await conn.execute(
        """
        INSERT INTO quiet_hours (site, starts, ends)
        SELECT %(site)s, %(starts)s, %(ends)s
         WHERE %(site)s = '' OR EXISTS (SELECT FROM site WHERE site = %(site)s)
            ON CONFLICT (site) DO UPDATE SET starts = excluded.starts, ends = excluded.ends
        """,
        {"site": site, "starts": quiet.starts, "ends": quiet.ends},
    )
    return found.rowcount > 0


async def make(
    conn: AsyncConnection[Any],
    says: str,
    alerts: Sequence[Alert],
    addresses: Sequence[str],
    now: datetime,
) -> None:
    """Put into the outbox that these alerts were raised or closed, for every address.

    That one is over is only told to whom it was told that it began; what was not told yet when it
    ends is told to nobody.
    """
    quiet = {row.site: Quiet(row.starts, row.ends) for row in await quiet_hours(conn)}
    rows = [
        {
            **alert.key._asdict(),
            "says": says,
            "address": address,
            "now": now,
            "due": due_at(quiet.get(alert.key.site, quiet.get("")), now),
            "at": alert.closed_at if says == "closed" else alert.raised_at,
        }
        for alert in alerts
        for address in addresses
    ]
    async with conn.cursor() as cursor:
        await cursor.executemany(
            """
            INSERT INTO notice (alert_id, says, address, made_at, due_at)
            SELECT alert_id, %(says)s, %(address)s, %(now)s, %(due)s
              FROM alert a
             WHERE site = %(site)s AND node = %(node)s AND cause = %(cause)s
               AND CASE WHEN %(says)s = 'closed' THEN closed_at ELSE raised_at END = %(at)s
               AND (%(says)s = 'raised' OR EXISTS (
                    SELECT FROM notice n WHERE n.alert_id = a.alert_id AND n.says = 'raised'
                       AND n.address = %(address)s AND n.sent_at IS NOT NULL))
                ON CONFLICT DO NOTHING
            """,
            rows,
        )
        if says == "closed":
            await cursor.execute(
                """
                UPDATE notice SET ended_at = %(now)s, ended_why = 'over before it was told'
                  FROM alert a
                 WHERE a.alert_id = notice.alert_id AND a.closed_at = %(now)s
                   AND says = 'raised' AND sent_at IS NULL AND ended_at IS NULL
                """,
                {"now": now},
            )


async def due(conn: AsyncConnection[Any], now: datetime, most: int = 50) -> list[Notice]:
    """What is to be told now. Locked until the transaction ends: another worker passes it by."""
    async with conn.cursor(row_factory=class_row(Notice)) as cursor:
        await cursor.execute(
            """
            SELECT o.alert_id, o.says, o.address, o.made_at, o.due_at, o.tries, a.site, a.node,
                   a.cause, a.figures, a.raised_at, a.closed_at, n.name, s.name AS site_name
              FROM notice o
              JOIN alert a USING (alert_id)
              JOIN node n USING (site, node)
              JOIN site s USING (site)
             WHERE o.due_at <= %(now)s AND o.sent_at IS NULL AND o.ended_at IS NULL
             ORDER BY o.due_at
             LIMIT %(most)s
               FOR UPDATE OF o SKIP LOCKED
            """,
            {"now": now, "most": most},
        )
        return await cursor.fetchall()


async def sent(conn: AsyncConnection[Any], notice: Notice, now: datetime) -> None:
    """It was told."""
    await _write(conn, notice, sent_at=now)


async def put_off(conn: AsyncConnection[Any], notice: Notice, until: datetime) -> None:
    """It could not be told; try again then."""
    await _write(conn, notice, due_at=until)


async def give_up(conn: AsyncConnection[Any], notice: Notice, why: str, now: datetime) -> None:
    """It will not be told."""
    await _write(conn, notice, ended_at=now, ended_why=why)


async def _write(
    conn: AsyncConnection[Any],
    notice: Notice,
    *,
    sent_at: datetime | None = None,
    due_at: datetime | None = None,
    ended_at: datetime | None = None,
    ended_why: str | None = None,
) -> None:
    await conn.execute(
        """
        UPDATE notice
           SET tries = tries + 1, sent_at = %(sent_at)s, due_at = coalesce(%(due_at)s, due_at),
               ended_at = %(ended_at)s, ended_why = %(ended_why)s
         WHERE (alert_id, says, address) = (%(alert_id)s, %(says)s, %(address)s)
        """,
        {
            "alert_id": notice.alert_id,
            "says": notice.says,
            "address": notice.address,
            "sent_at": sent_at,
            "due_at": due_at,
            "ended_at": ended_at,
            "ended_why": ended_why,
        },
    )


async def failing(conn: AsyncConnection[Any]) -> int:
    """How many notices were given up, or wait for another try."""
    row = await conn.execute(
        """
        SELECT count(*) FROM notice
         WHERE sent_at IS NULL AND tries > 0
           AND (ended_at IS NULL OR ended_why <> 'over before it was told')
        """
    )
    found = await row.fetchone()
    return found[0] if found else 0
