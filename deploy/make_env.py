"""`make env`: every secret of docker-compose.yml, made by lot, and a certificate to begin with.

Standard library and openssl only, so that it runs before anything is installed. It never
overwrites: a secret that is there stays what it is.
"""

import argparse
import base64
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path

ITERATIONS = 10_000
SALT_BYTES = 12
DAYS = 825
CONTAINER_UID = 10_001  # of the images, where root makes the files
SIM_NODE = "demo/cam-1"
NEVER_BACKED_UP = "never-backed-up"  # wrap keys: a copy anywhere would outlive their destruction


class CannotMake(Exception):
    """The message says why, and what to do."""


def mosquitto_hash(password: str) -> str:
    """The form of mosquitto 2: PBKDF2 with SHA-512, `$7$iterations$salt$hash`."""
    salt = secrets.token_bytes(SALT_BYTES)
    told = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    encoded = (base64.b64encode(part).decode() for part in (salt, told))
    return "$7$" + "$".join((str(ITERATIONS), *encoded))


def make(folder: Path, host: str) -> list[str]:
    """Write .env and secrets/ into `folder`; what was done, a sentence each. Raises CannotMake."""
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?", host):
        raise CannotMake(f"{host!r} is no host name. Give the name people type: HOST=board.city.kr")
    env, kept = folder / ".env", folder / "secrets"
    if env.exists() or kept.exists():
        raise CannotMake(
            f"{env.name} or {kept.name}/ is there already, and nothing is overwritten: the "
            "database knows these passwords. To begin anew, move both away first."
        )
    uid, gid = (CONTAINER_UID,) * 2 if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    words = {
        name: secrets.token_urlsafe(24)
        for name in ("db", "app", "reader", "broker", "grafana", "sim")
    }
    kept.mkdir(mode=0o700)
    for name, word in words.items():
        _write(kept / f"{name}_password", word)
    _write(kept / "owner_dsn", f"postgresql://cheongsa:{words['db']}@db/cheongsa")
    _write(kept / "app_dsn", f"postgresql://cheongsa_app:{words['app']}@db/cheongsa")
    for name in ("mosquitto", "ca", "broker", "trip"):
        (kept / name).mkdir(mode=0o700)
    _write(kept / "trip" / "mail", "")
    users = {"hub": words["broker"], SIM_NODE: words["sim"]}
    lines = "".join(f"{user}:{mosquitto_hash(word)}\n" for user, word in users.items())
    _write(kept / "mosquitto" / "passwords", lines)
    done = [
        f"{kept}/: passwords made by lot, readable by their owner only.",
        _certificate(kept / "certs", host),
    ]
    _write(env, _env(host, uid, gid, words["reader"]))
    for name in ("node-files", "checkpoints"):
        (folder / name).mkdir(exist_ok=True)
    never = folder / NEVER_BACKED_UP
    (never / "trip-wrap").mkdir(mode=0o700, parents=True, exist_ok=True)
    never.chmod(0o700)
    if os.geteuid() == 0:
        ours = (folder / "node-files", folder / "checkpoints", never)
        for path in (*ours, *never.rglob("*"), kept, *kept.rglob("*")):
            os.chown(path, uid, gid)
    return [
        *done,
        f"{never}/: for keys that are destroyed one day. Copy secrets/, and never this folder.",
        f"{env}: what docker-compose.yml asks for.",
    ]


def _env(host: str, uid: int, gid: int, reader_password: str) -> str:
    return (
        f"CHEONGSA_HOST={host}\nCHEONGSA_UID={uid}\nCHEONGSA_GID={gid}\n"
        f"# Grafana reads its source's password from its environment only.\n"
        f"CHEONGSA_READER_PASSWORD={reader_password}\n"
        "# Whom nodes ask for the time; without it this server, which must then answer NTP.\n"
        "#CHEONGSA_NODE_TIME_SERVERS=\n"
        "# A Debian mirror inside the office, for nodes without internet.\n"
        "#CHEONGSA_NODE_APT_MIRROR=\n"
        "# Where nodes reach the broker, at this host.\n"
        "#CHEONGSA_MQTT_PORT=8883\n"
        "# Days after which coordinates that nobody needs are destroyed by themselves.\n"
        "#CHEONGSA_TRIP_DESTROY_AFTER_DAYS=\n"
    )


def _certificate(folder: Path, host: str) -> str:
    """A certificate signed by itself, until the office's own takes its place."""
    folder.mkdir(mode=0o700)
    if shutil.which("openssl") is None:
        return f"{folder}/: EMPTY. Put the office's own there: server.crt, server.key and ca.crt."
    command = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
        "-nodes", "-days", str(DAYS), "-subj", f"/CN={host}",
        "-addext", f"subjectAltName={_kind(host)}:{host}", "-addext", "extendedKeyUsage=serverAuth",
        # without it Python 3.13, which nodes have, does not believe it
        "-addext", "keyUsage=critical,digitalSignature,keyCertSign",
        "-keyout", str(folder / "server.key"), "-out", str(folder / "server.crt"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise CannotMake(f"openssl made no certificate: {done.stderr[-300:]}")
    (folder / "server.key").chmod(0o600)
    shutil.copyfile(folder / "server.crt", folder / "ca.crt")
    return (
        f"{folder}/: a certificate for {host} that browsers warn of. Put the office's own in its "
        "place before the first node: server.crt (with its chain), server.key, and ca.crt, the CA "
        "that signed it and that nodes believe."
    )


def _kind(host: str) -> str:
    try:
        ip_address(host)
    except ValueError:
        return "DNS"
    return "IP"


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)


def main() -> int:
    """Exit status 2 where nothing was made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host", help="the name that people type, as board.city.go.kr")
    parser.add_argument("--into", type=Path, default=Path())
    told = parser.parse_args()
    try:
        done = make(told.into, told.host)
    except CannotMake as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(done))
    print("Next: docker compose up --detach, and docker compose run --rm migrate admin YOUR-NAME")
    return 0


if __name__ == "__main__":
    sys.exit(main())
