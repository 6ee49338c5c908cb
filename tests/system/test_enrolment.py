"""Enrolment on a real mosquitto, a real PostgreSQL and the real programs, over real TLS."""

import json
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edge.wire.topics import NodeName
from hub.devices import pki
from hub.kit import clock, db
from hub.kit.embedded import broker as brokers
from tests.conftest import Database
from tests.hub.watch.office import health
from tests.system.trusted_office import CAM_1, ROOT, TrustedOffice, open_office, until

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]
NOT_AUTHORIZED = "Not authorized"
SAMPLES = "SELECT count(*) FROM sample"


@pytest.fixture
def office(tmp_path: Path, database: Database) -> Iterator[TrustedOffice]:
    with open_office(tmp_path, database) as running:
        yield running


def csr(key: ec.EllipticCurvePrivateKey | None = None, cn: str = "") -> str:
    names = [x509.NameAttribute(x509.NameOID.COMMON_NAME, cn)] if cn else []
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(names))
    signed = builder.sign(key or ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def enrol(office: TrustedOffice, code: str, request: str) -> tuple[int, dict[str, str]]:
    answer = office.post("/api/v1/enrolment", {"code": code, "csr_pem": request})
    return answer.status_code, answer.json()


def run_enrol(env: dict[str, str], *before: str) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, "-m", "edge", "enrol"]
    return subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


def test_from_a_code_to_a_stored_count_and_after_a_revocation_to_none(office: TrustedOffice):
    """The whole way, with a real node: enrol, count, revoked, refused, a new code, count again."""
    card = office.folder / "card"
    env = office.node_env(office.invited(), card)
    node = office.process("-m", "tests.edge.drawn_node", env=env, log=office.folder / "node.log")
    until(lambda: office.ask(SAMPLES)[0][0] > 1, "counts")
    identity = card / "identity" / "node.pem"
    assert stat.S_IMODE(identity.stat().st_mode) == 0o600
    assert office.post("/api/v1/nodes/demo/cam-1/revocation").json() == {"certificates": 1}
    stored = office.ask(SAMPLES)[0][0]
    until(lambda: "certificate revoked" in office.broker.log.read_text() or _refused(office))
    end_of = (office.folder / "node.log").read_text
    until(lambda: end_of().count("no broker") >= 2, "the broker to shut its door")
    assert office.ask(SAMPLES)[0][0] == stored
    node.send_signal(signal.SIGTERM)
    node.wait(20)
    old_key = identity.read_text()
    env = office.node_env(office.invited(), card)
    office.process("-m", "tests.edge.drawn_node", env=env, log=office.folder / "node.log")
    until(lambda: office.ask(SAMPLES)[0][0] > stored, "counts after the new code")
    assert identity.read_text() != old_key


def _refused(office: TrustedOffice) -> bool:
    rows = office.ask("SELECT reason FROM dead_letter")
    return any("revoked" in reason for (reason,) in rows)


def test_a_node_speaks_and_hears_under_its_own_name_alone(office: TrustedOffice):
    node = office.speaker(*office.enrolled(), client_id="demo/cam-2")
    assert node.says("cheongsa/v1/demo/cam-1/health") == "Success"
    assert node.listens("cheongsa/v1/demo/cam-1/committed") == "Granted QoS 1"
    for other in ("demo/cam-2", "other/cam-1"):
        assert node.says(f"cheongsa/v1/{other}/health") == NOT_AUTHORIZED
        node.listens(f"cheongsa/v1/{other}/config/wanted")
    assert node.says("cheongsa/v1/time") == NOT_AUTHORIZED
    assert node.says("cheongsa/v1/demo/cam-1/committed") == NOT_AUTHORIZED
    node.listens("cheongsa/v1/+/+/counts")
    node.listens("#")
    hub = office.speaker(*office.enrolled(NodeName("demo", "cam-2")))
    hub.says("cheongsa/v1/demo/cam-2/counts")
    until(lambda: office.ask("SELECT 1 FROM dead_letter WHERE topic LIKE %s", "%cam-2/counts"))
    assert [
        t for t in node.heard if not t.startswith(("cheongsa/v1/demo/cam-1/", "cheongsa/v1/time"))
    ] == []


def test_a_payload_that_names_another_node_than_its_topic_is_refused(office: TrustedOffice):
    node = office.speaker(*office.enrolled())
    said = json.dumps({"schema_version": 1, "node": "demo/cam-2", "seq": 1, "oldest": 1})
    node.says("cheongsa/v1/demo/cam-1/counts", said.encode())
    until(lambda: office.ask("SELECT 1 FROM dead_letter WHERE topic LIKE %s", "%cam-1/counts"))
    assert office.ask("SELECT count(*) FROM spool") == [(0,)]


