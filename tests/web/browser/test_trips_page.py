"""The clerk's month of trips in a real Chromium: what is missing, paper, links, orders, places."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect
from psycopg import AsyncConnection

from hub.kit import clock
from hub.tripproof import office
from hub.tripproof.statement import Kind
from hub.web import app
from tests.conftest import Database
from tests.web import people
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.conftest import Web, settings_for
from tests.web.people import browser as a_browser
from tests.web.test_trip_books import ORDERS, is_clerk, the_city_hall_is_known
from tests.web.test_trip_department import CONFIRMATIONS, PAPER
from tests.web.trips import OFFICE, ORIGIN, Phone, World, bring_auditor, is_signed_in

NAMES = {"han": "한지우", "lim": "임서윤", "kim": "김하늘", "park": "박바다"}
TRIP, OTHER, PAST = "총무-2026-0412", "총무-2026-0413", "총무-2026-0409"


@pytest.fixture
def hub(start: Callable[..., Any], tmp_path: Path) -> Iterator[Web]:
    """A hub that has its trip keys; `window` opens pages of this one."""
    office.make(tmp_path / "trip", OFFICE, ORIGIN, clock.now())
    with start(HUB_TRIP_DIR=str(tmp_path / "trip")) as web:
        yield web


@pytest.fixture
async def world(
    database: Database, conn: AsyncConnection[Any], hub: Web, tmp_path: Path
) -> AsyncIterator[World]:
    """The same office behind a door of our own, to put things there as phones and clerks do."""
    for login, role in (("gam", "auditor"), ("adm", "admin"), *((who, "field") for who in NAMES)):
        await people.add(conn, login, role)  # type: ignore[arg-type]
    for login, name in NAMES.items():
        await conn.execute("UPDATE person SET name = %s WHERE login = %s", (name, login))
    await conn.commit()
    door = app.create_app(settings_for(database, trip_dir=tmp_path / "trip"))
    async with door.api.router.lifespan_context(door.api), AsyncExitStack() as stack:
        who = [await stack.enter_async_context(a_browser(door)) for _ in range(5)]
        for somebody, login in zip(who, ("han", "lim", "gam", "adm"), strict=False):
            await is_signed_in(conn, somebody, login)
        key = await bring_auditor(who[2])
        world = World(door, who[0], who[1], who[2], who[3], key, Phone(who[4].client))
        for login in NAMES:
            await belongs(world, login)
        yield world


async def belongs(world: World, login: str) -> None:
    await is_clerk(world, login, "총무")
    if login == "lim":
        return
    everybody = (await world.adm.does("GET", "/api/v1/trips/people")).json()
    (found,) = [one for one in everybody if one["login"] == login]
    body = {"who": login, "department": "총무", "is_clerk": False}
    path = f"/api/v1/trips/people/{found['person_id']}"
    assert (await world.adm.does("PUT", path, json=body)).status_code == 204


def hours(number: float) -> str:
    return (clock.now() + timedelta(hours=number)).isoformat()


async def a_month(world: World) -> None:
    """One trip with a touch of two, one with paper, one under way; and a touch without an order."""
    await the_city_hall_is_known(world)
    usual = {
        "department": "총무",
        "place": "시청",
        "purpose": "예산 협의",
        "ends_at": hours(-0.001),
    }
    orders = [
        {**usual, "trip": TRIP, "people": ["han", "kim"], "begins_at": hours(-1)},
        {**usual, "trip": PAST, "people": ["park"], "begins_at": hours(-2), "place": "도청"},
        {**usual, "trip": OTHER, "people": ["han"], "begins_at": hours(-0.5), "ends_at": hours(5)},
    ]
    answer = await world.lim.does("POST", ORDERS, json={"orders": orders})
    assert answer.status_code == 200, answer.text
    await world.phone.enrol(world.han)
    await world.phone.touches(trip=TRIP)
    await world.phone.touches(kind=Kind.DEPART)
    body = {**PAPER, "trip": PAST, "who": "park", "on_day": f"{clock.now():%Y-%m-%d}"}
    answer = await world.lim.does("POST", CONFIRMATIONS, json=body)
    assert answer.status_code == 201, answer.text


async def opened(window: Windows, login: str = "lim", *size: int, **given: Any) -> Page:
    seen = await window(*size, **given)
    page = await sign_in(seen, login)
    await page.goto(seen.url + "/trips")
    await expect(page.locator(".answer")).to_be_visible()
    return page


async def test_a_gap_is_closed_on_paper_with_the_keyboard_alone(window: Windows, world: World):
    await a_month(world)
    page = await opened(window)
    await expect(page.locator(".answer")).to_have_text("2명의 출장 확인이 빠졌어요")
    await page.get_by_role("link", name=re.compile(TRIP)).press("Enter")
    await expect(page.get_by_role("heading", name="시청")).to_be_focused()
    await expect(page.get_by_text("출발 확인 없음")).to_be_visible()
    await page.get_by_role("button", name="종이·사진 확인 적기: 김하늘").press("Enter")
    await expect(page.get_by_label("무엇으로 확인했나요")).to_be_focused()
    await page.get_by_label("메모").fill("회의 참석 서명부")
    await page.get_by_label("메모").press("Enter")
    await expect(page.get_by_text("적었어요.")).to_be_visible()
    await expect(page.locator(".answer")).to_have_text("1명의 출장 확인이 빠졌어요")
    await expect(page.get_by_text("회의 참석 서명부")).to_be_visible()


async def test_a_touch_without_an_order_is_linked_and_taken_off(window: Windows, world: World):
    await a_month(world)
    page = await opened(window)
    await expect(page.get_by_role("heading", name="출장명령 없는 확인 1건")).to_be_visible()
    await page.get_by_label("이을 출장: 한지우").select_option(TRIP)
    await page.get_by_role("button", name="잇기", exact=True).click()
    await expect(page.get_by_text("이었어요. 기록에 남았어요.")).to_be_visible()
    await page.get_by_role("link", name=re.compile(TRIP)).click()
    await expect(page.get_by_text("출장지와 견주지 않았어요")).to_be_visible()
    await page.get_by_role("button", name="이음 풀기").click()
    await page.get_by_role("button", name="이음 풀기").click()
    await expect(page.get_by_text("떼었어요. 기록에 남았어요.")).to_be_visible()
    await expect(page.get_by_text("출발 확인 없음")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: str(size[0]))
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    window: Windows, world: World, size: tuple[int, int], dark: bool
):
    look = f"{size[0]}-{'dark' if dark else 'light'}"
    page = await opened(window, "lim", *size, dark=dark)
    await expect(page.get_by_text("이달 출장명령이 없어요")).to_be_visible()
    await is_clean(page)
    await picture(page, f"trips-empty-{look}")
    await a_month(world)
    await page.reload()
    await expect(page.get_by_text("출장명령 없는 확인 1건").last).to_be_visible()
    await is_clean(page)
    await picture(page, f"trips-{look}")
    await page.get_by_role("link", name=re.compile(TRIP)).click()
    await page.get_by_role("button", name="복명서 만들기").click()
    await page.get_by_role("button", name="종이·사진 확인 적기: 김하늘").click()
    await is_clean(page)
    await picture(page, f"trip-{look}")
    await page.goto(page.url.split("/trips")[0] + "/trips/orders")
    await expect(page.get_by_label("출장번호")).to_be_visible()
    await is_clean(page)
    await picture(page, f"trips-orders-{look}")
    await page.goto(page.url.split("/trips")[0] + "/trips/places")
    await page.get_by_role("button", name="시청 고치기").click()
    await is_clean(page)
    await picture(page, f"trips-places-{look}")
