"""Orders, places, 서무 and appeals over HTTP; what each may see."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection

from hub.kit import clock
from hub.tripproof import codes, pointer, seal, tree
from hub.tripproof.keys import Use
from hub.tripproof.reasons import Reason
from hub.tripproof.verdict import Grade, Place
from tests.conftest import Database
from tests.web.trips import CITY_HALL, COSE, Phone, World, kind_of, octets, opened

Conn = AsyncConnection[Any]
ORDERS, PLACES, PEOPLE = "/api/v1/trips/orders", "/api/v1/trips/places", "/api/v1/trips/people"
PROOFS = "/api/v1/trips/proofs"


@pytest.fixture
async def world(database: Database, conn: Conn, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(database, conn, tmp_path) as world:
        yield world


def order(**changes: Any) -> dict[str, Any]:
    now = clock.now()
    usual = {
        "trip": "2026-0001234", "people": ["han"], "department": "총무",
        "begins_at": (now - timedelta(hours=4)).isoformat(),
        "ends_at": (now + timedelta(hours=4)).isoformat(), "place": "시청",
    }  # fmt: skip
    return {**usual, **changes}


async def saved(world: World, *orders: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await world.adm.does("POST", ORDERS, json={"orders": orders})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def the_city_hall_is_known(world: World) -> None:
    point = {"lat_e7": CITY_HALL[0], "lon_e7": CITY_HALL[1], "radius_m": 200}
    answer = await world.adm.does("PUT", PLACES, json={"name": "시청", "points": [point]})
    assert answer.status_code == 204, answer.text


async def is_clerk(world: World, login: str, department: str) -> None:
    everybody = (await world.adm.does("GET", PEOPLE)).json()
    (found,) = [one for one in everybody if one["login"] == login]
    body = {"who": login, "department": department, "is_clerk": True}
    answer = await world.adm.does("PUT", f"{PEOPLE}/{found['person_id']}", json=body)
    assert answer.status_code == 204, answer.text


async def test_a_touch_at_the_destination_of_ones_order_is_grade_a(world: World):
    await the_city_hall_is_known(world)
    await saved(world, order())
    await world.phone.enrol(world.han)
    upload, answer = await world.phone.touches(trip="2026-0001234")
    verdict = world.phone.checks(upload, answer.json())
    assert (verdict.grade, verdict.place, verdict.reasons) == (Grade.A, Place.INSIDE, ())


@pytest.mark.parametrize(
    ("changes", "reason", "grade"),
    [
        ({"people": ["lim"]}, Reason.OTHER_PERSON, Grade.C),
        ({"place": "아무도 모르는 곳"}, Reason.DESTINATION_UNKNOWN, Grade.A),
        ({"trip": "2026-9"}, Reason.NO_ORDER, Grade.A),
        (
            {"begins_at": "2026-01-01T09:00:00+09:00", "ends_at": "2026-01-01T18:00:00+09:00"},
            Reason.OUTSIDE_DATES,
            Grade.B,
        ),
    ],
)
async def test_an_order_that_does_not_fit_is_a_reason(
    world: World, changes: dict[str, Any], reason: Reason, grade: Grade
):
    await the_city_hall_is_known(world)
    await saved(world, order(**changes))
    await world.phone.enrol(world.han)
    upload, answer = await world.phone.touches(trip="2026-0001234")
    verdict = world.phone.checks(upload, answer.json())
    assert (verdict.grade, verdict.reasons) == (grade, (reason,))


async def test_each_change_of_an_order_is_a_version_and_a_leaf_and_the_same_again_is_none(
    world: World, conn: Conn
):
    first = order()
    assert [one["version"] for one in await saved(world, first)] == [1]
    assert [one["version"] for one in await saved(world, first)] == [1]
    assert [one["version"] for one in await saved(world, {**first, "by_air": True})] == [2]
    found = await conn.execute("SELECT count(*) FROM trip_leaf WHERE type = 5")
    assert await found.fetchone() == (2,)


async def test_an_order_that_runs_backward_or_is_another_departments_is_refused(world: World):
    backward = order(begins_at="2026-01-02T09:00:00+09:00", ends_at="2026-01-01T09:00:00+09:00")
    answer = await world.adm.does("POST", ORDERS, json={"orders": [backward]})
    assert (answer.status_code, kind_of(answer)) == (422, "trip-ends-before-it-begins")
    await saved(world, order())
    answer = await world.adm.does("POST", ORDERS, json={"orders": [order(department="세무")]})
    assert (answer.status_code, kind_of(answer)) == (409, "trip-of-another-department")


async def test_a_clerk_sees_and_orders_for_the_own_department_alone(world: World):
    await the_city_hall_is_known(world)
    await is_clerk(world, "lim", "총무")
    answer = await world.lim.does("POST", ORDERS, json={"orders": [order()]})
    assert answer.status_code == 200, answer.text
    other = order(trip="2026-2", department="세무")
    answer = await world.lim.does("POST", ORDERS, json={"orders": [other]})
    assert (answer.status_code, kind_of(answer)) == (403, "trip-not-the-clerk")
    await saved(world, other)
    seen = (await world.lim.does("GET", ORDERS, params={"department": True})).json()
    assert [one["trip"] for one in seen] == ["2026-0001234"]
    assert str(CITY_HALL[0]) not in str(seen)
    for path in (ORDERS, PROOFS):
        answer = await world.han.does("GET", path, params={"department": True})
        assert (answer.status_code, kind_of(answer)) == (403, "trip-not-the-clerk")
    answer = await world.han.does("PUT", PLACES, json={"name": "시청"})
    assert (answer.status_code, kind_of(answer)) == (403, "trip-not-the-clerk")


async def test_of_a_departments_proofs_its_clerk_sees_all_but_the_place(world: World):
    await is_clerk(world, "lim", "총무")
    await is_clerk(world, "han", "총무")
    await world.phone.enrol(world.han)
    await world.phone.touches()
    (row,) = (await world.lim.does("GET", PROOFS, params={"department": True})).json()
    assert (row["who"], row["department"]) == ("han", "총무")
    assert not {"lat", "lon", "fix"} & set(row)
    assert (await world.lim.does("GET", PROOFS)).json() == []
    everybody = {"everybody": True}
    assert len((await world.gam.does("GET", PROOFS, params=everybody)).json()) == 1
    assert (await world.lim.does("GET", PROOFS, params=everybody)).status_code == 403


async def test_an_appeal_is_a_leaf_and_only_ones_own(world: World):
    await world.phone.enrol(world.han)
    _, answer = await world.phone.touches()
    path = f"{PROOFS}/{answer.json()['cti']}/appeal"
    body = {"text": "도로가 막혀 돌아갔습니다."}
    refused = await world.lim.does("POST", path, json=body)
    assert (refused.status_code, kind_of(refused)) == (404, "trip-unknown-proof")
    assert (await world.han.does("POST", path, json=body)).status_code == 201
    (row,) = (await world.han.does("GET", PROOFS)).json()
    assert row["appealed"] is True


async def test_two_cannot_have_one_number(world: World):
    everybody = (await world.adm.does("GET", PEOPLE)).json()
    han, lim = (
        next(one["person_id"] for one in everybody if one["login"] == login)
        for login in ("han", "lim")
    )
    body = {"who": "20190123"}
    assert (await world.adm.does("PUT", f"{PEOPLE}/{han}", json=body)).status_code == 204
    answer = await world.adm.does("PUT", f"{PEOPLE}/{lim}", json=body)
    assert (answer.status_code, kind_of(answer)) == (409, "trip-number-taken")


async def test_an_admin_ends_the_key_of_who_moved(world: World):
    await world.phone.enrol(world.han)
    everybody = (await world.adm.does("GET", PEOPLE)).json()
    (han,) = [one["person_id"] for one in everybody if one["login"] == "han"]
    path, body = f"{PEOPLE}/{han}/end", {"reason": "transferred"}
    assert (await world.adm.does("POST", path, json=body)).status_code == 204
    answer = await world.phone.ask_for_challenges()
    assert kind_of(answer) == "trip-key-ended"
    again = await world.adm.does("POST", path, json=body)
    assert (again.status_code, kind_of(again)) == (404, "trip-unknown-own-device")


async def test_another_person_on_the_same_phone_just_then_is_a_reason(world: World):
    await world.phone.enrol(world.han)
    shared = Phone(world.phone.client, installation=world.phone.installation)
    await shared.enrol(world.lim)
    await world.phone.touches()
    upload, answer = await shared.touches()
    assert Reason.SAME_PHONE in shared.checks(upload, answer.json()).reasons


async def test_who_left_the_office_gets_no_challenges(world: World, conn: Conn):
    await world.phone.enrol(world.han)
    await conn.execute("UPDATE person SET retired_at = now() WHERE login = 'han'")
    await conn.commit()
    answer = await world.phone.ask_for_challenges()
    assert (answer.status_code, kind_of(answer)) == (403, "trip-key-ended")
    upload, answer = await world.phone.touches()
    assert Reason.KEY_ENDED in world.phone.checks(upload, answer.json()).reasons


async def test_a_chain_goes_on_and_its_speed_is_looked_at(world: World):
    await world.phone.enrol(world.han)
    for _ in range(3):
        upload, answer = await world.phone.touches()
        assert world.phone.checks(upload, answer.json()).reasons == (Reason.NO_ORDER,)
    far = world.phone.says()
    fix = far.fix
    assert fix is not None
    away = type(fix)(fix.lat_e7 + 20_000_000, fix.lon_e7, 18, fix.at)
    upload, answer = await world.phone.touches(fix=away, counter=far.counter)
    assert Reason.TOO_FAST in world.phone.checks(upload, answer.json()).reasons


async def test_what_a_pc_carried_in_is_the_same_one_record(world: World):
    await world.phone.enrol(world.han)
    said = world.phone.says()
    upload = world.phone.seals(said)
    sealed = seal.seal(world.phone.keys.of(Use.HUB_OPENS)[0], upload.encoded, seal.For.HUB)
    carried = [
        await world.gam.client.post("/api/v1/trips/carried", content=sealed, headers=COSE)
        for _ in range(2)
    ]
    assert [one.status_code for one in carried] == [201, 200]
    later = await world.phone.sends(said.cti, upload)
    assert (later.status_code, later.text) == (200, carried[0].text)


async def test_an_x_that_came_alone_is_logged_once_and_its_proof_still_comes(world: World):
    await world.phone.enrol(world.han)
    said = world.phone.says()
    upload = world.phone.seals(said)
    path = "/api/v1/trips/sealed"
    told = [await world.gam.does("POST", path, content=upload.sealed) for _ in range(2)]
    assert [one.status_code for one in told] == [200, 200], told[0].text
    assert told[0].json()["index"] == told[1].json()["index"]
    answer = await world.phone.sends(said.cti, upload)
    assert answer.status_code == 201
    known = await world.gam.does("POST", path, content=upload.sealed)
    assert known.json()["index"] == answer.json()["index"]
    refused = await world.gam.does("POST", path, content=upload.statement)
    assert (refused.status_code, kind_of(refused)) == (422, "trip-malformed")


async def test_an_office_pc_shows_challenges_to_a_phone_without_network(world: World):
    await world.phone.enrol(world.han)
    world.phone.challenges.clear()
    path = f"/api/v1/trips/devices/{world.phone.kid}/challenges"
    assert (await world.lim.does("POST", path)).status_code == 404
    answer = await world.han.does("POST", path)
    world.phone.take(answer.content)
    upload, answer = await world.phone.touches()
    assert world.phone.checks(upload, answer.json()).reasons == (Reason.NO_ORDER,)


async def test_the_printed_pointer_names_the_trips_proofs(world: World):
    await the_city_hall_is_known(world)
    await saved(world, order())
    await world.phone.enrol(world.han)
    path = f"{ORDERS}/2026-0001234/pointer"
    assert kind_of(await world.han.does("GET", path)) == "trip-unknown-proof"
    told = [(await world.phone.touches(trip="2026-0001234"))[1].json() for _ in range(2)]
    seen = (await world.han.does("GET", path)).json()
    code, content = codes.read(seen["text"])
    found = pointer.verified(content, world.phone.hub)
    assert (code, found.count, found.worst) == (codes.Code.POINTER, 2, Grade.A)
    leaves = (tree.leaf_hash(octets(one["leaf"])) for one in told)
    assert found.leaves == pointer.over(leaves)
    assert kind_of(await world.lim.does("GET", path)) == "trip-unknown-order"


async def test_a_table_of_orders_is_read_looked_at_and_then_saved(world: World):
    rows = (
        "출장번호,직원번호,부서,시작,종료,출장지\n"
        "2026-7,han,총무,2026-11-21 09:00,2026-11-21 18:00,도청\n"
    )
    path = f"{ORDERS}/reading"
    seen = await world.adm.does("POST", path, content=rows.encode("cp949"))
    assert seen.status_code == 200, seen.text
    assert (await world.han.does("GET", ORDERS)).json() == []
    (kept,) = await saved(world, *(row["order"] for row in seen.json()["rows"]))
    assert (kept["trip"], kept["people"]) == ("2026-7", ["han"])
    refused = await world.adm.does("POST", path, content=b"PK\x03\x04nothing")
    assert (refused.status_code, kind_of(refused)) == (422, "sheet-unreadable")
