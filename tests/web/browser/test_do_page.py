"""The automations in a real browser: found, asked by keyboard, answered, copied, and refused."""

import pytest
from playwright.async_api import Page, expect
from psycopg import AsyncConnection

from hub.automation.questions import QUESTIONS
from tests.web.browser.conftest import Window, Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.people import add

SCHEMES = ("light", "dark")
TOO_EARLY = "Failed to load resource: the server responded with a status of 422"


@pytest.fixture
async def kim(conn: AsyncConnection[None], window: Windows):
    await add(conn, "kim")

    async def opened(path: str, *size: int, dark: bool = False) -> tuple[Window, Page]:
        seen = await window(*size, dark=dark)
        page = await sign_in(seen, "kim")
        await page.goto(seen.url + path)
        return seen, page

    return opened


async def test_something_to_do_is_found_and_answered_by_keyboard_alone(kim):
    seen, page = await kim("/do", 1280, 900)
    search = page.get_by_role("searchbox", name="할 일 찾기")
    await expect(search).to_be_focused()
    await page.keyboard.type("강사료")
    found = page.get_by_role("main").get_by_role("listitem")
    await expect(found).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="원천징수")).to_be_visible()
    amount = page.get_by_label("지급액")
    await amount.press_sequentially("300000")
    await expect(amount).to_have_value("300,000")
    await expect(page.get_by_text("30만원", exact=True)).to_be_visible()
    answer = page.get_by_role("region", name="답", exact=True)
    await expect(answer.locator(".answer")).to_contain_text("소득세 24,000원, 지방소득세")
    await expect(answer.get_by_text("실지급액 금273,600원(금이십칠만삼천육백원)")).to_be_visible()
    await expect(answer.get_by_role("link", name="소득세법 시행령")).to_be_visible()
    await page.get_by_label("소득 유형").select_option(label="사업소득(인적용역)")
    await expect(answer.locator(".answer")).to_contain_text("소득세 9,000원")
    assert seen.complaints == []


async def test_what_is_typed_is_kept_in_the_tab_and_nowhere_else(kim, conn):
    seen, page = await kim("/do/ask?of=withholding", 360, 780)
    await page.get_by_label("지급액").fill("314159")
    await expect(page.locator(".go")).to_contain_text("소득세 25,130원")
    await page.reload()
    await expect(page.get_by_label("지급액")).to_have_value("314,159")
    await page.get_by_role("button", name="모두 지우기").click()
    await expect(page.get_by_label("지급액")).to_have_value("")
    await expect(page.locator(".go")).to_have_text("셈하기")
    kept = await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert not any(told in kept for told in ("314159", "314,159"))
    found = await conn.execute(
        "SELECT count(*) FROM audit_entry WHERE detail::text SIMILAR TO '%314,?159%'"
    )
    assert await found.fetchone() == (0,)
    assert seen.complaints == []


async def test_what_cannot_be_stands_beside_its_field(kim):
    seen, page = await kim("/do/ask?of=near-trip", 768, 1024)
    await page.locator("#do-begins_at").fill("13:00")
    await page.locator("#do-ends_at").fill("12:00")
    await expect(page.get_by_text("끝나는 시각이 시작보다 뒤여야 합니다.")).to_be_visible()
    await expect(page.locator("#do-ends_at")).to_have_attribute("aria-invalid", "true")
    await is_clean(page)
    await page.locator("#do-ends_at").fill("17:30")
    await expect(page.locator(".answer")).to_have_text("근무지 내 출장 여비 20,000원")
    assert all(one.startswith(TOO_EARLY) for one in seen.complaints)


async def test_lines_are_added_and_taken_away(kim):
    _, page = await kim("/do/ask?of=far-trip", 360, 780)
    await page.get_by_label("떠나는 날").fill("2026-11-23")
    await page.get_by_label("돌아오는 날").fill("2026-11-24")
    await page.get_by_role("button", name="숙박 한 줄 더하기").press("Enter")
    night = page.get_by_role("group", name="숙박 1")
    await night.get_by_label("숙박비").fill("90000")
    answer = page.get_by_role("region", name="답", exact=True)
    await expect(answer.get_by_text("여비 170,000원", exact=True)).to_be_visible()
    await page.get_by_role("button", name="숙박 1 빼기").press("Enter")
    await expect(answer.get_by_text("여비 100,000원", exact=True)).to_be_visible()


async def test_a_question_that_is_not_there_and_a_hub_that_is_away(kim):
    _, page = await kim("/do/ask?of=nothing")
    await expect(page.get_by_text("그런 셈은 없어요")).to_be_visible()
    await page.route("**/api/v1/automation/**", lambda route: route.abort())
    await page.goto(page.url.replace("of=nothing", "of=vat"))
    again = page.get_by_role("button", name="다시")
    await expect(again.first).to_be_visible()
    await page.unroute("**/api/v1/automation/**")
    await again.first.click()
    await expect(page.get_by_role("heading", level=1, name="부가가치세")).to_be_visible()


FILLED = {
    "withholding": {"지급액": "300000"},
    "contract-method": {"추정가격": "18000000", "계약금액": "19800000"},
    "annual-leave": {"임용일": "2020-03-02"},
}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", SIZES, ids=["360", "768", "1920"])
async def test_each_page_looks_right(kim, size: tuple[int, int], scheme: str):
    _, page = await kim("/do", *size, dark=scheme == "dark")
    await expect(page.get_by_role("listitem").first).to_be_visible()
    await is_clean(page)
    await picture(page, f"do-{size[0]}-{scheme}")
    for name, filled in FILLED.items():
        await page.goto(page.url.split("/do")[0] + f"/do/ask?of={name}")
        await picture(page, f"do-{name}-empty-{size[0]}-{scheme}")
        for label, value in filled.items():
            await page.get_by_label(label).fill(value)
        await expect(page.get_by_text("이렇게 셈했어요")).to_be_visible()
        await expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")
        await is_clean(page)
        await picture(page, f"do-{name}-{size[0]}-{scheme}")


async def test_every_question_has_a_form_that_axe_finds_nothing_in(kim):
    seen, page = await kim("/do")
    for name, question in QUESTIONS.items():
        await page.goto(f"{seen.url}/do/ask?of={name}")
        await expect(page.get_by_role("heading", level=1, name=question.title)).to_be_visible()
        await is_clean(page)
    assert seen.complaints == []
