"""One touch on a phone, in a real Chromium: consent, offline, kill, two tabs, each trouble."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import pytest
import zxingcpp
from playwright.async_api import BrowserContext, Error, async_playwright, expect
from psycopg import AsyncConnection

from hub.kit import clock
from hub.tripproof.reasons import Reason
from hub.tripproof.statement import Kind
from tests.web import people
from tests.web.browser.conftest import CHROMIUM_ARGS, PATIENCE_MS, Window, Windows, chromium
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.browser.touches import (
    CITY_HALL,
    COARSE,
    RECEIVED,
    UNSENT,
    Trips,
    big,
    enrolled,
    opened,
    touched,
    with_keys,
)
from tests.web.conftest import Web


@pytest.fixture
def hub(start: Callable[..., Any], tmp_path: Path) -> Iterator[Web]:
    """`window` opens pages of this one."""
    with with_keys(start, tmp_path) as web:
        yield web


@pytest.fixture
async def trips(conn: AsyncConnection[Any]) -> Trips:
    return await opened(conn)


async def test_one_touch_becomes_one_record_that_only_the_auditor_opens(
    window: Windows, trips: Trips, tmp_path: Path
):
    seen = await enrolled(window, 412, 915)
    page = seen.page
    await page.get_by_text("출발").click()
    await page.get_by_text("출장 번호·메모·사진").click()
    await page.get_by_label("출장 번호").fill("2026-0001234")
    await page.get_by_label("메모").fill("현장\u0007 점검 ")
    await big(page).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(RECEIVED)).to_be_visible()
    said = await trips.reads(page)
    assert (said.fix.lat_e7, said.fix.lon_e7) == (352_279_000, 1_286_811_000)  # type: ignore[union-attr]
    assert (said.kind, said.trip, said.note) == (Kind.DEPART, "2026-0001234", "현장 점검")
    [held] = await trips.proofs()
    assert (held["cti"], held["trip"]) == (said.cti, "2026-0001234")
    await page.locator(".code").screenshot(path=tmp_path / "code.png")
    [scanned] = zxingcpp.read_barcodes(cv2.imread(str(tmp_path / "code.png")))
    assert scanned.text == await page.locator(".code").get_attribute("data-text")
    assert seen.complaints == []


async def test_a_touch_without_network_waits_through_reloads_and_becomes_one_record(
    window: Windows, trips: Trips
):
    seen = await enrolled(window)
    page, context = seen.page, seen.page.context
    await context.set_offline(True)
    await page.reload()
    await touched(page)
    await expect(page.get_by_text("아직 보내지 않았어요")).to_be_visible()
    said = await trips.reads(page)
    for _ in range(2):
        await page.reload()
        await expect(page.get_by_text(UNSENT)).to_be_visible()
    assert await trips.proofs() == []
    await context.set_offline(False)
    await expect(page.get_by_text("모두 보냈어요")).to_be_visible()
    await page.reload()
    await page.get_by_role("button", name=RECEIVED).click()
    assert await trips.reads(page) == said
    assert said.queued
    [held] = await trips.arrived(1)
    assert held["cti"] == said.cti
    assert Reason.CHALLENGE_NONE not in held["reasons"]


async def test_an_answer_that_was_lost_makes_no_second_record(window: Windows, trips: Trips):
    seen = await enrolled(window)
    page = seen.page
    lost: list[str] = []

    async def lose(route: Any) -> None:
        """The hub takes it, and the phone never hears of that."""
        await route.fetch()
        lost.append(route.request.url)
        await route.abort()

    await page.context.route("**/api/v1/trips/proofs/*", lose)
    await touched(page)
    await trips.arrived(1)
    await page.get_by_role("button", name="하나 더").click()
    await expect(page.get_by_text(UNSENT)).to_be_visible()
    await page.context.unroute("**/api/v1/trips/proofs/*")
    await expect(page.get_by_text("모두 보냈어요")).to_be_visible()  # it tries by itself
    assert lost
    assert len(await trips.proofs()) == 1


async def test_without_background_sync_a_page_that_is_looked_at_again_sends(
    window: Windows, trips: Trips
):
    seen = await enrolled(window)
    page = seen.page
    await page.add_init_script(
        "Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', {get: () => undefined})"
    )
    await page.context.route("**/api/v1/trips/proofs/*", lambda route: route.abort())
    await page.clock.install()
    await page.reload()
    await expect(big(page)).to_be_visible()
    await touched(page)
    await page.clock.pause_at(clock.now() + timedelta(minutes=2))  # no timer rings any more
    await page.get_by_role("button", name="하나 더").click()
    await expect(page.get_by_text(UNSENT)).to_be_visible()
    await page.context.unroute("**/api/v1/trips/proofs/*")
    assert await trips.proofs() == []
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await trips.arrived(1)
    await expect(page.get_by_text("모두 보냈어요")).to_be_visible()


async def test_a_waypoint_by_the_keyboard_alone(window: Windows, trips: Trips):
    seen = await enrolled(window)
    page = seen.page
    await page.get_by_role("radio", name="도착").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("radio", name="경유")).to_be_checked()
    for _ in range(10):
        await page.keyboard.press("Tab")
        if await big(page).evaluate("(one) => one === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="남겼어요")).to_be_focused()
    assert (await trips.reads(page)).kind is Kind.WAYPOINT


async def test_the_key_cannot_be_taken_from_the_phone(window: Windows, trips: Trips):
    seen = await enrolled(window)
    told = await seen.page.evaluate(
        """() => new Promise((done) => {
            indexedDB.open('cheongsa-trip').onsuccess = ({target}) => {
                target.result.transaction('phone').objectStore('phone').get('device').onsuccess =
                    async (event) => {
                        const key = event.target.result.key.privateKey;
                        const taken = (form) => crypto.subtle.exportKey(form, key)
                            .then(() => 'taken', (error) => error.name);
                        done([key.algorithm.namedCurve, key.extractable, key.usages,
                            await taken('pkcs8'), await taken('jwk')]);
                    };
            }; })"""
    )
    refused = "InvalidAccessError"
    assert told == ["P-256", False, ["sign"], refused, refused]


async def test_a_person_has_one_key_and_the_phone_before_says_so(window: Windows, trips: Trips):
    first = await enrolled(window)
    await enrolled(window, 360, 780)
    await first.page.reload()
    told = first.page.get_by_text("다른 휴대전화에 새로 등록했어요")
    await expect(told).to_be_visible()
    await expect(big(first.page)).to_have_count(0)


async def test_it_can_be_put_on_the_home_screen(window: Windows, trips: Trips):
    seen = await enrolled(window)
    page = seen.page
    await page.evaluate(  # as Android says it, where the page may be installed
        """dispatchEvent(Object.assign(new Event('beforeinstallprompt', {cancelable: true}),
            {prompt: () => { document.title = 'asked'; }}))"""
    )
    await page.get_by_role("button", name="홈 화면에 추가").click()
    assert await page.title() == "asked"


async def test_two_tabs_sign_one_chain(window: Windows, trips: Trips):
    seen = await enrolled(window)
    other = await seen.page.context.new_page()
    await other.goto(seen.url + "/trip")
    await expect(big(other)).to_be_visible()
    await asyncio.gather(*(big(page).click() for page in (seen.page, other)))
    for page in (seen.page, other):
        await expect(page.get_by_text(RECEIVED)).to_be_visible()
    said = [await trips.reads(page) for page in (seen.page, other)]
    assert sorted(one.counter for one in said) == [1, 2]
    assert len({one.challenge for one in said}) == 2
    held = await trips.arrived(2)
    broken = {Reason.CHAIN_BROKEN, Reason.CLASH, Reason.COUNTER_GAP, Reason.CHALLENGE_REUSED}
    assert not any(broken & set(one["reasons"]) for one in held)


async def test_a_session_that_ended_blocks_nothing(window: Windows, trips: Trips):
    seen = await enrolled(window)
    await seen.page.context.clear_cookies()
    await seen.page.reload()
    await touched(seen.page)
    await expect(seen.page.get_by_text(RECEIVED)).to_be_visible()


async def test_without_permission_it_says_what_to_do_and_records_the_time_alone(
    window: Windows, trips: Trips
):
    seen = await enrolled(window, where=None)
    page = seen.page
    await big(page).click()
    await expect(page.get_by_role("heading", name="위치를 읽을 수 없어요")).to_be_visible()
    assert await trips.proofs() == []
    await page.get_by_role("button", name="위치 없이 시각만 남기기").click()
    await expect(page.get_by_text(RECEIVED)).to_be_visible()
    await expect(page.get_by_text("등급 C")).to_be_visible()
    assert (await trips.reads(page)).fix is None


async def test_a_coarse_place_is_recorded_only_when_somebody_says_so(window: Windows, trips: Trips):
    seen = await enrolled(window, where=COARSE)
    page = seen.page
    await big(page).click()
    await expect(page.get_by_text("오차가 약 2.6 km예요")).to_be_visible()
    await page.context.set_geolocation(CITY_HALL)
    await page.get_by_role("button", name="다시 하기").click()
    await expect(page.get_by_text("위치 오차 약 18 m")).to_be_visible()
    await page.get_by_role("button", name="하나 더").click()
    await page.context.set_geolocation(COARSE)
    await big(page).click()
    await page.get_by_role("button", name="이대로 남기기").click()
    await expect(page.get_by_text("위치 오차가 500 m를 넘습니다")).to_be_visible()


async def test_where_there_is_no_gps_it_says_so(window: Windows, trips: Trips):
    seen = await enrolled(window)
    page = seen.page
    await page.evaluate(  # a phone indoors: the watch never hears anything
        "Object.defineProperty(navigator.geolocation, 'watchPosition', {value: () => 1})"
    )
    await big(page).click()
    await expect(page.get_by_role("heading", name="위치를 찾지 못했어요")).to_be_visible()
    await page.get_by_role("button", name="돌아가기").click()
    await expect(big(page)).to_be_visible()


async def test_a_full_storage_records_nothing_and_says_so(window: Windows, trips: Trips):
    seen = await enrolled(window)
    page = seen.page
    await page.evaluate(
        """() => { IDBObjectStore.prototype.add = () => {
            throw new DOMException('full', 'QuotaExceededError'); } }"""
    )
    await big(page).click()
    await expect(page.get_by_role("heading", name="저장할 자리가 없어요")).to_be_visible()
    await page.reload()
    await touched(page)
    await expect(page.get_by_text(RECEIVED)).to_be_visible()
    assert (await trips.reads(page)).counter == 1


async def test_a_wrong_clock_is_told_and_costs_a_grade_only(window: Windows, trips: Trips):
    seen = await enrolled(window)
    page = seen.page
    await page.clock.install(time=clock.now().timestamp() + 3 * 3600)
    await page.clock.resume()
    await page.reload()
    ahead = re.compile("시계가 청사보다 1[78][0-9]분 빨라요")  # a busy machine is a minute off
    await expect(page.get_by_text(ahead)).to_be_visible()
    await page.get_by_role("button", name="그래도 계속").click()
    await touched(page)
    await expect(page.get_by_text(RECEIVED)).to_be_visible()
    await expect(page.get_by_text("휴대전화 시계가 빠릅니다")).to_be_visible()


async def test_a_lost_key_is_told_and_a_new_one_takes_its_place(window: Windows, trips: Trips):
    seen = await enrolled(window)
    page = seen.page
    await page.goto(seen.url + "/me")
    await page.evaluate(
        """() => new Promise((done) => {
            indexedDB.deleteDatabase('cheongsa-trip').onsuccess = done; })"""
    )
    await page.goto(seen.url + "/trip")
    await expect(page.get_by_role("heading", name="이 휴대전화에 열쇠가 없어요")).to_be_visible()
    await page.get_by_role("button", name="동의하고 등록").click()
    await touched(page)
    await expect(page.get_by_text(RECEIVED)).to_be_visible()


async def test_consent_may_be_refused_and_withdrawn(window: Windows, trips: Trips):
    seen = await window()
    page = await sign_in(seen, "han")
    await page.goto(seen.url + "/trip")
    await page.get_by_role("button", name="동의하지 않음").click()
    await expect(page.get_by_text("동의하지 않아도 불이익이 없어요")).to_be_visible()
    await page.get_by_role("button", name="동의문 다시 보기").click()
    await page.get_by_role("button", name="동의하고 등록").click()
    await page.get_by_role("button", name="동의 철회").click()
    await page.get_by_role("button", name="철회하기").click()
    await expect(page.get_by_role("heading", name="종이나 사진으로 하면 돼요")).to_be_visible()
    await page.reload()
    await page.get_by_role("button", name="동의문 다시 보기").click()
    await expect(page.get_by_role("button", name="동의하고 등록")).to_be_visible()


async def test_who_is_not_signed_in_or_has_no_field_role_is_told_the_way(
    conn: AsyncConnection[Any], window: Windows, trips: Trips
):
    await people.add(conn, "lee", "facilities")
    seen = await window()
    page = await seen.open("/trip")
    await expect(page.get_by_role("heading", name="처음 한 번 로그인해 주세요")).to_be_visible()
    await sign_in(seen, "lee")
    await page.goto(seen.url + "/trip")
    await expect(page.get_by_role("heading", name="출장 역할이 없어요")).to_be_visible()


async def test_other_pages_are_as_fresh_as_without_the_worker(window: Windows, trips: Trips):
    seen = await enrolled(window)
    page = seen.page
    await page.goto(seen.url + "/me")
    assert await page.evaluate("navigator.serviceWorker.controller === null")
    await page.goto(seen.url + "/trip")
    assert await page.evaluate("!!navigator.serviceWorker.controller")
    kept = await page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) =>
            (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)
        ))).flat()"""
    )
    assert "/trip" in kept
    assert not [path for path in kept if path.startswith("/api/")]


