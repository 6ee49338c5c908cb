"""From what nodes said to alerts, notices and the page: on a real PostgreSQL."""

import asyncio
import json
import socket
import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from psycopg import AsyncConnection

from edge.wire.messages import NodeHealth
from edge.wire.topics import NodeName
from hub.devices import jobs
from hub.devices.notices import Quiet
from hub.devices.store import alerts, conditions, fared, nodes, notices
from hub.kit import db
from hub.web import app
from tests.conftest import Database
from tests.hub.devices.conftest import NOW
from tests.web import people
from tests.web.conftest import settings_for

STEP = timedelta(seconds=30)
CAM = NodeName("demo", "cam-1")


def health(**given: Any) -> NodeHealth:
    told = {
        "boot_id": uuid.UUID(int=1), "at": NOW, "uptime_s": 60.0, "observing": "ok",
        "frames_per_s": 4.0, "inference_ms": 60.0, "outbox_depth": 0, "clock_source": "ntp",
        "version": jobs.hub_version(), "backend": "ncnn", "temperature_c": 50.0, "throttled": 0,
    }  # fmt: skip
    return NodeHealth.model_validate(told | given)


@pytest.fixture
def says(sync_conn: Any) -> Any:
    def said(now: datetime, *names: NodeName, **given: Any) -> None:
        nodes.heard_health(sync_conn, {name: health(**given) for name in names or (CAM,)}, now)
        sync_conn.execute("UPDATE node SET state = '{\"online\": true}', state_at = %s", (now,))
        sync_conn.execute("UPDATE node SET retired_at = %s WHERE node = 'cam-2'", (now,))
        sync_conn.execute(
            "INSERT INTO spool (site, node, spool, heard_at) VALUES ('demo', 'cam-1', %s, %s)"
            " ON CONFLICT (site, node, spool) DO UPDATE SET heard_at = excluded.heard_at",
            (uuid.UUID(int=3), now),
        )

    return said


async def look(conn: AsyncConnection[Any], now: datetime, *addresses: str) -> Any:
    done = await jobs.look_over(conn, addresses, now)
    await conn.commit()
    return done


async def test_a_weak_adapter_is_raised_once_and_closes_by_itself(says, conn):
    raised, closed = [], []
    for n in range(100):
        now = NOW + n * STEP
        says(now, throttled=1 if n < 20 else 0)
        done = await look(conn, now)
        raised += done.raised
        closed += done.closed
    assert [a.key.cause for a in raised] == ["under-voltage"]
    assert [a.key.cause for a in closed] == ["under-voltage"]
    assert not await alerts.raised(conn)
    assert [a.cause for a in await alerts.raised(conn, CAM, closed=5)] == ["under-voltage"]


async def test_two_workers_that_look_at_once_raise_it_once(says, conn, database: Database):
    says(NOW, throttled=1)
    await look(conn, NOW)
    later = NOW + timedelta(seconds=31)
    says(later, throttled=1)
    async with await db.connect(database.dsn) as other:
        await asyncio.gather(look(conn, later, "x"), look(other, later, "x"))
    rows = await conn.execute("SELECT count(*) FROM alert")
    told = await conn.execute("SELECT count(*) FROM notice")
    assert (await rows.fetchone(), await told.fetchone()) == ((1,), (1,))


def test_five_minutes_keep_their_worst_figures(sync_conn: Any):
    for n, (frames, degrees, bits) in enumerate([(4.0, 50.0, 0), (1.0, 70.0, 4), (3.9, 51.0, 1)]):
        said = health(frames_per_s=frames, temperature_c=degrees, throttled=bits)
        nodes.heard_health(sync_conn, {CAM: said}, NOW + n * STEP)
    row = sync_conn.execute("SELECT frames_per_s, temperature_c, throttled FROM node_health")
    assert row.fetchall() == [(1.0, 70.0, 5)]


def test_absurd_figures_of_a_node_are_kept_and_stop_nothing(sync_conn: Any):
    said = health(outbox_depth=10**30, throttled=-(10**30), temperature_c=1e308)
    nodes.heard_health(sync_conn, {CAM: said}, NOW)
    nodes.heard_health(sync_conn, {NodeName("demo", "stranger"): said}, NOW)
    assert sync_conn.execute("SELECT count(*) FROM node_health").fetchone() == (1,)


