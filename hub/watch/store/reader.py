"""The user that operators' dashboards read with: figures, and nothing else.

It may not write, and it sees named tables only: what other parts keep of people, and the bytes of
refused messages, stay closed to it, whatever is added later.
"""

from typing import Any, Final

from psycopg import Connection, sql

USER: Final = "cheongsa_reader"
OPEN: Final = (
    "site", "node", "zone", "spool", "loss", "usual", "forecast_model", "forecast_point",
    "sample", "density_1m", "density_15m", "density_1d", "schema_version", "procrastinate_jobs",
)  # fmt: skip
OPEN_COLUMNS: Final = {
    "dead_letter": ("topic", "payload_bytes", "reason", "first_at", "last_at", "times")
}
LIMITS: Final = (
    "SET default_transaction_read_only = on",
    "SET statement_timeout = '30s'",
    "SET idle_in_transaction_session_timeout = '60s'",
    "CONNECTION LIMIT 10",
)


def let_in(conn: Connection[Any], password: str) -> None:
    """Make the user, or give it this password and these rights anew; the door commits."""
    user = sql.Identifier(USER)
    row = conn.execute("SELECT FROM pg_roles WHERE rolname = %s", (USER,)).fetchone()
    if row is None:
        conn.execute(sql.SQL("CREATE ROLE {}").format(user))
    secret = conn.pgconn.encrypt_password(password.encode(), USER.encode(), b"scram-sha-256")
    conn.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOINHERIT PASSWORD {}").format(
            user,
            sql.Literal(secret.decode()),  # the server's log never sees the password
        )
    )
    for limit in LIMITS:
        conn.execute(sql.SQL("ALTER ROLE {} {}").format(user, sql.SQL(limit)))
    conn.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(user))
    for table in _there(conn, OPEN):
        conn.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(sql.Identifier(table), user))
    for table, columns in OPEN_COLUMNS.items():
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        conn.execute(
            sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(names, sql.Identifier(table), user)
        )


def _there(conn: Connection[Any], tables: tuple[str, ...]) -> list[str]:
    rows = conn.execute(
        "SELECT name FROM unnest(%s::text[]) name WHERE to_regclass(name) IS NOT NULL",
        (list(tables),),
    )
    return [name for (name,) in rows]
