"""Everything on one machine: the servers, the hub's three programs and one camera node.

What `make run` runs. Each part is the same program an office would start by itself; this file
only starts them in order, says how far it is, and stops them.
"""

import asyncio
import fcntl
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Final, TextIO

from edge.wire.topics import NodeName
from hub.devices import fleet
from hub.devices import site as sites
from hub.devices.site import SiteFile, SiteFileError
from hub.devices.store import nodes
from hub.devices.store.site import apply_site
from hub.identity import begin
from hub.kit import backup, clock, db, jobs, logs
from hub.kit.embedded import broker as brokers
from hub.kit.embedded import place, postgres
from hub.kit.embedded.process import end_with_parent
from hub.kit.migrate import migrate as migrate_schema

log = logging.getLogger(__name__)

RUNNING_FILE: Final = "running.json"
READY_PATIENCE_S: Final = 120.0
STOP_PATIENCE_S: Final = 8.0
RESTART_AFTER_S: Final = 2.0
CANNOT_START: Final = 2  # the exit status of a program that has said why in its last line
LAST_WORDS_BYTES: Final = 1_000


class StandaloneError(Exception):
    """`make run` cannot go on. The message says what happened and what to do."""


def migrate(dsn: str, *, post: bool = True) -> list[str]:
    """Bring a database up to date, jobs included; return what ran."""
    with db.connect_sync(dsn, autocommit=True) as conn:
        ran = migrate_schema(conn, post=post)
    jobs.apply_schema(dsn)
    return ran


def load_site(dsn: str, file: SiteFile) -> None:
    """Make the database say what a site file says."""
    with db.connect_sync(dsn) as conn:
        apply_site(conn, file, clock.now())
        conn.commit()


def running_env(env: Mapping[str, str]) -> dict[str, str]:
    """The HUB_ variables of the office that runs on this data folder; empty where none does."""
    kept = _data_dir(env) / RUNNING_FILE
    return json.loads(kept.read_text()) if kept.exists() else {}


def running_dsn(env: Mapping[str, str]) -> str | None:
    """The database of the office that runs on this data folder, or None."""
    return running_env(env).get("HUB_DATABASE_DSN")


def admit_fleet(env: Mapping[str, str], nodes: int) -> dict[str, Any]:
    """Make a fleet's nodes known to the office that runs here; return what they are to be told.

    Raises:
        StandaloneError: no office runs here.
        BrokerError: its broker takes nobody in while it runs.
    """
    running = running_env(env)
    if not running:
        raise StandaloneError("No office runs here: start one with `make run`, in another window.")
    file = fleet.site_of(nodes)
    names = [str(name) for name in fleet.names_of(file)]
    passwords = brokers.admit(_data_dir(env), names)
    load_site(running["HUB_DATABASE_DSN"], file)
    return {
        "broker_url": running["HUB_BROKER_URL"].replace(f"{brokers.HUB_USER}@", "USER@"),
        "passwords": {name: passwords[name] for name in names},
    }


def back_up(env: Mapping[str, str], file: Path) -> backup.Written:
    """Write a backup of the office on this data folder, running or not. Raises BackupError."""
    if running := running_dsn(env):
        return backup.write(running, file)
    with ExitStack() as stack:
        return backup.write(_at_rest(env, stack).dsn(), file)


def restore(env: Mapping[str, str], file: Path) -> str:
    """Put a backup in the place of the office's database; return the name the old one has now.

    Raises:
        BackupError: it is no backup. The old database stays what it was.
        StandaloneError: the office runs.
    """
    aside = f"cheongsa_before_{clock.now():%Y%m%d_%H%M%S}"
    with ExitStack() as stack:
        server = _at_rest(env, stack)
        fresh = f"{aside}_new"
        with db.connect_sync(server.dsn("postgres"), autocommit=True) as admin:
            postgres.make_database(admin, fresh)
            try:
                restore_into(server.dsn(fresh), file)
            except backup.BackupError:
                postgres.drop_database(admin, fresh)
                raise
            postgres.rename_database(admin, "cheongsa", aside)
            postgres.rename_database(admin, fresh, "cheongsa")
    return aside


