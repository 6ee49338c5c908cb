"""Let the restricted database users in: the hub's own doors, and the dashboards' reader."""

from hub.kit import app_user, db
from hub.kit.settings import Settings
from hub.watch.store import reader


def let_in(settings: Settings) -> None:
    """Make those whose password is given, or renew their rights. Safe to repeat."""
    app, read = settings.app_password, settings.reader_password
    if app is None and read is None:
        return
    with db.connect_sync(settings.database_dsn) as conn:
        if app is not None:
            app_user.let_in(conn, app.get_secret_value())
        if read is not None:
            reader.let_in(conn, read.get_secret_value())
        conn.commit()
