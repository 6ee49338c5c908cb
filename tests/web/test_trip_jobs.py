"""What the worker does for trips: days' checkpoints out of the house, ends of keys, quarters."""

import email.policy
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from aiosmtpd.controller import Controller
from psycopg import AsyncConnection

from hub.document.forms import trip_checkpoint
from hub.kit import clock, db
from hub.kit.settings import Settings
from hub.tripproof import checkpoint, daily, jobs, leaf, office
from hub.tripproof.auditor_key import AuditorKey
from hub.tripproof.keys import KeySet, Use
from hub.tripproof.leaf import LeafType, Revoked
from hub.tripproof.store import daily as store
from hub.tripproof.store import log as log_store
from tests.conftest import Database
from tests.web.conftest import settings_for
from tests.web.trips import World, bring_auditor, opened

Conn = AsyncConnection[Any]


@pytest.fixture
async def world(database: Database, conn: Conn, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(database, conn, tmp_path) as world:
        await world.phone.enrol(world.han)
        yield world


class Letterbox:
    """Keeps the mail that comes, and refuses it while it is told to."""

    def __init__(self) -> None:
        self.mail: list[Any] = []
        self.is_full = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.is_full:
            return "452 no room"
        self.mail.append(message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 kept"


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[tuple[Letterbox, str]]:
    """A mail server that takes nothing without TLS."""
    command = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=mail"
    keys = ["-keyout", str(tmp_path / "mail.key"), "-out", str(tmp_path / "mail.pem")]
    subprocess.run(["openssl", *command.split(), *keys], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "mail.pem", tmp_path / "mail.key")
    box = Letterbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(
        box, hostname="127.0.0.1", port=port, tls_context=tls, require_starttls=True,
        ready_timeout=90,
    )  # fmt: skip
    server.start()
    told = "from=hub@city.test&to=gam@city.test&mode=starttls&verify=no&cto=90&rto=90"
    yield box, f"mailtos://127.0.0.1:{port}?{told}"
    server.stop()


async def run(
    job: Any, database: Database, tmp_path: Path, now: datetime, monkeypatch: Any, **given: Any
) -> None:
    """A job as the queue calls it, at `now`."""
    settings: Settings = settings_for(database, trip_dir=tmp_path / "trip", **given)
    async with db.open_pool(database.dsn, size=2) as pool:
        with monkeypatch.context() as patch:
            patch.setattr(clock, "now", lambda: now)
            await job(SimpleNamespace(additional_context={"pool": pool, "settings": settings}), 0)


async def test_days_on_which_nobody_worked_are_caught_up_each_in_its_file(
    world: World, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder, now = tmp_path / "checkpoints", clock.now()
    told = {"trip_checkpoint_dir": folder}
    await run(jobs.keep_checkpoints, database, tmp_path, now, monkeypatch, **told)
    assert not folder.exists()  # the first day is not over
    for _ in range(2):
        later = now + timedelta(days=3)
        await run(jobs.keep_checkpoints, database, tmp_path, later, monkeypatch, **told)
    today = now.astimezone(clock.SEOUL).date()
    days = [today + timedelta(days=n) for n in range(3)]
    assert sorted(file.name for file in folder.iterdir()) == [daily.name_of(day) for day in days]
    for day in days:
        read = checkpoint.read((folder / daily.name_of(day)).read_text("utf-8"))
        read.verify(world.phone.hub)


async def test_a_days_checkpoint_is_over_what_the_log_held_when_the_day_ended(
    world: World, conn: Conn, tmp_path: Path
):
    now, ours = clock.now(), office.load(tmp_path / "trip", clock.now())
    size = (await log_store.head(conn)).size
    today = now.astimezone(clock.SEOUL).date()
    assert await daily.make(conn, ours, daily.midnight(today + timedelta(days=1))) == [today]
    await conn.commit()
    await world.phone.touches()
    kept = await store.newest(conn)
    assert kept is not None
    assert (kept.day, kept.size) == (today, size)
    assert checkpoint.read(kept.note).size == size


async def test_mail_goes_by_tls_with_the_note_as_it_was_signed_and_says_what_was_missed(
    world: World, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    smtp: tuple[Letterbox, str],
):  # fmt: skip
    box, url = smtp
    now, told = clock.now(), {"trip_checkpoint_urls": url}
    for days in (1, 1):
        at = now + timedelta(days=days)
        await run(jobs.keep_checkpoints, database, tmp_path, at, monkeypatch, **told)
    assert len(box.mail) == 1
    box.is_full = True
    at = now + timedelta(days=3)
    await run(jobs.keep_checkpoints, database, tmp_path, at, monkeypatch, **told)
    box.is_full = False
    await run(jobs.keep_checkpoints, database, tmp_path, at, monkeypatch, **told)
    first, second = box.mail
    (attached,) = [part for part in first.walk() if part.get_filename()]
    note = attached.get_payload(decode=True).decode()
    checkpoint.read(note).verify(world.phone.hub)
    assert daily.fingerprint(note) in str(first.get_body().get_content())
    assert "보내지 못한 1일" in str(second.get_body().get_content())


async def test_the_key_of_who_left_ends_with_its_leaf(
    world: World, conn: Conn, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    await conn.execute("UPDATE person SET retired_at = now() WHERE login = 'han'")
    await conn.commit()
    for _ in range(2):
        await run(jobs.end_keys, database, tmp_path, clock.now(), monkeypatch)
    kid = world.phone.key.public.kid
    (index,) = await log_store.indexes_of(conn, LeafType.REVOCATION, kid)
    logged = await log_store.at(conn, index)
    assert logged is not None
    assert leaf.decoded(logged.leaf).reason == Revoked.LEFT


async def test_coordinates_are_destroyed_by_the_setting_alone_and_only_then(
    world: World, database: Database, conn: Conn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    await world.phone.touches()
    wraps, then = tmp_path / "trip" / "wrap", clock.now() + timedelta(days=500)
    for given in ({}, {"trip_destroy_after_days": 3000}):
        await run(jobs.look_at_quarters, database, tmp_path, then, monkeypatch, **given)
        assert list(wraps.glob("*.wrap"))
    told: dict[str, Any] = {"trip_destroy_after_days": 30}
    await run(jobs.look_at_quarters, database, tmp_path, then, monkeypatch, **told)
    assert not list(wraps.glob("*.wrap"))
    assert len(await log_store.indexes_of(conn, LeafType.DESTRUCTION)) == 1


@pytest.mark.parametrize("folder", [None, "empty"])
async def test_an_office_without_trip_keys_has_nothing_of_this_done(
    database: Database, tmp_path: Path, folder: str | None
):
    settings = settings_for(database, trip_dir=folder and tmp_path / folder)
    context: Any = SimpleNamespace(additional_context={"pool": None, "settings": settings})
    for work in jobs.WORKS:
        await work.task(context, 0)


async def test_a_checkpoint_on_paper_holds_the_note_in_words_and_as_a_code(
    world: World, conn: Conn, tmp_path: Path
):
    ours, now = office.load(tmp_path / "trip", clock.now()), clock.now()
    (day,) = await daily.make(conn, ours, now + timedelta(days=1))
    await conn.commit()
    path = "/api/v1/log/checkpoint.pdf"
    for asked in ({}, {"day": str(day)}):
        answer = await world.gam.does("GET", path, params=asked)
        assert answer.status_code == 200, answer.text
        note = (await world.gam.does("GET", "/api/v1/log/checkpoint")).text
        page = pypdfium2.PdfDocument(answer.content)[0]
        (code,) = zxingcpp.read_barcodes(page.render(scale=3).to_numpy())
        assert code.text == trip_checkpoint.in_one_line(note)
        assert daily.fingerprint(note) in page.get_textpage().get_text_range()
    assert (await world.gam.does("GET", path, params={"day": "2020-01-01"})).status_code == 404
    assert (await world.han.does("GET", path)).status_code == 403


async def test_the_key_set_has_the_auditors_of_a_year_and_always_fits_its_record(
    world: World, conn: Conn, tmp_path: Path
):
    quarters = (20271, 20272, 20273, 20274, 20281, 20282)
    made = [await bring_auditor(world.gam, AuditorKey.new(quarter)) for quarter in quarters]
    answer = await world.phone.client.get("/.well-known/cheongsa/keys", params={"form": "cose"})
    told = KeySet.decoded(answer.content)
    assert told.of(Use.AUDITOR_OPENS)
    points = {key.xy for key in told.of(Use.AUDITOR_OPENS)}
    assert {one.seal.public.xy for one in made[-5:]} <= points
    last = (await log_store.told(conn)).keys
    assert last is not None
    assert answer.content in last