def restore_into(dsn: str, file: Path) -> None:
    """Restore into an empty database, and let nodes know that this hub is another one now."""
    backup.read(dsn, file)
    migrate(dsn)
    with db.connect_sync(dsn) as conn:
        nodes.begin_epoch(conn)
        conn.commit()


def _at_rest(env: Mapping[str, str], stack: ExitStack) -> postgres.Postgres:
    data_dir = _data_dir(env)
    stack.enter_context(_only_one(data_dir))
    server = postgres.start(data_dir)
    stack.callback(server.stop)
    return server


@dataclass(frozen=True)
class Wishes:
    """What the person at the terminal asked for; None: choose."""

    camera: str | None = None
    model: str | None = None
    site: Path | None = None


def run(env: Mapping[str, str], stop: threading.Event, wishes: Wishes) -> int:
    """Start everything, say when the board is live, and stop everything when told to."""
    try:
        with ExitStack() as stack:
            stack.enter_context(_logged(env))
            office = _start(env, stack, wishes)
            _wait_until_live(office, stop)
            if not stop.is_set():
                _say(f"Cheongsa is ready: {office.url}")
            _watch(office, stop)
            _say("Stopping.")
    except (
        StandaloneError,
        place.PlaceError,
        postgres.PostgresError,
        brokers.BrokerError,
    ) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


@dataclass
class Part:
    """One program of the office, started again when it ends by itself."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    ended_s: float | None = None

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C reaches us first, and we stop it in order."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(  # noqa: S603  our own programs
                self.command,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509  one prctl
            )
        log.info("part started", extra={"which": self.name, "pid": self.process.pid})
        self.ended_s = None

    def tend(self, now_s: float) -> None:
        """Start it again a moment after it ended."""
        if self.process is None or self.process.poll() is None:
            return
        if self.ended_s is None:
            self.ended_s = now_s
            told = {"which": self.name, "status": self.process.returncode}
            log.warning("part ended", extra=told)
            _say(self._how_it_ended(self.process.returncode))
        elif now_s - self.ended_s > RESTART_AFTER_S:
            self.start()

    def _how_it_ended(self, status: int) -> str:
        """In its own words where it could not begin: its last line is for whoever started it."""
        if status != CANNOT_START:
            return f"{self.name} ended (status {status}); see {self.log}"
        with self.log.open("rb") as said:
            said.seek(-min(LAST_WORDS_BYTES, said.seek(0, os.SEEK_END)), os.SEEK_END)
            last = said.read().decode("utf-8", "replace").strip().splitlines()[-1:]
        return f"{self.name} cannot start: {''.join(last)} (all of it: {self.log})"

    def ask_to_stop(self) -> None:
        """Send SIGTERM, if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def stop(self, patience_s: float) -> None:
        """Wait for it, and end it if it does not end."""
        if self.process is None:
            return
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            log.warning("part killed", extra={"which": self.name, "after_s": patience_s})
            self.process.kill()
            self.process.wait()


@dataclass
class Office:
    """What runs."""

    url: str
    parts: list[Part] = field(default_factory=list)

    def stop(self) -> None:
        """Stop the node first, so that its last counts still reach the hub."""
        for part in reversed(self.parts):
            part.ask_to_stop()
        deadline_s = time.monotonic() + STOP_PATIENCE_S
        for part in reversed(self.parts):
            part.stop(max(0.1, deadline_s - time.monotonic()))


