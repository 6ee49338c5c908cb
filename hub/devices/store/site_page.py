"""An office's settings as saved in the browser, their versions, and its meals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from hub.devices.meals import MealDay
from hub.devices.site_page import Change, SiteSettings, ZoneWords
from hub.kit.db import DENSITY, notify

Conn = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class SiteName:
    """An office in a list."""

    site: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds now."""

    version: int
    settings: SiteSettings
    saved_at: datetime | None
    saved_by: str | None


@dataclass(frozen=True, slots=True)
class Saved:
    """One version of the history."""

    version: int
    saved_at: datetime
    saved_by: str
    changes: list[str]
    back_to: int | None


async def sites(conn: Conn) -> list[SiteName]:
    """All offices."""
    async with conn.cursor(row_factory=class_row(SiteName)) as cur:
        await cur.execute("SELECT site, name, name_en FROM site ORDER BY site")
        return await cur.fetchall()


async def standing(conn: Conn, site: str, *, lock: bool = False) -> Standing | None:
    """What holds now; with `lock` nobody else saves until the end of the transaction."""
    if lock:
        await conn.execute("SELECT FROM site WHERE site = %s FOR NO KEY UPDATE", (site,))
    found = await conn.execute(
        """
        SELECT s.version, v.saved_at, v.saved_by,
               jsonb_build_object(
                 'name', s.name, 'name_en', s.name_en,
                 'always_open', s.hours IS NULL, 'hours', coalesce(s.hours, '[]'),
                 'closed_on_holidays', s.closed_on_holidays,
                 'levels', jsonb_build_object('moderate_s', s.levels_s[1],
                                              'busy_s', s.levels_s[2],
                                              'crowded_s', s.levels_s[3]),
                 'days', coalesce((SELECT jsonb_agg(to_jsonb(d) - 'site' ORDER BY d.day)
                                     FROM site_day d WHERE d.site = s.site), '[]'),
                 'zones', coalesce((SELECT jsonb_agg(jsonb_build_object(
                                             'node', z.node, 'zone', z.zone, 'name', z.name,
                                             'name_en', z.name_en, 'place', z.place,
                                             'place_en', z.place_en, 'seats', z.seats)
                                             ORDER BY z.position, z.node, z.zone)
                                      FROM zone z
                                     WHERE z.site = s.site AND z.retired_at IS NULL), '[]')
               )
          FROM site s
          LEFT JOIN site_version v USING (site, version)
         WHERE s.site = %s
        """,
        (site,),
    )
    row = await found.fetchone()
    if row is None:
        return None
    version, saved_at, saved_by, settings = row
    # what an older file or drawing wrote is shown as it is: it is judged when somebody saves
    return Standing(
        version, SiteSettings.model_validate(settings, strict=False), saved_at, saved_by
    )


async def keep(
    conn: Conn,
    site: str,
    settings: SiteSettings,
    before: Standing,
    changes: Sequence[Change],
    by: str,
    now: datetime,
    back_to: int | None = None,
) -> None:
    """Save as the next version; the caller holds the site's row. The door commits."""
    if before.version == 0:  # what the file said, so that there is a way back to it too
        await _write_down(conn, site, 0, before.settings, "system", now, (), None)
    version = before.version + 1
    await _write_down(conn, site, version, settings, by, now, changes, back_to)
    await _put(conn, site, version, settings)
    await _put_days(conn, site, settings)
    await _put_zones(conn, site, settings.zones)
    await notify(conn, DENSITY)


async def _put(conn: Conn, site: str, version: int, settings: SiteSettings) -> None:
    levels = settings.levels
    hours = [row.model_dump(mode="json") for row in settings.hours]
    await conn.execute(
        """
        UPDATE site
           SET name = %(name)s, name_en = %(name_en)s, hours = %(hours)s, levels_s = %(levels)s,
               closed_on_holidays = %(closed)s, version = %(version)s
         WHERE site = %(site)s
        """,
        {
            "site": site, "version": version, "name": settings.name,
            "name_en": settings.name_en or settings.name,
            "hours": Jsonb(hours) if hours else None, "closed": settings.closed_on_holidays,
            "levels": [levels.moderate_s, levels.busy_s, levels.crowded_s],
        },
    )  # fmt: skip


