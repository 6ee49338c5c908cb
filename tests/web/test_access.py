"""Every route, called as every role and as nobody, against the table in docs/access.md."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter
from psycopg import AsyncConnection

from hub.identity import access, roles
from hub.web import app
from hub.web.live import PATH as STREAM
from tests.conftest import Database
from tests.hub.density.offices import open_office
from tests.web.conftest import settings_for
from tests.web.people import Somebody, add, browser

TABLE = Path(__file__).parents[2] / "docs" / "access.md"
REFUSED = {401, 403}
FILLED = {"zone": "demo.cam-1.main"}


def table() -> dict[tuple[str, str], set[str]]:
    rows = re.findall(r"^\| ([A-Z]+) \| (\S+) \| (.+) \|$", TABLE.read_text(), re.MULTILINE)
    return {(method, path): set(who.split(", ")) for method, path, who in rows}


def _may(who: set[str], role: str | None, *, board_open: bool) -> bool:
    if "anyone" in who or ("board" in who and board_open):
        return True
    return role is not None and bool(who & {role, "staff", "signed-in", "board"})


def _address(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: FILLED.get(found[1], str(UUID(int=7))), path)


def test_the_table_names_every_route_and_no_other():
    served = {*access.table(app.bare_api()), ("GET", STREAM)}
    assert set(table()) == served


async def _is_let_in(somebody: Somebody, method: str, path: str) -> bool:
    method = "HEAD" if path == STREAM else method  # it would never end
    asked: dict[str, Any] = {"json": {}} if method in ("POST", "PUT") else {}
    answer = await somebody.does(method, _address(path), **asked)
    assert answer.status_code < 500 or path == "/readyz", (method, path, answer.text)
    if "/session" in path and method == "DELETE" and answer.status_code == 204:
        await somebody.sign_in(somebody.client.headers["x-who"])
    return answer.status_code not in REFUSED


@pytest.mark.parametrize("board_open", [True, False], ids=["open", "closed"])
@pytest.mark.parametrize("role", [None, *roles.ROLES])
async def test_everybody_gets_in_where_the_table_says_and_nowhere_else(
    database: Database, conn: AsyncConnection[Any], role: roles.Role | None, board_open: bool
):
    await open_office(conn)
    if role is not None:
        await add(conn, role, role)
    door = app.create_app(settings_for(database, board_open=board_open), pace_s=0.0)
    async with door.api.router.lifespan_context(door.api), browser(door) as somebody:
        if role is not None:
            somebody.client.headers["x-who"] = role
            assert (await somebody.sign_in(role)).status_code == 200
        found = {key: await _is_let_in(somebody, *key) for key in table()}
    said = {key: _may(who, role, board_open=board_open) for key, who in table().items()}
    assert found == said


def test_a_route_that_names_nobody_keeps_the_door_shut():
    api, forgotten = app.bare_api(), APIRouter()

    @forgotten.get("/api/v1/forgotten")
    async def read_forgotten() -> None: ...

    api.include_router(forgotten)
    with pytest.raises(access.RouteNamesNoRole, match="/api/v1/forgotten"):
        access.table(api)