def _start(env: Mapping[str, str], stack: ExitStack, wishes: Wishes) -> Office:
    data_dir = _data_dir(env)
    stack.enter_context(_only_one(data_dir))
    port = _port(env)
    choice = _choose(env, data_dir, wishes)
    site, node = _site(choice["site"], wishes.site)
    _say(f"Picture: {choice['source']['name']}. Counted by: {choice['source']['detector']}.")
    _say("Starting the database and the message broker.")
    database = postgres.start(data_dir)
    stack.callback(database.stop)
    broker = brokers.start(data_dir, [str(node)])
    stack.callback(broker.stop)
    migrate(database.dsn())
    load_site(database.dsn(), site)
    _introduce(asyncio.run(begin.make_demo(database.dsn(), clock.now())))
    _say("Starting the hub and one camera node.")
    office = Office(f"http://127.0.0.1:{port}")
    stack.callback(office.stop)
    hub_env = _hub_env(env, database, broker, port)
    stack.enter_context(_remembered(data_dir, hub_env))
    node_env = _node_env(env, broker, data_dir, node, choice)
    for nth, name in enumerate(("web", "ingest", "worker")):
        own = hub_env | _metrics_port(hub_env, nth)
        office.parts.append(_part(name, ["hub", name], own, data_dir))
    office.parts.append(_part("node", ["edge", "run"], node_env, data_dir))
    for part in office.parts:
        part.start()
    return office


@contextmanager
def _logged(env: Mapping[str, str]) -> Iterator[None]:
    """The supervisor speaks to a person; its events go into a log beside the others'."""
    folder = _data_dir(env) / "logs"
    folder.mkdir(exist_ok=True)
    with (folder / "supervisor.log").open("a") as out, logs.running("supervisor", stream=out):
        yield


@contextmanager
def _remembered(data_dir: Path, hub_env: Mapping[str, str]) -> Iterator[None]:
    """Where this office is while it runs, for `demo`, `site` and `doctor`; for its owner alone."""
    kept = data_dir / RUNNING_FILE
    kept.unlink(missing_ok=True)
    kept.touch(mode=0o600)
    told = {name: value for name, value in hub_env.items() if name.startswith("HUB_")}
    kept.write_text(json.dumps(told | {"CHEONGSA_DATA_DIR": str(data_dir)}))
    try:
        yield
    finally:
        kept.unlink(missing_ok=True)


def _introduce(first_passwords: Mapping[str, str]) -> None:
    """Say once how to sign in as each role; only their hashes are kept."""
    if first_passwords:
        _say("People of the demo, with one-time passwords that are not shown again:")
    for login, first in first_passwords.items():
        _say(f"  {login:<11} {first}")


def _site(chosen: str, given: Path | None) -> tuple[SiteFile, NodeName]:
    """The person's own site file, or the demo's that fits the picture; and its first node."""
    try:
        file = sites.read(given) if given else sites.parse(_demo_site(chosen))
    except (OSError, SiteFileError) as error:
        raise StandaloneError(f"{given}: {error}") from error
    if not file.nodes:
        raise StandaloneError(f"{given} names no node: add one under [[nodes]].")
    return file, NodeName(file.site.id, file.nodes[0].id)


def _part(name: str, module: Sequence[str], env: Mapping[str, str], data_dir: Path) -> Part:
    file = data_dir / "logs" / f"{name}.log"
    return Part(name, [sys.executable, "-m", *module], env, file)


def _hub_env(
    env: Mapping[str, str], database: postgres.Postgres, broker: brokers.Broker, port: int
) -> dict[str, str]:
    return {
        **env,
        "HUB_DATABASE_DSN": database.dsn(),
        "HUB_BROKER_URL": broker.url(),
        "HUB_BROKER_PASSWORD": broker.passwords[brokers.HUB_USER],
        "HUB_HOST": "127.0.0.1",  # until there is sign-in, nobody else is let in
        "HUB_PORT": str(port),
    }


def _metrics_port(env: Mapping[str, str], nth: int) -> dict[str, str]:
    """A port for each part: the one that was named, and those that follow."""
    told = env.get("HUB_METRICS_PORT", "")
    return {"HUB_METRICS_PORT": str(int(told) + nth)} if told.isdecimal() else {}


