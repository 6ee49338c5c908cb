"""The 출장복명서 as HWPX: drawn by a reader that shares nothing with us, printed, photocopied."""

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.async_api import Browser

from hub.document import hwpx
from hub.document.forms import trip_report
from tests.hub.document import reading, samples
from tests.hub.document.test_qr import COPIER_DPI, TIMES, _photocopied, _photographed
from tests.web.browser.looks import picture

READER = Path("tests/hub/document/reader").resolve()
CSS_DPI = 96


@pytest.fixture
def drawn_by_others(tmp_path: Path) -> list[str]:
    """Its pages as SVG, by rhwp."""
    node = shutil.which("node", path=str(Path(sys.executable).parent))
    if node is None or not (READER / "node_modules").is_dir():
        pytest.skip("rhwp is not installed: make tests/hub/document/reader/node_modules/.done")
    report = tmp_path / "report.hwpx"
    report.write_bytes(hwpx.drawn(trip_report.filled(samples.report()), samples.MADE_AT))
    said = subprocess.run(
        [node, READER / "read.mjs", report], capture_output=True, check=True, timeout=240
    )
    return json.loads(said.stdout)[0]["pages"]


async def test_the_code_of_an_hwpx_survives_two_photocopies_and_a_photograph(
    browser: Browser, drawn_by_others: list[str]
):
    context = await browser.new_context(
        viewport={"width": 800, "height": 1130}, device_scale_factor=COPIER_DPI / CSS_DPI
    )
    page = await context.new_page()
    svg = base64.b64encode(drawn_by_others[-1].encode()).decode()
    await page.set_content(
        f'<style>*{{margin:0}}</style><img src="data:image/svg+xml;base64,{svg}">'
    )
    await page.wait_for_function(
        "() => document.images[0].complete && document.images[0].naturalWidth"
    )
    await picture(page, "report-hwpx")
    shot = np.frombuffer(await page.locator("img").screenshot(), np.uint8)
    print_ = cv2.imdecode(shot, cv2.IMREAD_GRAYSCALE)
    assert print_ is not None
    assert reading.codes(print_) == [samples.tp2()]
    rng = np.random.default_rng(20261122)
    read = sum(
        reading.codes(_photographed(_photocopied(_photocopied(print_, rng), rng), rng))
        == [samples.tp2()]
        for _ in range(TIMES)
    )
    assert read >= TIMES - 1
