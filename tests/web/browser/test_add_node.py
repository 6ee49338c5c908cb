"""A node is added in the browser: its card is downloaded, and what comes of it is told."""

import asyncio
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect
from psycopg import AsyncConnection

from hub.devices import pki_files
from hub.kit import clock
from tests.system.test_enrolment import csr
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.conftest import Web
from tests.web.people import add


@pytest.fixture
def hub(start: Callable[..., Any], tmp_path: Path) -> Iterator[Web]:
    """A hub that can enrol nodes, with something on its shelf."""
    pki_files.make(tmp_path / "ca", "Test CA", clock.now())
    for shelf in ("trixie", "bookworm", "models"):
        (tmp_path / "files" / shelf).mkdir(parents=True)
        (tmp_path / "files" / shelf / "a-1-py3-none-any.whl").write_bytes(b"wheel")
    with start(
        HUB_CA_DIR=str(tmp_path / "ca"),
        HUB_PUBLIC_URL="https://localhost:8443",
        HUB_NODE_BROKER_URL="mqtts://127.0.0.1",
        HUB_NODE_FILES_DIR=str(tmp_path / "files"),
    ) as web:
        yield web


async def the_page(window: Windows, conn: AsyncConnection[Any], **size: Any) -> tuple[Any, Page]:
    await conn.execute(
        "INSERT INTO site (site, name, name_en) VALUES ('city', '시청', 'City hall')"
    )
    await add(conn, "lee", "facilities")
    await conn.commit()
    seen = await window(**size)
    await sign_in(seen, "lee")
    return seen, await seen.open("/devices/add")


def read_card(path: Path) -> tuple[str, str]:
    with zipfile.ZipFile(path) as card:
        return card.read("cheongsa/code").decode().strip(), card.read("network-config").decode()


async def test_a_node_is_added_its_card_downloaded_and_its_enrolment_told(
    conn: AsyncConnection[Any], window: Windows
):
    seen, page = await the_page(window, conn)
    await page.get_by_label("이름", exact=True).fill("배식대 카메라")
    await expect(page.get_by_label("기기 아이디")).to_have_value("cam-1")
    await page.get_by_label("와이파이", exact=True).check()
    await page.get_by_label("와이파이 이름").fill("청사 무선")
    await page.get_by_label("와이파이 비밀번호").fill("correct horse")
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="카드 꾸러미 만들기").press("Enter")
    download = await coming.value
    assert download.suggested_filename == "cheongsa-city-cam-1.zip"
    code, network = await asyncio.to_thread(read_card, await download.path())
    assert "청사 무선" in network
    await expect(page.get_by_text("카드를 기다리고 있어요")).to_be_visible()
    told = {"code": code, "csr_pem": csr()}
    async with httpx.AsyncClient(headers={"Origin": seen.url}) as node:
        answer = await node.post(f"{seen.url}/api/v1/enrolment", json=told)
    assert answer.status_code == 200, answer.text
    await expect(page.get_by_text("등록했어요. 첫 소식을 기다려요")).to_be_visible()
    await conn.execute("UPDATE node SET health_at = now() WHERE node = 'cam-1'")
    await conn.commit()
    await expect(page.get_by_text("살아 있어요. 이제 구역을 그려 주세요")).to_be_visible()
    await page.get_by_role("link", name="구역 그리기").click()
    await expect(page).to_have_url(f"{seen.url}/zones?site=city&node=cam-1")
    assert seen.complaints == []


async def test_a_code_alone_is_shown_with_its_qr_and_a_taken_name_is_told(
    conn: AsyncConnection[Any], window: Windows
):
    _, page = await the_page(window, conn)
    await page.get_by_label("이름", exact=True).fill("문")
    async with page.expect_download():
        await page.get_by_role("button", name="카드 꾸러미 만들기").click()
    await page.get_by_text("꾸러미 없이 코드만").click()
    await page.get_by_role("button", name="코드 보기").click()
    await expect(page.locator("code")).to_have_text(re.compile(r"^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$"))
    await expect(page.locator("img.qr")).to_be_visible()
    await page.get_by_role("button", name="하나 더").click()
    await expect(page.get_by_label("기기 아이디")).to_have_value("cam-2")
    await page.get_by_label("기기 아이디").fill("cam-1")
    await page.get_by_label("이름", exact=True).fill("또 문")
    await page.get_by_role("button", name="카드 꾸러미 만들기").click()
    await expect(page.get_by_text("이미 있는 노드예요")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_it_holds_at_every_size(
    conn: AsyncConnection[Any], window: Windows, width: int, height: int, dark: bool
):
    _, page = await the_page(window, conn, width=width, height=height, dark=dark)
    await expect(page.get_by_label("이름", exact=True)).to_be_visible()
    await page.get_by_label("와이파이", exact=True).check()
    await page.get_by_text("더 보기").click()
    await is_clean(page)
    await picture(page, f"add-node-{width}-{'dark' if dark else 'light'}")
    await page.get_by_label("유선(랜)").check()
    await page.get_by_label("이름", exact=True).fill("배식대 카메라")
    async with page.expect_download():
        await page.get_by_role("button", name="카드 꾸러미 만들기").click()
    await expect(page.get_by_text("카드를 기다리고 있어요")).to_be_visible()
    await is_clean(page)
    await picture(page, f"card-{width}-{'dark' if dark else 'light'}")
