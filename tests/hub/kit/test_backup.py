"""A backup is one consistent moment, and a restore loses nothing that was there already."""

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from hub import standalone
from hub.__main__ import main
from hub.kit import app_user, backup, clock, db, migrate
from hub.kit.backup import BackupError
from hub.kit.embedded import postgres
from tests.conftest import Database, Server
from tests.hub.density.offices import open_office, saw

KEPT = ("site", "node", "zone", "sample", "person", "audit_entry", "spool")


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """A database with nothing in it."""
    name = f"empty_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server.admin_dsn, autocommit=True) as admin:
        postgres.make_database(admin, name)
        yield server.dsn(name)
        postgres.drop_database(admin, name)


async def _filled(database: Database, windows: int = 40) -> int:
    async with await db.connect(database.dsn) as conn:
        zone_id = await open_office(conn)
        for n in range(windows):
            await saw(conn, zone_id, clock.now() - timedelta(seconds=5 * n), n)
    return zone_id


def _rows(dsn: str, query: str) -> list[Any]:
    with psycopg.connect(dsn) as conn:
        return conn.execute(sql.SQL(query)).fetchall()  # type: ignore[arg-type]


def _all(dsn: str) -> dict[str, list[Any]]:
    return {table: sorted(_rows(dsn, f"SELECT {table}::text FROM {table}")) for table in KEPT}


async def test_what_was_there_is_there_again_and_the_hub_is_another_one(
    database: Database, empty: str, tmp_path: Path
):
    await _filled(database)
    before = _all(database.dsn)
    minutes = _rows(database.dsn, "SELECT bucket, people_avg FROM density_1m ORDER BY 1")
    written = backup.write(database.dsn, tmp_path / "one.dump")
    assert written.size_bytes > 1_000
    assert written.file.stat().st_mode & 0o077 == 0
    standalone.restore_into(empty, written.file)
    assert _all(empty) == before
    assert _rows(empty, "SELECT bucket, people_avg FROM density_1m ORDER BY 1") == minutes
    assert _rows(empty, "SELECT epoch FROM hub") != _rows(database.dsn, "SELECT epoch FROM hub")
    async with await db.connect(empty) as conn:  # and it goes on
        (zone_id,) = _rows(empty, "SELECT zone_id FROM zone")[0]
        await saw(conn, zone_id, clock.now() + timedelta(seconds=10), 7)


async def test_a_restore_lets_the_restricted_users_in_again(
    database: Database, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    await _filled(database, windows=1)
    file = backup.write(database.dsn, tmp_path / "one.dump").file
    monkeypatch.setenv("HUB_DATABASE_DSN", empty)
    monkeypatch.setenv("HUB_APP_PASSWORD", "only for this test")
    assert main(["restore", str(file)]) == 0
    with _as_app(empty) as conn:
        migrate.check(conn)
        assert conn.execute("SELECT count(*) FROM sample").fetchone() == (1,)


async def test_a_user_without_rights_yet_is_told_so(database: Database, empty: str, tmp_path: Path):
    with db.connect_sync(database.dsn, autocommit=True) as owner:
        app_user.let_in(owner, "only for this test")
    backup.read(empty, backup.write(database.dsn, tmp_path / "one.dump").file)
    with _as_app(empty) as conn, pytest.raises(migrate.SchemaError, match="hub migrate"):
        migrate.check(conn)


def _as_app(dsn: str) -> psycopg.Connection[Any]:
    """As `web` and `ingest` are."""
    conn = db.connect_sync(dsn, autocommit=True)
    conn.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(app_user.USER)))
    return conn


async def test_a_backup_under_load_is_one_moment(database: Database, empty: str, tmp_path: Path):
    zone_id = await _filled(database, windows=3)
    stop = threading.Event()
    pairs = threading.Thread(target=_write_pairs, args=(database.dsn, zone_id, stop))
    pairs.start()
    try:
        backup.write(database.dsn, tmp_path / "busy.dump")
    finally:
        stop.set()
        pairs.join()
    backup.read(empty, tmp_path / "busy.dump")
    odd = "SELECT seq FROM sample WHERE spool_id = 77 GROUP BY seq HAVING count(*) <> 2"
    assert _rows(empty, odd) == []


def _write_pairs(dsn: str, zone_id: int, stop: threading.Event) -> None:
    """Two rows a transaction: a backup in between would show one."""
    at, seq = clock.now().replace(microsecond=0), 0
    with psycopg.connect(dsn) as conn:
        while not stop.is_set():
            seq += 1
            for later in (0, 1):
                conn.execute(
                    "INSERT INTO sample (window_start, seq, zone_id, spool_id, window_s,"
                    " confidence, people, people_max, served, entered)"
                    " VALUES (%s, %s, %s, 77, 5, 1, 1, 1, 0, 0)",
                    (at + timedelta(milliseconds=later), seq, zone_id),
                )
            conn.commit()


async def test_nothing_is_overwritten(database: Database, tmp_path: Path):
    await _filled(database, windows=1)
    file = tmp_path / "one.dump"
    backup.write(database.dsn, file)
    whole = file.read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        backup.write(database.dsn, file)
    assert file.read_bytes() == whole
    with pytest.raises(BackupError, match="nothing is overwritten"):
        backup.read(database.dsn, file)
    assert len(_rows(database.dsn, "SELECT FROM sample")) == 1


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
async def test_a_backup_that_was_cut_is_refused(
    database: Database, empty: str, tmp_path: Path, share: float
):
    await _filled(database, windows=5)
    file = backup.write(database.dsn, tmp_path / "one.dump").file
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BackupError, match="pg_restore failed"):
        backup.read(empty, file)


def test_a_file_that_is_not_there_and_a_server_that_is_away_are_said(empty: str, tmp_path: Path):
    with pytest.raises(BackupError, match="is not there"):
        backup.read(empty, tmp_path / "none.dump")
    with pytest.raises(BackupError, match="does not answer"):
        backup.write("postgresql://127.0.0.1:1/none", tmp_path / "new.dump")
    assert list(tmp_path.iterdir()) == []


def test_the_office_of_make_run_goes_back_and_keeps_what_it_had(tmp_path: Path):
    env = {"CHEONGSA_DATA_DIR": str(tmp_path / "office")}
    server = postgres.start(tmp_path / "office")
    standalone.migrate(server.dsn())
    _say(server.dsn(), "before")
    server.stop()
    written = standalone.back_up(env, tmp_path / "one.dump")
    server = postgres.start(tmp_path / "office")
    _say(server.dsn(), "after")
    server.stop()
    aside = standalone.restore(env, written.file)
    (tmp_path / "garbage").write_bytes(b"PGDMP and then nothing")
    with pytest.raises(BackupError):
        standalone.restore(env, tmp_path / "garbage")
    server = postgres.start(tmp_path / "office")
    try:
        assert _rows(server.dsn(), "SELECT site FROM site") == [("before",)]
        assert len(_rows(server.dsn(aside), "SELECT site FROM site")) == 2
        assert len(_rows(server.dsn(), "SELECT FROM pg_database WHERE datname ~ '^cheongsa'")) == 2
    finally:
        server.forget()


def _say(dsn: str, site: str) -> None:
    with psycopg.connect(dsn) as conn:
        conn.execute("INSERT INTO site (site, name, name_en) VALUES (%s, '', '')", (site,))
