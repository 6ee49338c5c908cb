"""The proxy's own file, checked by nginx and tried in front of a real `web`."""

import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection

from hub.kit.embedded.broker import SEARCH
from tests.conftest import Database
from tests.deploy.conftest import HOST, ROOT
from tests.hub.density.offices import open_office
from tests.web.conftest import free_port, web_process
from tests.web.people import PASSWORD, add

NGINX = shutil.which("nginx", path=SEARCH)
CURL = shutil.which("curl")
pytestmark = pytest.mark.skipif(
    NGINX is None or CURL is None, reason="not installed: apt-get install nginx-light curl"
)


def rendered(folder: Path, made: Path, *, http: int, https: int, web: int) -> Path:
    """deploy/nginx.conf for this machine."""
    text = (ROOT / "deploy/nginx.conf").read_text()
    places = {
        "listen 8080;": f"listen 127.0.0.1:{http};",
        "listen 8443": f"listen 127.0.0.1:{https}",
        "http://web:8000": f"http://127.0.0.1:{web}",
        "resolver 127.0.0.11 valid=5s;": "",
        "/tmp/": f"{folder}/",
        "/etc/nginx/certs": str(made / "secrets" / "certs"),
        "pid ": "daemon off;\npid ",
        "worker_connections 16384": "worker_connections 512",
    }
    for ours, here in places.items():
        assert ours in text, ours
        text = text.replace(ours, here)
    (folder / "nginx.conf").write_text(f"user root;\n{text}")
    return folder / "nginx.conf"


@dataclass
class Proxy:
    """nginx in front of a web."""

    http: int
    https: int
    cert: Path

    def asks(
        self, path: str, *more: str, port: int | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one request, over HTTP/2 where the proxy speaks it."""
        scheme, number = ("http", port) if port else ("https", self.https)
        command = [
            str(CURL), "--silent", "--show-error", "--include", "--http2", "--max-time", "10",
            "--cacert", str(self.cert), "--resolve", f"{HOST}:{number}:127.0.0.1",
            *more, f"{scheme}://{HOST}:{number}{path}",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, check=True)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        first, *lines = head.decode().splitlines()
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        return int(first.split()[1]), {**headers, "protocol": first.split()[0]}, body


@pytest.fixture
def proxy(made: Path, database: Database, tmp_path: Path) -> Iterator[Proxy]:
    http, https = free_port(), free_port()
    told = {"HUB_TRUSTED_HOSTS": f"{HOST} 127.0.0.1", "HUB_TRUSTED_PROXIES": "127.0.0.0/8"}
    with web_process(database.dsn, **told) as web:
        conf = rendered(tmp_path, made, http=http, https=https, web=web.port)
        child = subprocess.Popen([str(NGINX), "-c", conf, "-p", tmp_path, "-e", "stderr"])
        try:
            _wait(lambda: _answers(https))
            yield Proxy(http, https, made / "secrets" / "certs" / "server.crt")
        finally:
            child.terminate()
            child.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(true: Callable[[], Any]) -> None:
    end_s = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.05)


def test_nginx_itself_finds_nothing_wrong(made: Path, tmp_path: Path):
    conf = rendered(tmp_path, made, http=1080, https=1443, web=1800)
    command = [str(NGINX), "-t", "-c", conf, "-p", tmp_path, "-e", "stderr"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_board_comes_over_http_2_with_the_hubs_own_headers(proxy: Proxy):
    status, headers, body = proxy.asks("/api/v1/density")
    assert (status, headers["protocol"]) == (200, "HTTP/2")
    assert json.loads(body)["sites"] == []
    assert headers["strict-transport-security"].startswith("max-age=")
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers or headers["server"] == "nginx"


def test_plain_http_is_sent_to_tls(proxy: Proxy):
    status, headers, _ = proxy.asks("/wall?site=demo", port=proxy.http)
    assert (status, headers["location"]) == (301, f"https://{HOST}/wall?site=demo")


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
def test_what_is_for_operators_is_not_shown_outside(proxy: Proxy, path: str):
    assert proxy.asks(path)[0] == 404


async def test_events_come_as_they_happen(proxy: Proxy, conn: AsyncConnection[Any]):
    await open_office(conn)
    context = ssl.create_default_context(cafile=str(proxy.cert))
    with (
        socket.create_connection(("127.0.0.1", proxy.https), 5) as raw,
        context.wrap_socket(raw, server_hostname=HOST) as tls,
    ):
        ask = f"GET /api/v1/density/stream HTTP/1.1\r\nHost: {HOST}\r\n\r\n"
        tls.sendall(ask.encode())
        tls.settimeout(10)
        seen = b""
        while seen.count(b"event: density") < 1:
            seen += tls.recv(65536)
        await conn.execute("UPDATE site SET name = '새 이름'")
        await conn.execute("SELECT pg_notify('density', '')")
        await conn.commit()
        while "새 이름".encode() not in seen:
            seen += tls.recv(65536)
    assert b"text/event-stream" in seen


async def test_the_hub_sees_who_really_asks_and_nobody_can_pretend(
    proxy: Proxy, conn: AsyncConnection[Any]
):
    await add(conn, "kim")
    body = json.dumps({"login": "kim", "password": PASSWORD})
    status, headers, _ = proxy.asks(
        "/api/v1/session", "--json", body, "--header", "Sec-Fetch-Site: same-origin",
        "--header", "X-Forwarded-For: 203.0.113.7",
    )  # fmt: skip
    assert status == 200
    assert "Secure" in headers["set-cookie"]
    rows = await conn.execute("SELECT address FROM login_session")
    assert await rows.fetchall() == [("127.0.0.1",)]


async def test_a_hub_without_a_proxy_believes_nobody(
    database: Database, conn: AsyncConnection[Any]
):
    await add(conn, "kim")
    with web_process(database.dsn) as web:
        body = json.dumps({"login": "kim", "password": PASSWORD})
        command = [
            str(CURL), "--silent", "--fail", "--json", body, "--header",
            "Sec-Fetch-Site: same-origin", "--header", "X-Forwarded-For: 203.0.113.7",
            f"{web.url}/api/v1/session",
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)  # noqa: ASYNC221
    rows = await conn.execute("SELECT address FROM login_session")
    assert await rows.fetchall() == [("127.0.0.1",)]


def test_limits_are_said_with_a_status(proxy: Proxy, tmp_path: Path):
    large = tmp_path / "large"
    large.write_bytes(bytes(2_000_000))
    assert proxy.asks("/api/v1/session", "--data-binary", f"@{large}")[0] == 413
    long = "x" * 40_000
    assert proxy.asks("/", "--http1.1", "--header", f"X-Long: {long}")[0] in (400, 431)


def test_the_names_that_are_replaced_here_are_those_of_the_compose_file(compose: dict[str, Any]):
    text = (ROOT / "deploy/nginx.conf").read_text()
    service, port = re.findall(r"set \$web http://(\w+):(\d+);", text)[0]
    assert service in compose["services"]
    assert port == "8000"
    assert [p.rpartition(":")[2] for p in compose["services"]["proxy"]["ports"]] == ["8080", "8443"]
