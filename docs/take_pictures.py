"""Takes the guides' pictures of a running office, in Korean, as a person at a desk sees it.

    python docs/take_pictures.py board  [address]
    python docs/take_pictures.py guide  [address] login password

`board` is the README's picture, `guide` those of mount-a-node.md (of the first node there is) and
of keep-the-board.md, as somebody of the facilities who has changed the first password. Needs a
running office (`make run`, and `make demo` for the curves) and Chromium.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
HTTP = "http://127.0.0.1:8000"
SETTLE_MS = 3_000  # the fonts, and the first live event
PICTURE_MS = 120_000  # a node takes half a minute for one


@contextmanager
def opened(width: int, height: int) -> Iterator[Page]:
    """A Korean browser."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield chromium.new_page(
            viewport={"width": width, "height": height}, locale="ko-KR", timezone_id="Asia/Seoul"
        )
        chromium.close()


def board(address: str, to: Path) -> None:
    """Save the board."""
    with opened(1180, 900) as page:
        page.goto(address)
        page.get_by_role("heading", name="오늘 대기 시간").wait_for()
        save(page, to)


def guide(address: str, login: str, password: str, folder: Path) -> None:
    """Save the pages that somebody needs who mounts a node."""
    folder.mkdir(exist_ok=True)
    with opened(1180, 860) as page:
        page.goto(f"{address}/sign-in")
        page.get_by_label("아이디").fill(login)
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=folder / "sign-in.png")
        page.get_by_label("비밀번호", exact=True).fill(password)
        page.get_by_role("button", name="로그인").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        answer = page.request.get(f"{address}/api/v1/devices")
        first = answer.json()["devices"][0]
        node = f"site={first['site']}&node={first['node']}"
        pages = {"devices": "/devices", "add": "/devices/add", "device": f"/device?{node}"}
        for name, path in pages.items():
            page.goto(address + path)
            page.get_by_role("heading", level=1).wait_for()
            save(page, folder / f"{name}.png")
        _zones(page, f"{address}/zones?{node}", folder)
        page.goto(f"{address}/site")
        page.get_by_role("heading", name="식단").wait_for()
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=HERE / "keep-the-board" / "site.png")


def _zones(page: Page, address: str, folder: Path) -> None:
    """With a picture, as much as a high screen shows: what scrolls stays where it is."""
    page.set_viewport_size({"width": 1180, "height": 1240})
    page.goto(address)
    page.get_by_role("button", name="사진 찍기").click()
    page.get_by_role("button", name="다시 찍기").wait_for(timeout=PICTURE_MS)
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=folder / "zones.png")


def save(page: Page, to: Path) -> None:
    """The whole page, when it has come to rest."""
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=to, full_page=True)


def main(told: list[str]) -> int:
    """Take what was asked for; return the exit status."""
    match told:
        case ["board", *address]:
            board(address[0] if address else HTTP, HERE / "board.png")
        case ["guide", address, login, password]:
            guide(address, login, password, HERE / "mount-a-node")
        case ["guide", login, password]:
            guide(HTTP, login, password, HERE / "mount-a-node")
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
