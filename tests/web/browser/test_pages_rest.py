"""A page that is not live asks for what it shows, and then for nothing until somebody acts."""

from playwright.async_api import Error
from psycopg import AsyncConnection

from tests.web.browser.conftest import BUILD, Windows
from tests.web.browser.looks import PATIENCE_MS, sign_in
from tests.web.people import add

ROUTES = BUILD.parent / "src/routes"
LIVE = {"/", "/wall", "/embed/density", "/device", "/devices", "/zones"}


async def test_a_page_comes_to_rest(conn: AsyncConnection[None], window: Windows):
    await add(conn, "boss", "staff", "facilities", "field", "editor", "auditor", "admin")
    seen = await window(1280, 900)
    page = await sign_in(seen, "boss")
    paths = {f"/{one.parent.relative_to(ROUTES)}" for one in ROUTES.rglob("+page.svelte")}
    assert "/do/budget-codes" in paths
    restless = []
    for path in sorted(paths - LIVE - {"/."}):
        await page.goto(seen.url + path)
        try:  # half a second without a request: what asks again and again never comes to it
            await page.wait_for_load_state("networkidle", timeout=PATIENCE_MS)
        except Error:
            restless.append(path)
    assert restless == []
