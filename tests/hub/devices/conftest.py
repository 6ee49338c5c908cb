"""A blocking connection to a fresh database with two nodes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg import Connection

from hub.kit import db

NOW = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)


@pytest.fixture
def sync_conn(database: Any) -> Iterator[Connection[Any]]:
    with db.connect_sync(database.dsn, autocommit=True) as conn:
        conn.execute("INSERT INTO site VALUES ('demo', '시범', 'Demo')")
        conn.execute(
            "INSERT INTO node VALUES ('demo', 'cam-1', 'n', 'n'), ('demo', 'cam-2', 'n', 'n')"
        )
        yield conn
