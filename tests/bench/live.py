"""The live stream: one `web` process, an event a good second, thousands of browsers.

The browsers are an epoll client in a process of its own, on the same machine, so its time is
inside every latency. Beside it the same server, settings and event with an application that knows
nothing (`tests.bench.bare_stream`), with the same browsers in the same run.
"""

import contextlib
import http.client
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psutil
import psycopg

from hub.kit import db, migrate
from hub.web import live
from tests.bench.ingest import embedded
from tests.bench.row import Row, as_line, at_least, at_most, known, skipped
from tests.web.conftest import free_port, web_process

CROWDS: Final = (1_000, 5_000, 10_000)
TICKS: Final = 8
TICK_S: Final = 1.1  # a board is read once a second at most
LAST_S: Final = 3.0  # after the last tick: what has not come by then is lost
COMMITS: Final = 60
ASKED: Final = 3_000
SPARE_FILES: Final = 500
KIB: Final = 1024
FLOOR_S, FLOOR_KIB = 0.5, 15.0


def rows() -> Iterator[Row]:
    """Fan-out, polling, and from a commit to a browser."""
    with ExitStack() as stack:
        dsn = stack.enter_context(embedded()).dsn()
        conn = stack.enter_context(db.connect_sync(dsn, autocommit=True))
        _prepare(conn)
        for clients in CROWDS:
            yield from _fan_out(dsn, conn, clients)
        web = stack.enter_context(web_process(dsn))
        yield from _polling(web.port)
        yield _told(conn, web.port)


@dataclass(frozen=True)
class Heard:
    """What a crowd heard of the ticks."""

    delivered: float
    """Share of the events that should have come."""
    latencies_s: list[float]
    kib_each: float
    cpu: float
    """Share of one core that the server used meanwhile."""

    def at(self, percent: int) -> float:
        return statistics.quantiles(self.latencies_s, n=100)[percent - 1]


def _fan_out(dsn: str, conn: psycopg.Connection[Any], clients: int) -> Iterator[Row]:
    name = f"live: {clients:,} browsers of one process"
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1] - SPARE_FILES
    if clients > most:
        yield skipped(name, f"a process may have {most + SPARE_FILES} files open here")
        return
    with web_process(dsn) as web:
        size = len(_event(web.port))
        process = psutil.Process(web.process.pid)
        ours = _hear(web.port, live.PATH, clients, process, lambda: _change(conn))
    with _bare(size) as (port, child):
        process, tick = psutil.Process(child.pid), child.stdin
        assert tick is not None
        bare = _hear(port, "/", clients, process, lambda: _tick(tick))
    yield from _fan_out_rows(name, ours, bare, is_full=clients == CROWDS[-1])


def _fan_out_rows(name: str, ours: Heard, bare: Heard, *, is_full: bool) -> Iterator[Row]:
    told = f"bare ASGI stream: {bare.delivered:.1%}"
    share = ours.delivered / bare.delivered if bare.delivered else 0.0
    if is_full:
        yield at_least(
            f"{name}, events delivered", ours.delivered, "share", told, floor=1.0, ratio=share
        )
    else:
        yield known(f"{name}, events delivered", ours.delivered, "share", told, share)
    for percent in (50, 99):
        ratio = ours.at(percent) / bare.at(percent)
        words = f"{name}, {'median' if percent == 50 else '99th percentile'}"
        told = f"bare ASGI stream: {bare.at(percent):.3f} s, {ratio:.2f} of it"
        if is_full and percent == 99:
            yield at_most(words, ours.at(percent), "s", told, floor=FLOOR_S)
        else:
            yield known(words, ours.at(percent), "s", told, ratio)
    told = f"bare ASGI stream: {bare.kib_each:.1f} KiB"
    if is_full:
        yield at_most(f"{name}, memory each", ours.kib_each, "KiB", told, floor=FLOOR_KIB)
    else:
        ratio = ours.kib_each / bare.kib_each
        yield known(f"{name}, memory each", ours.kib_each, "KiB", told, ratio)
    told = f"bare ASGI stream: {bare.cpu:.2f}"
    yield known(f"{name}, CPU", ours.cpu, "cores", told, ours.cpu / bare.cpu)


def _hear(
    port: int, path: str, clients: int, server: psutil.Process, tick: Callable[[], int]
) -> Heard:
    """Let a crowd in, tick, and see what each heard and when."""
    empty = server.memory_info().rss
    seconds = TICKS * TICK_S + LAST_S
    with _crowd(port, path, clients, seconds) as (ready, result):
        ready()
        kib_each = (server.memory_info().rss - empty) / KIB / clients
        before, began_s = _cpu_s(server), time.monotonic()
        ticked: dict[int, float] = {}
        for _ in range(TICKS):
            at = time.time()
            ticked[tick()] = at
            time.sleep(max(0.0, TICK_S - (time.time() - at)))
        cpu = (_cpu_s(server) - before) / (time.monotonic() - began_s)
        events = result()
    late = [at - ticked[n] for came in events for n, at in dict(came).items() if n in ticked]
    return Heard(len(late) / (clients * TICKS), late, kib_each, cpu)


