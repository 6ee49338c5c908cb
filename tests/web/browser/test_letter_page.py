"""기안문 쓰기: typed, told why, mended by one touch, drawn beside, taken along; kept here alone."""

import asyncio
import io
import zipfile
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect
from psycopg import AsyncConnection

from tests.web.browser.conftest import Window, Windows
from tests.web.browser.looks import PATIENCE_MS, SIZES, is_clean, picture, sign_in
from tests.web.people import add

TYPED = (
    "1. 관련: 총무과-123(2026.06.01.)\n2. 금일 회의를 아래와 같이 개최합니다\n"
    " 가. 일시 : 2026-06-03 오후 2시 30분\n  나. 소요 예산: 1,100,000원\n붙임 : 계획서 1부"
)
MENDED = (
    "1. 관련: 총무과-123(2026. 6. 1.)\n2. 오늘 회의를 아래와 같이 개최합니다.\n"
    "  가. 일시: 2026. 6. 3. 14:30\n  나. 소요 예산: 금1,100,000원(금일백일십만원)\n"
    "붙임  계획서 1부.  끝."
)
WHOLE = "가람시\n수신 : 나래시장(총무과장)\n(경유)\n제목 : 자료 제출\n\n1. 관련: 가\n2. 나  끝."
BODY = "본문(붙임과 끝까지)"


@pytest.fixture
async def seen(conn: AsyncConnection[None], window: Windows) -> Window:
    await add(conn, "kim")
    return await window(1280, 900)


async def opened(seen: Window) -> Page:
    page = await sign_in(seen, "kim")
    await page.goto(seen.url + "/do/letter")
    await expect(page.get_by_role("button", name="출장 결과 보고")).to_be_visible()
    return page


async def test_what_is_typed_is_told_mended_and_drawn(seen: Window):
    page = await opened(seen)
    await expect(page.locator(".answer")).to_have_text("기안문을 적거나 붙여넣어 보세요")
    await page.get_by_label("행정기관명", exact=True).fill("가람시")
    await page.get_by_label("제목", exact=True).fill("회의 개최 알림")
    await page.get_by_label(BODY).fill(TYPED)
    day = page.get_by_role("listitem").filter(has_text="2026-06-03")
    await expect(day).to_contain_text("온점으로 나눕니다")
    await expect(day).to_contain_text("「행정업무의 운영 및 혁신에 관한 규정」 제7조제5항")
    await expect(page.locator("mark[data-severity=wrong]").first).to_be_attached()
    await day.get_by_role("button", name="고치기").click()
    await expect(page.get_by_label(BODY)).to_have_value(TYPED.replace("2026-06-03", "2026. 6. 3."))
    await page.get_by_role("button", name="되돌리기").click()
    await expect(page.get_by_label(BODY)).to_have_value(TYPED)
    await page.get_by_role("button", name="권장까지 고치기").click()
    await expect(page.get_by_label(BODY)).to_have_value(MENDED)
    sheet = page.get_by_role("region", name="미리보기")
    await expect(sheet).to_contain_text("금1,100,000원(금일백일십만원)")
    await expect(sheet).to_contain_text("내부결재")
    await page.get_by_label("문서요지", exact=True).fill("회의를 여는 날을 알림")
    await page.get_by_label("키워드(쉼표로 나누어)").fill("회의, 알림")
    await expect(page.get_by_text("문서요지를 적습니다")).to_have_count(0)
    assert seen.complaints == []


async def test_the_underlines_lie_under_the_letters_they_are_of(seen: Window):
    page = await opened(seen)
    await page.get_by_label(BODY).fill(TYPED * 8)
    await expect(page.locator("mark").first).to_be_attached()
    shapes = await page.evaluate(
        """() => ['.editor textarea', '.editor .behind'].map((name) => {
            const one = document.querySelector(name), style = getComputedStyle(one);
            return [style.font, style.letterSpacing, style.wordBreak, style.whiteSpaceCollapse,
                style.paddingTop, style.paddingLeft, one.clientWidth, one.clientHeight];
        })"""
    )
    assert shapes[0] == shapes[1]


async def test_a_place_in_the_list_leads_to_its_place_in_the_text(seen: Window):
    page = await opened(seen)
    await page.get_by_label(BODY).fill("😀 회의는 2026-06-01에 엽니다.  끝.")
    await page.get_by_role("button", name="본문에서 2026-06-01 보기").press("Enter")
    await expect(page.get_by_label(BODY)).to_be_focused()
    assert await page.evaluate("getSelection().toString()") == "2026-06-01"


