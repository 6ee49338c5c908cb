"""What every process of an office holds in memory, at rest and under load.

A whole office of real processes (`tests.system.office`): one camera node on the rendered scene and
ten nodes without eyes. At rest each speaks every five seconds, as by default, and nobody looks.
Under load 200 windows a second come in and 1,000 browsers hold a stream open. The proportional
set size is told, which shares a page among those who use it: that adds up, also over the many
processes of PostgreSQL. Beside the web process stands the same server with an empty app.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from tests.bench.row import Row, as_line, known
from tests.system.office.office import ZONES, Office, free_port

REST_S = 20.0
LOAD_S = 20.0
STREAMS = 1000
NODES = 10
LOAD_WINDOW_S = 0.05
MB = 1e6
PARTS = {
    "camera-1": "a node with its camera and model",
    "ingest-1": "ingest",
    "web-1": "web",
    "worker-1": "worker",
    "database": "PostgreSQL, all its processes",
    "broker": "the broker",
}
BARE = """
import sys, uvicorn
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", lifespan="off")
"""


def rows() -> Iterator[Row]:
    """One row a process: under load, beside the same at rest."""
    with tempfile.TemporaryDirectory(prefix="cheongsa-bench-", dir=_short()) as folder:
        at_rest, loaded, windows_per_s = _office(Path(folder))
    load = f"{windows_per_s:.0f} windows/s stored, {STREAMS} streams"
    for part, words in PARTS.items():
        rest_mb, load_mb = at_rest[part] / MB, loaded[part] / MB
        yield known(
            f"memory: {words}, under load ({load})",
            load_mb,
            "MB",
            f"at rest: {rest_mb:.0f} MB",
            load_mb / rest_mb,
        )
    yield known(
        "memory: all of them, under load",
        sum(loaded.values()) / MB,
        "MB",
        f"at rest: {sum(at_rest.values()) / MB:.0f} MB",
        sum(loaded.values()) / sum(at_rest.values()),
    )
    with _bare_server() as pid:
        bare_mb = _pss_bytes(pid) / MB
    web_mb = at_rest["web-1"] / MB
    words = f"the same server with an empty app: {bare_mb:.0f} MB"
    yield known("memory: web, at rest", web_mb, "MB", words, web_mb / bare_mb)


def _short() -> str | None:
    """A socket's path is short, so is the folder's."""
    return "/tmp" if Path("/tmp").is_dir() else None


def _office(folder: Path) -> tuple[dict[str, int], dict[str, int], float]:
    """Bytes of each part at rest and under load, and how many windows a second were stored."""
    with Office(
        folder / "office",
        ingests=1,
        webs=1,
        senders=1,
        nodes_each=NODES,
        window_s=5.0,
        spare=NODES,
    ) as office:
        time.sleep(REST_S)
        at_rest = _of_parts(office)
        crowd = office.sender("crowd-1", office.spare_nodes, window_s=LOAD_WINDOW_S)
        crowd.start()
        try:
            before, began_s = _stored(office), time.monotonic()
            loaded = asyncio.run(_browse(office))
            windows_per_s = (_stored(office) - before) / (time.monotonic() - began_s)
        finally:
            crowd.stop()
        return at_rest, loaded, windows_per_s


def _stored(office: Office) -> int:
    """Windows in the database; each has a row for every zone."""
    with psycopg.connect(office.database.dsn) as conn:
        row = conn.execute("SELECT count(*) FROM sample").fetchone()
    assert row is not None
    return row[0] // len(ZONES)


def _of_parts(office: Office) -> dict[str, int]:
    return {part: _pss_bytes(office[part].pid) for part in PARTS}


def _pss_bytes(pid: int) -> int:
    """Of a process and of all that it started."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(_pss_of(process.pid) for process in family)


def _pss_of(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0  # a worker of PostgreSQL that ended meanwhile
    return int(rollup.split("\nPss:")[1].split()[0]) * 1024


async def _browse(office: Office) -> dict[str, int]:
    """Hold the streams open and read what comes, for a while; the bytes of each part at its end."""
    streams = [asyncio.create_task(_stream(office.web_ports[0])) for _ in range(STREAMS)]
    await asyncio.sleep(LOAD_S)
    loaded = _of_parts(office)
    broken = sum(stream.done() for stream in streams)
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    assert not broken, f"{broken} of {STREAMS} streams broke off"
    return loaded


async def _stream(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"GET /api/v1/density/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        while await reader.read(65_536):
            pass
    finally:
        writer.close()


@contextmanager
def _bare_server() -> Iterator[int]:
    port = free_port()
    server = subprocess.Popen([sys.executable, "-c", BARE, str(port)], env=dict(os.environ))
    try:
        until_s = time.monotonic() + 20
        while not _answers(port) and time.monotonic() < until_s:
            time.sleep(0.1)
        yield server.pid
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> bool:
    from http.client import HTTPConnection

    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False


if __name__ == "__main__":
    for each in rows():
        print(as_line(each), flush=True)
