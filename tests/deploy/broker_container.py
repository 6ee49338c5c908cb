"""The broker as its container runs it: run.sh, mosquitto.conf and acl, at other paths and ports."""

import contextlib
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from hub.kit.embedded import broker as brokers
from tests.deploy.conftest import command_of, mounted, placed

PATIENCE_S = 90.0
NOBODY_LISTENS = 0x10
NOT_AUTHORIZED = 0x87
NODES = 8883
TRIES = 5
LAX = "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = old\n[old]\n" + (
    "MinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n"
)
"""An OpenSSL that would speak anything: what is refused, mosquitto.conf refuses."""


def until(true: Callable[[], Any], what: str = "it", patience_s: float = PATIENCE_S) -> Any:
    """Wait for something to become true and return it."""
    end_s = time.monotonic() + patience_s
    while not (found := true()):
        assert time.monotonic() < end_s, f"waited in vain for {what}"
        time.sleep(0.05)
    return found


@dataclass
class BrokerContainer:
    """A running one: its two doors, and the files that `make env` and the keeper made for it."""

    process: subprocess.Popen[bytes]
    plain: int
    tls: int
    made: Path
    log: Path

    @property
    def pki(self) -> Path:
        return self.made / "secrets" / "broker"

    def word(self, user: str) -> str:
        """The password of somebody who comes in by the door inside."""
        name = {"hub": "broker", "demo/cam-1": "sim"}[user]
        return (self.made / "secrets" / f"{name}_password").read_text()

    @property
    def is_up(self) -> bool:
        """Whether both doors are open."""
        return all(answers(port) for port in (self.plain, self.tls))


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def configured(compose: dict[str, Any], made: Path, folder: Path, plain: int, tls: int) -> Path:
    """A folder as /mosquitto/config: the files that are mounted there, for this machine."""
    config = folder / "config"
    places = mounted(compose, "broker", made)
    shutil.rmtree(config, ignore_errors=True)
    shutil.copytree(places["/mosquitto/config"], config)
    text = (config / "mosquitto.conf").read_text()
    for ours, port in (("listener 1883", plain), ("listener 8883", tls)):
        assert f"{ours}\n" in text
        text = text.replace(ours, f"listener {port} 127.0.0.1")
    text = placed(text, {**places, "/mosquitto/config": config})
    assert " /mosquitto/" not in text
    (config / "mosquitto.conf").write_text(text + "user root\n")
    return config


@contextmanager
def broker_container(
    compose: dict[str, Any], made: Path, folder: Path, *shell: str, wait: bool = True
) -> Iterator[BrokerContainer]:
    """Start it; `wait` until both doors are open. `shell` runs run.sh in the place of /bin/sh."""
    found = _started(compose, made, folder, shell, wait=wait)
    try:
        yield found
    finally:
        found.process.terminate()
        try:
            found.process.wait(PATIENCE_S)
        finally:
            _end_group(found.process.pid)
            print(found.log.read_text()[-3_000:])


