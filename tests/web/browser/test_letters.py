"""The page of dead letters, as an admin sees it: why, what to do, and what was said."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from hub.devices import hearing
from hub.devices.hearing import Refused
from hub.devices.store import letters
from hub.kit import clock, db
from tests.web import people
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.browser.test_devices import fleet

OURS = "cheongsa/v1/demo/cam-0/health"
HOSTILE = "<img src=x onerror=\"document.title='taken'\">\u202egnp.elif\u200b 안녕 مرحبا ".encode()


@pytest.fixture
async def kim(conn) -> str:
    await people.add(conn, "kim", "admin")
    return "kim"


def bury(dsn: str, *said: tuple[str, bytes], minutes_ago: float = 0.0) -> None:
    at = clock.now() - timedelta(minutes=minutes_ago)
    heard = [hearing.read(topic, payload, at) for topic, payload in said]
    with db.connect_sync(dsn) as conn:
        letters.bury(conn, [one for one in heard if isinstance(one, Refused)], at)
        conn.commit()


def bury_many(dsn: str) -> None:
    """Some of each kind, of a node of ours and of strangers; more than one page."""
    for n in range(35):
        bury(dsn, (OURS, b'{"at": "yesterday", "n": %d}' % n), minutes_ago=5 + n)
    stranger = "cheongsa/v1/demo/who-is-this/health"
    bury(dsn, (OURS, b" " * 200_000), (stranger, b"{" * 900), ("home/\u202elamp", b"\xff\x00on"))
    bury(dsn, (OURS, HOSTILE), ("cheongsa/v1/demo/cam-0/nonsense", b""))


async def test_what_was_refused_is_told_with_what_to_do_and_found_by_reason_and_node(
    conn, database, window: Windows, kim
):
    await fleet(conn, nodes=1, sick=0)
    bury_many(database.dsn)
    seen = await window()
    page = await sign_in(seen, kim)
    await page.goto(seen.url + "/letters")
    await expect(page.locator(".answer")).to_have_text("읽지 못한 기록이 40건 있어요")
    too_large = page.get_by_role("button", name=re.compile("너무 큰 글입니다"))
    await too_large.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".answer")).to_have_text("읽지 못한 기록이 1건 있어요")
    await expect(page.locator(".letter")).to_contain_text("195.3 KiB")
    await page.reload()  # what was chosen stands in the address
    await expect(page.locator(".letter")).to_have_count(1)
    await page.get_by_role("button", name="모두 보기").click()
    await page.get_by_role("button", name=re.compile("who-is-this")).click()
    await expect(page.locator(".letter")).to_have_count(1)
    assert seen.complaints == []


async def test_every_letter_is_there_page_by_page(conn, database, window: Windows, kim):
    await fleet(conn, nodes=1, sick=0)
    bury_many(database.dsn)
    seen = await window()
    page = await sign_in(seen, kim)
    await page.goto(seen.url + "/letters")
    await expect(page.locator(".letter")).to_have_count(30)
    await page.get_by_role("button", name="더 보기").click()
    await expect(page.locator(".letter")).to_have_count(40)
    await expect(page.get_by_role("button", name="더 보기")).to_have_count(0)


async def test_nothing_that_a_stranger_says_acts_on_the_page(conn, database, window: Windows, kim):
    bury(database.dsn, (OURS, HOSTILE))
    seen = await window()
    page = await sign_in(seen, kim)
    await page.goto(seen.url + "/letters")
    said = page.locator(".letter pre")
    await expect(said).to_contain_text("<img src=x onerror")
    await expect(said).to_contain_text("⟨U+202E⟩gnp.elif⟨U+200B⟩")
    assert await said.locator("*").count() == 0
    assert "taken" not in await page.title()
    assert seen.complaints == []


async def test_where_nothing_was_refused_it_says_so(window: Windows, kim):
    seen = await window()
    page = await sign_in(seen, kim)
    await page.goto(seen.url + "/letters")
    await expect(page.locator(".answer")).to_have_text("읽지 못한 기록이 없어요")


async def test_a_node_s_page_leads_an_admin_to_its_letters(conn, database, window: Windows, kim):
    await fleet(conn, nodes=1, sick=0)
    bury_many(database.dsn)
    seen = await window()
    page = await sign_in(seen, kim)
    await page.goto(seen.url + "/device?site=demo&node=cam-0")
    await page.get_by_role("main").get_by_role("link", name="읽지 못한 기록").click()
    await expect(page.locator(".answer")).to_have_text("읽지 못한 기록이 38건 있어요")


async def test_facilities_are_told_who_may_see_it(conn, window: Windows):
    await people.add(conn, "lee", "facilities")
    seen = await window()
    page = await sign_in(seen, "lee")
    await page.goto(seen.url + "/letters")
    await expect(page.get_by_text("이 화면을 볼 권한이 없어요")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    conn, database, window: Windows, kim, size: tuple[int, int], dark: bool
):
    await fleet(conn, nodes=1, sick=0)
    bury_many(database.dsn)
    seen = await window(*size, dark=dark)
    page = await sign_in(seen, kim)
    await page.goto(seen.url + "/letters?site=demo&node=cam-0&reason=malformed")
    await expect(page.locator(".letter").first).to_be_visible()
    await page.locator("summary").first.click()
    await is_clean(page)
    await picture(page, f"letters-{size[0]}-{'dark' if dark else 'light'}")
    assert seen.complaints == []
