"""What stands around every page: the menu a person's roles allow, the way in, and the way out."""

import pytest
from playwright.async_api import expect
from psycopg import AsyncConnection

from tests.web.browser.conftest import Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.people import add

NO_TRIP_KEYS = "Failed to load resource: the server responded with a status of 409 (Conflict)"
"""What the browser writes where the page of trips says that this hub has no keys for them yet."""


@pytest.mark.parametrize(
    ("roles", "entries"),
    [
        ([], ["구내식당", "출장", "업무 도우미", "사무"]),
        (["auditor"], ["구내식당", "사무", "사람", "감사 기록"]),
        (["facilities"], ["구내식당", "기기", "사무"]),
    ],
    ids=["staff", "auditor", "facilities"],
)
async def test_the_menu_holds_what_ones_roles_open_and_all_of_it_opens(
    conn: AsyncConnection[None], window: Windows, roles: list, entries: list[str]
):
    await add(conn, "kim", *roles)
    seen = await window()
    page = await sign_in(seen, "kim")
    await page.goto(seen.url + "/me")
    menu = page.get_by_role("navigation", name="메뉴").get_by_role("link")
    for entry in entries:
        await expect(menu.filter(has_text=entry)).to_be_visible()
    if not roles:
        await expect(menu).to_have_count(len(entries))
    paths = [await link.get_attribute("href") for link in await menu.all()]
    for path in paths[1:]:
        await page.goto(f"{seen.url}{path}")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await expect(page.get_by_text("이 화면을 볼 권한이 없어요")).to_have_count(0)
        current = page.locator("nav a[aria-current]")
        await expect(current).to_have_attribute("href", str(path))
    assert set(seen.complaints) <= {NO_TRIP_KEYS}


async def test_the_menu_of_a_phone_is_walked_with_the_keyboard(
    conn: AsyncConnection[None], window: Windows
):
    await add(conn, "kim")
    seen = await window(360, 780)
    page = await sign_in(seen, "kim")
    await page.goto(seen.url + "/me")
    await expect(page.get_by_role("heading", name="kim")).to_be_visible()
    await expect(page.get_by_role("link", name="사무", exact=True)).to_be_hidden()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="본문으로 바로 가기")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.locator("main :focus")).to_have_count(1)
    await page.get_by_role("button", name="메뉴 열기").press("Enter")
    await expect(page.get_by_role("button", name="메뉴 닫기")).to_have_attribute(
        "aria-expanded", "true"
    )
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="메뉴 열기")).to_be_focused()
    await page.keyboard.press("Enter")
    for entry in ("구내식당", "출장", "업무 도우미", "사무"):
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name=entry, exact=True)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{seen.url}/duties")
    await expect(page.get_by_role("button", name="메뉴 열기")).to_have_attribute(
        "aria-expanded", "false"
    )


async def test_whoever_was_sent_to_sign_in_comes_back_with_what_was_asked(
    conn: AsyncConnection[None], window: Windows
):
    await add(conn, "han", "admin")
    seen = await window()
    page = await seen.open("/people?person=han")
    await expect(page).to_have_url(f"{seen.url}/sign-in?back_to=/people%3Fperson%3Dhan")
    await page.get_by_label("아이디").fill("han")
    await page.get_by_label("비밀번호", exact=True).fill("열 글자가 넘는 비밀번호")
    await page.get_by_role("button", name="로그인").click()
    await expect(page.get_by_role("heading", name="han")).to_be_visible()
    await expect(page).to_have_url(f"{seen.url}/people?person=han")


async def test_a_session_that_ended_meanwhile_leads_to_sign_in(
    conn: AsyncConnection[None], window: Windows
):
    await add(conn, "han", "admin")
    seen = await window()
    page = await sign_in(seen, "han")
    await page.goto(seen.url + "/people")
    await expect(page.locator(".answer")).to_be_visible()
    await conn.execute("DELETE FROM login_session")
    await conn.commit()
    await page.get_by_role("navigation", name="메뉴").get_by_role("link", name="사무").click()
    await expect(page).to_have_url(f"{seen.url}/sign-in?back_to=/duties")


async def test_a_hub_that_does_not_answer_is_said_with_a_way_on(
    conn: AsyncConnection[None], window: Windows
):
    await add(conn, "kim")
    seen = await window(360, 780)
    page = await sign_in(seen, "kim")
    await page.route("**/api/**", lambda route: route.abort())
    await page.goto(seen.url + "/duties")
    await expect(page.get_by_role("heading", name="청사 서버가 답하지 않아요")).to_be_visible()
    await is_clean(page)
    await picture(page, "away")
    await page.unroute("**/api/**")
    await page.get_by_role("button", name="다시 해 보기").click()
    await expect(page.get_by_text("아직 적힌 사무가 없어요")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_axe_finds_nothing_in_the_menu_and_the_closed_door(
    conn: AsyncConnection[None], window: Windows, size: tuple[int, int], dark: bool
):
    await add(conn, "kim", "facilities", "editor")
    seen = await window(*size, dark=dark)
    page = await sign_in(seen, "kim")
    await page.goto(seen.url + "/people")
    await expect(page.get_by_text("관리자, 감사 역할이 있어야")).to_be_visible()
    await is_clean(page)
    if size[0] < 1180:
        await page.get_by_role("button", name="메뉴 열기").click()
        await expect(page.get_by_role("link", name="사무", exact=True)).to_be_visible()
        await is_clean(page)
    await picture(page, f"shell-{size[0]}-{'dark' if dark else 'light'}")
    assert seen.complaints == []
