"""What is done about devices in the browser: quiet hours, a deaf hub, pauses, stills, revoking."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Page, expect
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from edge.still import Cleared, seal
from edge.wire.messages import Command, CommandResult
from edge.wire.topics import NodeName
from hub.devices.store import commands
from hub.kit import clock, db
from tests.conftest import Database
from tests.web import people
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.browser.test_devices import WELL, a_day, fleet

NODE = "/device?site=demo&node=cam-0"


async def the_page(
    conn: AsyncConnection[Any], window: Windows, path: str, role: str = "facilities", **size: Any
) -> tuple[Any, Page]:
    await people.add(conn, "kim", role)  # type: ignore[arg-type]
    seen = await window(**size)
    await sign_in(seen, "kim")
    return seen, await seen.open(path)


async def listened(conn: AsyncConnection[Any], **ago: timedelta) -> None:
    """When the hub listened; each named as a column. COMMITs."""
    at = {name: clock.now() - before for name, before in ago.items()}
    await conn.execute(
        "INSERT INTO hub_listening (since, at, deaf_from) VALUES (%s, %s, %s)"
        " ON CONFLICT (one) DO UPDATE SET since = excluded.since, at = excluded.at,"
        " deaf_from = excluded.deaf_from",
        (at["since"], at["at"], at.get("deaf_from")),
    )
    await conn.commit()


async def acts(conn: AsyncConnection[Any]) -> list[tuple[str, str, Any]]:
    await conn.rollback()
    rows = await conn.execute("SELECT action, subject, detail FROM audit_entry ORDER BY number")
    return [row for row in await rows.fetchall() if row[0] != "session.begin"]


async def test_quiet_hours_are_set_for_all_and_for_one_office_by_keyboard(conn, window: Windows):
    await fleet(conn, nodes=1, sick=0)
    await conn.execute("INSERT INTO site (site, name, name_en) VALUES ('annex', '별관', 'Annex')")
    await conn.commit()
    seen, page = await the_page(conn, window, "/devices")
    rows = page.get_by_role("region", name="조용한 시간").get_by_role("listitem")
    await expect(rows).to_have_count(3)
    await page.get_by_role("button", name="모든 곳의 조용한 시간 바꾸기").press("Enter")
    await expect(page.get_by_label("시작")).to_be_focused()
    await page.get_by_label("시작").fill("21:30")
    await page.get_by_role("button", name="저장").press("Enter")
    await expect(page.get_by_text("모든 곳: 저장했어요.")).to_be_visible()
    await expect(page.get_by_role("button", name="모든 곳의 조용한 시간 바꾸기")).to_be_focused()
    await expect(rows.first).to_contain_text("21:30–07:00")
    await page.get_by_role("button", name="별관의 조용한 시간 따로 정하기").click()
    await page.get_by_label("시작").fill("20:00")
    await page.get_by_role("button", name="저장").click()
    await expect(rows.filter(has_text="별관")).to_contain_text("20:00–07:00")
    await page.reload()
    await expect(rows.filter(has_text="별관")).to_contain_text("20:00–07:00")
    await page.get_by_role("button", name="별관의 조용한 시간 바꾸기").click()
    await page.get_by_role("button", name="모든 곳과 같게").click()
    await expect(rows.filter(has_text="별관")).to_contain_text("모든 곳과 같음")
    assert [(act, on) for act, on, _ in await acts(conn)] == [
        ("quiet-hours.set", ""), ("quiet-hours.set", "annex"), ("quiet-hours.clear", "annex"),
    ]  # fmt: skip
    assert seen.complaints == []


async def test_a_hub_that_does_not_listen_says_so_and_blames_no_node(conn, window: Windows):
    await fleet(conn, nodes=3, sick=0)
    await conn.execute(
        "UPDATE node SET (state_at, health_at) ="
        " (now() - interval '2 hours', now() - interval '2 hours')"
    )
    await conn.execute("UPDATE spool SET heard_at = now() - interval '2 hours'")
    await listened(conn, since=timedelta(days=3), at=timedelta(hours=2))
    seen, page = await the_page(conn, window, "/devices")
    await expect(page.get_by_text("소식을 듣지 못하고 있어요")).to_be_visible()
    await expect(page.get_by_text("서버의 ingest와 브로커를 확인해 주세요")).to_be_visible()
    await expect(page.locator(".answer")).to_have_text("모두 잘 돌고 있어요")
    await page.goto(seen.url + NODE)
    await expect(page.get_by_text("소식을 듣지 못하고 있어요")).to_be_visible()
    await listened(
        conn, deaf_from=timedelta(hours=2), since=timedelta(minutes=1), at=timedelta(seconds=1)
    )
    await page.goto(seen.url + "/devices")
    await expect(page.get_by_text(re.compile("부터 .*까지 소식을 듣지 못했어요"))).to_be_visible()
    await listened(conn, since=timedelta(days=3), at=timedelta(seconds=1))
    await page.reload()
    await expect(page.locator(".answer")).to_be_visible()
    await expect(page.get_by_text("소식을 듣지 못")).to_have_count(0)
    assert seen.complaints == []


async def test_how_long_a_pause_still_lasts_is_on_both_pages(conn, window: Windows):
    await fleet(conn, nodes=1, sick=0)
    paused = {**WELL, "observing": "paused", "pause_left_s": 6.5 * 60 + 20}
    await conn.execute("UPDATE node SET health = %s, health_at = now()", (Jsonb(paused),))
    await conn.commit()
    seen, page = await the_page(conn, window, "/devices")
    await expect(page.locator(".nodes li").first).to_contain_text("7분 뒤 다시 켜져요")
    await page.goto(seen.url + NODE)
    await expect(page.get_by_text("7분 뒤 다시 켜져요")).to_be_visible()


async def test_an_admin_switches_home_assistant_on_and_nobody_else_sees_the_switch(
    conn, window: Windows
):
    await fleet(conn, nodes=1, sick=0)
    seen, page = await the_page(conn, window, "/devices", role="admin")
    switch = page.get_by_role("switch", name="Home Assistant에 알리기")
    await expect(switch).to_be_enabled()  # it is known how it stands
    await expect(switch).to_have_attribute("aria-checked", "false")
    await switch.press("Space")
    await expect(switch).to_have_attribute("aria-checked", "true")
    await expect(page.get_by_text(re.compile("kim 님이 .*에 바꿨어요"))).to_be_visible()
    await page.reload()
    await expect(switch).to_have_attribute("aria-checked", "true")
    await switch.click()  # waits until it may be
    await expect(switch).to_have_attribute("aria-checked", "false")
    assert [detail["on"] for _, _, detail in await acts(conn)] == [True, False]
    assert seen.complaints == []
    await people.add(conn, "lee", "facilities")
    await sign_in(seen, "lee")
    await page.goto(seen.url + "/devices")
    await expect(page.locator(".answer")).to_be_visible()
    await expect(switch).to_have_count(0)


async def test_a_device_is_revoked_with_its_reason(conn, window: Windows):
    await fleet(conn, nodes=1, sick=0)
    seen, page = await the_page(conn, window, NODE)
    card = page.get_by_role("region", name="등록 취소")
    revoke = card.get_by_role("button", name="등록 취소")
    await expect(revoke).to_be_disabled()
    await card.get_by_label("까닭").fill("침수로 고장, 버림")
    await expect(revoke).to_be_enabled()
    await revoke.press("Enter")
    await expect(card.get_by_role("button", name="아니요")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(revoke).to_be_focused()
    await revoke.press("Enter")
    await card.get_by_role("group").get_by_role("button", name="등록 취소").click()
    await expect(card.get_by_text("등록을 취소했어요. 인증서는 없었어요.")).to_be_visible()
    await expect(page.locator(".answer")).to_have_text("등록이 취소되었습니다")
    await expect(card.get_by_text("등록이 취소된 기기예요")).to_be_visible()
    [(action, subject, detail)] = await acts(conn)
    assert (action, subject) == ("node.revoke", "demo/cam-0")
    assert detail == {"certificates": 0, "reason": "침수로 고장, 버림"}
    assert seen.complaints == []


async def asked(conn: AsyncConnection[Any]) -> Command:
    """The picture that was asked for, once it is."""
    async with asyncio.timeout(60):
        while True:
            await conn.rollback()
            found = await conn.execute("SELECT payload FROM command WHERE kind = 'still'")
            if row := await found.fetchone():
                return Command.model_validate_json(row[0])
            await asyncio.sleep(0.1)


async def test_a_picture_is_asked_for_and_shown(conn, window: Windows, database: Database):
    await fleet(conn, nodes=1, sick=0)
    seen, page = await the_page(conn, window, NODE)
    card = page.get_by_role("region", name="카메라가 보는 곳")
    await card.get_by_role("button", name="사진 찍기").press("Enter")
    await expect(card.get_by_text(re.compile("찍는 중이에요"))).to_be_visible()
    command = await asked(conn)
    assert command.seal_to is not None
    room = np.full((360, 640, 3), 128, np.uint8)
    room[200:] = 90  # the floor
    still = seal(Cleared(room, 60, 2), command.seal_to, command.command)
    now = clock.now()
    result = CommandResult(command=command.command, at=now, done=True, still=still)
    with db.connect_sync(database.dsn, autocommit=True) as ingest:
        commands.heard_results(ingest, [(NodeName("demo", "cam-0"), result)], now)
    shown = card.get_by_role("img", name=re.compile("카메라가 지금 보는 곳"))
    await expect(shown).to_be_visible()
    await expect(card.get_by_text(re.compile("에 지워져요"))).to_be_visible()
    assert [act for act, _, _ in await acts(conn)] == ["node.still"]
    await page.reload()
    await expect(shown).to_be_visible()
    assert seen.complaints == []


async def test_a_node_that_cannot_take_one_says_why(conn, window: Windows, database: Database):
    await fleet(conn, nodes=1, sick=0)
    _, page = await the_page(conn, window, NODE)
    card = page.get_by_role("region", name="카메라가 보는 곳")
    await card.get_by_role("button", name="사진 찍기").click()
    command, now = await asked(conn), clock.now()
    why = "The camera is paused by the button on the box. Ask again when the pause is over."
    result = CommandResult(command=command.command, at=now, done=False, detail=why)
    with db.connect_sync(database.dsn, autocommit=True) as ingest:
        commands.heard_results(ingest, [(NodeName("demo", "cam-0"), result)], now)
    await expect(card.get_by_role("status")).to_contain_text("paused")
    await expect(card.get_by_role("button", name="사진 찍기")).to_be_enabled()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_it_holds_at_every_size(conn, window: Windows, width: int, height: int, dark: bool):
    await fleet(conn, nodes=9, sick=4)
    await a_day(conn, "cam-0")
    await conn.execute("INSERT INTO site (site, name, name_en) VALUES ('annex', '별관', 'Annex')")
    await listened(
        conn, deaf_from=timedelta(hours=2), since=timedelta(hours=1), at=timedelta(seconds=1)
    )
    name = f"{width}-{'dark' if dark else 'light'}"
    seen, page = await the_page(
        conn, window, "/devices", role="admin", width=width, height=height, dark=dark
    )
    await expect(page.get_by_role("switch")).to_be_visible()
    await page.get_by_role("button", name="별관의 조용한 시간 따로 정하기").click()
    await is_clean(page)
    await picture(page, f"devices-{name}")
    await listened(conn, since=timedelta(days=3), at=timedelta(minutes=9))
    await page.goto(seen.url + NODE)
    card = page.get_by_role("region", name="등록 취소")
    await card.get_by_label("까닭").fill("침수로 고장, 버림")
    await card.get_by_role("button", name="등록 취소").click()
    await is_clean(page)
    await picture(page, f"device-{name}")
    await page.goto(seen.url + "/devices")
    await expect(page.get_by_text("소식을 듣지 못하고 있어요")).to_be_visible()
    await is_clean(page)
    await picture(page, f"deaf-{name}")
    assert seen.complaints == []
