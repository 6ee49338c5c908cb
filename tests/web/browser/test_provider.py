"""Signing in at a real OpenID Connect provider, with a real browser in between."""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Browser, Page
from psycopg import AsyncConnection

from hub.identity.provider import ProviderError, claimed, own_path, roles_of
from hub.identity.store import audit as trail
from tests.web.conftest import free_port

FOLDER = Path(__file__).parents[2] / "oidc"
GROUPS = "g-facilities=facilities g-admin=admin"
PROBLEM = "urn:cheongsa:problem:"


@contextmanager
def provider(back: str, secret: str, groups: Path) -> Iterator[str]:
    """The provider as a process; its issuer."""
    if not (FOLDER / "node_modules").is_dir():
        pytest.fail("the provider is not installed: make test")
    port = free_port()
    env = {
        **os.environ,
        "CLIENT_SECRET": secret,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    node = subprocess.Popen(
        ["node", FOLDER / "provider.mjs", str(port), back, groups],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # `node` may be a launcher with the real one behind it
    )
    try:
        assert node.stdout is not None
        assert node.stdout.readline() == b"ready\n"
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(node.pid, signal.SIGKILL)
        node.wait()
        if node.stdout:
            node.stdout.close()


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    """The file of the groups in which everybody is."""
    file = tmp_path / "groups.json"
    file.write_text("[]")
    return file


@pytest.fixture
def office_of(start: Callable[..., Any], groups: Path) -> Callable[..., Any]:
    """A hub and its provider; `secret` is what the hub believes the secret to be."""

    @contextmanager
    def opened(secret: str | None = None) -> Iterator[str]:
        port, right = free_port(), secrets.token_hex(16)
        url = f"http://127.0.0.1:{port}"
        with (
            provider(f"{url}/api/v1/oidc/back", right, groups) as issuer,
            start(
                HUB_PORT=str(port),
                HUB_PUBLIC_URL=url,
                HUB_OIDC_ISSUER=issuer,
                HUB_OIDC_CLIENT_SECRET=secret or right,
                HUB_OIDC_GROUPS=GROUPS,
                HUB_OIDC_NAME="행정 로그인",
            ),
        ):
            yield url

    return opened


async def _sign_in(page: Page, url: str, who: str, back_to: str = "/wall") -> None:
    await page.goto(f"{url}/api/v1/oidc/start?back_to={back_to}")
    await page.fill("input[name=login]", who)
    await page.fill("input[name=password]", "whatever")
    await page.click("button[type=submit]")
    await page.click("button[type=submit]")  # consent
    await page.wait_for_url(f"{url}/**")


async def _me(page: Page) -> dict[str, Any]:
    return await page.evaluate("fetch('/api/v1/me').then((answer) => answer.json())")


async def test_somebody_of_the_office_comes_back_signed_in_with_the_roles_of_their_groups(
    office_of: Callable[..., Any], browser: Browser, conn: AsyncConnection[Any], groups: Path
):
    with office_of() as url:
        groups.write_text('["g-facilities", "unknown"]')  # noqa: ASYNC240
        page = await (await browser.new_context()).new_page()
        await _sign_in(page, url, "kim")
        assert page.url == f"{url}/wall"
        me = await _me(page)
        assert (me["login"], me["name"], me["roles"]) == ("kim", "kim 님", ["facilities", "staff"])
        groups.write_text('["g-admin"]')  # noqa: ASYNC240
        again = await (await browser.new_context()).new_page()
        await _sign_in(again, url, "kim")
        assert (await _me(again))["roles"] == ["admin", "staff"]
        ways = await page.evaluate("fetch('/api/v1/oidc').then((answer) => answer.json())")
        assert ways == {"provider": "행정 로그인"}
    entries = await trail.search(conn, trail.Wanted("session.begin"))
    assert [entry.detail["groups"] for entry in entries] == [
        ["g-admin"],
        ["g-facilities", "unknown"],
    ]
    rows = await conn.execute("SELECT count(*) FROM person")
    assert await rows.fetchone() == (1,)


async def test_who_left_does_not_come_back_by_the_provider(
    office_of: Callable[..., Any], browser: Browser, conn: AsyncConnection[Any]
):
    with office_of() as url:
        page = await (await browser.new_context()).new_page()
        await _sign_in(page, url, "kim")
        await conn.execute("UPDATE person SET retired_at = now()")
        await conn.commit()
        gone = await (await browser.new_context()).new_page()
        await _sign_in(gone, url, "kim")
        assert _problem(gone) == "person-left"
        assert (await _me(gone))["type"] == PROBLEM + "not-signed-in"


async def test_a_wrong_secret_is_not_believed(office_of: Callable[..., Any], browser: Browser):
    with office_of(secret="not what the provider knows") as url:
        page = await (await browser.new_context()).new_page()
        await _sign_in(page, url, "kim")
        assert _problem(page) == "provider-away"


async def test_a_state_of_another_browser_or_a_second_time_is_refused(
    office_of: Callable[..., Any], browser: Browser
):
    with office_of() as url:
        page = await (await browser.new_context()).new_page()
        backs: list[str] = []
        page.on("request", lambda asked: backs.append(asked.url) if "/back?" in asked.url else None)
        await _sign_in(page, url, "kim")
        await page.goto(backs[0])  # the same once more
        assert _problem(page) == "visit-unknown"
        stranger = await (await browser.new_context()).new_page()
        await stranger.goto(backs[0])
        assert _problem(stranger) == "visit-unknown"


async def test_a_provider_that_is_away_is_said(start: Callable[..., Any], browser: Browser):
    url = f"http://127.0.0.1:{(port := free_port())}"
    with start(
        HUB_PORT=str(port),
        HUB_PUBLIC_URL=url,
        HUB_OIDC_ISSUER=f"http://127.0.0.1:{free_port()}",
        HUB_OIDC_CLIENT_SECRET="x" * 16,
    ):
        page = await browser.new_page()
        await page.goto(f"{url}/api/v1/oidc/start")
        assert _problem(page) == "provider-away"


def _problem(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["problem"][0]


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/people?page=2", "/people?page=2"),
        ("https://evil.test/", "/"),
        ("//evil.test/", "/"),
        ("/\\evil.test/", "/"),
        ("/a\\b", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"),
    ],
)
def test_only_a_path_of_ours_is_gone_back_to(asked: str, path: str):
    assert own_path(asked) == path


@pytest.mark.parametrize(
    "claims", [{}, {"sub": ""}, {"sub": "a", "iss": 1}, {"sub": 1, "iss": "x"}]
)
def test_claims_that_name_nobody_are_refused(claims: dict[str, Any]):
    with pytest.raises(ProviderError):
        claimed(claims, "groups")


def test_groups_that_are_no_list_give_nothing():
    who = claimed(
        {"sub": "a", "iss": "b", "preferred_username": "Kim", "groups": "g-admin"}, "groups"
    )
    assert (who.login, who.groups) == ("kim", frozenset())
    assert roles_of(who.groups, {"g-admin": "admin"}) == {"staff"}