@pytest.fixture
async def profile(tmp_path: Path) -> AsyncIterator[Callable[[], Any]]:
    """A browser with a profile on disk, that can be killed and started again."""
    async with async_playwright() as play:
        opened: list[BrowserContext] = []

        async def start() -> BrowserContext:
            context = await play.chromium.launch_persistent_context(
                tmp_path / "profile", executable_path=chromium(), args=list(CHROMIUM_ARGS),
                locale="ko-KR", geolocation=CITY_HALL, permissions=["geolocation"],
            )  # fmt: skip
            context.set_default_timeout(PATIENCE_MS)
            opened.append(context)
            return context

        yield start
        for context in opened:
            with suppress(Error):  # one of them was killed
                await context.close()


def kill(profile: Path) -> None:
    """The whole browser at once, as a phone does with it that needs the room."""
    for words in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended meanwhile
            if f"--user-data-dir={profile}".encode() in words.read_bytes().split(b"\0"):
                os.kill(int(words.parent.name), signal.SIGKILL)


async def test_a_killed_browser_sends_once_what_was_stored(
    profile: Callable[[], Any], hub: Web, trips: Trips, tmp_path: Path
):
    context = await profile()
    page = context.pages[0]
    await sign_in(Window(page, hub.url), "han")
    await page.goto(hub.url + "/trip")
    await page.get_by_role("button", name="동의하고 등록").click()
    await expect(big(page)).to_be_visible()
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await context.set_offline(True)
    await touched(page)
    said = await trips.reads(page)
    async with asyncio.timeout(PATIENCE_MS / 1000):
        ended = asyncio.Event()
        context.on("close", lambda _: ended.set())
        kill(tmp_path / "profile")
        await ended.wait()
    again = (await profile()).pages[0]
    await again.goto(hub.url + "/trip")
    await expect(again.get_by_text("모두 보냈어요")).to_be_visible()
    [held] = await trips.arrived(1)
    assert held["cti"] == said.cti


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    window: Windows, trips: Trips, size: tuple[int, int], dark: bool
):
    name = f"{size[0]}-{'dark' if dark else 'light'}"
    seen = await window(*size, dark=dark)
    page = await sign_in(seen, "han")
    await page.goto(seen.url + "/trip")
    agree = page.get_by_role("button", name="동의하고 등록")
    await expect(agree).to_be_visible()
    await is_clean(page)
    await picture(page, f"trip-consent-{name}")
    await agree.click()
    await big(page).click()
    await expect(page.get_by_role("heading", name="위치를 읽을 수 없어요")).to_be_visible()
    await is_clean(page)
    await picture(page, f"trip-denied-{name}")
    await page.context.grant_permissions(["geolocation"])
    await page.context.set_geolocation(CITY_HALL)
    await page.get_by_role("button", name="다시 하기").click()
    await expect(page.get_by_text(RECEIVED)).to_be_visible()
    await is_clean(page)
    await picture(page, f"trip-done-{name}")
    await page.get_by_role("button", name="하나 더").click()
    await expect(page.get_by_text("모두 보냈어요")).to_be_visible()
    await is_clean(page)
    await picture(page, f"trip-ready-{name}")
    assert seen.complaints == []
