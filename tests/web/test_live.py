"""The live stream: a real process, real connections."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg import AsyncConnection

from hub.kit import clock, db, migrate
from hub.kit.embedded import postgres
from hub.web import app, live
from hub.web.metrics import Metrics
from tests.conftest import Database
from tests.hub.density.offices import open_office, saw
from tests.web.conftest import Web, free_port, web_process

STREAM = "/api/v1/density/stream"
FAN_OUT = 300


class Listener:
    """A browser's EventSource, as bare as it can be."""

    def __init__(self, web: Web, query: str = "") -> None:
        self._web, self._query = web, query

    async def __aenter__(self) -> "Listener":
        self._reader, self.writer = await asyncio.open_connection("127.0.0.1", self._web.port)
        ask = f"GET {STREAM}{self._query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        self.writer.write(ask.encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        self.status = int(head.split()[1])
        return self

    async def __aexit__(self, *_: Any) -> None:
        self.writer.close()

    async def event(self, patience_s: float = 15.0) -> dict[str, Any]:
        """The next `density` event's data."""
        async with asyncio.timeout(patience_s):
            while True:
                line = await self._reader.readuntil(b"\n")
                if line.startswith(b"data: "):
                    return json.loads(line[6:])

    async def comment(self) -> bytes:
        async with asyncio.timeout(20):
            while not (line := await self._reader.readuntil(b"\n")).startswith(b":"):
                pass
            return line

    async def ended(self) -> bool:
        async with asyncio.timeout(15):
            return (await self._reader.read()).endswith(b"0\r\n\r\n")


def people(event: dict[str, Any]) -> int | None:
    return event["sites"][0]["zones"][0]["people"]


async def test_a_stream_begins_with_the_board_and_tells_each_count(web: Web, conn: AsyncConnection):
    zone_id = await open_office(conn)
    await saw(conn, zone_id, clock.now(), people=3)
    async with Listener(web) as listener:
        first = await listener.event(2.0)
        assert people(first) == 3
        await saw(conn, zone_id, clock.now(), people=4)
        while people(await listener.event(5.0)) != 4:
            pass


async def test_one_office_hears_only_of_itself(web: Web, conn: AsyncConnection):
    await open_office(conn)
    await open_office(conn, "other")
    async with Listener(web, "?site=other") as listener:
        assert [site["site"] for site in (await listener.event())["sites"]] == ["other"]


async def test_the_stream_says_the_same_as_the_board(web: Web, conn: AsyncConnection):
    await open_office(conn)
    async with Listener(web) as listener, httpx.AsyncClient(base_url=web.url) as client:
        told = await listener.event()
        asked = (await client.get("/api/v1/density")).json()
        assert {**told, "now": ""} == {**asked, "now": ""}


async def test_many_counts_in_a_moment_are_one_event_a_second(web: Web, conn: AsyncConnection):
    zone_id = await open_office(conn)
    async with Listener(web) as listener:
        await listener.event()
        started_s = time.monotonic()
        for n in range(40):
            await saw(conn, zone_id, clock.now() + timedelta(milliseconds=n), people=n)
        heard = 0
        while people(await listener.event()) != 39:
            heard += 1
        assert heard <= time.monotonic() - started_s + 1


async def test_a_zone_gets_stale_on_the_stream_at_thirty_seconds(web: Web, conn: AsyncConnection):
    zone_id = await open_office(conn)
    seen_at = clock.now() - timedelta(seconds=26)
    await saw(conn, zone_id, seen_at, people=3)
    async with Listener(web) as listener:
        assert people(await listener.event()) == 3
        while people(event := await listener.event()) is not None:
            pass
        assert event["sites"][0]["zones"][0]["state"] == "stale"
        assert clock.now() - seen_at < timedelta(seconds=32)


@pytest.mark.parametrize(
    ("query", "status", "slug"),
    [
        ("?site=nowhere", 404, "unknown-site"),
        ("?site=No%20Where", 422, "malformed-request"),
        ("?site=", 422, "malformed-request"),
    ],
)
async def test_a_stream_of_no_office_is_refused(web: Web, query, status, slug):
    async with httpx.AsyncClient(base_url=web.url) as client:
        answer = await client.get(STREAM + query)
    assert answer.status_code == status
    assert answer.json()["type"].endswith(slug)


async def test_when_all_streams_are_taken_the_next_is_told_so(database: Database):
    with web_process(database.dsn, HUB_STREAM_CLIENTS_MAX="2") as web:
        async with Listener(web), httpx.AsyncClient(base_url=web.url) as client:
            async with Listener(web):
                full = await client.get(STREAM)
                assert full.status_code == 503
                assert full.json()["type"] == "urn:cheongsa:problem:too-many-streams"
                assert full.headers["retry-after"]
            await asyncio.sleep(0.3)  # the server notices the hang-up
            async with Listener(web) as next_one:
                assert next_one.status == 200


async def test_hundreds_hear_every_event_and_leave_nothing_behind(web: Web, conn: AsyncConnection):
    zone_id = await open_office(conn)
    listeners = [Listener(web) for _ in range(FAN_OUT)]
    await asyncio.gather(*[listener.__aenter__() for listener in listeners])
    await asyncio.gather(*[listener.event() for listener in listeners])
    for count in (7, 8, 9):
        await saw(conn, zone_id, clock.now(), people=count)
        await asyncio.gather(*[_hears(listener, count) for listener in listeners])
    assert await _figure(web, "cheongsa_streams ") == FAN_OUT
    for listener in listeners:
        listener.writer.close()
    async with asyncio.timeout(5):
        while await _figure(web, "cheongsa_streams ") > 0:  # noqa: ASYNC110  another process
            await asyncio.sleep(0.1)


