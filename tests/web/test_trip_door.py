"""`hub web --only trip`: every route and page is asked; what is not listed is not there."""

import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg import AsyncConnection

from hub.identity import access
from hub.web import app, live, only
from tests.conftest import Database
from tests.web.conftest import free_port
from tests.web.people import OURS, browser
from tests.web.trips import Phone, is_signed_in, keep_auditor, people, trip_settings

Conn = AsyncConnection[Any]
FILLED = {"kid": "0123456789abcdef", "cti": "0123456789abcdef", "size": "1", "index": "1"}
SOURCES = Path("dashboards/web/src")
IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*['"]([^'"]+)['"]""")
ASKED = re.compile(r"""['"`](/(?:api|\.well-known)/[^'"`?\s]*)""")
ENTRIES = {
    "/trip": "routes/trip/+page.svelte",
    "/sign-in": "routes/sign-in/+page.svelte",
    "/me": "routes/me/+page.svelte",
    "/service-worker.js": "service-worker/index.ts",
}
DONE_WITHOUT = {"/api/v1/duties"}
"""What the account's page shows where it is there, and leaves out where it is not."""
PAGES = ["trip", "sign-in", "me", "index", "people", "audit", "404", "embed/board"]
FILES = ["service-worker.js", "trip.webmanifest", "_app/immutable/a.js"]
BUILT = [*(f"{page}.html" for page in PAGES), *FILES]


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A web app, in names."""
    for name in BUILT:
        (tmp_path / "build" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "build" / name).write_text(name)
    return tmp_path / "build"


@pytest.fixture
async def door(
    database: Database, conn: Conn, tmp_path: Path, build: Path
) -> AsyncIterator[app.Door]:
    await people(conn)
    made = app.create_app(trip_settings(database, tmp_path, web_dir=build), part="trip")
    async with made.api.router.lifespan_context(made.api):
        yield made


@pytest.fixture
async def whole(database: Database, tmp_path: Path, build: Path) -> AsyncIterator[app.Door]:
    """The same hub's other door."""
    made = app.create_app(trip_settings(database, tmp_path / "whole", web_dir=build))
    async with made.api.router.lifespan_context(made.api):
        yield made


def is_not_there(answer: httpx.Response) -> bool:
    """As the door says it, and no route behind it."""
    return answer.status_code == 404 and answer.json()["type"].endswith(":not-found")


async def test_every_route_of_the_api_is_there_if_listed_and_else_not(door: app.Door, conn: Conn):
    known = access.table(door.api)
    assert known.keys() >= only.ROUTES
    async with browser(door) as adm:
        await is_signed_in(conn, adm, "adm")
        for method, template in known:
            path = template
            for name, value in FILLED.items():
                path = path.replace(f"{{{name}}}", value)
            path = path.replace("{", "").replace("}", "")
            answer = await adm.does(method, path)
            listed = (method, template) in only.ROUTES
            assert is_not_there(answer) is not listed, (method, path, answer.status_code)
            if method == "DELETE" and template == "/api/v1/session":
                await is_signed_in(conn, adm, "adm")


@pytest.mark.parametrize("path", [live.PATH, "/healthz", "/metrics", "/api/v1/openapi.json"])
async def test_what_stands_beside_the_routes_is_not_there(door: app.Door, path: str):
    async with browser(door) as anybody:
        assert is_not_there(await anybody.client.get(path))


async def test_of_the_pages_the_phones_alone_are_there(door: app.Door):
    here = {
        "/trip",
        "/sign-in",
        "/me",
        "/service-worker.js",
        "/trip.webmanifest",
        "/_app/immutable/a.js",
    }
    others = "/index.html /people /people.html /audit /embed/board /404 /trips //people"
    async with browser(door) as anybody:
        for path in here:
            assert (await anybody.client.get(path)).status_code == 200, path
            assert (await anybody.client.head(path)).status_code == 200, path
            assert is_not_there(await anybody.client.post(path, headers=OURS)), path
        for path in others.split():
            url = httpx.URL(str(anybody.client.base_url)).copy_with(raw_path=path.encode())
            assert is_not_there(await anybody.client.get(url)), path


