"""Texts of the law as they were loaded: added, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row

from hub.rules.law_text import LawText
from hub.rules.loading import Loaded, loaded, steps
from hub.rules.resting import Stored

Conn = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class LawLoaded:
    """A text of a law that was loaded: how many articles hold from `since` on, in which words."""

    title: str
    since: date
    articles: int
    changed: list[str]
    """Articles that said something else before."""
    source: str
    amended_by: str
    loaded_at: datetime
    loaded_by: str


async def keep(conn: Conn, law: LawText, by: str, now: datetime, *, amended_by: str = "") -> Loaded:
    """Store what is not there yet, and say what it was. The door commits."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtext('law_text'))")  # one loads at a time
    done = steps(law, await _of(conn, law.title))
    await conn.cursor().executemany(
        """
        INSERT INTO law_text (title, number, since, edition, heading, words, promulgated, source,
                              amended_by, loaded_at, loaded_by)
        SELECT %(title)s, %(number)s, %(since)s, count(*) + 1, %(heading)s, %(words)s,
               %(promulgated)s, %(source)s, %(amended_by)s, %(now)s, %(by)s
          FROM law_text
         WHERE title = %(title)s AND number = %(number)s AND since = %(since)s
        """,
        [
            {
                "title": law.title, "number": step.article.number, "since": law.since,
                "heading": step.article.heading, "words": step.article.text, "source": law.source,
                "promulgated": law.promulgated, "amended_by": amended_by, "now": now, "by": by,
            }
            for step in done if not step.is_stored
        ],
    )  # fmt: skip
    return loaded(law, done)


async def of_article(conn: Conn, title: str, number: str) -> list[Stored]:
    """All texts of one article, one a day, the oldest first."""
    return await _of(conn, title, number)


async def _of(conn: Conn, title: str, number: str | None = None) -> list[Stored]:
    async with conn.cursor(row_factory=class_row(Stored)) as cur:
        await cur.execute(
            """
            SELECT DISTINCT ON (number, since)
                   title, number, since, heading, words, source, amended_by, loaded_at
              FROM law_text
             WHERE title = %(title)s AND (%(number)s::text IS NULL OR number = %(number)s)
             ORDER BY number, since, edition DESC
            """,
            {"title": title, "number": number},
        )
        return await cur.fetchall()


async def of_laws(conn: Conn, titles: Sequence[str]) -> list[Stored]:
    """All texts of these laws, one a day and article."""
    async with conn.cursor(row_factory=class_row(Stored)) as cur:
        await cur.execute(
            """
            SELECT DISTINCT ON (title, number, since)
                   title, number, since, heading, words, source, amended_by, loaded_at
              FROM law_text
             WHERE title = ANY(%s)
             ORDER BY title, number, since, edition DESC
            """,
            (list(titles),),
        )
        return await cur.fetchall()


async def laws(conn: Conn) -> list[LawLoaded]:
    """Which texts of which laws are here, by law and day; what differs from the text before."""
    async with conn.cursor(row_factory=class_row(LawLoaded)) as cur:
        await cur.execute(
            """
            WITH shown AS (
              SELECT DISTINCT ON (title, number, since) *
                FROM law_text
               ORDER BY title, number, since, edition DESC
            ), compared AS (
              SELECT *, lag(regexp_replace(words, '\\s', '', 'g')) OVER w AS before
                FROM shown
              WINDOW w AS (PARTITION BY title, number ORDER BY since)
            )
            SELECT title, since, count(*) AS articles,
                   coalesce(array_agg(number ORDER BY number)
                            FILTER (WHERE before <> regexp_replace(words, '\\s', '', 'g')), '{}')
                     AS changed,
                   (array_agg(source ORDER BY loaded_at DESC))[1] AS source,
                   (array_agg(amended_by ORDER BY loaded_at DESC))[1] AS amended_by,
                   max(loaded_at) AS loaded_at,
                   (array_agg(loaded_by ORDER BY loaded_at DESC))[1] AS loaded_by
              FROM compared
             GROUP BY title, since
             ORDER BY title, since
            """
        )
        return await cur.fetchall()
