"""People for the tests of the door: added, signed in, acting."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from psycopg import AsyncConnection

from hub.identity import passwords, roles
from hub.identity.store import people
from hub.kit import clock
from hub.web import app

PASSWORD = "열 글자가 넘는 비밀번호"
HOST = "https://hub.test"  # a cookie that is Secure goes nowhere else
OURS = {"Sec-Fetch-Site": "same-origin"}
_ENCODED = passwords.hashed(PASSWORD)


async def add(
    conn: AsyncConnection[Any], login: str, *given: roles.Role, now: datetime | None = None
) -> Any:
    """A person with a password of their own. COMMITs."""
    person_id = await people.add(
        conn, login=login, name=login, roles=roles.parse(given), now=now or clock.now()
    )
    await people.set_password(conn, person_id, _ENCODED, is_first=False)
    await conn.commit()
    return person_id


@dataclass
class Somebody:
    """A browser, perhaps with a session."""

    client: httpx.AsyncClient
    csrf_token: str = ""

    async def sign_in(self, login: str, password: str = PASSWORD) -> httpx.Response:
        body = {"login": login, "password": password}
        answer = await self.client.post("/api/v1/session", json=body, headers=OURS)
        self.csrf_token = answer.json().get("csrf_token", "")
        return answer

    async def does(self, method: str, path: str, **given: Any) -> httpx.Response:
        """As a page of ours would ask."""
        headers = {**OURS, "X-CSRF-Token": self.csrf_token, **given.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **given)


@asynccontextmanager
async def browser(door: app.Door) -> AsyncIterator[Somebody]:
    transport = httpx.ASGITransport(door)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield Somebody(client)
