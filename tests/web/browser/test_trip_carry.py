"""A phone whose network does not reach the hub: an office PC carries, screen to camera."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import segno
from playwright.async_api import Page, Route, async_playwright, expect
from psycopg import AsyncConnection

from hub.tripproof.reasons import Reason
from tests.web import people
from tests.web.browser.conftest import CHROMIUM_ARGS, Windows, chromium
from tests.web.browser.looks import PATIENCE_MS, SIZES, is_clean, picture, sign_in
from tests.web.browser.touches import Trips, enrolled, opened, touched, with_keys
from tests.web.conftest import Web

FOREIGN = "청사로 보내는 QR이 아니에요"


@pytest.fixture
def hub(start: Callable[..., Any], tmp_path: Path) -> Iterator[Web]:
    with with_keys(start, tmp_path) as web:
        yield web


@pytest.fixture
async def trips(conn: AsyncConnection[Any]) -> Trips:
    return await opened(conn)


async def photographed(page: Page, file: Path) -> Path:
    """The code on the page, as a picture."""
    await page.locator(".code").screenshot(path=file)
    return file


@asynccontextmanager
async def held_before_a_camera(shown: Path | None, folder: Path) -> AsyncIterator[Page]:
    """A page whose camera sees a grey desk, with this picture on it: a film of two frames (Y4M)."""
    frame = np.full((720, 1280), 128, np.uint8)
    if shown:
        code = cv2.imread(str(shown), cv2.IMREAD_GRAYSCALE)
        assert code is not None
        frame[10:710, 290:990] = cv2.resize(code, (700, 700))
    body = b"FRAME\n" + frame.tobytes() + bytes([128]) * (frame.size // 2)
    film = folder / "film.y4m"
    film.write_bytes(b"YUV4MPEG2 W1280 H720 F10:1 Ip A1:1 C420jpeg\n" + body * 2)
    args = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    async with async_playwright() as play:
        browser = await play.chromium.launch(
            executable_path=chromium(), args=[*CHROMIUM_ARGS, *args]
        )
        context = await browser.new_context(locale="ko-KR", permissions=["camera"])
        context.set_default_timeout(PATIENCE_MS)
        yield await context.new_page()
        await browser.close()


async def has_its_reader(page: Page) -> None:
    """What reads codes is kept for where there is no network: the worker, and what it compiles."""
    await page.wait_for_function(
        """async () => { const kept = [];
            for (const name of await caches.keys())
                for (const one of await (await caches.open(name)).keys()) kept.push(one.url);
            return kept.some((url) => url.endsWith('.wasm'))
                && kept.some((url) => url.includes('/immutable/workers/')); }""",
        timeout=PATIENCE_MS,
    )


def a_code(text: str, file: Path) -> Path:
    """A picture of a QR code."""
    segno.make(text, micro=False).save(str(file), scale=8)
    return file


async def test_an_office_pc_brings_a_proof_in_and_gives_the_phone_challenges(
    window: Windows, trips: Trips, tmp_path: Path
):
    seen = await enrolled(window, 768, 1024)
    phone = seen.page
    await has_its_reader(phone)  # after one visit
    await phone.context.set_offline(True)
    await touched(phone)
    said = await trips.reads(phone)
    await phone.get_by_role("button", name="사무실 PC로 옮기기").click()
    await expect(phone.get_by_text("PC에서 접수됐다고")).to_be_visible()
    shown = await photographed(phone, tmp_path / "carried.png")
    await picture(phone, "trip-carried-768")

    pc = await window(1920, 1080)
    page = await pc.open("/trip/carry")
    await page.get_by_role("button", name="QR 찍기").click()
    await page.get_by_label("사진으로 읽기").set_input_files(shown)
    await expect(page.get_by_text("접수됐어요.", exact=False).first).to_be_visible()
    [held] = await trips.arrived(1)
    assert held["cti"] == said.cti
    assert Reason.CHALLENGE_NONE not in held["reasons"]
    await is_clean(page)
    await picture(page, "trip-carry-1920")
    await phone.get_by_role("button", name="PC에서 접수됐다고 나왔어요").click()
    await expect(phone.get_by_text("PC로 옮겼어요")).to_be_visible()

    await sign_in(pc, "han")
    await page.goto(pc.url + "/trip/carry")
    await page.get_by_role("button", name="에 줄 QR 보기").click()
    given = await photographed(page, tmp_path / "challenges.png")
    await phone.get_by_role("button", name="하나 더").click()
    await phone.get_by_role("button", name="확인번호 QR 찍기").click()
    await expect(phone.get_by_text("카메라를 쓸 수 없어요")).to_be_visible()
    await phone.get_by_label("사진으로 읽기").set_input_files(shown)
    await expect(phone.get_by_text("이 휴대전화에 준 확인번호가 아니에요")).to_be_visible()
    await phone.get_by_label("사진으로 읽기").set_input_files(given)
    await expect(phone.get_by_text("확인번호를 받았어요")).to_be_visible()
    await is_clean(phone)
    await phone.get_by_role("button", name="돌아가기").click()

    await phone.context.set_offline(False)
    await expect(phone.get_by_text("모두 보냈어요")).to_be_visible()  # again, and still one record
    assert len(await trips.proofs()) == 1


async def test_nothing_can_be_pressed_before_it_does_anything(window: Windows, trips: Trips):
    seen = await window()
    page, code = seen.page, asyncio.Event()

    async def later(route: Route) -> None:
        await code.wait()
        await route.continue_()

    await page.context.route("**/_app/immutable/**/*.js", later)  # a slow PC
    await page.goto(seen.url + "/trip/carry", wait_until="commit")
    scan = page.get_by_role("button", name="QR 찍기")
    await expect(scan).to_be_disabled()
    code.set()
    await scan.click()
    await expect(page.get_by_label("사진으로 읽기")).to_be_attached()


async def test_the_camera_of_an_office_pc_reads_the_phone_s_screen(
    window: Windows, trips: Trips, tmp_path: Path
):
    seen = await enrolled(window, 768, 1024)
    phone = seen.page
    await phone.context.set_offline(True)
    await touched(phone)
    said = await trips.reads(phone)
    await phone.get_by_role("button", name="사무실 PC로 옮기기").click()
    await expect(phone.get_by_text("PC에서 접수됐다고")).to_be_visible()
    shown = await photographed(phone, tmp_path / "carried.png")
    async with held_before_a_camera(shown, tmp_path) as page:
        await page.goto(seen.url + "/trip/carry")
        await page.get_by_role("button", name="QR 찍기").click()
        await expect(page.get_by_text("접수됐어요.", exact=False).first).to_be_visible()
    [held] = await trips.arrived(1)
    assert held["cti"] == said.cti


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_every_screen_of_the_office_pc_is_clean(
    conn: AsyncConnection[Any],
    window: Windows,
    trips: Trips,
    tmp_path: Path,
    size: tuple[int, int],
    dark: bool,
):
    look = f"{size[0]}-{'dark' if dark else 'light'}"
    await people.add(conn, "lee", "facilities")
    phone = (await enrolled(window, 412, 915)).page
    await phone.context.set_offline(True)
    await touched(phone)
    await phone.get_by_role("button", name="사무실 PC로 옮기기").click()
    await expect(phone.get_by_text("PC에서 접수됐다고")).to_be_visible()
    carried = await photographed(phone, tmp_path / "carried.png")
    pc = await window(*size, dark=dark)
    page = await pc.open("/trip/carry")

    async def shows(said: str, name: str) -> None:
        await expect(page.get_by_text(said).first).to_be_visible()
        await is_clean(page)
        await picture(page, f"carry-{name}-{look}")

    await shows("로그인", "nobody")
    await page.get_by_role("button", name="QR 찍기").focus()
    await page.keyboard.press("Enter")
    await shows("카메라를 쓸 수 없어요", "no-camera")
    choose = page.get_by_label("사진으로 읽기")
    await page.keyboard.press("Tab")
    await expect(choose).to_be_focused()
    await choose.set_input_files(a_code("https://example.com", tmp_path / "foreign.png"))
    await shows(FOREIGN, "foreign")
    await choose.set_input_files(carried)
    await expect(page.get_by_text(FOREIGN)).to_have_count(0)
    await shows("접수됐어요.", "brought")
    await sign_in(pc, "lee")
    await page.goto(pc.url + "/trip/carry")
    await shows("역할이 있어야 해요", "no-role")
    await page.context.clear_cookies()
    await sign_in(pc, "han")
    await page.goto(pc.url + "/trip/carry")
    await shows("에 줄 QR 보기", "phones")
    await page.get_by_role("button", name="에 줄 QR 보기").focus()
    await page.keyboard.press("Enter")
    await shows("QR 닫기", "challenges")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("에 줄 QR 보기")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="에 줄 QR 보기")).to_be_focused()


SLOW_READER = """(() => { const post = Worker.prototype.postMessage; window.looks = 0;
    Worker.prototype.postMessage = function (...given) {
        window.looks += 1;
        setTimeout(() => post.apply(this, given), 1000); } })()"""


async def test_a_picture_is_read_while_the_camera_looks_and_the_camera_goes_on(
    hub: Web, trips: Trips, tmp_path: Path
):
    shown = a_code("https://example.com", tmp_path / "foreign.png")
    async with held_before_a_camera(None, tmp_path) as page:
        await page.add_init_script(SLOW_READER)  # an old PC
        await page.goto(hub.url + "/trip/carry")
        await page.get_by_role("button", name="QR 찍기").click()
        await page.wait_for_function("() => window.looks > 0", timeout=PATIENCE_MS)
        await page.get_by_label("사진으로 읽기").set_input_files(shown)
        await expect(page.get_by_text(FOREIGN)).to_be_visible()
        await expect(page.get_by_text("QR을 찾지 못했어요")).to_have_count(0)
        looks = await page.evaluate("window.looks")
        await page.wait_for_function(f"() => window.looks > {looks + 1}", timeout=PATIENCE_MS)


@pytest.mark.parametrize("lost", ["**/immutable/workers/**", "**/*.wasm"])
async def test_where_the_reader_cannot_be_had_it_says_so_and_later_reads(
    window: Windows, trips: Trips, tmp_path: Path, lost: str
):
    shown = a_code("https://example.com", tmp_path / "foreign.png")
    seen = await window(360, 780)
    await seen.page.context.route(lost, lambda route: route.abort())
    page = await seen.open("/trip/carry")
    await page.get_by_role("button", name="QR 찍기").click()
    await expect(page.get_by_text("카메라를 쓸 수 없어요")).to_be_visible()
    await page.get_by_label("사진으로 읽기").set_input_files(shown)
    await expect(page.get_by_text("QR 읽는 프로그램을 불러오지 못했어요")).to_be_visible()
    await is_clean(page)
    await seen.page.context.unroute(lost)
    await page.get_by_label("사진으로 읽기").set_input_files(shown)
    await expect(page.get_by_text(FOREIGN)).to_be_visible()
    await expect(page.get_by_text("QR 읽는 프로그램을")).to_have_count(0)
