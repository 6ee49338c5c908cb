"""A phone, an auditor and an office of trips, for the tests of the door."""

import base64
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from psycopg import AsyncConnection

from hub.identity import sessions
from hub.identity.store import people as people_store
from hub.identity.store import sessions as store
from hub.kit import clock
from hub.kit.settings import Settings
from hub.tripproof import challenge, checkpoint, leaf, office, receipt, seal, statement, tree
from hub.tripproof import verdict as verdicts
from hub.tripproof.ask import Ask, Purpose
from hub.tripproof.auditor_key import AuditorKey
from hub.tripproof.keys import KeySet, PublicKey, Use, base64url
from hub.tripproof.provider import SoftwareKey
from hub.tripproof.statement import FIRST, NO_CHALLENGE, Fix, Kind, Statement
from hub.tripproof.store import auditors
from hub.tripproof.upload import Upload
from hub.tripproof.verdict import Verdict
from hub.web import app
from tests.conftest import Database
from tests.web.conftest import settings_for
from tests.web.people import OURS, Somebody, add, browser

OFFICE, ORIGIN = "5670000", "trip.cityhall.example"
COSE = {"Content-Type": "application/cose", **OURS}
ME, DEVICES = "/api/v1/trips/me", "/api/v1/trips/devices"
CITY_HALL = (352_279_000, 1_286_811_000)


