"""A backup holds what signs, never what unwraps: all verifies again, and X opens with its key."""

import io
import shutil
import tarfile
import uuid
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from hub.__main__ import main
from hub.kit import clock
from hub.kit.embedded import postgres
from hub.tripproof import checkpoint, key_copy, office
from hub.tripproof.key_copy import CannotCopyKeys
from hub.tripproof.verify import log as log_verifier
from hub.tripproof.verify import proof as proof_verifier
from hub.tripproof.verify.held import Held
from hub.tripproof.words import Answer
from hub.web import app
from tests.conftest import Database, Server
from tests.web.conftest import settings_for
from tests.web.people import browser
from tests.web.trips import World, is_signed_in, opened

Conn = AsyncConnection[Any]


@pytest.fixture
def empty(server: Server) -> Iterator[Database]:
    """A database with nothing in it."""
    name = f"empty_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server.admin_dsn, autocommit=True) as admin:
        postgres.make_database(admin, name)
        yield Database(server.dsn(name), server.kind)
        postgres.drop_database(admin, name)


def wrap_keys(folder: Path) -> list[bytes]:
    keys = [file.read_bytes() for file in folder.glob("*.wrap")]
    assert keys
    return keys


def backed_up(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUB_DATABASE_DSN", database.dsn)
    monkeypatch.setenv("HUB_TRIP_DIR", str(tmp_path / "trip"))
    (tmp_path / "backups").mkdir()
    file = tmp_path / "backups" / "one.dump"
    assert main(["backup", str(file)]) == 0
    return file


async def carried_away(
    restored: Database, folder: Path, wraps: Path, world: World, cti: str
) -> tuple[bytes, bytes]:
    """A bundle and the whole log, from a hub that stands on what was restored."""
    settings = settings_for(restored, trip_dir=folder, trip_wrap_dir=wraps)
    door = app.create_app(settings)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(door.api.router.lifespan_context(door.api))
        gam = await stack.enter_async_context(browser(door))
        async with await psycopg.AsyncConnection.connect(restored.dsn) as conn:
            await is_signed_in(conn, gam, "gam")
        path = f"/api/v1/trips/proofs/{cti}/bundle"
        bundle = await gam.does("GET", path, params={"why": "복구한 뒤의 점검"})
        log = await gam.does("GET", "/api/v1/log/export")
    assert (bundle.status_code, log.status_code) == (200, 200), bundle.text
    return bundle.content, log.content


async def test_no_wrap_key_is_in_a_backup_and_what_is_restored_opens_only_with_it(
    database: Database, conn: Conn, empty: Database, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    wraps = tmp_path / "wrap"
    async with opened(database, conn, tmp_path, trip_wrap_dir=wraps) as world:
        await world.phone.enrol(world.han)
        _, answer = await world.phone.touches()
        keys = world.phone.keys
    told = answer.json()
    file = backed_up(database, tmp_path, monkeypatch)
    written = b"".join(one.read_bytes() for one in (tmp_path / "backups").iterdir())
    assert len(list((tmp_path / "backups").iterdir())) == 2
    assert not [key for key in wrap_keys(wraps) if key in written or key.hex().encode() in written]

    monkeypatch.setenv("HUB_DATABASE_DSN", empty.dsn)
    monkeypatch.setenv("HUB_TRIP_DIR", str(tmp_path / "elsewhere"))
    assert main(["restore", str(file)]) == 0
    held = Held(keys, (checkpoint.read(told["checkpoint"]),), world.auditor)
    for here, opens in ((tmp_path / "none", False), (wraps, True)):
        bundle, log = await carried_away(empty, tmp_path / "elsewhere", here, world, told["cti"])
        found = proof_verifier.examined(bundle, held)
        assert (found.statement is not None) is opens
        wrong = [one for one in found.report.checks if one.outcome.value == "failed"]
        assert not wrong
        assert log_verifier.verify(io.BytesIO(log), held).answer is (
            Answer.GENUINE if opens else Answer.CHANGED  # gone, and no destruction is logged
        )


async def test_keys_that_are_there_are_never_overwritten(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    office.make(tmp_path / "trip", "5670000", "trip.cityhall.example", clock.now())
    file = backed_up(database, tmp_path, monkeypatch)
    with pytest.raises(CannotCopyKeys, match="nothing is overwritten"):
        key_copy.put_back(file, tmp_path / "trip")
    with pytest.raises(CannotCopyKeys, match="is there already"):
        key_copy.write(tmp_path / "trip", file)


def test_a_copy_is_its_owners_alone_and_holds_what_the_card_lists(tmp_path: Path):
    folder = tmp_path / "trip"
    made = office.make(folder, "5670000", "trip.cityhall.example", clock.now())
    made.wraps.made(20264)
    (folder / "notes.txt").write_text("not ours")
    copy = key_copy.write(folder, tmp_path / "one.dump")
    assert copy is not None
    assert copy.stat().st_mode & 0o077 == 0
    with tarfile.open(copy) as held:
        names = held.getnames()
    assert sorted(names) == sorted(["trip.json", *(one.name for one in folder.glob("*.pem"))])
    shutil.rmtree(folder)
    assert key_copy.put_back(tmp_path / "one.dump", folder)
    again = office.load(folder, clock.now())
    assert again.signer.public == made.signer.public
    assert [one.stat().st_mode & 0o077 for one in folder.iterdir()] == [0] * 3


def test_an_office_without_trip_keys_is_backed_up_without_them(tmp_path: Path):
    assert key_copy.write(tmp_path, tmp_path / "one.dump") is None
    assert not key_copy.put_back(tmp_path / "one.dump", tmp_path)


@pytest.mark.parametrize("name", ["../out.pem", "a/out.pem", "wrap/20264.wrap"])
def test_a_copy_that_names_other_places_is_refused(tmp_path: Path, name: str):
    (tmp_path / "one").write_text("x")
    with tarfile.open(key_copy.beside(tmp_path / "one.dump"), "w") as held:
        held.add(tmp_path / "one", arcname=name)
    with pytest.raises(CannotCopyKeys, match="no copy of keys"):
        key_copy.put_back(tmp_path / "one.dump", tmp_path / "trip")
    assert not (tmp_path / "out.pem").exists()