def test_expired_revoked_strange_and_absent_certificates_stay_outside(office: TrustedOffice):
    key, ended = office.enrolled(issued_ago=timedelta(days=91))
    assert not office.speaker(key, ended).is_up
    strange = pki.new_authority("Test CA", clock.now())
    forged = pki.issue(strange, CAM_1, key.public_key(), clock.now(), 90)
    assert not office.speaker(key, pki.pem_of(forged)).is_up
    server = pki.issue_server(office.authority, ["demo/cam-1"], key.public_key(), clock.now())
    assert not office.speaker(key, pki.pem_of(server)).is_up
    key, good = office.enrolled()
    assert office.speaker(key, good).is_up
    office.post("/api/v1/nodes/demo/cam-1/revocation")
    until(lambda: not office.speaker(key, good).is_up, "the list to reach the broker")


def test_who_is_connected_when_revoked_is_hung_up_on_and_refused_at_once(office: TrustedOffice):
    key, good = office.enrolled()
    node = office.speaker(key, good)
    topic, payload = health()
    node.says(topic, payload)
    said_at = "SELECT health_at FROM node WHERE health_at IS NOT NULL"
    before = until(lambda: office.ask(said_at))
    assert office.post("/api/v1/nodes/demo/cam-1/revocation").status_code == 200
    node.client.publish(topic, payload, qos=1)
    until(lambda: not node.is_up, "the connection to end")
    assert office.ask(said_at) == before
    assert {pki.serial_of(pki.read_certificate(good))} == office.listed()


def test_a_code_is_good_once_and_again_for_the_same_key_only(office: TrustedOffice):
    code, key = office.invited()["code"], ec.generate_private_key(ec.SECP256R1())
    status, first = enrol(office, code, csr(key, cn="other/cam-1"))
    assert (status, first["site"], first["node"]) == (200, "demo", "cam-1")
    names = pki.read_certificate(first["certificate_pem"]).subject
    assert names.rfc4514_string() == "CN=demo/cam-1"
    status, again = enrol(office, code.lower().replace("-", " "), csr(key))
    assert (status, again["certificate_pem"]) == (200, first["certificate_pem"])
    status, problem = enrol(office, code, csr())
    assert (status, problem["type"].rpartition(":")[2]) == (403, "wrong-code")


def test_of_two_that_use_one_code_at_the_same_moment_one_is_let_in(office: TrustedOffice):
    for _ in range(3):
        code = office.invited()["code"]
        with ThreadPoolExecutor(6) as many:
            asked = [many.submit(enrol, office, code, csr()) for _ in range(6)]
        found = [one.result()[0] for one in asked]
        assert sorted(found) == [200] + [403] * 5
        live = "SELECT count(*) FROM node_certificate WHERE revoked_at IS NULL"
        assert office.ask(live) == [(1,)]


def test_a_code_is_too_old_after_a_day_and_ends_with_the_next_one(office: TrustedOffice):
    old = office.invited()["code"]
    with db.connect_sync(office.database.dsn) as conn:
        conn.execute("UPDATE enrol_code SET expires_at = expires_at - interval '25 h'")
        conn.commit()
    assert enrol(office, old, csr())[0] == 403
    first, second = office.invited()["code"], office.invited()["code"]
    assert enrol(office, first, csr())[0] == 403
    assert enrol(office, second, csr())[0] == 200


def test_guessing_is_slowed_down(office: TrustedOffice):
    found = [enrol(office, "0000-0000-0000-000A", csr())[0] for _ in range(21)]
    assert found == [403] * 20 + [429]


