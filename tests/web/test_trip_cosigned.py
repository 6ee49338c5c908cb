"""A second office signs what only grew, refuses what did not, and everybody sees its line."""

import asyncio
import base64
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg import AsyncConnection

from hub.__main__ import main
from hub.kit import clock
from hub.tripproof import checkpoint, cosign, office
from hub.tripproof.checkpoint import Checkpoint
from hub.tripproof.cosign import CannotCosign
from hub.tripproof.errors import BadSignature, LogContradicts, UnknownKey
from hub.tripproof.keys import KeySet, NamedKey, Use, keyset
from hub.tripproof.leaf import LeafType, Revoked
from hub.tripproof.logbook import Logbook
from hub.tripproof.office import Office
from hub.tripproof.provider import SoftwareKey
from hub.tripproof.tree import Frontier, leaf_hash
from hub.tripproof.verify import proof as verifier
from tests.conftest import Database
from tests.web.conftest import web_process
from tests.web.people import OURS
from tests.web.trips import OFFICE, ORIGIN, opened

Conn = AsyncConnection[Any]
NAME = "gam.province.example"
TEXT = {"Content-Type": "text/plain", **OURS}


async def grown(conn: Conn, ours: Office) -> None:
    """One checkpoint more."""
    book = await Logbook.opened(conn, ours, clock.now())
    for key in ours.keys:
        await book.add(LeafType.REVOCATION, ref=key.key.kid, reason=Revoked.LOST)
    await book.checkpoint()
    await conn.commit()


def begun(tmp_path: Path, keys: KeySet, capsys: pytest.CaptureFixture[str]) -> tuple[Path, str]:
    """The second office's folder, and its key as it tells it."""
    (tmp_path / "keys.cose").write_bytes(keys.encoded)
    folder = tmp_path / "second"
    words = [str(folder), "--begin", NAME, "--keys", str(tmp_path / "keys.cose")]
    assert main(["trip", "cosign", *words]) == 0
    assert (folder / cosign.KEY).stat().st_mode & 0o077 == 0
    return folder, capsys.readouterr().out.split("--key ")[1].strip()


