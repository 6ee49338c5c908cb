"""Proofs as they come in on a busy morning: `PUT /api/v1/trips/proofs/{cti}`, to a real hub.

One `python -m hub web`, a real PostgreSQL that writes to disk, 2,000 enrolled phones with an order,
a consent, and a challenge for each proof. Everything is signed and sealed before the clock starts;
a process of its own brings it over so many connections at once. Beside it, before and after on the
same machine: bare ES256 over statements of that length, and one row of a proof's size by INSERT and
COMMIT.
"""

import contextlib
import json
import pickle
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg

from hub.kit import clock, db, ids, migrate
from hub.tripproof import consent, office, seal, statement
from hub.tripproof.auditor_key import AuditorKey
from hub.tripproof.provider import ES256, SoftwareKey
from hub.tripproof.statement import FIRST, Fix, Kind, Statement
from hub.tripproof.upload import Upload
from tests.bench.ingest import embedded
from tests.bench.row import Row, as_line, at_most, known
from tests.web.conftest import Web, web_process

OFFICE, ORIGIN = "5670000", "trip.cityhall.example"
CITY_HALL = (352_279_000, 1_286_811_000)
PHONES: Final = 2_000
AT_ONCE: Final = ((1, 1_000), (8, 4_000), (32, 8_000))  # connections, proofs
FULL_S: Final = 5.0  # a day of 2,000 travellers with four proofs each
ROWS: Final = 400  # of a bare INSERT and COMMIT
VERIFIED: Final = 2_000
WARM_UP: Final = 50


def rows() -> Iterator[Row]:
    """Every figure."""
    with ExitStack() as stack:
        dsn = stack.enter_context(embedded()).dsn()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cheongsa-bench-")))
        conn = stack.enter_context(db.connect_sync(dsn, autocommit=True))
        migrate.migrate(conn)
        city = _founded(conn, folder)
        web = stack.enter_context(web_process(dsn, HUB_TRIP_DIR=str(folder / "trip")))
        _brought(web, city, folder, 1, WARM_UP)
        for at_once, proofs in AT_ONCE:
            yield from _measured(conn, web, city, folder, at_once, proofs)
        _check(conn, WARM_UP + sum(proofs for _, proofs in AT_ONCE))


def _measured(
    conn: psycopg.Connection[Any], web: Web, city: "City", folder: Path, at_once: int, proofs: int
) -> Iterator[Row]:
    before = _inserted_per_s(conn)
    told = _brought(web, city, folder, at_once, proofs)
    inserts, rate = statistics.mean((before, _inserted_per_s(conn))), proofs / told["took_s"]
    name = f"accept: {proofs:,} proofs over {at_once} connection{'s' if at_once > 1 else ''}"
    beside = f"bare INSERT and COMMIT of one row: {inserts:,.0f}/s"
    yield known(f"{name}, rate", rate, "/s", beside, rate / inserts)
    if at_once == AT_ONCE[-1][0]:
        yield at_most(f"{name}, time", told["took_s"], "s", beside, floor=FULL_S)
        verify = _verified_per_s(city)
        yield known(f"{name}, beside bare ES256", rate, "/s", f"verify: {verify:,.0f}/s",
                    rate / verify)  # fmt: skip
    cpu = f"PostgreSQL beside it: {told['database_cpu_s'] / proofs * 1e3:.2f} ms"
    yield known(f"{name}, processor time of hub web each", told["cpu_s"] / proofs * 1e3, "ms", cpu)
    yield known(f"{name}, 99th percentile", told["p99_s"] * 1e3, "ms",
                f"median: {told['p50_s'] * 1e3:.1f} ms")  # fmt: skip


