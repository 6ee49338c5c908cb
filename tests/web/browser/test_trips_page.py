"""The clerk's month of trips in a real Chromium: what is missing, paper, links, orders, places."""

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import zxingcpp
from hwpx import HwpxDocument
from playwright.async_api import Page, expect
from psycopg import AsyncConnection

from hub.kit import clock
from hub.tripproof import office
from hub.tripproof.statement import Kind
from hub.web import app
from tests.conftest import Database
from tests.hub.document import reading
from tests.web import people
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.conftest import Web, settings_for
from tests.web.people import browser as a_browser
from tests.web.test_trip_books import (
    CITY_HALL,
    ORDERS,
    PROOFS,
    is_clerk,
    the_city_hall_is_known,
)
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


async def saved_by(page: Page, does: Any) -> bytes:
    async with page.expect_download() as coming:
        await does
    path = Path(await (await coming.value).path())
    return await asyncio.to_thread(path.read_bytes)


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


async def test_a_photo_gives_its_fingerprint_and_stays(
    window: Windows, world: World, conn: AsyncConnection[Any]
):
    await a_month(world)
    page = await opened(window)
    await page.get_by_role("link", name=re.compile(TRIP)).click()
    await page.get_by_role("button", name="종이·사진 확인 적기: 한지우").click()
    await page.get_by_label("무엇으로 확인했나요").select_option("photo")
    photo = {"name": "현장.jpg", "mimeType": "image/jpeg", "buffer": b"not to be sent"}
    await page.get_by_label("사진 파일").set_input_files(photo)  # type: ignore[arg-type]
    await expect(page.get_by_text("사진 지문")).to_be_visible()
    await page.get_by_role("button", name="저장").click()
    await expect(page.get_by_text("적었어요.")).to_be_visible()
    found = await conn.execute(
        "SELECT photo_sha256 = sha256('not to be sent') FROM trip_confirmation WHERE kind = 'photo'"
    )
    assert await found.fetchone() == (True,)


async def test_a_day_that_has_not_come_is_said_and_not_saved(
    window: Windows, world: World, conn: AsyncConnection[Any]
):
    await a_month(world)
    page = await opened(window)
    await page.get_by_role("link", name=re.compile(TRIP)).click()
    await page.get_by_role("button", name="종이·사진 확인 적기: 김하늘").click()
    today = clock.now().astimezone(clock.SEOUL).date()
    await page.get_by_label("확인한 날").fill(f"{today + timedelta(days=2)}")
    await expect(page.get_by_text("아직 오지 않은 날이에요")).to_be_visible()
    await page.get_by_role("button", name="저장").click()
    await page.get_by_label("확인한 날").fill(f"{today}")
    await expect(page.get_by_text("아직 오지 않은 날이에요")).to_have_count(0)
    await page.get_by_role("button", name="저장").click()
    await expect(page.get_by_text("적었어요.")).to_be_visible()
    found = await conn.execute("SELECT on_day FROM trip_confirmation WHERE who = 'kim'")
    assert await found.fetchall() == [(today,)]


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


async def test_the_report_and_the_workbook_are_downloaded(window: Windows, world: World):
    await a_month(world)
    page = await opened(window)
    sheet = await saved_by(page, page.get_by_role("button", name="엑셀로 내려받기").click())
    assert "출장별" in openpyxl.load_workbook(io.BytesIO(sheet)).sheetnames
    await page.get_by_role("link", name=re.compile(TRIP)).click()
    await page.get_by_role("button", name="복명서 만들기").click()
    await page.get_by_label("복명 내용").fill("도비 보조를 협의함.\n도면은 다음 주에 받기로 함.")
    pdf = await saved_by(page, page.get_by_role("button", name="PDF로 받기").click())
    codes = [each for one in reading.pdf_pictures(pdf, dpi=200)
             for each in zxingcpp.read_barcodes(one)]  # fmt: skip
    assert [one.text[:4] for one in codes] == ["TP2:"]
    hwpx = await saved_by(page, page.get_by_role("button", name="한글(HWPX)로 받기").click())
    text = HwpxDocument.open(io.BytesIO(hwpx)).text.plain()
    assert "도면은 다음 주에 받기로 함." in text
    assert "한지우" in text


