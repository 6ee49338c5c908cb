"""The phone over a week: orders, an appeal, a photo, the auditor's next key, a key's end."""

import asyncio
import hashlib
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psycopg
import pytest
import zxingcpp
from playwright.async_api import Download, Page, expect
from psycopg import AsyncConnection

from hub.__main__ import main
from hub.kit import clock
from hub.kit.embedded import postgres
from hub.tripproof import checkpoint, codes, enrolling, office, ordering, seal, statement
from hub.tripproof.auditor_key import AuditorKey
from hub.tripproof.checkpoint import Checkpoint
from hub.tripproof.handover import Handover
from hub.tripproof.keys import in_groups
from hub.tripproof.leaf import Revoked
from hub.tripproof.ordering import NewOrder
from hub.tripproof.reasons import Reason
from hub.tripproof.store import auditors, devices
from tests.conftest import Database, Server
from tests.web.browser.conftest import Windows
from tests.web.browser.looks import PATIENCE_MS, is_clean, picture, sign_in
from tests.web.browser.touches import (
    RECEIVED,
    Trips,
    big,
    enrolled,
    opened,
    touched,
    with_keys,
)
from tests.web.conftest import Web, until, web_process

Conn = AsyncConnection[Any]
ORDER = "2026-0001234"
HANDED = "감사 부서에 주었어요"


@pytest.fixture
def hub(start: Callable[..., Any], tmp_path: Path) -> Iterator[Web]:
    with with_keys(start, tmp_path) as web:
        yield web


@pytest.fixture
async def trips(conn: Conn) -> Trips:
    return await opened(conn)


async def ordered(conn: Conn, folder: Path) -> None:
    """An order for today to a place nobody knows the coordinates of. COMMITs."""
    now = clock.now()
    begins, ends = now - timedelta(hours=3), now + timedelta(hours=5)
    order = NewOrder(ORDER, ("han",), "", begins, ends, "창원시청", by_air=False, purpose="점검")
    await ordering.save(conn, office.load(folder / "trip", now), [order], "adm", now)
    await conn.commit()


@contextmanager
def nothing_yet(server: Server) -> Iterator[Database]:
    """A database with nothing in it."""
    name = f"elsewhere_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server.admin_dsn, autocommit=True) as admin:
        postgres.make_database(admin, name)
        yield Database(server.dsn(name), server.kind)
        postgres.drop_database(admin, name)


def hub_does(
    monkeypatch: pytest.MonkeyPatch, database: Database, folder: Path, word: str, backup: Path
) -> None:
    """`hub backup` or `hub restore`, of this database and the keys in this folder."""
    monkeypatch.setenv("HUB_DATABASE_DSN", database.dsn)
    monkeypatch.setenv("HUB_TRIP_DIR", str(folder / "trip"))
    assert main([word, str(backup)]) == 0


async def keep(conn: Conn, key: AuditorKey, handover: bytes | None) -> None:
    """The auditor's next key. COMMITs."""
    points = (key.seal.public.uncompressed, key.sign.public.uncompressed)
    await auditors.keep(conn, key.quarter, *points, key.fingerprint, handover, clock.now(), "gam")
    await conn.commit()


async def saved(download: Download) -> bytes:
    """What the browser saved."""
    return await asyncio.to_thread((await download.path()).read_bytes)


async def answered(page: Page) -> None:
    """Nothing waits to be sent."""
    await expect(page.get_by_text("모두 보냈어요")).to_be_visible()


async def touched_and_told(page: Page) -> None:
    """A touch, and all that the phone asks after it: the log too is held against the last one."""
    await touched(page)
    await expect(page.get_by_text(RECEIVED)).to_be_visible()
    now = await page.request.get(f"{page.url.removesuffix('/trip')}/api/v1/log/checkpoint")
    size = checkpoint.read(await now.text()).size
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while checkpoint.read(await checkpoint_of(page)).size < size:  # noqa: ASYNC110  as below
            await asyncio.sleep(0.1)
    await page.get_by_role("button", name="하나 더").click()
    await answered(page)


