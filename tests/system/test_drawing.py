"""From a drawing to a count: a real node before the rendered lunch, through every part."""

import asyncio
import base64
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psycopg
import pytest

from hub.devices.store import commands as store
from hub.ingest import door as ingest_door
from hub.kit import clock, db
from hub.kit.embedded.broker import Broker
from hub.kit.settings import Settings
from hub.web import app
from tests.conftest import Database
from tests.web.people import Somebody, add, browser

ROOT = Path(__file__).parents[2]
NODE = "/api/v1/nodes/demo/cam-1"
LOWER_HALF = [[0.02, 0.4], [0.98, 0.4], [0.98, 0.98], [0.02, 0.98]]


@pytest.fixture
def office(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.dsn, autocommit=True) as conn:
        conn.execute("INSERT INTO site (site, name, name_en) VALUES ('demo', '시범', 'Demo')")
        for node in ("cam-1", "cam-2"):
            conn.execute(
                "INSERT INTO node (site, node, name, name_en) VALUES ('demo', %s, '눈', 'Eye')",
                (node,),
            )
        yield conn


@pytest.fixture
def settings(database: Database, broker: Broker, office: Any) -> Settings:
    return Settings.model_validate(
        {
            "database_dsn": database.dsn,
            "trusted_hosts": ("hub.test",),
            "broker_url": broker.url(),
            "broker_password": broker.passwords["hub"],
        }
    )


@pytest.fixture
def ingest(settings: Settings) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=ingest_door.run, args=(settings, stop))
    thread.start()
    yield
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


class Node:
    """`python -m edge run`, started again when it ends of itself, as systemd would."""

    def __init__(self, folder: Path, broker: Broker) -> None:
        self._env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("EDGE_")},
            "EDGE_SITE": "demo", "EDGE_NODE": "cam-1", "EDGE_CAMERA": "scene",
            "EDGE_BROKER_URL": broker.url("demo/cam-1"),
            "EDGE_BROKER_PASSWORD": broker.passwords["demo/cam-1"],
            "EDGE_DATA_DIR": str(folder), "EDGE_CLOCK_TRUSTED": "1", "EDGE_WINDOW_S": "1",
        }  # fmt: skip
        self.starts = 0
        self._stop = False
        self.child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_up)
        self._thread.start()

    def _keep_up(self) -> None:
        while not self._stop:
            self.starts += 1
            self.child = subprocess.Popen(
                [sys.executable, "-m", "edge", "run"], env=self._env, cwd=ROOT
            )
            self.child.wait()

    def close(self) -> None:
        self._stop = True
        if self.child:
            self.child.kill()
        self._thread.join(20)


@pytest.fixture
def node(tmp_path: Path, broker: Broker, ingest: None) -> Iterator[Node]:
    made = Node(tmp_path, broker)
    yield made
    made.close()


@pytest.fixture
async def facilities(settings: Settings) -> AsyncIterator[Somebody]:
    async with await db.connect(settings.database_dsn) as conn:
        await add(conn, "kim", "facilities")
        await add(conn, "lee", "facilities")
        await add(conn, "park", "staff")
    door = app.create_app(settings)
    async with door.api.router.lifespan_context(door.api), browser(door) as one:
        assert (await one.sign_in("kim")).status_code == 200
        yield one


async def until(ask: Callable[[], Awaitable[Any]], patience_s: float = 90.0) -> Any:
    end_s = time.monotonic() + patience_s
    while not (found := await ask()):
        assert time.monotonic() < end_s, "waited in vain"
        await asyncio.sleep(0.2)
    return found


async def answered(who: Somebody, command: str) -> dict[str, Any]:
    async def ask() -> Any:
        told = (await who.does("GET", f"/api/v1/commands/{command}")).json()
        return told if told["done"] is not None else None

    return await until(ask)


async def ask_for(who: Somebody, kind: str, **more: Any) -> dict[str, Any]:
    made = await who.does("POST", f"{NODE}/commands", json={"kind": kind, **more})
    assert made.status_code == 201, made.text
    return made.json()


async def online(who: Somebody) -> None:
    async def ask() -> bool:
        return (await who.does("GET", f"{NODE}/drawing")).json()["online"]

    await until(ask)


def zone(name: str = "점심 줄", polygon: Any = LOWER_HALF, **more: Any) -> dict[str, Any]:
    return {"zone": "lunch", "name": name, "kind": "queue", "polygon": polygon, **more}


