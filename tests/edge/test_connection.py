"""One MQTT connection, over TLS with certificates on both sides, to a real mosquitto."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.connection import Connection, NoConnectionError, Said, Tls
from edge.settings import Broker
from hub.kit.embedded import broker as brokers

NODE = "demo/cam-1"


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def _certificate(folder: Path, name: str, cn: str, extension: str) -> None:
    """A key and a certificate signed by the folder's CA."""
    subject = f"/CN={cn.replace('/', chr(92) + '/')}"
    _openssl(
        folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", subject,
    )  # fmt: skip
    (folder / f"{name}.ext").write_text(extension)
    _openssl(
        folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
        "-CAcreateserial", "-days", "2", "-out", f"{name}.pem", "-extfile", f"{name}.ext",
    )  # fmt: skip


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: apt-get install openssl")
    folder = tmp_path_factory.mktemp("certificates")
    _openssl(
        folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test CA", "-days", "2",
    )  # fmt: skip
    _certificate(folder, "broker", "127.0.0.1", "subjectAltName=IP:127.0.0.1")
    _certificate(folder, "node", NODE, "extendedKeyUsage=clientAuth")
    for path in folder.iterdir():
        path.chmod(0o644)
    folder.chmod(0o755)
    return folder


@pytest.fixture
def tls_port(certificates: Path, tmp_path: Path) -> Iterator[int]:
    """A mosquitto that takes a node's name from its certificate."""
    if (program := brokers.mosquitto()) is None:
        pytest.skip("mosquitto 2 is not installed: apt-get install mosquitto")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    conf = tmp_path / "mosquitto.conf"
    conf.write_text(
        f"user root\nlistener {port} 127.0.0.1\ncafile {certificates}/ca.pem\n"
        f"certfile {certificates}/broker.pem\nkeyfile {certificates}/broker.key\n"
        "require_certificate true\nuse_identity_as_username true\n"
    )
    child = subprocess.Popen([program, "-c", str(conf)])
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port
    child.kill()
    child.wait()


def connection(port: int, tls: Tls, heard: list[str]) -> Connection:
    return Connection(
        Broker("127.0.0.1", port, True, None, None),
        tls,
        "test",
        "5",
        Said("t/state", b"gone", retain=True),
        lambda topic, payload, live: heard.append(f"{topic} {payload.decode()} {live}"),
    )


def test_a_node_speaks_and_hears_over_tls_by_its_own_certificate(tls_port: int, certificates: Path):
    heard: list[str] = []
    tls = Tls(certificates / "ca.pem", certificates / "node.pem", certificates / "node.key")
    node = connection(tls_port, tls, heard)
    node.open([("t/#", 1)])
    node.say(Said("t/live", b"hello", expires_s=60))
    until_s = time.monotonic() + 5
    while (node.unacked or not heard) and time.monotonic() < until_s:
        node.turn(0.1)
    node.close(1.0)
    assert heard == ["t/live hello True"]
    assert node.unacked == set()


# paho leaves the socket of a failed handshake to the garbage collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broker_with_an_unknown_certificate_is_not_spoken_to(tls_port: int):
    with pytest.raises(NoConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        connection(tls_port, Tls(None, None, None), []).open([("t/#", 1)])


def test_nobody_there_is_said_in_words():
    node = Connection(
        Broker("127.0.0.1", 1, False, None, None),
        Tls(None, None, None),
        "test",
        "5",
        Said("t/state", b""),
        lambda *_: None,
    )
    with pytest.raises(NoConnectionError, match="refused"):
        node.open([])
