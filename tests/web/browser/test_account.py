"""Signing in, a forced change of the first password, and out: in a real browser."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from hub.identity import begin
from hub.kit import clock
from tests.conftest import Database
from tests.web.browser.conftest import Office, Windows
from tests.web.browser.test_everyone import SIZES
from tests.web.people import PASSWORD, add

NEW = "점심은 열두 시 반에 먹어요"


async def _sign_in(page: Page, login: str, password: str) -> None:
    await page.get_by_label("아이디").fill(login)
    await page.get_by_label("비밀번호", exact=True).fill(password)
    await page.get_by_role("button", name="로그인").click()


async def test_a_first_password_is_changed_on_the_way(
    office: Office, database: Database, window: Windows
):
    first = await begin.make_admin(database.dsn, "han", "한관리", clock.now())
    seen = await window(360, 780)
    page = await seen.open("/sign-in?back_to=/wall")
    await _sign_in(page, "han", first)
    await expect(page.get_by_text("처음 받은 비밀번호예요")).to_be_visible()
    await page.get_by_label("지금 비밀번호").fill(first)
    await page.get_by_label("새 비밀번호").fill("짧아요")
    await page.get_by_role("button", name="바꾸기").click()
    await expect(page.get_by_text("10글자보다 짧아요")).to_be_visible()
    await page.get_by_label("새 비밀번호").fill(NEW)
    await page.get_by_role("button", name="바꾸기").click()
    await expect(page).to_have_url(f"{seen.url}/wall")
    await page.goto(f"{seen.url}/me")
    await expect(page.get_by_role("heading", name="한관리")).to_be_visible()
    await expect(page.get_by_text("관리자", exact=True)).to_be_visible()
    await page.get_by_role("button", name="메뉴 열기").click()
    await page.get_by_role("button", name="로그아웃").click()
    await expect(page).to_have_url(f"{seen.url}/")
    await page.goto(f"{seen.url}/me")
    await expect(page).to_have_url(f"{seen.url}/sign-in?back_to=/me")


async def test_wrong_passwords_are_said_and_then_waited_for(office: Office, window: Windows):
    await add(office.conn, "kim")
    page = await (await window()).open("/sign-in")
    for _ in range(5):
        await _sign_in(page, "kim", "not the password")
        await expect(
            page.get_by_text("아이디나 비밀번호가 맞지 않아요").or_(
                page.get_by_text("다시 확인해 주세요")
            )
        ).to_be_visible()
    await _sign_in(page, "kim", PASSWORD)
    await expect(page.get_by_text("뒤에 다시 할 수 있어요").first).to_be_visible()
    await expect(page.get_by_role("button", name="로그인")).to_be_disabled()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_axe_finds_nothing(
    office: Office, window: Windows, size: tuple[int, int], dark: bool
):
    await add(office.conn, "kim", "facilities")
    seen = await window(*size, dark=dark)
    page = await seen.open("/sign-in?problem=provider-away&back_to=/me")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await _clean(page)
    await _sign_in(page, "kim", PASSWORD)
    await expect(page.get_by_role("heading", name="kim")).to_be_visible()
    await _clean(page)


async def _clean(page: Page) -> None:
    found: Any = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
