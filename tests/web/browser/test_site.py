"""The office looked after in a browser: meals, hours, closed days, names, the way back."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from playwright.async_api import Page, expect
from psycopg import AsyncConnection

from hub.kit import clock
from tests.hub.density.offices import LUNCH, add_zone, open_office
from tests.web.browser.conftest import Window, Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.people import add

Conn = AsyncConnection[Any]
ALL_WEEK = [{"days": [1, 2, 3, 4, 5, 6, 7], "open": "00:00", "close": "24:00"}]


def today() -> date:
    return clock.now().astimezone(clock.SEOUL).date()


def monday() -> date:
    return today() - timedelta(days=today().weekday())


async def the_page(
    window: Windows, conn: Conn, hours: Any = LUNCH, **size: Any
) -> tuple[Window, Page]:
    await open_office(conn, hours=hours)
    await add_zone(conn, "demo", "seats", kind="seating", seats=80)
    await add(conn, "lee", "facilities")
    await conn.commit()
    seen = await window(**size)
    await sign_in(seen, "lee")
    return seen, await seen.open("/site")


def a_week() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    days = [monday() + timedelta(days=n) for n in range(5)]
    sheet.append(["구분", *(f"{d.month}/{d.day}({'월화수목금'[n]})" for n, d in enumerate(days))])
    sheet.append(["중식", "쌀밥", "잡곡밥", "카레라이스", "비빔밥", "국수"])
    sheet.append([None, "미역국", "된장국", "깍두기", "콩나물국", "만두"])
    sheet.append(["B코스", "샐러드", None, None, None, None])
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def meals_of(page: Page, day: date) -> Any:
    return page.get_by_label(f"{day.month}월 {day.day}일 ({'월화수목금토일'[day.weekday()]})")


async def test_a_weeks_workbook_is_read_looked_at_saved_and_shown(conn: Conn, window: Windows):
    seen, page = await the_page(window, conn, hours=ALL_WEEK)
    await expect(page.get_by_role("heading", name="식단")).to_be_visible()
    workbook = {"name": "식단.xlsx", "mimeType": "application/octet-stream", "buffer": a_week()}
    await page.get_by_label("엑셀 올리기").set_input_files(workbook)  # type: ignore[arg-type]
    await expect(page.get_by_text("5일의 식단을 읽었어요")).to_be_visible()
    first = meals_of(page, monday())
    await expect(first).to_have_value("[중식]\n쌀밥\n미역국\n\n[B코스]\n샐러드")
    await first.fill("쌀밥\n소고기미역국")
    await page.get_by_role("button", name="식단 저장 (5일)").press("Enter")
    await expect(page.get_by_text("식단을 저장했어요")).to_be_visible()
    await page.reload()
    await expect(meals_of(page, monday())).to_have_value("쌀밥\n소고기미역국")
    assert seen.complaints == []


async def test_a_pasted_table_is_read_and_today_is_on_the_board(conn: Conn, window: Windows):
    seen, page = await the_page(window, conn, hours=ALL_WEEK)
    await page.get_by_role("button", name="표 붙여넣기").click()
    day = today()
    text = f"{day.year}-{day.month:02}-{day.day:02}\n[A코스]\n돼지갈비\n쌈채소"
    await page.get_by_label("엑셀이나 한글에서 복사한 식단표").fill(text)
    await page.get_by_role("button", name="읽어 오기").click()
    await page.get_by_role("button", name="식단 저장 (1일)").click()
    await expect(page.get_by_text("식단을 저장했어요")).to_be_visible()
    await seen.open("/")
    card = page.locator("section", has=page.get_by_role("heading", name="오늘의 식단"))
    await expect(card.get_by_text("돼지갈비")).to_be_visible()
    await expect(card.get_by_text("A코스")).to_be_visible()
    assert seen.complaints == []


async def test_what_is_no_menu_is_told_and_nothing_is_lost(conn: Conn, window: Windows):
    _, page = await the_page(window, conn)
    typed = meals_of(page, monday())
    await typed.fill("쌀밥")
    junk = {
        "name": "식단.xlsx",
        "mimeType": "application/octet-stream",
        "buffer": b"\xd0\xcf\x11\xe0",
    }
    await page.get_by_label("엑셀 올리기").set_input_files(junk)  # type: ignore[arg-type]
    await expect(page.get_by_text("옛 엑셀(.xls)이거나 암호가 걸린")).to_be_visible()
    await expect(typed).to_have_value("쌀밥")


async def test_a_closed_day_is_added_and_the_board_says_why_until_it_is_taken_back(
    conn: Conn, window: Windows
):
    seen, page = await the_page(window, conn, hours=ALL_WEEK)
    await page.get_by_label("날짜").fill(today().isoformat())
    await page.get_by_label("까닭").fill("창립기념일")
    await page.get_by_role("button", name="쉬는 날 더하기").press("Enter")
    await expect(page.get_by_text("저장하지 않은 것이 있어요")).to_be_visible()
    await page.get_by_role("button", name="저장", exact=True).press("Enter")
    await expect(page.get_by_text("오늘은 쉬는 날이에요: 창립기념일")).to_be_visible()
    await seen.open("/")
    await expect(page.get_by_text("오늘은 쉬는 날 · 창립기념일").first).to_be_visible()
    await seen.open("/site")
    await page.get_by_role("button", name="이때로 되돌리기").click()
    ask = page.get_by_role("group", name="0번의 내용으로 되돌릴까요")
    await ask.get_by_role("button", name="이때로 되돌리기").click()
    await expect(page.get_by_text("0번으로 되돌림")).to_be_visible()
    await seen.open("/")
    await expect(page.get_by_text("오늘은 쉬는 날 · 창립기념일")).to_have_count(0)
    assert seen.complaints == []


async def test_a_holiday_is_opened_hours_levels_and_names_are_changed(conn: Conn, window: Windows):
    seen, page = await the_page(window, conn)
    await page.get_by_text("앞으로 1년 동안 쉬는 공휴일").click()
    await page.get_by_label("기독탄신일에 열기").check()
    await page.get_by_label("닫는 시각").fill("00:00")
    await page.get_by_role("button", name="토", exact=True).click()
    await page.get_by_label("보통이 되는 때").fill("4")
    await page.get_by_label("이름", exact=True).nth(1).fill("배식 줄")
    await page.get_by_label("있는 곳", exact=True).first.fill("지하 1층")
    await page.get_by_role("button", name="저장", exact=True).click()
    await expect(page.get_by_text("저장했어요. 화면에 바로 나와요.")).to_be_visible()
    found = await conn.execute(
        "SELECT s.hours, s.levels_s, d.is_open, z.name, z.place FROM site s"
        " JOIN site_day d USING (site) JOIN zone z USING (site) WHERE z.zone = 'main'"
    )
    assert await found.fetchone() == (
        [{"days": [1, 2, 3, 4, 5, 6], "open": "11:30", "close": "24:00"}],
        [240, 420, 720], True, "배식 줄", "지하 1층",
    )  # fmt: skip
    assert seen.complaints == []


async def test_who_is_late_is_told_and_keeps_what_was_typed(conn: Conn, window: Windows):
    _, page = await the_page(window, conn)
    name = page.get_by_label("이름", exact=True).first
    await name.fill("내 이름")
    await conn.execute("UPDATE site SET version = 3")
    await conn.commit()
    await page.get_by_role("button", name="저장", exact=True).click()
    await expect(page.get_by_text("그사이 다른 사람이 저장했어요")).to_be_visible()
    await expect(name).to_have_value("내 이름")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_it_holds_at_every_size(
    conn: Conn, window: Windows, width: int, height: int, dark: bool
):
    _, page = await the_page(window, conn, width=width, height=height, dark=dark)
    await expect(page.get_by_role("heading", name="식단")).to_be_visible()
    await meals_of(page, monday()).fill("쌀밥\n소고기미역국\n제육볶음\n배추김치")
    await page.get_by_text("앞으로 1년 동안 쉬는 공휴일").click()
    await page.get_by_label("날짜").fill("2026-12-31")
    await page.get_by_label("까닭").fill("주방 공사")
    await page.get_by_role("button", name="쉬는 날 더하기").click()
    await is_clean(page)
    await picture(page, f"site-{width}-{'dark' if dark else 'light'}")