def _node_env(
    env: Mapping[str, str],
    broker: brokers.Broker,
    data_dir: Path,
    node: NodeName,
    choice: Mapping[str, Any],
) -> dict[str, str]:
    return {
        **env,
        "EDGE_SITE": node.site,
        "EDGE_NODE": node.node,
        "EDGE_BROKER_URL": broker.url(str(node)),
        "EDGE_BROKER_PASSWORD": broker.passwords[str(node)],
        "EDGE_DATA_DIR": str(data_dir / "node"),
        "EDGE_CAMERA": choice["camera"],
        "EDGE_MODEL": choice["model"] or "",
        "EDGE_CLOCK_TRUSTED": "1",  # it is the hub's own clock
        "EDGE_MQTT_VERSION": "3.1.1" if broker.kind == "amqtt" else "auto",
    }


def _choose(env: Mapping[str, str], data_dir: Path, wishes: Wishes) -> dict[str, Any]:
    """Ask the node which picture and which model it would take: it knows, the hub does not."""
    told = {
        "EDGE_CAMERA": wishes.camera,
        "EDGE_MODEL": wishes.model,
        "EDGE_DATA_DIR": str(data_dir / "node"),
    }
    asked = {**env, **{name: value for name, value in told.items() if value}}
    command = [sys.executable, "-m", "edge", "choose"]
    answer = subprocess.run(command, env=asked, capture_output=True, text=True, check=False)  # noqa: S603
    if answer.returncode != 0:
        raise StandaloneError(answer.stderr.strip() or "The node cannot choose a camera and model.")
    return json.loads(answer.stdout)


def _demo_site(name: str) -> str:
    return resources.files("hub").joinpath("sites", f"{name}.toml").read_text()


def _data_dir(env: Mapping[str, str]) -> Path:
    if told := env.get("CHEONGSA_DATA_DIR"):
        path = Path(told)
    elif os.geteuid() == 0:
        path = place.SYSTEM_DIR / "office"
    else:
        path = Path(env.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "cheongsa"
    path.mkdir(parents=True, exist_ok=True)
    return path.absolute()


def _port(env: Mapping[str, str]) -> int:
    told = env.get("CHEONGSA_PORT") or "8000"
    if not re.fullmatch("[0-9]{1,5}", told) or not 1 <= (port := int(told)) <= 65_535:
        raise StandaloneError(f"CHEONGSA_PORT={told} is no port: give 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StandaloneError(
                f"Port {port} is taken by another program. Choose one: make run CHEONGSA_PORT=8001"
            ) from error
    return port


@contextmanager
def _only_one(data_dir: Path) -> Iterator[TextIO]:
    with (data_dir / "running.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StandaloneError(
                f"Cheongsa already runs on {data_dir}. Stop it, or set CHEONGSA_DATA_DIR."
            ) from error
        yield lock


def _wait_until_live(office: Office, stop: threading.Event) -> None:
    _say("Waiting for the first count on the board.")
    deadline_s = time.monotonic() + READY_PATIENCE_S
    while not stop.wait(0.2):
        if _shows_a_live_count(office.url):
            return
        for part in office.parts:
            part.tend(time.monotonic())
        if time.monotonic() > deadline_s:
            folder = office.parts[0].log.parent
            raise StandaloneError(f"No count reached the board. The reason is in {folder}.")


def _shows_a_live_count(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/v1/density", timeout=2) as answer:  # noqa: S310
            board = json.load(answer)
        with urllib.request.urlopen(url, timeout=2) as page:  # noqa: S310
            shown = page.status == 200
    except (OSError, ValueError):
        return False
    zones = [zone for site in board["sites"] for zone in site["zones"]]
    return shown and any(
        z["observed_at"] and not z["stale"] and z["people"] is not None for z in zones
    )


def _watch(office: Office, stop: threading.Event) -> None:
    while not stop.wait(0.5):
        for part in office.parts:
            part.tend(time.monotonic())


def _say(text: str) -> None:
    print(text, flush=True)