async def test_a_drawing_is_saved_applied_reported_counted_and_taken_back(
    facilities: Somebody, node: Node, office: psycopg.Connection[Any]
):
    await online(facilities)
    line = {"line": "till", "zone": "lunch", "a": [0.2, 0.5], "b": [0.8, 0.5]}
    drawn = {"zones": [zone()], "lines": [line]}
    saved = await facilities.does("PUT", f"{NODE}/drawing", json={"revision": 0, "drawing": drawn})
    assert saved.status_code == 200, saved.text
    assert saved.json()["revision"] == 1

    async def applied() -> Any:
        told = (await facilities.does("GET", f"{NODE}/drawing")).json()
        return told if told["is_applied"] else None

    assert (await until(applied))["reported"]["refused"] is None
    counted = "SELECT max(people) FROM sample JOIN zone USING (zone_id) WHERE zone.zone = 'lunch'"

    async def counts() -> Any:
        return office.execute(counted).fetchall()[0][0]

    assert await until(counts) > 0
    late = await facilities.does("PUT", f"{NODE}/drawing", json={"revision": 0, "drawing": drawn})
    assert late.status_code == 409
    drawn["zones"][0]["name"] = "새 줄"
    await facilities.does("PUT", f"{NODE}/drawing", json={"revision": 1, "drawing": drawn})
    back = await facilities.does("POST", f"{NODE}/drawing/back", json={"revision": 2, "back_to": 1})
    assert back.json()["drawing"]["zones"][0]["name"] == "점심 줄"
    assert (await until(applied))["revision"] == 3
    history = (await facilities.does("GET", f"{NODE}/drawing/history")).json()
    assert [(one["revision"], one["back_to"]) for one in history] == [(3, 1), (2, None), (1, None)]
    assert history[0]["saved_by"] == "kim"
    assert history[0]["answered_at"] is not None
    assert history[1]["changes"] == [{"what": "zone", "name": "새 줄", "how": "changed"}]


async def test_a_slip_in_a_drawing_is_told_in_words(facilities: Somebody):
    bow_tie = [[0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.9]]
    told = await facilities.does(
        "PUT",
        f"{NODE}/drawing",
        json={"revision": 0, "drawing": {"zones": [zone(polygon=bow_tie)]}},
        headers={"Accept-Language": "ko"},
    )
    assert told.status_code == 422
    assert "엇갈려요" in told.json()["detail"]


async def test_a_picture_comes_sealed_is_shown_to_its_asker_and_forgotten(
    facilities: Somebody, node: Node, office: psycopg.Connection[Any], database: Database
):
    await online(facilities)
    asked = (await facilities.does("POST", f"{NODE}/picture")).json()
    told = await answered(facilities, asked["command"])
    assert told["done"], told
    path, key = f"/api/v1/pictures/{asked['command']}", {"X-Picture-Key": asked["key"]}
    shown = (await facilities.does("GET", path, headers=key)).json()
    jpeg = base64.b64decode(shown["jpeg"])
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert image.shape[:2] == (shown["height_px"], shown["width_px"])
    assert shown["frames"] == 60
    if kept := os.environ.get("KEEP_PICTURE"):
        Path(kept).write_bytes(jpeg)  # noqa: ASYNC240  to look at it
    (stored,) = office.execute("SELECT sealed FROM command WHERE sealed IS NOT NULL").fetchall()
    assert jpeg not in stored[0]
    wrong = {"X-Picture-Key": "A" * 43}
    assert (await facilities.does("GET", path, headers=wrong)).status_code == 403
    await facilities.sign_in("lee")
    assert (await facilities.does("GET", path, headers=key)).status_code == 404
    await facilities.sign_in("kim")
    office.execute("UPDATE command SET answered_at = answered_at - interval '10 min 1 s'")
    assert (await facilities.does("GET", path, headers=key)).status_code == 404
    async with await db.connect(database.dsn) as conn:
        assert await store.forget(conn, clock.now()) == 1
        await conn.commit()
    assert office.execute("SELECT 1 FROM command WHERE sealed IS NOT NULL").fetchall() == []
    acts = office.execute(
        "SELECT actor, subject FROM audit_entry WHERE action = 'node.still'"
    ).fetchall()
    assert acts == [("kim", "demo/cam-1")]


async def test_numbers_come_while_somebody_draws_and_end_by_themselves(
    facilities: Somebody, node: Node
):
    await online(facilities)
    await ask_for(facilities, "preview", lasts_s=8)

    async def seen() -> Any:
        told = (await facilities.does("GET", f"{NODE}/preview")).json()
        return told if told["boxes"] else None

    told = await until(seen)
    assert all(0 <= v <= 1 for box in told["boxes"] for v in box)

    async def silent() -> bool:
        return (await facilities.does("GET", f"{NODE}/preview")).json()["at"] is None

    await until(silent)


async def test_a_restart_is_done_once_and_a_bench_tells_figures(facilities: Somebody, node: Node):
    await online(facilities)
    bench = await answered(facilities, (await ask_for(facilities, "bench"))["command"])
    assert bench["figures"]["inference_ms"] > 0
    restarted = await answered(facilities, (await ask_for(facilities, "restart"))["command"])
    assert restarted["done"]
    await asyncio.sleep(12)  # it would be said again by now
    assert node.starts == 2


async def test_a_machine_without_lights_says_that_it_cannot_blink(facilities: Somebody, node: Node):
    await online(facilities)
    told = await answered(facilities, (await ask_for(facilities, "identify"))["command"])
    assert (told["done"], told["detail"]) == (False, "This node has no light to blink with.")


async def test_staff_may_ask_nothing_of_a_node(facilities: Somebody):
    await facilities.sign_in("park")
    for method, path in (("POST", "commands"), ("POST", "picture"), ("PUT", "drawing")):
        told = await facilities.does(method, f"{NODE}/{path}", json={"kind": "restart"})
        assert told.status_code == 403
