"""What an office added to the calendar, and its secret addresses, in SQL."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from hub.automation.calendar.dated import Edited, OwnDuty, OwnHoliday
from hub.kit import ids

Conn = AsyncConnection[Any]


async def holidays(conn: Conn) -> dict[date, str]:
    """The office's own holidays and their names, in their order."""
    found = await conn.execute("SELECT day, name FROM calendar_holiday ORDER BY day")
    return dict(await found.fetchall())


async def own_holidays(conn: Conn) -> list[OwnHoliday]:
    """In the order of their days."""
    found = await conn.execute(
        "SELECT holiday_id, day, name, version, saved_at FROM calendar_holiday ORDER BY day"
    )
    return [
        OwnHoliday(str(holiday_id), day, name, Edited(*edited))
        for holiday_id, day, name, *edited in await found.fetchall()
    ]


async def local_holidays(conn: Conn) -> frozenset[date]:
    """The days alone, as deadlines count by them."""
    return frozenset(await holidays(conn))


async def keep_holiday(conn: Conn, day: date, name: str, who: str, now: datetime) -> None:
    """A day off of this office, or its new name."""
    await conn.execute(
        """
        INSERT INTO calendar_holiday (day, name, saved_at, saved_by) VALUES (%s, %s, %s, %s)
            ON CONFLICT (day) DO UPDATE
           SET name = excluded.name, saved_at = excluded.saved_at, saved_by = excluded.saved_by,
               version = calendar_holiday.version + 1
        """,
        (day, name, now, who),
    )


async def change_holiday(
    conn: Conn, was: OwnHoliday, day: date, name: str, who: str, now: datetime
) -> bool:
    """Another day or name; False: it was edited since, or that day is another one's."""
    found = await conn.execute(
        """
        UPDATE calendar_holiday AS mine
           SET day = %(day)s, name = %(name)s, version = version + 1, saved_at = %(now)s,
               saved_by = %(who)s
         WHERE holiday_id = %(id)s AND version = %(version)s
           AND NOT EXISTS (SELECT FROM calendar_holiday AS other
                            WHERE other.day = %(day)s AND other.holiday_id <> mine.holiday_id)
        """,
        {
            "day": day, "name": name, "now": now, "who": who, "id": UUID(was.holiday_id),
            "version": was.edited.version if was.edited else 0,
        },
    )  # fmt: skip
    return found.rowcount > 0


async def drop_holiday(conn: Conn, day: date) -> str | None:
    """What it was called; None: there was none."""
    found = await conn.execute("DELETE FROM calendar_holiday WHERE day = %s RETURNING name", (day,))
    row = await found.fetchone()
    return row[0] if row else None


async def own_duties(conn: Conn) -> list[OwnDuty]:
    """In the order of their days."""
    found = await conn.execute(
        """
        SELECT duty_id, day, is_yearly, title, says, version, saved_at
          FROM calendar_duty
         ORDER BY day, duty_id
        """
    )
    return [
        OwnDuty(str(duty_id), day, is_yearly, title, says, Edited(version, saved_at))
        for duty_id, day, is_yearly, title, says, version, saved_at in await found.fetchall()
    ]


async def add_duty(
    conn: Conn, day: date, is_yearly: bool, title: str, says: str, who: str, now: datetime
) -> UUID:
    """A duty of this office; the id of it."""
    duty_id = ids.uuid7(now)
    await conn.execute(
        """
        INSERT INTO calendar_duty (duty_id, day, is_yearly, title, says, saved_at, saved_by)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        """,
        (duty_id, day, is_yearly, title, says, now, who),
    )
    return duty_id


async def change_duty(
    conn: Conn, was: OwnDuty, said: tuple[date, bool, str, str], who: str, now: datetime
) -> bool:
    """Its day, whether it is yearly, its title and words; False: it was edited since."""
    found = await conn.execute(
        """
        UPDATE calendar_duty
           SET day = %s, is_yearly = %s, title = %s, says = %s, version = version + 1,
               saved_at = %s, saved_by = %s
         WHERE duty_id = %s AND version = %s
        """,
        (*said, now, who, UUID(was.duty_id), was.edited.version if was.edited else 0),
    )
    return found.rowcount > 0


async def drop_duty(conn: Conn, duty_id: UUID) -> str | None:
    """Its title; None: there was none."""
    found = await conn.execute(
        "DELETE FROM calendar_duty WHERE duty_id = %s RETURNING title", (duty_id,)
    )
    row = await found.fetchone()
    return row[0] if row else None


async def keep_feed(conn: Conn, person_id: UUID, digest: bytes, now: datetime) -> None:
    """The secret address of a person; an older one opens nothing any more."""
    await conn.execute(
        """
        INSERT INTO calendar_feed (person_id, digest, made_at) VALUES (%s, %s, %s)
            ON CONFLICT (person_id) DO UPDATE
           SET digest = excluded.digest, made_at = excluded.made_at
        """,
        (person_id, digest, now),
    )


async def drop_feed(conn: Conn, person_id: UUID) -> bool:
    """Whether there was one."""
    found = await conn.execute("DELETE FROM calendar_feed WHERE person_id = %s", (person_id,))
    return found.rowcount > 0


async def feed_made_at(conn: Conn, person_id: UUID) -> datetime | None:
    """When the address of a person was made; None: there is none."""
    found = await conn.execute(
        "SELECT made_at FROM calendar_feed WHERE person_id = %s", (person_id,)
    )
    row = await found.fetchone()
    return row[0] if row else None


async def opens(conn: Conn, digest: bytes) -> bool:
    """Whether this secret is that of somebody who is still here."""
    found = await conn.execute(
        """
        SELECT FROM calendar_feed JOIN person USING (person_id)
         WHERE digest = %s AND retired_at IS NULL
        """,
        (digest,),
    )
    return await found.fetchone() is not None
