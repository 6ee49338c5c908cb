"""Browsers that were sent to the provider and are not back yet."""

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from hub.identity.lockout import WINDOW
from hub.identity.provider import Visit
from hub.identity.sessions import digest


async def begin(conn: AsyncConnection[Any], visit: Visit, now: datetime) -> None:
    """Remember a visit; of its state only the digest."""
    await conn.execute(
        """
        INSERT INTO provider_visit (state_sha256, nonce, verifier, back_to, began_at)
        VALUES (%s, %s, %s, %s, %s)
        """,
        (digest(visit.state), visit.nonce, visit.verifier, visit.back_to, now),
    )


async def end(conn: AsyncConnection[Any], state: str, now: datetime) -> Visit | None:
    """Take the visit of this state: once, and only while it is fresh."""
    found = await conn.execute(
        """
        DELETE FROM provider_visit
         WHERE state_sha256 = %s AND began_at > %s
        RETURNING nonce, verifier, back_to
        """,
        (digest(state), now - WINDOW),
    )
    row = await found.fetchone()
    return Visit(state, *row) if row else None
