"""`python -m hub ca`: what is done with the CA beside the server, by hand or beside a broker."""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from hub.devices import broker_files, pki, pki_files
from hub.devices.broker_files import Revocations
from hub.devices.store import enrol as store
from hub.devices.store import nodes
from hub.kit import clock, db, logs
from hub.kit.embedded.broker import HOME_ASSISTANT_USER
from hub.kit.settings import Settings, SettingsError

log = logging.getLogger(__name__)

NAME: Final = "Cheongsa CA"
LOOK_EVERY_S: Final = 60.0
LISTEN_EVERY_S: Final = 0.5

Keeper = Callable[[Revocations], None]
"""Writes what a broker reads, for those that are revoked now."""


class AuthorityLost(Exception):
    """Put the copy of the folder back: another CA would make a stranger of each."""


def run(told: argparse.Namespace, settings: Settings, stop: threading.Event) -> int:
    """One act; its exit status. Raises SettingsError."""
    if settings.ca_dir is None:
        raise SettingsError("HUB_CA_DIR: name the folder of the CA.")
    try:
        if told.act == "init":
            _make(settings.ca_dir, told.name)
        elif told.act == "server":
            _certify(pki_files.load(settings.ca_dir), told.file, told.names)
        elif told.act == "home-assistant":
            _certify_reader(pki_files.load(settings.ca_dir), told.file)
        elif told.act == "revoked":
            authority = pki_files.load(settings.ca_dir)
            _keep(settings, _list_keeper(authority, told), stop if told.follow else None)
        else:
            _keep(settings, _folder_keeper(settings, told.folder), stop if told.follow else None)
    except pki_files.AuthorityThere as error:
        print(f"{error} is there already: it stays. {error.__doc__}", file=sys.stderr)  # noqa: T201
        return 2
    except (pki_files.NoAuthority, AuthorityLost) as error:
        print(f"{error}\n{error.__doc__}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _make(folder: Path, name: str) -> pki.Authority:
    authority = pki_files.make(folder, name, clock.now())
    print(f"{folder}: {pki.fingerprint(authority.pem)}")  # noqa: T201
    print("Keep a copy of this folder where the server is not.")  # noqa: T201
    return authority


def _certify(authority: pki.Authority, file: Path, names: list[str]) -> None:
    pki_files.make_server(authority, file.parent, file.stem, names, clock.now())
    print(f"{file} for {', '.join(names)}, for {pki.SERVER_FOR.days} days")  # noqa: T201


def _certify_reader(authority: pki.Authority, file: Path) -> None:
    name, now = HOME_ASSISTANT_USER, clock.now()
    pki_files.make_reader(authority, file.parent, file.stem, name, now)
    print(f"{file} for {name}, for {pki.READER_FOR.days} days")  # noqa: T201


def _list_keeper(authority: pki.Authority, told: argparse.Namespace) -> Keeper:
    def keep(revoked: Revocations) -> None:
        if broker_files.write_list(told.file, authority, revoked, clock.now()):
            _reload(told.pid_file)

    return keep


def _folder_keeper(settings: Settings, folder: Path) -> Keeper:
    host, authority = _broker_host(settings), _authority_once(settings)
    return lambda revoked: broker_files.keep(folder, authority, host, revoked, clock.now())


def _broker_host(settings: Settings) -> str:
    try:
        host = urlsplit(settings.node_broker_url or "").hostname
    except ValueError:
        host = None
    if host is None:
        raise SettingsError("HUB_NODE_BROKER_URL: say how nodes reach the broker: mqtts://host.")
    return host


def _authority_once(settings: Settings) -> pki.Authority:
    """The CA; made where nobody can miss another. Raises AuthorityLost, NoAuthority."""
    folder = settings.ca_dir or Path()
    if any((folder / name).exists() for name in (pki_files.KEY, pki_files.CERTIFICATE)):
        return pki_files.load(folder)
    with db.connect_sync(settings.database_dsn) as conn:
        if enrolled := store.count_enrolled_sync(conn):
            raise AuthorityLost(f"{folder} is empty, and enrolled nodes: {enrolled}.")
    return _make(folder, NAME)


def _keep(settings: Settings, keep: Keeper, stop: threading.Event | None) -> None:
    """Keep it up to date once; with `stop`, at every NOTIFY and each minute until it is set."""
    with logs.running("keeper", settings.secrets):
        while True:
            try:
                _follow(settings, keep, stop)
            except db.AWAY as error:
                if stop is None:
                    raise
                log.warning("database away", extra={"why": str(error)})
            if stop is None or stop.wait(LISTEN_EVERY_S):
                return


def _follow(settings: Settings, keep: Keeper, stop: threading.Event | None) -> None:
    with db.connect_sync(settings.database_dsn, autocommit=True) as conn:
        nodes.listen_for_config(conn)
        while True:
            keep(store.revoked_serials_sync(conn, clock.now()))
            if stop is None:
                return
            for _ in range(int(LOOK_EVERY_S / LISTEN_EVERY_S)):
                if stop.wait(LISTEN_EVERY_S):
                    return
                if nodes.config_changed(conn):
                    break


def _reload(pid_file: Path | None) -> None:
    """Mosquitto reads its crlfile again at SIGHUP; who is connected stays: `ingest` hangs up."""
    if pid_file is None:
        return
    try:
        os.kill(int(pid_file.read_text()), signal.SIGHUP)
    except (OSError, ValueError) as error:
        log.warning("broker not told", extra={"pid_file": str(pid_file), "why": str(error)})
