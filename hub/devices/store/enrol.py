"""Codes, certificates and their end. Every race is closed in its statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row

from edge.wire.topics import NodeName
from hub.devices.enrol_code import FAILURES_WITHIN
from hub.kit.db import CONFIG, notify

Conn = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class Certificate:
    """One that a node was given."""

    serial: str
    site: str
    node: str
    key_sha256: bytes
    pem: str
    issued_at: datetime
    until: datetime
    renews: str | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A node, and how far its enrolment is."""

    site: str
    node: str
    name: str
    revoked_at: datetime | None
    code_expires_at: datetime | None
    """A code waits for it until then."""
    certificates: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Claim:
    """A code that was just used, or is used again by the key that used it."""

    name: NodeName
    is_first: bool


_CERTIFICATE = "serial, site, node, key_sha256, pem, issued_at, until, renews, revoked_at"


async def add_node(conn: Conn, name: NodeName, shown: str, shown_en: str) -> bool:
    """Register a node in an office that is there; False: there is one of this name."""
    made = await conn.execute(
        """
        INSERT INTO node (site, node, name, name_en)
        VALUES (%(site)s, %(node)s, %(name)s, %(name_en)s)
            ON CONFLICT (site, node) DO UPDATE
           SET name = excluded.name, name_en = excluded.name_en, retired_at = NULL
         WHERE node.retired_at IS NOT NULL
        """,
        {"site": name.site, "node": name.node, "name": shown, "name_en": shown_en},
    )
    return made.rowcount == 1


async def has_site(conn: Conn, site: str) -> bool:
    """Whether the office is there."""
    found = await conn.execute("SELECT FROM site WHERE site = %s", (site,))
    return found.rowcount == 1


async def lock_node(conn: Conn, name: NodeName) -> bool:
    """Hold the node until the transaction ends; False: there is none, or it was taken down.

    Whoever gives or takes a certificate holds it first: what comes last is what holds.
    """
    found = await conn.execute(
        """
        SELECT FROM node WHERE site = %s AND node = %s AND retired_at IS NULL FOR NO KEY UPDATE
        """,
        (name.site, name.node),
    )
    return found.rowcount == 1


async def add_code(
    conn: Conn, sha256: bytes, name: NodeName, by: str, now: datetime, expires_at: datetime
) -> None:
    """A code for a node; those before it end."""
    await end_codes(conn, name, now)
    await conn.execute(
        """
        INSERT INTO enrol_code (sha256, site, node, made_at, made_by, expires_at)
        VALUES (%s, %s, %s, %s, %s, %s)
        """,
        (sha256, name.site, name.node, now, by, expires_at),
    )


async def end_codes(conn: Conn, name: NodeName, now: datetime) -> None:
    """No code of this node opens anything any more."""
    await conn.execute(
        "UPDATE enrol_code SET ended_at = %s WHERE site = %s AND node = %s AND ended_at IS NULL",
        (now, name.site, name.node),
    )


async def node_of_code(conn: Conn, sha256: bytes) -> NodeName | None:
    """Whose code it is, be it good or not."""
    found = await conn.execute("SELECT site, node FROM enrol_code WHERE sha256 = %s", (sha256,))
    row = await found.fetchone()
    return NodeName(*row) if row else None


async def claim(conn: Conn, sha256: bytes, key_sha256: bytes, now: datetime) -> Claim | None:
    """Use a code, once; again only by the key that used it. None: it opens nothing.

    Of two at the same moment the second waits for the first, and then finds another key in it.
    """
    found = await conn.execute(
        """
        UPDATE enrol_code c
           SET used_at = coalesce(c.used_at, %(now)s), key_sha256 = %(key)s
          FROM enrol_code AS was
         WHERE c.sha256 = %(sha256)s AND was.sha256 = c.sha256
           AND c.ended_at IS NULL AND c.expires_at > %(now)s
           AND (c.used_at IS NULL OR c.key_sha256 = %(key)s)
     RETURNING c.site, c.node, c.used_at = %(now)s AND was.used_at IS NULL
        """,
        {"sha256": sha256, "key": key_sha256, "now": now},
    )
    row = await found.fetchone()
    return Claim(NodeName(row[0], row[1]), row[2]) if row else None


