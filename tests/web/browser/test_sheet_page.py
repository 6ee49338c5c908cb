"""Many rows at once on the page of a question: 5,000 in a real Chromium, stopped, given back."""

import re

import pytest
from playwright.async_api import Download, Page, expect

from tests.hub.automation.test_sheets import HEADING, LECTURE, as_csv, as_workbook, cells
from tests.web import people
from tests.web.browser.conftest import Window, Windows
from tests.web.browser.looks import PATIENCE_MS, SIZES, is_clean, picture, sign_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINE = ["김가", LECTURE, "300,000원", "2026. 11. 2."]
NO_DAY = ["김나", LECTURE, "300,000원", "언젠가"]


@pytest.fixture
async def kim(conn) -> str:
    await people.add(conn, "kim", "staff")
    return "kim"


async def opened(window: Windows, kim: str, width: int = 1280, *, dark: bool = False) -> Window:
    seen = await window(width=width, dark=dark)
    await sign_in(seen, kim)
    await seen.open("/do/ask?of=withholding")
    await expect(seen.page.get_by_role("heading", name="여러 건 한 번에")).to_be_visible()
    return seen


def sheet(lines: int, bad: int = 0) -> bytes:
    return as_csv(HEADING, *[LINE] * (lines - bad), *[NO_DAY] * bad)


async def put(page: Page, body: bytes, name: str = "강사료.csv") -> None:
    given = {"name": name, "mimeType": "text/csv", "buffer": body}
    await page.locator(".bulk input[type=file]").set_input_files(given)  # type: ignore[arg-type]


async def kept(page: Page, link: str) -> Download:
    async with page.expect_download(timeout=PATIENCE_MS) as coming:
        await page.get_by_role("link", name=link).click()
    return await coming.value


# What a page says and where the focus is while it works: on a slow day nobody else looks in time.
SEEN = """() => {
    [window.counts, window.said, window.focused] = [[], '', ''];
    const look = () => {
        const told = document.querySelector('.bulk .count')?.textContent ?? '';
        const said = told.match(/([\\d,]+)건$/);
        if (said) window.counts.push(Number(said[1].replaceAll(',', '')));
        window.said += `${told}\\n`;
        window.focused += `${document.activeElement?.textContent}\\n`;
    };
    new MutationObserver(look).observe(document.querySelector('.bulk'),
        { subtree: true, childList: true, characterData: true });
}"""


async def test_five_thousand_rows_are_seen_on_their_way_and_given_back(window: Windows, kim):
    seen = await opened(window, kim)
    await seen.page.get_by_role("button", name="채운 파일 고르기").focus()
    await seen.page.evaluate(SEEN)
    await put(seen.page, sheet(5_000, bad=20))
    said = seen.page.locator(".bulk .result")
    await expect(said).to_have_text("4,980건 셈함 · 20건은 이유를 적어 두었어요")
    assert "5,000건을 다 보았어요. 결과 파일을 쓰고" in await seen.page.evaluate("window.said")
    assert "그만두기" in await seen.page.evaluate("window.focused")
    counts = await seen.page.evaluate("window.counts")
    assert counts == sorted(counts)
    assert len(set(counts)) > 2  # it moves, and never back
    assert 0 <= counts[0] < counts[-1] <= 5_000
    await expect(seen.page.get_by_role("link", name="결과 내려받기")).to_be_focused()
    file = await kept(seen.page, "결과 내려받기")
    assert file.suggested_filename == "원천징수 결과.xlsx"
    heading, *rows = cells((await file.path()).read_bytes())
    assert len(rows) == 5_000
    figure, reason = heading.index("세액(원)"), heading.index("이유")
    assert [row[figure] for row in rows[:4_980]] == [24_000] * 4_980
    assert {row[reason] for row in rows[4_980:]} == {
        "지급일: '언젠가'은(는) 날짜가 아니에요. 예: 2026-11-02"
    }
    assert seen.complaints == []


async def test_whoever_stops_has_nothing_left_to_wait_for_and_can_begin_again(window: Windows, kim):
    seen = await opened(window, kim)
    await put(seen.page, sheet(5_000))
    stop = seen.page.get_by_role("button", name="그만두기")
    await stop.focus()
    await seen.page.keyboard.press("Enter")
    await expect(seen.page.locator(".bulk .said")).to_have_text(re.compile("^그만두었어요"))
    await expect(seen.page.locator(".bulk progress")).to_have_count(0)
    await expect(seen.page.get_by_role("button", name="채운 파일 고르기")).to_be_focused()
    await put(seen.page, sheet(2))
    await expect(seen.page.locator(".bulk .result")).to_have_text("2건 모두 셈했어요")


async def test_the_template_is_kept_and_what_is_no_table_is_said(window: Windows, kim):
    seen = await opened(window, kim)
    file = await kept(seen.page, "양식 내려받기")
    assert cells((await file.path()).read_bytes())[0][0] == "소득 유형"
    await put(seen.page, as_csv(["이름"], ["김가"]))
    await expect(seen.page.locator(".bulk")).to_contain_text("열을 찾지 못했어요. 양식을 내려받아")
    await put(seen.page, b"\xd0\xcf\x11\xe0 old", "옛날.xls")
    await expect(seen.page.locator(".bulk")).to_contain_text(
        "옛 엑셀(.xls)이거나 암호가 걸렸습니다"
    )
    body = as_workbook(HEADING, ["", LECTURE, 300_000, "2026-11-02"])
    given = {"name": "강사료.xlsx", "mimeType": XLSX, "buffer": body}
    await seen.page.locator(".bulk input[type=file]").set_input_files(given)  # type: ignore[arg-type]
    await expect(seen.page.locator(".bulk .result")).to_have_text("1건 모두 셈했어요")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_it_fits_every_screen_and_axe_finds_nothing(window: Windows, kim, dark: bool):
    for width, _ in SIZES:
        seen = await opened(window, kim, width, dark=dark)
        await is_clean(seen.page)
        await picture(seen.page, f"bulk-{width}-{'dark' if dark else 'light'}")
        await put(seen.page, sheet(20, bad=3))
        await expect(seen.page.locator(".bulk .result")).to_be_visible()
        await is_clean(seen.page)
        await picture(seen.page, f"bulk-done-{width}-{'dark' if dark else 'light'}")
