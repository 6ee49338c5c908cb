"""PostgreSQL: reachable, of a version we know, TimescaleDB as it must be, the schema current."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from hub.kit import db, migrate
from hub.kit.settings import Settings
from hub.watch.doctor.finding import Finding, first_line, found
from hub.watch.store import server

OLDEST, NEWEST = 15, 18
FULL_AT: Final = 0.85


def look(settings: Settings, now: datetime) -> Iterator[Finding]:  # noqa: ARG001  every check has it
    """The database."""
    try:
        conn = db.connect_sync(settings.database_dsn, autocommit=True)
    except db.FAILED as error:
        yield _away(error)
        return
    with conn:
        yield judge_version(conn.info.server_version)
        yield from judge_extension(server.extension(conn))
        yield from _schema(conn)
        yield from _room(conn)


def _away(error: Exception) -> Finding:
    reason = first_line(error)
    refused = "password authentication failed" in reason or "no pg_hba.conf entry" in reason
    if refused or "Peer authentication" in reason:
        return found("database.refused", reason=reason)
    if "does not exist" in reason:
        return found("database.missing", reason=reason)
    if isinstance(error, db.MALFORMED):
        return found("database.malformed")
    return found("database.away", reason=reason)


def judge_version(number: int) -> Finding:
    """Whether we know this PostgreSQL, by libpq's number for it."""
    major, minor = divmod(number, 10_000)
    if major < OLDEST:
        return found("database.old", version=f"{major}.{minor}", oldest=OLDEST)
    code = "database.ok" if major <= NEWEST else "database.new"
    return found(code, version=f"{major}.{minor}", newest=NEWEST)


def judge_extension(seen: server.Extension) -> Iterator[Finding]:
    """What TimescaleDB on the server means; nothing where there is none."""
    if seen.available is None:
        return
    if seen.licence is None:
        yield found("timescale.not_loaded", version=seen.available)
    elif seen.licence != "timescale":
        yield found("timescale.apache", licence=seen.licence)
    elif seen.installed and seen.installed != seen.available:
        yield found("timescale.behind", installed=seen.installed, available=seen.available)
    else:
        yield found("timescale.ok", version=seen.installed or seen.available)


def _schema(conn: Any) -> Iterator[Finding]:
    try:
        state = migrate.state(conn)
    except migrate.SchemaError as error:
        yield found("schema.changed", reason=str(error))
        return
    if state is None:
        yield found("schema.none")
    elif state.unknown:
        yield found("schema.newer", names=", ".join(state.unknown))
    elif state.pending:
        yield found("schema.pending", names=", ".join(state.pending))
    elif not server.has_queue(conn):
        yield found("schema.no_queue")
    else:
        yield found("schema.ok", name=state.newest, kind=state.kind)


def _room(conn: Any) -> Iterator[Finding]:
    used, most = server.connections(conn)
    code = "connections.full" if used >= FULL_AT * most else "connections.ok"
    yield found(code, used=used, most=most)
