"""The auditor in a real Chromium: key ceremony, scans of every kind, one glance, list, log."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import openpyxl
import pytest
from playwright.async_api import Browser, async_playwright, expect
from psycopg import AsyncConnection

from hub.document import pdf, qr
from hub.document.forms import trip_report
from hub.kit import clock
from hub.tripproof import auditor_key, codes
from hub.tripproof.leaf import LeafType
from tests.hub.document import samples
from tests.web.browser.auditing import (
    CHANGED,
    GENUINE,
    PASSPHRASE,
    TRIP,
    UNKNOWN,
    Office,
    an_office,
    answer,
    audits,
    chooses,
    film,
    holds_a_checkpoint,
    is_ready,
    opens_key,
    pastes,
    says_why,
)
from tests.web.browser.conftest import CHROMIUM_ARGS, Window, Windows, chromium
from tests.web.browser.looks import is_clean, picture, sign_in
from tests.web.browser.touches import with_keys
from tests.web.conftest import Web
from tests.web.trips import CITY_HALL, octets

pytestmark = pytest.mark.timeout(1_800)  # machines are busy
FOREIGN = "출장 증빙 코드가 아니에요. 아무것도 열지 않았어요."
DAMAGED = "출장 증빙 코드이지만 깨져 있어요. 다시 찍어 주세요."
HOSTILE = {
    "https://example.com/TP1:" + "A" * 40: FOREIGN,
    "javascript:alert(document.cookie)//TP1:": FOREIGN,
    "data:text/html,<script>alert(1)</script>": FOREIGN,
    "WIFI:T:WPA;S:TP1;P:x;;": FOREIGN,
    "\x00\x01\x1bTP1:\x7f\u202e\ufeff": FOREIGN,
    "<img src=https://example.com/x onerror=alert(1)>" * 20: FOREIGN,
    "TP4:" + "A" * 1_900: FOREIGN,
    "TP1:https://example.com/": DAMAGED,
    "TP1:<img src=x onerror=alert(1)>": DAMAGED,
    "TP2:" + ":" * 1_900: DAMAGED,
}


@pytest.fixture
def hub(start: Callable[..., Any], tmp_path: Path) -> Iterator[Web]:
    """A hub that has its trip keys; `window` opens pages of this one."""
    with with_keys(start, tmp_path) as web:
        yield web


@pytest.fixture
async def ours(hub: Web, conn: AsyncConnection[Any], tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(hub, conn, tmp_path) as made:
        yield made


@pytest.fixture
async def keyed(ours: Office) -> Office:
    await ours.enrols()
    return ours


async def test_a_key_is_made_here_and_opens_a_proof_from_the_list(
    window: Windows, ours: Office, tmp_path: Path
):
    seen = await audits(window, "/audit/trips/key")
    page, sent = seen.page, []
    page.on("request", lambda one: sent.append(one.post_data) if one.method == "PUT" else None)
    await expect(page.get_by_text("공개된 열쇠가 없어요")).to_be_visible()
    await page.get_by_label("암호", exact=True).fill(PASSPHRASE)
    await page.get_by_label("암호 한 번 더").fill(PASSPHRASE + "!")
    await expect(page.get_by_text("두 번 쓴 암호가 달라요")).to_be_visible()
    await page.get_by_label("암호 한 번 더").fill(PASSPHRASE)
    await page.get_by_role("button", name="열쇠 만들기").click()
    files = []
    for number in (1, 2):
        copy = page.get_by_role("group", name=f"{number}부", exact=True)
        async with page.expect_download() as download:
            await copy.get_by_role("link", name=f"{number}부 저장").click()
        files.append(tmp_path / f"copy-{number}.json")
        await (await download.value).save_as(files[-1])
        assert await page.get_by_role("button", name="공개하기").count() == 0
        await copy.get_by_label(f"저장한 {number}부 고르기").set_input_files(files[-1])
        await copy.get_by_label("다시 열 암호").fill(PASSPHRASE)
        await copy.get_by_role("button", name="열쇠 열기").click()
        await expect(copy.get_by_text("다시 열렸어요")).to_be_visible()
    await picture(page, "key-copies")
    await page.get_by_role("button", name="공개하기").click()
    await expect(page.get_by_text("공개했어요", exact=True)).to_be_visible()
    key = auditor_key.unlocked(files[1].read_text(), PASSPHRASE)
    assert ours.key is None
    shown = (await ours.gam.does("GET", "/api/v1/trips/auditor")).json()["keys"][0]
    assert octets(shown["fingerprint"]) == key.fingerprint
    await expect(page.get_by_text(shown["shown"])).to_be_visible()
    [body] = sent
    assert set(re.findall(r'"(\w+)":', body)) == {"quarter", "seal", "sign", "handover"}
    await is_clean(page)

    await ours.phone.enrol(ours.han)
    _, cti = await ours.proves()
    await page.get_by_role("link", name="출장 감사로").click()
    await holds_a_checkpoint(page)
    await opens_key(page, files[0])
    await page.get_by_role("button", name="목록").click()
    await page.locator("main li button").click()
    await expect(page.get_by_text("A등급 · 출장지 안")).to_be_visible()
    await says_why(page, "위치 열기")
    await expect(answer(page)).to_have_text(GENUINE)
    await expect(page.get_by_text("‘시청’ 안이에요")).to_be_visible()
    assert await ours.leaves(LeafType.ACCESS) == 1
    assert seen.complaints == []
    assert cti in await page.locator("main").inner_text()


async def test_a_pasted_code_is_opened_compared_and_forgotten_again(window: Windows, keyed: Office):
    upload, _ = await keyed.proves()
    seen = await audits(window)
    page = seen.page
    await pastes(page, codes.text(codes.Code.SEALED, upload.sealed))
    await expect(page.get_by_text("봉인된 증빙이에요")).to_be_visible()
    form = page.locator("section").filter(has_text="봉인된 증빙이에요")
    await form.get_by_label("열쇠 파일").set_input_files(keyed.key_file)
    await form.get_by_label("암호").fill("다른 소나무 아래 열두 마리 학")
    await form.get_by_role("button", name="열쇠 열기").click()
    await expect(page.get_by_text("암호가 다르거나 열쇠 파일이 바뀌었어요")).to_be_visible()
    await form.get_by_label("암호").fill(PASSPHRASE)
    await form.get_by_role("button", name="열쇠 열기").click()
    await expect(page.get_by_text("기록부에 한 줄로 남아요")).to_be_visible()
    assert await keyed.leaves(LeafType.ACCESS) == 0
    await says_why(page)
    await expect(answer(page)).to_have_text(UNKNOWN)
    await expect(page.get_by_text("청사 서버의 열쇠를 미리 가지고 있음")).to_be_visible()
    await expect(page.get_by_text("‘시청’ 안이에요")).to_be_visible()
    assert await keyed.leaves(LeafType.ACCESS) == 1
    kept = await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "secret" not in kept
    assert "seal" not in kept
    await page.locator(".desk").get_by_role("button", name="닫기").click()
    await expect(page.get_by_text("‘시청’ 안이에요")).to_have_count(0)
    assert seen.complaints == []


async def test_an_altered_record_is_told_as_changed(window: Windows, keyed: Office):
    upload, cti = await keyed.proves()
    _, other = await keyed.proves()
    conn = keyed.conn
    await conn.execute("ALTER TABLE trip_leaf DISABLE TRIGGER trip_leaf_stays")
    await conn.execute(
        "UPDATE trip_leaf SET body = (SELECT body FROM trip_leaf WHERE ref = %s AND type = 1)"
        " WHERE ref = %s AND type = 1",
        (bytes.fromhex(other), bytes.fromhex(cti)),
    )
    await conn.commit()
    page = (await audits(window)).page
    await is_ready(page, keyed)
    await pastes(page, codes.text(codes.Code.SEALED, upload.sealed))
    await says_why(page)
    await expect(answer(page)).to_have_text(CHANGED)
    wrong = page.locator("li").filter(has_text="어긋남")
    await expect(wrong.filter(has_text="기록된 판정 그대로임")).to_be_visible()
    await picture(page, "changed")


async def test_a_better_grade_in_the_list_than_the_one_that_was_signed_is_told_as_changed(
    window: Windows, keyed: Office
):
    upload, cti = await keyed.proves(fix=None)
    await keyed.conn.execute("ALTER TABLE trip_proof DISABLE TRIGGER trip_proof_stays")
    await keyed.conn.execute(
        "UPDATE trip_proof SET grade = 1, reasons = '{}' WHERE cti = %s", (bytes.fromhex(cti),)
    )
    await keyed.conn.commit()
    page = (await audits(window)).page
    await is_ready(page, keyed)
    await pastes(page, codes.text(codes.Code.SEALED, upload.sealed))
    await says_why(page)
    await expect(answer(page)).to_have_text(CHANGED)
    wrong = page.locator("li").filter(has_text="어긋남")
    await expect(wrong.filter(has_text="화면의 판정이 서명된 판정과 같음")).to_be_visible()


async def test_a_picture_of_the_code_is_read_and_an_address_is_never_opened(
    window: Windows, keyed: Office, tmp_path: Path
):
    upload, _ = await keyed.proves()
    seen = await audits(window)
    page = seen.page
    await is_ready(page, keyed)
    shot = tmp_path / "code.png"
    shot.write_bytes(qr.png(codes.text(codes.Code.SEALED, upload.sealed)))
    await chooses(page, shot)
    await expect(page.get_by_label("여는 까닭")).to_be_visible()
    await page.get_by_role("button", name="다른 코드 읽기").click()
    dialogs: list[str] = []
    page.on("dialog", lambda one: dialogs.append(one.message))
    for hostile, words in HOSTILE.items():
        shot.write_bytes(qr.png(hostile))
        await chooses(page, shot)
        await expect(page.get_by_text(words)).to_be_visible()
        await page.get_by_role("button", name="다른 코드 읽기").click()
    assert dialogs == []
    assert seen.of("example.com") == []
    assert len(page.context.pages) == 1
    assert page.url.endswith("/audit/trips")
    blank = np.full((400, 400), 255, np.uint8)
    shot.write_bytes(cv2.imencode(".png", blank)[1].tobytes())
    await chooses(page, shot)
    await expect(page.get_by_text("코드를 찾지 못했어요")).to_be_visible()
    hosts = {httpx.URL(one).host for one in seen.asked if one.startswith("http")}
    assert hosts == {"127.0.0.1"}
    assert seen.complaints == []


async def test_a_report_as_pdf_leads_to_its_trip(window: Windows, keyed: Office, tmp_path: Path):
    _, first = await keyed.proves()
    await keyed.proves()
    told = (await keyed.gam.does("GET", f"/api/v1/trips/orders/{TRIP}/pointer")).json()
    await keyed.proves()
    report = trip_report.filled(samples.report(qr=told["text"]))
    file = tmp_path / "report.pdf"
    file.write_bytes(await asyncio.to_thread(pdf.drawn, report, samples.MADE_AT))
    seen = await audits(window)
    page = seen.page
    await is_ready(page, keyed)
    await chooses(page, file)
    await expect(answer(page)).to_have_text(GENUINE)
    await page.get_by_text(re.compile("살펴본 것")).click()
    await expect(page.get_by_text("인쇄한 뒤에 1건이 더 왔습니다")).to_be_visible()
    await picture(page, "pointer")
    await page.locator("main li button").first.click()
    await expect(page.get_by_text(first)).to_be_visible()
    assert seen.complaints == []


@pytest.fixture
async def filmed(hub: Web, keyed: Office, tmp_path: Path) -> AsyncIterator[Browser]:
    """A Chromium whose camera sees the code of a proof."""
    upload, _ = await keyed.proves()
    film(codes.text(codes.Code.SEALED, upload.sealed), tmp_path / "code.y4m")
    async with async_playwright() as play:
        path = chromium()
        if path is None and shutil.which(play.chromium.executable_path) is None:
            pytest.skip("no Chromium: apt-get install chromium, or playwright install chromium")
        seeing = await play.chromium.launch(
            executable_path=path,
            args=[
                *CHROMIUM_ARGS, "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={tmp_path / 'code.y4m'}",
            ],
        )  # fmt: skip
        yield seeing
        await seeing.close()


async def test_the_camera_reads_a_code_where_it_is_allowed(
    hub: Web, keyed: Office, filmed: Browser
):
    context = await filmed.new_context(locale="ko-KR")
    seen = Window(await context.new_page(), hub.url)
    page = await sign_in(seen, "gam")
    await page.goto(hub.url + "/audit/trips")
    await is_ready(page, keyed)
    await page.get_by_role("button", name="카메라로 찍기").click()
    await expect(page.get_by_text("카메라를 쓸 수 없게 막혀 있어요")).to_be_visible()
    await page.get_by_role("button", name="카메라 끄기").click()
    await context.grant_permissions(["camera"])
    await page.get_by_role("button", name="카메라로 찍기").click()
    await expect(page.get_by_label("여는 까닭")).to_be_visible()
    await says_why(page)
    await expect(answer(page)).to_have_text(GENUINE)


async def test_the_list_is_sieved_and_taken_home_without_coordinates(
    window: Windows, keyed: Office, tmp_path: Path
):
    _, first = await keyed.proves()
    await keyed.proves(fix=None, trip="=1+2")
    seen = await audits(window)
    page = seen.page
    await page.get_by_role("button", name="목록").click()
    await expect(page.locator("main li")).to_have_count(2)
    await page.get_by_text("골라 보기").click()
    await page.get_by_label("등급").select_option("1")
    await page.get_by_role("button", name="찾기").click()
    await expect(page.locator("main li")).to_have_count(1)
    await page.get_by_role("button", name="처음으로").click()
    await expect(page.locator("main li")).to_have_count(2)
    async with page.expect_download() as download:
        await page.get_by_role("link", name="엑셀로 받기").click()
    await (await download.value).save_as(tmp_path / "list.xlsx")
    book = openpyxl.load_workbook(tmp_path / "list.xlsx")
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    texts = [str(cell.value) for cell in cells]
    assert first in texts
    assert not [text for text in texts if text.startswith(("35.2", "128.6", str(CITY_HALL[0])))]


async def test_many_are_opened_and_what_only_that_shows_is_asked(window: Windows, keyed: Office):
    await keyed.proves()
    await keyed.proves(kind=2, signed_at=int(clock.now().timestamp()) - 86_400)
    page = (await audits(window)).page
    await is_ready(page, keyed)
    await page.get_by_role("button", name="목록").click()
    await page.get_by_role("button", name="보이는 2건 모두 열기").click()
    await page.get_by_label("여는 까닭").fill("4분기 실태점검")
    await page.locator("form").get_by_role("button", name="보이는 2건 모두 열기").click()
    await expect(page.get_by_role("button", name="연 것을 CSV로 받기")).to_be_visible()
    await page.get_by_role("button", name="물어볼 것").click()
    await expect(page.get_by_text("좌표가 끝자리까지 같을까요?")).to_be_visible()
    assert await keyed.leaves(LeafType.ACCESS) == 2
    await picture(page, "questions")


async def test_where_the_reader_of_codes_cannot_be_had_it_says_so_and_later_reads(
    window: Windows, keyed: Office, tmp_path: Path
):
    upload, _ = await keyed.proves()
    page = (await audits(window)).page
    await page.context.route("**/*.wasm", lambda route: route.abort())
    await page.reload()
    shot = tmp_path / "code.png"
    shot.write_bytes(qr.png(codes.text(codes.Code.SEALED, upload.sealed)))
    await chooses(page, shot)
    await expect(page.get_by_text("QR 읽는 프로그램을 불러오지 못했어요")).to_be_visible()
    await page.context.unroute("**/*.wasm")
    await chooses(page, shot)
    await expect(page.get_by_text("봉인된 증빙이에요")).to_be_visible()
