"""Offices for the board's tests: rows in memory, and the same in a database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import Json

from hub.density.now import MinuteRow, NodeRow, Rows, SiteRow, ZoneRow

NOW = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)  # a Friday, 12:04:05 in Korea
LUNCH = [{"days": [1, 2, 3, 4, 5], "open": "11:30", "close": "13:30"}]
ONLINE = {"online": True, "observing": "ok"}


def site(**given: Any) -> SiteRow:
    told = {"site": "demo", "name": "도청", "name_en": "Office", "hours": None}
    return SiteRow(**{**told, "levels_s": [180, 420, 720], "history_simulated": False, **given})


def node(state: dict[str, Any] | None = ONLINE, **given: Any) -> NodeRow:
    told = {"site": "demo", "node": "cam-1", "name": "카메라", "name_en": "Camera"}
    return NodeRow(**{**told, "state": state, **given})


def zone(**given: Any) -> ZoneRow:
    """A queue of 12 with a counter that served 15 in the last five minutes."""
    told: dict[str, Any] = {
        "zone_id": 1, "site": "demo", "node": "cam-1", "zone": "main", "kind": "queue",
        "name": "점심 줄", "name_en": "Lunch", "place": "지하 1층", "place_en": "B1", "seats": None,
        "has_served_line": True, "observed_at": NOW - timedelta(seconds=3), "people": 12,
        "served": 15, "busy_s": 300.0, "usual_wait_s": None, "usual_served_per_min": None,
        "history_weeks": 0,
    }  # fmt: skip
    return ZoneRow(**{**told, **given})


def minutes(people: float, served: int, busy_s: float = 60.0, back: int = 20) -> list[MinuteRow]:
    """The same minute, `back` times, up to now."""
    first = NOW.replace(second=0) - timedelta(minutes=back)
    at = [first + timedelta(minutes=n) for n in range(back)]
    return [MinuteRow(1, minute, people, served, busy_s) for minute in at]


def rows(*zones: ZoneRow, **given: Any) -> Rows:
    told = {"sites": [site()], "nodes": [node()], "zones": zones, "minutes": [], "points": []}
    return Rows(**{**told, **given})


async def open_office(
    conn: AsyncConnection[Any], name: str = "demo", hours: Any = None, state: Any = ONLINE
) -> int:
    """A site with one node and one queue zone; its id. COMMITs."""
    await conn.execute(
        "INSERT INTO site (site, name, name_en, hours) VALUES (%s, '도청', 'Office', %s)",
        (name, None if hours is None else Json(hours)),
    )
    await conn.execute(
        "INSERT INTO node (site, node, name, name_en, state)"
        " VALUES (%s, 'cam-1', '카메라', 'Camera', %s)",
        (name, None if state is None else Json(state)),
    )
    return await add_zone(conn, name, "main")


async def add_zone(conn: AsyncConnection[Any], site: str, zone: str, **given: Any) -> int:
    told = {"kind": "queue", "seats": None, "has_served_line": True, **given}
    cursor = await conn.execute(
        """
        INSERT INTO zone (site, node, zone, kind, name, name_en, seats, has_served_line)
        VALUES (%(site)s, 'cam-1', %(zone)s, %(kind)s, '점심 줄', 'Lunch', %(seats)s,
                %(has_served_line)s)
        RETURNING zone_id
        """,
        {"site": site, "zone": zone, **told},
    )
    found = await cursor.fetchone()
    await conn.commit()
    assert found is not None
    return found[0]


async def saw(
    conn: AsyncConnection[Any], zone_id: int, ended_at: datetime, people: int, served: int = 0
) -> None:
    """One window of 5 s that ended at `ended_at`; COMMITs and NOTIFYs."""
    start = ended_at - timedelta(seconds=5)
    await conn.execute("SELECT sample_days(%s, %s)", (start, start))
    await conn.execute(
        """
        INSERT INTO sample (window_start, seq, zone_id, spool_id, window_s, confidence,
                            people, people_max, served, entered)
        VALUES (%s, %s, %s, 1, 5, 0.8, %s, %s, %s, 0)
        """,
        (start, round(start.timestamp() * 1000), zone_id, people, people, served),
    )
    await conn.execute("SELECT pg_notify('density', '')")
    await conn.commit()