async def test_it_is_kept_in_this_browser_and_nowhere_else(seen: Window):
    page = await opened(seen)
    await page.get_by_label("제목", exact=True).fill("남는 제목")
    await expect(page.get_by_text("이 브라우저에 저장됨")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("제목", exact=True)).to_have_value("남는 제목")
    await page.get_by_role("button", name="지우기", exact=True).click()
    await page.get_by_role("button", name="지우기", exact=True).click()
    await expect(page.get_by_label("제목", exact=True)).to_have_value("")
    await page.reload()
    await expect(page.get_by_role("button", name="출장 결과 보고")).to_be_visible()
    await expect(page.get_by_label("제목", exact=True)).to_have_value("")
    assert await page.evaluate("localStorage.getItem('cheongsa.letter-draft')") is None


async def test_a_draft_to_begin_with_goes_out_as_hwpx_and_pdf(seen: Window):
    page = await opened(seen)
    await page.get_by_role("button", name="물품 구매 품의").press("Enter")
    await expect(page.get_by_role("region", name="미리보기")).to_contain_text("품명")
    for name, begins in (("HWPX 받기", b"PK"), ("PDF 받기", b"%PDF-")):
        async with page.expect_download() as waiting:
            await page.get_by_role("button", name=name).click()
        download = await waiting.value
        data = await asyncio.to_thread(Path(await download.path()).read_bytes)
        assert data.startswith(begins)
        assert download.suggested_filename.startswith("○○ 물품 구매 품의.")
        if begins == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                assert "금일백일십만원" in package.read("Contents/section0.xml").decode()
    await page.get_by_role("button", name="회의 개최 알림").click()
    await page.get_by_role("button", name="그대로 두기").click()
    await expect(page.get_by_label("제목", exact=True)).to_have_value("○○ 물품 구매 품의")


async def test_a_whole_letter_that_is_pasted_comes_apart(seen: Window):
    page = await opened(seen)
    await page.get_by_label(BODY).focus()
    await page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            const event = new ClipboardEvent('paste', {clipboardData: data, cancelable: true});
            document.activeElement.dispatchEvent(event);
        }""",
        WHOLE,
    )
    await expect(page.get_by_label("제목", exact=True)).to_have_value("자료 제출")
    await expect(page.get_by_label("수신자(한 줄에 하나)")).to_have_value("나래시장(총무과장)")
    await expect(page.get_by_label(BODY)).to_have_value("1. 관련: 가\n2. 나  끝.")
    await expect(page.get_by_text("보내는 문서에는 발신명의")).to_be_visible()


async def test_without_the_hub_the_text_stays_and_it_is_said(seen: Window):
    page = await opened(seen)
    await page.route("**/api/v1/automation/**", lambda route: route.abort())
    await page.get_by_label(BODY).fill(TYPED)
    await expect(page.get_by_text("청사 서버가 답하지 않아요")).to_be_visible()
    await expect(page.get_by_label(BODY)).to_have_value(TYPED)
    await page.unroute("**/api/v1/automation/**")
    await page.get_by_role("button", name="다시 해 보기").click()
    await expect(page.get_by_role("listitem").filter(has_text="2026-06-03")).to_be_visible()


async def test_all_of_it_is_done_by_keyboard(seen: Window):
    page = await opened(seen)
    await page.get_by_label("제목", exact=True).focus()
    await page.keyboard.type("회의 알림")
    await page.keyboard.press("Tab")
    await page.keyboard.type("2026-06-01에 알립니다.")
    fix = page.get_by_role("button", name="모두 고치기")
    await expect(fix).to_be_visible()
    await fix.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label(BODY)).to_have_value("2026. 6. 1.에 알립니다.  끝.")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_axe_finds_nothing(
    conn: AsyncConnection[None], window: Windows, size: tuple[int, int], dark: bool
):
    await add(conn, "kim")
    seen = await window(*size, dark=dark)
    page = await opened(seen)
    name = f"letter-{size[0]}-{'dark' if dark else 'light'}"
    await is_clean(page)
    await picture(page, f"{name}-empty")
    await page.get_by_role("button", name="회의 개최 알림").click()
    await page.get_by_label(BODY).fill(TYPED)
    await expect(page.get_by_role("listitem").filter(has_text="2026-06-03")).to_be_visible()
    await page.get_by_text("결문: 결재, 발신명의, 연락처").click()
    await is_clean(page)
    await picture(page, name)
    assert seen.complaints == []


class Held:
    """Answers of the hub that wait until they are let go: a slow network."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self, route: Route) -> None:
        """Hold one answer back."""
        self.asked.set()
        await asyncio.wait_for(self.go.wait(), PATIENCE_MS / 1000)
        await route.continue_()


async def test_what_is_typed_while_all_is_being_mended_is_kept_and_mended_too(seen: Window):
    page = await opened(seen)
    body, held = page.get_by_label(BODY), Held()
    await body.fill("1. 회의는 2026-06-01에 엽니다.\n2. 더 알립니다.")
    fix = page.get_by_role("button", name="모두 고치기")
    await expect(fix).to_be_visible()
    await page.route("**/letter/fix", held)
    await fix.click()
    await asyncio.wait_for(held.asked.wait(), PATIENCE_MS / 1000)
    await body.focus()
    await page.evaluate("document.activeElement.setSelectionRange(7, 7)")
    await page.keyboard.type("7월 ")
    held.go.set()
    after = "1. 회의는 7월 2026. 6. 1.에 엽니다.\n2. 더 알립니다.  끝."
    await expect(body).to_have_value(after)
    await page.keyboard.type("꼭 ")  # the caret stayed at its words
    await expect(body).to_have_value(after.replace("7월 ", "7월 꼭 "))


