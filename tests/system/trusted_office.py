"""An office with a CA: mosquitto over TLS, `web` behind TLS, `ingest`, the keeper of the list."""

import asyncio
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import psycopg
from cryptography.hazmat.primitives.asymmetric import ec
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from edge.wire.topics import NodeName
from hub.devices import enrolment, pki, pki_files
from hub.devices.store import enrol as store
from hub.identity import sessions
from hub.identity.store import sessions as sessions_store
from hub.kit import clock, db
from hub.kit.embedded import broker as brokers
from hub.kit.embedded.broker import Broker, Certified
from tests.conftest import Database
from tests.system.tls_front import tls_front
from tests.web.conftest import web_process
from tests.web.people import OURS, add

ROOT: Final = Path(__file__).parents[2]
PATIENCE_S: Final = 60.0
CAM_1: Final = NodeName("demo", "cam-1")


def until(true: Callable[[], Any], what: str = "it") -> Any:
    end_s = time.monotonic() + PATIENCE_S
    while not (found := true()):
        assert time.monotonic() < end_s, f"waited in vain for {what}"
        time.sleep(0.1)
    return found


@dataclass
class Speaker:
    """Somebody at the broker's TLS door, with whatever key and certificate."""

    client: Client
    heard: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    """Of CONNECT, then of each SUBSCRIBE and PUBLISH."""
    is_up: bool = False

    def says(self, topic: str, payload: bytes = b"{}") -> str:
        """The broker's answer to a publication."""
        before = len(self.answers)
        self.client.publish(topic, payload, qos=1)
        until(lambda: len(self.answers) > before, "PUBACK")
        return self.answers[-1]

    def listens(self, topic: str) -> str:
        """The broker's answer to a subscription."""
        before = len(self.answers)
        self.client.subscribe(topic, 1)
        until(lambda: len(self.answers) > before, "SUBACK")
        return self.answers[-1]


@dataclass
class TrustedOffice:
    """What runs, and hands to act with."""

    folder: Path
    database: Database
    broker: Broker
    authority: pki.Authority
    url: str
    env: dict[str, str]
    headers: dict[str, str]
    stack: ExitStack

    def post(self, path: str, told: Any = None, **headers: str) -> httpx.Response:
        """As a facilities person on a page of ours."""
        known = ssl.create_default_context(cafile=self.folder / "ca" / "ca.pem")
        with httpx.Client(verify=known, trust_env=False) as client:
            return client.post(self.url + path, json=told, headers={**self.headers, **headers})

    def invited(self, name: NodeName = CAM_1) -> dict[str, Any]:
        """A new code, for a node that is there."""
        answer = self.post(f"/api/v1/nodes/{name}/code")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def node_env(self, told: dict[str, Any], folder: Path) -> dict[str, str]:
        """What the card of this node holds."""
        folder.mkdir(exist_ok=True)
        (folder / "hub-ca.pem").write_text(told["ca_pem"])
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("EDGE_", "HUB_"))}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "EDGE_SITE": told["site"],
            "EDGE_NODE": told["node"],
            "EDGE_HUB_URL": told["hub_url"],
            "EDGE_HUB_CA_FILE": str(folder / "hub-ca.pem"),
            "EDGE_ENROL_CODE": told["code"],
            "EDGE_CARD_MADE_AT": told["made_at"],
            "EDGE_DATA_DIR": str(folder),
            "EDGE_WINDOW_S": "1",
            "EDGE_FRAMES_PER_S": "8",
            "EDGE_CLOCK_TRUSTED": "1",
        }

    def process(self, *command: str, env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
        """Start a program of ours; it ends with the office."""
        with log.open("ab") as out:
            child = subprocess.Popen(
                [sys.executable, *command], env=env, cwd=ROOT, stdout=out, stderr=out
            )
        self.stack.callback(end, child)
        return child

    def speaker(
        self,
        key: ec.EllipticCurvePrivateKey,
        certificate_pem: str,
        *,
        client_id: str = "somebody",
    ) -> Speaker:
        """Connect with this identity; it may not be let in: see `is_up`."""
        stem = self.folder / f"speaker-{time.monotonic_ns()}"
        stem.write_text(pki_files._pem_of_key(key) + certificate_pem)
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        client.tls_set(str(self.folder / "ca" / "ca.pem"), str(stem))
        speaker = Speaker(client)

        def on_connect(*said: Any) -> None:
            speaker.is_up = not said[3].is_failure

        def on_disconnect(*_: Any) -> None:
            speaker.is_up = False
            speaker.answers.append("gone")

        client.on_connect, client.on_disconnect = on_connect, on_disconnect
        client.on_subscribe = lambda *said: speaker.answers.append(str(said[3][0]))
        client.on_publish = lambda *said: speaker.answers.append(str(said[3]))
        client.on_message = lambda *said: speaker.heard.append(said[2].topic)
        client.connect("127.0.0.1", self.broker.tls_port or 0)
        client.loop_start()
        self.stack.callback(_let_go, client)
        until(lambda: speaker.is_up or speaker.answers, "an answer to CONNECT")
        return speaker

    def enrolled(
        self, name: NodeName = CAM_1, *, issued_ago: timedelta = timedelta(0)
    ) -> tuple[ec.EllipticCurvePrivateKey, str]:
        """A key with its certificate, issued by the hub's own rules, perhaps long ago."""
        return asyncio.run(self._enrol(name, clock.now() - issued_ago))

    async def _enrol(self, name: NodeName, now: datetime) -> tuple[ec.EllipticCurvePrivateKey, str]:
        key = ec.generate_private_key(ec.SECP256R1())
        told = enrolment.Authorities.of(self.settings)
        async with await db.connect(self.database.dsn) as conn:
            invited = await enrolment.invite(conn, self.settings, name, "test", now)
            given = await enrolment.admit(conn, told, invited.code, key.public_key(), now)
            await conn.commit()
        return key, given.certificate_pem

    @property
    def settings(self) -> Any:
        from hub.kit.settings import Settings

        return Settings.from_env(self.env)

    def ask(self, query: str, *given: Any) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with psycopg.connect(self.database.dsn) as conn:
            return conn.execute(query, given).fetchall()  # type: ignore[arg-type]

    def listed(self) -> set[str]:
        """Serials that the database calls revoked."""
        with db.connect_sync(self.database.dsn) as conn:
            return {serial for serial, _ in store.revoked_serials_sync(conn, clock.now())}


def end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _let_go(client: Client) -> None:
    client.disconnect()
    client.loop_stop()
    client.on_connect = client.on_disconnect = client.on_subscribe = None
    client.on_publish = client.on_message = None


@contextmanager
def open_office(folder: Path, database: Database, **more: str) -> Iterator[TrustedOffice]:
    """Everything runs when this is entered. `more` are variables of the hub."""
    ca = folder / "ca"
    authority = pki_files.make(ca, "Test CA", clock.now())
    for stem in ("broker", "door"):
        names = ["localhost", "127.0.0.1"]
        pki_files.make_server(authority, folder / "servers", stem, names, clock.now())
    (folder / "revoked.pem").write_text(pki.revocation_list(authority, [], 0, clock.now()))
    with ExitStack() as stack:
        broker = _broker(folder, stack)
        env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("HUB_")},
            "HUB_DATABASE_DSN": database.dsn,
            "HUB_BROKER_URL": broker.url(),
            "HUB_BROKER_PASSWORD": broker.passwords[brokers.HUB_USER],
            "HUB_CA_DIR": str(ca),
            "HUB_NODE_BROKER_URL": f"mqtts://localhost:{broker.tls_port}",
            **more,
        }
        headers = asyncio.run(_fill(database))
        port = stack.enter_context(_reserved())
        url = stack.enter_context(_front(folder, port))
        env["HUB_PUBLIC_URL"] = url
        hub_env = {k: v for k, v in env.items() if k.startswith("HUB_")}
        stack.enter_context(web_process(database.dsn, **{**hub_env, "HUB_PORT": str(port)}))
        office = TrustedOffice(folder, database, broker, authority, url, env, headers, stack)
        office.process("-m", "hub", "ingest", env=env, log=folder / "ingest.log")
        keep = ["ca", "revoked", str(broker.revoked), "--pid-file", str(broker.pid_file)]
        office.process("-m", "hub", *keep, "--follow", env=env, log=folder / "keeper.log")
        until(lambda: "broker connected" in (folder / "ingest.log").read_text(), "ingest")
        yield office
        for log in sorted(folder.glob("*.log")):
            print(f"--- {log.name}\n{log.read_text()}")
        print(broker.log.read_text()[-3000:])


