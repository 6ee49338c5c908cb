"""The auditor's pages looked at in every width, light and dark; axe finds nothing in any state."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect
from psycopg import AsyncConnection

from hub.tripproof import codes
from tests.web.browser.auditing import (
    CHANGED,
    GENUINE,
    UNKNOWN,
    Office,
    an_office,
    answer,
    audits,
    holds_a_checkpoint,
    is_ready,
    opens_key,
    pastes,
    says_why,
)
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import SIZES, is_clean, picture
from tests.web.browser.touches import with_keys
from tests.web.conftest import Web

pytestmark = pytest.mark.timeout(1_800)  # many looks, and machines are busy


@pytest.fixture
def hub(start: Callable[..., Any], tmp_path: Path) -> Iterator[Web]:
    with with_keys(start, tmp_path) as web:
        yield web


@pytest.fixture
async def ours(hub: Web, conn: AsyncConnection[Any], tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(hub, conn, tmp_path) as made:
        await made.enrols()
        yield made


async def looks_well(page: Page, name: str) -> None:
    """Six times: every width, light and dark."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        for width, height in SIZES:
            await page.set_viewport_size({"width": width, "height": height})
            await is_clean(page)
            await picture(page, f"audit-{name}-{width}-{scheme}")


async def goes_to(page: Page, view: str) -> None:
    await page.get_by_role("button", name=view, exact=True).click()


async def test_scans_and_their_answers_look_well(window: Windows, ours: Office):
    upload, cti = await ours.proves()
    altered, spoilt = await ours.proves(fix=None)
    said = {"text": "공사로 길이 막혀 먼 곳에 세웠습니다."}
    await ours.han.does("POST", f"/api/v1/trips/proofs/{cti}/appeal", json=said)
    page = (await audits(window)).page
    await expect(page.get_by_text("미리 가지고 있는 확인점이 없어요")).to_be_visible()
    await looks_well(page, "scan")
    await opens_key(page, ours.key_file)
    text = codes.text(codes.Code.SEALED, upload.sealed)
    await pastes(page, text)
    await says_why(page)
    await expect(answer(page)).to_have_text(UNKNOWN)
    await looks_well(page, "unknown")
    await goes_to(page, "다른 코드 읽기")
    await holds_a_checkpoint(page)
    await pastes(page, text)
    await says_why(page)
    await expect(answer(page)).to_have_text(GENUINE)
    await expect(page.get_by_text("공사로 길이 막혀")).to_be_visible()
    await looks_well(page, "genuine")
    await ours.conn.execute("ALTER TABLE trip_leaf DISABLE TRIGGER trip_leaf_stays")
    await ours.conn.execute(
        "UPDATE trip_leaf SET body = (SELECT body FROM trip_leaf WHERE ref = %s AND type = 1)"
        " WHERE ref = %s AND type = 1",
        (bytes.fromhex(cti), bytes.fromhex(spoilt)),
    )
    await ours.conn.commit()
    await goes_to(page, "다른 코드 읽기")
    await pastes(page, codes.text(codes.Code.SEALED, altered.sealed))
    await says_why(page)
    await expect(answer(page)).to_have_text(CHANGED)
    await looks_well(page, "changed")


async def test_the_list_the_questions_and_the_log_look_well(window: Windows, ours: Office):
    for kind in (1, 2, 3):
        await ours.proves(kind=kind, fix=None)
    page = (await audits(window)).page
    await is_ready(page, ours)
    await goes_to(page, "목록")
    await expect(page.locator("main li").nth(2)).to_be_visible()
    await page.get_by_text("골라 보기").click()
    await expect(page.get_by_label("직원번호·이름")).to_be_visible()
    await looks_well(page, "list")
    await goes_to(page, "물어볼 것")
    await expect(page.get_by_text("증빙 3건을 보았어요")).to_be_visible()
    await looks_well(page, "questions")
    await goes_to(page, "기록부")
    await page.get_by_role("button", name="지금 받아 바로 검사").click()
    await expect(page.get_by_text("지워지거나 바뀐 것이 없어요")).to_be_visible()
    await looks_well(page, "log")


async def test_the_key_and_the_checkpoint_look_well(window: Windows, ours: Office):
    old = (await ours.gam.does("GET", "/api/v1/log/checkpoint")).text
    await ours.proves()
    page = (await audits(window)).page
    await is_ready(page, ours)
    await page.goto(page.url + "/key")
    await expect(page.get_by_text("지금 공개된 열쇠")).to_be_visible()
    await looks_well(page, "key")
    await page.goto(page.url.replace("/key", "/checkpoint"))
    await page.get_by_label("상대가 가진 확인점").fill(old)
    await page.get_by_role("button", name="견주기", exact=True).click()
    await expect(answer(page)).to_have_text("한 기록부예요")
    await looks_well(page, "checkpoint")
    await page.emulate_media(media="print", color_scheme="light")
    await picture(page, "audit-checkpoint-print")