async def test_who_never_stops_typing_is_told_that_nothing_was_mended(seen: Window):
    page = await opened(seen)
    body = page.get_by_label(BODY)
    await body.fill("2026-06-01에 엽니다.")
    fix = page.get_by_role("button", name="모두 고치기")
    await expect(fix).to_be_visible()

    async def typed(route: Route) -> None:
        await body.press_sequentially("가")
        await route.continue_()

    await page.route("**/letter/fix", typed)
    await fix.click()
    await expect(page.get_by_text("쓰시는 동안에는 고치지 않았어요")).to_be_visible()
    await expect(body).to_have_value("2026-06-01에 엽니다.가가가가가")


async def test_a_touch_mends_what_it_says_though_the_text_has_moved_since(seen: Window):
    page = await opened(seen)
    body, held = page.get_by_label(BODY), Held()
    await body.fill("회의는 2026-06-01에 엽니다.\n원장 : 홍길동")
    day = page.get_by_role("listitem").filter(has_text="2026-06-01")
    await expect(day).to_be_visible()
    await page.route("**/letter/lint", held)  # nothing newer is known of the text
    await body.focus()
    await page.evaluate("document.activeElement.setSelectionRange(0, 0)")
    await page.keyboard.type("😀 먼저 알립니다. ")
    await asyncio.wait_for(held.asked.wait(), PATIENCE_MS / 1000)
    await day.get_by_role("button", name="고치기").click()
    await expect(body).to_have_value(
        "😀 먼저 알립니다. 회의는 2026. 6. 1.에 엽니다.\n원장 : 홍길동"
    )
    held.go.set()


async def test_what_was_undone_can_be_done_again(seen: Window):
    page = await opened(seen)
    body = page.get_by_label(BODY)
    await body.fill("2026-06-01에 엽니다.  끝.")
    await page.get_by_role("button", name="모두 고치기").click()
    await expect(body).to_have_value("2026. 6. 1.에 엽니다.  끝.")
    await body.fill("2026. 6. 1.에 엽니다. 꼭 오십시오.  끝.")
    await page.get_by_role("button", name="되돌리기").click()
    await expect(body).to_have_value("2026-06-01에 엽니다.  끝.")
    await page.get_by_role("button", name="다시 하기").click()
    await expect(body).to_have_value("2026. 6. 1.에 엽니다. 꼭 오십시오.  끝.")


async def test_mending_before_a_recipient_is_named_keeps_the_sender(seen: Window):
    page = await opened(seen)
    await page.get_by_label("보내는 곳").select_option("다른 곳에 보내기")
    await page.get_by_text("결문: 결재, 발신명의, 연락처").click()
    await page.get_by_label("발신명의", exact=True).fill("가람시장")
    await page.get_by_label(BODY).fill("2026-06-01에 엽니다.  끝.")
    await expect(page.get_by_text("수신자를 적습니다").first).to_be_visible()
    await page.get_by_role("button", name="모두 고치기").click()
    await expect(page.get_by_label(BODY)).to_have_value("2026. 6. 1.에 엽니다.  끝.")
    await expect(page.get_by_label("발신명의", exact=True)).to_have_value("가람시장")
    await expect(page.get_by_label("수신자(한 줄에 하나)")).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_tab_goes_down_the_page_as_it_is_read(
    conn: AsyncConnection[None], window: Windows, size: tuple[int, int]
):
    await add(conn, "kim")
    page = await opened(await window(*size))
    await page.get_by_label(BODY).fill(TYPED)
    await expect(page.get_by_role("listitem").filter(has_text="2026-06-03")).to_be_visible()
    sections = await page.evaluate(
        """() => [...document.querySelectorAll('.halves .card')].map((one) => {
            const box = one.getBoundingClientRect();
            return [box.left > innerWidth / 2 ? 1 : 0, box.top];
        })"""
    )
    assert sections == sorted(sections)


async def test_the_first_that_is_wrong_stands_at_the_top_and_the_next_thing_to_do_beside_it(
    conn: AsyncConnection[None], window: Windows
):
    await add(conn, "kim")
    page = await opened(await window(360, 780))
    body = page.get_by_label(BODY)
    await body.fill("1. 2026-06-01에 엽니다.\n" + "2. 알립니다.\n" * 30)
    top = page.locator(".top")
    await expect(top).to_contain_text("2026-06-01")
    await body.press("Control+End")
    await expect(top).to_be_in_viewport()
    await expect(top.get_by_role("button").first).to_have_text("모두 고치기")
