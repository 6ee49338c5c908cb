"""PostgreSQL: connections in UTC, a pool, and the two NOTIFY channels.

Nothing here commits: the door does, once per request, message or job.
"""

from typing import Any, Final, Literal

import psycopg
from psycopg import AsyncConnection, Connection
from psycopg_pool import AsyncConnectionPool

Channel = Literal["density", "config"]
DENSITY: Final[Channel] = "density"  # new samples were committed, or what is said of them changed
CONFIG: Final[Channel] = "config"  # a node's wanted configuration changed

Pool = AsyncConnectionPool[AsyncConnection[Any]]
AWAY: Final = (
    psycopg.OperationalError,  # not there, restarting, or too slow: also PoolTimeout
    psycopg.InterfaceError,
    psycopg.errors.UndefinedTable,  # not migrated yet
    psycopg.errors.UndefinedColumn,
    TimeoutError,
)
NOT_STORABLE: Final = (psycopg.DataError, psycopg.IntegrityError)  # this row, now and always
MALFORMED: Final = psycopg.ProgrammingError  # of connecting: the DSN cannot be read
FAILED: Final = psycopg.Error  # whatever went wrong with a statement

OPTIONS: Final = (
    "-c timezone=UTC -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
)
KEEPALIVE: Final[dict[str, Any]] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


def is_of_connecting(error: psycopg.Error) -> bool:
    """Whether a MALFORMED came before any server was asked: it has no SQLSTATE."""
    return error.sqlstate is None


async def connect(dsn: str, *, autocommit: bool = False) -> AsyncConnection:
    """Open one connection. Raises psycopg.OperationalError."""
    return await AsyncConnection.connect(
        dsn, autocommit=autocommit, options=OPTIONS, connect_timeout=5, **KEEPALIVE
    )


def connect_sync(dsn: str, *, autocommit: bool = False) -> Connection:
    """Open one blocking connection. Raises psycopg.OperationalError."""
    return psycopg.connect(
        dsn, autocommit=autocommit, options=OPTIONS, connect_timeout=5, **KEEPALIVE
    )


def open_pool(dsn: str, *, size: int = 8) -> AsyncConnectionPool[AsyncConnection[Any]]:
    """A pool to enter with `async with`. It opens whether or not the database is there yet."""
    return AsyncConnectionPool(
        dsn,
        min_size=1,
        max_size=size,
        open=False,
        timeout=5.0,
        kwargs={"options": OPTIONS, "connect_timeout": 5, **KEEPALIVE},
        check=AsyncConnectionPool.check_connection,
    )


async def notify(conn: AsyncConnection[Any], channel: Channel) -> None:
    """Tell listeners, at COMMIT, that something changed. No payload: they read again."""
    await conn.execute("SELECT pg_notify(%s, '')", (channel,))


def notify_sync(conn: Connection[Any], channel: Channel) -> None:
    """As `notify`, on a blocking connection."""
    conn.execute("SELECT pg_notify(%s, '')", (channel,))