def _brought(web: Web, city: "City", folder: Path, at_once: int, proofs: int) -> dict[str, Any]:
    """Bring so many, each once. What the phones tell, and the processor time it took."""
    file = folder / "proofs"
    file.write_bytes(pickle.dumps(city.proofs(at_once, proofs)))
    command = [sys.executable, "-m", "tests.bench.accept_worker", str(web.port), str(file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n", "the phones broke"
        began = _cpu_s(web, city.conn)
        answer, _ = child.communicate("go\n")
    told = json.loads(answer)
    assert told["statuses"] == {"201": proofs}, f"not every proof was new: {told['statuses']}"
    hub_s, database_s = (
        after - before for before, after in zip(began, _cpu_s(web, city.conn), strict=True)
    )
    return {**told, "cpu_s": hub_s, "database_cpu_s": database_s}


def _cpu_s(web: Web, conn: psycopg.Connection[Any]) -> tuple[float, float]:
    """Of the hub, and of the server processes that work for it."""
    found = conn.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    backends = [psutil.Process(pid) for (pid,) in found]
    return _used_s([psutil.Process(web.process.pid)]), _used_s(backends)


def _used_s(processes: list[psutil.Process]) -> float:
    used = 0.0
    for one in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            used += times.user + times.system
    return used


def _check(conn: psycopg.Connection[Any], proofs: int) -> None:
    """Exactly one record each, and no gap in the log."""
    found = conn.execute(
        """
        SELECT (SELECT count(*) FROM trip_proof),
               (SELECT max(log_index) + 1 - count(*) FROM trip_leaf),
               (SELECT count(*) FROM trip_leaf WHERE type = 1),
               (SELECT count(*) FROM trip_proof WHERE grade <> 1)
        """
    ).fetchone()
    assert found == (proofs, 0, proofs, 0), f"proofs, gaps, leaves, not A: {found}"


# What stands beside it.


def _inserted_per_s(conn: psycopg.Connection[Any]) -> float:
    """One row of a proof's size by INSERT and COMMIT, one after the other."""
    conn.execute("CREATE TABLE IF NOT EXISTS bench_row (at bigint PRIMARY KEY, body bytea)")
    conn.execute("TRUNCATE bench_row")
    body, began_s = secrets.token_bytes(1_000), time.monotonic()
    for number in range(ROWS):
        conn.execute("INSERT INTO bench_row VALUES (%s, %s)", (number, body))
    return ROWS / (time.monotonic() - began_s)


def _verified_per_s(city: "City") -> float:
    """Raw ES256 by `cryptography`, of the same statements' length."""
    key = city.phones[0].key
    payload = city.phones[0].says(city.now).payload
    signature = key.private.sign(payload, ES256)
    began_s = time.monotonic()
    for _ in range(VERIFIED):
        key.public.point.verify(signature, payload, ES256)
    return VERIFIED / (time.monotonic() - began_s)


# The city.


@dataclass
class Phone:
    """An enrolled key, its owner, and where its chain stands."""

    who: str
    trip: str
    key: SoftwareKey = field(default_factory=SoftwareKey.new)
    person: Any = field(default_factory=lambda: ids.uuid7(clock.now()))
    challenges: list[bytes] = field(default_factory=list)
    counter: int = 0
    before: bytes | None = None

    def says(self, now: datetime) -> Statement:
        self.counter += 1
        at, challenge = int(now.timestamp()), secrets.token_bytes(16)
        self.challenges.append(challenge)
        return Statement(
            office=OFFICE, signed_at=at, cti=secrets.token_bytes(8), who=self.who,
            department="5670123", trip=self.trip, fix=Fix(*CITY_HALL, 18, at),
            counter=self.counter, challenge=challenge,
            before=statement.hash16(self.before) if self.before else FIRST,
            kind=Kind.ARRIVE, queued=False,
        )  # fmt: skip

    def upload(self, said: Statement, auditor: AuditorKey) -> Upload:
        signed = said.sign(self.key)
        made = Upload(signed, seal.seal(auditor.seal.public, signed, seal.For.AUDITOR), self.before)
        self.before = signed
        return made


@dataclass
class City:
    """An office with its phones; they bring their proofs in turns."""

    conn: psycopg.Connection[Any]
    auditor: AuditorKey
    phones: list[Phone]
    now: datetime
    turn: int = 0

    def proofs(self, at_once: int, count: int) -> list[list[tuple[bytes, bytes]]]:
        """So many proofs, dealt to so many connections; each phone's on one of them."""
        self.now, lines = clock.now(), [[] for _ in range(at_once)]
        used = [self.phones[(self.turn + nth) % PHONES] for nth in range(count)]
        self.turn += count
        line_of: dict[int, int] = {}
        for nth, phone in enumerate(used):
            said = phone.says(self.now)
            line = lines[line_of.setdefault(id(phone), nth % at_once)]
            line.append((said.cti, phone.upload(said, self.auditor).encoded))
        self._give_challenges()
        return lines

    def _give_challenges(self) -> None:
        issued, until = self.now - timedelta(hours=1), self.now + timedelta(hours=23)
        with (
            self.conn.cursor() as cursor,
            cursor.copy(
                "COPY trip_challenge (value, kid, issued_at, expires_at) FROM STDIN"
            ) as copy,
        ):
            for phone in self.phones:
                for value in phone.challenges:
                    copy.write_row((value, phone.key.public.kid, issued, until))
                phone.challenges.clear()
        self.conn.execute("ANALYZE")


def _founded(conn: psycopg.Connection[Any], folder: Path) -> City:
    now = clock.now()
    office.make(folder / "trip", OFFICE, ORIGIN, now)
    auditor = AuditorKey.new(office.quarter_at(now))
    points = (auditor.seal.public.uncompressed, auditor.sign.public.uncompressed)
    conn.execute(
        "INSERT INTO trip_auditor (quarter, number, seal, sign, fingerprint, saved_at, saved_by)"
        " VALUES (%s, 1, %s, %s, %s, %s, 'gam')",
        (auditor.quarter, *points, auditor.fingerprint, now),
    )
    phones = [Phone(f"2019{nth:04}", f"2026-{nth:07}") for nth in range(PHONES)]
    for one in phones:
        _enrolled(conn, one, auditor, now)
    return City(conn, auditor, phones, now)


def _enrolled(
    conn: psycopg.Connection[Any], one: Phone, auditor: AuditorKey, now: datetime
) -> None:
    """A person with consent, key and order, as past enrolments left them."""
    since, until = now - timedelta(days=1), now + timedelta(days=1)
    with conn.transaction():
        conn.execute(
            "INSERT INTO person (person_id, login, name, roles, created_at)"
            " VALUES (%s, %s, '시험', '{field}', %s)",
            (one.person, one.who, now),
        )
        conn.execute(
            "INSERT INTO trip_person (person_id, who, department) VALUES (%s, %s, '5670123')",
            (one.person, one.who),
        )
        conn.execute(
            "INSERT INTO trip_consent (consent_id, person_id, text_sha256, auditor, given_at,"
            " until) VALUES (%s, %s, %s, %s, %s, %s)",
            (ids.uuid7(now), one.person, consent.SHA256, auditor.fingerprint, since, until),
        )
        conn.execute(
            "INSERT INTO trip_device (kid, person_id, who, point, phone, name, enrolled_at)"
            " VALUES (%s, %s, %s, %s, %s, '휴대전화', %s)",
            (one.key.public.kid, one.person, one.who, one.key.public.uncompressed,
             secrets.token_bytes(8), since),
        )  # fmt: skip
        conn.execute(
            "INSERT INTO trip_order (trip, version, people, department, begins_at, ends_at, place,"
            " points, by_air, saved_at, saved_by, log_index)"
            " VALUES (%s, 1, %s, '5670123', %s, %s, '시청', %s, false, %s, 'seo', 0)",
            (one.trip, [one.who], since, until, [*CITY_HALL, 0], since),
        )


if __name__ == "__main__":
    for each in rows():
        print(as_line(each), flush=True)
