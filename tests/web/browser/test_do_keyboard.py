"""Every question of the list by keyboard alone, its answer looked at on every screen."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.web.browser.by_keyboard import fill
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import is_clean, picture, sign_in
from tests.web.people import add
from tests.web.test_automation import ASKED

QUESTIONS_OF = "async () => (await fetch('/api/v1/automation/questions')).json()"
# a slow machine asks what is half typed: an end before its beginning is refused, and then it is not
HALF_TYPED = "Failed to load resource: the server responded with a status of 422"
IN_SIGHT = """() => {
    const { top, bottom } = document.querySelector('.answer').getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
}"""


@pytest.fixture
async def desk(conn, window: Windows):
    await add(conn, "kim", "staff")
    seen = await window(1920, 1080, dark=True)
    await seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await sign_in(seen, "kim")
    return seen


@pytest.mark.parametrize(
    "group", ["회계", "복무", "출장"], ids=["accounting", "attendance", "travel"]
)
async def test_every_question_is_asked_and_taken_along_without_a_mouse(desk, group: str):
    page: Page = desk.page
    asked = [one for one in await page.evaluate(QUESTIONS_OF) if one["group"] == group]
    assert asked
    for one in asked:
        await page.goto(f"{desk.url}/do/ask?of={one['name']}")
        await expect(page.locator("form :focus")).to_have_count(1)  # the first of its fields
        await fill(page, "do", one["fields"], ASKED.get(one["name"], {}))
        await page.keyboard.press("Enter")
        await answered_and_copied(page, one)
    assert all(said.startswith(HALF_TYPED) for said in desk.complaints)


async def answered_and_copied(page: Page, one: Any) -> None:
    headline = page.locator("#answer .answer")
    await expect(headline).to_be_focused()
    await expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")
    assert await page.evaluate(IN_SIGHT), one["name"]
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("복사했어요", exact=True)).to_be_visible()
    told = await page.locator(".paste .text").text_content()
    assert await page.evaluate("navigator.clipboard.readText()") == told
    await is_clean(page)
    await picture(page, f"asked-{one['name']}-1920-dark")
    await page.emulate_media(color_scheme="light")
    for width, height in ((768, 1024), (360, 780)):
        await page.set_viewport_size({"width": width, "height": height})
        await is_clean(page)
        await picture(page, f"asked-{one['name']}-{width}-light")
    await page.set_viewport_size({"width": 1920, "height": 1080})
    await page.emulate_media(color_scheme="dark")