# libfaketime in the whole process: the clock that a Pi without a battery has
@pytest.mark.parametrize("clock_says", ["1970-01-02 00:00:00", "2000-01-01 00:00:00", "2055-01-01"])
def test_the_first_handshake_works_whatever_the_nodes_clock_says(
    office: TrustedOffice, clock_says: str
):
    if (faketime := shutil.which("faketime")) is None:
        pytest.skip("faketime is not installed: apt-get install faketime")
    env = office.node_env(office.invited(), office.folder / "card")
    naive = (
        "import ssl,urllib.request as u;"
        f"u.urlopen({office.url + '/api/v1/time'!r},"
        f"context=ssl.create_default_context(cafile={env['EDGE_HUB_CA_FILE']!r}))"
    )
    plain = subprocess.run(
        [faketime, clock_says, sys.executable, "-c", naive],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "not yet valid" in plain.stderr or "expired" in plain.stderr  # the fake clock bites
    told = run_enrol(env, faketime, clock_says)
    assert (told.returncode, told.stdout[:18]) == (0, "enrolled as demo/c"), told.stderr
    log = office.folder / "node.log"
    with log.open("ab") as out:
        command = [faketime, clock_says, sys.executable, "-m", "tests.edge.drawn_node"]
        untrusting = {**env, "EDGE_CLOCK_TRUSTED": "0", "NO_NTP": "1"}
        node = subprocess.Popen(command, env=untrusting, cwd=ROOT, stdout=out, stderr=out)
    try:
        until(lambda: office.ask("SELECT state->>'online' FROM node WHERE state IS NOT NULL"))
    finally:
        node.terminate()
        node.wait(20)


def age(folder: Path, days: int) -> str:
    """Let the card believe that its certificate was issued so many days ago; what it was."""
    about = folder / "identity" / "enrolled.json"
    told = json.loads(about.read_text())
    for moment in ("issued_at", "until"):
        told[moment] = (datetime.fromisoformat(told[moment]) - timedelta(days=days)).isoformat()
    about.write_text(json.dumps(told))
    return (folder / "identity" / "node.pem").read_text()


def test_a_node_renews_itself_after_two_thirds_and_has_a_new_key_then(office: TrustedOffice):
    card = office.folder / "card"
    env = office.node_env(office.invited(), card)
    assert run_enrol(env).returncode == 0
    before = age(card, 59)
    assert run_enrol(env).stdout.startswith("enrolled until")
    before = age(card, 2)
    told = run_enrol(env)
    assert told.stdout.startswith("renewed until"), told.stderr
    after = (card / "identity" / "node.pem").read_text()
    assert before.split("CERTIFICATE")[0] != after.split("CERTIFICATE")[0]
    key = serialization.load_pem_private_key(after.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert office.speaker(key, after[after.index("-----BEGIN CERTIFICATE") :]).is_up
    assert not (card / "identity" / "waiting.key").exists()


def test_a_node_whose_certificate_has_ended_comes_back_by_itself(office: TrustedOffice):
    """It was in a cupboard for 100 days; its certificate is real and has ended."""
    card = office.folder / "card"
    env = office.node_env(office.invited(), card)
    assert run_enrol(env).returncode == 0
    key, ended = office.enrolled(issued_ago=timedelta(days=100))
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    (card / "identity" / "node.pem").write_text(pem + ended)
    age(card, 100)
    assert not office.speaker(key, ended).is_up
    office.process("-m", "tests.edge.drawn_node", env=env, log=office.folder / "node.log")
    until(lambda: office.ask("SELECT state->>'online' FROM node WHERE state IS NOT NULL"))


def test_a_revoked_node_is_told_to_ask_for_a_code_and_renews_nothing(office: TrustedOffice):
    card = office.folder / "card"
    env = office.node_env(office.invited(), card)
    assert run_enrol(env).returncode == 0
    office.post("/api/v1/nodes/demo/cam-1/revocation")
    age(card, 61)
    told = run_enrol(env)
    assert (told.returncode, "Make a new code" in told.stderr) == (1, True)


def test_a_hub_with_another_ca_is_not_told_the_code(office: TrustedOffice):
    env = office.node_env(office.invited(), office.folder / "card")
    other = pki.new_authority("Test CA", clock.now())
    Path(env["EDGE_HUB_CA_FILE"]).write_text(other.pem)
    told = run_enrol(env)
    assert (told.returncode, "CERTIFICATE_VERIFY_FAILED" in told.stderr) == (1, True)
    assert office.ask("SELECT used_at FROM enrol_code WHERE used_at IS NOT NULL") == []


def test_a_hub_whose_certificate_had_ended_when_the_card_was_made_is_not_told_the_code(
    office: TrustedOffice,
):
    """Somebody has the key of a door of long ago; the node's clock says that it is long ago."""
    if (faketime := shutil.which("faketime")) is None:
        pytest.skip("faketime is not installed: apt-get install faketime")
    env = office.node_env(office.invited(), office.folder / "card")
    env["EDGE_CARD_MADE_AT"] = (clock.now() + timedelta(days=398)).isoformat()
    told = run_enrol(env, faketime, "2000-01-01 00:00:00")
    assert (told.returncode, "certificate ended" in told.stderr) == (1, True)
    assert office.ask("SELECT used_at FROM enrol_code WHERE used_at IS NOT NULL") == []


def test_what_is_done_to_nodes_is_in_the_audit_trail_and_no_code_is(office: TrustedOffice):
    told = office.post(
        "/api/v1/nodes", {"site": "demo", "node": "new-1", "name": "새 노드", "name_en": "New"}
    )
    assert told.status_code == 201
    assert told.json()["code_svg"].startswith("<svg")
    assert run_enrol(office.node_env(told.json(), office.folder / "card")).returncode == 0
    office.post("/api/v1/nodes/demo/new-1/revocation")
    done = office.ask("SELECT action, actor FROM audit_entry WHERE subject = 'demo/new-1'")
    assert sorted(done) == [
        ("node.add", "lee"), ("node.enrol", "demo/new-1"), ("node.revoke", "lee"),
    ]  # fmt: skip
    kept = str(office.ask("SELECT a::text FROM audit_entry a"))
    assert told.json()["code"] not in kept
    again = {"site": "demo", "node": "new-1", "name": "n", "name_en": "n"}
    assert office.post("/api/v1/nodes", again).status_code == 409