async def _hears(listener: Listener, count: int) -> None:
    while people(await listener.event()) != count:
        pass


async def _figure(web: Web, name: str) -> float:
    async with httpx.AsyncClient(base_url=web.url) as client:
        text = (await client.get("/metrics")).text
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


async def test_a_client_that_reads_nothing_holds_up_nobody(web: Web, conn: AsyncConnection):
    zone_id = await open_office(conn)
    async with Listener(web), Listener(web) as reading:  # the first never reads
        for count in range(1, 4):
            await saw(conn, zone_id, clock.now(), people=count)
            await _hears(reading, count)


async def test_a_stream_survives_the_database_being_away(web: Web, conn: AsyncConnection, database):
    zone_id = await open_office(conn)
    async with Listener(web) as listener:
        await listener.event()
        await _cut_off_everybody(database)
        async with await db.connect(database.dsn) as again:
            await saw(again, zone_id, clock.now(), people=5)
        await _hears(listener, 5)


async def test_a_client_that_stopped_reading_is_dropped_in_the_end(door: app.Door, conn):
    await open_office(conn)
    stream = live.Stream(door.api.state.feed, door.api.state.metrics, 10, blocked_max_s=0.3)
    told: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        told.append(message)
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()  # a full socket: uvicorn waits like this

    async def receive() -> Any:
        return await asyncio.Event().wait()

    asked = {"type": "http", "method": "GET", "path": STREAM, "query_string": b"", "headers": []}
    dropping = asyncio.create_task(stream.drop_blocked())
    async with asyncio.timeout(5):
        await stream(asked, receive, send)
    dropping.cancel()
    assert [message["type"] for message in told] == ["http.response.start", "http.response.body"]
    assert "cheongsa_streams_dropped_total 1.0" in door.api.state.metrics.text().decode()
    assert "cheongsa_streams 0.0" in door.api.state.metrics.text().decode()


async def test_a_slot_holds_the_newest_event_and_no_other():
    slot = live.Slot(Metrics())
    slot.put(b"old")
    slot.put(b"new")
    slot.keep_alive(b": comment")
    assert await slot.take() == b"new"
    slot.keep_alive(b": comment")
    assert await slot.take() == b": comment"
    slot.close()
    assert await slot.take() is None


async def test_head_on_the_stream_ends_at_once(web: Web, conn: AsyncConnection):
    await open_office(conn)
    async with httpx.AsyncClient(base_url=web.url, timeout=5) as client:
        answer = await client.head(STREAM)
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"


async def test_the_stream_goes_on_when_the_database_was_killed_and_started_again():
    folder = Path(tempfile.mkdtemp(prefix="cheongsa-test-"))
    server = postgres.start(folder)
    try:
        with db.connect_sync(server.dsn(), autocommit=True) as setting_up:
            migrate.migrate(setting_up)
        async with await db.connect(server.dsn()) as conn:
            zone_id = await open_office(conn)
        with web_process(server.dsn()) as web:
            async with Listener(web) as listener, httpx.AsyncClient(base_url=web.url) as client:
                await listener.event()
                server.child.kill()
                server.child.wait()
                assert (await listener.comment()).startswith(b": still here")
                away = await client.get("/api/v1/density", timeout=20)
                assert away.json()["type"] == "urn:cheongsa:problem:database-away"
                server = postgres.start(folder)
                async with await db.connect(server.dsn()) as conn:
                    await saw(conn, zone_id, clock.now(), people=5)
                await _hears(listener, 5)
                assert (await client.get("/api/v1/density")).status_code == 200
    finally:
        server.forget()
        shutil.rmtree(folder, ignore_errors=True)


async def _cut_off_everybody(database: Database) -> None:
    async with await db.connect(database.dsn, autocommit=True) as killer:
        await killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_stopping_ends_open_streams_in_no_time(web: Web, conn: AsyncConnection, sign):
    await open_office(conn)
    listeners = [Listener(web) for _ in range(20)]
    for listener in listeners:
        await listener.__aenter__()
    started_s = time.monotonic()
    web.process.send_signal(sign)
    assert all(await asyncio.gather(*[listener.ended() for listener in listeners]))
    await asyncio.to_thread(web.process.wait, 10)
    assert time.monotonic() - started_s < 5
    for listener in listeners:
        listener.writer.close()


def test_it_ends_when_it_is_told_so_before_it_serves(database: Database):
    env = {**os.environ, "HUB_DATABASE_DSN": database.dsn, "HUB_PORT": str(free_port())}
    with subprocess.Popen([sys.executable, "-m", "hub", "web"], env=env) as process:
        try:
            while process.poll() is None and not catches_sigterm(process.pid):
                time.sleep(0.001)
            process.terminate()
            assert process.wait(90) == 0
        finally:
            process.kill()


def catches_sigterm(pid: int) -> bool:
    """Whether the program has said by now what it does then."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = int(re.findall(r"^SigCgt:\s*(\w+)$", status, re.M)[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


async def test_a_client_that_reads_nothing_does_not_hold_up_stopping(
    web: Web, conn: AsyncConnection
):
    zone_id = await open_office(conn)
    async with Listener(web):
        for n in range(3):
            await saw(conn, zone_id, clock.now(), people=n)
        started_s = time.monotonic()
        web.process.terminate()
        await asyncio.to_thread(web.process.wait, 10)
        assert time.monotonic() - started_s < 10
