"""`python -m hub reader`: let the dashboards' read-only user in."""

from hub.kit import db
from hub.kit.settings import Settings, SettingsError
from hub.watch.store import reader


def let_in(settings: Settings) -> None:
    """Make the user or renew its password and rights. Safe to repeat, as after each upgrade.

    Raises:
        SettingsError: no password was given.
    """
    if settings.reader_password is None:
        raise SettingsError(
            "HUB_READER_PASSWORD: missing. Give the password that Grafana reads the database with."
        )
    with db.connect_sync(settings.database_dsn) as conn:
        reader.let_in(conn, settings.reader_password.get_secret_value())
        conn.commit()
