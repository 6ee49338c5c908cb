"""Travel papers in a real Chromium: a form, the allowance beside it, and files to take along."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from hwpx import HwpxDocument
from playwright.async_api import Page, expect

from hub.kit.sheet import WORKBOOK
from tests.hub.automation.test_sheets import as_workbook
from tests.hub.automation.test_trip_sheets import (
    ASKED_ON,
    DAY,
    FAR,
    HEADING,
    NINE,
    SIX,
    row,
    sheet_of,
)
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


async def more(page: Page, name: str) -> None:
    """A further line, by keyboard: its first field has the focus then."""
    await page.get_by_role("button", name=f"{name} 한 줄 더하기", exact=True).press("Enter")


async def typed(page: Page, *words: str) -> None:
    """From field to field by Tab alone."""
    for word in words:
        if word:
            await page.keyboard.type(word)
        await page.keyboard.press("Tab")


async def test_near_and_far_trips_are_one_settlement_by_keyboard_alone(window: Windows, kim):
    seen = await opened(window, kim)
    page = seen.page
    await more(page, "관외 출장")
    far = page.get_by_role("group", name="관외 출장 1", exact=True)
    await expect(far.get_by_label("시작하는 날")).to_be_focused()
    for name, said in (("시작하는 날", "2026-11-24"), ("끝나는 날", "2026-11-25")):
        await far.get_by_label(name).fill(said)
    await far.locator("[id$=begins_at]").fill("09:00")
    await far.locator("[id$=ends_at]").fill("18:00")
    await far.get_by_label("출장지").focus()
    await typed(page, "부산시청", "회의", "96000")
    await expect(page.locator("#answer .answer")).to_have_text("2건 여비 216,000원")
    async with page.expect_download(timeout=PATIENCE_MS) as coming:
        await page.get_by_role("button", name="한글(HWPX)로 받기").press("Enter")
    file = await coming.value
    assert file.suggested_filename == "여비정산 신청서 도청 등 2건.hwpx"
    words = HwpxDocument.open(await file.path()).text.plain()
    for said in ("금216,000원(금이십일만육천원)", "부산시청", "근무지 내 1건, 근무지 외 1건"):
        assert reading.squeezed(said) in reading.squeezed(words)
    await page.get_by_role("button", name="관외 출장 1 빼기").press("Enter")
    await expect(page.locator("#answer .answer")).to_have_text("근무지 내 출장 여비 20,000원")
    assert seen.complaints == []


async def test_a_request_by_keyboard_alone(window: Windows, kim):
    seen = await opened(window, kim)
    page = seen.page
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


async def test_two_short_trips_of_a_day_ask_how_the_office_reckons(window: Windows, kim):
    seen = await opened(window, kim)
    page = seen.page
    await page.locator("#paper-near-0-ends_at").fill("14:00")
    await more(page, "관내 출장")
    for name, said in (
        ("day", "2026-11-20"), ("begins_at", "09:00"), ("ends_at", "10:00"),
        ("destination", "의회"), ("purpose", "설명"),
    ):  # fmt: skip
        await page.locator(f"#paper-near-1-{name}").fill(said)
    wrong = page.locator("#paper-same_day-wrong")
    await expect(wrong).to_contain_text("우리 기관의 여비 조례·처리지침이 정한 것을 고르십시오.")
    await expect(wrong).to_contain_text("시간을 더해 한 번으로 10,000원")
    await expect(page.get_by_role("button", name="PDF로 받기")).to_be_disabled()
    await page.get_by_label("따로 셈하고 하루 한도까지").press("Space")
    await expect(page.locator("#answer .answer")).to_have_text("2건 여비 20,000원")
    await expect(wrong).to_have_count(0)


async def test_what_cannot_be_settled_is_said_beside_its_field(window: Windows, kim):
    seen = await opened(window, kim)
    page = seen.page
    await page.locator("#paper-near-0-ends_at").fill("12:00")
    wrong = page.locator("#paper-near-0-ends_at-wrong")
    await expect(wrong).to_have_text("끝나는 시각이 시작보다 뒤여야 합니다.")
    await page.get_by_role("button", name="관내 출장 1 빼기").press("Enter")
    await expect(page.get_by_text("관내나 관외 출장을 하나는 더해 주세요.")).to_be_visible()
    await expect(page.get_by_role("button", name="PDF로 받기")).to_be_disabled()


async def test_a_sheet_of_settlements_gives_back_papers_and_reasons(window: Windows, kim):
    seen = await opened(window, kim, handed=False)
    page = seen.page
    async with page.expect_download(timeout=PATIENCE_MS) as coming:
        await page.get_by_role("link", name="양식 내려받기").press("Enter")
    assert (await coming.value).suggested_filename == "여비정산.xlsx"
    rows = [row("1", "김가"), row("1", "김가", **FAR), row("2", "이나", 시작=SIX, 끝=NINE)]
    sheet = {"name": "십일월.xlsx", "mimeType": WORKBOOK, "buffer": as_workbook(HEADING, *rows)}
    await page.locator(".bulk input[type=file]").set_input_files(sheet)  # type: ignore[arg-type]
    await expect(page.get_by_text("1건 셈함 · 1건은 이유를 적어 두었어요")).to_be_visible(
        timeout=PATIENCE_MS
    )
    async with page.expect_download(timeout=PATIENCE_MS) as coming:
        await page.get_by_role("link", name="결과 내려받기").press("Enter")
    file = await coming.value
    assert file.suggested_filename == "여비정산 결과.zip"
    packed = zipfile.ZipFile(await file.path())
    assert packed.namelist() == ["0002-1 여비정산 신청서 김가.hwpx", "여비정산 결과.xlsx"]
    words = HwpxDocument.open(io.BytesIO(packed.read(packed.namelist()[0]))).text.plain()
    assert reading.squeezed("금306,000원(금삼십만육천원)") in reading.squeezed(words)
    assert "뒤여야" in str(sheet_of(packed)[2]["이유"])
    assert seen.complaints == []


async def test_two_hundred_requests_are_seen_on_their_way_and_stopped(window: Windows, kim):
    seen = await opened(window, kim, handed=False)
    page = seen.page
    await page.get_by_role("button", name="출장신청서").press("Enter")
    heading = ["이름", "시작하는 날", "시작", "끝", "출장지", "출장목적", "신청일"]
    line = ["김가", DAY, NINE, SIX, "도청", "협의", ASKED_ON]
    body = as_workbook(heading, *[line] * 200)
    sheet = {"name": "신청.xlsx", "mimeType": WORKBOOK, "buffer": body}
    await page.locator(".bulk input[type=file]").set_input_files(sheet)  # type: ignore[arg-type]
    await expect(page.get_by_text("200건 가운데 25건")).to_be_visible(timeout=PATIENCE_MS)
    await page.get_by_role("button", name="그만두기").press("Enter")
    await expect(page.get_by_text("그만두었어요.")).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_it_fits_every_screen_and_axe_finds_nothing(window: Windows, kim, dark: bool):
    for width, _ in SIZES:
        for handed in (False, True):
            seen = await opened(window, kim, width, dark=dark, handed=handed)
            if handed:
                await more(seen.page, "관외 출장")
                await seen.page.get_by_role("button", name=re.compile("숙박.*더")).press("Enter")
                await expect(seen.page.locator(".line")).to_have_count(4)
            await is_clean(seen.page)
            told = "trip" if handed else "empty"
            await picture(seen.page, f"papers-{told}-{width}-{'dark' if dark else 'light'}")
