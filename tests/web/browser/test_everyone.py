"""For everyone, everywhere: sizes, schemes, keyboard, screen readers, the office's own pages."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.web.browser.conftest import Office, Windows, add_seats, node_says

SIZES = [(360, 780), (768, 1024), (1920, 1080)]
PAGES = ["/", "/wall", "/embed/density"]


async def _settled(page: Page) -> None:
    await expect(page.locator(".word").first).to_be_visible()
    await page.evaluate("document.fonts.ready")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    office: Office, window: Windows, size: tuple[int, int], dark: bool
):
    await office.lunch(minutes=6)
    await office.sees(186, zone=await add_seats(office.conn, seats=300))
    seen = await window(*size, dark=dark)
    for path in PAGES:
        page = await seen.open(path)
        await _settled(page)
        found = await Axe().run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide at {size[0]}"
    assert seen.complaints == []


@pytest.mark.parametrize("state", ["stale", "lost", "empty"])
async def test_axe_finds_nothing_when_things_are_wrong(office: Office, window: Windows, state: str):
    if state == "empty":
        await office.conn.execute("DELETE FROM zone")
        await office.conn.commit()
    if state == "stale":
        await node_says(office.conn, online=False)
    seen = await window(360, 780)
    if state == "lost":
        await seen.page.route("**/api/**", lambda route: route.abort())
    page = await seen.open()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


async def test_nothing_is_asked_of_any_other_machine(office: Office, window: Windows):
    await office.lunch(minutes=6)
    seen = await window()
    for path in PAGES:
        await _settled(await seen.open(path))
    assert seen.asked
    assert [url for url in seen.asked if not url.startswith((seen.url, "data:"))] == []


async def test_the_board_is_walked_with_the_keyboard_alone(office: Office, window: Windows):
    await office.lunch(minutes=6)
    await office.sees(186, zone=await add_seats(office.conn, seats=300))
    page = await (await window()).open()
    await _settled(page)
    walked = []
    for _ in range(12):
        await page.keyboard.press("Tab")
        walked.append(await page.evaluate(_WHERE))
    names = [name for name, _ in walked]
    assert names[0] == "본문으로 바로 가기"
    for wanted in ("English", "어두운 화면으로", "큰 화면", "표로 보기"):
        assert wanted in names, names
    assert all(ringed for name, ringed in walked if name), walked
    await page.get_by_role("button", name="좌석").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".answer .word")).to_have_text("62% 찼어요")


_WHERE = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return ['', false];
    const name = at.getAttribute('aria-label') || at.textContent.trim();
    return [name, getComputedStyle(at).outlineStyle !== 'none'];
}"""


async def test_what_is_touched_is_at_least_44_px(office: Office, window: Windows):
    await office.lunch(minutes=6)
    await add_seats(office.conn, seats=300)
    seen = await window(360, 780)
    for path in ("/", "/embed/density"):
        page = await seen.open(path)
        await _settled(page)
        for control in await page.locator("button, a:not(.skip), select, summary").all():
            box = await control.bounding_box()
            if box is not None:
                name = await control.inner_text()
                assert box["height"] >= 44, (path, name, box)
                assert box["width"] >= 44, (path, name, box)


async def test_the_chosen_colours_are_there_before_the_first_paint(office: Office, window: Windows):
    await office.lunch(minutes=2)
    page = await (await window()).open()
    await page.get_by_role("button", name="어두운 화면으로").click()
    await expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    await page.route("**/_app/**/*.js", lambda route: route.abort())  # the shell alone
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("data-scheme", "dark")


async def test_without_script_the_page_says_what_it_needs(office: Office, browser: Browser, hub):
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(hub.url)
    await expect(page.locator(".no-script")).to_contain_text("자바스크립트를 켜 주세요")


async def test_the_wall_has_nothing_to_scroll_and_shows_the_time(office: Office, window: Windows):
    await office.lunch(minutes=6)
    page = await (await window(1920, 1080)).open("/wall")
    await _settled(page)
    await expect(page.locator("header time")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollHeight") <= 1080
    font_px = await page.locator(".word").evaluate(
        "word => parseFloat(getComputedStyle(word).fontSize)"
    )
    assert font_px > 150
    assert await page.locator("button").count() == 0


async def test_nothing_jumps_after_the_answer_is_there(office: Office, window: Windows):
    await office.lunch(minutes=6)
    seen = await window(1280, 900)
    await seen.page.add_init_script(
        "globalThis.shifted = 0; new PerformanceObserver((list) => { for (const shift of"
        " list.getEntries()) shifted += shift.value })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page = await seen.open()
    await _settled(page)
    await page.wait_for_timeout(1_500)
    assert await page.evaluate("shifted") < 0.1  # what web.dev calls good


async def test_a_stray_slash_is_forgiven_and_an_unknown_address_has_a_way_back(
    office: Office, window: Windows
):
    seen = await window()
    await _settled(await seen.open("/embed/density/"))
    page = await seen.open("/no/such/page")
    await page.get_by_role("link", name="지금 구내식당 보기").click()
    await expect(page).to_have_url(f"{seen.url}/")


@contextmanager
def work_system(folder: Path, framed: str) -> Iterator[str]:
    """The office's own work system: another origin with a page that frames `framed`."""
    (folder / "index.html").write_text(f'<iframe src="{framed}" width="340" height="200"></iframe>')
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is inherited
        pass


async def test_the_work_system_that_is_named_may_frame_the_embed(
    office: Office, browser: Browser, start: Callable[..., Any], tmp_path: Path
):
    await office.lunch(people=20)
    embed = "/embed/density?site=demo&zone=main"
    with (
        start(HUB_FRAME_ANCESTORS="http://127.0.0.1:*") as web,
        work_system(tmp_path, web.url + embed) as outer,
    ):
        page = await browser.new_page()
        await page.goto(outer)
        inside = page.frame_locator("iframe")
        await expect(inside.locator(".word")).to_have_text("보통")
        link = inside.get_by_role("link", name="자세히 보기")
        await expect(link).to_have_attribute("target", "_top")
        await link.click()
        await expect(page.locator(".answer .word")).to_have_text("보통")


async def test_nobody_else_may_frame_it_and_the_board_itself_is_framed_by_none(
    office: Office, browser: Browser, start: Callable[..., Any], tmp_path: Path
):
    await office.lunch(minutes=2)
    for path, allowed in (("/embed/density", "'self'"), ("/", "http://127.0.0.1:*")):
        with (
            start(HUB_FRAME_ANCESTORS=allowed) as web,
            work_system(tmp_path, web.url + path) as out,
        ):
            page = await browser.new_page()
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(message.text))
            await page.goto(out)
            await page.wait_for_timeout(500)
            assert await page.frame_locator("iframe").locator(".word").count() == 0
            assert any("frame-ancestors" in text or "X-Frame-Options" in text for text in said), (
                said
            )
