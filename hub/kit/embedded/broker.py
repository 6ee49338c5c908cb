"""An MQTT broker on loopback: mosquitto 2 where the machine has it, else amqtt from pip.

Every user has a password made here and kept in a file only its owner can read; the access list
has one line per topic and direction. What a broker acknowledges is not yet safe (persistence is
a snapshot), so nothing here tries to make it durable: the nodes' outboxes are the queue.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from hub.kit.embedded import place as places
from hub.kit.embedded import process
from hub.kit.embedded.place import Place

HUB_USER: Final = "hub"
SEARCH: Final = "/usr/sbin:/usr/local/sbin:/sbin:/usr/local/bin:/usr/bin:/bin:/opt/homebrew/sbin"
START_PATIENCE_S: Final = 20.0
ROOT: Final = "cheongsa/v1"
WRITES: Final = (
    "counts", "health", "state", "config/reported", "preview", "command/+/result",
)  # fmt: skip
READS: Final = ("committed", "config/wanted", "command/+")
HOME_ASSISTANT_USER: Final = "home-assistant"
TOLD: Final = "homeassistant/device/#"  # the hub writes it where the switch is on

Kind = Literal["mosquitto", "amqtt"]


@dataclass(frozen=True, slots=True)
class Certified:
    """What a listener needs that knows nodes by their certificates, as PEM files."""

    ca: Path
    certificate: Path
    key: Path
    revoked: Path


class BrokerError(Exception):
    """The embedded broker does not start. The message holds the end of its log."""


@dataclass
class Broker:
    """A running broker."""

    kind: Kind
    place: Place
    port: int
    passwords: dict[str, str]
    tls_port: int | None = None
    """Where enrolled nodes come in; mosquitto only."""
    child: subprocess.Popen[bytes] = field(init=False)
    host: str = "127.0.0.1"

    @property
    def log(self) -> Path:
        """The broker's log file."""
        return self.place.files / "broker.log"

    def url(self, user: str = HUB_USER) -> str:
        """`mqtt://user@host:port`, with the user's `/` escaped. The password goes apart."""
        return f"mqtt://{user.replace('/', '%2F')}@{self.host}:{self.port}"

    @property
    def revoked(self) -> Path:
        """The revocation list it reads at its start and at SIGHUP."""
        return self.place.files / "revoked.pem"

    @property
    def pid_file(self) -> Path:
        """Who is to be sent SIGHUP."""
        return self.place.files / "broker.pid"

    def stop(self) -> None:
        """End it. Retained messages are kept by mosquitto, and are said again by the hub anyway."""
        process.stop(self.child, signal.SIGTERM)

    def restart(self) -> None:
        """Start it again on the same port, after `stop` or a kill."""
        self.child = process.start(
            _command(self), self.place, self.log, step_down=self.kind == "mosquitto"
        )
        self.pid_file.write_text(str(self.child.pid))
        _wait_until_up(self)


def start(
    data_dir: Path,
    nodes: Sequence[str],
    *,
    port: int | None = None,
    kind: Kind | None = None,
    certified: Certified | None = None,
) -> Broker:
    """Start the broker that belongs to `data_dir` for the hub and these `site/node` names.

    With `certified` enrolled nodes of any name come in on `tls_port`, beside those with passwords.

    Raises:
        BrokerError: it did not come up.
        PlaceError: its folder or user cannot be had.
    """
    place = places.find(data_dir)
    which = kind or ("mosquitto" if mosquitto() else "amqtt")
    broker = Broker(which, place, port or _free_port(), _passwords(place, [HUB_USER, *nodes]))
    if certified is not None:
        _certify(broker, certified)
    (_configure_mosquitto if which == "mosquitto" else _configure_amqtt)(broker)
    broker.restart()
    return broker


def admit(data_dir: Path, nodes: Sequence[str]) -> dict[str, str]:
    """Let more `site/node` names into the broker that runs on `data_dir`; return all passwords.

    Raises:
        BrokerError: none runs there, or it is one that knows only who was there at its start.
        PlaceError: its folder or user cannot be had.
    """
    place = places.find(data_dir)
    pid_file, configured = place.files / "broker.pid", place.files / "mosquitto.conf"
    if not (pid_file.exists() and configured.exists() and mosquitto()):
        raise BrokerError(f"No mosquitto runs on {data_dir}: install it, and start `make run`.")
    passwords = _passwords(place, [HUB_USER, *nodes])
    _write_passwords(place, passwords)
    os.kill(int(pid_file.read_text()), signal.SIGHUP)  # it reads them again, and hangs nobody up
    return passwords


