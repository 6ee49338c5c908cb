"""The audit trail as its readers see it: in words, searched, whole or broken, taken home."""

import csv
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect
from psycopg import AsyncConnection

from hub.identity.store import audit as trail
from hub.identity.store import people as store
from hub.kit import clock
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import SIZES, is_clean, picture, sign_in
from tests.web.people import add

ACTS: list[tuple[str, str, str, dict[str, object]]] = [
    ("system", "person.add", "han", {"role": "admin"}),
    ("han", "session.begin", "", {}),
    ("han", "person.add", "kim", {"name": "김하늘", "roles": ["facilities", "staff"]}),
    ("kim", "session.refuse", "", {}),
    ("kim", "node.add", "demo/cam-1", {}),
    ("demo/cam-1", "node.enrol", "demo/cam-1", {"until": "2027-02-19T00:00:00+00:00"}),
    ("kim", "node.draw", "demo/cam-1", {"revision": 2}),
    ("kim", "node.draw", "demo/cam-1", {"revision": 3, "back_to": 1}),
    ("han", "person.change", "kim",
     {"roles": ["staff"], "were": ["facilities", "staff"], "retired": False}),
    ("han", "duty.add", "x", {"name": "여비 정산", "people": ["kim"]}),
    ("han", "quiet-hours.set", "", {"starts": "22:00:00", "ends": "07:00:00"}),
]  # fmt: skip
TAKEN_ROLE = "han 님이 김하늘(kim) 님의 계정을 바꿨어요: 시설 역할을 거둠"


async def a_week(conn: AsyncConnection[None], *more: str) -> None:
    """Two acts a day up to now, by han and 김하늘; an auditor, jung. COMMITs."""
    now = clock.now()
    await add(conn, "han", "admin")
    kim = await add(conn, "kim")
    await add(conn, "jung", "auditor")
    await store.change(conn, kim, name="김하늘", email=None, roles=["staff"], retired_at=None)
    acts = [*ACTS, *[(login, "session.begin", "", {}) for login in more]]
    for n, (actor, action, subject, detail) in enumerate(acts):
        await trail.append(
            conn, at=now - timedelta(hours=12 * (len(acts) - n)), actor=actor, action=action,
            subject=subject, address="10.1.2.3", detail=detail,
        )  # fmt: skip
    await conn.commit()


async def test_each_act_is_a_sentence_and_the_chain_is_told_whole(
    conn: AsyncConnection[None], window: Windows
):
    await a_week(conn)
    seen = await window()
    page = await sign_in(seen, "jung")
    await page.goto(seen.url + "/audit")
    await expect(page.locator(".answer")).to_have_text("기록이 끊기지 않았어요")
    await expect(page.get_by_text(re.compile(r"까지 12건이 모두 이어져요"))).to_be_visible()
    for said in (TAKEN_ROLE, "김하늘(kim) 님이 demo/cam-1 기기의 구역을 1번으로 되돌렸어요 (3번)",
                 "서버에서 han 님을 추가했어요 (관리자)"):  # fmt: skip
        await expect(page.get_by_text(said)).to_be_visible()
    row = page.locator("main li").filter(has_text=TAKEN_ROLE)
    await row.locator("summary").press("Enter")
    await expect(page.get_by_text("person.change kim")).to_be_visible()
    await expect(row.get_by_text("10.1.2.3")).to_be_visible()
    assert seen.complaints == []


async def test_it_is_searched_by_who_what_when_and_words(
    conn: AsyncConnection[None], window: Windows
):
    await a_week(conn)
    seen = await window()
    page = await sign_in(seen, "han")
    await page.goto(seen.url + "/audit")
    await expect(page.locator("main li")).to_have_count(12)
    await page.get_by_label("누가").fill("김하늘")
    await page.get_by_label("누가").press("Enter")
    await expect(page.locator("main li")).to_have_count(4)
    await page.get_by_label("무엇을").select_option(label="틀린 비밀번호")
    await page.get_by_role("button", name="찾기").click()
    await expect(page.locator("main li summary span")).to_have_text(
        ["kim 아이디로 로그인하려다 비밀번호가 틀렸어요"]
    )
    await page.get_by_role("button", name="처음부터 다시").click()
    await expect(page.locator("main li")).to_have_count(12)
    await page.get_by_label("찾을 말").fill("여비")
    await page.get_by_label("찾을 말").press("Enter")
    await expect(page.locator("main li summary span")).to_have_text(
        ["han 님이 ‘여비 정산’ 사무를 적었어요 (맡은 사람 김하늘(kim))"]
    )
    await page.get_by_role("button", name="처음부터 다시").click()
    await page.get_by_label("이날까지").fill("2020-01-01")
    await page.get_by_role("button", name="찾기").click()
    await expect(page.get_by_text("찾는 기록이 없어요")).to_be_visible()
    assert seen.complaints == []


