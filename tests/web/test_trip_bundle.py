"""What an auditor carries away: with a reason, with its links, and with ten years of keys."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection

from hub.kit import clock
from hub.tripproof import checkpoint, codes, leaf, pointer, tree
from hub.tripproof.auditor_key import AuditorKey
from hub.tripproof.bundle import ProofBundle
from hub.tripproof.keys import KeySet
from hub.tripproof.leaf import LeafType
from hub.tripproof.store import auditors
from hub.tripproof.verify import log as log_verifier
from hub.tripproof.verify import proof as verifier
from hub.tripproof.verify.held import Held
from hub.tripproof.words import Answer
from tests.conftest import Database
from tests.web.test_trip_books import order, saved, the_city_hall_is_known
from tests.web.trips import World, bring_auditor, kind_of, octets, opened

Conn = AsyncConnection[Any]
TRIP, OTHER = "2026-0001234", "2026-0007777"
WHY = {"why": "4분기 복무 점검"}


@pytest.fixture
async def world(database: Database, conn: Conn, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(database, conn, tmp_path) as world:
        await the_city_hall_is_known(world)
        await saved(world, order(), order(trip=OTHER))
        yield world


async def touched(world: World, **changes: Any) -> dict[str, Any]:
    """What the hub answered to a touch."""
    if not world.phone.me:
        await world.phone.enrol(world.han)
    answer = (await world.phone.touches(**changes))[1]
    assert answer.status_code == 201, answer.text
    return answer.json()


async def bundle(who: Any, cti: str, **told: Any) -> Any:
    return await who.does("GET", f"/api/v1/trips/proofs/{cti}/bundle", params=told)


async def links(world: World, cti: str, trip: str) -> None:
    told = {"trip": trip}
    answer = await world.adm.does("PUT", f"/api/v1/trips/proofs/{cti}/link", json=told)
    assert answer.status_code == 200, answer.text


async def accesses(conn: Conn) -> int:
    found = await conn.execute(
        "SELECT count(*) FROM trip_leaf WHERE type = %s", (int(LeafType.ACCESS),)
    )
    (count,) = await found.fetchone() or (0,)
    return count


async def test_nobody_opens_anothers_proof_without_saying_why(world: World, conn: Conn):
    cti = (await touched(world, trip=TRIP))["cti"]
    for why in ({}, {"why": ""}, {"why": "   "}):
        answer = await bundle(world.gam, cti, **why)
        assert (answer.status_code, kind_of(answer)) == (422, "trip-why-missing")
        assert "까닭" in answer.json()["title"]
    assert await accesses(conn) == 0
    assert (await bundle(world.han, cti)).status_code == 200
    assert await accesses(conn) == 0
    assert (await bundle(world.gam, cti, **WHY)).status_code == 200
    assert await accesses(conn) == 1


async def test_a_bundle_carries_its_links_and_the_order_it_was_linked_to(world: World):
    told = await touched(world)
    held = Held(world.phone.keys, (checkpoint.read(told["checkpoint"]),), world.auditor)
    size = {"held": held.checkpoints[0].size}
    for trip, kinds in ((TRIP, ["ORDER", "LINK"]), ("", ["LINK", "LINK"])):
        await links(world, told["cti"], trip)
        made = (await bundle(world.gam, told["cti"], **WHY, **size)).content
        related = [leaf.decoded(one.leaf) for one in ProofBundle.decoded(made).related]
        named = [one.type.name for one in related if one.type.name in ("LINK", "ORDER")]
        assert named == kinds
        found = verifier.examined(made, held)
        assert found.report.answer is Answer.GENUINE, found.report.checks
        assert found.linked == trip


async def the_trip(world: World) -> list[dict[str, Any]]:
    answer = await world.gam.does("GET", "/api/v1/trips/audit/trip", params={"trip": TRIP})
    assert answer.status_code == 200, answer.text
    return answer.json()["proofs"]


async def test_a_trip_tells_which_proofs_were_of_it_and_when(world: World):
    own, loose = [(await touched(world, trip=trip))["cti"] for trip in (TRIP, "")]
    assert [one["cti"] for one in await the_trip(world)] == [own]
    await links(world, loose, TRIP)
    printed = (await world.gam.does("GET", f"/api/v1/trips/orders/{TRIP}/pointer")).json()
    said = pointer.verified(codes.read(printed["text"])[1], world.phone.hub)
    assert said.count == 2
    for trip in (OTHER, TRIP, ""):
        await links(world, loose, trip)
    whiles = await the_trip(world)
    assert [one["cti"] for one in whiles] == [own, loose, loose]
    first, second, third = whiles
    assert (first["joined"], first["parted"]) == (first["index"], None)
    assert second["index"] < second["joined"] < second["parted"] < third["joined"]
    assert third["parted"] > third["joined"]
    then = [one for one in whiles if one["joined"] <= second["joined"]]
    over = pointer.over(tree.leaf_hash(octets(one["leaf"])) for one in then)
    assert over == said.leaves


async def test_ten_years_of_quarterly_keys_are_all_told_and_the_next_proof_is_genuine(
    world: World, conn: Conn
):
    await touched(world, trip=TRIP)
    now = clock.now()
    for year in range(10):
        for quarter in range(1, 5):
            key = AuditorKey.new((2020 + year % 6) * 10 + quarter)  # a key may be made anew
            points = (key.seal.public.uncompressed, key.sign.public.uncompressed)
            at = now - timedelta(days=365 * (10 - year))
            print_ = key.fingerprint
            await auditors.keep(conn, key.quarter, *points, print_, None, at, "gam")
    await conn.commit()
    anyone = world.phone.client
    told = await touched(world, trip=TRIP)
    cose = (await anyone.get("/.well-known/cheongsa/keys", params={"form": "cose"})).content
    keys = KeySet.decoded(cose)
    assert len(keys.keys) == 2 + 2 * 41
    held = Held(keys, (checkpoint.read(told["checkpoint"]),), world.auditor)
    made = (await bundle(world.gam, told["cti"], **WHY, held=held.checkpoints[0].size)).content
    report = verifier.verify(made, held)
    assert report.answer is Answer.GENUINE, report.checks
    log = (await world.gam.does("GET", "/api/v1/log/export")).content
    report = log_verifier.verify(io.BytesIO(log), held)
    assert report.answer is Answer.GENUINE, report.checks
    await bring_auditor(world.gam)
    assert (await world.han.does("GET", "/api/v1/trips/me")).status_code == 200