async def test_todays_order_is_chosen_without_a_network_and_a_grade_is_appealed(
    conn: Conn, window: Windows, trips: Trips, tmp_path: Path
):
    await ordered(conn, tmp_path)
    seen = await enrolled(window, 360, 780)
    page, context = seen.page, seen.page.context
    which = page.get_by_label("어느 출장인가요")
    await expect(which).to_have_value(ORDER)  # the only one for now
    await expect(which).to_contain_text("창원시청")
    await context.set_offline(True)
    await page.reload()
    await expect(which).to_have_value(ORDER)
    await touched(page)
    assert (await trips.reads(page)).trip == ORDER
    await context.set_offline(False)
    await expect(page.get_by_text("출장지 좌표가 없어")).to_be_visible()
    [held] = await trips.arrived(1)
    assert Reason.NO_ORDER not in held["reasons"]
    await page.get_by_role("button", name="하나 더").click()
    await page.get_by_role("button", name=RECEIVED).click()
    await page.get_by_role("button", name="소명하기").click()
    await page.get_by_label("소명할 말").fill("지하 주차장에서\n눌렀습니다")
    await page.get_by_role("button", name="소명 내기").click()
    await expect(page.get_by_text("소명을 냈어요")).to_be_visible()
    found = await conn.execute("SELECT text, cti FROM trip_appeal")
    assert await found.fetchall() == [("지하 주차장에서 눌렀습니다", held["cti"])]
    await page.get_by_role("button", name="하나 더").click()
    await which.select_option(label="출장 명령 없이 (나중에 이을 수 있어요)")
    await touched(page)
    assert (await trips.reads(page)).trip == ""


async def test_of_a_photo_the_hash_is_signed_and_nothing_else_leaves_the_phone(
    window: Windows, trips: Trips, tmp_path: Path
):
    noise = np.random.default_rng(1).integers(0, 255, (480, 640, 3), np.uint8)
    picture = cv2.imencode(".png", noise)[1].tobytes()
    (tmp_path / "site.png").write_bytes(picture)
    seen = await enrolled(window, 360, 780)
    page = seen.page
    sent: list[int] = []
    page.on("request", lambda asked: sent.append(len(asked.post_data_buffer or b"")))
    await page.get_by_text("출장 번호·메모·사진").click()
    await page.get_by_label("현장 사진").set_input_files(tmp_path / "site.png")
    await expect(page.get_by_text("지문을 계산했어요")).to_be_visible()
    await touched(page)
    await expect(page.get_by_text("사진은 보내지 않았어요")).to_be_visible()
    await expect(page.get_by_text(RECEIVED).first).to_be_visible()
    said = await trips.reads(page)
    assert said.photo == hashlib.sha256(picture).digest()
    assert max(sent) < 2_048 < len(picture)
    async with page.expect_download() as download:
        await page.get_by_role("button", name="사진 저장").click()
    assert await saved(await download.value) == picture
    text = await page.locator(".code").get_attribute("data-text") or ""
    assert len(codes.read(text)[1]) <= 330 + 34 + 16  # with the search; QR version 15
    await page.locator(".code").screenshot(path=tmp_path / "code.png")
    [scanned] = zxingcpp.read_barcodes(cv2.imread(str(tmp_path / "code.png")))
    assert scanned.text == text
    await page.reload()
    await page.get_by_role("button", name=RECEIVED).click()
    await expect(page.get_by_role("button", name="사진 저장")).to_have_count(0)


async def test_the_pinned_key_moves_by_its_own_word_and_else_by_fresh_consent_alone(
    conn: Conn, window: Windows, trips: Trips
):
    first = trips.auditor
    year, number = divmod(first.quarter, 10)
    following = (year + (number == 4)) * 10 + (number % 4 + 1)
    second, third = AuditorKey.new(following), AuditorKey.new(following)
    seen = await enrolled(window, 360, 780)
    page = seen.page
    await page.context.clear_cookies()  # a phone hears of it by its key alone
    now = int(clock.now().timestamp())
    named = Handover(first.fingerprint, second.quarter, second.seal.public, second.sign.public, now)
    await keep(conn, second, named.sign(first.sign))
    await page.reload()
    await expect(page.get_by_text(in_groups(second.fingerprint))).to_be_visible()
    await touched(page)
    sealed = codes.read(await page.locator(".code").get_attribute("data-text") or "")[1]
    signed = seal.opened(sealed, second.seal, seal.For.AUDITOR)
    assert statement.read_payload(statement.read(signed).payload).who == "han"
    await keep(conn, third, None)
    await page.reload()
    await expect(page.get_by_text("감사 담당자의 열쇠가 바뀌었어요")).to_be_visible()
    await expect(page.get_by_text(in_groups(second.fingerprint))).to_be_visible()  # still pinned
    await page.get_by_role("button", name="확인하기").click()
    await expect(page.get_by_role("heading", name="처음 한 번 로그인해 주세요")).to_be_visible()


