"""`python -m hub`: builds the parts and runs one of them."""

import argparse
import asyncio
import contextlib
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from hub.automation.vendors import acts as vendors
from hub.kit import db, leave, logs
from hub.kit.migrate import SchemaError
from hub.kit.settings import Settings, SettingsError, manual
from hub.rules import acts as rule_acts
from hub.tripproof import acts


def main(argv: Sequence[str]) -> int:
    """Run one command; return its exit status."""
    told = _parser().parse_args(argv)
    try:
        return told.command(told)
    except (SettingsError, SchemaError) as error:
        print(error, file=sys.stderr)
        return 2
    except db.AWAY as error:
        why = " ".join(str(error).split())
        print(
            f"The database cannot be used: {why}. Start it, correct HUB_DATABASE_DSN, or bring it "
            "up to date: python -m hub migrate. `python -m hub doctor` looks more closely.",
            file=sys.stderr,
        )
        return 1
    except db.MALFORMED as error:
        if not db.is_of_connecting(error):
            raise
        print("HUB_DATABASE_DSN cannot be read. Give postgresql://user@host/name.", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hub", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, command: Callable[[argparse.Namespace], int], about: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(command=command)
        return sub

    web = add("web", _web, "serve the board and the API")
    web.add_argument("--only", choices=("trip",), help="the trip proof's phone and log alone")
    add("ingest", _ingest, "take what the nodes say into the database")
    add("worker", _worker, "do the jobs: roll-ups, forecasts")
    migrating = add("migrate", _migrate, "bring the database's schema and users up to date")
    migrating.add_argument("--post", action="store_true", help="also what waits for old programs")
    add("site", _site, "load a site file: names, hours, zones, lines, levels").add_argument(
        "file", type=Path
    )
    doctor = add("doctor", _doctor, "look at everything it stands on and say what to do")
    doctor.add_argument("--json", action="store_true", help="for a program")
    doctor.add_argument("--lang", choices=("ko", "en"), help="instead of the terminal's language")
    about = "write the whole database into one file, while everything runs"
    add("backup", _backup, about).add_argument("file", type=Path)
    about = "restore a backup: into the empty database named, else in the place of `make run`'s"
    add("restore", _restore, about).add_argument("file", type=Path)
    admin = add("admin", _admin, "make an administrator, or give one a new first password")
    admin.add_argument("login", help="2-64 of a-z, 0-9, dot, underscore, @ and hyphen")
    admin.add_argument("--name", help="the person's name; default: the login")
    nodes = add("node-files", _node_files, "fetch what nodes without internet install")
    nodes.add_argument("folder", type=Path, help="as HUB_NODE_FILES_DIR")
    nodes.add_argument("--model", type=Path, required=True, help="what nodes count with")
    nodes.add_argument("--wheel", type=Path, help="ours, or its folder; default: made here")
    ca = add(
        "ca", _ca, "the CA of enrolled nodes: make it, certify servers, tell brokers"
    ).add_subparsers(required=True, metavar="ACT", dest="act")
    ca.add_parser("init", help="make it in HUB_CA_DIR, once").add_argument(
        "--name", default="Cheongsa CA", help="what it calls itself in its certificate"
    )
    server = ca.add_parser("server", help="a key and certificate for a broker or an HTTPS door")
    server.add_argument("file", type=Path, help="of the certificate, as broker.pem; beside it .key")
    server.add_argument("names", nargs="+", help="host names and addresses it is reached by")
    reader = ca.add_parser("home-assistant", help="a key and certificate by which it may listen")
    reader.add_argument("file", type=Path, help="of the certificate, as home.pem; beside it .key")
    revoked = ca.add_parser("revoked", help="keep the list by which a broker refuses")
    revoked.add_argument("file", type=Path, help="mosquitto's crlfile")
    revoked.add_argument("--pid-file", type=Path, help="who gets SIGHUP when the list has changed")
    revoked.add_argument("--follow", action="store_true", help="until SIGTERM, at every change")
    keep = ca.add_parser("keep", help="keep all that a broker reads; makes the CA, the first time")
    keep.add_argument("folder", type=Path, help="ca.pem, broker.pem, broker.key, revoked.pem")
    keep.add_argument("--follow", action="store_true", help="until SIGTERM, at every change")
    rule_acts.add_to(add("rules", _rules, "texts of the law, from files or from the Ministry"))
    vendors.add_to(add("business-numbers", _business_numbers, "ask about a file of numbers"))
    acts.add_to(add("trip", _trip, "the trip proof's keys, and when coordinates end"))
    demo = add("demo", _demo, "fill a database with simulated history, labelled as such")
    demo.add_argument("--history", required=True, type=_weeks, help="how much, in weeks: 8w")
    demo.add_argument("--site", default="demo")
    demo.add_argument("--seed", type=int, default=1)
    about = "make simulated nodes known to the office of `make run`, for `python -m edge fleet`"
    fleet = add("fleet", _fleet, about)
    fleet.add_argument("--nodes", type=int, default=20, choices=range(1, 1001), metavar="1-1000")
    fleet.add_argument("--passes", type=Path, default=Path("fleet.json"), help="is written")
    add("openapi", _openapi, "print the API's description")
    add("settings", _settings, "print every variable, its default and what it is for")
    run = add("run", _run, "start everything on this machine, with one camera node")
    run.add_argument("--camera", help="file, number of a USB camera, rtsp:// address, or `scene`")
    run.add_argument("--model", help="file or folder of a detection model")
    run.add_argument("--site", help="site file; its first node is the camera's")
    return parser


def _weeks(text: str) -> int:
    if not (found := re.fullmatch(r"(\d{1,2})w", text, re.ASCII)) or not 1 <= int(found[1]) <= 12:
        raise argparse.ArgumentTypeError(f"{text!r} is not 1w to 12w")
    return int(found[1])


def _stop_on_signal(*, in_time: bool = False) -> threading.Event:
    """Set by SIGTERM and SIGINT. `in_time`: and leave even if something holds us up."""
    stop = threading.Event()

    def told(*_: object) -> None:
        if in_time and not stop.is_set():
            leave.in_time()
        stop.set()

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, told)
    return stop


