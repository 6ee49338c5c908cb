"""`python -m hub trip`: the hub's keys of the trip proof, beside the server.

Each act is a function that prints what it did; what stands in its way is said in a sentence, with
exit status 2.
"""

import argparse
import asyncio
import base64
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.identity.store import audit as trail
from hub.identity.store import people
from hub.kit import clock, db
from hub.kit.settings import Settings, SettingsError
from hub.tripproof import destroying, office
from hub.tripproof.destroying import CannotDestroy, Wish
from hub.tripproof.errors import MalformedProof
from hub.tripproof.leaf import quarter
from hub.tripproof.refusals import TripNotReady
from hub.tripproof.store import quarters
from hub.tripproof.token import Token, TokenAway


class CannotAct(Exception):
    """The message says why not."""


def run(told: argparse.Namespace, settings: Settings) -> int:
    """One act; its exit status. Raises SettingsError."""
    if settings.trip_dir is None:
        raise SettingsError("HUB_TRIP_DIR: name the folder of the trip proof's keys.")
    try:
        ACTS[told.act](told, settings, settings.trip_dir)
    except office.KeysThere as error:
        print(f"{error}: {error.__doc__}", file=sys.stderr)  # noqa: T201
        return 2
    except (MalformedProof, TripNotReady, CannotDestroy, CannotAct, TokenAway) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _keys(told: argparse.Namespace, settings: Settings, folder: Path) -> None:
    made = office.make(folder, told.office, told.origin, clock.now(), _token(told))
    _say_keys(made, settings, folder)


def _token(told: argparse.Namespace) -> Token | None:
    named = (told.module, told.token, told.pin_file)
    if not any(named):
        return None
    if not all(named):
        raise CannotAct("--module, --token and --pin-file belong together.")
    return Token(*named)


def _rotate(told: argparse.Namespace, settings: Settings, folder: Path) -> None:  # noqa: ARG001
    _say_keys(office.rotate(folder, clock.now()), settings, folder)


def _cosigner(told: argparse.Namespace, settings: Settings, folder: Path) -> None:  # noqa: ARG001
    known = office.know_cosigner(folder, told.name, _point(told.key), clock.now())
    _say(f"{known.origin} keeps what {', '.join(one.name for one in known.cosigners)} sign.")


def _say_keys(made: office.Office, settings: Settings, folder: Path) -> None:
    wraps = settings.trip_wrap_dir or folder / office.WRAPS
    _say(f"{made.origin} signs with {made.signer.public.kid.hex()}, in {folder}")
    some = "the .pem files and trip.json" if len(office.files(folder)) > 1 else "trip.json"
    _say(f"Keep a copy of {some} where the server is not;")
    _say(f"never one of {wraps}: what is destroyed there must be gone.")


def _quarters(told: argparse.Namespace, settings: Settings, folder: Path) -> None:  # noqa: ARG001
    now, here = clock.now(), office.of(settings, clock.now()).wraps.quarters()

    async def look(conn: Any) -> None:
        await quarters.reckon(conn)
        for kept in await quarters.all_of_them(conn):
            _say(_state(kept, now, has_key=kept.quarter in here))

    _in_database(settings, look)


def _state(kept: quarters.Kept, now: datetime, *, has_key: bool) -> str:
    told = f"{kept.quarter}: {kept.sealed} sealed, "
    if kept.destroyed_at is not None:
        gone = f"destroyed {_day(kept.destroyed_at)} by {kept.destroyed_by}"
        return told + gone + ("; ITS KEY IS STILL HERE: destroy it again" if has_key else "")
    told += "due" if destroying.is_due(kept, now) else f"needed until {_day(kept.needed_until)}"
    told += f"; held: {', '.join(kept.holds)}" if kept.holds else ""
    return told + ("" if has_key else "; ITS KEY IS NOT HERE: these coordinates cannot be read")


def _destroy(told: argparse.Namespace, settings: Settings, folder: Path) -> None:  # noqa: ARG001
    now = clock.now()
    ours, wish = office.of(settings, now), Wish(quarter(told.quarter), told.by, told.early)

    async def look(conn: Any) -> None:
        await _check_login(conn, told.by)
        kept = await destroying.check(conn, wish, now)
        _say(f"Quarter {wish.quarter}: {kept.sealed} sealed proofs, for good.")

    async def write_down(conn: Any) -> None:
        await destroying.write_down(conn, ours, wish, now)

    _in_database(settings, look)
    _say(destroying.OUT_OF_REACH)
    if _asked(f"Type {wish.quarter} to destroy its key: ") != str(wish.quarter):
        raise CannotAct("Not destroyed: the quarter was not typed.")
    _in_database(settings, write_down)
    ours.wraps.destroy(wish.quarter)
    _say(f"The coordinates of {wish.quarter} are destroyed, and the log says so.")


def _hold(told: argparse.Namespace, settings: Settings, folder: Path) -> None:  # noqa: ARG001
    store = quarters.hold if told.act == "hold" else quarters.release
    number, now = quarter(told.quarter), clock.now()

    async def act(conn: Any) -> None:
        await _check_login(conn, told.by)
        if not await store(conn, number, told.name, told.by, now):
            raise CannotAct(f"{number} is {'already' if told.act == 'hold' else 'not'} held so.")
        await trail.append(
            conn, at=now, actor=told.by, action=f"trip.{told.act}", subject=str(number),
            detail={"name": told.name},
        )  # fmt: skip

    _in_database(settings, act)


async def _check_login(conn: Any, login: str) -> None:
    known = {one.login for one in await people.everybody(conn) if one.retired_at is None}
    if login not in known:
        raise CannotAct(f"--by: nobody here signs in as {login!r}.")


def _in_database(settings: Settings, act: Callable[[Any], Awaitable[None]]) -> None:
    """One transaction: committed, or rolled back where something raises."""

    async def run() -> None:
        async with await db.connect(settings.database_dsn) as conn:
            await act(conn)

    asyncio.run(run())


def _asked(question: str) -> str:
    try:
        return input(question).strip()
    except EOFError:
        return ""


def _point(text: str) -> bytes:
    """Base64url without padding."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise CannotAct("--key: give what the second office's --begin printed.") from error


def _day(at: datetime) -> str:
    return f"{at.astimezone(clock.SEOUL):%Y-%m-%d}"


def _say(text: str) -> None:
    print(text)  # noqa: T201


ACTS: dict[str, Callable[[argparse.Namespace, Settings, Path], None]] = {
    "keys": _keys,
    "rotate": _rotate,
    "cosigner": _cosigner,
    "quarters": _quarters,
    "destroy": _destroy,
    "hold": _hold,
    "release": _hold,
}