@contextmanager
def _crowd(
    port: int, path: str, clients: int, seconds: float
) -> Iterator[tuple[Callable[[], None], Callable[[], list[list[tuple[int, float]]]]]]:
    command = [sys.executable, "-m", "tests.bench.live_worker"]
    child = subprocess.Popen(
        [*command, str(port), path, str(clients), str(seconds)],
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    came, told = child.stdout, child.stdin

    def ready() -> None:
        assert came.readline().strip() == "ready", "the browsers broke"
        time.sleep(1.5)  # what was said while they came is over
        told.write("go\n")
        told.flush()

    try:
        yield ready, lambda: json.loads(came.readline())["events"]
    finally:
        child.kill()
        child.communicate()


@contextmanager
def _bare(size: int) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.bare_stream", str(port), str(size)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        _until_up(port)
        yield port, child
    finally:
        child.kill()
        child.communicate()


def _until_up(port: int) -> None:
    until_s = time.monotonic() + 30
    while time.monotonic() < until_s:
        with contextlib.suppress(OSError):
            return _get(port, "/json").close()
        time.sleep(0.1)
    raise AssertionError("the bare server did not start")


def _tick(line: Any) -> int:
    seq = next(_seq)
    line.write(b"%d\n" % seq)
    line.flush()
    return seq


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


# Polling.


def _polling(port: int) -> Iterator[Row]:
    """Requests a second of one kept connection, ours beside the bare server's, 304 and whole."""
    path = "/api/v1/density"
    answer = _get(port, path)
    etag, size = answer.getheader("etag"), len(answer.read())
    with _bare(size) as (bare_port, _):
        for words, ours, bare in (
            ("unchanged (304)", {"If-None-Match": etag or ""}, {"If-None-Match": '"same"'}),
            ("whole", {}, {}),
        ):
            rate, bare_rate = _per_s(port, path, ours), _per_s(bare_port, "/json", bare)
            told = f"bare ASGI answer of {size} bytes: {bare_rate:,.0f} requests/s"
            yield known(f"live: polling, {words}", rate, "requests/s", told, rate / bare_rate)


def _per_s(port: int, path: str, headers: dict[str, str]) -> float:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    began_s = time.monotonic()
    for _ in range(ASKED):
        link.request("GET", path, headers=headers)
        link.getresponse().read()
    link.close()
    return ASKED / (time.monotonic() - began_s)


def _get(port: int, path: str) -> http.client.HTTPResponse:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", path)
    return link.getresponse()


# From a commit to a browser.


def _told(conn: psycopg.Connection[Any], port: int) -> Row:
    """Commits at random moments, each later than the last one's event."""
    stream, chance, late_s = _get(port, live.PATH), random.Random(5), []
    _read_event(stream)
    for _ in range(COMMITS):
        time.sleep(chance.uniform(0.0, 1.0))
        people = _change(conn)
        committed_s = time.monotonic()
        while f'"people":{people},' not in _read_event(stream):
            assert time.monotonic() - committed_s < 30, "the event did not come"
        late_s.append(time.monotonic() - committed_s)
    stream.close()
    told = f"median {statistics.median(late_s):.2f} s; a board is read once a second at most"
    p95_s = statistics.quantiles(late_s, n=20)[-1]
    return known("live: from a commit to a browser, 95th percentile", p95_s, "s", told)


def _event(port: int) -> str:
    stream = _get(port, live.PATH)
    event = _read_event(stream)
    stream.close()
    return event


def _read_event(stream: http.client.HTTPResponse) -> str:
    lines: list[str] = []
    while not (lines and lines[-1].startswith("data: ")):
        line = stream.readline().decode()
        assert line, "the stream ended"
        lines.append(line)
    return "".join(lines)


# An office that changes.


def _prepare(conn: psycopg.Connection[Any]) -> None:
    migrate.migrate(conn)
    conn.execute("INSERT INTO site (site, name, name_en) VALUES ('bench', '시험', 'Bench')")
    conn.execute("INSERT INTO node (site, node, name, name_en) VALUES ('bench', 'cam', 'n', 'n')")
    conn.execute(
        "INSERT INTO zone (site, node, zone, name, name_en, place)"
        " SELECT 'bench', 'cam', 'z-' || n, '배식구 ' || n, 'Counter ' || n, '1층'"
        "   FROM generate_series(1, 5) n"
    )
    _change(conn)


_seq = iter(range(1, 1_000_000))


def _change(conn: psycopg.Connection[Any]) -> int:
    """Commit a window of every zone, and say so; how many people it has."""
    seq = next(_seq)
    people = seq % 9_000
    with conn.transaction():
        conn.execute("SELECT sample_days(now(), now())")
        conn.execute(
            "INSERT INTO sample (window_start, seq, zone_id, spool_id, window_s, confidence,"
            " people, people_max, served, entered)"
            " SELECT now() - interval '1 second', %s, zone_id, 1, 1, 0.9, %s, %s, 0, 0 FROM zone",
            (seq, people, people),
        )
        db.notify_sync(conn, db.DENSITY)
    return people


if __name__ == "__main__":
    for each in rows():
        print(as_line(each), flush=True)
