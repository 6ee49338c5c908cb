"""Every panel of every dashboard: well formed, and its query runs on a real database.

Grafana itself is in no registry that the tests may use: what is not seen here is the picture.
"""

import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import psycopg
import pytest
import yaml
from psycopg import sql

from hub.kit import clock, db, jobs
from hub.watch.store import reader
from tests.conftest import Database
from tests.dashboards import grafana
from tests.dashboards.grafana import BOARDS, SOURCES, Query
from tests.hub.watch import office

UNITS = {
    "short", "none", "s", "ms", "d", "bytes", "celsius", "percentunit", "reqps", "bool_yes_no",
    "bool_on_off",
}  # fmt: skip
KOREAN = re.compile(r"[가-힣]")
NAMES = {"web", "ingest", "CPU"}
SQL = list(grafana.queries("rawSql"))
MAY_BE_EMPTY = {"density-예보한 대기 시간"}  # nothing is forecast of a history of half an hour


def test_dashboards_and_their_panels_have_names_of_their_own():
    assert set(BOARDS) == {"overview", "nodes", "density", "processes"}
    uids = [board["uid"] for board in BOARDS.values()]
    assert uids == [f"cheongsa-{name}" for name in BOARDS]
    for board in BOARDS.values():
        ids = Counter(panel["id"] for panel in board["panels"])
        assert max(ids.values()) == 1


@pytest.mark.parametrize("board", BOARDS)
def test_panels_are_named_in_korean_and_say_what_they_show(board: str):
    assert KOREAN.search(BOARDS[board]["title"])
    for panel in BOARDS[board]["panels"]:
        assert KOREAN.search(panel["title"]) or panel["title"] in NAMES, panel["title"]
        if panel["type"] != "row":
            assert KOREAN.search(panel["description"]), panel["title"]


@pytest.mark.parametrize("board", BOARDS)
def test_panels_lie_side_by_side_and_none_upon_another(board: str):
    places = [panel["gridPos"] for panel in BOARDS[board]["panels"]]
    assert all(p["x"] >= 0 and p["x"] + p["w"] <= 24 and p["h"] >= 1 for p in places)
    for a, b in combinations(places, 2):
        beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        above = a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
        assert beside or above, (a, b)


@pytest.mark.parametrize("board", BOARDS)
def test_every_source_is_provisioned_and_every_unit_is_grafana_s(board: str):
    for panel in grafana.panels(board):
        used = [panel["datasource"], *(target["datasource"] for target in panel["targets"])]
        for source in used:
            assert SOURCES[source["uid"]]["type"] == source["type"]
        field = panel["fieldConfig"]
        units = [field["defaults"].get("unit", "short")]
        for override in field["overrides"]:
            units += [p["value"] for p in override["properties"] if p["id"] == "unit"]
        assert set(units) <= UNITS
        refs = [target["refId"] for target in panel["targets"]]
        assert len(set(refs)) == len(refs)


def test_the_provisioned_alarms_read_what_prometheus_rings():
    told = yaml.safe_load((grafana.ROOT / "provisioning/alerting/cheongsa.yaml").read_text())
    rules = [rule for group in told["groups"] for rule in group["rules"]]
    assert len({rule["uid"] for rule in rules}) == len(rules) == 2
    for rule in rules:
        refs = [query["refId"] for query in rule["data"]]
        assert rule["condition"] in refs
        assert {query["datasourceUid"] for query in rule["data"]} <= {*SOURCES, "__expr__"}
    assert {rule["noDataState"] for rule in rules} == {"OK", "Alerting"}


def test_no_secret_stands_in_what_is_provisioned():
    for source in SOURCES.values():
        for secret in source.get("secureJsonData", {}).values():
            assert re.fullmatch(r"\$[A-Z_]+", secret)


@pytest.fixture(scope="module")
def password() -> str:
    return "a reader's 'own' password"


