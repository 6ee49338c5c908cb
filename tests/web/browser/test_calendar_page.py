"""The calendar of duties in a real Chromium: what is next, the year, an office's own days, iCal."""

import re
from datetime import date

import httpx
import pytest
from playwright.async_api import Page, expect

from hub.automation.calendar import dated
from hub.kit import clock
from hub.rules.book import RuleBook
from hub.rules.rule import KNOWN_UNTIL
from hub.rules.tables import nation
from tests.web import people
from tests.web.browser.conftest import Window, Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in


def today() -> date:
    return clock.now().astimezone(clock.SEOUL).date()


def soonest(day: date) -> str:
    """What the page must show first, by the same tables."""
    book = RuleBook(nation())
    duties = [one for year in (day.year, day.year + 1) for one in dated.year_of(book, year).duties]
    due = [(dated.safe_day(one) or one.last, one) for one in duties if one.last >= day]
    return min(due, key=lambda one: one[0])[1].title


async def opened(
    window: Windows, conn, role: str, width: int = 1280, *, dark: bool = False
) -> Window:
    seen = await window(width=width, dark=dark)
    await sign_in(seen, role)
    await seen.open("/do/calendar")
    await expect(seen.page.locator(".month")).to_have_count(12)
    return seen


async def show_past(page: Page) -> None:
    """The months of this year that are over; in January there are none."""
    if today().month > 1:
        await page.locator(".past > summary").click()


@pytest.fixture
async def everybody(conn) -> None:
    await people.add(conn, "staff", "staff")
    await people.add(conn, "editor", "editor")


async def test_the_answer_is_what_is_due_next_and_each_duty_opens_to_its_article(
    window: Windows, conn, everybody
):
    seen = await opened(window, conn, "staff")
    page = seen.page
    await expect(page.locator(".next .answer")).to_have_text(soonest(today()))
    await show_past(page)
    plan = page.locator(".month details", has_text="권장 연가 일수 정해 알리기")
    await plan.locator("summary").focus()
    await page.keyboard.press("Enter")
    await expect(plan.get_by_role("link", name=re.compile("제7조의4제1항"))).to_be_visible()
    await expect(plan.get_by_role("link", name="셈해 보기")).to_have_attribute(
        "href", "/do/ask?of=leave-plan"
    )
    await expect(page.get_by_text("우리 기관이 더하는 것")).to_have_count(0)
    assert seen.complaints == []


async def test_it_opens_at_this_month_and_those_that_are_over_are_one_press_away(
    window: Windows, conn, everybody
):
    seen = await opened(window, conn, "staff", 360)
    page, this = seen.page, today().month
    months = page.locator(".month:visible h3")
    await expect(months).to_have_text([f"{month}월" for month in range(this, 13)])
    await expect(page.locator("[data-now=true] h3")).to_have_text(f"{this}월")
    past = page.locator(".past > summary")
    if this > 1:
        await past.focus()
        await page.keyboard.press("Enter")
        await expect(months).to_have_text([f"{month}월" for month in range(1, 13)])
        await is_clean(page)
        await page.keyboard.press("Enter")
    await expect(months).to_have_count(13 - this)
    for other in ("지난해", "다음 해"):
        await page.get_by_role("button", name=other).press("Enter")
        await expect(months).to_have_count(12 if other == "지난해" else 13 - this)
    await page.get_by_role("button", name="다음 해").press("Enter")
    await expect(months).to_have_count(12)
    await expect(past).to_have_count(0)
    assert seen.complaints == []


async def test_another_year_is_shown_and_one_without_rules_says_so(
    window: Windows, conn, everybody
):
    seen = await opened(window, conn, "staff")
    heading, this = seen.page.locator(".years h2"), today().year
    await seen.page.get_by_role("button", name="지난해").click()
    await expect(heading).to_have_text(f"{this - 1}년")
    for year in range(this, KNOWN_UNTIL.year + 2):
        await seen.page.get_by_role("button", name="다음 해").click()
        await expect(heading).to_have_text(f"{year}년")
    await expect(seen.page.locator(".said")).to_contain_text("이 해의 규칙을 아직 몰라")


async def test_an_editor_adds_a_local_holiday_and_a_duty_and_takes_them_away(
    window: Windows, conn, everybody
):
    seen = await opened(window, conn, "editor")
    page, this = seen.page, today().year
    holiday, duty = page.get_by_role("form", name="지방공휴일"), page.get_by_role(
        "form", name="우리 기관의 일"
    )  # fmt: skip
    await holiday.get_by_label("날").fill(f"{this}-04-03")
    await holiday.get_by_label("이름").fill("4·3희생자 추념일")
    await page.keyboard.press("Enter")
    await show_past(page)
    await expect(page.locator(".off", has_text="4·3희생자 추념일")).to_be_visible()
    await duty.get_by_label("날").fill(f"{this}-05-04")
    await duty.get_by_label("할 일").fill("비상대비 훈련 계획")
    await duty.get_by_role("button", name="더하기").click()
    await expect(page.locator(".month details", has_text="비상대비 훈련 계획")).to_be_visible()
    await is_clean(page)
    await page.get_by_role("button", name="비상대비 훈련 계획 고치기").click()
    await expect(duty.get_by_label("날")).to_be_focused()
    await duty.get_by_label("날").fill(f"{this}-05-06")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("고쳤어요")).to_be_visible()
    moved = page.locator(".month details", has_text="비상대비 훈련 계획")
    await expect(moved).to_contain_text("5. 6.")
    await expect(moved).to_have_count(1)
    await page.get_by_role("button", name="4·3희생자 추념일 고치기").click()
    await holiday.get_by_label("이름").fill("추념일")
    await holiday.get_by_role("button", name="그만두기").click()
    await expect(holiday.get_by_role("button", name="더하기")).to_be_visible()
    await expect(holiday.get_by_label("이름")).to_have_value("")
    await page.get_by_role("button", name="비상대비 훈련 계획 지우기").click()
    await expect(page.locator(".month details", has_text="비상대비 훈련 계획")).to_have_count(0)
    await page.get_by_role("button", name="4·3희생자 추념일 지우기").click()
    await expect(page.locator(".off", has_text="4·3희생자 추념일")).to_have_count(0)
    assert seen.complaints == []


async def test_a_secret_address_is_shown_once_and_opens_until_it_is_withdrawn(
    window: Windows, conn, everybody
):
    seen = await opened(window, conn, "staff")
    page = seen.page
    await page.get_by_role("button", name="비밀 주소 만들기").click()
    address = await page.get_by_label("비밀 주소").input_value()
    assert address.startswith(f"{seen.url}/api/v1/automation/calendar.ics?key=")
    async with httpx.AsyncClient(timeout=90.0) as program:
        assert (await program.get(address)).text.startswith("BEGIN:VCALENDAR\r\n")
        await page.reload()
        await expect(page.get_by_role("button", name="새 주소로 바꾸기")).to_be_visible()
        await expect(page.get_by_label("비밀 주소")).to_have_count(0)
        await page.get_by_role("button", name="주소 거두기").click()
        await expect(page.get_by_text("주소를 거두었어요")).to_be_visible()
        assert (await program.get(address)).status_code == 404


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_it_fits_every_screen_and_axe_finds_nothing(
    window: Windows, conn, everybody, dark: bool
):
    for width, _ in SIZES:
        seen = await opened(window, conn, "editor", width, dark=dark)
        await is_clean(seen.page)
        await picture(seen.page, f"calendar-{width}-{'dark' if dark else 'light'}")
