"""A department's month over HTTP: orders against what confirms them, links, paper and photos."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from psycopg import AsyncConnection

from hub.kit import clock
from hub.tripproof import record
from hub.tripproof.bundle import Entry, read_export
from hub.tripproof.leaf import LeafType, decoded
from hub.tripproof.statement import Kind
from hub.tripproof.verify import log as verifier
from hub.tripproof.verify.held import Held
from hub.tripproof.words import Answer
from tests.conftest import Database
from tests.web.test_trip_books import is_clerk, order, saved
from tests.web.trips import CITY_HALL, World, kind_of, opened

Conn = AsyncConnection[Any]
MONTH, CONFIRMATIONS = "/api/v1/trips/month", "/api/v1/trips/confirmations"
TRIP = "2026-0001234"
PAPER = {"kind": "paper", "on_day": "2024-11-20", "note": "방문 확인서"}


@pytest.fixture
async def world(database: Database, conn: Conn, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(database, conn, tmp_path) as world:
        await is_clerk(world, "lim", "총무")
        yield world


def now_month() -> str:
    return f"{clock.now().astimezone(clock.SEOUL):%Y-%m}"


def past(**changes: Any) -> dict[str, Any]:
    """An order that is over since a moment."""
    now = clock.now()
    return order(
        begins_at=(now - timedelta(hours=3)).isoformat(),
        ends_at=(now - timedelta(seconds=1)).isoformat(),
        **changes,
    )


async def month(who: Any, **asked: Any) -> dict[str, Any]:
    answer = await who.does("GET", MONTH, params={"month": now_month(), **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def the_trip(who: Any, trip: str = TRIP) -> dict[str, Any]:
    (found,) = [one for one in (await month(who))["trips"] if one["trip"] == trip]
    return found


async def confirmed(writer: Any, **changes: Any) -> Any:
    body = {"trip": TRIP, "who": "han", **PAPER, **changes}
    return await writer.does("POST", CONFIRMATIONS, json=body)


async def links(who: Any, cti: str, trip: str = TRIP) -> Any:
    return await who.does("PUT", f"/api/v1/trips/proofs/{cti}/link", json={"trip": trip})


async def touched(world: World, **changes: Any) -> str:
    _, answer = await world.phone.touches(**changes)
    assert answer.status_code == 201, answer.text
    return answer.json()["cti"]


@pytest.mark.parametrize(
    ("kinds", "state", "gaps"),
    [
        ([], "nothing", ["nothing"]),
        ([Kind.ARRIVE], "partly", ["departure"]),
        ([Kind.DEPART], "partly", ["arrival"]),
        ([Kind.WAYPOINT], "partly", ["arrival", "departure"]),
        ([Kind.ARRIVE, Kind.DEPART], "confirmed", []),
    ],
)
async def test_what_is_missing_of_a_trip_that_is_over_is_said_on_both_sides(
    world: World, kinds: list[Kind], state: str, gaps: list[str]
):
    await saved(world, past())
    await world.phone.enrol(world.han)
    for kind in kinds:
        await touched(world, trip=TRIP, kind=kind)
    for whoever in (world.lim, world.han, world.adm):
        found = await the_trip(whoever)
        (one,) = found["travellers"]
        assert (found["state"], one["state"], one["gaps"]) == (state, state, gaps)
        assert [touch["kind"] for touch in one["touches"]] == kinds


@pytest.mark.parametrize(("hours", "state"), [(-1, "going"), (1, "ahead")])
async def test_before_a_trip_is_over_nothing_is_missing(world: World, hours: int, state: str):
    begins = clock.now() + timedelta(hours=hours)
    ends = begins + timedelta(hours=5)
    await saved(world, order(begins_at=begins.isoformat(), ends_at=ends.isoformat()))
    if begins.astimezone(clock.SEOUL).month != clock.now().astimezone(clock.SEOUL).month:
        pytest.skip("the last hour of a month")
    (one,) = (await the_trip(world.lim))["travellers"]
    assert (one["state"], one["gaps"]) == (state, [])


@pytest.mark.parametrize("kind", ["paper", "photo"])
async def test_paper_and_photo_confirm_as_a_touch_does(world: World, kind: str):
    await saved(world, past())
    answer = await confirmed(world.lim, kind=kind, photo_sha256="ab" * 32)
    assert answer.status_code == 201, answer.text
    found = await the_trip(world.lim)
    (one,) = found["travellers"]
    assert (found["state"], one["gaps"], one["touches"]) == ("confirmed", [], [])
    (each,) = one["confirmations"]
    assert (each["kind"], each["saved_by"], each["photo_sha256"]) == (kind, "lim", "ab" * 32)


async def test_who_did_not_consent_looks_like_who_did_and_forgot(world: World, conn: Conn):
    await world.phone.enrol(world.han)  # consents; lim never does
    await saved(world, past(people=["han", "lim"]))
    rows = {}
    for one in (await the_trip(world.adm))["travellers"]:
        rows[one["who"]] = {**one, "who": "", "name": ""}
    assert rows["han"] == rows["lim"]
    await confirmed(world.lim, who="lim")
    await confirmed(world.lim, who="han")
    found = await the_trip(world.adm)
    assert {one["state"] for one in found["travellers"]} == {"confirmed"}
    assert "consent" not in str(await month(world.lim))


async def test_no_coordinates_and_no_distances_come_out(world: World):
    await saved(world, past())
    await world.phone.enrol(world.han)
    await touched(world, trip=TRIP)
    told = await month(world.lim)
    assert not [part for part in map(str, CITY_HALL) if part in str(told)]
    (touch,) = told["trips"][0]["travellers"][0]["touches"]
    assert not {"band", "lat", "lon", "fix", "distance"} & set(touch)


async def test_other_departments_trips_are_invisible(world: World):
    await saved(world, past(), past(trip="2026-9", people=["lim"], department="세무"))
    await is_clerk(world, "gam", "세무")
    assert [one["trip"] for one in (await month(world.gam))["trips"]] == ["2026-9"]
    assert [one["trip"] for one in (await month(world.han))["trips"]] == [TRIP]
    assert [one["trip"] for one in (await month(world.lim))["trips"]] == [TRIP]
    mine = await month(world.lim, mine=True)
    assert (mine["scope"], [one["trip"] for one in mine["trips"]]) == ("own", ["2026-9"])
    refused = await confirmed(world.gam)
    assert (refused.status_code, kind_of(refused)) == (404, "trip-unknown-order")
    everything = await month(world.adm)
    assert {one["trip"] for one in everything["trips"]} == {TRIP, "2026-9"}
    assert [one["trip"] for one in (await month(world.adm, department="세무"))["trips"]] == [
        "2026-9"
    ]


async def test_of_a_trip_together_staff_see_their_own_part(world: World):
    await saved(world, past(people=["han", "lim"], department="세무"))
    await confirmed(world.adm, who="lim")
    found = await the_trip(world.han)
    assert [one["who"] for one in found["travellers"]] == ["han"]
    assert found["state"] == "nothing"
    refused = await confirmed(world.han, who="lim")
    assert (refused.status_code, kind_of(refused)) == (403, "trip-not-the-clerk")
    assert (await confirmed(world.han)).status_code == 201


async def test_a_confirmation_is_corrected_and_withdrawn_and_its_history_stays(world: World):
    await saved(world, past())
    first = (await confirmed(world.han)).json()
    path = f"{CONFIRMATIONS}/{first['confirmation_id']}"
    body = {**PAPER, "note": "출입 기록", "version": 1, "why": "메모를 잘못 적음"}
    second = await world.lim.does("PUT", path, json=body)
    assert (second.status_code, second.json()["version"]) == (200, 2)
    stale = await world.lim.does("PUT", path, json=body)
    assert (stale.status_code, kind_of(stale)) == (409, "trip-confirmation-changed")
    gone = {"version": 2, "why": "다른 출장의 것"}
    assert (await world.han.does("POST", f"{path}/withdrawal", json=gone)).status_code == 200
    told = (await world.lim.does("GET", path)).json()
    keys = ("version", "note", "is_withdrawn", "saved_by")
    assert [tuple(one[key] for key in keys) for one in told] == [
        (3, "출입 기록", True, "han"), (2, "출입 기록", False, "lim"),
        (1, "방문 확인서", False, "han"),
    ]  # fmt: skip
    (one,) = (await the_trip(world.lim))["travellers"]
    assert (one["state"], len(one["confirmations"])) == ("nothing", 1)
    assert kind_of(await world.gam.does("GET", path)) == "trip-unknown-confirmation"


async def test_nothing_is_confirmed_of_a_day_that_has_not_come(world: World):
    await saved(world, past())
    today = clock.now().astimezone(clock.SEOUL).date()
    ahead = f"{today + timedelta(days=2)}"  # the day may change meanwhile
    refused = await confirmed(world.lim, on_day=ahead)
    assert (refused.status_code, kind_of(refused)) == (422, "trip-day-ahead")
    assert ahead in refused.json()["detail"]
    first = await confirmed(world.lim, on_day=f"{today}")
    assert first.status_code == 201
    path = f"{CONFIRMATIONS}/{first.json()['confirmation_id']}"
    body = {**PAPER, "on_day": ahead, "version": 1, "why": "날을 잘못 적음"}
    assert kind_of(await world.lim.does("PUT", path, json=body)) == "trip-day-ahead"
    assert len((await world.lim.does("GET", path)).json()) == 1


async def test_what_was_written_cannot_be_rewritten_in_the_database(world: World, conn: Conn):
    await saved(world, past())
    await confirmed(world.han)
    with pytest.raises(Exception, match="a row more"):
        await conn.execute("UPDATE trip_confirmation SET note = 'x'")


async def test_a_confirmation_is_for_somebody_on_the_order(world: World):
    await saved(world, past())
    refused = await confirmed(world.lim, who="lim")
    assert (refused.status_code, kind_of(refused)) == (409, "trip-not-on-the-order")
    refused = await confirmed(world.lim, trip="2026-77")
    assert (refused.status_code, kind_of(refused)) == (404, "trip-unknown-order")


async def test_a_touch_without_an_order_is_linked_unlinked_and_both_stand_in_the_log(
    world: World, conn: Conn
):
    await is_clerk(world, "han", "총무")
    await saved(world, past())
    await world.phone.enrol(world.han)
    cti = await touched(world)
    (loose,) = (await month(world.lim))["loose"]
    assert (loose["cti"], loose["reasons"]) == (cti, [60])
    assert (await links(world.han, cti)).status_code == 200
    told = await month(world.lim)
    (touch,) = told["trips"][0]["travellers"][0]["touches"]
    assert told["loose"] == []
    assert (touch["linked_by"], touch["reasons"], touch["said_trip"]) == ("han", [60], "")
    again = await links(world.han, cti)
    assert (await links(world.lim, cti, "")).json()["index"] > again.json()["index"]
    assert [one["cti"] for one in (await month(world.lim))["loose"]] == [cti]
    exported = (await world.gam.does("GET", "/api/v1/log/export")).content
    _, parts = read_export(io.BytesIO(exported))
    entries = [part for part in parts if isinstance(part, Entry)]
    linked = [one for one in entries if decoded(one.leaf).type is LeafType.LINK]
    said = [record.verified(one.body or b"", world.phone.hub).fields for one in linked]
    assert said == [
        {"cti": bytes.fromhex(cti), "trip": TRIP, "by": "han"},
        {"cti": bytes.fromhex(cti), "trip": "", "by": "lim"},
    ]
    report = verifier.verify(io.BytesIO(exported), Held(keys=world.phone.keys))
    assert report.answer is not Answer.CHANGED


async def test_who_may_link_and_to_what(world: World):
    await is_clerk(world, "gam", "세무")
    await saved(world, past(), past(trip="2026-9", people=["lim"]))
    await saved(world, past(trip="2026-8", department="세무"))
    await world.phone.enrol(world.han)
    cti = await touched(world)
    refused = [
        (world.lim, TRIP, "trip-unknown-proof"),  # no department when it was proved
        (world.gam, TRIP, "trip-unknown-proof"),
        (world.han, "2026-9", "trip-unknown-order"),
        (world.adm, "2026-9", "trip-not-on-the-order"),
        (world.adm, "2026-77", "trip-unknown-order"),
    ]
    for who, trip, problem in refused:
        assert kind_of(await links(who, cti, trip)) == problem
    assert (await links(world.adm, cti)).status_code == 200
    assert (await links(world.lim, cti, "")).status_code == 200  # it was on her department's order
    named = await touched(world, trip=TRIP)
    assert kind_of(await links(world.han, named, "2026-8")) == "trip-names-its-order"


async def test_the_workbook_has_equals_in_one_table_no_formula_and_no_place(world: World):
    await saved(world, past(purpose='=HYPERLINK("http://x")', people=["han", "lim"]))
    await world.phone.enrol(world.han)
    await touched(world, trip=TRIP)
    await touched(world)
    await confirmed(world.lim, who="lim", note="+1+1")
    answer = await world.lim.does("GET", f"{MONTH}/workbook", params={"month": now_month()})
    assert answer.status_code == 200, answer.text
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["요약", "출장별", "확인 내역", "출장명령 없는 확인"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell.value for cell in cells if cell.value == '=HYPERLINK("http://x")'] != []
    assert not [cell for cell in cells if str(CITY_HALL[0])[:5] in str(cell.value)]
    ways = [row[4] for row in book["확인 내역"].iter_rows(min_row=2, values_only=True)]
    assert sorted(map(str, ways)) == ["원터치", "종이 확인"]
    rows = book["요약"].iter_rows(min_row=2, max_col=2, values_only=True)
    summary = {str(name): value for name, value in rows}
    assert (summary["출장명령"], summary["확인됨"], summary["일부 확인"]) == (1, 1, 1)
    taken = (await world.adm.does("GET", "/api/v1/audit", params={"action": "trip.month"})).json()
    assert [one["actor"] for one in taken] == ["lim"]


async def test_the_template_is_a_table_that_is_read(world: World):
    template = await world.lim.does("GET", "/api/v1/trips/orders/template")
    book = openpyxl.load_workbook(io.BytesIO(template.content))
    row = ["2026-7", "han", "", "2026-11-21 09:00", "2026-11-21 18:00", "도청", "", "협의"]
    book.worksheets[0].append(row)
    book.worksheets[0].append(["2026-8", "", *row[2:]])
    out = io.BytesIO()
    book.save(out)
    answer = await world.lim.does("POST", "/api/v1/trips/orders/reading", content=out.getvalue())
    good, bad = answer.json()["rows"]
    assert (good["order"]["trip"], good["standing"], good["may"]) == ("2026-7", "new", True)
    assert (bad["row"], bad["order"], bad["wrong"]) == (3, None, ["people"])


async def test_without_trip_keys_every_route_says_so(
    world: World, database: Database, tmp_path: Path
):
    (tmp_path / "trip" / "trip.json").rename(tmp_path / "away.json")
    answer = await world.lim.does("GET", MONTH, params={"month": now_month()})
    assert (answer.status_code, kind_of(answer)) == (409, "trip-not-ready")
    assert kind_of(await confirmed(world.lim)) == "trip-not-ready"


@pytest.mark.parametrize("asked", ["", "2026-13", "26-11", "2026-11x", "2026-1"])
async def test_what_is_no_month_is_refused(world: World, asked: str):
    answer = await world.lim.does("GET", MONTH, params={"month": asked})
    assert answer.status_code == 422