async def test_a_node_is_compared_with_its_own_past(sync_conn: Any, says, conn):
    for n in range(fared.USUAL_NEEDS):
        says(NOW - timedelta(minutes=5 * (n + 1)), frames_per_s=4.0)
    await fared.reckon_usual(conn, NOW)
    says(NOW, frames_per_s=1.0)
    known = await conditions.look_at(conn, CAM, NOW)
    assert known is not None
    assert known.look.usual_frames_per_s == 4.0
    [found] = jobs.findings(known.look, NOW)
    assert found.cause == "slow"


async def test_health_is_forgotten_after_a_month(says, conn):
    says(NOW)
    await fared.forget(conn, NOW + fared.KEPT_FOR + timedelta(minutes=6))
    assert await fared.history(conn, CAM, NOW - timedelta(days=1), timedelta(minutes=5)) == []


# -- notices


class Post(BaseHTTPRequestHandler):
    """Takes what is posted, or refuses it."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append(body.decode())  # type: ignore[attr-defined]
        self.send_response(self.server.answers)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002


@pytest.fixture
def webhook() -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), Post)
    server.seen, server.answers = [], 204
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    server.url = f"json://127.0.0.1:{server.server_port}/"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Letterbox:
    """Keeps the mail that comes."""

    def __init__(self) -> None:
        self.mail: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mail.append(envelope)
        return "250 kept"


@pytest.fixture
def smtp() -> Iterator[Any]:
    box = Letterbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, f"mailto://127.0.0.1:{port}?from=hub@city.test&to=facilities@city.test&mode=insecure"
    server.stop()


async def told(says: Any, conn: Any, url: str, *, raise_only: bool = True) -> jobs.Telling:
    telling = jobs.Telling.of([url])
    for n in range(3):
        says(NOW + n * STEP, throttled=1)
        await look(conn, NOW + n * STEP, *telling.urls)
    return telling


async def send(database: Database, telling: jobs.Telling, now: datetime) -> int:
    sent = 0
    async with db.open_pool(database.dsn, size=1) as pool:
        while await jobs.tell_one(pool, telling, now):
            sent += 1
    return sent


async def test_a_webhook_hears_once_what_to_do(says, conn, webhook, database):
    telling = await told(says, conn, webhook.url)
    now = NOW + 3 * STEP
    assert await send(database, telling, now) == 1
    assert await send(database, telling, now + timedelta(days=1)) == 0
    assert "정품 5V 5A" in json.loads(webhook.seen[0])["message"]
    assert len(webhook.seen) == 1


async def test_mail_goes_through_a_real_smtp_server(says, conn, smtp, database):
    box, url = smtp
    telling = await told(says, conn, url)
    await send(database, telling, NOW + 3 * STEP)
    assert [mail.rcpt_tos for mail in box.mail] == [["facilities@city.test"]]


async def test_a_webhook_that_refuses_is_tried_again_and_given_up_after_a_day(
    says, conn, webhook, database
):
    webhook.answers = 500
    telling = await told(says, conn, webhook.url)
    now, tries = NOW + 2 * STEP, 0
    while now < NOW + timedelta(days=2):
        tries += await send(database, telling, now)
        now += timedelta(minutes=30)
    assert 5 < tries == len(webhook.seen) < 25
    row = await conn.execute("SELECT sent_at, ended_why FROM notice")
    sent_at, why = await row.fetchone()
    assert sent_at is None
    assert why.startswith("given up after a day")
    assert await notices.failing(conn) == 1


async def test_nobody_is_woken_and_what_is_over_by_morning_is_not_told(
    says, conn, webhook, database
):
    await conn.execute("INSERT INTO quiet_hours VALUES ('', '00:00', '23:59')")
    await conn.commit()
    telling = await told(says, conn, webhook.url)
    assert await send(database, telling, NOW + 3 * STEP) == 0
    for n in range(3, 80):
        says(NOW + n * STEP)
        await look(conn, NOW + n * STEP, *telling.urls)
    assert await send(database, telling, NOW + timedelta(days=2)) == 0
    assert webhook.seen == []


async def test_an_address_that_was_taken_out_of_the_settings_is_given_up(says, conn, database):
    await told(says, conn, "json://127.0.0.1:9/")
    await send(database, jobs.Telling.of([]), NOW + 3 * STEP)
    row = await conn.execute("SELECT ended_why FROM notice")
    assert "HUB_NOTICE_URLS" in (await row.fetchone())[0]


# -- the page


async def test_facilities_see_the_worst_first_and_acknowledge_and_it_is_written_down(
    sync_conn: Any, conn, database
):
    at = jobs.clock.now()
    well, weak = NodeName("demo", "cam-1"), NodeName("demo", "cam-2")
    sync_conn.execute("UPDATE node SET state = '{\"online\": true}', state_at = %s", (at,))
    nodes.heard_health(sync_conn, {well: health(), weak: health(throttled=1)}, at)
    await look(conn, at - timedelta(minutes=1))
    await look(conn, at)
    await people.add(conn, "kim", "facilities")
    door = app.create_app(settings_for(database))
    async with door.api.router.lifespan_context(door.api), people.browser(door) as kim:
        await kim.sign_in("kim")
        listed = (await kim.does("GET", "/api/v1/devices")).json()
        assert [one["node"] for one in listed["devices"]] == ["cam-2", "cam-1"]
        assert listed["devices"][0]["worst"]["said"] == "전원이 약합니다"
        assert (listed["down"], listed["sick"], listed["well"]) == (0, 1, 1)
        [alert] = listed["alerts"]
        path = f"/api/v1/devices/alerts/{alert['alert_id']}/acknowledgement"
        assert (await kim.does("POST", path)).status_code == 204
        whole = (await kim.does("GET", "/api/v1/devices/demo/cam-2?lang=en")).json()
        assert whole["alerts"][0]["acknowledged_by"] == "kim"
        assert whole["findings"][0]["to_do"] == "Use the original 5 V 5 A adapter"
        past = (await kim.does("GET", "/api/v1/devices/demo/cam-2/health")).json()
        assert past["points"][0]["throttled"] == 1
    rows = await conn.execute("SELECT action FROM audit_entry ORDER BY number")
    assert "alert.acknowledge" in {action for (action,) in await rows.fetchall()}


QUIET = "/api/v1/devices/quiet-hours"


async def test_a_site_has_quiet_hours_of_its_own_or_goes_by_those_of_all(
    database: Database, conn, sync_conn
):
    await people.add(conn, "kim", "facilities")
    door = app.create_app(settings_for(database))
    night, never = {"starts": "22:00", "ends": "07:00"}, {"starts": "00:00", "ends": "00:00"}
    async with door.api.router.lifespan_context(door.api), people.browser(door) as kim:
        await kim.sign_in("kim")

        async def hours() -> list[Any]:
            return [one["starts"] for one in (await kim.does("GET", QUIET)).json()]

        assert await hours() == [None, None]
        assert (await kim.does("PUT", QUIET, json=night)).status_code == 204
        assert await hours() == ["22:00:00", None]
        told = await kim.does("PUT", f"{QUIET}?site=demo", json=never)
        assert told.status_code == 204
        assert await hours() == ["22:00:00", "00:00:00"]
        kept = {row.site: Quiet(row.starts, row.ends) for row in await notices.quiet_hours(conn)}
        assert kept[""].is_on(NOW.replace(hour=15))  # midnight in Korea
        assert not kept["demo"].is_on(NOW.replace(hour=15))
        assert (await kim.does("DELETE", f"{QUIET}?site=demo")).status_code == 204
        assert await hours() == ["22:00:00", None]
        for method, given in (("PUT", {"json": night}), ("DELETE", {})):
            assert (await kim.does(method, f"{QUIET}?site=no", **given)).status_code == 404
    rows = await conn.execute("SELECT action FROM audit_entry ORDER BY number")
    assert [a for (a,) in await rows.fetchall()][-3:] == [
        "quiet-hours.set", "quiet-hours.set", "quiet-hours.clear"
    ]  # fmt: skip


async def test_a_thousand_nodes_are_as_many_queries_as_one(sync_conn: Any, conn):
    sync_conn.execute(
        "INSERT INTO node (site, node, name, name_en) SELECT 'demo', 'n-' || i, 'n', 'n'"
        " FROM generate_series(1, 1000) AS i"
    )
    everybody = {NodeName("demo", f"n-{i}"): health() for i in range(1, 1001)}
    nodes.heard_health(sync_conn, everybody, NOW)
    asked = []
    execute = type(conn.cursor()).execute

    async def counting(self: Any, query: Any, *given: Any, **more: Any) -> Any:
        asked.append(query)
        return await execute(self, query, *given, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(conn.cursor()), "execute", counting)
        assert len(await conditions.looks(conn, NOW)) == 1002
    assert len(asked) == 1
