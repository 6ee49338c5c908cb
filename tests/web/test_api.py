"""The API as an office meets it."""

import json
from datetime import timedelta

import httpx
import pytest
from psycopg import AsyncConnection

from hub.density.board import Board, Forecast, History
from hub.kit import clock
from hub.kit.settings import Settings
from hub.web import app
from tests.hub.density.offices import add_zone, open_office, saw
from tests.web.conftest import until

BOARD = "/api/v1/density"
KEY = "demo.cam-1.main"


async def test_the_board_says_how_long_the_queue_is_now(client: httpx.AsyncClient, conn):
    zone_id = await open_office(conn)
    for n in range(59):
        await saw(conn, zone_id, clock.now() - timedelta(seconds=5 * n), 12, int(n % 4 == 0))
    answer = await client.get(BOARD)
    (seen,) = Board.model_validate_json(answer.content).sites[0].zones
    assert (seen.key, seen.state, seen.people) == (KEY, "ok", 12)
    assert seen.wait_s == pytest.approx(228, abs=10)


async def test_the_board_says_404_of_an_office_that_is_not_there(client: httpx.AsyncClient, conn):
    await open_office(conn)
    await open_office(conn, "other")
    one = Board.model_validate_json((await client.get(BOARD, params={"site": "other"})).content)
    assert [site.site for site in one.sites] == ["other"]
    answer = await client.get(BOARD, params={"site": "nowhere"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:cheongsa:problem:unknown-site"
    assert "nowhere" in answer.json()["detail"]


async def test_an_unchanged_board_is_answered_304_and_a_new_count_ends_that(
    client: httpx.AsyncClient, door: app.Door, conn
):
    feed = door.api.state.feed
    zone_id = await open_office(conn)
    await until(lambda: feed.is_listening)
    await client.get(BOARD)
    await saw(conn, zone_id, clock.now(), people=1)
    await until(lambda: feed.has_news)
    etag = (await client.get(BOARD)).headers["etag"]
    asked = {"If-None-Match": f'"other", W/{etag}'}
    again = await client.get(BOARD, headers=asked)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    await saw(conn, zone_id, clock.now(), people=2)
    await until(lambda: feed.has_news)
    assert (await client.get(BOARD, headers=asked)).status_code == 200


async def test_history_is_todays_minutes_by_default(client: httpx.AsyncClient, conn):
    zone_id = await open_office(conn)
    await saw(conn, zone_id, clock.now() - timedelta(seconds=5), people=7, served=1)
    answer = await client.get(f"{BOARD}/{KEY}/history")
    found = History.model_validate_json(answer.content)
    assert found.step_s == 60
    assert [p.people for p in found.points if p.people is not None] == [7]
    etag = answer.headers["etag"]
    assert etag.startswith('"')


@pytest.mark.parametrize(
    ("query", "slug", "field"),
    [
        ({"from": "yesterday"}, "malformed-request", "from"),
        ({"from": "2026-11-20T12:00:00"}, "malformed-request", "from"),  # no time zone
        ({"to": "9999-12-31T23:59:59Z"}, "malformed-request", "to"),
        ({"step": "61"}, "malformed-request", "step"),
        ({"step": "6_0"}, "malformed-request", "step"),
        ({"from": "2026-11-20T12:00:00Z", "to": "2026-11-20T11:00:00Z"}, "range-backwards", None),
        (
            {"from": "2026-11-01T00:00:00Z", "to": "2026-11-20T00:00:00Z", "step": "60"},
            "range-too-long",
            None,
        ),
    ],
)
async def test_a_range_that_cannot_be_read_is_refused_with_the_field(
    client: httpx.AsyncClient, query, slug, field
):
    answer = await client.get(f"{BOARD}/{KEY}/history", params=query)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith(slug)
    if field:
        assert [wrong["name"] for wrong in answer.json()["errors"]] == [field]


async def test_a_plus_that_nobody_encoded_is_understood(client: httpx.AsyncClient, conn):
    await open_office(conn)
    answer = await client.get(f"{BOARD}/{KEY}/history?from=2026-11-20T12:00:00+09:00&step=86400")
    assert answer.status_code == 200


async def test_the_forecast_says_collecting_until_there_is_one(client: httpx.AsyncClient, conn):
    zone_id = await open_office(conn)
    empty = Forecast.model_validate_json((await client.get(f"{BOARD}/{KEY}/forecast")).content)
    assert (empty.method, empty.usual, empty.points) == ("collecting", (), ())
    now = clock.now()
    weekday = now.astimezone(clock.SEOUL).isoweekday()
    await conn.execute(
        "INSERT INTO usual VALUES (%s, %s, 720, 60, 120, 180, 3, 9, 12)", (zone_id, weekday)
    )
    await conn.execute(
        "INSERT INTO forecast_model (zone_id, method, history_days, weeks, fitted_at)"
        " VALUES (%s, 'ridge', 42, 6, now())", (zone_id,),
    )  # fmt: skip
    await conn.execute(
        "INSERT INTO forecast_point VALUES (%s, %s, 100.6, 50, 200, %s)",
        (zone_id, now + timedelta(minutes=30), now),
    )
    await conn.commit()
    found = Forecast.model_validate_json((await client.get(f"{BOARD}/{KEY}/forecast")).content)
    assert (found.method, found.history_days, found.made_at) == ("ridge", 42, now)
    assert [(p.wait_s, p.wait_high_s) for p in found.points] == [(101, 200)]
    assert f"{found.usual[0].at.astimezone(clock.SEOUL):%H:%M}" == "12:00"


async def test_the_badge_is_a_picture_other_pages_may_show(client: httpx.AsyncClient, conn):
    zone_id = await open_office(conn)
    await saw(conn, zone_id, clock.now(), people=3, served=1)
    answer = await client.get(f"{BOARD}/{KEY}/badge.svg", params={"lang": "en"})
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "as of" in answer.text


@pytest.mark.parametrize("route", ["history", "forecast", "badge.svg"])
async def test_a_zone_that_is_not_there_is_404_and_a_name_that_cannot_be_is_422(
    client: httpx.AsyncClient, conn, route
):
    await open_office(conn)
    gone = await client.get(f"{BOARD}/demo.cam-1.nowhere/{route}")
    assert (gone.status_code, gone.json()["type"]) == (404, "urn:cheongsa:problem:unknown-zone")
    for name in ("main", "demo.cam-1.ma%00in", "a.b.c.d", "DEMO.cam-1.main", "x" * 500):
        assert (await client.get(f"{BOARD}/{name}/{route}")).status_code == 422


async def test_a_zone_without_a_counter_line_has_a_history_of_people(
    client: httpx.AsyncClient, conn
):
    await open_office(conn)
    hall = await add_zone(conn, "demo", "hall", kind="seating", seats=300, has_served_line=False)
    await saw(conn, hall, clock.now() - timedelta(seconds=5), people=180)
    answer = await client.get(f"{BOARD}/demo.cam-1.hall/history")
    (point,) = [p for p in History.model_validate_json(answer.content).points if p.people]
    assert (point.people, point.wait_s) == (180, None)


async def test_problems_speak_korean_unless_english_is_preferred(client: httpx.AsyncClient):
    korean = (await client.get("/api/v1/nothing")).json()
    assert korean["title"] == "여기에는 아무것도 없어요"
    wanted = {"Accept-Language": "en-GB,ko;q=0.5"}
    english = await client.get("/api/v1/nothing", headers=wanted)
    assert english.json()["title"] == "There is nothing here"
    assert english.headers["content-language"] == "en"


async def test_nothing_can_be_written(client: httpx.AsyncClient):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = await client.request(method, BOARD)
        assert answer.status_code == 405
        assert answer.json()["type"] == "urn:cheongsa:problem:method-not-allowed"
        assert answer.headers.get_list("allow") == ["GET, HEAD"]


async def test_the_stream_is_only_read(client: httpx.AsyncClient):
    answer = await client.post(f"{BOARD}/stream")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_a_large_body_is_refused(client: httpx.AsyncClient):
    answer = await client.request("GET", BOARD, content=b"x" * (64 * 1024 + 1))
    assert (answer.status_code, answer.json()["status"]) == (413, 413)


async def test_only_our_own_names_are_answered_to(client: httpx.AsyncClient):
    for host in ("evil.test", "hub.test.evil.test", "", "[::1]"):
        answer = await client.get("/healthz", headers={"Host": host})
        assert (answer.status_code, answer.json()["status"]) == (421, 421)
    for host in ("hub.test", "HUB.test:8000", "127.0.0.1:1"):
        assert (await client.get("/healthz", headers={"Host": host})).status_code == 200


async def test_head_is_answered_as_get_without_a_body(client: httpx.AsyncClient, conn):
    await open_office(conn)
    answer = await client.head(BOARD)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"]


async def test_ready_says_what_is_there(client: httpx.AsyncClient, conn: AsyncConnection):
    found = (await client.get("/readyz")).json()
    assert found["migrated_to"] >= "0003"
    assert found["last_sample_age_s"] is None
    await saw(conn, await open_office(conn), clock.now(), people=1)
    assert (await client.get("/readyz")).json()["last_sample_age_s"] < 30


async def test_the_figures_count_routes_and_not_zones(client: httpx.AsyncClient, conn):
    zone_id = await open_office(conn)
    await saw(conn, zone_id, clock.now(), people=1, served=1)
    await client.get(BOARD)
    await client.get(f"{BOARD}/{KEY}/forecast")
    text = (await client.get("/metrics")).text
    route = '{method="GET",route="/api/v1/density/{zone}/forecast",status="200"}'
    assert f"cheongsa_http_requests_total{route} 1.0" in text
    assert 'cheongsa_zones{site="demo",state="ok"} 1.0' in text
    assert KEY not in text


async def test_without_a_database_everything_says_so_and_the_process_lives(settings: Settings):
    away = settings.model_copy(update={"database_dsn": "postgresql://127.0.0.1:9/gone"})
    door = app.create_app(away)
    transport = httpx.ASGITransport(door)  # type: ignore[arg-type]
    async with (
        door.api.router.lifespan_context(door.api),
        httpx.AsyncClient(transport=transport, base_url="http://hub.test") as client,
    ):
        assert (await client.get("/healthz")).status_code == 200
        for path in ("/readyz", BOARD, f"{BOARD}/stream", f"{BOARD}/{KEY}/forecast"):
            answer = await client.get(path)
            assert (path, answer.status_code) == (path, 503)
            assert answer.json()["type"] == "urn:cheongsa:problem:database-away"
            assert answer.headers["retry-after"] == "5"


async def test_the_openapi_document_is_served_and_printed_alike(client: httpx.AsyncClient):
    assert (await client.get("/api/v1/openapi.json")).json() == json.loads(app.openapi_json())