def _end_group(pid: int) -> None:
    """Whoever of it is left; usually nobody."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _started(
    compose: dict[str, Any], made: Path, folder: Path, shell: tuple[str, ...], *, wait: bool
) -> BrokerContainer:
    """A free port may be taken by somebody else before mosquitto has it: then another."""
    log = folder / "broker.log"
    for _ in range(TRIES):
        found = _start(compose, made, folder, shell)
        if not wait or _opens(found):
            return found
    raise AssertionError(log.read_text())


def _opens(found: BrokerContainer) -> bool:
    until(lambda: found.is_up or found.process.poll() is not None, "the doors")
    return found.process.poll() is None


def _start(
    compose: dict[str, Any], made: Path, folder: Path, shell: tuple[str, ...]
) -> BrokerContainer:
    published = int(compose["services"]["broker"]["ports"][0].partition(":")[0])
    plain, tls = quiet_port(), quiet_port() if published == NODES else published
    config = configured(compose, made, folder, plain, tls)
    (config / "openssl.cnf").write_text(LAX)
    mosquitto, log = brokers.mosquitto(), folder / "broker.log"
    assert mosquitto is not None
    env = {
        "OPENSSL_CONF": str(config / "openssl.cnf"),
        "PATH": f"{Path(mosquitto).parent}:{os.environ['PATH']}",
        "CONFIG": str(config),
        "PKI": str(made / "secrets" / "broker"),
    }
    sh, script = command_of(compose, "broker", made)
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*(shell or (sh,)), script], env=env, stdout=out, stderr=out, start_new_session=True
        )
    return BrokerContainer(process, plain, tls, made, log)


def quiet_port() -> int:
    """A free one that the kernel gives to nobody who asks for any."""
    while True:
        port = random.randint(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass
class Speaker:
    """One MQTT 5 client, by password inside or by certificate outside; what it was told."""

    broker: BrokerContainer
    user: str | None = None
    password: str | None = None
    identity: Path | None = None
    """Key and certificate in one file, for the door outside."""
    is_outside: bool = False
    """At the door for nodes; also without an identity."""
    client_id: str = ""
    heard: list[MQTTMessage] = field(default_factory=list)
    acks: list[int] = field(default_factory=list)
    granted: list[int] = field(default_factory=list)
    refused: int | str | None = None

    def __enter__(self) -> "Speaker":
        self.client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self.client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        self.client.max_inflight_messages_set(1_000)
        self.client.connect_timeout = PATIENCE_S
        if self.user is not None:
            self.client.username_pw_set(self.user, self.password or self.broker.word(self.user))
        self.is_outside = self.is_outside or self.identity is not None
        if self.is_outside:
            self.client.tls_set_context(self._tls())
        self._listen()
        self._connect()
        return self

    def __exit__(self, *_: object) -> None:
        self.client.disconnect()
        self.client.loop_stop()
        self.client.on_message = self.client.on_publish = self.client.on_subscribe = None
        self.client.on_connect = self.client.on_disconnect = None

    @property
    def is_in(self) -> bool:
        """Whether the broker has let it in, and it still is."""
        return self.refused is None and self.client.is_connected()

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.broker.pki / "ca.pem"))
        if self.identity is not None:
            context.load_cert_chain(self.identity)
        return context

    def _listen(self) -> None:
        self.client.on_message = lambda _c, _u, message: self.heard.append(message)
        self.client.on_publish = lambda _c, _u, _mid, reason, _p: self.acks.append(reason.value)
        self.client.on_subscribe = lambda _c, _u, _mid, told, _p: self.granted.append(told[0].value)
        self.client.on_connect = self._on_connect
        self.client.on_disconnect = self._on_disconnect

    def _connect(self) -> None:
        port = self.broker.tls if self.is_outside else self.broker.plain
        try:
            self.client.connect("localhost", port)
        except OSError as error:
            self.refused = str(error)
            return
        self.client.loop_start()
        until(lambda: self.client.is_connected() or self.refused is not None, "CONNACK")

    def _on_connect(self, _c: object, _u: object, _f: object, reason: Any, _p: object) -> None:
        self.refused = reason.value if reason.is_failure else None

    def _on_disconnect(self, _c: object, _u: object, _f: object, reason: Any, _p: object) -> None:
        if self.refused is None:
            self.refused = reason.value if reason.value else str(reason)

    def says(self, topic: str, payload: bytes = b"x", **more: Any) -> int:
        """The broker's answer to one message; 0: taken."""
        seen = len(self.acks)
        self.client.publish(topic, payload, qos=1, **more)
        until(lambda: len(self.acks) > seen or not self.client.is_connected(), "PUBACK")
        code = self.acks[-1] if len(self.acks) > seen else -1
        return 0 if code == NOBODY_LISTENS else code

    def listens(self, topic: str) -> int:
        """The broker's answer to a subscription: the QoS, or why not."""
        seen = len(self.granted)
        self.client.subscribe(topic, qos=1)
        until(lambda: len(self.granted) > seen, "SUBACK")
        return self.granted[-1]
