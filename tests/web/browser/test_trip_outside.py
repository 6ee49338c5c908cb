"""The phone's pages through the door of the DMZ alone: `hub web --only trip`, in Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from psycopg import AsyncConnection

from tests.web import people
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import is_clean, picture, sign_in
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


async def test_its_menu_has_what_is_there_and_nothing_else(
    conn: Conn, window: Windows, trips: Trips
):
    await people.add(conn, "boss", "field", "staff", "admin", "auditor")
    seen = await window(1920, 1080)
    page = await seen.open("/trip")
    await expect(page.get_by_role("heading", name="처음 한 번 로그인해 주세요")).to_be_visible()
    menu = page.get_by_role("navigation", name="메뉴")
    await expect(menu).to_have_count(0)  # nobody is signed in, and the board is not here
    await expect(page.get_by_role("link", name="이 PC로 옮기기")).to_have_count(0)
    await sign_in(seen, "boss")
    await page.goto(seen.url + "/trip")
    await expect(page.get_by_role("button", name="동의하고 등록")).to_be_visible()
    await expect(menu.get_by_role("link")).to_have_text(["출장 증빙"])
    await page.goto(seen.url + "/me")
    await expect(page.get_by_role("heading", name="비밀번호 바꾸기")).to_be_visible()
    await expect(menu.get_by_role("link")).to_have_text(["출장 증빙"])
    await is_clean(page)
    await picture(page, "outside-me-1920")
    assert seen.missed == []


async def test_a_phone_without_a_network_remembers_which_door_it_came_through(
    window: Windows, trips: Trips
):
    seen = await enrolled(window, 360, 780)
    page = seen.page
    await page.context.set_offline(True)
    await page.reload()
    await expect(big(page)).to_be_visible()
    await page.get_by_role("button", name="메뉴").click()
    await expect(page.get_by_role("link", name="내 계정")).to_be_visible()
    await expect(page.get_by_role("link", name="구내식당")).to_have_count(0)


async def test_signing_out_ends_at_the_phones_page(conn: Conn, window: Windows, trips: Trips):
    seen = await window()
    page = await sign_in(seen, "han")
    await page.goto(seen.url + "/trip")
    await page.get_by_role("button", name="로그아웃").click()
    await expect(page.get_by_role("heading", name="처음 한 번 로그인해 주세요")).to_be_visible()
    await expect(page).to_have_url(seen.url + "/trip")
