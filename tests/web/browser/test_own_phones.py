"""Whoever has a new phone enrolled in their name sees it on their account's page, and ends it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from psycopg import AsyncConnection

from tests.web.browser.conftest import Windows
from tests.web.browser.looks import is_clean, picture
from tests.web.browser.touches import Trips, enrolled, opened, with_keys
from tests.web.conftest import Web


@pytest.fixture
def hub(start: Callable[..., Any], tmp_path: Path) -> Iterator[Web]:
    """`window` opens pages of this one."""
    with with_keys(start, tmp_path) as web:
        yield web


@pytest.fixture
async def trips(conn: AsyncConnection[Any]) -> Trips:
    return await opened(conn)


async def test_a_new_phone_is_told_and_can_be_ended(
    window: Windows, trips: Trips, conn: AsyncConnection[Any]
):
    seen = await enrolled(window, 360, 800)
    page = seen.page
    await page.goto(f"{seen.url}/me")
    await expect(page.get_by_text("새 휴대전화가 등록되었습니다")).to_be_visible(timeout=90_000)
    await is_clean(page)
    await picture(page, "own-phones")
    await page.get_by_role("button", name="이 휴대전화 끝내기").click()
    await page.get_by_role("button", name="끝내기", exact=True).click()
    await expect(page.get_by_text("에 끝남")).to_be_visible(timeout=90_000)
    await expect(page.get_by_text("새 휴대전화가 등록되었습니다")).to_be_hidden()
    found = await conn.execute("SELECT count(*) FROM trip_device WHERE ended_at IS NULL")
    assert await found.fetchone() == (0,)
    assert seen.complaints == []