@pytest.fixture
def seen(database: Database, password: str) -> Database:
    """An office with a past, and the reader let in."""
    office.live(database.dsn)
    jobs.apply_schema(database.dsn)
    with db.connect_sync(database.dsn) as conn:
        conn.execute(
            """
            INSERT INTO procrastinate_jobs (queue_name, task_name)
            VALUES ('default', 'density.learn')
            """
        )
        reader.let_in(conn, password)
        conn.commit()
    return database


def as_reader(database: Database) -> psycopg.Connection[Any]:
    """Connected as somebody who may, and then only what the reader may."""
    conn = psycopg.connect(database.dsn, options="-c timezone=UTC")
    conn.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(reader.USER)))
    return conn


def choices(conn: psycopg.Connection[Any], board: str) -> dict[str, list[str]]:
    """What a person finds in the dashboard's variables: everything, one after another."""
    chosen: dict[str, list[str]] = {}
    for variable in grafana.variables(board):
        now = clock.now()
        text = grafana.sql_of(variable["query"], now, now, 1, **chosen)
        cursor = conn.execute(text.encode())
        assert [column.name for column in cursor.description or ()] == ["__value", "__text"]
        chosen[variable["name"]] = [row[0] for row in cursor.fetchall()]
        assert chosen[variable["name"]]
    return chosen


@pytest.mark.parametrize("interval_ms", [15_000, 900_000, 86_400_000])
@pytest.mark.parametrize("query", SQL, ids=str)
def test_every_panel_s_query_runs_as_the_reader_and_finds_rows(
    query: Query, interval_ms: int, seen: Database
):
    now = datetime.now(UTC)
    with as_reader(seen) as conn:
        chosen = choices(conn, query.board)
        first = now - timedelta(days=2)
        text = grafana.sql_of(query.text, first, now + timedelta(minutes=1), interval_ms, **chosen)
        cursor = conn.execute(text.encode())
        names = [column.name for column in cursor.description or ()]
        rows = cursor.fetchall()
    assert len(set(names)) == len(names)
    if query.format == "time_series":
        assert names[0] == "time"
        times = [row[0] for row in rows]
        assert times == sorted(times)
    else:
        assert all(KOREAN.search(name) for name in names)
    assert rows or str(query) in MAY_BE_EMPTY


async def test_the_forecast_is_shown_once_there_is_one(seen: Database):
    now = datetime.now(UTC)
    async with await db.connect(seen.dsn) as conn:
        await conn.execute(
            """
            INSERT INTO forecast_point (zone_id, at, wait_s, wait_low_s, wait_high_s, made_at)
            SELECT zone_id, %s, 300, 200, 400, %s FROM zone WHERE zone = 'queue'
            """,
            (now + timedelta(minutes=30), now),
        )
    (query,) = [one for one in SQL if str(one) in MAY_BE_EMPTY]
    with as_reader(seen) as conn:
        chosen = choices(conn, "density")
        (row,) = conn.execute(
            grafana.sql_of(query.text, now, now, 1_000, **chosen).encode()
        ).fetchall()
    assert row[1:5] == ("줄", 300.0, 200.0, 400.0)


def test_the_reader_reads_figures_and_nothing_else(seen: Database):
    for statement in (
        "SELECT payload FROM dead_letter",
        "SELECT * FROM hub",
        "DELETE FROM site",
        "CREATE TABLE mine (a int)",
        "UPDATE node SET name = 'x'",
    ):
        with as_reader(seen) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(statement.encode())


def test_tables_that_come_later_are_closed_to_the_reader(seen: Database):
    with db.connect_sync(seen.dsn, autocommit=True) as conn:
        conn.execute("CREATE TABLE added_later (name text)")
    with as_reader(seen) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("SELECT * FROM added_later")


def test_migrating_makes_the_reader_and_may_be_repeated(seen: Database):
    env = {"HUB_DATABASE_DSN": seen.dsn, "HUB_READER_PASSWORD": "another"}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "hub", "migrate"], env=env, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
    with db.connect_sync(seen.dsn) as conn:
        row = conn.execute(
            "SELECT rolpassword LIKE 'SCRAM-SHA-256$%%' FROM pg_authid WHERE rolname = %s",
            (reader.USER,),
        ).fetchone()
    assert row == (True,)
