from datetime import UTC, datetime, timedelta

import pytest

from hub.density.forecast import Point
from hub.density.store import outlook
from hub.density.store.outlook import StoredModel
from hub.density.usual import UsualStep
from hub.kit import db

NOW = datetime(2026, 11, 20, 3, 7, tzinfo=UTC)


@pytest.fixture
async def zones(conn) -> list[int]:
    await conn.execute("INSERT INTO site (site, name, name_en) VALUES ('a', '가', 'A')")
    await conn.execute("INSERT INTO node (site, node, name, name_en) VALUES ('a', 'n', '나', 'N')")
    made = await conn.execute(
        """
        INSERT INTO zone (site, node, zone, kind, name, name_en, has_served_line)
        VALUES ('a', 'n', 'one', 'queue', '1', '1', true),
               ('a', 'n', 'two', 'queue', '2', '2', true),
               ('a', 'n', 'blind', 'queue', '3', '3', false),
               ('a', 'n', 'hall', 'seating', '4', '4', false)
        RETURNING zone_id
        """
    )
    ids = [zone_id for (zone_id,) in await made.fetchall()]
    await conn.commit()
    return ids


def step(minute: int, wait_s: float = 60, weekday: int = 5) -> UsualStep:
    return UsualStep(weekday, minute, wait_s / 2, wait_s, wait_s * 2, 4.0, 3.0, 20)


def point(minutes: int, wait_s: float = 60) -> Point:
    return Point(NOW + timedelta(minutes=minutes), wait_s, wait_s / 2, wait_s * 2)


def a_model(zone_id: int, fitted_at: datetime = NOW) -> StoredModel:
    return StoredModel(zone_id, "profile", 20, 4, {"method": "profile"}, {"x": 1}, fitted_at)


async def test_only_queues_with_a_counter_line_can_have_a_wait(conn, zones):
    assert [z.zone_id for z in await outlook.queue_zones(conn)] == zones[:2]


async def test_a_new_usual_week_takes_the_place_of_the_old(conn, zones):
    await outlook.replace_usual(conn, zones[0], [step(720, 100), step(725, 100)])
    await outlook.replace_usual(conn, zones[0], [step(720, 200)])
    await outlook.replace_usual(conn, zones[1], [step(720, 300)])
    day = await outlook.usual_day(conn, zones[0], 5)
    assert [(s.minute, s.wait_p50_s) for s in day] == [(720, 200.0)]


async def test_what_is_usual_now_is_the_step_that_holds_the_minute(conn, zones):
    await outlook.replace_usual(conn, zones[0], [step(720, 100), step(725, 500)])
    await outlook.record_model(conn, a_model(zones[0]))
    usual = await outlook.usual_now(conn, zones, 5, 724)
    assert list(usual) == [zones[0]]
    assert (usual[zones[0]].wait_p50_s, usual[zones[0]].weeks) == (100.0, 4)
    assert await outlook.usual_now(conn, zones, 4, 724) == {}


async def test_a_new_model_takes_the_place_of_the_old(conn, zones):
    await outlook.record_model(conn, a_model(zones[0], NOW - timedelta(days=1)))
    await outlook.record_model(conn, a_model(zones[0]))
    assert await outlook.models(conn, zones) == {zones[0]: a_model(zones[0])}


async def test_a_new_forecast_takes_the_place_of_the_old_of_the_same_zones(conn, zones):
    await outlook.replace_forecast(conn, {zones[0]: [point(5), point(10)], zones[1]: []}, NOW)
    await outlook.replace_forecast(conn, {zones[0]: [point(15)]}, NOW)
    found = await outlook.forecasts(conn, zones[:2])
    assert [p.at for p in found[zones[0]]] == [NOW + timedelta(minutes=15)]
    assert found[zones[1]] == []


async def test_a_zone_is_fitted_by_one_worker_at_a_time(database, conn, zones):
    assert await outlook.claim_refit(conn, zones[0], NOW)
    async with await db.connect(database.dsn) as other:
        assert not await outlook.claim_refit(other, zones[0], NOW)
        assert await outlook.claim_refit(other, zones[1], NOW)
    await conn.rollback()
    assert await outlook.claim_refit(conn, zones[0], NOW)


async def test_a_zone_fitted_since_is_not_due(conn, zones):
    await outlook.record_model(conn, a_model(zones[0], NOW))
    assert not await outlook.claim_refit(conn, zones[0], NOW - timedelta(hours=1))
    assert await outlook.claim_refit(conn, zones[0], NOW + timedelta(hours=1))
