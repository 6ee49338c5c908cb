"""쪼개기 in a real Chromium: a ledger is brought, comes back with its answers, and is not kept."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from playwright.async_api import Page, expect

from hub.kit import sheet
from tests.hub.automation.test_sheets import as_csv, cells
from tests.web import people
from tests.web.browser.conftest import Window, Windows
from tests.web.browser.looks import PATIENCE_MS, SIZES, is_clean, picture, sign_in
from tests.web.browser.test_sheet_page import SEEN, kept
from tests.web.test_splitting import CHAIR, HEADING, ROWS

MANY = 5_000
BAD = 20


@pytest.fixture
async def kim(conn) -> str:
    await people.add(conn, "kim", "staff")
    return "kim"


async def opened(window: Windows, kim: str, width: int = 1280, *, dark: bool = False) -> Window:
    seen = await window(width=width, dark=dark)
    await sign_in(seen, kim)
    await seen.open("/do/splitting")
    await expect(seen.page.locator("html")).to_have_attribute("data-alive", "")
    seen.page.on("filechooser", lambda _: None)  # from now on none opens on the screen
    return seen


def ledger() -> bytes:
    """A year of contracts, each of its own vendor, alike by threes; the last of them are wrong."""
    begin, things = date(2026, 1, 2), ["복사지", "의자", "현수막", "책상", "토너", "펌프"]
    rows = [
        [
            str(begin + timedelta(days=nth % 360)),
            f"{nth // 3:05d} {things[nth // 3 % 6]} 구입({nth % 3 + 1}차)".translate(HANGUL),
            f"업체 {nth}", "물품", "9,900,000",
        ]
        for nth in range(MANY - BAD)
    ]  # fmt: skip
    return as_csv(HEADING, *rows, *[["언젠가", *CHAIR[1:]]] * BAD)


HANGUL = str.maketrans("0123456789", "가나다라마바사아자차")
"""Numbers are left out of names, so they are written in letters to tell them apart."""


async def bring(page: Page, body: bytes, name: str = "계약대장.csv") -> None:
    """As somebody at the keyboard does."""
    async with page.expect_file_chooser() as opening:
        await page.keyboard.press("Enter")
    given = {"name": name, "mimeType": "application/octet-stream", "buffer": body}
    await (await opening.value).set_files(given)  # type: ignore[arg-type]


async def put(page: Page, *rows: Sequence[str]) -> None:
    body = sheet.workbook("대장", HEADING, rows, [14] * len(HEADING))
    await page.get_by_role("button", name="파일 고르기").focus()
    await bring(page, body, "계약대장.xlsx")


async def test_what_looks_split_is_shown_with_its_rows_by_keyboard(window: Windows, kim):
    seen = await opened(window, kim)
    page = seen.page
    await expect(page.get_by_text("남기지 않아요")).to_be_visible()
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
    stored = await page.evaluate("Object.values({...localStorage, ...sessionStorage}).join()")
    assert "복사지" not in stored
    assert seen.complaints == []


async def test_five_thousand_rows_are_seen_on_their_way_and_come_back(window: Windows, kim):
    seen = await opened(window, kim)
    page = seen.page
    await page.get_by_role("button", name="파일 고르기").focus()
    await page.evaluate(SEEN)
    await bring(page, ledger())
    download = page.get_by_role("link", name="결과 엑셀 내려받기")
    await expect(download).to_be_focused()
    await expect(page.locator(".bulk")).to_contain_text(
        "계약 4,980건을 보았고, 보지 못한 20줄에는 이유를 적어 두었어요."
    )
    assert re.search(r"4,980건 가운데 [\d,]+건\n", await page.evaluate("window.said"))
    assert "그만두기" in await page.evaluate("window.focused")
    counts = await page.evaluate("window.counts")
    assert counts == sorted(counts)
    assert len(set(counts)) > 2
    async with page.expect_download(timeout=PATIENCE_MS) as coming:
        await page.keyboard.press("Enter")
    file = await coming.value
    assert file.suggested_filename == "쪼개기 점검 결과.xlsx"
    heading, *rows = cells((await file.path()).read_bytes())
    assert len(rows) == MANY
    result, groups, reason = (heading.index(one) for one in ("결과", "묶음", "이유"))
    assert {row[reason] for row in rows[-BAD:]} == {
        "'언젠가'은(는) 날짜가 아니에요. 예: 2026-11-02"
    }
    found = [row for row in rows if row[groups] and "1번" in row[groups].split(", ")]
    shown = page.locator(".finding").first
    await expect(shown).to_contain_text(f"{len(found)}건 합계")
    assert {row[result] for row in found} == {"합하면 입찰 대상"}
    assert seen.complaints == []


async def test_whoever_stops_by_keyboard_can_begin_again(window: Windows, kim):
    seen = await opened(window, kim)
    page = seen.page
    await page.get_by_role("button", name="파일 고르기").focus()
    await bring(page, ledger())
    await expect(page.get_by_role("button", name="그만두기")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".bulk .said")).to_have_text(re.compile("^그만두었어요"))
    await expect(page.locator(".bulk progress, .finding")).to_have_count(0)
    await expect(page.get_by_role("button", name="파일 고르기")).to_be_focused()
    await bring(page, as_csv(HEADING, *ROWS[:2]))
    await expect(page.get_by_text("합하면 방법이 달라지는 묶음 1개")).to_be_visible()


async def test_a_ledger_without_findings_and_what_is_none_are_said(window: Windows, kim):
    seen = await opened(window, kim)
    page = seen.page
    file = await kept(page, "빈 대장 받기")
    assert file.suggested_filename == "계약대장.xlsx"
    await put(page, ROWS[0])
    await expect(page.get_by_text("합하면 방법이 달라지는 계약이 없어요")).to_be_visible()
    await page.get_by_role("button", name="다른 대장 넣기").focus()
    await bring(page, b"a,b\n1,2\n", "가.csv")
    await expect(page.locator(".bulk")).to_contain_text("첫 줄에 계약일, 계약명, 구분")
    await bring(page, as_csv(HEADING, ["언젠가", *CHAIR[1:]]))
    await expect(page.locator(".bulk")).to_contain_text("1줄 모두 보지 못했어요")
    await expect(page.get_by_text("합하면 방법이 달라지는")).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_it_fits_every_screen_and_axe_finds_nothing(window: Windows, kim, dark: bool):
    body = sheet.workbook("대장", HEADING, ROWS, [14] * len(HEADING))
    given = {"name": "계약대장.xlsx", "mimeType": "application/octet-stream", "buffer": body}
    for width, _ in SIZES:
        seen = await opened(window, kim, width, dark=dark)
        await is_clean(seen.page)
        await picture(seen.page, f"splitting-{width}-{'dark' if dark else 'light'}")
        await seen.page.locator("input[type=file]").set_input_files(given)  # type: ignore[arg-type]
        await seen.page.locator("summary").first.click()
        await is_clean(seen.page)
        await picture(seen.page, f"splitting-found-{width}-{'dark' if dark else 'light'}")
