"""An office with an auditor in a real browser, for the tests of the auditor's pages."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
from playwright.async_api import Page, expect
from psycopg import AsyncConnection

from hub.document import qr
from hub.tripproof import auditor_key
from hub.tripproof.auditor_key import ITERATIONS_LOW, AuditorKey
from hub.tripproof.leaf import LeafType
from hub.tripproof.upload import Upload
from tests.web.browser.conftest import Window, Windows
from tests.web.browser.looks import PATIENCE_MS, sign_in
from tests.web.conftest import Web
from tests.web.people import Somebody
from tests.web.test_trip_books import order, saved, the_city_hall_is_known
from tests.web.trips import Phone, bring_auditor, is_signed_in, people

PASSPHRASE = "붉은 소나무 아래 열두 마리 학"
TRIP = "2026-0001234"
GENUINE, CHANGED, UNKNOWN = "진짜", "바뀜", "알 수 없음"


@dataclass
class Office:
    """Who is there, one phone, and where the auditor keeps the key file."""

    conn: AsyncConnection[Any]
    han: Somebody
    gam: Somebody
    adm: Somebody
    phone: Phone
    folder: Path
    key: AuditorKey | None = None

    @property
    def key_file(self) -> Path:
        return self.folder / "key.json"

    async def has_a_key(self) -> None:
        self.key = await bring_auditor(self.gam)
        file = auditor_key.locked(self.key, PASSPHRASE, iterations=ITERATIONS_LOW)
        self.key_file.write_text(file)

    async def proves(self, **changes: Any) -> tuple[Upload, str]:
        """A touch that the hub has; its id."""
        upload, answer = await self.phone.touches(**{"trip": TRIP, **changes})
        assert answer.status_code == 201, answer.text
        return upload, answer.json()["cti"]

    async def enrols(self) -> None:
        """The auditor has a key, and han's phone is enrolled."""
        await self.has_a_key()
        answer = await self.phone.enrol(self.han)
        assert answer.status_code == 201, answer.text

    async def leaves(self, kind: LeafType) -> int:
        found = await self.conn.execute(
            "SELECT count(*) FROM trip_leaf WHERE type = %s", (int(kind),)
        )
        row = await found.fetchone()
        await self.conn.rollback()
        return row[0] if row else 0


@asynccontextmanager
async def an_office(hub: Web, conn: AsyncConnection[Any], folder: Path) -> AsyncIterator[Office]:
    """People, an order to the city hall, nobody's key yet."""
    await people(conn)
    async with AsyncExitStack() as stack:
        who = []
        for login in ("han", "gam", "adm", ""):
            client = httpx.AsyncClient(base_url=hub.url, timeout=60)
            who.append(Somebody(await stack.enter_async_context(client)))
            if login:
                await is_signed_in(conn, who[-1], login)
        made = Office(conn, who[0], who[1], who[2], Phone(who[3].client), folder)
        world: Any = made  # what the tests of the books need of one: `adm`
        await the_city_hall_is_known(world)
        await saved(world, order())
        yield made


async def audits(window: Windows, path: str = "/audit/trips", *size: int, **given: Any) -> Window:
    seen = await window(*size, **given)
    seen.page.set_default_timeout(PATIENCE_MS)
    page = await sign_in(seen, "gam")
    await page.goto(seen.url + path)
    await expect(page.locator("main h1")).to_be_visible()
    return seen


async def holds_a_checkpoint(page: Page) -> None:
    await page.get_by_role("button", name="지금 확인점 보관하기").click()
    await expect(page.get_by_text("이 PC에 보관한 확인점")).to_be_visible()


async def opens_key(page: Page, file: Path, passphrase: str = PASSPHRASE) -> None:
    """With the form of the desk, at the foot of the page."""
    desk = page.locator(".desk")
    if not await desk.get_by_label("열쇠 파일").is_visible():
        await desk.get_by_role("button", name="열쇠 열기").click()
    await desk.get_by_label("열쇠 파일").set_input_files(file)
    await desk.get_by_label("암호").fill(passphrase)
    await desk.get_by_role("button", name="열쇠 열기").click()


async def is_ready(page: Page, world: Office) -> None:
    await holds_a_checkpoint(page)
    await opens_key(page, world.key_file)
    await expect(page.get_by_text("열쇠로 열어 두었어요")).to_be_visible()


async def pastes(page: Page, text: str) -> None:
    await page.get_by_label("붙여 넣기").fill(text)
    await page.get_by_role("button", name="읽기", exact=True).click()


async def says_why(page: Page, button: str = "기록부와 견주기") -> None:
    await page.get_by_label("여는 까닭").fill("4분기 실태점검")
    await page.get_by_role("button", name=button).click()


def answer(page: Page) -> Any:
    return page.locator("[role=status] .answer")


async def chooses(page: Page, file: Path) -> None:
    await page.get_by_label("사진·PDF 고르기").set_input_files(file)


def film(text: str, file: Path) -> None:
    """Two pictures of a code, as a camera would give them (YUV4MPEG2)."""
    shot = cv2.imdecode(np.frombuffer(qr.png(text), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert shot is not None
    side = 640
    frame = np.full((720, 1280), 128, np.uint8)
    small = cv2.resize(shot, (side, side), interpolation=cv2.INTER_AREA)
    frame[40 : 40 + side, 320 : 320 + side] = small
    grey = np.full(720 * 1280 // 2, 128, np.uint8)
    body = b"FRAME\n" + frame.tobytes() + grey.tobytes()
    file.write_bytes(b"YUV4MPEG2 W1280 H720 F10:1 Ip A1:1 C420jpeg\n" + body * 2)
