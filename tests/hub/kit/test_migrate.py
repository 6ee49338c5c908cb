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
