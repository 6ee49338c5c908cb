"""A backup of the whole database as one file, and a restore into an empty one.

PostgreSQL's own pg_dump and pg_restore do the work: those of the server's version where this
machine has them, else the wheel's. A backup is one consistent moment, taken while everything runs.
What nodes still hold they send again after a restore: the caller begins a new epoch.
"""

import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict

from hub.kit import db, migrate
from hub.kit.embedded import postgres

Tool = Literal["pg_dump", "pg_restore"]
DEBIAN: Final = "/usr/lib/postgresql/{major}/bin"
_WORDS_KEPT: Final = 1_000


class BackupError(Exception):
    """It cannot be backed up or restored. The message says why and what to do; no secret."""


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that is whole and on the disk."""

    file: Path
    size_bytes: int


def write(dsn: str, file: Path) -> Written:
    """Write a backup; a file is there whole or not at all.

    Raises:
        BackupError: the file is there already, or pg_dump failed.
    """
    if file.exists():
        raise BackupError(f"{file} is there already. Give another name; nothing was overwritten.")
    part = file.with_name(file.name + ".part")
    try:
        with _connected(dsn) as conn:
            tool = _tool("pg_dump", conn.info.server_version // 10_000)
        _run([tool, "--format=custom", "--no-owner", "--no-privileges", "--file", part], dsn)
        with part.open("rb") as whole:
            os.fsync(whole.fileno())
        part.chmod(0o600)  # people and their password hashes are in it
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return Written(file, file.stat().st_size)


def read(dsn: str, file: Path) -> None:
    """Restore a backup into an empty database.

    Raises:
        BackupError: there is something in the database, the file is no backup, or it was made on
            the other kind of server (plain PostgreSQL, TimescaleDB).
    """
    if not file.is_file():
        raise BackupError(f"{file} is not there.")
    with _connected(dsn) as conn:
        _check_empty(conn)
        tool = _tool("pg_restore", conn.info.server_version // 10_000)
        is_timescale = "timescaledb" in _contents(tool, file)
        _check_kind(conn, is_timescale=is_timescale)
        if is_timescale:
            conn.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")
            conn.execute("SELECT timescaledb_pre_restore()")
    _run([tool, "--no-owner", "--no-privileges", "--exit-on-error", "--dbname=", file], dsn)
    with _connected(dsn) as conn:
        if is_timescale:
            conn.execute("SELECT timescaledb_post_restore()")
        conn.execute("ANALYZE")


def _connected(dsn: str) -> Connection[Any]:
    try:
        return db.connect_sync(dsn, autocommit=True)
    except psycopg.OperationalError as error:
        raise BackupError(f"The database does not answer: {error}") from error


def _check_empty(conn: Connection[Any]) -> None:
    found = conn.execute(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
    ).fetchone()
    if found and found[0]:
        raise BackupError(
            f"The database has {found[0]} tables already, and nothing is overwritten. Make an "
            "empty one (createdb cheongsa_restored) and name it in HUB_DATABASE_DSN."
        )


def _check_kind(conn: Connection[Any], *, is_timescale: bool) -> None:
    if is_timescale and not migrate.has_timescale(conn):
        raise BackupError(
            "The backup is of a database with TimescaleDB, and this server has not got it. "
            "Restore it on a server that has the extension."
        )


def _contents(tool: Path, file: Path) -> str:
    return _run([tool, "--list", file], None)


def _tool(name: Tool, major: int) -> Path:
    """The program of the server's version; else the newest there is, which reads older servers."""
    of_version = Path(DEBIAN.format(major=major)) / name
    if of_version.exists():
        return of_version
    with suppress(postgres.PostgresError):
        return postgres.wheel_dir() / "bin" / name
    if found := shutil.which(name):
        return Path(found)
    raise BackupError(f"{name} is not installed: apt-get install postgresql-client-{major}.")


def _run(command: list[Any], dsn: str | None) -> str:
    """Run it; the password goes by the environment, where other users cannot read it."""
    env = dict(os.environ)
    if dsn is not None:
        told = conninfo_to_dict(dsn)
        names = {"dbname": "PGDATABASE", "host": "PGHOST", "port": "PGPORT", "user": "PGUSER"}
        names |= {"password": "PGPASSWORD", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
        env |= {names[key]: str(value) for key, value in told.items() if key in names}
        command = [f"--dbname={told['dbname']}" if c == "--dbname=" else c for c in command]
    done = subprocess.run(  # noqa: S603  PostgreSQL's own programs
        [str(part) for part in command], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BackupError(f"{Path(command[0]).name} failed: {done.stderr[-_WORDS_KEPT:].strip()}")
    return done.stdout
