"""The door over mqtts://: a broker it knows by its CA, and none that it does not."""

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from hub.devices import pki, pki_files
from hub.ingest.link import Inbox, Link
from hub.kit import clock
from hub.kit.embedded import broker as brokers
from hub.kit.settings import Settings
from tests.system.trusted_office import until

pytestmark = pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[brokers.Broker]:
    """Passwords over TLS: the listener that the hub itself uses on another machine."""
    made = pki_files.make(tmp_path / "ca", "Test CA", clock.now())
    pki_files.make_server(made, tmp_path, "broker", ["localhost"], clock.now())
    running = brokers.start(tmp_path / "data", [], kind="mosquitto")
    running.stop()
    for name in ("broker.pem", "broker.key"):
        place = running.place
        brokers.places.write(place.files / name, (tmp_path / name).read_text(), place)
    conf = running.place.files / "mosquitto.conf"
    lines = conf.read_text().split("\n", 1)
    tls = f"certfile {place.files}/broker.pem\nkeyfile {place.files}/broker.key\n"
    conf.write_text(f"{lines[0]}\n{tls}{lines[1]}")
    running.restart()
    yield running
    running.stop()


def link(broker: brokers.Broker, host: str, ca: Path) -> Link:
    password = broker.passwords[brokers.HUB_USER]
    settings = Settings.from_env(
        {
            "HUB_DATABASE_DSN": "postgresql://",
            "HUB_BROKER_URL": f"mqtts://hub@{host}:{broker.port}",
            "HUB_BROKER_PASSWORD": password,
            "HUB_BROKER_CA_FILE": str(ca),
        }
    )
    return Link(settings, MQTTProtocolVersion.MQTTv5, Inbox(), threading.Event())


def test_the_door_opens_to_a_broker_that_its_ca_knows(broker: brokers.Broker, tmp_path: Path):
    opened = link(broker, "localhost", tmp_path / "ca" / "ca.pem")
    until(opened.up.is_set)
    opened.close()


# paho leaves the socket of a failed handshake to the garbage collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_password_is_not_told_to_a_broker_of_another_ca_or_name(
    broker: brokers.Broker, tmp_path: Path
):
    other = tmp_path / "other.pem"
    other.write_text(pki.new_authority("Test CA", clock.now()).pem)
    with pytest.raises(ssl.SSLCertVerificationError):
        link(broker, "localhost", other)
    with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
        link(broker, "127.0.0.1", tmp_path / "ca" / "ca.pem")
