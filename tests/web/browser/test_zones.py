"""Drawing zones in a real Chromium, with a real node before the rendered lunch behind the hub."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from hub.ingest import door as ingest_door
from hub.kit import db
from hub.kit.embedded.broker import Broker
from hub.kit.settings import Settings
from tests.conftest import Database
from tests.system.test_drawing import Node
from tests.web.browser.conftest import Window, Windows
from tests.web.people import PASSWORD, add

PAGE = "/zones?site=demo&node=cam-1"
PATIENCE_MS = 90_000


@pytest.fixture
def office(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.dsn, autocommit=True) as conn:
        conn.execute("INSERT INTO site (site, name, name_en) VALUES ('demo', '시범', 'Demo')")
        conn.execute(
            "INSERT INTO node (site, node, name, name_en)"
            " VALUES ('demo', 'cam-1', '식당 입구', 'Door')"
        )
        yield conn


@pytest.fixture
def node(
    tmp_path: Path, broker: Broker, database: Database, office: psycopg.Connection[Any]
) -> Iterator[Node]:
    settings = Settings.model_validate(
        {
            "database_dsn": database.dsn,
            "broker_url": broker.url(),
            "broker_password": broker.passwords["hub"],
        }
    )
    stop = threading.Event()
    thread = threading.Thread(target=ingest_door.run, args=(settings, stop))
    thread.start()
    made = Node(tmp_path, broker)
    yield made
    made.close()
    stop.set()
    thread.join(20)


async def sign_in(window: Window, dsn: str, *roles: Any) -> None:
    login = f"kim{id(window)}"
    async with await db.connect(dsn) as conn:
        await add(conn, login, *roles)
    await window.open("/sign-in")
    status = await window.page.evaluate(
        """([login, password]) => fetch('/api/v1/session', {
            method: 'POST', headers: {'Content-Type': 'application/json'},
            body: JSON.stringify({login, password})}).then((answer) => answer.status)""",
        [login, PASSWORD],
    )
    assert status < 300
    window.complaints.clear()


async def looks(page: Page, name: str) -> None:
    if folder := os.environ.get("KEEP_PICTURES"):
        await page.screenshot(path=f"{folder}/{name}.png", full_page=True)


async def test_a_zone_is_drawn_by_keyboard_saved_applied_and_counted(
    window: Windows, node: Node, office: psycopg.Connection[Any], database: Database
):
    one = await window(1280)
    await sign_in(one, database.dsn, "facilities")
    page = await one.open(PAGE)
    await page.get_by_role("button", name="+ 줄", exact=True).press("Enter")
    first = page.locator('[data-point="queue-1.0"]')
    await first.focus()
    for key, times in (("ArrowLeft", 30), ("ArrowUp", 5)):
        for _ in range(times):
            await page.keyboard.press(key)
    await expect(first).to_have_attribute("aria-label", "줄, 점 1, 가로 5 %, 세로 35 %")
    await page.keyboard.press("Control+z")
    await expect(first).to_have_attribute("aria-label", "줄, 점 1, 가로 5 %, 세로 36 %")
    for name, keys in (
        ("1", {"ArrowRight": 30, "ArrowUp": 5}),
        ("2", {"ArrowRight": 30, "ArrowDown": 28}),
        ("3", {"ArrowLeft": 30, "ArrowDown": 28}),
    ):
        await page.locator(f'[data-point="queue-1.{name}"]').focus()
        for key, times in keys.items():
            for _ in range(times):
                await page.keyboard.press(key)
    await page.get_by_role("button", name="+ 지나는 선").press("Enter")
    await page.get_by_role("button", name="저장하고 노드에 보내기").press("Enter")
    await expect(page.get_by_text("노드가 이 그림대로 세고 있어요")).to_be_visible(
        timeout=PATIENCE_MS
    )
    await expect(page.locator("legend b").first).to_contain_text("명", timeout=PATIENCE_MS)
    await expect(page.locator("rect.person").first).to_be_visible(timeout=PATIENCE_MS)
    counted = "SELECT count(*) FROM sample JOIN zone USING (zone_id) WHERE zone.zone = 'queue-1'"
    for _ in range(60):
        if office.execute(counted).fetchall()[0][0]:
            break
        await page.wait_for_timeout(500)
    assert office.execute(counted).fetchall()[0][0] > 0
    assert one.complaints == []


async def test_the_picture_comes_into_the_page_and_a_slip_is_told(
    window: Windows, node: Node, database: Database
):
    one = await window(1920, 1080)
    await sign_in(one, database.dsn, "facilities")
    page = await one.open(PAGE)
    ask = page.get_by_role("button", name="사진 찍기")
    await expect(ask).to_be_enabled(timeout=PATIENCE_MS)
    await ask.click()
    await expect(page.locator("image")).to_be_visible(timeout=PATIENCE_MS)
    await page.get_by_role("button", name="+ 줄", exact=True).click()
    await page.get_by_role("button", name="+ 바닥 재기").click()
    await page.get_by_role("button", name="다섯째 점으로 확인").click()
    await expect(page.get_by_text("어긋나요")).to_be_visible()
    await looks(page, "zones-1920")
    corner = page.locator('[data-point="queue-1.0"]')
    box = await corner.locator(".dot").bounding_box()
    far = await page.locator('[data-point="queue-1.2"] .dot').bounding_box()
    assert box
    assert far
    await page.mouse.move(box["x"] + 8, box["y"] + 8)
    await page.mouse.down()
    await page.mouse.move(far["x"] + 60, far["y"] + 8, steps=6)
    await page.mouse.up()
    await expect(page.get_by_role("alert")).to_contain_text("엇갈려요")
    await expect(page.get_by_role("button", name="저장하고 노드에 보내기")).to_be_disabled()
    await page.get_by_role("button", name="되돌리기", exact=True).click()
    await expect(page.get_by_role("alert")).to_have_count(0)
    assert one.complaints == []


async def drag(page: Page, point: str, by: tuple[int, int], *, finger: bool) -> None:
    """Move a point by so many pixels: pressed, moved in steps, let go."""
    box = await page.locator(f'[data-point="{point}"]').bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    to = (x + by[0], y + by[1])
    if not finger:
        await page.mouse.move(x, y)
        await page.mouse.down()
        await page.mouse.move(*to, steps=5)
        await page.mouse.up()
        return
    cdp = await page.context.new_cdp_session(page)
    for kind, at in (("touchStart", (x, y)), ("touchMove", to), ("touchEnd", None)):
        points = [{"x": at[0], "y": at[1]}] if at else []
        await cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.parametrize("finger", [False, True], ids=["mouse", "finger"])
@pytest.mark.usefixtures("office")
async def test_a_point_is_moved_by_mouse_and_by_finger_and_undone(
    window: Windows, database: Database, finger: bool
):
    one = await window(900)
    await sign_in(one, database.dsn, "facilities")
    page = await one.open(PAGE)
    await page.get_by_role("button", name="+ 줄", exact=True).click()
    first = page.locator('[data-point="queue-1.0"]')
    await first.scroll_into_view_if_needed()
    before = await first.get_attribute("aria-label")
    assert before is not None
    await drag(page, "queue-1.0", (-60, -40), finger=finger)
    await expect(first).not_to_have_attribute("aria-label", before)
    scrolled = await page.evaluate("scrollY")
    await page.keyboard.press("Control+z")
    await expect(first).to_have_attribute("aria-label", before)
    assert await page.evaluate("scrollY") == scrolled
    assert one.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1920])
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    window: Windows, office: Any, database: Database, width: int, dark: bool
):
    one = await window(width, 900, dark=dark)
    await sign_in(one, database.dsn, "admin")
    page = await one.open(PAGE)
    for name in ("+ 줄", "+ 좌석", "+ 지나는 선", "+ 바닥 재기"):
        await page.get_by_role("button", name=name, exact=True).click()
    await page.get_by_role("button", name="저장하고 노드에 보내기").click()
    await expect(page.get_by_text("노드가 아직 받지 않았어요")).to_be_visible()
    await looks(page, f"zones-{width}-{'dark' if dark else 'light'}")
    found = await Axe().run(page)
    assert found.response["violations"] == []
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    assert one.complaints == []


@pytest.mark.parametrize(
    ("roles", "path", "told"),
    [
        ((), PAGE, "로그인하면"),
        (("staff",), PAGE, "역할이 있어야"),
        (("facilities",), "/zones", "주소에 없어요"),
        (("facilities",), "/zones?site=demo&node=none", "등록되지 않았어요"),
    ],
)
async def test_whoever_cannot_draw_is_told_why(
    window: Windows, office: Any, database: Database, roles: Any, path: str, told: str
):
    one = await window(360)
    if roles:
        await sign_in(one, database.dsn, *roles)
    page = await one.open(path)
    await expect(page.get_by_role("main")).to_contain_text(told)
    found = await Axe().run(page)
    assert found.response["violations"] == []