async def test_what_is_older_is_a_page_further(conn: AsyncConnection[None], window: Windows):
    await a_week(conn, *["kim"] * (trail.PAGE + 5))
    seen = await window()
    page = await sign_in(seen, "jung")
    await page.goto(seen.url + "/audit")
    await expect(page.locator("main li")).to_have_count(trail.PAGE)
    await page.get_by_role("button", name="더 지난 기록").click()
    await expect(page.locator("main li")).to_have_count(trail.PAGE + 5 + len(ACTS) + 1)
    await expect(page.get_by_role("button", name="더 지난 기록")).to_have_count(0)


async def test_a_changed_entry_is_told_with_what_to_do(
    conn: AsyncConnection[None], window: Windows
):
    await a_week(conn)
    await conn.execute("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
    await conn.execute("UPDATE audit_entry SET actor = 'lee' WHERE number = 3")
    await conn.execute("ALTER TABLE audit_entry ENABLE TRIGGER ALL")
    await conn.commit()
    seen = await window(360, 780)
    page = await sign_in(seen, "jung")
    await page.goto(seen.url + "/audit")
    await expect(page.locator(".answer")).to_have_text("3번에서 기록이 끊겼어요")
    await expect(page.get_by_text("그 앞까지만 믿을 수 있어요")).to_be_visible()
    await is_clean(page)
    await picture(page, "audit-broken-360")


@pytest.mark.parametrize(("form", "button"), [("csv", "표로"), ("jsonl", "그대로")])
async def test_it_is_taken_home(
    conn: AsyncConnection[None], window: Windows, tmp_path: Path, form: str, button: str
):
    await a_week(conn)
    seen = await window()
    page = await sign_in(seen, "jung")
    await page.goto(seen.url + "/audit")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name=re.compile(button)).click()
    download = await coming.value
    assert download.suggested_filename == f"audit.{form}"
    await download.save_as(tmp_path / "taken")
    text = (tmp_path / "taken").read_text("utf-8-sig")
    actions = (
        [row["action"] for row in csv.DictReader(text.splitlines())]
        if form == "csv"
        else [json.loads(line)["action"] for line in text.splitlines()]
    )
    assert actions == [*[action for _, action, _, _ in ACTS], "session.begin", "audit.export"]


async def test_staff_are_told_who_may_read_it(conn: AsyncConnection[None], window: Windows):
    await add(conn, "kim")
    seen = await window()
    page = await sign_in(seen, "kim")
    await page.goto(seen.url + "/audit")
    await expect(page.get_by_text("감사, 관리자 역할이 있어야 볼 수 있어요")).to_be_visible()
    await expect(page.get_by_text("지금 kim 님의 역할: 직원")).to_be_visible()
    await is_clean(page)
    assert seen.of("/api/v1/audit") == []
    await picture(page, "not-allowed")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    conn: AsyncConnection[None], window: Windows, size: tuple[int, int], dark: bool
):
    await a_week(conn)
    seen = await window(*size, dark=dark)
    page = await sign_in(seen, "jung")
    await page.goto(seen.url + "/audit")
    await expect(page.locator(".answer")).to_have_text("기록이 끊기지 않았어요")
    await page.get_by_text(TAKEN_ROLE).click()
    await page.get_by_text("가장 새 기록의 지문").click()
    await is_clean(page)
    await picture(page, f"audit-{size[0]}-{'dark' if dark else 'light'}")
    assert seen.complaints == []
