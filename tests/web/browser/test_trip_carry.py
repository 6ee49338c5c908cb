"""A phone whose network does not reach the hub: an office PC carries, screen to camera."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.async_api import Page, async_playwright, expect
from psycopg import AsyncConnection

from hub.tripproof.reasons import Reason
from tests.web.browser.conftest import CHROMIUM_ARGS, Windows, chromium
from tests.web.browser.looks import PATIENCE_MS, is_clean, picture, sign_in
from tests.web.browser.touches import Trips, enrolled, opened, touched, with_keys
from tests.web.conftest import Web


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
async def held_before_a_camera(shown: Path) -> AsyncIterator[Page]:
    """A page whose camera sees this picture on a grey desk: a film of two frames (YUV4MPEG2)."""
    code = cv2.imread(str(shown), cv2.IMREAD_GRAYSCALE)
    assert code is not None
    frame = np.full((720, 1280), 128, np.uint8)
    frame[10:710, 290:990] = cv2.resize(code, (700, 700))
    body = b"FRAME\n" + frame.tobytes() + bytes([128]) * (frame.size // 2)
    film = shown.with_suffix(".y4m")
    film.write_bytes(b"YUV4MPEG2 W1280 H720 F10:1 Ip A1:1 C420jpeg\n" + body * 2)
    args = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    async with async_playwright() as play:
        browser = await play.chromium.launch(
            executable_path=chromium(), args=[*CHROMIUM_ARGS, *args]
        )
        context = await browser.new_context(locale="ko-KR", permissions=["camera"])
        yield await context.new_page()
        await browser.close()


async def has_its_reader(page: Page) -> None:
    """What reads codes is kept for where there is no network."""
    await page.wait_for_function(
        """async () => { for (const name of await caches.keys())
            for (const one of await (await caches.open(name)).keys())
                if (one.url.endsWith('.wasm')) return true;
            return false; }""",
        timeout=PATIENCE_MS,
    )


async def test_an_office_pc_brings_a_proof_in_and_gives_the_phone_challenges(
    window: Windows, trips: Trips, tmp_path: Path
):
    seen = await enrolled(window, 768, 1024)
    phone = seen.page
    await phone.reload()  # from here on the worker keeps what the page fetches
    await has_its_reader(phone)
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
    async with held_before_a_camera(shown) as page:
        await page.goto(seen.url + "/trip/carry")
        await page.get_by_role("button", name="QR 찍기").click()
        await expect(page.get_by_text("접수됐어요.", exact=False).first).to_be_visible()
    [held] = await trips.arrived(1)
    assert held["cti"] == said.cti