def _dsn() -> str:
    """The database that is named, else that of the office which `make run` runs here."""
    from hub import standalone

    running = None if _names_a_database() else standalone.running_dsn(os.environ)
    return running or Settings.from_env(os.environ).database_dsn


def _names_a_database() -> bool:
    return bool({"HUB_DATABASE_DSN", "HUB_DATABASE_DSN_FILE"} & os.environ.keys())


def _web(told: argparse.Namespace) -> int:
    from hub.web import app

    settings = Settings.from_env(os.environ)
    _check_schema(settings)
    stop = _stop_on_signal()  # uvicorn raises the signal again when it stopped: that is no crash
    with logs.running("web", settings.secrets):
        app.run(settings, told.only, stop)
    return 0


def _ingest(_: argparse.Namespace) -> int:
    from hub import ingest

    settings = Settings.from_env(os.environ)
    _check_schema(settings)
    with logs.running("ingest", settings.secrets):
        ingest.run(settings, _stop_on_signal(in_time=True))
    return 0


def _worker(_: argparse.Namespace) -> int:
    from hub import worker

    settings = Settings.from_env(os.environ)
    _check_schema(settings)
    with logs.running("worker", settings.secrets):
        worker.run(settings, _stop_on_signal(in_time=True))
    return 0


def _migrate(told: argparse.Namespace) -> int:
    from hub import standalone
    from hub.watch import users

    settings = Settings.from_env({**os.environ, "HUB_DATABASE_DSN": _dsn()})
    with logs.running("migrate", settings.secrets):
        standalone.migrate(settings.database_dsn, post=told.post)
        users.let_in(settings)
    return 0


def _check_schema(settings: Settings) -> None:
    """Do not start on a database that lacks what this program needs; one that is away may come."""
    from hub.kit import migrate

    with contextlib.suppress(*db.AWAY), db.connect_sync(settings.database_dsn) as conn:
        migrate.check(conn)


def _doctor(told: argparse.Namespace) -> int:
    """Exit status 0: well. 1: something wants attention. 2: something is broken."""
    from hub import standalone
    from hub.kit import clock
    from hub.watch import doctor

    here = {} if _names_a_database() else standalone.running_env(os.environ)
    settings = Settings.from_env({**os.environ, **here})
    findings = doctor.examine(settings, clock.now(), {**os.environ, **here})
    lang = told.lang or doctor.language()
    show = doctor.as_json if told.json else doctor.as_text
    print(show(findings, lang, settings.secrets))
    return doctor.status(findings)


