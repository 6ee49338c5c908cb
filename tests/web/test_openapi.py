"""The OpenAPI document is true: what is answered is written there."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hub.identity import sessions
from hub.identity.roles import ROLES
from hub.identity.store import sessions as store
from hub.kit import clock, db
from hub.web import app
from tests.conftest import Database, Server
from tests.hub.density.offices import open_office, saw
from tests.web.conftest import Web, web_process
from tests.web.people import OURS, add
from tests.web.trips import keep_auditor, trip_settings

DOCUMENT = json.loads(app.openapi_json())
STREAM = "/api/v1/density/stream"
REAL_KEY = "demo.cam-1.main"
PATIENCE_S = 90.0
ASKED_AT_ONCE = 32  # each waits some seconds for a connection
EXAMPLES = 2
schemathesis.serializer.alias(["application/cose", "application/cbor"], "application/octet-stream")
LEAVING = ("/api/v1/session", "delete")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
async def office(database: Database) -> Database:
    async with await db.connect(database.dsn) as conn:
        zone_id = await open_office(conn)
        for n in range(20):
            await saw(conn, zone_id, clock.now() - timedelta(seconds=5 * n), n, n % 2)
        await keep_auditor(conn)
    return database


@pytest.fixture
async def signed_in(office: Database) -> dict[str, str]:
    """The headers of a page of ours, of somebody who may do everything."""
    token = sessions.new_token()
    async with await db.connect(office.dsn) as conn:
        person = await add(conn, "han", *ROLES)
        await store.begin(conn, sessions.digest(token), person, "127.0.0.1", clock.now())
    return {
        "Cookie": f"{sessions.COOKIE}={token}",
        "X-CSRF-Token": sessions.csrf_token(token),
        **OURS,
    }


@pytest.fixture
def running(office: Database, tmp_path: Path) -> Iterator[Web]:
    trip_settings(office, tmp_path)
    with web_process(office.dsn, HUB_TRIP_DIR=str(tmp_path / "trip")) as web:
        yield web


def operations() -> list[tuple[str, str]]:
    return [(path, verb) for path, verbs in DOCUMENT["paths"].items() for verb in verbs]


def test_every_operation_has_a_name_of_its_own():
    names = [DOCUMENT["paths"][path][verb]["operationId"] for path, verb in operations()]
    assert len(set(names)) == len(names)


def test_every_error_of_every_operation_is_a_problem():
    for path, verb in operations():
        responses = DOCUMENT["paths"][path][verb]["responses"]
        errors = {status for status in responses if int(status) >= 400}
        assert {"500", "503", "421"} <= errors
        for status in errors:
            (media_type,) = responses[status]["content"]
            assert media_type == "application/problem+json"


@pytest.mark.timeout(3000)  # there are many routes, and machines that are busy
def test_whatever_is_asked_the_answer_is_one_that_is_documented(
    running: Web, signed_in: dict[str, str]
):
    document = schemathesis.openapi.from_dict(DOCUMENT)
    for path, verb, mode, zone in ways_to_ask():
        operation = document[path][verb.upper()]
        asked = operation.as_strategy(generation_mode=mode, path_parameters=zone)
        _ask_many(asked, running.url, signed_in)


@pytest.mark.timeout(3000)  # there are many routes, and machines that are busy
def test_while_the_database_is_away_every_answer_is_documented_and_comes(
    running: Web, signed_in: dict[str, str], office: Database, server: Server
):
    with taken_away(office, server):
        cases = list(_cases_of_all())
        with ThreadPoolExecutor(ASKED_AT_ONCE) as threads:
            ask = partial(_ask_within, running.url, signed_in)
            statuses = set(threads.map(ask, cases))
    assert 500 not in statuses
    assert 503 in statuses
    _wait_until_ready(running.url)


@contextmanager
def taken_away(database: Database, server: Server) -> Iterator[None]:
    """Under another name nobody finds it; who was connected is thrown out."""
    name = conninfo_to_dict(database.dsn)["dbname"]
    here, away = sql.Identifier(str(name)), sql.Identifier(f"{name}_away")
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with psycopg.connect(server.admin_dsn, autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(here))
        admin.execute("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
                      " WHERE datname = %s", (name,))  # fmt: skip
        admin.execute(rename.format(here, away))
        try:
            yield
        finally:
            admin.execute(rename.format(away, here))
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(here))


def _cases_of_all() -> Iterator[schemathesis.Case]:
    """A few ways to ask each operation."""
    document = schemathesis.openapi.from_dict(DOCUMENT)
    for path, verb in operations():
        if path != STREAM:
            yield from _some(document[path][verb.upper()])


def _some(operation: schemathesis.APIOperation) -> list[schemathesis.Case]:
    cases: list[schemathesis.Case] = []

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def collect(case: schemathesis.Case) -> None:
        cases.append(case)

    collect()
    return cases


def _ask_within(url: str, headers: dict[str, str], case: schemathesis.Case) -> int:
    """The status of a documented answer; a door that hangs is no answer."""
    answer = case.call(base_url=url, headers=headers, timeout=PATIENCE_S)
    case.validate_response(answer, checks=CHECKS[1:])  # 503 is documented and no fault of the door
    return answer.status_code


def _wait_until_ready(url: str) -> None:
    """The database is back: so is the door, by itself."""
    until_s = time.monotonic() + PATIENCE_S
    while requests.get(f"{url}/readyz", timeout=PATIENCE_S).status_code != 200:
        assert time.monotonic() < until_s
        time.sleep(0.2)


def ways_to_ask() -> Iterator[tuple[str, str, GenerationMode, dict[str, str] | None]]:
    """Each operation as its document wants it, as it does not, and of a zone that is there.

    Not the stream: it never ends. `test_live` asks it what can be asked. Signing out comes last.
    """
    for path, verb in sorted(operations(), key=lambda told: told == LEAVING):
        if path == STREAM:
            continue
        told = DOCUMENT["paths"][path][verb]
        places = [*told.get("parameters", []), *_has_form(told) * [{}]]
        yield path, verb, GenerationMode.POSITIVE, None
        if places:
            yield path, verb, GenerationMode.NEGATIVE, None
        if "{zone}" in path:
            yield path, verb, GenerationMode.POSITIVE, {"zone": REAL_KEY}
            if len(places) > 1:
                yield path, verb, GenerationMode.NEGATIVE, {"zone": REAL_KEY}


def _has_form(told: dict[str, Any]) -> bool:
    """Whether it has a body that can be wrong by its document; any bytes are bytes."""
    forms = told.get("requestBody", {}).get("content", {}).values()
    return any(form["schema"].get("format") != "binary" for form in forms)


def _ask_many(
    asked: st.SearchStrategy[schemathesis.Case], url: str, headers: dict[str, str]
) -> None:
    with requests.Session() as session:
        session.headers.update(headers)

        @settings(
            max_examples=40,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        )
        @given(case=asked)
        def answers(case: schemathesis.Case) -> None:
            case.call_and_validate(base_url=url, session=session, checks=CHECKS)

        answers()