async def ends(conn: Conn, folder: Path, reason: Revoked) -> None:
    """An administrator ends the key of now. COMMITs."""
    found = await conn.execute("SELECT kid FROM trip_device WHERE ended_at IS NULL")
    row = await found.fetchone()
    assert row is not None
    device = await devices.one(conn, row[0])
    assert device is not None
    now = clock.now()
    await enrolling.end(conn, office.load(folder / "trip", now), device, reason, "adm", now)
    await conn.commit()


async def test_a_key_that_ended_says_why_and_keeps_what_was_recorded(
    conn: Conn, window: Windows, trips: Trips, tmp_path: Path
):
    seen = await enrolled(window, 360, 780)
    page = seen.page
    await touched(page)
    await expect(page.get_by_text(RECEIVED)).to_be_visible()
    await page.context.clear_cookies()
    await ends(conn, tmp_path, Revoked.TRANSFERRED)
    await page.reload()
    await expect(page.get_by_text("부서를 옮겨 열쇠가 끝났어요")).to_be_visible()
    await expect(page.get_by_role("button", name=RECEIVED)).to_be_visible()
    await expect(big(page)).to_have_count(0)
    await conn.execute("UPDATE trip_device SET reason = 6")
    await conn.commit()
    await page.reload()
    await expect(page.get_by_text("관리자가 이 열쇠를 끝냈어요")).to_be_visible()
    await page.get_by_role("button", name="다시 등록하기").click()
    await expect(page.get_by_role("heading", name="처음 한 번 로그인해 주세요")).to_be_visible()


async def test_a_consent_that_ran_out_is_asked_for_anew_and_the_key_goes_on(
    conn: Conn, window: Windows, trips: Trips
):
    seen = await enrolled(window, 360, 780)
    page = seen.page
    await touched_and_told(page)
    await conn.execute(
        "UPDATE trip_consent SET given_at = given_at - interval '366 days',"
        " until = until - interval '366 days'"
    )
    await conn.commit()
    await page.reload()
    await expect(page.get_by_role("heading", name="다시 동의해 주세요")).to_be_visible()
    await expect(page.get_by_text("종이 확인서나 현장 사진이 똑같이 인정돼요")).to_be_visible()
    await expect(big(page)).to_have_count(0)
    await page.get_by_role("button", name="동의문 다시 보기").click()
    await page.get_by_role("button", name="동의", exact=True).click()
    await expect(big(page)).to_be_visible()
    await touched_and_told(page)
    assert len({one["kid"] for one in await trips.arrived(2)}) == 1


async def test_without_challenges_a_touch_is_taken_with_a_reason(window: Windows, trips: Trips):
    seen = await enrolled(window)
    page = seen.page
    await page.context.set_offline(True)
    for count in range(11):
        await touched(page)
        await page.get_by_role("button", name="하나 더").click()
        await expect(page.get_by_text(f"{count + 1}건 미전송")).to_be_visible()
    await expect(page.get_by_text("미리 받아 둔 확인번호가 없어요")).to_be_visible()
    await page.context.set_offline(False)
    await answered(page)
    held = await trips.arrived(11)
    assert [Reason.CHALLENGE_NONE in one["reasons"] for one in held] == [False] * 10 + [True]


async def test_a_log_that_does_not_go_on_has_its_own_screen_and_costs_nothing(
    window: Windows, trips: Trips, tmp_path: Path
):
    seen = await enrolled(window, 360, 780)
    page = seen.page

    async def lie(route: Any) -> None:
        """The hub's own answer, with one byte of the way between the two logs another."""
        answer = await route.fetch()
        told = await answer.json()
        told["proof"] = told["proof"][:-2] + ("AA" if told["proof"][-2:] != "AA" else "BB")
        await route.fulfill(response=answer, json=told)

    await page.context.route("**/api/v1/log/consistency*", lie)
    await touched(page)
    await expect(page.get_by_text(RECEIVED)).to_be_visible()
    await page.get_by_role("button", name="하나 더").click()
    await expect(page.get_by_role("heading", name="이어지지 않아요")).to_be_visible()
    for note in await both_saved(page):
        assert note.origin == "trip.cityhall.example"
    await page.get_by_role("button", name="나중에 하기").click()
    await touched(page)
    assert len(await trips.arrived(2)) == 2
    await page.get_by_role("button", name="하나 더").click()
    await answered(page)
    await page.get_by_role("button", name="확인하기").click()
    await page.get_by_role("button", name=HANDED).click()
    await expect(big(page)).to_be_visible()
    await touched(page)  # and the hub still lies: that is another time
    await page.get_by_role("button", name="하나 더").click()
    await expect(page.get_by_role("heading", name="이어지지 않아요")).to_be_visible()
    await expect(page.get_by_role("button", name=HANDED)).to_have_count(0)


