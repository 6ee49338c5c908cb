"""Draw the PNG icons from static/icon.svg with headless Chromium.

Run it after changing the SVG: `python dashboards/web/scripts/icons.py [chromium]`. The results
are committed, so a build needs no browser.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parent.parent / "static"
ROUND = {"icon-192.png": 192, "icon-512.png": 512}
FULL = {"icon-180.png": 180, "icon-maskable-512.png": 512}  # the system cuts the corners


def main(chromium: str = "/usr/bin/chromium") -> None:
    """Write every PNG."""
    svg = (STATIC / "icon.svg").read_text()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        for name, size_px in {**ROUND, **FULL}.items():
            drawn = svg if name in ROUND else svg.replace('rx="15"', "")
            page.set_viewport_size({"width": size_px, "height": size_px})
            page.set_content(f"<style>*{{margin:0}}svg{{display:block}}</style>{drawn}")
            page.screenshot(path=STATIC / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
