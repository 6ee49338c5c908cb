"""Takes the README's picture of the running board: `python docs/take_pictures.py [address]`.

Needs a running office (`make run`, and `make demo` for the curves) and Chromium.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def take(address: str, to: Path) -> None:
    """Save the board as a person at a desk sees it, in Korean."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = chromium.new_page(
            viewport={"width": 1180, "height": 900}, locale="ko-KR", timezone_id="Asia/Seoul"
        )
        page.goto(address)
        page.get_by_role("heading", name="오늘 대기 시간").wait_for()
        page.wait_for_timeout(3_000)  # the fonts, and the first live event
        page.screenshot(path=to, full_page=True)
        chromium.close()


if __name__ == "__main__":
    take(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000", HERE / "board.png")