def mosquitto() -> str | None:
    """Path of a mosquitto 2, or None. Debian keeps it in sbin, which a user's PATH lacks."""
    path = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:{SEARCH}")
    if path is None or _password_tool() is None:
        return None
    said = subprocess.run([path, "-h"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    return path if "version 2." in said else None


def _password_tool() -> str | None:
    return shutil.which("mosquitto_passwd", path=f"{os.environ.get('PATH', '')}:{SEARCH}")


def acl(nodes: Sequence[str]) -> dict[str, tuple[list[str], list[str]]]:
    """User -> (topics it may write, topics it may read)."""
    may: dict[str, tuple[list[str], list[str]]] = {
        HUB_USER: ([f"{ROOT}/#", TOLD], [f"{ROOT}/#"]),
    }
    for node in nodes:
        if node == HOME_ASSISTANT_USER:
            may[node] = ([], ["homeassistant/#"])
            continue
        may[node] = (
            [f"{ROOT}/{node}/{subject}" for subject in WRITES],
            [*(f"{ROOT}/{node}/{subject}" for subject in READS), f"{ROOT}/time"],
        )
    return may


def _passwords(place: Place, users: Sequence[str]) -> dict[str, str]:
    kept_in = place.files / "broker-passwords.json"
    known: dict[str, str] = json.loads(kept_in.read_text()) if kept_in.exists() else {}
    known |= {user: secrets.token_urlsafe(24) for user in users if user not in known}
    places.write(kept_in, json.dumps(known), place)
    return known


def _users(broker: Broker) -> dict[str, tuple[list[str], list[str]]]:
    return acl([user for user in broker.passwords if user != HUB_USER])


def _configure_mosquitto(broker: Broker) -> None:
    files = broker.place.files
    password_file, acl_file = (
        _write_passwords(broker.place, broker.passwords),
        files / "mosquitto.acl",
    )
    places.write(acl_file, mosquitto_acl(), broker.place)
    places.write(
        files / "mosquitto.conf", _mosquitto_conf(broker, password_file, acl_file), broker.place
    )


def _write_passwords(place: Place, passwords: Mapping[str, str]) -> Path:
    """The hashes, as mosquitto reads them: a broker that reads meanwhile finds old or new ones."""
    file = place.files / "mosquitto.passwords"
    beside = file.with_suffix(".new")
    plain = "".join(f"{user}:{password}\n" for user, password in passwords.items())
    places.write(beside, plain, place)
    tool = str(_password_tool())
    subprocess.run([tool, "-U", str(beside)], check=True, capture_output=True)  # noqa: S603
    places.write(beside, beside.read_text(), place)
    beside.replace(file)
    return file


def mosquitto_acl() -> str:
    """One line a topic and direction; `%u` is the name in the certificate, or the user's."""
    lines = [f"user {HUB_USER}", f"topic readwrite {ROOT}/#", f"topic write {TOLD}", ""]
    lines += [f"user {HOME_ASSISTANT_USER}", "topic read homeassistant/#", ""]
    lines += [f"pattern write {ROOT}/%u/{subject}" for subject in WRITES]
    lines += [f"pattern read {ROOT}/%u/{subject}" for subject in READS]
    return "\n".join([*lines, f"pattern read {ROOT}/time"]) + "\n"


def _certify(broker: Broker, given: Certified) -> None:
    """Copy the files to where the broker's user can read them."""
    if broker.kind != "mosquitto":
        raise BrokerError("Only mosquitto knows nodes by their certificates: install it.")
    broker.tls_port = _free_port()
    for name, file in _certificates(broker).items():
        places.write(file, getattr(given, name).read_text(), broker.place)


def _certificates(broker: Broker) -> dict[str, Path]:
    files = broker.place.files
    return {
        "ca": files / "ca.pem",
        "certificate": files / "broker.pem",
        "key": files / "broker.key",
        "revoked": broker.revoked,
    }


def _mosquitto_tls(broker: Broker) -> str:
    """Every connection is of the name in its certificate, and one name has one connection."""
    if broker.tls_port is None:
        return ""
    files = _certificates(broker)
    return f"""\
listener {broker.tls_port} {broker.host}
cafile {files["ca"]}
certfile {files["certificate"]}
keyfile {files["key"]}
crlfile {files["revoked"]}
require_certificate true
use_identity_as_username true
use_username_as_clientid true
tls_version tlsv1.2
"""


def _mosquitto_conf(broker: Broker, password_file: Path, acl_file: Path) -> str:
    """A client's queue is bounded, largely and not by 0: 0 is unlimited or nothing, by the version.

    Of messages as of bytes: 200,000 windows are 200 MB, 200,000 stills would be 58 GB.
    """
    return f"""\
listener {broker.port} {broker.host}
allow_anonymous false
password_file {password_file}
acl_file {acl_file}
persistence false
max_queued_messages 200000
max_queued_bytes 268435456
max_inflight_messages 1000
message_size_limit 294912
log_dest stdout
log_type error
log_type warning
{_mosquitto_tls(broker)}"""


def _configure_amqtt(broker: Broker) -> None:
    from pwdlib.hashers.argon2 import Argon2Hasher

    hasher = Argon2Hasher()
    lines = [f"{user}:{hasher.hash(word)}\n" for user, word in broker.passwords.items()]
    password_file = broker.place.files / "amqtt.passwords"
    places.write(password_file, "".join(lines), broker.place)
    told = _amqtt_config(broker, password_file)
    places.write(broker.place.files / "amqtt.yaml", json.dumps(told, indent=1), broker.place)


def _amqtt_config(broker: Broker, password_file: Path) -> dict[str, object]:
    users = _users(broker)
    reads = {user: read for user, (_, read) in users.items()}
    return {
        "listeners": {"default": {"type": "tcp", "bind": f"{broker.host}:{broker.port}"}},
        "plugins": {
            "amqtt.plugins.authentication.FileAuthPlugin": {"password_file": str(password_file)},
            "amqtt.plugins.topic_checking.TopicAccessControlListPlugin": {
                "publish_acl": {user: write for user, (write, _) in users.items()},
                "acl": reads,
            },
        },
    }


def _command(broker: Broker) -> list[str | Path]:
    files = broker.place.files
    if broker.kind == "mosquitto":
        return [str(mosquitto()), "-c", files / "mosquitto.conf"]
    return [sys.executable, "-m", "amqtt.scripts.broker_script", "-c", files / "amqtt.yaml"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(broker: Broker) -> None:
    deadline_s = time.monotonic() + START_PATIENCE_S
    while time.monotonic() < deadline_s:
        if broker.child.poll() is not None:
            raise BrokerError(f"The broker ended at start: {process.last_words(broker.log)}")
        try:
            socket.create_connection((broker.host, broker.port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    broker.stop()
    raise BrokerError(f"The broker is not up after {START_PATIENCE_S:.0f} s: see {broker.log}")
