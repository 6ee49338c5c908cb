"""The day's checkpoint leaves the hub: a file for each day, and mail to who keeps it outside.

Whoever holds one can show later that the log is another. A day's is over what the log held when the
day ended in Korea; days on which no worker ran are caught up, and mail then names them. The newest
is mailed alone: whoever follows from one to the next by a consistency proof needs no more.
"""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from hub.devices import fetch
from hub.document import pdf
from hub.document.forms import trip_checkpoint
from hub.document.forms.trip_checkpoint import TripCheckpoint
from hub.kit import clock
from hub.tripproof import checkpoint, keys, logbook
from hub.tripproof.office import Office
from hub.tripproof.store import daily as store
from hub.tripproof.store.daily import Daily

log = logging.getLogger(__name__)
DAY: Final = timedelta(days=1)
WORDS: Final = (
    "{origin} 출장 증빙 기록부의 {day:%Y-%m-%d} 확인점입니다. "
    "기록 {size:,}건까지의 상태를 나타냅니다.{missed}\n\n"
    "첨부한 파일을 이 서버가 아닌 곳에 보관하십시오. "
    "나중에 기록이 바뀌거나 지워지면 이 파일로 드러납니다. "
    "개인정보나 위치는 들어 있지 않습니다.\n\n"
    "지문: {fingerprint}\n\n{note}"
)


async def make(conn: Any, office: Office, now: datetime) -> list[date]:
    """The checkpoint of every day that is over and has none yet; those days."""
    made = [day async for day in _missing(conn, now)]
    for day in made:
        size = await store.size_at(conn, midnight(day + DAY))
        await logbook.publish(conn, office, size, int(now.timestamp()))
        await store.keep(conn, day, size, now)
    return made


async def file_all(conn: Any, folder: Path, now: datetime) -> int:
    """Write what lies in no file yet; how many. Raises OSError."""
    todo = await store.unfiled(conn)
    for one in todo:
        _write(folder / name_of(one.day), one.note)
        await store.filed(conn, one.day, now)
    return len(todo)


async def tell(conn: Any, origin: str, urls: Mapping[str, str], now: datetime) -> int:
    """Mail the newest day's to whoever has not got it; how many could not be told."""
    newest, failed = await store.newest(conn), 0
    for address, url in urls.items() if newest else ():
        until = await store.told_until(conn, address)
        if newest is None or until == newest.day:
            continue
        try:
            await asyncio.to_thread(_mail, url, origin, newest, until)
        except fetch.NotTold as error:
            log.warning("checkpoint not sent", extra={"address": address, "reason": str(error)})
            failed += 1
        else:
            await store.told(conn, newest.day, address, now)
    return failed


def name_of(day: date) -> str:
    """The file of a day."""
    return f"checkpoint-{day:%Y-%m-%d}.txt"


def fingerprint(note: str) -> str:
    """What two people compare by telephone: of the text that is signed, in groups of four."""
    text = note.rpartition("\n\n")[0] + "\n"
    return keys.in_groups(sha256(text.encode()).digest())


def midnight(day: date) -> datetime:
    """When a day begins in Korea."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.SEOUL)


def text_of(origin: str, one: Daily, until: date | None) -> tuple[str, str]:
    """Title and words of the mail; `until`: the day that was told of last."""
    gap = (one.day - until).days - 1 if until else 0
    missed = f" 그동안 보내지 못한 {gap}일의 확인점도 서버의 폴더에 있습니다." if gap > 0 else ""
    body = WORDS.format(
        origin=origin, day=one.day, size=one.size, missed=missed,
        fingerprint=fingerprint(one.note), note=one.note,
    )  # fmt: skip
    return f"[청사] 출장 증빙 확인점 {one.day:%Y-%m-%d}", body


@lru_cache(maxsize=4)
def printed(note: str) -> bytes:
    """A checkpoint on paper: PDF, the same each time."""
    read = checkpoint.read(note)
    root = read.text.split("\n")[2]
    at = datetime.fromtimestamp(read.at, clock.SEOUL)
    form = TripCheckpoint(
        origin=read.origin, size=read.size, at=at,
        root=root, fingerprint=fingerprint(note), note=note,
        signed_by=tuple(line.name for line in read.lines),
    )  # fmt: skip
    return pdf.drawn(trip_checkpoint.filled(form), at.astimezone(UTC))


async def _missing(conn: Any, now: datetime) -> AsyncIterator[date]:
    newest, begun_at = await store.newest_day(conn), await store.begun_at(conn)
    if begun_at is None:
        return
    first = newest + DAY if newest else begun_at.astimezone(clock.SEOUL).date()
    for day in _days(first, now.astimezone(clock.SEOUL).date()):
        yield day


def _days(first: date, end: date) -> Iterator[date]:
    while first < end:
        yield first
        first += DAY


def _write(file: Path, note: str) -> None:
    """Whole or not at all; one that is there already is of another worker, or of a try before."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(note, encoding="utf-8")
    fresh.replace(file)


def _mail(url: str, origin: str, one: Daily, until: date | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name_of(one.day)
        file.write_text(one.note, encoding="utf-8")
        fetch.tell(url, *text_of(origin, one, until), attach=file)
