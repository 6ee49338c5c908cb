import threading
import time
from pathlib import Path

import pytest

from hub.kit import db, migrate


def test_a_migration_runs_once(database):
    with db.connect_sync(database.dsn, autocommit=True) as conn:
        assert migrate.migrate(conn) == []


def test_a_file_changed_after_it_ran_is_refused(database):
    with db.connect_sync(database.dsn, autocommit=True) as conn:
        conn.execute("UPDATE schema_version SET sha256 = 'another' WHERE name = '0001_pre_core'")
        with pytest.raises(migrate.SchemaError, match="0001_pre_core"):
            migrate.migrate(conn)


def test_each_name_is_there_for_both_kinds():
    assert [m.name for m in migrate.migrations("plain")] == [
        m.name for m in migrate.migrations("timescale")
    ]


def test_the_embedded_server_keeps_its_data_over_a_restart(tmp_path: Path):
    from hub.kit.embedded import postgres

    server = postgres.start(tmp_path / "data")
    try:
        with db.connect_sync(server.dsn()) as conn:
            conn.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        server.stop()
        server = postgres.start(tmp_path / "data")
        with db.connect_sync(server.dsn()) as conn:
            assert conn.execute("SELECT answer FROM kept").fetchone() == (42,)
    finally:
        server.forget()


def test_the_embedded_server_listens_on_no_network(tmp_path: Path):
    from hub.kit.embedded import postgres

    server = postgres.start(tmp_path / "data")
    try:
        with db.connect_sync(server.dsn()) as conn:
            row = conn.execute("SHOW listen_addresses").fetchone()
        mode = server.place.sockets.stat().st_mode & 0o777
    finally:
        server.forget()
    assert row == ("",)
    assert mode == 0o700


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> list[migrate.Migration]:
    """The files of a version to come: each test puts what it needs behind ours."""
    more: list[migrate.Migration] = []
    ours = migrate.migrations
    monkeypatch.setattr(migrate, "migrations", lambda kind: [*ours(kind), *more])
    return more


def test_post_waits_until_it_is_asked_for(database, next_version: list[migrate.Migration]):
    next_version += [
        migrate.Migration("9001_pre_more", "ALTER TABLE site ADD COLUMN more text"),
        migrate.Migration("9002_post_less", "ALTER TABLE site DROP COLUMN more"),
    ]
    with db.connect_sync(database.dsn, autocommit=True) as conn:
        assert migrate.migrate(conn) == ["9001_pre_more"]
        state = migrate.state(conn)
        assert state is not None
        assert (state.pending, state.pending_post) == ((), ("9002_post_less",))
        migrate.check(conn)  # a program may start while post waits
        assert migrate.migrate(conn, post=True) == ["9002_post_less"]


def test_a_program_newer_than_its_database_says_what_to_do(database, next_version):
    next_version.append(migrate.Migration("9001_pre_more", "SELECT 1"))
    with (
        db.connect_sync(database.dsn, autocommit=True) as conn,
        pytest.raises(migrate.SchemaError, match=r"9001_pre_more.*python -m hub migrate"),
    ):
        migrate.check(conn)


def test_a_program_older_than_its_database_goes_on(database):
    with db.connect_sync(database.dsn, autocommit=True) as conn:
        conn.execute("INSERT INTO schema_version (name, sha256) VALUES ('9001_pre_more', 'x')")
        migrate.check(conn)
        state = migrate.state(conn)
        assert state is not None
        assert state.unknown == ("9001_pre_more",)


def test_a_locked_table_is_waited_for_and_not_queued_on(
    database, next_version, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(migrate, "LOCK_WAITS_S", (0.2,) * 20)
    alter = "SET LOCAL lock_timeout = '100ms'; ALTER TABLE site ADD COLUMN more text"
    next_version.append(migrate.Migration("9001_pre_more", alter))
    with (
        db.connect_sync(database.dsn) as holder,
        db.connect_sync(database.dsn, autocommit=True) as conn,
    ):
        holder.execute("LOCK TABLE site IN ACCESS SHARE MODE")
        release = threading.Timer(1.0, holder.rollback)
        release.start()
        assert migrate.migrate(conn) == ["9001_pre_more"]
        release.join()


def test_a_table_that_stays_locked_is_said(database, next_version, monkeypatch):
    monkeypatch.setattr(migrate, "LOCK_WAITS_S", (0.05,) * 2)
    alter = "SET LOCAL lock_timeout = '50ms'; ALTER TABLE site ADD COLUMN more text"
    next_version.append(migrate.Migration("9001_pre_more", alter))
    with (
        db.connect_sync(database.dsn) as holder,
        db.connect_sync(database.dsn, autocommit=True) as conn,
    ):
        holder.execute("LOCK TABLE site IN ACCESS SHARE MODE")
        with pytest.raises(migrate.SchemaError, match="stays locked"):
            migrate.migrate(conn)
        holder.rollback()
        assert migrate.migrate(conn) == ["9001_pre_more"]


def test_a_migration_that_crosses_a_transaction_is_tried_again(database, next_version, monkeypatch):
    """Each holds a table that the other asks for: PostgreSQL ends one of them, the migration."""
    monkeypatch.setattr(migrate, "LOCK_WAITS_S", (0.2,) * 20)
    alter = """
        SET LOCAL deadlock_timeout = '10ms';
        ALTER TABLE site ADD COLUMN more text;
        SELECT pg_sleep(0.5);
        ALTER TABLE zone ADD COLUMN more text;
    """
    next_version.append(migrate.Migration("9001_pre_more", alter))
    with (
        db.connect_sync(database.dsn) as program,
        db.connect_sync(database.dsn, autocommit=True) as conn,
    ):
        program.execute("LOCK TABLE zone IN ACCESS SHARE MODE")
        migrating = threading.Thread(target=migrate.migrate, args=(conn,))
        migrating.start()
        while not _is_held(program, "site"):
            time.sleep(0.01)
        program.execute("SELECT FROM site")
        program.rollback()
        migrating.join()
        assert migrate.migrate(conn) == []


def _is_held(conn, table: str) -> bool:
    """Whether somebody holds the table alone, so that reading it would wait."""
    return (
        conn.execute(
            "SELECT FROM pg_locks WHERE relation = %s::regclass AND mode = 'AccessExclusiveLock'",
            (table,),
        ).fetchone()
        is not None
    )