async def test_every_answer_says_which_door_it_is(door: app.Door, whole: app.Door):
    async with browser(door) as outside, browser(whole) as inside:
        for path in ("/api/v1/me", "/trip", "/people"):
            answer = await outside.client.get(path)
            assert answer.headers["cheongsa-only"] == "trip", path
            assert "cheongsa-only" not in (await inside.client.get(path)).headers, path


async def test_who_does_not_say_where_to_is_led_to_the_phones_page(door: app.Door):
    async with browser(door) as anybody:
        for answer in (await anybody.client.get("/"), await anybody.client.head("/")):
            assert (answer.status_code, answer.headers["location"]) == (307, "/trip")
        assert is_not_there(await anybody.client.post("/", headers=OURS))


@pytest.mark.parametrize("page", sorted(ENTRIES))
def test_whatever_the_code_of_a_page_asks_for_is_let_in(page: str):
    asked = asked_by(SOURCES / ENTRIES[page]) - DONE_WITHOUT
    routes = {re.sub(r"{\w+}", "{}", path) for _, path in only.ROUTES}
    assert page in only.PAGES
    assert len(asked) >= 3
    assert asked <= routes


def asked_by(entry: Path) -> set[str]:
    """The addresses in a file and in all that it imports; what is filled in reads `{}`."""
    found, files, left = set(), set(), [entry.resolve()]
    while left:
        file = left.pop()
        if file in files or file.name.endswith(".d.ts"):
            continue
        files.add(file)
        text = file.read_text()
        found |= {re.sub(r"\$?{[^}]*}", "{}", path) for path in ASKED.findall(text)}
        ours = [name for name in IMPORTED.findall(text) if name.startswith(("#lib/", "."))]
        left += [beside(file, name) for name in ours]
    return found


def beside(file: Path, name: str) -> Path:
    """The file that an import names. One that is not there is an error of this test."""
    name = name.partition("?")[0]  # how it is built
    path = SOURCES / name[1:] if name.startswith("#") else file.parent / name
    return path.resolve(strict=True)


@pytest.mark.parametrize(
    "path", ["/_app/../people.html", "/_app/./a.js", "/_app/.env", "/trip/../people", "/trip.html",
             "/trip/", "/_app", "/api/v1/trips/me/", "/api/v1/trips/proofs/a/b", "/api/v1/logs"]
)  # fmt: skip
def test_a_path_that_leads_aside_is_not_there(path: str):
    assert not only.lets_in("GET", path)
    assert not only.lets_in("PUT", path)


async def test_a_phone_enrols_proves_and_follows_the_log_through_it(door: app.Door, conn: Conn):
    await keep_auditor(conn)
    async with browser(door) as han, browser(door) as by_key:
        await is_signed_in(conn, han, "han")
        phone = Phone(by_key.client)
        assert (await phone.enrol(han)).status_code == 201
        upload, answer = await phone.touches()
        phone.checks(upload, answer.json())
        assert (await phone.ask_for_challenges()).status_code == 200
        assert (await by_key.client.get("/.well-known/cheongsa/keys")).status_code == 200
        assert (await by_key.client.get("/api/v1/log/checkpoint")).status_code == 200
        gone = await han.does("DELETE", "/api/v1/trips/consent")
        assert gone.status_code == 204


@pytest.fixture
def program(database: Database) -> Iterator[str]:
    """The address of a real one."""
    port = free_port()
    env = {**os.environ, "HUB_DATABASE_DSN": database.dsn, "HUB_PORT": str(port)}
    words = [sys.executable, "-m", "hub", "web", "--only", "trip"]
    with subprocess.Popen(words, env=env) as process:
        yield f"http://127.0.0.1:{port}"
        process.kill()  # one that still begins would not hear anything gentler


def test_the_program_is_told_so_by_its_word(program: str):
    until_s = time.monotonic() + 300  # the first import on a starved machine
    while (said := asked(f"{program}/api/v1/me")) is None and time.monotonic() < until_s:
        time.sleep(0.1)
    assert said is not None
    assert said.status_code == 401
    assert is_not_there(httpx.get(f"{program}/api/v1/density", timeout=90))


def asked(url: str) -> httpx.Response | None:
    try:
        return httpx.get(url, timeout=90)
    except httpx.TransportError:
        return None
