"""Duties: who is responsible for what, found, written, handed over; and one's own at /me."""

import re

import pytest
from playwright.async_api import expect
from psycopg import AsyncConnection

from hub.identity.store import duties
from hub.identity.store import people as store
from hub.kit import clock
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.people import add

WRITTEN = [
    ("여비 정산", "총무과", "출장이 끝나면 여비를 정산하고 지급해요", ["kim"]),
    ("법인카드 관리", "총무과", "카드를 빌려주고 쓴 것을 정리해요", []),
    ("구내식당 운영", "행정과", "식단과 위탁 업체를 살펴요", ["kim", "lee"]),
    ("문서고 열쇠", "", "", ["park"]),
]


async def an_office(conn: AsyncConnection[None]) -> None:
    """Kim and Lee are here and Park has left: four duties. COMMITs."""
    now = clock.now()
    everybody = {login: await add(conn, login) for login in ("kim", "lee", "park")}
    await add(conn, "yun", "editor")
    await add(conn, "han", "admin")
    for name, department, about, holders in WRITTEN:
        duty = await duties.add(conn, name, department, about, now)
        await duties.hand_over(conn, duty, [everybody[login] for login in holders], now)
    await store.change(
        conn, everybody["park"], name="park", email=None, roles=["staff"], retired_at=now
    )
    await conn.commit()


async def test_staff_find_who_is_responsible_and_change_nothing(
    conn: AsyncConnection[None], window: Windows
):
    await an_office(conn)
    seen = await window()
    page = await sign_in(seen, "lee")
    await page.goto(seen.url + "/duties")
    await expect(page.locator(".answer")).to_have_text("맡은 사람이 없는 사무가 2개 있어요")
    await page.get_by_role("searchbox").fill("출장 여비")
    await expect(page.get_by_role("heading", level=3)).to_have_text(["여비 정산"])
    await expect(page.locator(".holders")).to_contain_text("kim")
    await page.get_by_role("searchbox").fill("")
    await page.get_by_role("button", name=re.compile("^내 사무")).click()
    await expect(page.get_by_role("heading", level=3)).to_have_text(["구내식당 운영"])
    await page.get_by_role("button", name=re.compile("^맡은 사람 없음")).click()
    await expect(page.get_by_role("heading", level=3)).to_have_text(
        ["법인카드 관리", "문서고 열쇠"]
    )
    await expect(page.get_by_role("button", name="사무 추가")).to_have_count(0)
    await expect(page.get_by_role("button", name=re.compile("고치기"))).to_have_count(0)
    assert seen.complaints == []


async def test_an_editor_writes_a_duty_hands_it_over_and_gives_it_up_with_the_keyboard(
    conn: AsyncConnection[None], window: Windows
):
    await an_office(conn)
    seen = await window()
    page = await sign_in(seen, "yun")
    await page.goto(seen.url + "/duties")
    await page.get_by_role("button", name="사무 추가").press("Enter")
    await expect(page.get_by_label("사무 이름")).to_be_focused()
    await page.keyboard.type("회의실 예약")
    await page.get_by_label("부서", exact=True).fill("총무과")
    await page.get_by_label("사람 더하기").select_option(label="lee (lee)")
    await page.get_by_label("사무 이름").press("Enter")
    await expect(page.get_by_text("저장했어요")).to_be_visible()
    await page.get_by_role("button", name="회의실 예약 고치기").press("Enter")
    await page.get_by_role("button", name="lee 빼기").press("Enter")
    await page.get_by_label("사람 더하기").select_option(label="kim (kim)")
    await page.get_by_role("button", name="저장").press("Enter")
    await expect(page.get_by_text("저장했어요")).to_be_visible()
    held = await conn.execute(
        "SELECT login, until IS NULL FROM duty_person JOIN person USING (person_id)"
        " JOIN duty USING (duty_id) WHERE duty.name = '회의실 예약' ORDER BY since"
    )
    assert await held.fetchall() == [("lee", False), ("kim", True)]
    await page.get_by_role("button", name="회의실 예약 고치기").press("Enter")
    await page.get_by_role("button", name="사무 없애기").press("Enter")
    await page.get_by_role("button", name="사무 없애기").press("Enter")
    await expect(page.get_by_text("없앴어요")).to_be_visible()
    await expect(page.get_by_role("heading", name="회의실 예약")).to_have_count(0)
    assert seen.complaints == []


async def test_where_no_duty_is_written_the_page_says_what_will_be_there(
    conn: AsyncConnection[None], window: Windows
):
    await add(conn, "kim")
    seen = await window(360, 780)
    page = await sign_in(seen, "kim")
    await page.goto(seen.url + "/duties")
    await expect(page.locator(".answer")).to_have_text("아직 적힌 사무가 없어요")
    await expect(page.get_by_text("편집이나 관리자 역할이 있는 사람이")).to_be_visible()
    await is_clean(page)
    await page.goto(seen.url + "/me")
    await expect(page.get_by_text("아직 맡은 사무가 없어요")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    conn: AsyncConnection[None], window: Windows, size: tuple[int, int], dark: bool
):
    await an_office(conn)
    seen = await window(*size, dark=dark)
    page = await sign_in(seen, "yun")
    look = f"{size[0]}-{'dark' if dark else 'light'}"
    await page.goto(seen.url + "/duties")
    await expect(page.get_by_role("heading", name="여비 정산")).to_be_visible()
    await is_clean(page)
    await picture(page, f"duties-{look}")
    await page.get_by_role("button", name="구내식당 운영 고치기").click()
    await page.get_by_role("button", name="사무 없애기").click()
    await is_clean(page)
    await picture(page, f"duty-edit-{look}")
    await page.goto(seen.url + "/me")
    await expect(page.get_by_role("heading", name="내 사무")).to_be_visible()
    await is_clean(page)
    await picture(page, f"me-{look}")
    assert seen.complaints == []
