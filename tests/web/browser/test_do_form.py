"""The form of a question as one in a hurry uses it: Enter, amounts in words, Esc, and on paper."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.hub.document import reading
from tests.web.browser.conftest import Window, Windows
from tests.web.browser.looks import is_clean, picture, sign_in
from tests.web.people import add

TOO_EARLY = "Failed to load resource: the server responded with a status of 422"
ROLES = ("staff", "facilities", "field", "editor", "auditor", "admin")


@pytest.fixture
async def ask(conn, window: Windows):
    await add(conn, "kim", *ROLES)

    async def opened(name: str, *size: int) -> tuple[Window, Page]:
        seen = await window(*size)
        page = await sign_in(seen, "kim")
        await page.goto(f"{seen.url}/do/ask?of={name}")
        await expect(page.locator("form.card")).to_be_visible()
        return seen, page

    return opened


async def test_enter_before_all_is_filled_in_goes_to_the_first_that_is_missing(ask):
    _, page = await ask("request-text", 360, 780)
    await page.keyboard.press("Enter")
    await expect(page.locator("#do-purpose")).to_be_focused()
    wrong = page.get_by_text("적어 주세요", exact=True)
    await expect(wrong).to_have_count(4)  # of the line of the list as well
    await is_clean(page)
    await page.keyboard.type("회의용 다과 구입")
    await expect(wrong).to_have_count(3)
    await page.locator("#do-items-0-name").fill("다과")
    await page.locator("#do-items-0-each_won").fill("5000")
    await page.locator("#do-budget_code").fill("201-01 사무관리비")
    await page.keyboard.press("Enter")
    await expect(page.locator("#answer .answer")).to_be_focused()
    await expect(page.locator("#answer .answer")).to_be_in_viewport(ratio=1)


async def test_an_amount_may_be_typed_in_words(ask):
    seen, page = await ask("withholding", 1280, 900)
    amount = page.locator("#do-paid_won")
    await amount.press_sequentially("30만")
    await expect(page.get_by_text("300,000원", exact=True)).to_be_visible()
    await expect(page.locator(".answer")).to_contain_text("소득세 24,000원")
    await expect(amount).to_have_value("30만")
    await page.keyboard.press("Tab")
    await expect(amount).to_have_value("300,000")
    await amount.fill("1,234,500.00")  # out of a sheet
    await expect(page.locator(".paste .text")).to_contain_text("지급액 1,234,500원")
    assert seen.complaints == []


async def test_esc_closes_the_article_that_one_is_in_and_no_other(ask):
    _, page = await ask("withholding", 768, 1024)
    await page.locator("#do-paid_won").fill("300000")
    rules = page.locator(".rule")
    for nth in (1, 0):
        await rules.nth(nth).get_by_role("button", name="조문 보기").press("Enter")
    await expect(page.locator(".article")).to_have_count(2)
    await page.keyboard.press("Escape")
    await expect(page.locator(".article")).to_have_count(1)
    await expect(rules.nth(0).get_by_role("button", name="조문 보기")).to_be_focused()
    await expect(rules.nth(1).locator(".article")).to_be_visible()


async def test_a_day_of_which_no_rule_is_known_is_said_at_that_day(ask):
    seen, page = await ask("withholding", 360, 780)
    await page.locator("#do-paid_won").fill("300000")
    day = page.locator("#do-paid_on")
    await day.fill("2031-01-01")
    await page.locator(".go").press("Enter")
    await expect(day).to_be_focused()
    await expect(day).to_have_attribute("aria-invalid", "true")
    await expect(day).to_have_accessible_description(
        re.compile(r"^2031\.\s1\.\s1\.의 ‘.*2027\.\s12\.\s31\.까지의 날을 적어 주세요")
    )
    await expect(page.locator("#do-paid_on-wrong")).to_be_in_viewport(ratio=1)
    await expect(page.locator(".refused")).to_have_count(0)
    await is_clean(page)
    await picture(page, "day-not-known-360")
    await day.fill("2026-11-21")
    await expect(page.locator(".go")).to_contain_text("소득세 24,000원")
    await expect(day).to_have_attribute("aria-invalid", "false")
    assert all(one.startswith(TOO_EARLY) for one in seen.complaints)


@pytest.mark.parametrize("width", [360, 1280])
async def test_what_is_refused_in_a_line_is_said_at_its_field_and_the_keyboard_goes_there(
    ask, width: int
):
    seen, page = await ask("overtime", width, 900)
    await page.locator("#do-base_won").fill("2500000")
    for nth, hours in enumerate(("3", "25")):
        if nth:
            await page.get_by_role("button", name="시간외근무한 날 한 줄 더하기").press("Enter")
        await page.locator(f"#do-evenings-{nth}-day").fill(f"2026-10-0{nth + 6}")
        await page.locator(f"#do-evenings-{nth}-hours").fill(hours)
    hours_of = page.locator("#do-evenings-1-hours")
    await expect(hours_of).to_have_attribute("aria-invalid", "true")
    await expect(page.locator(".wrong")).to_have_text(["24보다 클 수 없어요."])
    await page.locator(".go").press("Enter")
    await expect(hours_of).to_be_focused()
    await expect(hours_of).to_have_accessible_description("24보다 클 수 없어요.")
    await is_clean(page)
    await picture(page, f"line-refused-{width}")
    await hours_of.fill("2")
    await page.locator("#do-evenings-1-day").fill("2026-10-06")  # the day of the line above
    same = page.locator("#do-evenings-1-day")
    await expect(same).to_have_accessible_description(re.compile("같은 날이 위에 있습니다"))
    await same.fill("2026-10-07")
    await expect(page.locator(".wrong")).to_have_count(0)
    await expect(page.locator("#answer .answer")).to_be_visible()
    assert all(one.startswith(TOO_EARLY) for one in seen.complaints)


async def test_a_line_too_many_is_said_at_that_line(ask):
    _, page = await ask("far-trip", 360, 780)
    await page.locator("#do-first").fill("2026-11-23")
    await page.locator("#do-last").fill("2026-11-24")
    for nth in range(2):
        await page.get_by_role("button", name="숙박 한 줄 더하기").press("Enter")
        await page.locator(f"#do-nights-{nth}-paid_won").fill("90000")
    second = page.get_by_role("group", name="숙박 2")
    await expect(second).to_have_accessible_description(re.compile("2일 출장에는 1박까지"))
    await page.locator(".go").press("Enter")
    await expect(second.locator(":focus")).to_have_count(1)
    await is_clean(page)
    await picture(page, "line-too-many-360")
    await page.get_by_role("button", name="숙박 2 빼기").press("Enter")
    await expect(page.locator("#answer .answer")).to_be_visible()


async def test_a_line_that_is_added_has_the_keyboard(ask):
    _, page = await ask("far-trip", 360, 780)
    await page.get_by_role("button", name="숙박 한 줄 더하기").press("Enter")
    await expect(
        page.locator("#do-nights-0-region:focus, [name=do-nights-0-region]:focus")
    ).to_have_count(1)


async def test_what_is_printed_is_one_sheet_with_all_that_matters(ask):
    _, page = await ask("withholding", 1280, 900)
    await page.locator("#do-paid_won").fill("300000")
    await expect(page.locator("#answer h2").first).to_be_visible()
    texts = reading.pdf_texts(await page.pdf(format="A4"))
    assert len(texts) == 1
    told = reading.squeezed(texts[0])
    for part in (
        "소득세 24,000원",
        "지급액",
        "300,000",
        "120,000원 × 20%",
        "소득세법 시행령",
        "셈함",
    ):
        assert reading.squeezed(part) in told, part
    for part in ("복사", "모두 지우기", "조문 보기", "여러 건 한 번에"):
        assert reading.squeezed(part) not in told, part


@pytest.mark.parametrize("width", [1280, 1920])
async def test_whoever_has_every_role_still_has_a_menu_of_one_line(ask, width: int):
    _, page = await ask("vat", width, 900)
    apart = await page.evaluate(
        "(() => { const middles = [...document.querySelectorAll("
        "'header :is(nav li, .who > a, .look)')].map((one) => one.getBoundingClientRect())"
        ".map(({ top, bottom }) => (top + bottom) / 2);"
        " return Math.max(...middles) - Math.min(...middles); })()"
    )
    assert apart < 20
    await is_clean(page)
