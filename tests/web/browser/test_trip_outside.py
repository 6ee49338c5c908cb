"""The phone's pages through the door of the DMZ alone: `hub web --only trip`, in Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from psycopg import AsyncConnection

from tests.web.browser.conftest import Windows
from tests.web.browser.looks import sign_in
from tests.web.browser.touches import RECEIVED, Trips, big, enrolled, opened, touched, with_keys
from tests.web.conftest import Web
from tests.web.people import PASSWORD

Conn = AsyncConnection[Any]


@pytest.fixture
def hub(start: Callable[..., Any], tmp_path: Path) -> Iterator[Web]:
    with with_keys(start, tmp_path, "--only", "trip") as web:
        yield web


@pytest.fixture
async def trips(conn: Conn) -> Trips:
    return await opened(conn)


async def test_a_phone_does_all_that_it_does_without_missing_anything(
    window: Windows, trips: Trips
):
    seen = await enrolled(window, 360, 780)
    page = seen.page
    await page.context.set_offline(True)
    await page.reload()
    await touched(page)
    await page.context.set_offline(False)
    await expect(page.get_by_text(RECEIVED)).to_be_visible()
    await page.get_by_role("button", name="하나 더").click()
    await page.get_by_role("button", name=RECEIVED).click()
    await page.get_by_role("button", name="소명하기").click()
    await page.get_by_label("소명할 말").fill("출장 명령이 늦게 났습니다")
    await page.get_by_role("button", name="소명 내기").click()
    await expect(page.get_by_text("소명을 냈어요")).to_be_visible()
    await page.get_by_role("button", name="하나 더").click()
    await page.get_by_role("button", name="동의 철회").click()
    await page.get_by_role("button", name="철회하기").click()
    await expect(page.get_by_role("heading", name="종이나 사진으로 하면 돼요")).to_be_visible()
    assert len(await trips.arrived(1)) == 1
    assert seen.missed == []


async def test_a_first_password_is_changed_there_and_one_sees_the_own_phone(
    conn: Conn, window: Windows, trips: Trips
):
    await conn.execute("UPDATE person SET password_is_first = true WHERE login = 'han'")
    await conn.commit()
    seen = await window(360, 780)
    page = await sign_in(seen, "han")
    await page.goto(seen.url)  # where a phone begins that was told the name alone
    await page.get_by_role("link", name="로그인").click()
    await page.get_by_label("지금 비밀번호").fill(PASSWORD)
    await page.get_by_label("새 비밀번호").fill("부추전과 막걸리 한 사발 둘")
    await page.get_by_role("button", name="바꾸기").click()
    await page.get_by_role("button", name="동의하고 등록").click()
    await expect(big(page)).to_be_visible()


async def test_signing_out_ends_at_the_phones_page(conn: Conn, window: Windows, trips: Trips):
    seen = await window()
    page = await sign_in(seen, "han")
    await page.goto(seen.url + "/trip")
    await page.get_by_role("button", name="로그아웃").click()
    await expect(page.get_by_role("heading", name="처음 한 번 로그인해 주세요")).to_be_visible()
    await expect(page).to_have_url(seen.url + "/trip")
