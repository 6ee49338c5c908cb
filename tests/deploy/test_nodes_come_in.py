"""A server as compose starts it takes enrolled nodes in, and revoked ones no more.

Every program runs for real with the command, the environment and the files that docker-compose.yml
gives it; only the ports and the database are others.
"""

import asyncio
import io
import os
import ssl
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from psycopg.conninfo import make_conninfo

from deploy import make_env
from edge.wire.topics import NodeName
from hub.devices import broker_files, pki, pki_files
from hub.kit import app_user, clock, db
from hub.kit.embedded import broker as brokers
from tests.conftest import Database
from tests.deploy.broker_container import (
    BrokerContainer,
    Speaker,
    answers,
    broker_container,
    quiet_port,
    until,
)
from tests.deploy.conftest import ROOT, command_of, env_of, handshake, read_compose
from tests.deploy.test_proxy import NGINX, rendered
from tests.hub.watch.office import health
from tests.system.trusted_office import CAM_1, _fill, end
from tests.web.conftest import Web, web_process

HOST = "localhost"
PATIENCE_S = 90
pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


@dataclass
class Server:
    """What runs, and hands to act with."""

    made: Path
    compose: dict[str, Any]
    database: Database
    broker: BrokerContainer
    web: Web
    keeper: subprocess.Popen[bytes]
    headers: dict[str, str]

    def post(self, path: str, told: Any = None) -> httpx.Response:
        """As a facilities person on a page of ours."""
        with httpx.Client(trust_env=False, timeout=PATIENCE_S) as client:
            return client.post(self.web.url + path, json=told, headers=self.headers)

    def get(self, path: str) -> httpx.Response:
        """As somebody on the intranet."""
        with httpx.Client(trust_env=False, timeout=PATIENCE_S) as client:
            return client.get(self.web.url + path)

    def enrolled(self, name: NodeName = CAM_1) -> tuple[Path, dict[str, str]]:
        """As a node does it: a code, a key of its own, a certificate; and all it was told."""
        code = self.post(f"/api/v1/nodes/{name}/code").json()["code"]
        key = ec.generate_private_key(ec.SECP256R1())
        request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        signed = request.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        answer = self.post("/api/v1/enrolment", {"code": code, "csr_pem": signed.decode()})
        assert answer.status_code == 200, answer.text
        file = self.made / f"{name.site}-{name.node}-{clock.now():%H%M%S%f}.pem"
        file.write_text(pki_files._pem_of_key(key) + answer.json()["certificate_pem"])
        return file, answer.json()

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with psycopg.connect(self.database.dsn) as conn:
            return conn.execute(query).fetchall()  # type: ignore[arg-type]

    def may_come_in(self, identity: Path) -> bool:
        """Whether the broker takes this node in now."""
        with Speaker(self.broker, identity=identity) as node:
            return node.is_in


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder in which `make env` was run for this machine, with ports that are free here."""
    make_env.make(tmp_path, HOST)
    with (tmp_path / ".env").open("a") as env:
        env.write(f"CHEONGSA_MQTT_PORT={quiet_port()}\n")
    return tmp_path


@pytest.fixture
def app_dsn(database: Database) -> str:
    """The database as `web`, `ingest` and the keeper see it: with the rights of their user."""
    with db.connect_sync(database.dsn, autocommit=True) as owner:
        app_user.let_in(owner, "only for this test")
    return make_conninfo(database.dsn, options=f"-c role={app_user.USER}")


def start(name: str, made: Path, dsn: str, **more: str) -> subprocess.Popen[bytes]:
    """A container of the hub, with what compose gives it."""
    compose = read_compose(made)
    env = env_of(compose, name, made, HUB_DATABASE_DSN=dsn, **more)
    with (made / f"{name}.log").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "hub", *command_of(compose, name, made)],
            env=env,
            stdout=out,
            stderr=out,
        )


def run(name: str, made: Path, dsn: str) -> int:
    """A container that does one thing; its exit status."""
    return start(name, made, dsn).wait(PATIENCE_S)


@pytest.fixture
def office(made: Path, database: Database, app_dsn: str) -> Iterator[Server]:
    headers = asyncio.run(_fill(database))
    compose = read_compose(made)
    with ExitStack() as stack:
        broker = stack.enter_context(broker_container(compose, made, made, wait=False))
        assert run("ca", made, app_dsn) == 0, (made / "ca.log").read_text()
        until(lambda: broker.is_up, "the broker")
        inside = {"HUB_BROKER_URL": f"mqtt://hub@127.0.0.1:{broker.plain}"}
        env = {
            k: v for k, v in env_of(compose, "web", made, **inside).items() if k.startswith("HUB_")
        }
        web = stack.enter_context(web_process(app_dsn, **env))
        running = {name: start(name, made, app_dsn, **inside) for name in ("ingest", "keeper")}
        for process in running.values():
            stack.callback(end, process)
        until(lambda: "broker connected" in (made / "ingest.log").read_text(), "ingest")
        until(lambda: "started" in (made / "keeper.log").read_text(), "the keeper")
        yield Server(made, compose, database, broker, web, running["keeper"], headers)
        for log in sorted(made.glob("*.log")):
            print(f"--- {log.name}\n{log.read_text()[-3_000:]}")


def test_a_real_node_goes_the_whole_way_by_what_its_card_says(office: Server):
    """Through the proxy, with the certificate of `make env`; from a code to a stored count."""
    if NGINX is None:
        pytest.skip("not installed: apt-get install nginx-light")
    told = office.post("/api/v1/nodes/demo/cam-1/code").json()
    card = office.made / "card"
    card.mkdir()
    (card / "hub-ca.pem").write_text(told["ca_pem"])
    with proxy(office) as https, (office.made / "node.log").open("ab") as out:
        env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("EDGE_", "HUB_"))},
            "PYTHONPATH": str(ROOT),
            "EDGE_SITE": "demo",
            "EDGE_NODE": "cam-1",
            "EDGE_HUB_URL": f"{told['hub_url']}:{https}",
            "EDGE_HUB_CA_FILE": str(card / "hub-ca.pem"),
            "EDGE_ENROL_CODE": told["code"],
            "EDGE_CARD_MADE_AT": told["made_at"],
            "EDGE_DATA_DIR": str(card),
            "EDGE_WINDOW_S": "1",
            "EDGE_FRAMES_PER_S": "8",
            "EDGE_CLOCK_TRUSTED": "1",
        }
        command = [sys.executable, "-m", "tests.edge.drawn_node"]
        node = subprocess.Popen(command, env=env, cwd=ROOT, stdout=out, stderr=out)
        try:
            until(lambda: office.ask("SELECT count(*) FROM sample")[0][0] > 1, "counts")
        finally:
            end(node)
    assert (card / "identity" / "node.pem").stat().st_mode & 0o777 == 0o600


@contextmanager
def proxy(office: Server) -> Iterator[int]:
    """nginx in front of the office's web; its port."""
    http, https = quiet_port(), quiet_port()
    folder = office.made / "nginx"
    folder.mkdir()
    conf = rendered(folder, office.made, http=http, https=https, web=office.web.port)
    child = subprocess.Popen([str(NGINX), "-c", conf, "-p", folder, "-e", "stderr"])
    try:
        until(lambda: answers(https), "nginx")
        yield https
    finally:
        end(child)


