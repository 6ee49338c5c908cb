"""The stopwatch's routes: tap, use, take back; who did it stands in the audit trail."""

from datetime import timedelta
from typing import Any

import pytest

from hub.kit import clock
from tests.hub.density.offices import open_office, saw
from tests.web.people import add, browser

KEY = "demo.cam-1.main"
LANE = f"/api/v1/lanes/{KEY}"


@pytest.fixture
async def facilities(door, conn):
    """Somebody of facilities at a queue of 12 that moves."""
    await add(conn, "kim", "facilities")
    zone_id, now = await open_office(conn), clock.now()
    for ago in range(0, 900, 15):
        await saw(conn, zone_id, now - timedelta(seconds=ago), 12, 1)
    async with browser(door) as kim:
        await kim.sign_in("kim")
        yield kim


async def taps(kim, times: int) -> Any:
    seen: Any = None
    for _ in range(times):
        told = {"waited_s": 90.0, "served_ago_s": 20.0}
        answer = await kim.does("POST", f"{LANE}/taps", json=told)
        assert answer.status_code == 200, answer.text
        seen = answer.json()
    return seen


async def test_five_taps_a_factor_and_the_way_back(facilities, conn):
    kim = facilities
    lane = await taps(kim, 4)
    assert lane["says"] is None
    early = await kim.does("POST", f"{LANE}/factor", json={"revision": 0})
    assert early.status_code == 409
    assert early.json()["type"].endswith("not-enough-taps")

    lane = await taps(kim, 1)
    assert lane["says"]["taps"] == 5
    used = (await kim.does("POST", f"{LANE}/factor", json={"revision": 0})).json()
    assert used["revision"] == 1
    assert used["factor"] == pytest.approx(lane["says"]["factor"], rel=1e-3)
    late = await kim.does("POST", f"{LANE}/factor", json={"revision": 0})
    assert late.status_code == 409

    back = await kim.does("POST", f"{LANE}/factor/back", json={"revision": 1, "back_to": 0})
    assert (back.json()["revision"], back.json()["factor"]) == (2, 1.0)
    again = await kim.does("POST", f"{LANE}/factor/back", json={"revision": 2, "back_to": 1})
    assert again.json()["factor"] == used["factor"]
    never = await kim.does("POST", f"{LANE}/factor/back", json={"revision": 3, "back_to": 9})
    assert never.status_code == 404

    rows = await conn.execute(
        "SELECT action FROM audit_entry WHERE action LIKE 'lane.%' ORDER BY number"
    )
    assert [action for (action,) in await rows.fetchall()] == [
        "lane.calibrate", "lane.back", "lane.back",
    ]  # fmt: skip


async def test_a_tap_that_went_wrong_is_forgotten_once(facilities):
    lane = await taps(facilities, 1)
    path = f"{LANE}/taps/{lane['taps'][0]['tap_id']}"
    assert (await facilities.does("DELETE", path)).status_code == 204
    assert (await facilities.does("DELETE", path)).status_code == 404
    (lane,) = (await facilities.does("GET", "/api/v1/lanes?site=demo&node=cam-1")).json()
    assert lane["taps"] == []


async def test_where_the_hub_knew_no_wait_a_tap_is_refused_in_words(facilities):
    told = {"waited_s": 240.0, "served_ago_s": 7000.0}
    answer = await facilities.does("POST", f"{LANE}/taps", json=told)
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("not-reckoned")


async def test_a_zone_that_is_no_lane_is_not_found(facilities):
    answer = await facilities.does(
        "POST", "/api/v1/lanes/demo.cam-1.nowhere/factor", json={"revision": 0}
    )
    assert answer.status_code == 404
