"""Each screen of the phone's page, at every size, light and dark: axe, width, and a picture."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect
from psycopg import AsyncConnection

from hub.kit import clock
from hub.tripproof.leaf import Revoked
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.browser.test_trip_week import ends, ordered
from tests.web.browser.touches import (
    CITY_HALL,
    COARSE,
    UNSENT,
    Trips,
    big,
    opened,
    touched,
    with_keys,
)
from tests.web.conftest import Web

Conn = AsyncConnection[Any]


@pytest.fixture
def hub(start: Callable[..., Any], tmp_path: Path) -> Iterator[Web]:
    with with_keys(start, tmp_path) as web:
        yield web


@pytest.fixture
async def trips(conn: Conn) -> Trips:
    return await opened(conn)


class Look:
    """One size and colour of one page."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self._name = page, name

    async def shows(self, heading: str, name: str) -> None:
        """This screen is there, is clean, and has its picture taken."""
        await expect(self.page.get_by_role("heading", name=heading).first).to_be_visible()
        await is_clean(self.page)
        await picture(self.page, f"phone-{name}-{self._name}")

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name).first.click()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_every_screen_is_clean(
    conn: Conn, window: Windows, trips: Trips, tmp_path: Path, size: tuple[int, int], dark: bool
):
    await ordered(conn, tmp_path)
    seen = await window(*size, dark=dark)
    page = await seen.open("/trip")
    look = Look(page, f"{size[0]}-{'dark' if dark else 'light'}")
    await look.shows("처음 한 번 로그인해 주세요", "signed-out")
    await sign_in(seen, "han")
    await page.context.grant_permissions(["geolocation"])
    await page.context.set_geolocation(CITY_HALL)
    await page.goto(seen.url + "/trip")
    await look.press("동의하지 않음")
    await look.shows("종이나 사진으로 하면 돼요", "paper")
    await look.press("동의문 다시 보기")
    await look.press("동의하고 등록")
    await expect(page.get_by_label("어느 출장인가요")).to_be_visible()
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await without_a_network(look)
    await without_a_place(look)
    await with_a_wrong_clock_and_an_ended_key(look, conn, tmp_path)


async def without_a_network(look: Look) -> None:
    page = look.page
    await page.context.set_offline(True)
    await touched(page)
    await look.shows("남겼어요", "unsent-code")
    await look.press("사무실 PC로 옮기기")
    await look.shows("남겼어요", "carried")
    await look.press("하나 더")
    await expect(page.get_by_text(UNSENT)).to_be_visible()
    await page.get_by_text("출장 번호·메모·사진").click()
    await look.shows("출장 증빙", "unsent")
    await look.press("확인번호 QR 찍기")
    await expect(page.get_by_text("카메라를 쓸 수 없어요")).to_be_visible()
    await look.shows("확인번호 QR 찍기", "scan")
    await look.press("돌아가기")
    await page.context.set_offline(False)
    await expect(page.get_by_text("모두 보냈어요")).to_be_visible()


async def without_a_place(look: Look) -> None:
    page = look.page
    await page.context.set_geolocation(COARSE)
    await big(page).click()
    await look.shows("위치가 넓게만 잡혔어요", "coarse")
    await look.press("돌아가기")
    await page.context.set_geolocation(CITY_HALL)
    await page.evaluate(
        """() => { IDBObjectStore.prototype.add = () => {
            throw new DOMException('full', 'QuotaExceededError'); } }"""
    )
    await big(page).click()
    await look.shows("저장할 자리가 없어요", "full")
    await page.reload()
    await expect(big(page)).to_be_visible()
    await page.evaluate(
        "Object.defineProperty(navigator.geolocation, 'watchPosition', {value: () => 1})"
    )
    await big(page).click()
    await look.shows("위치를 찾지 못했어요", "no-gps")


async def with_a_wrong_clock_and_an_ended_key(look: Look, conn: Conn, folder: Path) -> None:
    page = look.page
    await page.clock.install(time=clock.now().timestamp() + 3 * 3600)
    await page.clock.resume()
    await page.reload()
    await look.shows("휴대전화 시계가 청사보다", "clock")
    await ends(conn, folder, Revoked.LOST)
    await page.reload()
    await look.shows("끝났어요", "ended")
