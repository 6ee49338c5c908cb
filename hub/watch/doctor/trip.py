"""The trip proof: its keys, quarters of coordinates, and whether checkpoints leave the house."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from hub.devices import notices
from hub.kit import clock, db
from hub.kit.settings import Settings
from hub.tripproof import office
from hub.tripproof.refusals import TripNotReady
from hub.watch.doctor.finding import Finding, found
from hub.watch.store import trips

OTHERS: Final = 0o077
LATE: Final = timedelta(days=2)  # yesterday's is made in the first hour of today


def look(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What stands in its way; nothing where the office has no trip proof."""
    if not office.is_begun(settings) and not _has_log(settings):
        return
    try:
        ours = office.of(settings, now)
    except TripNotReady as error:
        yield found("trip.keys", reason=str(error))
        return
    wrong = [*_folders(settings), *_in_database(settings, ours, now)]
    yield from wrong
    if not wrong:
        yield found("trip.ok", origin=ours.origin)


def _has_log(settings: Settings) -> bool:
    """An office that has a log and no keys has lost them."""
    try:
        with db.connect_sync(settings.database_dsn, autocommit=True) as conn:
            return settings.trip_dir is not None and trips.daily(conn).begun_on is not None
    except db.FAILED:
        return False  # said already


def _folders(settings: Settings) -> Iterator[Finding]:
    folder = settings.trip_dir or Path()
    wraps = settings.trip_wrap_dir or folder / office.WRAPS
    if wraps.resolve().is_relative_to(folder.resolve()):
        yield found("trip.wraps_inside", folder=folder)
    for path in (folder, wraps):
        if path.exists() and path.stat().st_mode & OTHERS:
            yield found("trip.open", path=path, mode=f"{path.stat().st_mode & 0o7777:04o}")


def _in_database(settings: Settings, ours: office.Office, now: datetime) -> Iterator[Finding]:
    try:
        with db.connect_sync(settings.database_dsn, autocommit=True) as conn:
            yield from _quarters(conn, ours)
            yield from _daily(conn, settings, now)
    except db.FAILED:
        return  # said already


def _quarters(conn: Any, ours: office.Office) -> Iterator[Finding]:
    here = set(ours.wraps.quarters())
    for one in trips.quarters(conn):
        if one.destroyed_at is not None and one.quarter in here:
            yield found("trip.not_gone", quarter=one.quarter)
        elif one.destroyed_at is None and one.quarter not in here:
            yield found("trip.unreadable", quarter=one.quarter, count=one.sealed)
        elif one.is_due:
            yield found("trip.due", quarter=one.quarter, count=one.sealed)


def _daily(conn: Any, settings: Settings, now: datetime) -> Iterator[Finding]:
    seen, today = trips.daily(conn), now.astimezone(clock.SEOUL).date()
    if seen.begun_on is None:
        return
    if today - (seen.newest or seen.begun_on) > LATE:
        yield found("trip.no_checkpoint", days=(today - (seen.newest or seen.begun_on)).days - 1)
    if settings.trip_checkpoint_dir is None and not settings.checkpoint_addresses:
        yield found("trip.stays_here")
    if settings.trip_checkpoint_dir is not None and seen.unfiled:
        yield found("trip.unfiled", count=seen.unfiled, folder=settings.trip_checkpoint_dir)
    for address in map(notices.address_of, settings.checkpoint_addresses):
        if today - seen.told.get(address, seen.begun_on) > LATE:
            yield found("trip.unsent", address=address)
