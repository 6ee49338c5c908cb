"""The broker's own files on a real mosquitto: who gets in, who may say what, and what is kept."""

import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from deploy import make_env
from edge.wire.topics import NodeName
from hub.devices import broker_files, pki, pki_files
from hub.kit import clock
from hub.kit.embedded import broker as brokers
from tests.deploy.broker_container import (
    NOT_AUTHORIZED,
    BrokerContainer,
    Speaker,
    answers,
    broker_container,
    until,
)
from tests.deploy.conftest import ROOT, mounted, read_compose

BURST = 20_000
HOST = "localhost"
CAM_1 = NodeName("demo", "cam-1")
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder in which `make env` was run for this machine."""
    make_env.make(tmp_path, HOST)
    return tmp_path


@pytest.fixture
def authority(here: Path) -> pki.Authority:
    """The CA of that server, and what its keeper writes for the broker."""
    made = pki_files.make(here / "secrets" / "ca", "Test CA", clock.now())
    keep(here, made)
    return made


def keep(here: Path, authority: pki.Authority, *revoked: str) -> None:
    """As the keeper does where these serials are revoked."""
    now = clock.now()
    listed = [(serial, now) for serial in revoked]
    broker_files.keep(here / "secrets" / "broker", authority, HOST, listed, now)


@pytest.fixture
def server(here: Path, authority: pki.Authority) -> Iterator[BrokerContainer]:
    with broker_container(read_compose(here), here, here) as running:
        yield running


def identity(folder: Path, certificate: Any, key: ec.EllipticCurvePrivateKey) -> Path:
    """Key and certificate in one file, as a node keeps them."""
    file = folder / f"{pki.serial_of(certificate)}.pem"
    file.write_text(pki_files._pem_of_key(key) + pki.pem_of(certificate))
    return file


@pytest.fixture
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def cam_1(here: Path, authority: pki.Authority, key: ec.EllipticCurvePrivateKey) -> Path:
    """The identity of an enrolled node."""
    return identity(here, pki.issue(authority, CAM_1, key.public_key(), clock.now(), 90), key)


@pytest.mark.parametrize(("user", "password"), [(None, None), ("hub", "guess"), ("x/y", "guess")])
def test_whoever_has_no_password_is_refused(
    server: BrokerContainer, user: str | None, password: str | None
):
    with Speaker(server, user, password) as stranger:
        assert stranger.refused in (0x86, 0x87)


@pytest.mark.parametrize("user", [None, "demo/cam-2", "hub"])
def test_a_node_speaks_for_itself_only_whatever_it_calls_itself(
    server: BrokerContainer, cam_1: Path, user: str | None
):
    word = server.word("hub")
    with (
        Speaker(server, "hub") as hub,
        Speaker(server, user, word, cam_1, client_id="demo/cam-2") as node,
    ):
        hub.listens("cheongsa/v1/+/+/+")
        assert node.says("cheongsa/v1/demo/cam-1/counts", b"mine") == 0
        until(lambda: [m.payload for m in hub.heard] == [b"mine"])
        for topic in (
            "cheongsa/v1/demo/cam-2/counts",
            "cheongsa/v1/other/cam-1/counts",
            "cheongsa/v1/demo/cam-1/committed",
            "cheongsa/v1/time",
            "elsewhere",
        ):
            assert node.says(topic) == NOT_AUTHORIZED, topic
        assert len(hub.heard) == 1


def test_a_node_hears_what_is_meant_for_it_only(server: BrokerContainer, cam_1: Path):
    with Speaker(server, "hub") as hub, Speaker(server, identity=cam_1) as node:
        node.listens("cheongsa/v1/#")
        for topic in ("demo/cam-2/committed", "demo/cam-1/counts", "other/cam-1/config/wanted"):
            hub.says(f"cheongsa/v1/{topic}")
        for topic in ("demo/cam-1/committed", "time"):
            hub.says(f"cheongsa/v1/{topic}")
        until(lambda: len(node.heard) >= 2)
        assert {m.topic for m in node.heard} == {
            "cheongsa/v1/demo/cam-1/committed",
            "cheongsa/v1/time",
        }


def test_what_is_too_large_goes_nowhere_and_the_largest_result_goes_through(
    server: BrokerContainer,
):
    topic = "cheongsa/v1/demo/cam-1/counts"
    with Speaker(server, "hub") as hub, Speaker(server, "demo/cam-1") as node:
        hub.listens(topic)
        node.client.publish(topic, bytes(288 * 1024), qos=1)
        until(lambda: len(hub.heard) == 1)
        node.client.publish(topic, bytes(400 * 1024), qos=1)
        with Speaker(server, "demo/cam-1") as again:
            assert again.says(topic, b"small") == 0
        until(lambda: hub.heard[-1].payload == b"small")
        assert len(hub.heard) == 2


def test_a_burst_to_a_slow_reader_is_kept_whole(server: BrokerContainer):
    """The default, 1,000 queued messages, loses most of it without a word."""
    with Speaker(server, "demo/cam-1") as node, Speaker(server, "hub") as hub:

        def slowly(_c: Client, _u: object, message: MQTTMessage) -> None:
            hub.heard.append(message)
            time.sleep(5e-5)

        hub.client.on_message = slowly
        hub.listens("cheongsa/v1/demo/cam-1/counts")
        for n in range(BURST):
            node.client.publish("cheongsa/v1/demo/cam-1/counts", str(n), qos=1)
        until(lambda: len(hub.heard) == BURST, patience_s=240)


def test_many_may_be_unacknowledged_at_once(server: BrokerContainer):
    """`ingest` acknowledges after COMMIT: with the default of 20 it would wait for itself."""
    client = Client(
        CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5, manual_ack=True
    )
    heard: list[MQTTMessage] = []
    client.on_message = lambda _c, _u, message: heard.append(message)
    client.username_pw_set("hub", server.word("hub"))
    wish = Properties(PacketTypes.CONNECT)
    wish.ReceiveMaximum = 1_000
    client.connect("127.0.0.1", server.plain, properties=wish)
    client.loop_start()
    until(client.is_connected)
    granted: list[object] = []
    client.on_subscribe = lambda *told: granted.append(told[3])
    client.subscribe("cheongsa/v1/demo/cam-1/counts", qos=1)
    until(lambda: granted, "SUBACK")
    with Speaker(server, "demo/cam-1") as node:
        for _ in range(1_500):
            node.client.publish("cheongsa/v1/demo/cam-1/counts", b"x", qos=1)
        until(lambda: len(heard) == 1_000)
    client.disconnect()
    client.loop_stop()


def test_the_door_for_nodes_asks_for_a_certificate_and_no_password_opens_it(
    server: BrokerContainer,
):
    for user in (None, "hub", "demo/cam-1"):
        with Speaker(server, user, is_outside=True) as stranger:
            assert not stranger.is_in


def test_expired_strange_and_server_certificates_stay_outside(
    server: BrokerContainer,
    here: Path,
    authority: pki.Authority,
    key: ec.EllipticCurvePrivateKey,
    cam_1: Path,
):
    now, public = clock.now(), key.public_key()
    stranger = pki.new_authority("Test CA", now)  # of the same name
    refused = {
        "expired": pki.issue(authority, CAM_1, public, now - timedelta(days=91), 90),
        "strange": pki.issue(stranger, CAM_1, public, now, 90),
        "a server's": pki.issue_server(authority, [str(CAM_1)], public, now),
    }
    for why, certificate in refused.items():
        with Speaker(server, identity=identity(here, certificate, key)) as node:
            assert not node.is_in, why
    with Speaker(server, identity=cam_1) as node:
        assert node.is_in


def test_who_is_on_the_list_is_refused_from_then_on_and_others_notice_nothing(
    server: BrokerContainer,
    here: Path,
    authority: pki.Authority,
    key: ec.EllipticCurvePrivateKey,
    cam_1: Path,
):
    cam_2 = pki.issue(authority, NodeName("demo", "cam-2"), key.public_key(), clock.now(), 90)
    with Speaker(server, identity=identity(here, cam_2, key)) as other:
        keep(here, authority, pki.serial_of(pki.read_certificate(_certificate_in(cam_1))))
        until(lambda: not _may_come_in(server, cam_1), "the list to reach the broker")
        assert other.is_in
        assert other.says("cheongsa/v1/demo/cam-2/counts") == 0
        assert other.refused is None
    keep(here, authority)
    until(lambda: _may_come_in(server, cam_1), "the list to be empty again")


def _certificate_in(identity: Path) -> str:
    text = identity.read_text()
    return text[text.index("-----BEGIN CERTIFICATE") :]


def _may_come_in(server: BrokerContainer, identity: Path) -> bool:
    with Speaker(server, identity=identity) as node:
        return node.is_in


def test_one_name_has_one_connection(server: BrokerContainer, cam_1: Path):
    with (
        Speaker(server, identity=cam_1, client_id="a") as first,
        Speaker(server, identity=cam_1, client_id="b") as second,
    ):
        until(lambda: not first.is_in, "the first to be hung up on")
        assert second.is_in


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_nothing_older_than_tls_1_2_is_spoken(server: BrokerContainer, cam_1: Path):
    spoken = {}
    for version in ("TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3"):
        context = ssl.create_default_context(cafile=str(server.pki / "ca.pem"))
        context.load_cert_chain(cam_1)
        context.set_ciphers("ALL:@SECLEVEL=0")  # or this machine's own OpenSSL refuses old ones
        context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
        spoken[version] = _shakes_hands(server, context)
    assert spoken == {"TLSv1": False, "TLSv1_1": False, "TLSv1_2": True, "TLSv1_3": True}


def _shakes_hands(server: BrokerContainer, context: ssl.SSLContext) -> bool:
    with socket.create_connection(("127.0.0.1", server.tls)) as plain:
        try:
            with context.wrap_socket(plain, server_hostname=HOST):
                return True
        except OSError:
            return False


def test_a_new_certificate_of_its_own_is_shown_without_a_restart(
    server: BrokerContainer, here: Path, authority: pki.Authority, cam_1: Path
):
    with Speaker(server, identity=cam_1) as node:
        before = until(lambda: _shown(server), "its certificate")
        (server.pki / "broker.pem").unlink()
        keep(here, authority)
        until(lambda: _shown(server) not in (before, ""), "the new certificate")
        assert node.is_in


def _shown(server: BrokerContainer) -> str:
    """The broker's certificate as nodes see it, or nothing while it has none that will do."""
    try:
        return ssl.get_server_certificate(
            ("127.0.0.1", server.tls), ca_certs=str(server.pki / "ca.pem")
        )
    except OSError:
        return ""


