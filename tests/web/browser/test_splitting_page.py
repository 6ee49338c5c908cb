"""쪼개기 in a real Chromium: a ledger is brought, what looks split is shown, nothing is kept."""

import pytest
from playwright.async_api import Page, expect

from hub.kit import sheet
from tests.web import people
from tests.web.browser.conftest import Window, Windows
from tests.web.browser.looks import PATIENCE_MS, SIZES, is_clean, picture, sign_in
from tests.web.test_splitting import HEADING, ROWS


@pytest.fixture
async def kim(conn) -> str:
    await people.add(conn, "kim", "staff")
    return "kim"


async def opened(window: Windows, kim: str, width: int = 1280, *, dark: bool = False) -> Window:
    seen = await window(width=width, dark=dark)
    await sign_in(seen, kim)
    await seen.open("/do/splitting")
    await expect(seen.page.get_by_role("button", name="파일 고르기")).to_be_visible()
    return seen


async def put(page: Page, *rows: list[str], name: str = "계약대장.xlsx") -> None:
    body = sheet.workbook("대장", HEADING, rows, [14] * len(HEADING))
    given = {"name": name, "mimeType": "application/octet-stream", "buffer": body}
    await page.locator("input[type=file]").set_input_files(given)  # type: ignore[arg-type]


async def test_what_looks_split_is_shown_with_its_rows_by_keyboard(window: Windows, kim):
    seen = await opened(window, kim)
    page = seen.page
    await expect(page.get_by_text("서버에 남기지 않아요")).to_be_visible()
    await put(page, *ROWS)
    await expect(page.get_by_text("합하면 방법이 달라지는 묶음 1개")).to_be_visible()
    finding = page.get_by_role("region", name="복사지 구입(1차)")
    await expect(finding).to_contain_text("2건 합계 30,000,000원")
    await expect(finding).to_contain_text("따로는 1인 견적 수의계약, 합하면 입찰")
    await finding.locator("summary").focus()
    await page.keyboard.press("Enter")
    await expect(finding.get_by_role("cell", name="나래상사")).to_be_visible()
    await expect(page.get_by_role("region", name="보지 못한 줄")).to_contain_text("4줄 구분은 물품")
    await expect(page.get_by_text("30,000,000원, 입찰 대상")).to_be_visible()
    kept = await page.evaluate("Object.values({...localStorage, ...sessionStorage}).join()")
    assert "복사지" not in kept
    assert seen.complaints == []


async def test_a_ledger_without_findings_and_what_is_none_are_said(window: Windows, kim):
    seen = await opened(window, kim)
    await put(seen.page, ROWS[0])
    await expect(
        seen.page.get_by_text("1건을 보았어요. 합하면 방법이 달라지는 계약이 없어요.")
    ).to_be_visible()
    given = {"name": "가.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    await seen.page.locator("input[type=file]").set_input_files(given)  # type: ignore[arg-type]
    await expect(seen.page.get_by_text("표를 읽지 못했어요")).to_be_visible()
    async with seen.page.expect_download(timeout=PATIENCE_MS) as coming:
        await seen.page.get_by_role("link", name="빈 대장 받기").click()
    assert (await coming.value).suggested_filename == "계약대장.xlsx"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_it_fits_every_screen_and_axe_finds_nothing(window: Windows, kim, dark: bool):
    for width, _ in SIZES:
        seen = await opened(window, kim, width, dark=dark)
        await is_clean(seen.page)
        await picture(seen.page, f"splitting-{width}-{'dark' if dark else 'light'}")
        await put(seen.page, *ROWS)
        await seen.page.locator("summary").first.click()
        await is_clean(seen.page)
        await picture(seen.page, f"splitting-found-{width}-{'dark' if dark else 'light'}")
