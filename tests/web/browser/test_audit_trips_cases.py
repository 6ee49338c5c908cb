"""The auditor in a real Chromium: what is unknown, not there, not allowed, or of another time."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect
from psycopg import AsyncConnection

from hub.tripproof import codes, seal
from hub.tripproof.auditor_key import AuditorKey
from hub.tripproof.keys import Use
from hub.tripproof.leaf import LeafType
from tests.web.browser.auditing import (
    CHANGED,
    GENUINE,
    PASSPHRASE,
    TRIP,
    Office,
    an_office,
    answer,
    audits,
    is_ready,
    pastes,
)
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import sign_in
from tests.web.browser.touches import with_keys
from tests.web.conftest import Web
from tests.web.test_trip_books import order, saved

pytestmark = pytest.mark.timeout(1_800)  # machines are busy


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


async def test_a_proof_that_the_hub_has_not_is_logged_as_unchecked(window: Windows, keyed: Office):
    upload = keyed.phone.seals(keyed.phone.says(trip=TRIP))
    page = (await audits(window)).page
    await is_ready(page, keyed)
    await pastes(page, codes.text(codes.Code.SEALED, upload.sealed))
    await expect(page.get_by_text("청사에 없는 증빙이에요")).to_be_visible()
    await page.get_by_role("button", name="기록부에 적어 두기").click()
    await expect(page.get_by_text(re.compile(r"기록부 \d+번에 적었어요"))).to_be_visible()
    assert await keyed.leaves(LeafType.UNCHECKED) == 1


async def test_a_proof_for_the_hub_is_carried_in_and_a_foreign_key_is_named(
    window: Windows, keyed: Office
):
    page = (await audits(window)).page
    await is_ready(page, keyed)
    said = keyed.phone.says(trip=TRIP)
    upload = keyed.phone.seals(said)
    hub = keyed.phone.keys.of(Use.HUB_OPENS)[0]
    carried = seal.seal(hub, upload.encoded, seal.For.HUB)
    await pastes(page, codes.text(codes.Code.CARRIED, carried))
    await page.get_by_role("button", name="청사로 나르기").click()
    await page.get_by_role("button", name="자세히 보기").click()
    await expect(page.get_by_text(said.cti.hex())).to_be_visible()
    await page.get_by_role("button", name="스캔").click()
    stranger = AuditorKey.new(20263).seal.public
    await pastes(
        page,
        codes.text(codes.Code.SEALED, seal.seal(stranger, upload.statement, seal.For.AUDITOR)),
    )
    await expect(page.get_by_text("이 열쇠로는 열리지 않아요")).to_be_visible()


async def test_a_printed_code_that_counts_others_is_changed(window: Windows, keyed: Office):
    await keyed.proves()
    told = (await keyed.gam.does("GET", f"/api/v1/trips/orders/{TRIP}/pointer")).json()
    await keyed.conn.execute("ALTER TABLE trip_proof DISABLE TRIGGER trip_proof_stays")
    await keyed.conn.execute("UPDATE trip_proof SET trip = 'elsewhere'")
    await keyed.conn.commit()
    page = (await audits(window)).page
    await is_ready(page, keyed)
    await pastes(page, told["text"])
    await expect(answer(page)).to_have_text(CHANGED)


async def test_without_a_camera_the_page_says_what_else_will_do(window: Windows, keyed: Office):
    page = (await audits(window)).page
    await page.context.grant_permissions(["camera"])
    await page.get_by_role("button", name="카메라로 찍기").click()
    await expect(page.get_by_text("이 PC에는 카메라가 없어요")).to_be_visible()


async def test_the_whole_log_is_held_against_a_checkpoint(window: Windows, keyed: Office):
    await keyed.proves()
    page = (await audits(window)).page
    await is_ready(page, keyed)
    old = (await keyed.gam.does("GET", "/api/v1/log/checkpoint")).text
    await keyed.proves()
    await page.get_by_role("button", name="기록부").click()
    await page.get_by_label("가지고 있던 확인점").first.fill(old.strip())
    await page.get_by_role("button", name="지금 받아 바로 검사").click()
    await expect(page.get_by_text("지워지거나 바뀐 것이 없어요")).to_be_visible()
    await keyed.conn.execute("ALTER TABLE trip_leaf DISABLE TRIGGER trip_leaf_stays")
    await keyed.conn.execute("UPDATE trip_leaf SET body = NULL WHERE type = 1")
    await keyed.conn.commit()
    await page.get_by_role("button", name="지금 받아 바로 검사").click()
    await expect(page.get_by_text("기록부가 바뀌었어요")).to_be_visible()
    await page.get_by_label("가지고 있던 확인점").first.fill("확인점이 아닌 글")
    await page.get_by_role("button", name="지금 받아 바로 검사").click()
    await expect(page.get_by_text("확인점이 아니에요.")).to_be_visible()


async def test_the_next_key_is_vouched_for_by_the_old_one(
    window: Windows, keyed: Office, tmp_path: Path
):
    seen = await audits(window, "/audit/trips/key")
    page = seen.page
    await page.get_by_role("button", name="무작위로 만들기").click()
    given = await page.get_by_label("암호", exact=True).input_value()
    await page.get_by_label("암호 한 번 더").fill(given)
    await page.get_by_role("button", name="열쇠 만들기").click()
    for number in (1, 2):
        copy = page.get_by_role("group", name=f"{number}부", exact=True)
        async with page.expect_download() as download:
            await copy.get_by_role("link", name=f"{number}부 저장").click()
        file = tmp_path / f"next-{number}.json"
        await (await download.value).save_as(file)
        await copy.get_by_label(f"저장한 {number}부 고르기").set_input_files(file)
        await copy.get_by_label("다시 열 암호").fill(given)
        await copy.get_by_role("button", name="열쇠 열기").click()
        await expect(copy.get_by_text("다시 열렸어요")).to_be_visible()
    await expect(page.get_by_text("모든 휴대전화가 동의를 처음부터 다시 물어요")).to_be_visible()
    await page.get_by_label("지난 열쇠 파일").set_input_files(keyed.key_file)
    await page.get_by_label("암호", exact=True).fill(PASSPHRASE)
    await page.get_by_role("button", name="서명하기").click()
    await expect(page.get_by_text("지난 열쇠로 서명했어요")).to_be_visible()
    await page.get_by_role("button", name="공개하기").click()
    await expect(page.get_by_text("공개했어요", exact=True)).to_be_visible()
    told = (await keyed.gam.does("GET", "/api/v1/trips/auditor")).json()["keys"]
    assert [one["is_handed_over"] for one in told] == [True, False]
    assert seen.complaints == []


async def test_it_opens_for_auditors_alone_and_says_when_the_hub_is_away(
    window: Windows, ours: Office
):
    seen = await window()
    page = await sign_in(seen, "adm")
    await page.goto(seen.url + "/audit/trips")
    await expect(page.locator("main")).to_contain_text("감사")
    assert await page.get_by_label("붙여 넣기").count() == 0
    page = (await audits(window)).page
    await expect(page.get_by_text("아직 감사 열쇠가 없어요")).to_be_visible()
    await page.context.set_offline(True)
    await page.get_by_role("button", name="목록").click()
    await expect(page.get_by_role("button", name=re.compile("다시"))).to_be_visible()
    await page.context.set_offline(False)
    await page.get_by_role("button", name=re.compile("다시")).click()
    await expect(page.get_by_text("아직 증빙이 없어요")).to_be_visible()


async def links(world: Office, cti: str, trip: str) -> None:
    told = {"trip": trip}
    answered = await world.adm.does("PUT", f"/api/v1/trips/proofs/{cti}/link", json=told)
    assert answered.status_code == 200, answered.text


async def test_a_touch_that_was_linked_later_counts_on_the_printed_code(
    window: Windows, keyed: Office
):
    world: Any = keyed
    await saved(world, order(trip="2026-0007777"))
    await keyed.proves()
    _, loose = await keyed.proves(trip="")
    await links(keyed, loose, TRIP)
    told = (await keyed.gam.does("GET", f"/api/v1/trips/orders/{TRIP}/pointer")).json()
    page = (await audits(window)).page
    await is_ready(page, keyed)
    await pastes(page, told["text"])
    await expect(answer(page)).to_have_text(GENUINE)
    await expect(page.locator("main li button")).to_have_count(2)
    await links(keyed, loose, "2026-0007777")
    await page.get_by_role("button", name="다른 코드 읽기").click()
    await pastes(page, told["text"])
    await expect(answer(page)).to_have_text(GENUINE)
    await page.get_by_text(re.compile("살펴본 것")).click()
    await expect(page.get_by_text("1건은 그 뒤에 다른 출장으로 이었습니다")).to_be_visible()
    await expect(page.locator("main li button")).to_have_count(1)


async def tabs_to(page: Page, name: str) -> None:
    """Tab until what is named so has the focus; it shows that it has."""
    said = "(document.activeElement.labels?.[0] ?? document.activeElement).textContent"
    for _ in range(80):
        await page.keyboard.press("Tab")
        if name in (await page.evaluate(said)).strip()[: len(name) + 2]:
            break
    else:
        raise AssertionError(f"no {name} on the way")
    shown = "getComputedStyle(document.activeElement.closest('.button:focus-within') ??"
    assert await page.evaluate(shown + " document.activeElement).outlineStyle") != "none"


async def test_everything_is_done_by_keyboard(window: Windows, keyed: Office):
    upload, cti = await keyed.proves()
    page = (await audits(window)).page
    await expect(page.get_by_text("미리 가지고 있는 확인점이 없어요")).to_be_visible()
    await tabs_to(page, "지금 확인점 보관하기")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("이 PC에 보관한 확인점")).to_be_visible()
    await tabs_to(page, "열쇠 열기")
    await page.keyboard.press("Enter")
    await tabs_to(page, "열쇠 파일")
    await page.get_by_label("열쇠 파일").set_input_files(keyed.key_file)  # a dialogue of the system
    await tabs_to(page, "암호")
    await page.keyboard.insert_text(PASSPHRASE)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("열쇠로 열어 두었어요")).to_be_visible()
    await tabs_to(page, "붙여 넣기")
    await page.keyboard.insert_text(codes.text(codes.Code.SEALED, upload.sealed))
    await tabs_to(page, "읽기")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("여는 까닭")).to_be_visible()
    await tabs_to(page, "여는 까닭")
    await page.keyboard.insert_text("4분기 실태점검")
    await page.keyboard.press("Enter")
    await expect(answer(page)).to_have_text(GENUINE)
    await tabs_to(page, "살펴본 것")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("기록된 판정 그대로임")).to_be_visible()
    await tabs_to(page, "목록")
    await page.keyboard.press("Enter")
    await expect(page.locator("main li button")).to_be_visible()
    await tabs_to(page, "A")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(cti)).to_be_visible()
    await tabs_to(page, "기록부")
    await page.keyboard.press("Enter")
    await tabs_to(page, "확인점 보기")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("견주는 지문")).to_be_visible()
