"""A real Chromium in front of the real hub: the built web app, `python -m hub web`, PostgreSQL."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright
from psycopg import AsyncConnection
from psycopg.types.json import Json

from hub.kit import clock
from tests.conftest import Database
from tests.hub.density.offices import add_zone, open_office, saw
from tests.web.conftest import Web, web_process

BUILD = Path("dashboards/web/build").resolve()
CHROMIUM_ARGS = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WINDOW_S = 5
PATIENCE_MS = 90_000  # for a page to come, a button to be there: playwright's own is 30 s


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder, and nothing else; a starved machine is slow, not wrong."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(1_800))


@pytest.fixture(scope="session")
def build() -> Path:
    if not (BUILD / "index.html").is_file():
        pytest.fail("the web app is not built: run `make web`")
    return BUILD


def chromium() -> str | None:
    """The machine's own Chromium; None: playwright's."""
    named = os.environ.get("CHEONGSA_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome")
    return named or next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as play:
        path = chromium()
        if path is None and shutil.which(play.chromium.executable_path) is None:
            pytest.skip("no Chromium: apt-get install chromium, or playwright install chromium")
        browser = await play.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGS))
        yield browser
        await browser.close()


@dataclass
class Window:
    """One page, and everything it asked for, missed (404) and complained of."""

    page: Page
    url: str
    asked: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def open(self, path: str = "/") -> Page:
        await self.page.goto(self.url + path)
        return self.page

    def of(self, part: str) -> list[str]:
        return [url for url in self.asked if part in url]


Windows = Callable[..., Awaitable[Window]]


@pytest.fixture
def start(database: Database, build: Path) -> Callable[..., Any]:
    """Start a hub on this test's database; further words, and settings as HUB_ variables."""

    @contextmanager
    def started(*words: str, **given: str) -> Iterator[Web]:
        with web_process(database.dsn, *words, HUB_WEB_DIR=str(build), **given) as web:
            yield web

    return started


@pytest.fixture
def hub(start: Callable[..., Any]) -> Iterator[Web]:
    with start() as web:
        yield web


@pytest.fixture
async def window(browser: Browser, hub: Web) -> Windows:
    """Open a page: `await window(width=360, dark=True)`."""

    async def opened(width: int = 1280, height: int = 900, *, dark: bool = False) -> Window:
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale="ko-KR",
        )
        context.set_default_timeout(PATIENCE_MS)
        window = Window(await context.new_page(), hub.url)
        window.page.on("request", lambda request: window.asked.append(request.url))
        context.on(  # of the service worker as well
            "response", lambda told: window.missed.append(told.url) if told.status == 404 else None
        )
        window.page.on(
            "console",
            lambda said: window.complaints.append(said.text) if said.type == "error" else None,
        )
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        return window

    return opened


@dataclass
class Office:
    """A cafeteria whose queue can be made to stand, move, or fall silent."""

    conn: AsyncConnection[Any]
    queue: int

    async def lunch(
        self,
        people: int = 20,
        served_every: int = 4,
        *,
        minutes: int = 21,  # all that the level looks back on, and none of it cut off
        until_s_ago: int = 0,
        zone: int | None = None,
    ) -> None:
        """`people` stood there and one was served every so many windows. COMMITs and NOTIFYs."""
        last = clock.now() - timedelta(seconds=until_s_ago + WINDOW_S)
        windows = minutes * 60 // WINDOW_S
        starts = [last - timedelta(seconds=n * WINDOW_S) for n in range(windows)]
        await self.conn.execute("SELECT sample_days(%s, %s)", (starts[-1], last))
        async with self.conn.cursor() as cursor:
            await cursor.executemany(
                """
                INSERT INTO sample (window_start, seq, zone_id, spool_id, window_s, confidence,
                                    people, people_max, served, entered)
                VALUES (%s, %s, %s, 1, 5, 0.8, %s, %s, %s, 0)
                """,
                [
                    (start, n + 1, zone or self.queue, people, people, int(n % served_every == 0))
                    for n, start in enumerate(starts)
                ],
            )
        await self.conn.execute("SELECT pg_notify('density', '')")
        await self.conn.commit()

    async def sees(self, people: int, served: int = 0, *, zone: int | None = None) -> None:
        await saw(self.conn, zone or self.queue, clock.now(), people, served)


CAMERA = {"kind": "camera", "name": "picamera2", "detector": "YOLO11n"}


@pytest.fixture
async def office(conn: AsyncConnection[Any]) -> Office:
    return Office(
        conn, await open_office(conn, state={"online": True, "observing": "ok", "source": CAMERA})
    )


async def node_says(conn: AsyncConnection[Any], **state: Any) -> None:
    told = {"online": True, "observing": "ok", "source": CAMERA, **state}
    await conn.execute("UPDATE node SET state = %s", (Json(told),))
    await conn.execute("SELECT pg_notify('density', '')")
    await conn.commit()


async def add_seats(conn: AsyncConnection[Any], seats: int) -> int:
    zone_id = await add_zone(conn, "demo", "hall", kind="seating", seats=seats)
    await conn.execute("UPDATE zone SET name = '좌석', name_en = 'Seats' WHERE zone = 'hall'")
    await conn.commit()
    return zone_id
