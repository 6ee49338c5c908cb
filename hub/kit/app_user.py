"""The database user that `web` and `ingest` are: it works with rows, and owns nothing.

Whoever takes over one of these doors can change neither the schema nor the audit trail nor the log
of trip proofs. `migrate` and `worker` are the owner: they alter tables, roll up, and drop what is
too old.
"""

from typing import Any, Final, LiteralString

from psycopg import Connection, sql

USER: Final = "cheongsa_app"
_WORKS: Final = "SELECT, INSERT, UPDATE, DELETE"
_LESS: Final[dict[str, LiteralString]] = {
    "audit_entry": "SELECT, INSERT",
    "trip_leaf": "SELECT, INSERT",
    "trip_node": "SELECT, INSERT",
    "trip_checkpoint": "SELECT, INSERT",
    "trip_proof": "SELECT, INSERT",
    "trip_sealed": "SELECT, INSERT",
    "trip_appeal": "SELECT, INSERT",
    "trip_order": "SELECT, INSERT",
    "trip_auditor": "SELECT, INSERT",
    "trip_quarter": "SELECT",
    "trip_hold": "SELECT",
    "trip_cosignature": "SELECT, INSERT",
    "trip_daily": "SELECT",
    "trip_daily_told": "SELECT",
    "ordinance_version": "SELECT, INSERT",
    "law_text": "SELECT, INSERT",
    "budget_code_version": "SELECT, INSERT",
    "schema_version": "SELECT",
    "schema_kind": "SELECT",
    "hub": "SELECT",
}


def let_in(conn: Connection[Any], password: str) -> None:
    """Make the user, or renew its password and rights; the door commits. Repeat after upgrades."""
    user = sql.Identifier(USER)
    if conn.execute("SELECT FROM pg_roles WHERE rolname = %s", (USER,)).fetchone() is None:
        conn.execute(sql.SQL("CREATE ROLE {}").format(user))
    secret = conn.pgconn.encrypt_password(password.encode(), USER.encode(), b"scram-sha-256")
    told = sql.Literal(secret.decode())  # the server's log never sees the password
    conn.execute(sql.SQL("ALTER ROLE {} LOGIN NOINHERIT PASSWORD {}").format(user, told))
    grant_rights(conn)


def grant_rights(conn: Connection[Any]) -> None:
    """What it may, on everything that is there now."""
    user = sql.Identifier(USER)
    conn.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(user))
    conn.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(user))
    for name, kind in _there(conn):
        table = sql.Identifier(name)
        conn.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(table, user))
        rights: LiteralString = "SELECT" if kind in "vm" else _LESS.get(name, _WORKS)
        conn.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), table, user))


def _there(conn: Connection[Any]) -> list[tuple[str, str]]:
    """Tables and views, without the days that a table is parted into."""
    return conn.execute(
        """
        SELECT c.relname::text, c.relkind::text
          FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
         ORDER BY c.relname
        """
    ).fetchall()
