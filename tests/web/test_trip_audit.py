"""The auditor's list over HTTP: sieved, asked about, as a workbook; and never a coordinate."""

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from psycopg import AsyncConnection

from hub.kit import clock
from hub.tripproof import codes, pointer, questions, tree
from hub.tripproof.questions import Why
from hub.tripproof.reasons import Reason
from hub.tripproof.statement import Fix
from hub.tripproof.store.reviewing import Reviewed
from tests.conftest import Database
from tests.web.test_trip_books import order, saved, the_city_hall_is_known
from tests.web.trips import CITY_HALL, World, octets, opened

Conn = AsyncConnection[Any]
BASE = "/api/v1/trips/audit"
TRIP = "2026-0001234"
FORMULA = "=1+2"


@pytest.fixture
async def world(database: Database, conn: Conn, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(database, conn, tmp_path) as world:
        yield world


async def three_proofs(world: World) -> list[str]:
    """One at its destination, one without an order and place, one 40 km off. Their ids."""
    await the_city_hall_is_known(world)
    await saved(world, order())
    await world.phone.enrol(world.han)
    far = Fix(CITY_HALL[0] + 3_600_000, CITY_HALL[1], 20, int(clock.now().timestamp()))
    made = [{"trip": TRIP}, {"trip": FORMULA, "fix": None}, {"trip": TRIP, "fix": far}]
    told = [(await world.phone.touches(**one))[1].json() for one in made]
    return [one["cti"] for one in told]


async def listed(world: World, **sieve: Any) -> list[str]:
    answer = await world.gam.does("GET", f"{BASE}/proofs", params=sieve)
    assert answer.status_code == 200, answer.text
    return [one["cti"] for one in answer.json()]


async def test_the_list_has_every_proof_the_newest_first_and_no_coordinates(world: World):
    first, second, third = await three_proofs(world)
    answer = await world.gam.does("GET", f"{BASE}/proofs")
    assert [one["cti"] for one in answer.json()] == [third, second, first]
    assert {one["destination"] for one in answer.json()} == {"시청", ""}
    assert not ({"lat", "lon", "lat_e7", "lon_e7", "fix", "acc"} & set(answer.json()[0]))
    assert str(CITY_HALL[0]) not in answer.text


async def test_the_list_is_sieved_by_what_was_said(world: World):
    first, second, third = await three_proofs(world)
    hour = timedelta(hours=1)
    now = clock.now()
    assert await listed(world, trip=TRIP) == [third, first]
    assert await listed(world, unlinked=True) == [second]
    assert await listed(world, unlinked=False) == [third, first]
    assert await listed(world, grade=1) == [first]
    assert await listed(world, place=3) == [third]
    assert await listed(world, reason=int(Reason.NO_PLACE)) == [second]
    assert await listed(world, who="HA") == [third, second, first]
    assert await listed(world, who="lim") == []
    assert await listed(world, kind=2) == []
    assert await listed(world, department="없음") == []
    assert await listed(world, since=(now - hour).isoformat(), until=(now + hour).isoformat())
    assert await listed(world, until=(now - hour).isoformat()) == []
    assert await listed(world, appealed=True) == []
    answer = await world.gam.does("GET", f"{BASE}/proofs/{second}")
    assert await listed(world, before=answer.json()["index"]) == [first]


async def test_a_proof_is_shown_with_its_appeal_and_its_order(world: World):
    _, _, third = await three_proofs(world)
    said = {"text": "공사로 길이 막혀 먼 곳에 세웠습니다."}
    answer = await world.han.does("POST", f"/api/v1/trips/proofs/{third}/appeal", json=said)
    assert answer.status_code == 201, answer.text
    told = (await world.gam.does("GET", f"{BASE}/proofs/{third}")).json()
    assert [(one["text"], one["by"]) for one in told["appeals"]] == [(said["text"], "han")]
    assert told["order"]["place"] == "시청"
    assert told["order"]["points"] == [*CITY_HALL, 200]
    assert await listed(world, appealed=True) == [third]
    assert (await world.gam.does("GET", f"{BASE}/proofs/{'0' * 16}")).status_code == 404


async def test_a_trips_leaves_are_what_the_printed_code_hashes(world: World):
    first, _, third = await three_proofs(world)
    told = (await world.gam.does("GET", f"{BASE}/trip", params={"trip": TRIP})).json()
    assert [one["cti"] for one in told["proofs"]] == [first, third]
    printed = await world.gam.does("GET", f"/api/v1/trips/orders/{TRIP}/pointer")
    over = pointer.over(tree.leaf_hash(octets(one["leaf"])) for one in told["proofs"])
    assert printed.json()["count"] == 2
    _, encoded = codes.read(printed.json()["text"])
    assert pointer.verified(encoded, world.phone.hub).leaves == over
    gone = await world.gam.does("GET", f"{BASE}/trip", params={"trip": "2026-0"})
    assert gone.status_code == 404


async def test_the_workbook_has_no_coordinates_and_nothing_that_calculates(world: World):
    await three_proofs(world)
    answer = await world.gam.does("GET", f"{BASE}/workbook")
    assert answer.status_code == 200
    assert "trip-proofs.xlsx" in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    (sheet,) = book.worksheets
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert sheet.max_row == 3 + 3
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    (typed,) = [cell for cell in cells if cell.value == FORMULA]
    assert typed.quotePrefix
    texts = " ".join(str(cell.value) for cell in cells)
    for hidden in ("35.22", "128.68", str(CITY_HALL[0]), str(CITY_HALL[1])):
        assert hidden not in texts
    assert "출장지 밖" in texts


async def test_what_is_published_now_is_told_to_the_auditor(world: World):
    told = (await world.gam.does("GET", "/api/v1/trips/auditor")).json()
    assert told["quarter"] == world.auditor.quarter
    (key,) = told["keys"]
    assert octets(key["fingerprint"]) == world.auditor.fingerprint
    assert key["is_handed_over"] is False
    assert told["tiles"] is None


@pytest.mark.parametrize("who", ["han", "lim", "adm"])
async def test_only_the_auditor_sees_any_of_it(world: World, who: str):
    [cti, *_] = await three_proofs(world)
    paths = [
        "/api/v1/trips/auditor", f"{BASE}/proofs", f"{BASE}/proofs/{cti}",
        f"{BASE}/trip?trip={TRIP}", f"{BASE}/questions", f"{BASE}/workbook",
    ]  # fmt: skip
    for path in paths:
        assert (await getattr(world, who).does("GET", path)).status_code == 403, path
        assert (await world.gam.does("GET", path)).status_code == 200, path


NOON = datetime(2026, 11, 20, 3, tzinfo=UTC)


def seen(number: int, who: str, **changes: Any) -> Reviewed:
    """A proof of grade A, `number` hours after noon."""
    usual: dict[str, Any] = {
        "cti": number.to_bytes(8), "log_index": number, "kid": who.encode().ljust(8), "name": who,
        "phone": who.encode().ljust(8), "device": "갤럭시", "who": who, "department": "",
        "trip": f"2026-{number}", "destination": "", "is_linked": True, "kind": 1,
        "signed_at": NOON + timedelta(hours=number), "received_at": NOON, "place": 1, "band": 1,
        "grade": 1, "reasons": [], "appealed": False,
    }  # fmt: skip
    return Reviewed(**{**usual, **changes})


def whys(proofs: list[Reviewed]) -> list[tuple[Why, tuple[str, ...], int]]:
    return [(one.why, one.people, one.count) for one in questions.asked(proofs)]


def test_nothing_is_asked_about_ordinary_proofs():
    assert whys([seen(n, who) for n in range(8) for who in ("han",)]) == []
    assert whys([seen(1, "han"), seen(1, "lim")]) == []


def test_two_who_touch_in_one_minute_again_and_again_are_asked_about():
    proofs = [seen(n, who) for n in range(4) for who in ("han", "lim")]
    assert whys(proofs) == [(Why.SAME_MINUTE, ("han", "lim"), 4)]
    apart = [seen(n, "han") for n in range(4)]
    apart += [seen(n, "lim", signed_at=NOON + timedelta(hours=n, minutes=9)) for n in range(4)]
    assert whys(apart) == []


@pytest.mark.parametrize(
    ("reason", "times", "why"),
    [
        (Reason.CHAIN_BROKEN, 1, Why.CHAIN_BROKEN),
        (Reason.LATE, 3, Why.LATE),
        (Reason.CLOCK_AHEAD, 3, Why.CLOCK),
        (Reason.CLOCK_BEHIND, 3, Why.CLOCK),
    ],
)
def test_a_reason_that_comes_often_is_asked_about(reason: Reason, times: int, why: Why):
    fit = [seen(n, "han", reasons=[int(reason)]) for n in range(times)]
    assert whys(fit) == [(why, ("han",), times)]
    assert whys(fit[1:]) == []


def test_half_of_grade_c_and_one_phone_of_two_people_are_asked_about():
    low = [seen(n, "han", grade=3 if n % 2 else 1) for n in range(6)]
    assert whys(low) == [(Why.MUCH_C, ("han",), 3)]
    assert whys(low[:4]) == []
    shared = [
        seen(1, "han", phone=b"shared00"),
        seen(2, "lim", phone=b"shared00", reasons=[int(Reason.SAME_PHONE)]),
    ]
    assert whys(shared) == [(Why.SAME_PHONE, ("han", "lim"), 1)]