def octets(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def trip_settings(database: Database, folder: Path, **given: Any) -> Settings:
    """Settings of an office that has its trip keys."""
    office.make(folder / "trip", OFFICE, ORIGIN, clock.now())
    return settings_for(database, trip_dir=folder / "trip", **given)


async def bring_auditor(auditor: Somebody, key: AuditorKey | None = None) -> AuditorKey:
    """The auditor makes a key and hands in its public halves."""
    key = key or AuditorKey.new(office.quarter_at(clock.now()))
    points = (key.seal.public.uncompressed, key.sign.public.uncompressed)
    told = dict(zip(("seal", "sign"), map(base64url, points), strict=True))
    body = {"quarter": key.quarter, **told}
    answer = await auditor.does("PUT", "/api/v1/trips/auditor", json=body)
    assert answer.status_code == 200, answer.text
    assert octets(answer.json()["fingerprint"]) == key.fingerprint
    return key


async def keep_auditor(conn: AsyncConnection[Any]) -> None:
    """An auditor's key, past the door. COMMITs."""
    key, now = AuditorKey.new(office.quarter_at(clock.now())), clock.now()
    points = (key.seal.public.uncompressed, key.sign.public.uncompressed)
    await auditors.keep(conn, key.quarter, *points, key.fingerprint, None, now, "gam")
    await conn.commit()


async def people(conn: AsyncConnection[Any]) -> None:
    """Two who travel, an auditor, an admin."""
    for login, role in (("han", "field"), ("lim", "field"), ("gam", "auditor"), ("adm", "admin")):
        await add(conn, login, role)  # type: ignore[arg-type]


async def is_signed_in(conn: AsyncConnection[Any], somebody: Somebody, login: str) -> None:
    """A session without the password's hashing, which takes a core for a while. COMMITs."""
    token = sessions.new_token()
    found = await people_store.password_of(conn, login)
    assert found is not None
    await store.begin(conn, sessions.digest(token), found.person_id, "127.0.0.1", clock.now())
    await conn.commit()
    somebody.client.cookies.set(sessions.COOKIE, token)
    somebody.csrf_token = sessions.csrf_token(token)


@dataclass
class Phone:
    """What runs on a phone: a key, its chain, and what it checks before it believes the hub."""

    client: httpx.AsyncClient
    key: SoftwareKey = field(default_factory=SoftwareKey.new)
    installation: bytes = field(default_factory=lambda: secrets.token_bytes(8))
    me: dict[str, Any] = field(default_factory=dict)
    challenges: list[bytes] = field(default_factory=list)
    counter: int = 0
    before: bytes | None = None

    @property
    def keys(self) -> KeySet:
        return KeySet.decoded(octets(self.me["keys"]))

    @property
    def hub(self) -> PublicKey:
        return self.keys.of(Use.HUB_SIGNS)[0]

    @property
    def kid(self) -> str:
        return self.key.public.kid.hex()

    def asks(self, purpose: Purpose, have: int = 0, at: int | None = None) -> bytes:
        at = int(clock.now().timestamp()) if at is None else at
        return Ask(purpose, at, secrets.token_bytes(8), have).sign(self.key)

    async def begin(self, owner: Somebody) -> None:
        answer = await owner.does("GET", ME)
        assert answer.status_code == 200, answer.text
        self.me = answer.json()

    async def enrol(self, owner: Somebody, **given: Any) -> httpx.Response:
        """Consent to what was shown, and bring the key."""
        if not self.me:
            await self.begin(owner)
        body = {
            "key": base64url(self.key.public.uncompressed),
            "ask": base64url(self.asks(Purpose.CHALLENGES)),
            "phone": base64url(self.installation),
            "name": "갤럭시",
            "consent": self.me["consent"]["sha256"],
            "auditor": self.me["auditor"]["fingerprint"],
        }
        answer = await owner.does("POST", DEVICES, json={**body, **given})
        if answer.status_code == 201:
            self.take(octets(answer.json()["challenges"]))
        return answer

    def take(self, encoded: bytes) -> None:
        given = challenge.verified(encoded, self.hub)
        assert given.device == self.key.public.kid
        self.challenges += given.values

    async def ask_for_challenges(self, asked: bytes | None = None) -> httpx.Response:
        asked = self.asks(Purpose.CHALLENGES, len(self.challenges)) if asked is None else asked
        answer = await self.client.post("/api/v1/trips/challenges", content=asked, headers=COSE)
        if answer.status_code == 200:
            self.take(answer.content)
        return answer

    def says(self, **changes: Any) -> Statement:
        """A touch at the city hall, with whatever is to be different."""
        now = int(clock.now().timestamp())
        self.counter += 1
        usual: dict[str, Any] = {
            "office": self.me["office"], "signed_at": now, "cti": secrets.token_bytes(8),
            "who": self.me["who"], "department": self.me["department"], "trip": "",
            "fix": Fix(*CITY_HALL, 18, now), "counter": self.counter,
            "challenge": self.challenges.pop() if self.challenges else NO_CHALLENGE,
            "before": statement.hash16(self.before) if self.before else FIRST,
            "kind": Kind.ARRIVE, "queued": False,
        }  # fmt: skip
        return Statement(**{**usual, **changes})

    def seals(self, said: Statement) -> Upload:
        signed = said.sign(self.key)
        to = PublicKey.uncompressed_point(octets(self.me["auditor"]["seal"]))
        sealed = seal.seal(to, signed, seal.For.AUDITOR)
        upload = Upload(signed, sealed, self.before)
        self.before = signed
        return upload

    async def sends(self, cti: bytes, upload: Upload | bytes) -> httpx.Response:
        body = upload if isinstance(upload, bytes) else upload.encoded
        path = f"/api/v1/trips/proofs/{cti.hex()}"
        return await self.client.put(path, content=body, headers=COSE)

    async def touches(self, **changes: Any) -> tuple[Upload, httpx.Response]:
        said = self.says(**changes)
        upload = self.seals(said)
        return upload, await self.sends(said.cti, upload)

    def checks(self, upload: Upload, told: dict[str, Any]) -> Verdict:
        """What a phone checks of its answer; the verdict."""
        entry = octets(told["leaf"])
        read = leaf.decoded(entry)
        assert (read.statement, read.sealed) == (
            leaf.sha(upload.statement),
            leaf.sha(upload.sealed),
        )
        given = octets(told["verdict"])
        assert read.verdict == leaf.sha(given)
        root = receipt.read(octets(told["receipt"])).root(entry, self.hub)
        note = checkpoint.read(told["checkpoint"])
        note.verify(self.hub)
        assert note.root == root
        return verdicts.verified(given, self.hub)


def kept_root(note: str) -> tuple[int, bytes]:
    read = checkpoint.read(note)
    return read.size, read.root


def goes_on(old: str, told: dict[str, Any]) -> None:
    """A phone's look at each sync: its checkpoint is the beginning of the newest."""
    path = tree.decode_consistency(octets(told["proof"]))[2]
    tree.check_consistency(*kept_root(old), *kept_root(told["checkpoint"]), path)


@dataclass
class World:
    """An office with its keys; who is signed in there; a phone that is not enrolled yet."""

    door: app.Door
    han: Somebody
    lim: Somebody
    gam: Somebody
    adm: Somebody
    auditor: AuditorKey
    phone: Phone


@asynccontextmanager
async def opened(
    database: Database, conn: AsyncConnection[Any], folder: Path, **given: Any
) -> AsyncIterator[World]:
    """The world behind a door; `given`: what else its settings say."""
    await people(conn)
    door = app.create_app(trip_settings(database, folder, **given))
    async with door.api.router.lifespan_context(door.api), AsyncExitStack() as stack:
        who = [await stack.enter_async_context(browser(door)) for _ in range(5)]
        for somebody, login in zip(who, ("han", "lim", "gam", "adm"), strict=False):
            await is_signed_in(conn, somebody, login)
        key = await bring_auditor(who[2])
        yield World(door, who[0], who[1], who[2], who[3], key, Phone(who[4].client))


def kind_of(answer: httpx.Response) -> str:
    """Which problem it is."""
    return answer.json()["type"].removeprefix("urn:cheongsa:problem:")
