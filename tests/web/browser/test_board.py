"""The board as staff meet it: the answer first, live, and honest about its age."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Route, expect
from psycopg import AsyncConnection

from hub.kit import clock
from tests.hub.density.offices import add_zone, open_office, saw
from tests.web.browser.conftest import Office, Windows, add_seats, node_says
from tests.web.conftest import Web, until

ANSWER = "section.answer"


async def test_the_answer_is_the_first_thing_said(office: Office, window: Windows):
    await office.lunch(people=20)
    seen = await window(360, 780)
    page = await seen.open()
    await expect(page.locator(".answer .word")).to_have_text("보통")
    await expect(page.locator(".answer .wait b")).to_have_text(re.compile("약 [5-9]분"))
    await expect(page.locator(".answer .wait")).to_contain_text("앞에 20명")
    await expect(page.locator(".answer time")).to_have_text(re.compile("방금|초 전"))
    box = await page.locator(".answer .wait").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 780  # without scrolling
    assert await page.title() == "보통 · 지금 구내식당 · 청사"
    assert seen.complaints == []


async def test_a_new_count_changes_the_answer_without_a_reload(office: Office, window: Windows):
    await office.lunch(people=6)
    page = await (await window()).open()
    await expect(page.locator(".answer .wait")).to_contain_text("앞에 6명")
    await office.sees(9)
    await expect(page.locator(".answer .wait")).to_contain_text("앞에 9명")
    spoken = page.locator(".answer [aria-live=polite]")
    await expect(spoken).to_contain_text("앞에 9명")
    assert "초 전" not in await spoken.inner_text()  # a ticking age is never read out


async def test_a_count_that_grows_old_turns_grey_by_itself(office: Office, window: Windows):
    await office.lunch(until_s_ago=24)
    page = await (await window()).open()
    await expect(page.locator(ANSWER)).to_have_attribute("data-state", "wait")
    await expect(page.locator(ANSWER)).to_have_attribute("data-state", "stale", timeout=15_000)
    await expect(page.locator(ANSWER)).to_have_attribute("data-tone", "plain")
    await expect(page.locator(ANSWER)).to_contain_text("새로 센 값이 오지 않고 있어요")
    await expect(page.locator(ANSWER)).not_to_contain_text("지금 줄 서면")


async def test_when_the_hub_is_gone_the_page_says_so_and_greys_the_last_answer(
    office: Office, browser: Browser, start: Callable[..., Any]
):
    await office.lunch(until_s_ago=15)
    with start() as web:
        page = await browser.new_page()
        await page.goto(web.url)
        await expect(page.locator(ANSWER)).to_have_attribute("data-state", "wait")
        web.process.kill()
        web.process.wait()
        await expect(page.locator(".lost")).to_contain_text("서버와 연결이 끊겼어요")
        await expect(page.locator(".lost button")).to_have_text("지금 다시")
        await expect(page.locator(ANSWER)).to_have_attribute("data-state", "stale", timeout=20_000)
        await expect(page.locator(ANSWER)).to_contain_text("서버와 연결이 끊겼어요")


async def test_without_any_answer_the_page_says_what_happened_and_tries_again(
    office: Office, browser: Browser, start: Callable[..., Any]
):
    await office.lunch(minutes=2)
    with start() as web:
        page = await browser.new_page()
        await page.route("**/api/**", lambda route: route.abort())
        await page.goto(web.url)
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            "지금 줄을 불러오지 못했어요"
        )
        await expect(page.locator(".again")).to_have_text(re.compile("뒤 다시 이어|다시 잇고"))
        await page.unroute("**/api/**")
        await page.get_by_role("button", name="지금 다시").click()
        await expect(page.locator(".answer .word")).to_be_visible()


async def test_where_no_stream_gets_through_the_page_asks_again_and_again(
    office: Office, window: Windows
):
    await office.lunch(people=6)
    seen = await window()
    await seen.page.route("**/density/stream", lambda route: route.abort())
    page = await seen.open()
    await expect(page.locator(".answer .wait")).to_contain_text("앞에 6명")
    await until(lambda: len(seen.of("/stream")) >= 3, 15)
    await office.sees(9)
    await expect(page.locator(".answer .wait")).to_contain_text("앞에 9명", timeout=20_000)
    await expect(page.locator(".lost")).to_have_count(0)


async def _streams(hub: Web) -> float:
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"{hub.url}/metrics")).text
    found = re.search(r"^cheongsa_streams (\S+)", text, re.MULTILINE)
    assert found is not None
    return float(found[1])


async def _until_streams(hub: Web, wanted: int) -> None:
    for _ in range(200):
        if await _streams(hub) == wanted:
            return
    raise AssertionError(f"{await _streams(hub)} streams, not {wanted}")


async def test_a_hidden_tab_holds_no_stream_and_takes_it_up_again(
    office: Office, window: Windows, hub: Web
):
    await office.lunch(people=6)
    seen = await window()
    # Headless pages are never hidden, so the page is told that it is.
    await seen.page.add_init_script(
        "Object.defineProperty(document, 'hidden', { get: () => globalThis.away === true });"
    )
    page = await seen.open()
    await expect(page.locator(".answer .wait")).to_contain_text("앞에 6명")
    await _until_streams(hub, 1)
    turn = (
        "(away) => { globalThis.away = away;"
        " document.dispatchEvent(new Event('visibilitychange')) }"
    )
    await page.evaluate(turn, arg=True)
    await _until_streams(hub, 0)
    await office.sees(9)
    await page.evaluate(turn, arg=False)
    await expect(page.locator(".answer .wait")).to_contain_text("앞에 9명")
    await _until_streams(hub, 1)


async def test_a_queue_without_a_counter_line_says_what_to_do(
    conn: AsyncConnection[Any], window: Windows
):
    await open_office(conn, state={"online": True, "observing": "ok"})
    await conn.execute("UPDATE zone SET has_served_line = false")
    await Office(conn, 1).sees(17)
    page = await (await window()).open()
    await expect(page.locator(".answer .word")).to_have_text("대기 시간 모름")
    await expect(page.locator(ANSWER)).to_contain_text("계산대 선을 그려 주세요")
    await expect(page.locator(ANSWER)).to_contain_text("지금 17명이 서 있어요")


async def test_an_office_without_a_camera_is_told_what_will_be_here(window: Windows):
    page = await (await window()).open()
    await expect(page.get_by_role("heading", level=1)).to_have_text("곧 여기에 줄이 보여요")


async def test_a_closed_cafeteria_says_when_it_opens(conn: AsyncConnection[Any], window: Windows):
    day = (clock.now() + timedelta(hours=9, days=3)).isoweekday()
    hours = [{"days": [day], "open": "11:30", "close": "13:30"}]
    await open_office(conn, hours=hours)
    page = await (await window()).open()
    await expect(page.locator(".answer .word")).to_have_text("닫음")
    await expect(page.locator(ANSWER)).to_contain_text(
        re.compile("[월화수목금토일]요일 11:30에 열어요")
    )


@pytest.mark.parametrize(
    ("kind", "badge", "sentence"),
    [
        ("simulated", "가상 장면", "컴퓨터가 그린 장면"),
        ("recording", "녹화 영상", "녹화한 시험 영상"),
    ],
)
async def test_what_is_no_real_queue_is_said_in_words_with_who_counted(
    office: Office, window: Windows, kind: str, badge: str, sentence: str
):
    await office.lunch(minutes=6)
    source = {"kind": kind, "name": "lunch", "detector": "scene-yolo 1.0"}
    await node_says(office.conn, source=source)
    page = await (await window()).open()
    await expect(page.locator(".answer .age")).to_contain_text(badge)
    await expect(page.locator(".side")).to_contain_text(sentence)
    await expect(page.locator(".side")).to_contain_text("scene-yolo 1.0")
    wall = await (await window()).open("/wall")
    await expect(wall.locator("footer")).to_contain_text(badge)


async def test_a_camera_fault_is_told_with_its_own_words(office: Office, window: Windows):
    ended_at = clock.now() - timedelta(minutes=5)
    await saw(office.conn, office.queue, ended_at, 20)
    await node_says(office.conn, observing="fault", fault="케이블을 다시 꽂아 주세요.")
    page = await (await window()).open()
    await expect(page.locator(ANSWER)).to_contain_text("카메라에 문제가 생겼어요")
    await expect(page.locator(".side")).to_contain_text("케이블을 다시 꽂아 주세요.")


async def test_seats_are_told_as_a_share_and_touching_them_shows_them_large(
    office: Office, window: Windows
):
    await office.lunch(minutes=6)
    hall = await add_seats(office.conn, seats=300)
    await office.sees(186, zone=hall)
    page = await (await window(360, 780)).open()
    row = page.get_by_role("button", name="좌석")
    await expect(row).to_contain_text("62% 찼어요")
    await row.click()
    await expect(page.locator(".answer .word")).to_have_text("62% 찼어요")
    await expect(page.locator(".answer .wait")).to_contain_text("빈자리 114석")
    assert "zone=hall" in page.url
    await page.reload()
    await expect(page.locator(".answer .word")).to_have_text("62% 찼어요")


async def test_the_chosen_site_is_in_the_address_and_remembered(office: Office, window: Windows):
    await office.lunch(minutes=6)
    await open_office(office.conn, "annex")
    await office.conn.execute("UPDATE site SET name = '별관' WHERE site = 'annex'")
    await office.conn.execute("UPDATE zone SET name = '별관 줄' WHERE site = 'annex'")
    await office.conn.commit()
    page = await (await window()).open()
    await page.get_by_label("식당 고르기").select_option("별관")
    await expect(page.locator(".answer .place")).to_contain_text("별관 줄")
    assert "site=annex" in page.url
    await page.goto(page.url.split("?")[0])
    await expect(page.locator(".answer .place")).to_contain_text("별관 줄")


async def test_english_is_chosen_once_and_said_in_the_html_too(office: Office, window: Windows):
    await office.lunch(minutes=6)
    page = await (await window()).open()
    await page.get_by_role("button", name="English").click()
    await expect(page.locator(".answer .wait")).to_contain_text("20 ahead of you")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await page.reload()
    await expect(page.locator(".answer .wait")).to_contain_text("20 ahead of you")
    await page.goto(page.url.split("?")[0] + "?lang=ko")
    await expect(page.locator("html")).to_have_attribute("lang", "ko")


async def test_what_does_nothing_yet_takes_no_press(office: Office, window: Windows):
    await office.lunch(minutes=6)
    seen, code = await window(), asyncio.Event()

    async def later(route: Route) -> None:
        await code.wait()
        await route.continue_()

    await seen.page.context.route("**/_app/immutable/**/*.js", later)  # a slow network
    await seen.page.goto(seen.url, wait_until="commit")
    english = seen.page.get_by_role("button", name="English")
    await expect(english).to_have_css("pointer-events", "none")
    code.set()
    await english.click()  # waits until it may be pressed
    await expect(seen.page.locator("html")).to_have_attribute("lang", "en")


async def test_the_curve_draws_today_and_says_it_in_numbers_too(office: Office, window: Windows):
    await office.lunch(people=20, minutes=30)
    page = await (await window()).open()
    await expect(page.locator("path.today").first).to_be_attached()
    label = await page.get_by_role("img").get_attribute("aria-label")
    assert label is not None
    assert re.search(r"지금은 \d+분이에요", label)
    await page.get_by_text("표로 보기").click()
    await expect(page.get_by_role("table")).to_contain_text("분")


async def test_a_quicker_queue_is_named(office: Office, window: Windows):
    await office.lunch(people=40, served_every=6)
    other = await add_zone(office.conn, "demo", "special")
    await office.conn.execute("UPDATE zone SET name = '일품' WHERE zone = 'special'")
    await office.lunch(people=2, served_every=1, zone=other)
    page = await (await window()).open()
    await expect(page.locator(".advice")).to_contain_text("일품 줄은 1분 안")
