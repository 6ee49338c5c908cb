"""The stopwatch on a node's page, with one thumb on a small phone."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from hub.density.stopwatch import Tap
from hub.density.store import stopwatch as store
from hub.kit import clock
from hub.kit.ids import uuid7
from tests.web import people
from tests.web.browser.conftest import Office, Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in

PAGE = "/device?site=demo&node=cam-1"
JOIN, SERVED = "줄 섰어요", "받았어요"


@pytest.fixture
async def kim(conn) -> str:
    await people.add(conn, "kim", "facilities")
    return "kim"


async def measured(office: Office, times: int, waited_s: float = 90.0) -> None:
    """So many people waited one and a half times as long as the hub had said. COMMITs."""
    now = clock.now()
    for n in range(times):
        served_at = now - timedelta(minutes=n + 1)
        joined_at = served_at - timedelta(seconds=waited_s + n)
        tap = Tap(uuid7(now), joined_at, served_at, 60.0, "kim")
        await store.record(office.conn, office.queue, tap)
    await office.conn.commit()


async def began(page: Page, seconds_ago: int) -> None:
    """Instead of standing there so long: the tap was so long ago."""
    await page.evaluate(
        """(ago) => {
            const key = 'stopwatch:demo/cam-1', run = JSON.parse(sessionStorage.getItem(key));
            sessionStorage.setItem(key, JSON.stringify({...run, joinedMs: run.joinedMs - ago}));
        }""",
        seconds_ago * 1000,
    )
    await page.reload()


async def test_five_taps_are_made_into_a_factor_and_taken_back(
    office: Office, window: Windows, kim: str
):
    await office.lunch(people=12)
    await measured(office, 4)
    seen = await window(360, 780)
    page = await sign_in(seen, kim)
    await page.goto(seen.url + PAGE)
    await expect(page.get_by_text("1번 더 재면 돼요")).to_be_visible()
    await page.get_by_role("button", name=JOIN).click()
    await began(page, 90)
    await expect(page.get_by_role("timer")).to_have_text(re.compile(r"^\d+:\d\d$"))
    await page.get_by_role("button", name=SERVED).click()
    await expect(page.get_by_text("적었어요.")).to_be_visible()
    await expect(page.get_by_text(re.compile("실제는 허브의 \\d[.]\\d\\d배"))).to_be_visible()
    await picture(page, "stopwatch-says")

    await page.get_by_role("button", name="이 값으로 고치기").click()
    await expect(
        page.get_by_text(re.compile("지금 \\d[.]\\d\\d배로 고쳐 보여 줘요"))
    ).to_be_visible()
    await page.get_by_role("button", name="이 값으로 되돌리기").click()
    await expect(page.get_by_text("지금은 고치지 않은 값을 보여 줘요")).to_be_visible()
    assert seen.complaints == []


async def test_the_button_is_as_wide_as_a_thumb_needs_it(office: Office, window: Windows, kim: str):
    await office.lunch(people=12)
    seen = await window(360, 780)
    page = await sign_in(seen, kim)
    await page.goto(seen.url + PAGE)
    button = page.get_by_role("button", name=JOIN)
    await expect(button).to_be_visible()
    box = await button.bounding_box()
    assert box is not None
    assert box["width"] >= 270
    assert box["height"] >= 88


async def test_what_could_not_be_sent_is_kept_and_sent_again(
    office: Office, window: Windows, kim: str
):
    await office.lunch(people=12)
    seen = await window(360, 780)
    page = await sign_in(seen, kim)
    await page.goto(seen.url + PAGE)
    await page.get_by_role("button", name=JOIN).click()
    await began(page, 60)
    await expect(page.get_by_role("button", name=SERVED)).to_be_visible()
    await page.route("**/taps", lambda route: route.abort())
    await page.get_by_role("button", name=SERVED).click()
    await expect(page.get_by_text("아직 보내지 못했어요")).to_be_visible()
    await page.unroute("**/taps")
    await page.reload()
    await page.get_by_role("button", name="다시 보내기").click()
    await expect(page.get_by_text("4번 더 재면 돼요")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    office: Office, window: Windows, kim: str, size: tuple[int, int], dark: bool
):
    await office.lunch(people=12)
    await measured(office, 6)
    seen = await window(*size, dark=dark)
    page = await sign_in(seen, kim)
    await page.goto(seen.url + PAGE)
    await expect(page.get_by_role("button", name="이 값으로 고치기")).to_be_visible()
    await is_clean(page)
    await picture(page, f"stopwatch-{size[0]}-{'dark' if dark else 'light'}")
