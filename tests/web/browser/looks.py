"""What the tests of an office's pages share: signing in, and looking at a page."""

import json
import os
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.web.browser.conftest import Window
from tests.web.people import PASSWORD

SIZES = [(360, 780), (768, 1024), (1920, 1080)]
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


async def sign_in(window: Window, login: str, password: str = PASSWORD) -> Page:
    """Begin a session on a page that asks the hub for nothing."""
    page = await window.open("/sign-in")
    status = await page.evaluate(
        "async (body) => (await fetch('/api/v1/session', {method: 'POST', body,"
        " headers: {'Content-Type': 'application/json'}})).status",
        json.dumps({"login": login, "password": password}),
    )
    assert status == 200
    window.complaints.clear()
    return page


async def is_clean(page: Page) -> None:
    """Nothing for axe to find, and nothing to scroll sideways."""
    await page.evaluate("document.fonts.ready")
    found: Any = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{wide} px too wide"


async def picture(page: Page, name: str) -> None:
    """For somebody to look at: only where KEEP_PICTURES names a folder."""
    if folder := os.environ.get("KEEP_PICTURES"):
        await page.screenshot(path=f"{folder}/{name}.png", full_page=True)
