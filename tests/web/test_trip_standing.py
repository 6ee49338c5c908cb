"""What an enrolled key hears of itself without a session: its end, a handover, its orders."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection

from hub.kit import clock
from hub.tripproof.ask import Purpose
from hub.tripproof.leaf import Revoked
from tests.conftest import Database
from tests.web.trips import COSE, Phone, World, kind_of, opened

STANDING = "/api/v1/trips/standing"
DAY = timedelta(days=1)


@pytest.fixture
async def world(
    database: Database, conn: AsyncConnection[Any], tmp_path: Path
) -> AsyncIterator[World]:
    async with opened(database, conn, tmp_path) as world:
        assert (await world.phone.enrol(world.han)).status_code == 201
        yield world


async def stands(phone: Phone, purpose: Purpose = Purpose.STANDING) -> Any:
    return await phone.client.post(STANDING, content=phone.asks(purpose), headers=COSE)


def an_order(trip: str, begins: datetime, who: str = "han") -> dict[str, Any]:
    ends = begins + timedelta(hours=8)
    return {
        "trip": trip, "people": [who], "department": "", "place": "창원시청",
        "begins_at": begins.isoformat(), "ends_at": ends.isoformat(), "purpose": "현장 점검",
    }  # fmt: skip


async def test_a_phone_hears_its_orders_of_these_days_without_a_session(world: World):
    now = clock.now()
    orders = [
        an_order("2026-0000001", now - timedelta(hours=1)),
        an_order("2026-0000002", now + 3 * DAY),
        an_order("2026-0000003", now - 30 * DAY),
        an_order("2026-0000004", now + 30 * DAY),
        an_order("2026-0000005", now, who="lim"),
    ]
    saved = await world.adm.does("POST", "/api/v1/trips/orders", json={"orders": orders})
    assert saved.status_code == 200, saved.text
    told = (await stands(world.phone)).json()
    assert [one["trip"] for one in told["orders"]] == ["2026-0000002", "2026-0000001"]
    assert told["orders"][1]["place"] == "창원시청"
    assert (told["ended_at"], told["reason"]) == (None, None)
    assert datetime.fromisoformat(told["until"]) > now + 300 * DAY
    assert told["auditor"]["fingerprint"] == world.phone.me["auditor"]["fingerprint"]


async def test_a_key_that_ended_hears_why(world: World):
    me = await world.adm.does("GET", "/api/v1/trips/people")
    (han,) = [one for one in me.json() if one["login"] == "han"]
    path = f"/api/v1/trips/people/{han['person_id']}/end"
    assert (await world.adm.does("POST", path, json={"reason": "transferred"})).is_success
    told = (await stands(world.phone)).json()
    assert told["reason"] == Revoked.TRANSFERRED
    assert told["ended_at"] is not None


async def test_whose_consent_was_withdrawn_hears_that_there_is_none(world: World):
    assert (await world.han.does("DELETE", "/api/v1/trips/consent")).is_success
    told = (await stands(world.phone)).json()
    assert (told["until"], told["reason"]) == (None, Revoked.CONSENT_WITHDRAWN)


async def test_who_left_the_office_hears_that(world: World, conn: AsyncConnection[Any]):
    await conn.execute("UPDATE person SET retired_at = now() WHERE login = 'han'")
    await conn.commit()
    told = (await stands(world.phone)).json()
    assert told["reason"] == Revoked.LEFT


async def test_a_stranger_or_another_question_hears_nothing(world: World):
    assert kind_of(await stands(Phone(world.phone.client))) == "trip-unknown-device"
    assert kind_of(await stands(world.phone, Purpose.CHALLENGES)) == "trip-malformed"
    once = world.phone.asks(Purpose.STANDING)
    answers = [
        await world.phone.client.post(STANDING, content=once, headers=COSE) for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 403]