async def _put_days(conn: Conn, site: str, settings: SiteSettings) -> None:
    await conn.execute("DELETE FROM site_day WHERE site = %s", (site,))
    await conn.cursor().executemany(
        "INSERT INTO site_day (site, day, is_open, name, name_en) VALUES (%s, %s, %s, %s, %s)",
        [(site, d.day, d.is_open, d.name, d.name_en or d.name) for d in settings.days],
    )


async def _put_zones(conn: Conn, site: str, zones: Sequence[ZoneWords]) -> None:
    """In their order on the page; a zone that is gone meanwhile is left alone."""
    await conn.cursor().executemany(
        """
        UPDATE zone
           SET name = %(name)s, name_en = %(name_en)s, place = %(place)s,
               place_en = %(place_en)s, seats = %(seats)s, position = %(position)s
         WHERE site = %(site)s AND node = %(node)s AND zone = %(zone)s
        """,
        [
            {
                **one.model_dump(), "site": site, "position": position,
                "name_en": one.name_en or one.name, "place_en": one.place_en or one.place,
            }
            for position, one in enumerate(zones)
        ],
    )  # fmt: skip


async def _write_down(
    conn: Conn,
    site: str,
    version: int,
    settings: SiteSettings,
    by: str,
    now: datetime,
    changes: Sequence[Change],
    back_to: int | None,
) -> None:
    await conn.execute(
        """
        INSERT INTO site_version (site, version, settings, saved_at, saved_by, changes, back_to)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT DO NOTHING
        """,
        (
            site, version, Jsonb(settings.model_dump(mode="json")), now, by, list(changes),
            back_to,
        ),
    )  # fmt: skip


async def history(conn: Conn, site: str, most: int) -> list[Saved]:
    """The newest versions first."""
    async with conn.cursor(row_factory=class_row(Saved)) as cur:
        await cur.execute(
            """
            SELECT version, saved_at, saved_by, changes, back_to
              FROM site_version
             WHERE site = %s
             ORDER BY version DESC
             LIMIT %s
            """,
            (site, most),
        )
        return await cur.fetchall()


async def kept(conn: Conn, site: str, version: int) -> SiteSettings | None:
    """One version of the history."""
    found = await conn.execute(
        "SELECT settings FROM site_version WHERE site = %s AND version = %s", (site, version)
    )
    row = await found.fetchone()
    return SiteSettings.model_validate(row[0], strict=False) if row else None


async def meals(conn: Conn, site: str, first: date, last: date) -> list[MealDay]:
    """The days of [first, last] for which somebody gave meals."""
    found = await conn.execute(
        """
        SELECT jsonb_build_object('day', day, 'courses', courses)
          FROM meal_day
         WHERE site = %s AND day BETWEEN %s AND %s
         ORDER BY day
        """,
        (site, first, last),
    )
    return [MealDay.model_validate(one, strict=False) for (one,) in await found.fetchall()]


async def keep_meals(
    conn: Conn, site: str, days: Sequence[MealDay], by: str, now: datetime
) -> None:
    """Put these days in place of what was there; a day without courses is emptied."""
    told: list[Mapping[str, Any]] = [
        {
            "site": site, "day": one.day, "by": by, "now": now,
            "courses": Jsonb([course.model_dump(mode="json") for course in one.courses]),
        }
        for one in days
    ]  # fmt: skip
    await conn.cursor().executemany(
        """
        INSERT INTO meal_day (site, day, courses, saved_at, saved_by)
        VALUES (%(site)s, %(day)s, %(courses)s, %(now)s, %(by)s)
            ON CONFLICT (site, day) DO UPDATE
           SET courses = excluded.courses, saved_at = excluded.saved_at,
               saved_by = excluded.saved_by
        """,
        told,
    )
    await conn.execute("DELETE FROM meal_day WHERE site = %s AND courses = '[]'", (site,))
    await notify(conn, DENSITY)