async def both_saved(page: Page) -> list[Checkpoint]:
    """The log that was seen before and the one of now, as files that hold a checkpoint each."""
    notes: list[Checkpoint] = []
    for which in ("전에 본 기록 저장", "달라진 기록 저장"):
        async with page.expect_download() as download:
            await page.get_by_role("button", name=which).click()
        given = await download.value
        assert given.suggested_filename.endswith(".txt")
        notes.append(checkpoint.read((await saved(given)).decode()))
    return notes


@contextmanager
def gone_back(
    server: Server, patch: pytest.MonkeyPatch, folder: Path, backup: Path, build: Path, port: int
) -> Iterator[None]:
    """The hub as it was at the backup, keys and all, at the same address."""
    (folder / "trip").rename(folder / f"trip-{uuid.uuid4().hex[:8]}")
    with nothing_yet(server) as elsewhere:
        hub_does(patch, elsewhere, folder, "restore", backup)
        settings = {
            "HUB_TRIP_DIR": str(folder / "trip"), "HUB_WEB_DIR": str(build), "HUB_PORT": str(port)
        }  # fmt: skip
        with web_process(elsewhere.dsn, **settings):
            yield


async def test_a_log_that_became_shorter_is_told_until_the_auditors_have_it_and_each_time_anew(
    database: Database, server: Server, build: Path, window: Windows, hub: Web,
    trips: Trips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    backup = tmp_path / "one.dump"
    seen = await enrolled(window, 360, 780)
    page = seen.page
    await touched_and_told(page)
    hub_does(monkeypatch, database, tmp_path, "backup", backup)
    await touched_and_told(page)
    hub.process.terminate()
    await asyncio.to_thread(hub.process.wait)
    shorter = page.get_by_role("heading", name="짧아졌어요")
    line = page.get_by_role("button", name=re.compile("짧아짐.*감사 부서에 줌", re.DOTALL))
    with gone_back(server, monkeypatch, tmp_path, backup, build, hub.port):
        await page.reload()
        await expect(shorter).to_be_visible()
        await expect(page.get_by_role("button", name=HANDED)).to_have_count(0)
        await is_clean(page)
        await picture(page, "trip-log-shorter-360-light")
        before, told = await both_saved(page)
        assert before.size > told.size > 0
        await page.get_by_role("button", name="나중에 하기").click()
        await touched(page)
        await expect(page.get_by_text(RECEIVED)).to_be_visible()
        await page.reload()
        await expect(shorter).to_be_visible()  # at every opening
        await page.get_by_role("button", name=HANDED).click()
        await expect(line).to_be_visible()
        await touched_and_told(page)
        await page.reload()
        await answered(page)
        await expect(shorter).to_have_count(0)
        await line.click()
        await expect(page.get_by_text("감사 부서에 주었다고 표시했어요")).to_be_visible()
        await is_clean(page)
        await picture(page, "trip-log-handed-360-light")
        assert await both_saved(page) == [before, told]  # they stay
        await page.get_by_role("button", name="돌아가기").click()
        await picture(page, "trip-log-line-360-light")
    with gone_back(server, monkeypatch, tmp_path, backup, build, hub.port):
        await page.reload()
        await expect(shorter).to_be_visible()
        later, again = await both_saved(page)
        assert later.size > again.size > 0
        assert later.root != before.root


async def test_where_another_program_answers_404_the_log_is_not_suspected(
    window: Windows, trips: Trips
):
    seen = await enrolled(window)
    page = seen.page
    await touched_and_told(page)
    asked: list[str] = []

    async def lost(route: Any) -> None:
        """A proxy that knows no such address says nothing of the log."""
        asked.append(route.request.url)
        await route.fulfill(status=404, body="<h1>Not Found</h1>", content_type="text/html")

    await page.context.route("**/api/v1/log/consistency*", lost)
    await page.reload()
    await until(lambda: asked, 60)
    await page.context.unroute("**/api/v1/log/consistency*")
    await touched_and_told(page)
    await expect(page.get_by_text("이어지지 않아요")).to_have_count(0)


async def test_a_log_that_a_newer_key_signs_goes_on(window: Windows, trips: Trips, tmp_path: Path):
    seen = await enrolled(window)
    page = seen.page
    await touched_and_told(page)
    kept = await checkpoint_of(page)
    office.rotate(tmp_path / "trip", clock.now())
    await ordered(trips.conn, tmp_path)  # the log goes on under the new key
    await page.reload()
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while await checkpoint_of(page) == kept:  # noqa: ASYNC110  the page writes it
            await asyncio.sleep(0.1)
    await answered(page)
    await expect(page.get_by_text("이어지지 않아요")).to_have_count(0)


async def checkpoint_of(page: Page) -> str:
    """The one that the phone holds all later ones against."""
    return await page.evaluate(
        """() => new Promise((done) => {
            indexedDB.open('cheongsa-trip').onsuccess = ({target}) => {
                const db = target.result;
                db.transaction('phone').objectStore('phone').get('device').onsuccess = (event) => {
                    db.close();
                    done(event.target.result.checkpoint);
                };
            }; })"""
    )


async def test_an_enrolment_that_the_log_does_not_hold_is_thrown_away(
    window: Windows, trips: Trips
):
    seen = await window(360, 780)

    page = await sign_in(seen, "han")

    async def lie(route: Any) -> None:
        """The record of the enrolment names another phone."""
        answer = await route.fetch()
        told = await answer.json()
        told["record"] = (
            told["record"][:40] + ("A" if told["record"][40] != "A" else "B") + told["record"][41:]
        )
        await route.fulfill(response=answer, json=told)

    await page.context.route("**/api/v1/trips/devices", lie)
    await page.goto(seen.url + "/trip")
    await page.get_by_role("button", name="동의하고 등록").click()
    await expect(page.get_by_role("heading", name="등록을 믿을 수 없어요")).to_be_visible()
    await page.context.unroute("**/api/v1/trips/devices")
    await page.get_by_role("button", name="다시 하기").click()
    await page.get_by_role("button", name="동의하고 등록").click()
    await expect(big(page)).to_be_visible()


async def test_the_browser_wakes_the_worker_and_it_sends_what_waits(window: Windows, trips: Trips):
    seen = await enrolled(window)
    page, context = seen.page, seen.page.context
    await context.route("**/api/v1/trips/proofs/*", lambda route: route.abort())
    await touched(page)
    said = await trips.reads(page)
    await page.goto("about:blank")  # nobody is there to try again but the worker
    await context.unroute("**/api/v1/trips/proofs/*")
    devtools = await context.new_cdp_session(page)
    registered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def heard(told: dict[str, Any]) -> None:
        for one in told["registrations"]:
            if one["scopeURL"].endswith("/trip") and not registered.done():
                registered.set_result(one["registrationId"])

    devtools.on("ServiceWorker.workerRegistrationUpdated", heard)
    await devtools.send("ServiceWorker.enable")
    woken = {"origin": seen.url, "registrationId": await registered, "tag": "proofs"}
    await devtools.send("ServiceWorker.dispatchSyncEvent", {**woken, "lastChance": True})
    [held] = await trips.arrived(1)
    assert held["cti"] == said.cti


async def test_on_an_iphone_the_home_screen_comes_before_the_key(window: Windows, trips: Trips):
    seen = await window(360, 780)

    page = await sign_in(seen, "han")
    await page.add_init_script(
        "Object.defineProperty(navigator, 'userAgent', {value: 'Mozilla/5.0 (iPhone; CPU iPhone OS"
        " 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1'})"
    )
    await page.goto(seen.url + "/trip")
    await expect(page.get_by_role("heading", name="먼저 홈 화면에 추가해 주세요")).to_be_visible()
    await page.get_by_role("button", name="그래도 여기서 등록").click()
    await expect(page.get_by_role("button", name="동의하고 등록")).to_be_visible()
    told = await page.evaluate("(async () => (await fetch('/trip.webmanifest')).json())()")
    assert (told["display"], told["start_url"]) == ("standalone", "/trip")
    for icon in told["icons"]:
        assert await page.evaluate("async (at) => (await fetch(at)).ok", icon["src"])
