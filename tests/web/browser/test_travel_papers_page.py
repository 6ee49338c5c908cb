"""Travel papers in a real Chromium: a form, the allowance beside it, and files to take along."""

import json
from typing import Any

import pytest
from playwright.async_api import expect

from tests.hub.document import reading
from tests.web import people
from tests.web.browser.conftest import Window, Windows
from tests.web.browser.looks import PATIENCE_MS, SIZES, is_clean, picture, sign_in

TRIP: dict[str, Any] = {
    "order": "총무-2026-0412", "begins": "2026-11-20T04:00:00Z", "ends": "2026-11-20T08:30:00Z",
    "destination": "도청", "purpose": "예산 협의", "names": ["김가"],
    "proof": "원터치 2건(11. 20. 13:03~11. 20. 17:12), 가장 낮은 등급 B",
}  # fmt: skip


@pytest.fixture
async def kim(conn) -> str:
    await people.add(conn, "kim", "staff")
    return "kim"


async def opened(
    window: Windows, kim: str, width: int = 1280, *, dark: bool = False, handed: bool = True
) -> Window:
    """As `/trips` hands a trip over: by this tab's own memory."""
    seen = await window(width=width, dark=dark)
    page = await sign_in(seen, kim)
    if handed:
        trip = json.dumps(json.dumps(TRIP))
        await page.evaluate(f"sessionStorage.setItem('cheongsa-trip-for-paper', {trip})")
    await seen.open("/do/travel-papers")
    await expect(page.get_by_role("button", name="한글(HWPX)로 받기")).to_be_visible()
    return seen


async def test_a_trip_that_was_handed_over_is_settled_and_taken_along(window: Windows, kim):
    seen = await opened(window, kim)
    page = seen.page
    await expect(page.locator("#answer .answer")).to_have_text("근무지 내 출장 여비 20,000원")
    for form, name in (("한글(HWPX)로 받기", "hwpx"), ("PDF로 받기", "pdf")):
        async with page.expect_download(timeout=PATIENCE_MS) as coming:
            await page.get_by_role("button", name=form).click()
        file = await coming.value
        assert file.suggested_filename == f"여비정산 신청서 도청.{name}"
        body = (await file.path()).read_bytes()
        if name == "pdf":
            told = reading.squeezed("".join(reading.pdf_texts(body)))
            assert reading.squeezed("금20,000원(금이만원)") in told
            assert reading.squeezed("가장 낮은 등급 B") in told
    await expect(page.get_by_text("만들었어요.")).to_be_visible()
    assert seen.complaints == []


async def test_a_far_trip_and_a_request_by_keyboard_alone(window: Windows, kim):
    seen = await opened(window, kim)
    page = seen.page
    await page.get_by_label("근무지 외(관외)").press("Space")
    await expect(page.locator("#answer .answer")).to_have_text("여비 50,000원")
    await page.get_by_role("textbox", name="운임").fill("96,000")
    await expect(page.locator("#answer .answer")).to_have_text("여비 146,000원")
    request = page.get_by_role("button", name="출장신청서")
    await request.focus()
    await page.keyboard.press("Enter")
    await expect(request).to_have_attribute("aria-pressed", "true")
    async with page.expect_download(timeout=PATIENCE_MS) as coming:
        await page.get_by_role("button", name="한글(HWPX)로 받기").press("Enter")
    assert (await coming.value).suggested_filename == "출장신청서 도청.hwpx"
    await page.reload()
    await expect(page.get_by_label("출장지")).to_have_value("도청")
    await page.get_by_role("button", name="모두 지우기").click()
    await expect(page.get_by_text("꼭 적을 것이 남았어요.")).to_be_visible()


async def test_what_cannot_be_settled_is_said(window: Windows, kim):
    seen = await opened(window, kim)
    await seen.page.locator("#paper-ends_at").fill("12:00")
    wrong = seen.page.locator("#paper-ends_at-wrong")
    await expect(wrong).to_have_text("끝나는 시각이 시작보다 뒤여야 합니다.")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_it_fits_every_screen_and_axe_finds_nothing(window: Windows, kim, dark: bool):
    for width, _ in SIZES:
        for handed in (False, True):
            seen = await opened(window, kim, width, dark=dark, handed=handed)
            if handed:
                await expect(seen.page.locator("#answer .answer")).to_be_visible()
            await is_clean(seen.page)
            told = "trip" if handed else "empty"
            await picture(seen.page, f"papers-{told}-{width}-{'dark' if dark else 'light'}")
