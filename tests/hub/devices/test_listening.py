"""A hub that was away for an hour does not call every node missing when it comes back."""

import threading
import time
from datetime import datetime, timedelta
from typing import Any

from hub.devices.condition import Cause
from hub.devices.store import listening
from hub.devices.store.listening import Listened
from hub.ingest import door
from hub.kit import clock
from hub.kit.embedded.broker import Broker
from hub.kit.settings import Settings
from hub.web import app
from tests.conftest import Database
from tests.hub.devices.conftest import NOW
from tests.hub.devices.test_watch import look, says
from tests.web import people
from tests.web.conftest import settings_for

__all__ = ["says"]

STEP = timedelta(seconds=30)
HOUR = timedelta(hours=1)
PATIENCE_S = 90


async def causes(conn: Any, now: Any) -> list[Cause]:
    return [alert.key.cause for alert in (await look(conn, now)).raised]


def listens(sync_conn: Any, since: Any, until: Any) -> None:
    at = since
    while at <= until:
        listening.record(sync_conn, at)
        at += STEP


async def test_an_hour_in_which_nobody_listened_is_no_silence(says, sync_conn, conn):
    listens(sync_conn, NOW - HOUR, NOW)
    says(NOW)
    for n in range(120):  # the worker looks on; no door hears anything
        assert await causes(conn, NOW + n * STEP) == []
    back = NOW + HOUR
    for n in range(3):  # a door is back, the node is not yet
        listening.record(sync_conn, back + n * STEP)
        assert await causes(conn, back + n * STEP) == []
    says(back + 3 * STEP)
    for n in range(3, 20):
        listening.record(sync_conn, back + n * STEP)
        says(back + n * STEP)
        assert await causes(conn, back + n * STEP) == []


async def test_goodbyes_from_while_nobody_listened_are_not_believed_at_once(says, sync_conn, conn):
    listens(sync_conn, NOW - HOUR, NOW)
    says(NOW)
    back = NOW + HOUR
    listening.record(sync_conn, back)
    sync_conn.execute("UPDATE node SET state = '{\"online\": false}', state_at = %s", (back,))
    for n in range(3):
        listening.record(sync_conn, back + n * STEP)
        assert await causes(conn, back + n * STEP) == []


async def test_a_node_that_stays_away_is_missing_all_the_same(says, sync_conn, conn):
    listens(sync_conn, NOW - HOUR, NOW)
    says(NOW)
    raised = []
    for n in range(20):
        at = NOW + HOUR + n * STEP
        listening.record(sync_conn, at)
        raised += await causes(conn, at)
    assert raised == [Cause.MISSING]


async def test_a_node_that_falls_silent_while_the_hub_listens_is_missing(says, sync_conn, conn):
    listens(sync_conn, NOW - HOUR, NOW)
    says(NOW)
    raised = []
    for n in range(12):
        listening.record(sync_conn, NOW + n * STEP)
        raised += await causes(conn, NOW + n * STEP)
    assert raised == [Cause.MISSING]


async def test_a_short_gap_is_none(sync_conn, conn):
    listening.record(sync_conn, NOW)
    listening.record(sync_conn, NOW + timedelta(seconds=50))
    listening.record(sync_conn, NOW + timedelta(seconds=20))  # another door, a little behind
    rows = await (await conn.execute("SELECT since, at FROM hub_listening")).fetchall()
    assert rows == [(NOW, NOW + timedelta(seconds=50))]


async def test_the_last_gap_is_remembered_from_when_it_began(sync_conn, conn):
    assert await listening.listened(conn) is None
    listens(sync_conn, NOW - HOUR, NOW)
    assert await listening.listened(conn) == Listened(NOW - HOUR, NOW, None)
    back = NOW + HOUR
    listens(sync_conn, back, back + HOUR)
    assert await listening.listened(conn) == Listened(back, back + HOUR, NOW)


async def test_the_page_says_that_the_hub_is_deaf_and_blames_no_node(
    says, sync_conn, conn, database: Database
):
    now = clock.now()
    await people.add(conn, "kim", "facilities")
    app_ = app.create_app(settings_for(database))
    async with app_.api.router.lifespan_context(app_.api), people.browser(app_) as kim:
        await kim.sign_in("kim")

        async def seen() -> Any:
            return (await kim.does("GET", "/api/v1/devices")).json()

        says(now - HOUR)
        assert (await seen())["deaf"] == {"since": None, "until": None}
        listens(sync_conn, now - 2 * HOUR, now - HOUR)
        told = await seen()
        assert (told["well"], told["down"]) == (1, 0)  # as it was when the hub last listened
        assert datetime.fromisoformat(told["deaf"]["since"]) == now - HOUR
        assert told["deaf"]["until"] is None
        whole = (await kim.does("GET", "/api/v1/devices/demo/cam-1")).json()
        assert (whole["findings"], whole["deaf"]) == ([], told["deaf"])
        listens(sync_conn, now - 2 * STEP, now)
        told = (await seen())["deaf"]
        assert datetime.fromisoformat(told["since"]) == now - HOUR
        assert datetime.fromisoformat(told["until"]) == now - 2 * STEP
        sync_conn.execute("UPDATE hub_listening SET since = since - interval '25 hours'")
        assert (await seen())["deaf"] is None


def test_the_door_says_that_it_listens(sync_conn: Any, database: Database, broker: Broker):
    settings = Settings.model_validate(
        {
            "database_dsn": database.dsn,
            "broker_url": broker.url(),
            "broker_password": broker.passwords["hub"],
        }
    )
    stop = threading.Event()
    thread = threading.Thread(target=door.run, args=(settings, stop))
    thread.start()
    try:
        until_s = time.monotonic() + PATIENCE_S
        while not sync_conn.execute("SELECT FROM hub_listening").fetchall():
            assert time.monotonic() < until_s, "no door said that it listens"
            time.sleep(0.2)
    finally:
        stop.set()
        thread.join(PATIENCE_S)