def test_an_enrolled_node_gets_in_by_what_it_was_told_and_what_it_says_is_stored(office: Server):
    identity, told = office.enrolled()
    assert told["broker_url"] == f"mqtts://{HOST}:{office.broker.tls}"
    assert told["broker_ca_pem"] == (office.made / "secrets/ca/ca.pem").read_text()
    assert told["hub_ca_pem"] == (office.made / "secrets/certs/ca.crt").read_text()
    with Speaker(office.broker, identity=identity) as node:
        assert node.says(*health()) == 0
        until(lambda: office.ask("SELECT 1 FROM node WHERE health_at IS NOT NULL"), "the row")


def test_a_revocation_reaches_the_running_broker_and_others_notice_nothing(office: Server):
    gone, _ = office.enrolled()
    stays, _ = office.enrolled(NodeName("demo", "cam-2"))
    with (
        Speaker(office.broker, identity=stays) as other,
        Speaker(office.broker, identity=gone) as node,
    ):
        assert node.says(*health()) == 0
        assert office.post("/api/v1/nodes/demo/cam-1/revocation").json() == {"certificates": 1}
        until(lambda: not node.is_in, "the connection to be ended")
        until(lambda: not office.may_come_in(gone), "the list to reach the broker")
        assert other.is_in
        assert other.refused is None
    again, _ = office.enrolled()
    until(lambda: office.may_come_in(again), "the new certificate to be let in")
    assert not office.may_come_in(gone)


