"""From the fix to the code on the screen: the real page in Chromium, with the CPU slowed sixfold.

Beside it what nobody can do without, in the same page: one ES256 by WebCrypto, one code drawn. The
page's own marks say when the fix was there and when the code stood in the page.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page, async_playwright, expect

from hub.kit import db, migrate
from tests.bench.ingest import embedded
from tests.bench.row import Row, at_most, known, skipped
from tests.web.browser.conftest import BUILD, CHROMIUM_ARGS, Window, chromium
from tests.web.browser.touches import enrolled, opened, touched, with_keys
from tests.web.conftest import web_process

TOUCHES: Final = 40
SLOWED: Final = 6
FLOOR_MS: Final = 100.0
QR: Final = BUILD.parent / "node_modules/lean-qr/index.js"
BARE: Final = """
async (text) => {
    const es256 = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'};
    globalThis.pair ??= await crypto.subtle.generateKey(es256, false, ['sign', 'verify']);
    const began = performance.now();
    await crypto.subtle.sign(es256, pair.privateKey, new Uint8Array(217));
    const level = {minCorrectionLevel: qr.correction.M, maxCorrectionLevel: qr.correction.M};
    qr.generate(qr.mode.alphaNumeric(text), level);
    return performance.now() - began;
}"""
TOOK: Final = """
() => {
    const at = (name) => performance.getEntriesByName(name).at(-1).startTime;
    const took = at('trip:code') - at('trip:fix');
    performance.clearMarks();
    return took;
}"""


def rows() -> Iterator[Row]:
    """Half of the touches are faster than the one, 19 of 20 than the other."""
    if chromium() is None or not QR.is_file():
        yield skipped("touch to code", "no Chromium, or the web app is not built")
        return
    with embedded() as server, tempfile.TemporaryDirectory() as folder:
        with db.connect_sync(server.dsn(), autocommit=True) as conn:
            migrate.migrate(conn)
        start = partial(web_process, server.dsn(), HUB_WEB_DIR=str(BUILD))
        with with_keys(start, Path(folder)) as hub:
            whole, bare = asyncio.run(_measured(server.dsn(), hub.url))
    for name, share in (("half of the touches", 50), ("19 of 20 touches", 95)):
        ours, theirs = _within(whole, share), _within(bare, share)
        told = f"WebCrypto ES256 and one code drawn in the same page: {theirs:.0f} ms"
        title = f"from the fix to the code, CPU slowed {SLOWED}x: {name} within"
        if share == 50:
            yield at_most(title, ours, "ms", told, floor=FLOOR_MS)
        else:
            yield known(title, ours, "ms", told, ours / theirs)


async def _measured(dsn: str, url: str) -> tuple[list[float], list[float]]:
    """Milliseconds of each touch, and of the bare work after it."""
    async with await db.connect(dsn) as conn, async_playwright() as play:
        await opened(conn)
        browser = await play.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGS))

        async def window(*_: Any, **__: Any) -> Window:
            size = {"width": 412, "height": 915}
            context = await browser.new_context(viewport=size, locale="ko-KR")  # type: ignore[arg-type]
            return Window(await context.new_page(), url)

        page = (await enrolled(window)).page
        await page.evaluate(f"const exports = globalThis.qr = {{}}; {QR.read_text('utf-8')}; null")
        devtools = await page.context.new_cdp_session(page)
        await devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        took = [await _one(page) for _ in range(TOUCHES)]
        await browser.close()
    return [one for one, _ in took], [bare for _, bare in took]


async def _one(page: Page) -> tuple[float, float]:
    await touched(page)
    text = await page.locator(".code").get_attribute("data-text")
    await expect(page.get_by_text("접수됨").first).to_be_visible()  # nothing runs beside the bare
    took, bare = await page.evaluate(TOOK), await page.evaluate(BARE, text)
    await page.get_by_role("button", name="하나 더").click()
    return took, bare


def _within(times_ms: list[float], share: int) -> float:
    return statistics.quantiles(times_ms, n=100)[share - 1]