SHELLS = [(), ("busybox", "sh"), ("dash",)]  # the image's is busybox


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0] if shell else "sh")
def test_on_the_very_first_start_it_waits_for_the_keeper(here: Path, shell: tuple[str, ...]):
    if shell and shutil.which(shell[0]) is None:
        pytest.skip(f"not installed: apt-get install {shell[0]}")
    with broker_container(read_compose(here), here, here, *shell, wait=False) as waiting:
        until(lambda: "waiting for the keeper" in waiting.log.read_text())
        assert not waiting.is_up
        keep(here, pki_files.make(here / "secrets" / "ca", "Test CA", clock.now()))
        until(lambda: waiting.is_up, "the doors")
        waiting.process.terminate()
        waiting.process.wait(90)
        assert not answers(waiting.tls)


def test_it_leaves_at_once_where_nobody_ever_wrote(here: Path):
    with broker_container(read_compose(here), here, here, wait=False) as waiting:
        until(lambda: "waiting for the keeper" in waiting.log.read_text())
        waiting.process.terminate()
        assert waiting.process.wait(90) == 0


def test_a_broker_that_died_ends_its_container_for_docker_to_start_it_again(
    server: BrokerContainer,
):
    children = psutil.Process(server.process.pid).children()
    [mosquitto] = [child for child in children if child.name() == "mosquitto"]
    mosquitto.kill()
    assert server.process.wait(90) == 128 + signal.SIGKILL


def test_the_script_is_what_shellcheck_calls_clean():
    if (shellcheck := shutil.which("shellcheck")) is None:
        pytest.skip("not installed: apt-get install shellcheck")
    script = ROOT / "firmware-config/broker/run.sh"
    done = subprocess.run([shellcheck, script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_broker_sees_neither_the_cas_key_nor_a_password_of_others(here: Path):
    compose = read_compose(here)
    seen = mounted(compose, "broker", here)
    assert compose["services"]["broker"].get("secrets") is None
    assert here / "secrets" / "ca" not in seen.values()
    assert here / "secrets" not in seen.values()
    assert all(volume.endswith(":ro") for volume in compose["services"]["broker"]["volumes"])


def test_every_topic_of_the_contract_has_its_line():
    from edge.wire.topics import FROM_NODE, TO_NODE

    text = (ROOT / "firmware-config/broker/acl").read_text()
    lines = set(re.findall(r"^pattern (write|read) cheongsa/v1/%u/(\S+)$", text, re.MULTILINE))
    assert lines == {
        *(("write", subject) for subject in (*FROM_NODE, "command/+/result")),
        *(("read", subject) for subject in (*TO_NODE, "command/+")),
    }
