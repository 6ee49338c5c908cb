"""`python -m hub ca`: what is done with the CA beside the server, by hand or beside a broker."""

import argparse
import logging
import os
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Final

from hub.devices import enrolment, pki, pki_files
from hub.devices.store import enrol as store
from hub.devices.store import nodes
from hub.kit import clock, db
from hub.kit.settings import Settings, SettingsError

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 60.0
LISTEN_EVERY_S: Final = 0.5


def run(told: argparse.Namespace, settings: Settings, stop: threading.Event) -> int:
    """One act; its exit status. Raises SettingsError."""
    if settings.ca_dir is None:
        raise SettingsError("HUB_CA_DIR: name the folder of the CA.")
    try:
        if told.act == "init":
            authority = pki_files.make(settings.ca_dir, told.name, clock.now())
            print(f"{settings.ca_dir}: {pki.fingerprint(authority.pem)}")  # noqa: T201
            print("Keep a copy of this folder where the server is not.")  # noqa: T201
        elif told.act == "server":
            _certify(pki_files.load(settings.ca_dir), told.file, told.names)
        else:
            _keep_list(settings, told.file, told.pid_file, stop if told.follow else None)
    except pki_files.AuthorityThere as error:
        print(f"{error} is there already: it stays. {error.__doc__}", file=sys.stderr)  # noqa: T201
        return 2
    except pki_files.NoAuthority as error:
        print(f"{error}\n{error.__doc__}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _certify(authority: pki.Authority, file: Path, names: list[str]) -> None:
    pki_files.make_server(authority, file.parent, file.stem, names, clock.now())
    print(f"{file} for {', '.join(names)}, for {pki.SERVER_FOR.days} days")  # noqa: T201


def _keep_list(
    settings: Settings, file: Path, pid_file: Path | None, stop: threading.Event | None
) -> None:
    """Write the list where it has changed; with `stop` at every NOTIFY and each minute."""
    authority = pki_files.load(settings.ca_dir)
    while True:
        try:
            _follow(settings, authority, file, pid_file, stop)
        except db.AWAY as error:
            if stop is None:
                raise
            log.warning("database away", extra={"why": str(error)})
        if stop is None or stop.wait(LISTEN_EVERY_S):
            return


def _follow(
    settings: Settings,
    authority: pki.Authority,
    file: Path,
    pid_file: Path | None,
    stop: threading.Event | None,
) -> None:
    with db.connect_sync(settings.database_dsn, autocommit=True) as conn:
        nodes.listen_for_config(conn)
        while True:
            revoked = store.revoked_serials_sync(conn, clock.now())
            if write_list(authority, revoked, file):
                _reload(pid_file)
            if stop is None:
                return
            for _ in range(int(LOOK_EVERY_S / LISTEN_EVERY_S)):
                if stop.wait(LISTEN_EVERY_S):
                    return
                if nodes.config_changed(conn):
                    break


def write_list(authority: pki.Authority, revoked: list[tuple[str, datetime]], file: Path) -> bool:
    """Write the list unless the file says the same; whether it was written."""
    now = clock.now()
    text = enrolment.revocation_list(authority, revoked, now)
    if file.exists() and pki.lists_the_same(file.read_text(), text):
        return False
    pki_files.write(file, text, mode=0o644)
    return True


def _reload(pid_file: Path | None) -> None:
    """Mosquitto reads its crlfile again at SIGHUP; who is connected stays: `ingest` hangs up."""
    if pid_file is None:
        return
    try:
        os.kill(int(pid_file.read_text()), signal.SIGHUP)
    except (OSError, ValueError) as error:
        log.warning("broker not told", extra={"pid_file": str(pid_file), "why": str(error)})