async def test_it_fetches_signs_and_hands_in_and_everybody_sees_it(
    database: Database, conn: Conn, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    ours = office.make(tmp_path / "trip", OFFICE, ORIGIN, clock.now())
    await grown(conn, ours)
    folder, key = begun(tmp_path, keyset(ours.keys), capsys)
    monkeypatch.setattr(cosign, "PATIENCE_S", 300)  # a busy machine is not a defect
    monkeypatch.setenv("HUB_DATABASE_DSN", database.dsn)
    monkeypatch.setenv("HUB_TRIP_DIR", str(tmp_path / "trip"))
    with web_process(database.dsn, HUB_TRIP_DIR=str(tmp_path / "trip")) as web:
        words = ["trip", "cosign", str(folder), "--hub", web.url]
        assert await asyncio.to_thread(main, words) == cosign.REFUSED  # not known to the hub yet
        assert main(["trip", "cosigner", "--name", NAME, "--key", key]) == 0
        ours = office.load(tmp_path / "trip", clock.now())
        for _ in range(2):
            await grown(conn, ours)
            assert await asyncio.to_thread(main, words) == 0, capsys.readouterr().err
        async with httpx.AsyncClient(base_url=web.url, timeout=90) as client:
            newest = (await client.get("/api/v1/log/checkpoint")).text
            kept = (await client.get("/api/v1/log/checkpoint", params={"cosigned": True})).text
    read = checkpoint.read(newest)
    assert verifier.cosigners(read, KeySet(ours.keys)) == [NAME]
    assert kept == newest
    assert checkpoint.read((folder / cosign.LAST).read_text()).text == read.text


async def test_only_what_a_known_office_signed_under_a_checkpoint_of_ours_is_taken(
    database: Database, conn: Conn, tmp_path: Path
):
    second, stranger = SoftwareKey.new(), SoftwareKey.new()
    async with opened(database, conn, tmp_path) as world:
        client, path = world.phone.client, "/api/v1/log/cosignatures"
        point = second.public.uncompressed
        ours = office.know_cosigner(tmp_path / "trip", NAME, point, clock.now())
        none = await client.get("/api/v1/log/checkpoint", params={"cosigned": True})
        note = (await client.get("/api/v1/log/checkpoint")).text
        read = checkpoint.read(note)
        theirs, forged = (read.signed(one, NAME).note for one in (second, stranger))
        line, wrong = (
            theirs.split()[-1],
            base64.b64encode(
                checkpoint.key_id(second.public) + read.signed(stranger, NAME).lines[-1].signature
            ).decode(),
        )
        other = Checkpoint(read.origin, read.size, bytes(32), read.at).signed(ours.signer)
        status = {
            body: (await client.post(path, content=body, headers=TEXT)).status_code
            for body in (
                note,
                forged,
                read.signed(second, "gam.other.example").note,
                other.signed(second, NAME).note,
                theirs.replace(line, wrong),
                "no checkpoint",
            )
        }
        good = read.signed(second, NAME)
        for _ in range(2):
            answer = await client.post(path, content=good.note, headers=TEXT)
            assert (answer.status_code, answer.text) == (200, good.note)
    assert none.status_code == 404
    assert 200 not in status.values()
    assert all(400 <= one < 500 for one in status.values())


def log_of(size: int, key: SoftwareKey, other: bytes = b"") -> tuple[str, list[bytes]]:
    """A checkpoint over `size` entries; with `other`, over another history."""
    leaves = [bytes([n]) + other for n in range(size)]
    edge = Frontier()
    for one in leaves:
        edge.append(leaf_hash(one))
    return Checkpoint(ORIGIN, size, edge.root, 1_790_000_000).signed(key).note, leaves


@pytest.fixture
def held(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, SoftwareKey]:
    """A second office that knows a log's key and has signed it over four entries."""
    log = SoftwareKey.new()
    keys = KeySet((NamedKey(log.public, Use.HUB_SIGNS, 0, 2**32 - 1),))
    folder, _ = begun(tmp_path, keys, capsys)
    (tmp_path / "note.txt").write_text(log_of(4, log)[0], encoding="utf-8")
    assert main(["trip", "cosign", str(folder), "--note", str(tmp_path / "note.txt")]) == 0
    return folder, log


def test_a_shorter_or_another_log_is_not_signed_and_nothing_is_forgotten(
    held: tuple[Path, SoftwareKey], tmp_path: Path
):
    folder, log = held
    before = (folder / cosign.LAST).read_text()
    for size, other in ((3, b""), (4, b"x")):
        (tmp_path / "note.txt").write_text(log_of(size, log, other)[0], encoding="utf-8")
        out = tmp_path / "signed.txt"
        words = ["trip", "cosign", str(folder), "--note", str(tmp_path / "note.txt")]
        assert main([*words, "--out", str(out)]) == cosign.CONTRADICTED
        assert not out.exists()
    assert (folder / cosign.LAST).read_text() == before


def test_a_longer_one_needs_the_way_there(held: tuple[Path, SoftwareKey]):
    folder, log = held
    who = cosign.read(folder)
    with pytest.raises(UnknownKey, match="No way"):
        cosign.cosigned(who, log_of(7, log)[0], None)
    again = cosign.cosigned(who, log_of(4, log)[0], None)
    again.verify(who.key.public, NAME)
    with pytest.raises(LogContradicts):
        cosign.cosigned(who, log_of(2, log)[0], None)


def test_another_logs_key_or_a_forged_line_is_not_signed(held: tuple[Path, SoftwareKey]):
    folder, log = held
    who = cosign.read(folder)
    with pytest.raises(UnknownKey):
        cosign.cosigned(who, log_of(4, SoftwareKey.new())[0], None)
    with pytest.raises((BadSignature, LogContradicts)):
        cosign.cosigned(who, log_of(4, log)[0].replace("1790000000", "1790000001"), None)
    with pytest.raises(CannotCosign, match="--begin"):
        cosign.read(folder / "nowhere")
