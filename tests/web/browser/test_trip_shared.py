"""Two people, one phone: each has a key, and the phone's own lock says whose touch it is."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import CDPSession, Page, expect
from psycopg import AsyncConnection

from tests.web import people
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.browser.touches import Trips, big, enrolled, opened, touched, with_keys
from tests.web.conftest import Web


@pytest.fixture
def hub(start: Callable[..., Any], tmp_path: Path) -> Iterator[Web]:
    with with_keys(start, tmp_path) as web:
        yield web


@pytest.fixture
async def trips(conn: AsyncConnection[Any]) -> Trips:
    await people.add(conn, "lim", "field")
    return await opened(conn)


async def with_a_lock(page: Page) -> tuple[CDPSession, str]:
    """A phone that asks its holder for a finger, who has it."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


async def is_turn_of(page: Page, who: str) -> None:
    await expect(page.get_by_role("heading", name="누구신가요")).to_be_visible()
    await page.get_by_role("button", name=who).click()


async def test_on_a_shared_phone_each_touch_asks_whose_it_is(window: Windows, trips: Trips):
    seen = await enrolled(window, 360, 780, named="localhost")  # WebAuthn wants a name
    page = seen.page
    await page.context.clear_cookies()
    await sign_in(seen, "lim")
    await page.goto(seen.url + "/trip")
    await page.get_by_role("button", name="내 열쇠 등록하기").click()
    await expect(page.get_by_text("님의 열쇠도 있어요")).to_be_visible()
    await page.get_by_role("button", name="동의하고 등록").click()
    await page.get_by_role("button", name="본인 확인 걸기").click()
    no_lock = page.get_by_role("heading", name="본인을 확인할 수 없어요")
    await expect(no_lock).to_be_visible()
    await is_clean(page)
    await picture(page, "trip-no-guard-360")
    devtools, lock = await with_a_lock(page)
    await page.get_by_role("button", name="다시 하기").click()
    await is_clean(page)
    await picture(page, "trip-guard-360")
    await page.get_by_role("button", name="본인 확인 걸기").click()
    await expect(big(page)).to_be_visible()
    await touched(page)
    assert (await trips.reads(page)).who == "lim"

    await page.get_by_role("button", name="하나 더").click()
    await page.get_by_role("button", name="다른 사람이 쓰기").click()
    await is_clean(page)
    await picture(page, "trip-who-360")
    await is_turn_of(page, "han")
    await page.get_by_role("button", name="본인 확인 걸기").click()  # signed in is the other one
    await expect(page.get_by_role("heading", name="처음 한 번 로그인해 주세요")).to_be_visible()
    await page.context.clear_cookies()
    await sign_in(seen, "han")
    await page.goto(seen.url + "/trip")
    await is_turn_of(page, "han")
    await page.get_by_role("button", name="본인 확인 걸기").click()
    await expect(big(page)).to_be_visible()
    await page.context.set_offline(True)
    await touched(page)
    assert (await trips.reads(page)).who == "han"

    turned = {"authenticatorId": lock, "isUserVerified": False}
    await devtools.send("WebAuthn.setUserVerified", turned)
    await page.reload()
    await is_turn_of(page, "lim")
    await expect(page.get_by_role("heading", name="본인을 확인하지 못했어요")).to_be_visible()
    await expect(big(page)).to_have_count(0)
    await page.context.set_offline(False)
    await page.reload()
    held = await trips.arrived(2)
    assert sorted(one["who"] for one in held) == ["han", "lim"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_every_screen_of_a_shared_phone_is_clean(
    window: Windows, trips: Trips, size: tuple[int, int], dark: bool
):
    look = f"{size[0]}-{'dark' if dark else 'light'}"
    seen = await enrolled(window, *size, dark=dark, named="localhost")
    page = seen.page

    async def shows(said: str, name: str) -> None:
        await expect(page.get_by_text(said).first).to_be_visible()
        await is_clean(page)
        await picture(page, f"shared-{name}-{look}")

    await page.goto(seen.url + "/me")
    await shows("새 휴대전화가 등록되었습니다", "new-device")
    await page.context.clear_cookies()
    await sign_in(seen, "lim")
    await page.goto(seen.url + "/trip")
    await shows("내 열쇠 등록하기", "newcomer")
    await page.get_by_role("button", name="내 열쇠 등록하기").click()
    await shows("님의 열쇠도 있어요", "consent")
    devtools, lock = await with_a_lock(page)
    await page.get_by_role("button", name="동의하고 등록").click()
    await shows("본인 확인을 걸어 주세요", "guard")
    await page.get_by_role("button", name="본인 확인 걸기").click()
    await expect(big(page)).to_be_visible()
    await shows("님 차례예요", "ready")
    await page.get_by_role("button", name="다른 사람이 쓰기").press("Enter")
    await shows("누구신가요", "who")
    await page.keyboard.press("Tab")  # the way of the keyboard goes on where the screen begins
    await expect(page.get_by_role("button", name="han")).to_be_focused()
    turned = {"authenticatorId": lock, "isUserVerified": False}
    await devtools.send("WebAuthn.setUserVerified", turned)
    await page.reload()
    await is_turn_of(page, "lim")
    await shows("본인을 확인하지 못했어요", "not-you")
