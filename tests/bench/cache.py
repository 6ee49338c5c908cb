"""A caching proxy in front of the board's JSON: what one `web` can be spared.

nginx runs with the very fragment of docs/scale.md, so what the page recommends is what was tried.
`wrk` asks `web` directly and through the cache, in turns, on the same machine.
"""

import re
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from hub.kit import db, migrate
from tests.bench.ingest import embedded
from tests.bench.row import Row, known, skipped
from tests.web.conftest import free_port, web_process

PAGE: Final = Path(__file__).parents[2] / "docs" / "scale.md"
BOARD: Final = "/api/v1/density"
CONNECTIONS, SECONDS, ROUNDS = 100, 5, 3
AROUND: Final = """\
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream web {{ server 127.0.0.1:{web}; keepalive 16; }}
    proxy_cache_path {folder}/cache keys_zone=board:1m max_size=16m;
    server {{
        listen 127.0.0.1:{port};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
{fragment}
    }}
}}
"""


def rows() -> Iterator[Row]:
    """Requests a second through the cache, beside `web` itself."""
    if not (shutil.which("nginx") and shutil.which("wrk")):
        yield skipped("cache", "nginx or wrk is not installed: apt-get install nginx-light wrk")
        return
    with ExitStack() as stack:
        dsn = stack.enter_context(embedded()).dsn()
        with db.connect_sync(dsn, autocommit=True) as conn:
            migrate.migrate(conn)
        web = stack.enter_context(web_process(dsn))
        port = stack.enter_context(nginx(web.port))
        etag = _etag(port)
        for words, headers in (("whole", {}), ("unchanged (304)", {"If-None-Match": etag})):
            direct, cached = [], []
            for _ in range(ROUNDS):
                direct.append(_per_s(web.port, headers))
                cached.append(_per_s(port, headers))
            ours, beside = statistics.median(cached), statistics.median(direct)
            told = f"web itself: {beside:,.0f} requests/s"
            yield known(f"cache: board, {words}", ours, "requests/s", told, ours / beside)


def fragment() -> str:
    """The nginx configuration that docs/scale.md shows."""
    found = re.search(r"```nginx\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    assert found is not None, f"{PAGE} shows no nginx configuration"
    return found[1]


@contextmanager
def nginx(web_port: int) -> Iterator[int]:
    """nginx with the fragment in front of that port; yields its own."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="cheongsa-nginx-") as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "nginx.conf"
        file.write_text(AROUND.format(folder=folder, web=web_port, port=port, fragment=fragment()))
        child = subprocess.Popen(["nginx", "-c", str(file), "-p", folder])
        try:
            _until_up(port)
            yield port
        finally:
            child.terminate()
            child.wait()


def _until_up(port: int) -> None:
    until_s = time.monotonic() + 20
    while True:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}{BOARD}").close()
        except OSError:
            assert time.monotonic() < until_s, "nginx did not answer"
            time.sleep(0.1)


def _etag(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{BOARD}") as answer:
        return answer.headers["ETag"]


def _per_s(port: int, headers: dict[str, str]) -> float:
    told = [f"-H{name}: {value}" for name, value in headers.items()]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *told]
    command.append(f"http://127.0.0.1:{port}{BOARD}")
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found is not None, said
    assert "Socket errors" not in said, said
    return float(found[1])