def test_a_revocation_while_the_keeper_was_away_reaches_the_broker_when_it_is_back(
    office: Server, app_dsn: str
):
    gone, _ = office.enrolled()
    end(office.keeper)
    assert office.post("/api/v1/nodes/demo/cam-1/revocation").json() == {"certificates": 1}
    back = start("keeper", office.made, app_dsn)
    try:
        until(lambda: not office.may_come_in(gone), "the list to reach the broker")
    finally:
        end(back)


def test_the_brokers_certificate_is_made_anew_in_time_and_shown(office: Server):
    node, _ = office.enrolled()
    folder, authority = office.broker.pki, pki_files.load(office.made / "secrets/ca")
    old = clock.now() - pki.SERVER_FOR + broker_files.RENEW_BEFORE - timedelta(days=1)
    pki_files.make_server(authority, folder, "broker", [HOST], old)
    ending = (folder / "broker.pem").read_text()
    with psycopg.connect(office.database.dsn) as conn:
        conn.execute("SELECT pg_notify('config', '')")
    until(lambda: (folder / "broker.pem").read_text() != ending, "a new certificate")
    until(lambda: office.may_come_in(node), "the broker to show it")


def test_a_card_points_the_node_to_this_server(office: Server):
    shelf = office.made / "node-files"
    for name in ("trixie/cheongsa-0.1.0-py3-none-any.whl", "models/yolo11n.onnx"):
        (shelf / name).parent.mkdir(exist_ok=True)
        (shelf / name).write_bytes(b"x")
    card = office.post("/api/v1/nodes/demo/cam-1/card", {"release": "trixie"})
    assert card.status_code == 200, card.text
    with zipfile.ZipFile(io.BytesIO(card.content)) as archive:
        told = {name: archive.read(name).decode() for name in archive.namelist()}
    assert f"EDGE_HUB_URL=https://{HOST}\n" in told["cheongsa/edge.env"]
    assert told["cheongsa/hub-ca.pem"] == (office.made / "secrets/certs/ca.crt").read_text()
    for port in (443, office.broker.tls):
        assert f"127.0.0.1 tcp dport {port} accept" in told["cheongsa/hub.nft"]
    assert office.get("/api/v1/node-files/models/yolo11n.onnx").content == b"x"


def test_a_door_that_the_hubs_own_ca_signed_is_believed_by_it(made: Path, app_dsn: str):
    assert run("ca", made, app_dsn) == 0
    door = made / "secrets" / "certs" / "server.pem"
    env = env_of(read_compose(made), "ca", made, HUB_DATABASE_DSN=app_dsn)
    command = [sys.executable, "-m", "hub", "ca", "server", str(door), HOST]
    subprocess.run(command, env=env, check=True, timeout=PATIENCE_S)
    strict = ssl.create_default_context(cafile=str(made / "secrets/ca/ca.pem"))
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    assert handshake(door, door.with_suffix(".key"), strict, HOST) is None


def test_the_second_start_changes_nothing(made: Path, app_dsn: str):
    assert run("ca", made, app_dsn) == 0
    before = _what_lies_in(made / "secrets")
    assert run("ca", made, app_dsn) == 0
    assert _what_lies_in(made / "secrets") == before
    for path in (made / "secrets/ca", made / "secrets/broker"):
        assert path.stat().st_mode & 0o777 == 0o700
    assert (made / "secrets/ca/ca.key").stat().st_mode & 0o777 == 0o600


def _what_lies_in(folder: Path) -> dict[Path, tuple[bytes, int]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_a_server_whose_ca_is_lost_makes_no_other_while_nodes_are_enrolled(
    office: Server, app_dsn: str
):
    node, _ = office.enrolled()
    ca = office.made / "secrets/ca"
    kept = {file.name: file.read_bytes() for file in ca.iterdir()}
    for file in ca.iterdir():
        file.unlink()
    assert run("ca", office.made, app_dsn) == 2
    assert "is empty, and enrolled nodes: 1." in (office.made / "ca.log").read_text()
    assert not list(ca.iterdir())
    for name, told in kept.items():
        (ca / name).write_bytes(told)
    assert run("ca", office.made, app_dsn) == 0
    assert office.may_come_in(node)


def test_the_keeper_only_reads_the_ca_and_only_the_first_start_may_write_it(made: Path):
    services = read_compose(made)["services"]
    may = {
        name: volume.removeprefix("./secrets/ca:/srv/ca")
        for name, service in services.items()
        for volume in service.get("volumes", ())
        if volume.startswith("./secrets/ca:")
    }
    assert may == {"ca": "", "keeper": ":ro", "web": ":ro"}
    assert services["ca"]["restart"] == "no"
