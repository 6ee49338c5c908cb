"""People as an admin looks after them: added, found, given roles, let back in, gone."""

import re
from typing import Any

import pytest
from playwright.async_api import expect
from psycopg import AsyncConnection

from hub.identity.store import duties, sessions
from hub.identity.store import people as store
from hub.kit import clock
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.people import add

NAMES = ["김하늘", "이보람", "박서준", "최다은", "정우진", "강민서", "윤지호", "임수아", "한도윤"]
ROLES: list[Any] = [
    ["staff"], ["facilities", "staff"], ["field", "staff"], ["editor", "staff"],
    ["auditor", "staff"],
]  # fmt: skip


async def an_office(conn: AsyncConnection[Any]) -> None:
    """An admin (한관리), and nine more: one locked out, one who left with a duty. COMMITs."""
    now = clock.now()
    han = await add(conn, "han", "admin")
    await store.change(
        conn, han, name="한관리", email=None, roles=["admin", "staff"], retired_at=None
    )
    for n, name in enumerate(NAMES):
        person_id = await store.add(
            conn, login=f"p{n}", name=name, roles=ROLES[n % len(ROLES)], now=now,
            first_password_hash="x" if n == 3 else None,
        )  # fmt: skip
        if n == 1:
            for _ in range(5):
                await sessions.fail(conn, "p1", "10.0.0.9", now)
        if n == 8:
            duty = await duties.add(conn, "여비 정산", "총무과", "출장 여비를 정산해요", now)
            await duties.hand_over(conn, duty, [person_id], now)
            await store.change(
                conn, person_id, name=name, email=None, roles=["staff"], retired_at=now
            )
    await conn.commit()


async def test_somebody_is_added_and_signs_in_with_the_password_shown_once(
    conn: AsyncConnection[Any], window: Windows
):
    await an_office(conn)
    seen = await window()
    page = await sign_in(seen, "han")
    await page.goto(seen.url + "/people")
    await page.get_by_role("button", name="사람 추가").click()
    await page.get_by_label("이름", exact=True).fill("새 사람")
    await page.get_by_label("아이디", exact=True).fill("Sae")
    await page.get_by_label("시설").check()
    await page.get_by_role("button", name="사람 추가").last.click()
    await expect(page.get_by_role("heading", name="새 사람 님의 첫 비밀번호")).to_be_visible()
    first = await page.locator("code").inner_text()
    await page.get_by_role("button", name="알려 주었어요").click()
    await expect(page.get_by_text(first)).to_have_count(0)
    await page.reload()
    await expect(page.get_by_role("heading", name="새 사람")).to_be_visible()
    await expect(page.get_by_label("시설")).to_be_checked()
    await expect(page.get_by_text(first)).to_have_count(0)
    assert seen.complaints == []
    other = await window()
    page = await other.open("/sign-in")
    await page.get_by_label("아이디").fill("sae")
    await page.get_by_label("비밀번호", exact=True).fill(first)
    await page.get_by_role("button", name="로그인").click()
    await expect(page.get_by_text("처음 받은 비밀번호예요")).to_be_visible()


async def test_a_login_that_is_taken_is_said(conn: AsyncConnection[Any], window: Windows):
    await an_office(conn)
    seen = await window()
    page = await sign_in(seen, "han")
    await page.goto(seen.url + "/people")
    await page.get_by_role("button", name="사람 추가").click()
    await page.get_by_label("이름", exact=True).fill("김둘")
    await page.get_by_label("아이디", exact=True).fill("p0")
    await page.get_by_role("button", name="사람 추가").last.click()
    await expect(page.get_by_text("이미 있는 아이디예요")).to_be_visible()


async def test_who_is_locked_out_is_found_and_let_in_with_the_keyboard(
    conn: AsyncConnection[Any], window: Windows
):
    await an_office(conn)
    seen = await window()
    page = await sign_in(seen, "han")
    await page.goto(seen.url + "/people")
    await expect(page.locator(".answer")).to_have_text("1명이 잠겨 있어요")
    await page.get_by_role("button", name=re.compile("^잠김")).press("Enter")
    await page.get_by_role("link", name=re.compile("이보람")).press("Enter")
    await expect(page.get_by_role("heading", name="이보람")).to_be_focused()
    await page.get_by_role("button", name="지금 풀어 주기").press("Enter")
    await expect(page.get_by_text("바로 로그인할 수 있어요")).to_be_visible()
    await expect(page.locator(".answer")).to_have_text("9명이 쓰고 있어요")
    assert seen.complaints == []


