"""One touch in a real browser, for the tests of the phone's pages: an office, its proofs."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Geolocation, Page, expect
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from hub.kit import clock
from hub.tripproof import codes, office, seal, statement
from hub.tripproof.auditor_key import AuditorKey
from hub.tripproof.keys import PublicKey
from hub.tripproof.statement import Statement
from hub.tripproof.store import auditors
from tests.web import people
from tests.web.browser.conftest import Window, Windows
from tests.web.browser.looks import PATIENCE_MS, sign_in
from tests.web.conftest import Web
from tests.web.trips import OFFICE, ORIGIN

CITY_HALL: Geolocation = {"latitude": 35.2279, "longitude": 128.6811, "accuracy": 18}
COARSE: Geolocation = {**CITY_HALL, "accuracy": 2_600}
UNSENT, RECEIVED = "1건 미전송", "접수됨"


@contextmanager
def with_keys(start: Callable[..., Any], folder: Path, *words: str, **given: str) -> Iterator[Web]:
    """A hub that has its trip keys; `words`, `given`: what it is started with besides."""
    office.make(folder / "trip", OFFICE, ORIGIN, clock.now())
    with start(*words, HUB_TRIP_DIR=str(folder / "trip"), **given) as web:
        yield web


@dataclass
class Trips:
    """What the office has of proofs, and the auditor's key that opens them."""

    conn: AsyncConnection[Any]
    auditor: AuditorKey

    async def proofs(self) -> list[dict[str, Any]]:
        async with self.conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute("SELECT * FROM trip_proof ORDER BY log_index")
            found = await cursor.fetchall()
        await self.conn.rollback()
        return found

    async def arrived(self, count: int) -> list[dict[str, Any]]:
        """Wait until the hub has so many."""
        async with asyncio.timeout(PATIENCE_MS / 1000):
            while len(found := await self.proofs()) < count:  # noqa: ASYNC110  the hub writes it
                await asyncio.sleep(0.1)
        return found

    async def reads(self, page: Page) -> Statement:
        """What the auditor reads in the code on the page, checked with the phone's enrolled key."""
        kind, sealed = codes.read(await page.locator(".code").get_attribute("data-text") or "")
        assert kind is codes.Code.SEALED
        return await self.opens(sealed)

    async def opens(self, sealed: bytes) -> Statement:
        signed = seal.opened(sealed, self.auditor.seal, seal.For.AUDITOR)
        cursor = await self.conn.execute(
            "SELECT point FROM trip_device WHERE kid = %s", (statement.read(signed).kid,)
        )
        found = await cursor.fetchone()
        await self.conn.rollback()
        assert found is not None
        return statement.verified(signed, PublicKey.uncompressed_point(found[0]))


async def opened(conn: AsyncConnection[Any]) -> Trips:
    """An office with somebody who travels, and an auditor's key. COMMITs."""
    await people.add(conn, "han", "field")
    key = AuditorKey.new(office.quarter_at(clock.now()))
    points = (key.seal.public.uncompressed, key.sign.public.uncompressed)
    await auditors.keep(conn, key.quarter, *points, key.fingerprint, None, clock.now(), "gam")
    await conn.commit()
    return Trips(conn, key)


async def enrolled(
    window: Windows, *size: int, where: Any = CITY_HALL, named: str = "127.0.0.1", **given: Any
) -> Window:
    """Signed in, consented, enrolled: the large button is there, and the shell is kept."""
    seen = await window(*size, **given)
    seen.url = seen.url.replace("127.0.0.1", named)
    if where:
        await seen.page.context.grant_permissions(["geolocation"])
        await seen.page.context.set_geolocation(where)
    page = await sign_in(seen, "han")
    await page.goto(seen.url + "/trip")
    await page.get_by_role("button", name="동의하고 등록").click()
    await expect(big(page)).to_be_visible()
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return seen


def big(page: Page) -> Any:
    return page.get_by_role("button", name="지금 여기 남기기")


async def touched(page: Page) -> None:
    await big(page).click()
    await expect(page.get_by_role("heading", name="남겼어요")).to_be_visible()
