"""The pages of devices, as facilities see them: what is wrong, what to do, and how it fared."""

import json
import math
import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect
from psycopg import AsyncConnection

from hub.devices import jobs
from hub.kit import clock
from tests.web import people
from tests.web.browser.conftest import Window, Windows

SIZES = [(360, 780), (768, 1024), (1920, 1080)]
WELL: dict[str, Any] = {
    "observing": "ok", "frames_per_s": 4.0, "inference_ms": 61.0, "frame_age_s": 0.2,
    "temperature_c": 52.0, "throttled": 0, "disk_free_bytes": 9 * 2**30, "outbox_depth": 1,
    "outbox_oldest_age_s": 3.0, "clock_offset_ms": 4.0, "clock_source": "ntp", "uptime_s": 90_000,
    "memory_used_percent": 41.0, "version": jobs.hub_version(), "wifi_dbm": -58.0,
}  # fmt: skip
SICK: list[dict[str, Any]] = [
    {"throttled": 0x50005}, {"temperature_c": 84.0}, {"observing": "fault", "fault": "no camera"},
    {"outbox_oldest_age_s": 5400.0, "outbox_depth": 1080}, {"disk_free_bytes": 90 * 2**20},
    {"wifi_dbm": -84.0}, {"clock_source": "none"}, {"throttled": 0x10000},
]  # fmt: skip


async def fleet(conn: AsyncConnection[Any], nodes: int, sick: int) -> None:
    """So many nodes, the first of them sick or missing; alerts of them raised. COMMITs."""
    now = clock.now()
    await conn.execute(
        "INSERT INTO site (site, name, name_en) VALUES ('demo', '시청', 'City hall')"
    )
    for n in range(nodes):
        health = {**WELL, **(SICK[n % len(SICK)] if n < sick else {})}
        missing = n < sick and n % 9 == 8
        at = now - timedelta(minutes=7 if missing else 0)
        await conn.execute(
            """
            INSERT INTO node (site, node, name, name_en, state, state_at, health, health_at)
            VALUES ('demo', %s, %s, %s, '{"online": true, "observing": "ok"}', %s, %s, %s)
            """,
            (f"cam-{n}", f"{n + 1}층 식당", f"Canteen {n + 1}", at, json.dumps(health), at),
        )
        await conn.execute(
            "INSERT INTO spool (site, node, spool, heard_at)"
            " VALUES ('demo', %s, gen_random_uuid(), %s)",
            (f"cam-{n}", at),
        )
    for ago in (timedelta(minutes=15), timedelta(minutes=10), timedelta(0)):
        await jobs.look_over(conn, [], now - ago)
    await conn.commit()


async def a_day(conn: AsyncConnection[Any], node: str) -> None:
    """A day of health, with a hole in it. COMMITs."""
    now = clock.now()
    rows = [
        (now - timedelta(minutes=5 * n), 55 + 12 * math.sin(n / 40), 4 - (n % 50 == 0) * 2.5, n % 7)
        for n in range(288)
        if not 100 < n < 130
    ]
    async with conn.cursor() as cursor:
        await cursor.executemany(
            """
            INSERT INTO node_health (bucket, uptime_s, temperature_c, frames_per_s, inference_ms,
                                     outbox_depth, wifi_dbm, site, node)
            VALUES (%s, 90000, %s, %s, 61, %s, -58, 'demo', %s)
            """,
            [(*row, node) for row in rows],
        )
    await conn.commit()


async def signed_in(window: Window, login: str) -> Page:
    """Open the app with a session."""
    page = await window.open("/404-on-purpose")
    body = json.dumps({"login": login, "password": people.PASSWORD})
    status = await page.evaluate(
        "async (body) => (await fetch('/api/v1/session', {method: 'POST', body,"
        " headers: {'Content-Type': 'application/json'}})).status",
        body,
    )
    assert status < 300
    window.complaints.clear()
    return page


@pytest.fixture
async def kim(conn: AsyncConnection[Any]) -> str:
    await people.add(conn, "kim", "facilities")
    return "kim"


async def test_the_worst_is_first_with_what_to_do_and_is_acknowledged(conn, window: Windows, kim):
    await fleet(conn, nodes=3, sick=1)
    seen = await window()
    page = await signed_in(seen, kim)
    await page.goto(seen.url + "/devices")
    await expect(page.locator(".answer")).to_have_text("1대를 살펴봐 주세요")
    first = page.locator(".nodes li").first
    await expect(first).to_contain_text("전원이 약합니다")
    await expect(first).to_contain_text("정품 5V 5A 어댑터로 바꾸세요")
    await page.get_by_role("button", name=re.compile("전원이 약합니다.*확인했어요")).click()
    await expect(page.get_by_text("kim 님이 확인했어요")).to_be_visible()
    assert seen.complaints == []


async def test_a_node_is_opened_with_the_keyboard_and_shows_its_day(conn, window: Windows, kim):
    await fleet(conn, nodes=3, sick=1)
    await a_day(conn, "cam-0")
    seen = await window()
    page = await signed_in(seen, kim)
    await page.goto(seen.url + "/devices")
    await page.locator(".nodes a").first.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".answer")).to_have_text("전원이 약합니다")
    await expect(page.get_by_role("img", name=re.compile("온도"))).to_be_visible()
    await page.get_by_role("button", name="불빛 깜빡이기").click()
    await expect(page.get_by_text("불빛 깜빡이기: 답을 기다리고 있어요")).to_be_visible()
    assert seen.complaints == []


async def test_who_may_not_see_it_is_told_who_may(conn, window: Windows):
    await people.add(conn, "lee", "staff")
    seen = await window()
    page = await signed_in(seen, "lee")
    await page.goto(seen.url + "/devices")
    await expect(page.get_by_text("이 화면을 볼 권한이 없어요")).to_be_visible()
    await expect(page.get_by_text("시설, 관리자 역할이 있어야 볼 수 있어요")).to_be_visible()


async def test_nobody_is_asked_to_sign_in(window: Windows):
    seen = await window()
    page = await seen.open("/devices")
    await expect(page).to_have_url(f"{seen.url}/sign-in?back_to=/devices")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    conn, window: Windows, kim, size: tuple[int, int], dark: bool
):
    await fleet(conn, nodes=30, sick=12)
    await a_day(conn, "cam-0")
    seen = await window(*size, dark=dark)
    page = await signed_in(seen, kim)
    for path in ("/devices", "/device?site=demo&node=cam-0"):
        await page.goto(seen.url + path)
        await expect(page.locator(".answer")).to_be_visible()
        found = await Axe().run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide at {size[0]}"
    assert seen.complaints == []
