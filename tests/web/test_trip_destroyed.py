"""A quarter's coordinates come to their end, and everything else goes on verifying."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection

from hub.__main__ import main
from hub.identity.store import audit as trail
from hub.kit import clock
from hub.tripproof import bundle, checkpoint, destroying, office
from hub.tripproof.destroying import CannotDestroy, Wish
from hub.tripproof.store import log as log_store
from hub.tripproof.store import quarters
from hub.tripproof.verify import log as log_verifier
from hub.tripproof.verify import proof as proof_verifier
from hub.tripproof.verify.held import Held
from hub.tripproof.verify.words import CheckName
from hub.tripproof.words import Answer
from tests.conftest import Database
from tests.web.trips import World, opened

Conn = AsyncConnection[Any]


@pytest.fixture
async def world(database: Database, conn: Conn, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(database, conn, tmp_path) as world:
        await world.phone.enrol(world.han)
        yield world


@pytest.fixture
def this_quarter() -> int:
    return office.quarter_at(clock.now())


def later() -> datetime:
    """When every consent of today is over, and so is the quarter."""
    return clock.now() + timedelta(days=400)


def test_a_quarter_ends_at_midnight_in_korea():
    assert destroying.ends_at(20264).isoformat() == "2027-01-01T00:00:00+09:00"
    assert destroying.ends_at(20271).isoformat() == "2027-04-01T00:00:00+09:00"


async def test_it_is_refused_while_the_quarter_a_consent_or_somebody_needs_it(
    world: World, conn: Conn, this_quarter: int
):
    await world.phone.touches()
    wish, over = Wish(this_quarter, "adm"), destroying.ends_at(this_quarter)
    with pytest.raises(CannotDestroy, match="not over"):
        await destroying.check(conn, wish, clock.now())
    with pytest.raises(CannotDestroy, match="lasts until"):
        await destroying.check(conn, wish, over)
    await destroying.check(conn, Wish(this_quarter, "adm", early="동의 철회"), over)
    assert await quarters.hold(conn, this_quarter, "감사-2026-3", "gam", clock.now())
    with pytest.raises(CannotDestroy, match="감사-2026-3"):
        await destroying.check(conn, wish, later())
    assert await quarters.release(conn, this_quarter, "감사-2026-3", "gam", clock.now())
    assert (await destroying.check(conn, wish, later())).sealed == 1
    with pytest.raises(CannotDestroy, match="ever kept"):
        await destroying.check(conn, Wish(20251, "adm"), later())


async def test_who_withdrew_needs_nothing_any_more(world: World, conn: Conn, this_quarter: int):
    await world.phone.touches()
    assert (await world.han.does("DELETE", "/api/v1/trips/consent")).status_code == 204
    over = destroying.ends_at(this_quarter)
    assert (await destroying.check(conn, Wish(this_quarter, "adm"), over)).needed_until < over


async def test_that_it_is_due_is_said_once_and_nothing_is_destroyed_by_that(
    world: World, conn: Conn, this_quarter: int, tmp_path: Path
):
    await world.phone.touches()
    assert await destroying.say_what_is_due(conn, clock.now()) == []
    for _ in range(2):
        (due,) = await destroying.say_what_is_due(conn, later())
        assert (due.quarter, due.sealed) == (this_quarter, 1)
    said = await trail.search(conn, trail.Wanted(action="trip.due"))
    assert [one.subject for one in said] == [str(this_quarter)]
    assert list((tmp_path / "trip" / "wrap").glob("*.wrap"))


async def acts(
    monkeypatch: pytest.MonkeyPatch, database: Database, folder: Path, typed: str, *words: str
) -> int:
    """`python -m hub trip ...`, on a day when everything is over."""
    monkeypatch.setenv("HUB_DATABASE_DSN", database.dsn)
    monkeypatch.setenv("HUB_TRIP_DIR", str(folder / "trip"))
    with monkeypatch.context() as patch:
        then = later()
        patch.setattr(clock, "now", lambda: then)
        patch.setattr("builtins.input", lambda _: typed)
        return await asyncio.to_thread(main, ["trip", *words])


async def test_afterwards_all_but_the_coordinates_is_as_before(
    world: World, conn: Conn, database: Database, tmp_path: Path, this_quarter: int,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    told = (await world.phone.touches())[1].json()
    before = (await world.han.does("GET", "/api/v1/trips/proofs")).json()
    words = ("destroy", "--quarter", str(this_quarter), "--by", "adm")
    wrap = tmp_path / "trip" / "wrap" / f"{this_quarter}.wrap"
    assert await acts(monkeypatch, database, tmp_path, "20251", *words) == 2
    assert wrap.exists()
    assert await acts(monkeypatch, database, tmp_path, "", *words[:-1], "nobody") == 2
    assert await acts(monkeypatch, database, tmp_path, str(this_quarter), *words) == 0
    assert not wrap.exists()
    assert "phones or on paper" in capsys.readouterr().out
    size = (await log_store.head(conn)).size
    assert await acts(monkeypatch, database, tmp_path, str(this_quarter), *words) == 0
    assert (await log_store.head(conn)).size == size  # written down once

    held = Held(world.phone.keys, (checkpoint.read(told["checkpoint"]),), world.auditor)
    log = await world.gam.does("GET", "/api/v1/log/export")
    assert log_verifier.verify(io.BytesIO(log.content), held).answer is Answer.GENUINE
    path, why = f"/api/v1/trips/proofs/{told['cti']}/bundle", {"why": "파기한 뒤의 점검"}
    at = held.checkpoints[0].size
    answer = await world.gam.does("GET", path, params={**why, "held": at})
    assert bundle.ProofBundle.decoded(answer.content).sealed is None
    found = proof_verifier.examined(answer.content, held)
    assert found.report.answer is Answer.GENUINE, found.report.checks
    (gone,) = (one for one in found.report.checks if one.name is CheckName.SEALED_LOGGED)
    assert gone.detail == f"coordinates destroyed on {later().astimezone(clock.SEOUL):%Y-%m-%d}"
    after = (await world.han.does("GET", "/api/v1/trips/proofs")).json()
    assert after == before
    again = await world.phone.client.get("/api/v1/log/inclusion", params={"cti": told["cti"]})
    assert again.status_code == 200


async def test_a_lost_key_is_written_down_as_a_destruction(
    world: World, conn: Conn, tmp_path: Path, this_quarter: int
):
    """A hub that was restored elsewhere: its export is whole again."""
    told = (await world.phone.touches())[1].json()
    (tmp_path / "trip" / "wrap" / f"{this_quarter}.wrap").unlink()
    ours = office.load(tmp_path / "trip", clock.now())
    assert await destroying.write_down(conn, ours, Wish(this_quarter, "adm"), later())
    await conn.commit()
    held = Held(world.phone.keys, (checkpoint.read(told["checkpoint"]),))
    log = await world.gam.does("GET", "/api/v1/log/export")
    assert log_verifier.verify(io.BytesIO(log.content), held).answer is Answer.GENUINE


async def test_a_clock_that_went_back_brings_no_destroyed_key_back(
    world: World, conn: Conn, tmp_path: Path, this_quarter: int
):
    """What comes then belongs to the quarter in which the log is."""
    await world.phone.touches()
    ours = office.load(tmp_path / "trip", clock.now())
    assert await destroying.write_down(conn, ours, Wish(this_quarter, "adm"), later())
    await conn.commit()
    ours.wraps.destroy(this_quarter)
    await world.phone.touches()  # by the door's clock, which is that of today
    assert ours.wraps.quarters() == [office.quarter_at(later())]