def _broker(folder: Path, stack: ExitStack) -> Broker:
    servers = folder / "servers"
    certified = Certified(
        folder / "ca" / "ca.pem",
        servers / "broker.pem",
        servers / "broker.key",
        folder / "revoked.pem",
    )
    broker = brokers.start(folder / "data", [], kind="mosquitto", certified=certified)
    stack.callback(broker.stop)
    return broker


@contextmanager
def _reserved() -> Iterator[int]:
    from tests.web.conftest import free_port

    yield free_port()


@contextmanager
def _front(folder: Path, port: int) -> Iterator[str]:
    door = folder / "servers" / "door"
    with tls_front(port, door.with_suffix(".pem"), door.with_suffix(".key")) as front:
        yield f"https://localhost:{front}"


async def _fill(database: Database) -> dict[str, str]:
    """Two offices, three nodes with a queue each, and a facilities person who is signed in."""
    token = sessions.new_token()
    async with await db.connect(database.dsn) as conn:
        for site, node in (("demo", "cam-1"), ("demo", "cam-2"), ("other", "cam-1")):
            await conn.execute(
                "INSERT INTO site VALUES (%s, 'o', 'o') ON CONFLICT DO NOTHING",
                (site,),
            )
            await conn.execute(
                "INSERT INTO node (site, node, name, name_en, wanted, wanted_revision)"
                " VALUES (%s, %s, 'n', 'n', %s, 1)",
                (site, node, WANTED),
            )
            await conn.execute(
                "INSERT INTO zone (site, node, zone, name, name_en)"
                " VALUES (%s, %s, 'queue', 'q', 'q')",
                (site, node),
            )
        person = await add(conn, "lee", "facilities")
        await sessions_store.begin(conn, sessions.digest(token), person, "127.0.0.1", clock.now())
        await conn.commit()
    return {
        "Cookie": f"{sessions.COOKIE}={token}",
        "X-CSRF-Token": sessions.csrf_token(token),
        **OURS,
    }


WANTED: Final = (
    b'{"revision":1,"rates":{"frames_per_s":6},"zones":['
    b'{"zone":"queue","near":true,"polygon":[[0,0.4],[1,0.4],[1,1],[0,1]]}]}'
)
