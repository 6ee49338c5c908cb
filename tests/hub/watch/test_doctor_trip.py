"""The doctor on the trip proof: each thing really wrong, found and said."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg import AsyncConnection

from hub.devices import notices
from hub.kit import clock
from hub.kit.settings import Settings
from hub.tripproof import office
from hub.tripproof.logbook import Logbook
from hub.watch import figures
from hub.watch.doctor import trip
from tests.conftest import Database

Conn = AsyncConnection[Any]
QUARTER = 20261


def codes(database: Database, now: datetime | None = None, **told: Any) -> list[str]:
    settings = Settings.model_validate({"database_dsn": database.dsn, **told})
    return [one.code for one in trip.look(settings, now or clock.now())]


def made(folder: Path) -> dict[str, Any]:
    ours = office.make(folder / "trip", "5670000", "trip.cityhall.example", clock.now())
    assert ours.wraps.quarters() == []
    (folder / "wrap").mkdir(mode=0o700)
    return {"trip_dir": folder / "trip", "trip_wrap_dir": folder / "wrap"}


async def kept(conn: Conn, **values: Any) -> None:
    row = {"said_at": None, "destroyed_at": None, "by": None, "index": None, **values}
    await conn.execute(
        "INSERT INTO trip_quarter (quarter, sealed, needed_until, said_at, destroyed_at,"
        " destroyed_by, log_index)"
        " VALUES (20261, 7, now(), %(said_at)s, %(destroyed_at)s, %(by)s, %(index)s)",
        row,
    )
    await conn.commit()


async def test_an_office_without_the_trip_proof_hears_nothing_of_it(database: Database):
    assert codes(database) == []


async def test_all_in_its_place_is_well(database: Database, tmp_path: Path):
    assert codes(database, **made(tmp_path)) == ["trip.ok"]


async def test_a_log_whose_keys_are_gone_and_a_folder_that_never_had_any(
    database: Database, conn: Conn, tmp_path: Path
):
    assert codes(database, trip_dir=tmp_path / "none") == []
    made(tmp_path)
    await Logbook.opened(conn, office.load(tmp_path / "trip", clock.now()), clock.now())
    await conn.commit()
    assert codes(database, trip_dir=tmp_path / "none") == ["trip.keys"]


async def test_keys_in_one_folder_or_open_to_others(database: Database, tmp_path: Path):
    told = made(tmp_path)
    assert codes(database, trip_dir=told["trip_dir"]) == ["trip.wraps_inside"]
    told["trip_wrap_dir"].chmod(0o755)
    assert codes(database, **told) == ["trip.open"]


async def test_a_quarter_that_cannot_be_read_or_is_due(
    database: Database, conn: Conn, tmp_path: Path
):
    told = made(tmp_path)
    await kept(conn, said_at=clock.now())
    assert codes(database, **told) == ["trip.unreadable"]
    office.of(Settings.model_validate({"database_dsn": "x", **told}), clock.now()).wraps.made(
        QUARTER
    )
    assert codes(database, **told) == ["trip.due"]
    assert due(database) == 1
    await conn.execute(
        "INSERT INTO trip_hold (hold_id, quarter, name, placed_at, placed_by)"
        " VALUES (gen_random_uuid(), 20261, 'audit', now(), 'gam')"
    )
    await conn.commit()
    assert codes(database, **told) == ["trip.ok"]
    assert due(database) == 0


async def test_a_key_that_is_still_there_although_its_destruction_is_logged(
    database: Database, conn: Conn, tmp_path: Path
):
    told = made(tmp_path)
    ours = office.of(Settings.model_validate({"database_dsn": "x", **told}), clock.now())
    ours.wraps.made(QUARTER)
    await Logbook.opened(conn, ours, clock.now())
    await kept(conn, destroyed_at=clock.now(), by="gam", index=0)
    assert "trip.not_gone" in codes(database, **told)


async def test_checkpoints_that_are_not_made_or_do_not_leave(
    database: Database, conn: Conn, tmp_path: Path
):
    told = made(tmp_path)
    ours, now = office.load(tmp_path / "trip", clock.now()), clock.now()
    book = await Logbook.opened(conn, ours, now)
    await book.checkpoint()
    await conn.commit()
    later = now + timedelta(days=4)
    assert codes(database, **told) == ["trip.stays_here"]
    assert codes(database, later, **told) == ["trip.no_checkpoint", "trip.stays_here"]
    url = "mailtos://gam@city.test"
    outside = {"trip_checkpoint_urls": url, "trip_checkpoint_dir": tmp_path / "out"}
    await conn.execute(
        "INSERT INTO trip_daily (day, size, made_at) VALUES (%s, %s, now())",
        ((later - timedelta(days=1)).date(), book.size),
    )
    await conn.commit()
    assert codes(database, later, **told, **outside) == ["trip.unfiled", "trip.unsent"]
    assert figure(database, "checkpoints_unfiled", has_shelf=True) == 1
    await conn.execute("UPDATE trip_daily SET filed_at = now()")
    await conn.execute(
        "INSERT INTO trip_daily_told SELECT day, %s, now() FROM trip_daily",
        (notices.address_of(url),),
    )
    await conn.commit()
    assert codes(database, later, **told, **outside) == ["trip.ok"]
    assert figure(database, "checkpoints_unfiled", has_shelf=True) == 0
    assert not {one.name: one for one in figures.read(database.dsn)}[
        "cheongsa_trip_checkpoints_unfiled"
    ].samples  # an office that keeps none in a folder has nothing to file


def due(database: Database) -> float:
    """As Prometheus reads it."""
    return figure(database, "quarters_due")


def figure(database: Database, name: str, **told: bool) -> float:
    found = {one.name: one for one in figures.read(database.dsn, **told)}
    return found[f"cheongsa_trip_{name}"].samples[0].value