def by(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet by their heading, empty cells left out."""
    head, *rows = sheet.iter_rows(values_only=True)
    return [
        {name: value for name, value in zip(head, row, strict=True) if value not in (None, "")}
        for row in rows
    ]


async def test_the_workbook_says_of_everybody_what_the_page_says(window: Windows, world: World):
    await a_month(world)
    (touch,) = [one for one in await proofs_of(world) if one["trip"] == TRIP]
    said = await world.han.does(
        "POST", f"{PROOFS}/{touch['cti']}/appeal", json={"text": "지하였음"}
    )
    assert said.status_code == 201, said.text
    page = await opened(window)
    sheet = await saved_by(page, page.get_by_role("button", name="엑셀로 내려받기").click())
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    summary: dict[str, Any] = {one["항목"]: one.get("수") for one in by(book["요약"])}
    counts = [summary[name] for name in ("출장명령", "출장자(연인원)", "출장명령 없는 확인")]
    told = "출장명령 {}건 · 출장자 {}명(연인원) · 출장명령 없는 확인 {}건".format(*counts)
    await expect(page.get_by_text(told)).to_be_visible()
    lacking = summary["확인 없음"] + summary["일부 확인"]
    await expect(page.locator(".answer")).to_have_text(f"{lacking}명의 출장 확인이 빠졌어요")
    people, evidence = by(book["출장별"]), by(book["확인 내역"])
    assert len(people) == 4
    assert len(evidence) == 2
    for one in people:
        trip, name = one["출장번호"], one["이름"]
        await page.goto(page.url.split("/trips")[0] + f"/trips?trip={trip}")
        card = page.get_by_role("region", name=name)
        await expect(card.locator(".tag").first).to_have_text(one["상태"])
        for gap in one.get("빠진 것", "").split(", "):
            await expect(card).to_contain_text(gap)
        await expect(page.get_by_role("heading", name=one["출장지"])).to_be_visible()
        await expect(page.locator(".when")).to_contain_text(f"{one['시작']:%H:%M}~")
        rows = [each for each in evidence if (each["출장번호"], each["이름"]) == (trip, name)]
        assert len(rows) == one["원터치"] + one["종이·사진"]
        await expect(card.locator("li:not(.none)")).to_have_count(len(rows))
        for row in rows:
            await says(card, row)
    (loose,) = by(book["출장명령 없는 확인"])
    await page.goto(page.url.split("?")[0])
    alone = page.get_by_role("region", name="출장명령 없는 확인 1건")
    for word in (loose["이름"], loose["구분"], f"{loose['일시']:%H:%M}", f"등급 {loose['등급']}"):
        await expect(alone).to_contain_text(word)
    await expect(alone).to_contain_text(loose["살펴볼 점"])


async def says(card: Any, row: dict[str, Any]) -> None:
    """The card of a traveller says what this row of the workbook says."""
    if row["확인 방법"] != "원터치":
        await expect(card).to_contain_text(row["확인 방법"].split()[0].replace("현장", "사진"))
        await expect(card).to_contain_text(row["메모"])
        return
    for word in (row["구분"], f"{row['일시']:%H:%M}", f"등급 {row['등급']}", row["출장지와 견줌"]):
        await expect(card).to_contain_text(word)
    await expect(card).to_contain_text(row["소명"])
    for reason in re.findall(r"[^.]+\.", row.get("살펴볼 점", "")):
        await expect(card).to_contain_text(reason.strip())


async def proofs_of(world: World) -> list[dict[str, Any]]:
    return (await world.han.does("GET", PROOFS)).json()


def a_sheet() -> dict[str, Any]:
    """Two orders; the second names nobody, and a day that is none."""
    today = f"{clock.now().astimezone(clock.SEOUL):%Y-%m-%d}"
    rows = (
        "출장번호,직원번호,시작,종료,출장지\n"
        f"총무-2,park,{today} 09:00,{today} 18:00,도청\n"
        f"총무-3,,{today} 09:00,어제,도청\n"
    )
    return {"name": "출장.csv", "mimeType": "text/csv", "buffer": rows.encode("cp949")}


async def test_orders_are_entered_by_form_and_by_a_sheet_that_is_looked_at_first(
    window: Windows, world: World
):
    page = await opened(window)
    await expect(page.locator(".answer")).to_have_text("이달 출장명령이 없어요")
    await page.get_by_role("link", name="출장명령 넣기").click()
    today = f"{clock.now().astimezone(clock.SEOUL):%Y-%m-%d}"
    await page.get_by_label("출장번호").fill("총무-1")
    await page.get_by_label("출장자 직원번호").fill("han, kim")
    await page.get_by_label("시작").fill(f"{today}T09:00")
    await page.get_by_label("종료").fill(f"{today}T18:00")
    await page.get_by_label("출장지").fill("도청")
    await page.get_by_role("button", name="저장").click()
    await expect(page.get_by_text("총무-1 저장했어요 (1번째).")).to_be_visible()
    await page.get_by_label("파일 고르기").set_input_files(a_sheet())  # type: ignore[arg-type]
    await expect(page.get_by_text("넣을 수 있는 줄 1개 · 고칠 줄 1개")).to_be_visible()
    await expect(page.get_by_text("직원번호가 없거나 너무 길어요")).to_be_visible()
    await picture(page, "trips-orders-sheet")
    await page.get_by_role("button", name="1건 저장").click()
    await expect(page.get_by_text("1건을 저장했어요.")).to_be_visible()
    await page.get_by_role("link", name="출장으로 돌아가기").click()
    await page.get_by_role("link", name=re.compile("총무-1")).click()
    await page.get_by_role("link", name="출장명령 고치기").click()
    await expect(page.get_by_label("출장자 직원번호")).to_have_value("han, kim")
    await page.get_by_label("용무").fill("예산 협의")
    await page.get_by_role("button", name="저장").click()
    await expect(page.get_by_text("총무-1 저장했어요 (2번째).")).to_be_visible()


async def test_a_place_is_written_down_changed_and_removed(window: Windows, world: World):
    page = await opened(window)
    await page.get_by_role("link", name="장소록").click()
    await expect(page.locator(".answer")).to_have_text("아직 적힌 출장지가 없어요")
    await page.get_by_role("button", name="출장지 더하기").click()
    await page.get_by_label("이름").fill("시청")
    await page.get_by_role("button", name="곳 더하기", exact=True).click()
    await page.get_by_label("위도").fill("95")
    await page.get_by_label("경도").fill("128.6811")
    await page.get_by_role("button", name="저장").click()
    await expect(page.get_by_text("위도는 -90~90")).to_be_visible()
    await page.get_by_label("위도").fill("35.2279")
    await page.get_by_role("button", name="저장").click()
    await expect(page.get_by_text("좌표 1곳")).to_be_visible()
    (kept,) = (await world.lim.does("GET", "/api/v1/trips/places")).json()
    assert (kept["points"][0]["lat_e7"], kept["points"][0]["lon_e7"]) == CITY_HALL
    await page.get_by_role("button", name="시청 고치기").click()
    await page.get_by_role("button", name="1번째 곳 빼기").click()
    await page.get_by_role("button", name="저장").click()
    await expect(page.get_by_text("좌표 없음")).to_be_visible()
    await page.get_by_role("button", name="지우기").click()
    await page.get_by_role("button", name="지우기").click()
    await expect(page.locator(".answer")).to_have_text("아직 적힌 출장지가 없어요")


async def test_who_is_no_clerk_sees_the_own_trips_and_who_enters_orders(
    window: Windows, world: World
):
    await a_month(world)
    page = await opened(window, "park")
    await expect(page.get_by_text("내 출장만 보여요")).to_be_visible()
    await expect(page.get_by_role("link", name=re.compile(TRIP))).to_have_count(0)
    await expect(page.get_by_role("link", name=re.compile(PAST))).to_be_visible()
    await page.goto(page.url.split("/trips")[0] + "/trips/orders")
    await expect(page.get_by_text("출장명령은 부서 서무가 넣어요")).to_be_visible()


async def test_a_hub_without_trip_keys_says_so(window: Windows, world: World, tmp_path: Path):
    (tmp_path / "trip" / "trip.json").rename(tmp_path / "away.json")
    page = await opened(window)
    await expect(page.get_by_text("아직 출장 확인을 쓸 수 없어요")).to_be_visible()
    await is_clean(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
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
    back = page.get_by_role("link", name="← 출장 목록")  # where the list stands beside it: none
    await expect(back).to_be_visible(visible=size[0] < 860)
    await page.get_by_role("button", name="복명서 만들기").click()
    await page.get_by_role("button", name="종이·사진 확인 적기: 김하늘").click()
    await expect(page.get_by_label("무엇으로 확인했나요")).to_be_focused()
    await is_clean(page)
    await picture(page, f"trip-{look}")
    await page.goto(page.url.split("/trips")[0] + f"/trips?trip={PAST}")
    await page.get_by_role("button", name="고치기", exact=True).click()
    await expect(page.get_by_label("고치는 까닭")).to_be_visible()
    await is_clean(page)
    await picture(page, f"trip-paper-{look}")
    await page.get_by_role("link", name="출장명령 고치기").click()
    await expect(page.get_by_label("출장번호")).to_have_value(PAST)
    await is_clean(page)
    await picture(page, f"trips-order-{look}")
    await page.goto(page.url.split("/trips")[0] + "/trips/orders")
    await page.get_by_label("파일 고르기").set_input_files(a_sheet())  # type: ignore[arg-type]
    await expect(page.get_by_text("고칠 줄 1개")).to_be_visible()
    await is_clean(page)
    await picture(page, f"trips-orders-{look}")
    await page.goto(page.url.split("/trips")[0] + "/trips/places")
    await page.get_by_role("button", name="시청 고치기").click()
    await is_clean(page)
    await picture(page, f"trips-places-{look}")