async def add_certificate(conn: Conn, given: Certificate) -> None:
    """Remember what was issued, before it is handed over."""
    await conn.execute(
        """
        INSERT INTO node_certificate (serial, site, node, key_sha256, pem, issued_at, until, renews)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (
            given.serial, given.site, given.node, given.key_sha256, given.pem,
            given.issued_at, given.until, given.renews,
        ),
    )  # fmt: skip


async def find_certificate(conn: Conn, serial: str) -> Certificate | None:
    """One, by its serial number."""
    return await _one(conn, "WHERE serial = %s", (serial,))


async def newest_of_key(conn: Conn, name: NodeName, key_sha256: bytes) -> Certificate | None:
    """The one that this key of this node holds, unless it was revoked."""
    return await _one(
        conn,
        "WHERE site = %s AND node = %s AND key_sha256 = %s AND revoked_at IS NULL"
        " ORDER BY issued_at DESC LIMIT 1",
        (name.site, name.node, key_sha256),
    )


async def renewals(conn: Conn, serial: str, since: datetime) -> int:
    """How often this certificate was renewed lately."""
    found = await conn.execute(
        "SELECT count(*) FROM node_certificate WHERE renews = %s AND issued_at > %s",
        (serial, since),
    )
    row = await found.fetchone()
    return row[0] if row else 0


async def revoke(conn: Conn, name: NodeName, by: str, now: datetime) -> int:
    """End every certificate of a node; return how many."""
    ended = await conn.execute(
        """
        UPDATE node_certificate SET revoked_at = %s, revoked_by = %s
         WHERE site = %s AND node = %s AND revoked_at IS NULL
        """,
        (now, by, name.site, name.node),
    )
    return ended.rowcount


async def set_revoked(conn: Conn, name: NodeName, since: datetime | None) -> None:
    """From the COMMIT on nothing is taken from this name, or it is again; the doors are told."""
    await conn.execute(
        "UPDATE node SET revoked_at = %s WHERE site = %s AND node = %s",
        (since, name.site, name.node),
    )
    await notify(conn, CONFIG)


async def enrolled(conn: Conn, now: datetime) -> list[Enrolled]:
    """Every node that is up, with its certificates, newest first."""
    async with conn.cursor(row_factory=class_row(Enrolled)) as cursor:
        await cursor.execute(
            """
            SELECT n.site, n.node, n.name, n.revoked_at,
                   (SELECT max(c.expires_at) FROM enrol_code c
                     WHERE (c.site, c.node) = (n.site, n.node) AND c.used_at IS NULL
                       AND c.ended_at IS NULL AND c.expires_at > %(now)s) AS code_expires_at,
                   coalesce((SELECT jsonb_agg(jsonb_build_object(
                                    'serial', k.serial, 'issued_at', k.issued_at,
                                    'until', k.until, 'revoked_at', k.revoked_at,
                                    'is_renewal', k.renews IS NOT NULL)
                                    ORDER BY k.issued_at DESC, k.serial)
                               FROM node_certificate k
                              WHERE (k.site, k.node) = (n.site, n.node)), '[]') AS certificates
              FROM node n
             WHERE n.retired_at IS NULL
             ORDER BY n.site, n.node
            """,
            {"now": now},
        )
        return await cursor.fetchall()


async def revoked_serials(conn: Conn, now: datetime) -> list[tuple[str, datetime]]:
    """What a broker must refuse although it has not ended, oldest first."""
    found = await conn.execute(_REVOKED, (now,))
    return [(serial, at) for serial, at in await found.fetchall()]


def revoked_serials_sync(conn: Connection[Any], now: datetime) -> list[tuple[str, datetime]]:
    """As `revoked_serials`, on a blocking connection."""
    return [(serial, at) for serial, at in conn.execute(_REVOKED, (now,))]


_REVOKED = """
    SELECT serial, revoked_at
      FROM node_certificate
     WHERE revoked_at IS NOT NULL AND until > %s
     ORDER BY revoked_at, serial
"""


def count_enrolled_sync(conn: Connection[Any]) -> int:
    """How many nodes hold a certificate that is not revoked, ended or not."""
    held = "SELECT count(DISTINCT (site, node)) FROM node_certificate WHERE revoked_at IS NULL"
    found = conn.execute(held).fetchone()
    return found[0] if found else 0


def revoked_nodes(conn: Connection[Any]) -> frozenset[NodeName]:
    """The names from which nothing is taken."""
    rows = conn.execute("SELECT site, node FROM node WHERE revoked_at IS NOT NULL")
    return frozenset(NodeName(site, node) for site, node in rows)


async def failures(conn: Conn, address: str, now: datetime) -> tuple[int, datetime | None]:
    """Wrong codes from this address within the window, and when the oldest of them was.

    Others at this address wait until the transaction ends: guesses made at once are counted too.
    """
    await conn.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 20))", (f"enrol {address}",)
    )
    found = await conn.execute(
        "SELECT count(*), min(at) FROM enrol_failure WHERE address = %s AND at > %s",
        (address, now - FAILURES_WITHIN),
    )
    row = await found.fetchone()
    return (row[0], row[1]) if row else (0, None)


async def fail(conn: Conn, address: str, now: datetime) -> None:
    """One more wrong code; what is older than the window is forgotten."""
    await conn.execute("INSERT INTO enrol_failure (at, address) VALUES (%s, %s)", (now, address))
    await conn.execute("DELETE FROM enrol_failure WHERE at <= %s", (now - FAILURES_WITHIN,))


async def _one(conn: Conn, where: str, given: tuple[Any, ...]) -> Certificate | None:
    async with conn.cursor(row_factory=class_row(Certificate)) as cursor:
        await cursor.execute(f"SELECT {_CERTIFICATE} FROM node_certificate {where}", given)  # type: ignore[arg-type] # noqa: S608  our own words
        return await cursor.fetchone()
