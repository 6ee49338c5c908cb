"""What auditors carry away shows whatever a superuser did; the app's user can do nothing."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import AsyncConnection

from hub.kit import app_user
from hub.tripproof import checkpoint
from hub.tripproof.leaf import LeafType
from hub.tripproof.verify import log as log_verifier
from hub.tripproof.verify import proof as proof_verifier
from hub.tripproof.verify.held import Held
from hub.tripproof.words import Answer
from tests.conftest import Database
from tests.web.trips import World, kind_of, opened

Conn = AsyncConnection[Any]
EXPORT = "/api/v1/log/export"


@pytest.fixture
async def world(database: Database, conn: Conn, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(database, conn, tmp_path) as world:
        yield world


async def proved(world: World, times: int = 3) -> list[dict[str, Any]]:
    await world.phone.enrol(world.han)
    return [(await world.phone.touches())[1].json() for _ in range(times)]


def held(world: World, *notes: str) -> Held:
    read = tuple(checkpoint.read(note) for note in notes)
    return Held(keys=world.phone.keys, checkpoints=read, auditor=world.auditor)


async def exported(world: World) -> bytes:
    answer = await world.gam.does("GET", EXPORT)
    assert answer.status_code == 200, answer.text
    return answer.content


async def test_the_whole_log_is_genuine_and_holds_every_proof(world: World):
    told = await proved(world)
    report = log_verifier.verify(
        io.BytesIO(await exported(world)), held(world, told[0]["checkpoint"])
    )
    assert report.answer is Answer.GENUINE, report.checks


UNGUARDED: LiteralString = "ALTER TABLE trip_leaf DISABLE TRIGGER USER;"
# the last: an entry is swapped with its neighbour, index and all
EDITS: dict[str, LiteralString] = {
    "edited": "UPDATE trip_leaf SET leaf = (SELECT leaf FROM trip_leaf WHERE log_index = 2)"
    " WHERE log_index = 4",
    "verdict edited": "UPDATE trip_leaf SET body = (SELECT body FROM trip_leaf WHERE type = 1"
    " ORDER BY log_index LIMIT 1) WHERE log_index = (SELECT max(log_index) FROM trip_leaf"
    " WHERE type = 1)",
    "deleted": "ALTER TABLE trip_proof DROP CONSTRAINT trip_proof_log_index_fkey;"
    " ALTER TABLE trip_sealed DROP CONSTRAINT trip_sealed_log_index_fkey;"
    " DELETE FROM trip_leaf WHERE log_index = 5",
    "deleted and closed up": "ALTER TABLE trip_proof DROP CONSTRAINT trip_proof_log_index_fkey;"
    " ALTER TABLE trip_sealed DROP CONSTRAINT trip_sealed_log_index_fkey;"
    " DELETE FROM trip_leaf WHERE log_index = 5;"
    " UPDATE trip_leaf SET log_index = log_index - 1 WHERE log_index > 5",
    "reordered": "ALTER TABLE trip_proof DROP CONSTRAINT trip_proof_log_index_fkey;"
    " ALTER TABLE trip_sealed DROP CONSTRAINT trip_sealed_log_index_fkey;"
    " UPDATE trip_leaf SET log_index = 1000 WHERE log_index = 5;"
    " UPDATE trip_leaf SET log_index = 5 WHERE log_index = 6;"
    " UPDATE trip_leaf SET log_index = 6 WHERE log_index = 1000",
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
async def test_whatever_a_superuser_does_to_a_row_shows_in_the_export(
    world: World, conn: Conn, edit: LiteralString
):
    told = await proved(world)
    for one in (UNGUARDED + edit).split(";"):
        await conn.execute(one)  # type: ignore[arg-type]
    await conn.commit()
    report = log_verifier.verify(
        io.BytesIO(await exported(world)), held(world, told[-1]["checkpoint"])
    )
    assert report.answer is Answer.CHANGED, report.checks


async def test_a_log_that_was_cut_off_contradicts_a_checkpoint_that_left_before(
    world: World, conn: Conn
):
    told = await proved(world)
    cut = (
        "TRUNCATE trip_checkpoint, trip_sealed, trip_proof CASCADE;"
        "DELETE FROM trip_leaf WHERE log_index > 3;"
        "DELETE FROM trip_node WHERE (place + 1) * 2 ^ level > 4"
    )
    for table in ("trip_leaf", "trip_node", "trip_checkpoint", "trip_proof"):
        await conn.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # type: ignore[arg-type]
    for one in cut.split(";"):
        await conn.execute(one)  # type: ignore[arg-type]
    await conn.commit()
    report = log_verifier.verify(
        io.BytesIO(await exported(world)), held(world, told[-1]["checkpoint"])
    )
    assert report.answer is Answer.CHANGED, report.checks


async def test_a_bundle_opens_for_the_auditor_and_that_is_in_the_log(world: World, conn: Conn):
    first, *_, last = await proved(world)
    size = int(first["checkpoint"].split("\n")[1])
    path = f"/api/v1/trips/proofs/{last['cti']}/bundle"
    told = {"held": size, "why": "2026년 4분기 복무 점검"}
    answer = await world.gam.does("GET", path, params=told)
    assert answer.status_code == 200, answer.text
    found = proof_verifier.examined(answer.content, held(world, first["checkpoint"]))
    assert found.report.answer is Answer.GENUINE, found.report.checks
    leaves = await conn.execute(
        "SELECT count(*) FROM trip_leaf WHERE type = %s", (int(LeafType.ACCESS),)
    )
    assert await leaves.fetchone() == (1,)
    own = await world.han.does("GET", path)
    assert own.status_code == 200
    assert (await world.lim.does("GET", path)).status_code == 404


async def test_the_hub_says_in_words_what_a_bundle_shows(world: World):
    (told,) = await proved(world, 1)
    made = await world.han.does("GET", f"/api/v1/trips/proofs/{told['cti']}/bundle")
    path = "/api/v1/trips/verify"
    seen = (await world.lim.does("POST", path, content=made.content)).json()
    assert seen["checks"]
    assert all(one["outcome"] != "failed" and one["ko"] for one in seen["checks"])
    damaged = made.content.replace(b"time 1", b"time 2", 1)
    assert (await world.lim.does("POST", path, content=damaged)).json()["answer"] == "changed"


async def test_a_destroyed_quarter_leaves_everything_but_the_place(world: World, tmp_path: Path):
    (told,) = await proved(world, 1)
    (wrap,) = (tmp_path / "trip" / "wrap").glob("*.wrap")
    wrap.unlink()
    made = await world.gam.does("GET", f"/api/v1/trips/proofs/{told['cti']}/bundle?why=x")
    found = proof_verifier.examined(made.content, held(world))
    assert not [one for one in found.report.checks if one.outcome == "failed"]


async def test_keys_and_inclusion_are_there_for_everybody(world: World):
    (told,) = await proved(world, 1)
    anyone = world.phone.client
    keys = (await anyone.get("/.well-known/cheongsa/keys")).json()["keys"]
    assert {one["cheongsa_use"] for one in keys} == {1, 2, 3, 4}
    cose = await anyone.get("/.well-known/cheongsa/keys", params={"form": "cose"})
    assert cose.content == world.phone.keys.encoded
    for named in ({"cti": told["cti"]}, {"index": told["index"]}):
        answer = await anyone.get("/api/v1/log/inclusion", params=named)
        assert answer.json()["leaf"] == told["leaf"]
    answer = await anyone.get("/api/v1/log/inclusion", params={"index": 10_000})
    assert (answer.status_code, kind_of(answer)) == (404, "trip-no-such-size")
    answer = await anyone.get("/api/v1/log/consistency", params={"from": 10_000})
    assert (answer.status_code, kind_of(answer)) == (404, "trip-no-such-size")


async def test_the_apps_user_can_append_to_the_log_and_change_nothing_of_it(
    world: World, conn: Conn, database: Database
):
    await proved(world, 1)
    with psycopg.connect(database.dsn) as owner:
        app_user.let_in(owner, "secret of the app")
    for table in ("trip_leaf", "trip_node", "trip_checkpoint", "trip_proof", "trip_sealed"):
        for act in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with psycopg.connect(database.dsn) as owner:
                owner.execute(f"SET ROLE {app_user.USER}")  # type: ignore[arg-type]
                owner.execute(f"SELECT count(*) FROM {table}")  # type: ignore[arg-type]
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    owner.execute(act)  # type: ignore[arg-type]
