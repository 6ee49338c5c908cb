"""The checkpoint's page: read, printed, held against another office's; and the map of a place."""

import asyncio
import http.server
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.async_api import Page, expect
from psycopg import AsyncConnection

from hub.kit import clock
from hub.tripproof import checkpoint, codes, daily
from hub.tripproof import office as offices
from hub.tripproof.checkpoint import Checkpoint
from hub.tripproof.provider import SoftwareKey
from tests.web.browser.auditing import Office, an_office, answer, audits, is_ready, pastes, says_why
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import is_clean, picture
from tests.web.browser.touches import with_keys
from tests.web.conftest import Web
from tests.web.people import OURS
from tests.web.trips import OFFICE, ORIGIN

pytestmark = pytest.mark.timeout(1_800)  # machines are busy
PAGE, NAME = "/audit/trips/checkpoint", "gam.province.example"
ONE_LOG, CONTRADICT, UNKNOWN = "한 기록부예요", "서로 어긋나요", "알 수 없음"
THEIRS = "상대가 가진 확인점"


class Tiles(http.server.BaseHTTPRequestHandler):
    """A tile server that any office could have."""

    asked: list[str]
    picture = cv2.imencode(".png", np.full((256, 256, 3), 200, np.uint8))[1].tobytes()

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(self.picture)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def tiles() -> Iterator[tuple[str, list[str]]]:
    """Its address, and what was asked of it."""
    asked: list[str] = []
    handler = type("Asked", (Tiles,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png", asked
        server.shutdown()
        thread.join()


@pytest.fixture
def hub(start: Callable[..., Any], tmp_path: Path, tiles: tuple[str, list[str]]) -> Iterator[Web]:
    with with_keys(start, tmp_path, HUB_TRIP_TILES=tiles[0]) as web:
        yield web


@pytest.fixture
async def ours(hub: Web, conn: AsyncConnection[Any], tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(hub, conn, tmp_path) as made:
        await made.enrols()
        yield made


async def newest(world: Office) -> str:
    return (await world.gam.does("GET", "/api/v1/log/checkpoint")).text


async def compares(page: Page, note: str, says: str) -> None:
    await page.get_by_label(THEIRS).fill(note)
    await page.get_by_role("button", name="견주기", exact=True).click()
    await expect(answer(page)).to_have_text(says)


async def test_it_is_read_and_held_against_what_another_office_has(
    window: Windows, ours: Office, tmp_path: Path
):
    old = await newest(ours)
    await ours.proves()
    note = await newest(ours)
    read = checkpoint.read(note)
    seen = await audits(window)
    page = seen.page
    await is_ready(page, ours)
    await page.get_by_role("button", name="기록부").click()
    await page.get_by_role("link", name="확인점 보기").click()
    await expect(page.get_by_text(f"기록 {read.size}건까지")).to_be_visible()
    await expect(page.get_by_text(daily.fingerprint(note))).to_be_visible()
    await expect(page.get_by_text("지금까지 서명한 다른 기관이 없어요")).to_be_visible()
    await compares(page, old, ONE_LOG)
    await expect(page.get_by_text(f"기록 {checkpoint.read(old).size}건이 그대로")).to_be_visible()
    await compares(page, note.replace("\n", "\r\n"), ONE_LOG)
    await expect(page.get_by_text("같은 확인점이에요")).to_be_visible()
    signer = offices.load(tmp_path / "trip", clock.now()).signer
    forked = Checkpoint(read.origin, read.size, bytes(32), read.at).signed(signer)
    await compares(page, forked.note, CONTRADICT)
    longer = replace(forked, size=read.size + 5, lines=()).signed(signer)
    await compares(page, longer.note, CONTRADICT)
    await page.get_by_text("끝의 5건이 없음").first.wait_for()
    shorter = replace(forked, size=read.size - 1, lines=()).signed(signer)
    await compares(page, shorter.note, CONTRADICT)
    altered = old.replace("\ntime 1", "\ntime 2")
    await compares(page, altered, "서명이 맞지 않아요")
    other = offices.make(tmp_path / "other", OFFICE, ORIGIN, clock.now())
    stranger = replace(forked, lines=()).signed(other.signer)
    await compares(page, stranger.note, UNKNOWN)  # what the hub never signed accuses nobody
    await page.get_by_label(THEIRS).fill("확인점이 아닌 글")
    await page.get_by_role("button", name="견주기", exact=True).click()
    await expect(page.get_by_text("확인점이 아니에요.")).to_be_visible()
    assert seen.complaints == []


async def test_the_paper_of_another_office_is_read_from_its_pdf_and_a_file(
    window: Windows, ours: Office, tmp_path: Path
):
    old = await newest(ours)
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(await asyncio.to_thread(daily.printed, old))
    text = tmp_path / "checkpoint.txt"
    text.write_text(old)
    await ours.proves()
    seen = await audits(window, PAGE)
    page = seen.page
    for file in (paper, text):
        await page.get_by_label("파일·사진 고르기").set_input_files(file)
        await expect(answer(page)).to_have_text(UNKNOWN)  # no key is held yet
        await expect(page.get_by_text("따로 받아 둔 서버 열쇠 목록이 있어야 함")).to_be_visible()
    await page.get_by_role("button", name="상대의 확인점을 이 PC에 보관하기").click()
    await expect(page.get_by_text("보관했어요")).to_be_visible()
    await expect(answer(page)).to_have_text(ONE_LOG)
    kept = await page.evaluate("JSON.parse(localStorage.getItem('cheongsa.trip.held')).note")
    assert kept == old
    empty = tmp_path / "empty.png"
    empty.write_bytes(Tiles.picture)
    await page.get_by_label("파일·사진 고르기").set_input_files(empty)
    await expect(page.get_by_text("이 그림에서 확인점을 찾지 못했어요")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="파일로 저장").click()
    await (await download.value).save_as(tmp_path / "saved.txt")
    assert (tmp_path / "saved.txt").read_text() == await newest(ours)
    assert seen.complaints == []


async def test_a_second_office_s_line_is_shown_and_where_it_signed_last(
    window: Windows, ours: Office, tmp_path: Path
):
    second = SoftwareKey.new()
    point = second.public.uncompressed
    offices.know_cosigner(tmp_path / "trip", NAME, point, clock.now())
    await ours.proves()
    signed = checkpoint.read(await newest(ours)).signed(second, NAME)
    path, head = "/api/v1/log/cosignatures", {"Content-Type": "text/plain", **OURS}
    taken = await ours.phone.client.post(path, content=signed.note.encode(), headers=head)
    assert taken.status_code == 200, taken.text
    page = (await audits(window, PAGE)).page
    line = page.locator("main li").filter(has_text=NAME)
    await expect(line.filter(has_text="서명이 맞음")).to_be_visible()
    await picture(page, "checkpoint-cosigned")
    await is_clean(page)
    await ours.proves()
    await page.get_by_role("button", name="새로 받기").click()
    last = page.get_by_text(f"마지막으로 서명한 것은 기록 {signed.size}건 때예요")
    await expect(last).to_be_visible()


async def test_a_map_comes_from_the_named_server_and_only_when_it_is_asked_for(
    window: Windows, ours: Office, tiles: tuple[str, list[str]]
):
    upload, _ = await ours.proves()
    seen = await audits(window)
    page = seen.page
    await is_ready(page, ours)
    await pastes(page, codes.text(codes.Code.SEALED, upload.sealed))
    await says_why(page)
    await page.get_by_text("좌표 보기").click()
    await expect(page.get_by_text("지도 서버가 어느 곳을 보는지 알게 돼요")).to_be_visible()
    assert tiles[1] == []
    await page.get_by_role("button", name="지도 보기").click()
    await expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
    assert tiles[1]
    assert all(asked.startswith("/16/") for asked in tiles[1])
    await expect(page.locator("path.leaflet-interactive")).to_have_count(2)
    await is_clean(page)
    await picture(page, "map")
    assert seen.complaints == []