async def test_roles_are_given_and_somebody_is_signed_out_and_leaves(
    conn: AsyncConnection[Any], window: Windows
):
    await an_office(conn)
    await add(conn, "kim", "facilities")
    kim = await window()
    his = await sign_in(kim, "kim")
    seen = await window()
    page = await sign_in(seen, "han")
    await page.goto(seen.url + "/people?person=kim")
    await page.get_by_label("편집").check()
    await page.get_by_role("button", name="저장").click()
    await expect(page.get_by_text("저장했어요")).to_be_visible()
    await expect(page.get_by_text("지금 1곳에서 로그인해 있어요")).to_be_visible()
    await page.get_by_role("button", name="모두 로그아웃").click()
    await expect(page.get_by_role("button", name="아니요")).to_be_focused()
    await page.get_by_role("button", name="모두 로그아웃").click()
    await expect(page.get_by_text("모두 로그아웃했어요")).to_be_visible()
    await his.goto(kim.url + "/me")
    await expect(his).to_have_url(f"{kim.url}/sign-in?back_to=/me")
    await page.get_by_role("button", name="떠남으로 바꾸기").click()
    await page.get_by_role("button", name="떠남으로 바꾸기").click()
    await expect(page.get_by_role("button", name="다시 쓰게 하기")).to_be_visible()
    found = await conn.execute("SELECT roles, retired_at FROM person WHERE login = 'kim'")
    roles, retired_at = await found.fetchone() or ([], None)
    assert (roles, retired_at is not None) == (["editor", "facilities", "staff"], True)
    assert seen.complaints == []


async def test_a_forgotten_password_is_replaced(conn: AsyncConnection[Any], window: Windows):
    await an_office(conn)
    await add(conn, "kim")
    seen = await window(360, 780)
    page = await sign_in(seen, "han")
    await page.goto(seen.url + "/people?person=kim")
    await page.get_by_role("button", name="새 첫 비밀번호").click()
    await page.get_by_role("button", name="새 첫 비밀번호").click()
    await expect(page.get_by_role("heading", name="kim 님의 첫 비밀번호")).to_be_visible()
    first = await page.locator("code").inner_text()
    other = await window()
    await sign_in(other, "kim", first)


async def test_an_auditor_sees_people_and_changes_nothing(
    conn: AsyncConnection[Any], window: Windows
):
    await an_office(conn)
    await add(conn, "jung", "auditor")
    seen = await window()
    page = await sign_in(seen, "jung")
    await page.goto(seen.url + "/people?person=p1")
    await expect(page.get_by_role("heading", name="이보람")).to_be_visible()
    await expect(page.get_by_label("시설")).to_be_checked()
    await expect(page.get_by_label("시설")).to_be_disabled()
    for name in ("저장", "사람 추가", "지금 풀어 주기", "새 첫 비밀번호", "떠남으로 바꾸기"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    conn: AsyncConnection[Any], window: Windows, size: tuple[int, int], dark: bool
):
    await an_office(conn)
    seen = await window(*size, dark=dark)
    page = await sign_in(seen, "han")
    look = f"{size[0]}-{'dark' if dark else 'light'}"
    await page.goto(seen.url + "/people")
    await expect(page.get_by_text("임수아")).to_be_visible()
    await is_clean(page)
    await picture(page, f"people-{look}")
    await page.get_by_role("link", name=re.compile("이보람")).click()
    await page.get_by_role("button", name="떠남으로 바꾸기").click()
    await is_clean(page)
    await picture(page, f"person-{look}")
    await page.goto(seen.url + "/people")
    await page.get_by_role("button", name="사람 추가").click()
    await is_clean(page)
    await picture(page, f"person-add-{look}")
    assert seen.complaints == []
