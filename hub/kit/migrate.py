"""Run the numbered SQL of `hub/schema`, forward only, each file once, under an advisory lock.

`0002_pre_x.sql` runs everywhere. Of a pair `0002_pre_x.plain.sql` / `0002_pre_x.timescale.sql`
the one that fits the server runs, and a database stays what it was made as. A file whose first
line is `-- no transaction` runs statement by statement.

An upgrade is `pre`, the new programs beside the old, the old away, `post`: a `pre` file only adds
what the old programs do not mind; a `post` file takes away what only they needed.
"""

import hashlib
import logging
import time
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final, Literal, cast

from psycopg import Connection, errors, sql

log = logging.getLogger(__name__)

Kind = Literal["plain", "timescale"]
LOCK_KEY: Final = 0x6368656F6E677361  # "cheongsa"
LOCK_WAITS_S: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)


class SchemaError(Exception):
    """The schema in the database is not one this program can work on."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of `hub/schema`."""

    name: str
    text: str

    @property
    def is_post(self) -> bool:
        """Whether it waits until no older program runs."""
        return "_post_" in self.name

    @property
    def sha256(self) -> str:
        """Hash of the text, to notice a file that was changed after it ran."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def migrations(kind: Kind) -> list[Migration]:
    """The files that fit `kind`, in order, named without the kind."""
    other = "timescale" if kind == "plain" else "plain"
    files = sorted(resources.files("hub.schema").iterdir(), key=lambda file: file.name)
    return [
        Migration(file.name.removesuffix(".sql").removesuffix(f".{kind}"), file.read_text())
        for file in files
        if file.name.endswith(".sql") and not file.name.endswith(f".{other}.sql")
    ]


def migrate(conn: Connection[Any], *, post: bool = False) -> list[str]:
    """Bring the database up to date; return the names of what ran. `conn` must be autocommit.

    `post`: also what must wait until no older program runs.

    Raises:
        SchemaError: a file that ran before was changed since, or a table stays locked.
    """
    conn.execute("SET statement_timeout = 0")
    conn.execute("SELECT pg_advisory_lock(%s)", (LOCK_KEY,))
    try:
        return _run_pending(conn, post=post)
    finally:
        conn.execute("SELECT pg_advisory_unlock(%s)", (LOCK_KEY,))


def _run_pending(conn: Connection[Any], *, post: bool) -> list[str]:
    kind = _prepare(conn)
    applied = dict(conn.execute("SELECT name, sha256 FROM schema_version").fetchall())
    ran: list[str] = []
    for migration in migrations(kind):
        if migration.name not in applied:
            if migration.is_post and not post:
                continue
            _run_when_free(conn, migration)
            log.info("migration applied", extra={"migration": migration.name, "kind": kind})
            ran.append(migration.name)
        elif applied[migration.name] != migration.sha256:
            raise SchemaError(
                f"hub/schema: {migration.name} was changed after it ran on this database. "
                "Put the file back and write a new one."
            )
    return ran


@dataclass(frozen=True, slots=True)
class State:
    """How far a database has come."""

    kind: Kind
    newest: str
    pending: tuple[str, ...]
    """`pre` files that have not run here yet."""
    pending_post: tuple[str, ...]
    """`post` files that have not: due once no older program runs."""
    unknown: tuple[str, ...]
    """Files that ran here and that this program does not have: it is older than the database."""


def state(conn: Connection[Any]) -> State | None:
    """How far the database has come; None: it has no schema. Changes nothing.

    Raises:
        SchemaError: a file that ran before was changed since.
    """
    row = conn.execute("SELECT to_regclass('schema_version') IS NOT NULL").fetchone()
    if not (row and row[0]):
        return None
    applied = dict(conn.execute("SELECT name, sha256 FROM schema_version").fetchall())
    kind = kind_of(conn)
    files = migrations(kind)
    ours = {file.name: file.sha256 for file in files}
    for name in sorted(ours.keys() & applied.keys()):
        if ours[name] != applied[name]:
            raise SchemaError(f"{name} was changed after it ran")
    return State(
        kind,
        max(applied, default=""),
        tuple(file.name for file in files if file.name not in applied and not file.is_post),
        tuple(file.name for file in files if file.name not in applied and file.is_post),
        tuple(sorted(applied.keys() - ours.keys())),
    )


def check(conn: Connection[Any]) -> None:
    """Raises SchemaError where this program needs more than the database has, or lets it see."""
    try:
        found = state(conn)
    except errors.InsufficientPrivilege as error:
        raise SchemaError(
            "This database user has no rights here yet, as in a database that was just restored. "
            "Run `python -m hub migrate` with HUB_APP_PASSWORD and start this again."
        ) from error
    if found is None or found.pending:
        missing = ", ".join(found.pending) if found else "the whole schema"
        raise SchemaError(
            f"The database lacks {missing}. Run `python -m hub migrate` and start this again."
        )


def _prepare(conn: Connection[Any]) -> Kind:
    conn.execute(
        """
        CREATE TABLE IF NOT EXISTS schema_version (
          name       text PRIMARY KEY,
          sha256     text NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT now()
        )
        """
    )
    conn.execute(
        """
        CREATE TABLE IF NOT EXISTS schema_kind (
          one  boolean PRIMARY KEY DEFAULT true CHECK (one),
          kind text NOT NULL CHECK (kind IN ('plain', 'timescale'))
        )
        """
    )
    conn.execute(
        """
        INSERT INTO schema_kind (kind)
        SELECT CASE WHEN %s THEN 'timescale' ELSE 'plain' END
            ON CONFLICT DO NOTHING
        """,
        (has_timescale(conn),),
    )
    return kind_of(conn)


def has_timescale(conn: Connection[Any]) -> bool:
    """Whether the server could create the extension."""
    found = conn.execute("SELECT FROM pg_available_extensions WHERE name = 'timescaledb'")
    return found.fetchone() is not None


def kind_of(conn: Connection[Any]) -> Kind:
    """Which of the two schemas this database has."""
    row = conn.execute("SELECT kind FROM schema_kind").fetchone()
    if row is None:
        raise SchemaError("This database has no schema yet. Run `python -m hub migrate`.")
    return cast("Kind", row[0])


def _run_when_free(conn: Connection[Any], migration: Migration) -> None:
    """A file that does not get its locks lets others pass, and is tried again."""
    for wait_s in LOCK_WAITS_S:
        try:
            return _run(conn, migration)
        except (errors.LockNotAvailable, errors.DeadlockDetected):
            log.warning("migration waits", extra={"migration": migration.name, "wait_s": wait_s})
            time.sleep(wait_s)
    raise SchemaError(
        f"{migration.name}: a table it changes stays locked. Look for a long transaction "
        "(pg_stat_activity), end it, and run `python -m hub migrate` again."
    )


def _run(conn: Connection[Any], migration: Migration) -> None:
    record = sql.SQL("INSERT INTO schema_version (name, sha256) VALUES ({}, {})").format(
        sql.Literal(migration.name), sql.Literal(migration.sha256)
    )
    if migration.text.startswith("-- no transaction"):
        for statement in _statements(migration.text):
            conn.execute(cast("Any", statement))
        conn.execute(record)
        return
    with conn.transaction():
        conn.execute(cast("Any", migration.text))
        conn.execute(record)


def _statements(text: str) -> list[str]:
    """Split at a semicolon that ends a line: enough for files that are ours."""
    return [part.strip() for part in text.split(";\n") if part.strip()]