def _node_files(told: argparse.Namespace) -> int:
    from hub.devices import node_files_command as node_files

    try:
        found = node_files.fill(told.folder, told.model, told.wheel)
    except (node_files.NodeFilesError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{len(found)} files for nodes are in {told.folder}. Set HUB_NODE_FILES_DIR to it.")
    return 0


def _site(told: argparse.Namespace) -> int:
    from hub import standalone
    from hub.devices import site

    try:
        read = site.read(told.file)
    except site.SiteFileError as error:
        print(f"{told.file}: {error}", file=sys.stderr)
        return 2
    standalone.load_site(_dsn(), read)
    return 0


def _backup(told: argparse.Namespace) -> int:
    from hub import standalone
    from hub.kit import backup

    try:
        if _names_a_database():
            written = backup.write(Settings.from_env(os.environ).database_dsn, told.file)
        else:
            written = standalone.back_up(os.environ, told.file)
    except (backup.BackupError, standalone.StandaloneError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{written.file}: {written.size_bytes / 1e6:.1f} MB. Keep it where this server is not.")
    return _copy_keys(told.file)


def _trip_dir() -> Path | None:
    """Where the trip proof's keys lie: as said here, else in the office of `make run`."""
    from hub import standalone

    env = (
        os.environ if _names_a_database() else {**os.environ, **standalone.running_env(os.environ)}
    )
    return Path(env["HUB_TRIP_DIR"]) if env.get("HUB_TRIP_DIR") else None


def _copy_keys(backup: Path) -> int:
    from hub.tripproof import key_copy

    folder = _trip_dir()
    try:
        copied = key_copy.write(folder, backup) if folder else None
    except key_copy.CannotCopyKeys as error:
        print(error, file=sys.stderr)
        return 2
    if copied:
        print(f"{copied}: the trip proof's signing keys. Whoever has it can sign for the hub.")
        print("No wrap key is in either: what is destroyed must be gone.")
    return 0


def _put_keys_back(backup: Path) -> int:
    from hub.tripproof import key_copy

    folder = _trip_dir()
    try:
        if folder and key_copy.put_back(backup, folder):
            print(f"The trip proof's signing keys are in {folder} again.")
            print("Coordinates open where their wrap keys are: python -m hub doctor")
    except key_copy.CannotCopyKeys as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _restore(told: argparse.Namespace) -> int:
    from hub import standalone
    from hub.kit import backup
    from hub.watch import users

    try:
        if _names_a_database():
            settings = Settings.from_env(os.environ)
            standalone.restore_into(settings.database_dsn, told.file)
            users.let_in(settings)  # a backup holds no rights of users
            print("Restored. Start the hub: nodes send again what they still have.")
        else:
            aside = standalone.restore(os.environ, told.file)
            print(f"Restored; `make run` goes on from it. The database before is kept: {aside}.")
    except (backup.BackupError, standalone.StandaloneError) as error:
        print(error, file=sys.stderr)
        return 2
    return _put_keys_back(told.file)


def _admin(told: argparse.Namespace) -> int:
    from hub.identity import begin
    from hub.kit import clock

    name = told.name or told.login
    try:
        first = asyncio.run(begin.make_admin(_dsn(), told.login, name, clock.now()))
    except begin.MalformedLogin as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{told.login} signs in with {first} and must change it then. It is not shown again.")
    return 0


def _ca(told: argparse.Namespace) -> int:
    from hub.devices import pki_command

    return pki_command.run(told, Settings.from_env(os.environ), _stop_on_signal())


def _business_numbers(told: argparse.Namespace) -> int:
    from hub.automation.vendors import command

    return command.run(told, os.environ)


def _trip(told: argparse.Namespace) -> int:
    from hub.tripproof import command, cosign

    if told.act == "cosign":  # at another office: no hub, no database
        return cosign.main(told.told)
    return command.run(told, Settings.from_env(os.environ))


def _rules(told: argparse.Namespace) -> int:
    from hub.rules import command

    dsn = _dsn()
    settings = Settings.from_env({**os.environ, "HUB_DATABASE_DSN": dsn})
    return asyncio.run(command.run(told, dsn, settings, print))


def _demo(told: argparse.Namespace) -> int:
    from hub.density import simulate
    from hub.kit import clock

    try:
        print(asyncio.run(simulate.fill(_dsn(), told.site, told.history, clock.now(), told.seed)))
    except simulate.NothingToFill as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _fleet(told: argparse.Namespace) -> int:
    import json

    from hub import standalone
    from hub.kit.embedded import broker

    try:
        passes = standalone.admit_fleet(os.environ, told.nodes)
        told.passes.touch(mode=0o600)
        told.passes.write_text(json.dumps(passes))
    except (standalone.StandaloneError, broker.BrokerError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{told.nodes} simulated nodes are known. {told.passes} holds their passwords. Now:")
    print(f"    python -m edge fleet --nodes {told.nodes} --speed 60 --passes {told.passes}")
    return 0


def _openapi(_: argparse.Namespace) -> int:
    from hub.web import app

    print(app.openapi_json())
    return 0


def _settings(_: argparse.Namespace) -> int:
    print(manual())
    return 0


def _run(told: argparse.Namespace) -> int:
    from hub import standalone

    site = told.site or os.environ.get("SITE")
    wishes = standalone.Wishes(
        camera=told.camera or os.environ.get("CAMERA"),
        model=told.model or os.environ.get("MODEL"),
        site=Path(site) if site else None,
    )
    return standalone.run(os.environ, _stop_on_signal(), wishes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
