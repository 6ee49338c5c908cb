from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.density import crowd, simulate
from hub.density.crowd import HOLIDAYS, Place
from hub.density.store import outlook, simulated
from hub.kit import clock
from tests.hub.density.pasts import LAST_DAY, LUNCH

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)  # a Friday, half past three in Korea
QUEUE = Place(1, "queue", LUNCH)


async def an_office(conn, hours="null", site="demo"):
    await conn.execute(
        "INSERT INTO site (site, name, name_en, hours) VALUES (%s, '청사', 'Office', %s::jsonb)",
        (site, None if hours == "null" else hours),
    )
    await conn.execute(
        "INSERT INTO node (site, node, name, name_en) VALUES (%s, 'cam-1', '카메라', 'Camera')",
        (site,),
    )
    for zone, kind, seats, line in (
        ("left", "queue", None, True),
        ("right", "queue", None, False),
        ("hall", "seating", 90, False),
        ("till", "counter", None, False),
    ):
        await conn.execute(
            """
            INSERT INTO zone (site, node, zone, kind, name, name_en, seats, has_served_line)
            VALUES (%s, 'cam-1', %s, %s, '구역', 'Zone', %s, %s)
            """,
            (site, zone, kind, seats, line),
        )
    await conn.commit()


async def counted(conn, what="count(*)"):
    return (await (await conn.execute(f"SELECT {what} FROM sample")).fetchone())[0]


def test_the_same_seed_and_day_are_the_same_crowd():
    one, two = (crowd.day_of([QUEUE], LAST_DAY, 7)[0] for _ in range(2))
    other = crowd.day_of([QUEUE], LAST_DAY, 8)[0]
    assert (one.people == two.people).all()
    assert (one.people != other.people).any()


def test_holidays_and_closed_days_are_empty():
    for month, day in HOLIDAYS:
        assert crowd.day_of([QUEUE], LAST_DAY.replace(month=month, day=day), 1) == []
    assert crowd.day_of([QUEUE], LAST_DAY + timedelta(days=1), 1) == []  # Saturday


def test_a_lunch_queue_peaks_within_half_an_hour_of_noon():
    days = [LAST_DAY - timedelta(days=7 * n + 1) for n in range(8)]
    for day in days:
        (windows,) = crowd.day_of([QUEUE], day, 1)
        peak = windows.start + timedelta(minutes=int(windows.people.argmax()))
        local = peak.astimezone(clock.SEOUL)
        assert 11 * 60 + 55 <= local.hour * 60 + local.minute <= 12 * 60 + 40, day


def test_every_level_of_the_board_occurs():
    waits = np.concatenate(
        [
            w.wait_s
            for n in range(28)
            for w in crowd.day_of([Place(1, "queue", None)], LAST_DAY - timedelta(days=n), 1)
        ]
    )
    for low, high in ((0, 180), (180, 420), (420, 720), (720, 9999)):
        assert ((waits >= low) & (waits < high)).mean() > 0.005


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(0, 60), st.booleans())
def test_whoever_is_served_has_come_and_nobody_is_counted_negative(seed, ago, lunch_only):
    hours = LUNCH if lunch_only else None
    places = [Place(3, "queue", hours), Place(4, "seating", hours, 40)]
    for w in crowd.day_of(places, LAST_DAY - timedelta(days=ago), seed):
        assert len(w.people) == len(w.served) == len(w.entered) == len(w.wait_s)
        assert (w.people >= 0).all()
        assert (w.people <= w.people_max).all()
        assert w.served.sum() <= w.entered.sum() * 1.2 + 10
        if w.zone_id == 4:
            assert (w.people <= 40).all()
        assert (w.confidence > 0).all()
        assert (w.confidence <= 1).all()


async def test_history_fills_queues_and_seats_and_is_labelled(database, conn):
    await an_office(conn)
    summary = await simulate.fill(database.dsn, "demo", 2, NOW, 1)
    assert summary.zones == 3  # not the counter
    assert summary.samples_added == await counted(conn) > 3 * 13 * 1440
    labelled = await (await conn.execute("SELECT history_simulated FROM site")).fetchone()
    assert labelled == (True,)
    assert await counted(conn, "max(window_start)") < NOW


async def test_history_can_be_seen_at_once_usual_model_and_forecast(database, conn):
    await an_office(conn)
    summary = await simulate.fill(database.dsn, "demo", 2, NOW, 1)
    (zone,) = await outlook.queue_zones(conn)
    assert summary.methods == {zone.zone_id: "profile"}
    assert len(await outlook.usual_day(conn, zone.zone_id, 5)) == 288
    points = await outlook.forecast_points(conn, zone.zone_id)
    assert len(points) == 18
    assert points[0].at > NOW
    rolled = await conn.execute("SELECT sum(samples) FROM density_1d")
    assert (await rolled.fetchone())[0] == summary.samples_added


async def test_the_planner_knows_of_the_new_rows_before_they_are_rolled_up(database, conn):
    """Without statistics each minute of the roll-up scans a day: eight weeks took seven minutes."""
    await an_office(conn)
    await simulate.fill(database.dsn, "demo", 1, NOW, 1)
    known = await conn.execute(
        "SELECT last_analyze FROM pg_stat_all_tables WHERE relname SIMILAR TO %s",
        (r"sample_202611%|\_hyper\_1\_%chunk",),
    )
    analysed = await known.fetchall()
    assert len(analysed) > 5
    assert all(at is not None for (at,) in analysed)


async def test_running_it_again_adds_nothing(database, conn):
    await an_office(conn)
    first = await simulate.fill(database.dsn, "demo", 1, NOW, 1)
    again = await simulate.fill(database.dsn, "demo", 1, NOW, 1)
    assert again.samples_added == 0
    assert await counted(conn) == first.samples_added


async def test_running_it_a_day_later_adds_the_day(database, conn):
    await an_office(conn)
    await simulate.fill(database.dsn, "demo", 1, NOW, 1)
    later = await simulate.fill(database.dsn, "demo", 1, NOW + timedelta(days=1), 1)
    assert 0 < later.samples_added <= 3 * 1440


async def test_simulated_counts_never_mix_with_real_ones(database, conn):
    await an_office(conn)
    real_since = NOW - timedelta(days=2)
    spool = await conn.execute(
        "INSERT INTO spool (site, node, spool, heard_at)"
        " VALUES ('demo', 'cam-1', gen_random_uuid(), %s) RETURNING spool_id",
        (NOW,),
    )
    await conn.execute("SELECT sample_days(%s, %s)", (real_since, NOW))
    await conn.execute(
        """
        INSERT INTO sample (window_start, seq, zone_id, spool_id, window_s, confidence, people,
                            people_max, served, entered)
        SELECT %s, 1, min(zone_id), %s, 5, 1, 3, 3, 0, 0 FROM zone
        """,
        (real_since, (await spool.fetchone())[0]),
    )
    await conn.commit()
    await simulate.fill(database.dsn, "demo", 1, NOW, 1)
    after = "count(*) FILTER (WHERE window_start > (SELECT window_start FROM sample WHERE seq = 1))"
    assert await counted(conn, after) == 0


async def test_the_present_outbox_of_a_node_is_not_taken_for_the_simulated_one(database, conn):
    await an_office(conn)
    await simulate.fill(database.dsn, "demo", 1, NOW, 1)
    spool = await conn.execute("SELECT spool, heard_at FROM spool")
    row = await spool.fetchone()
    assert row[0] == simulated.spool_of("demo", "cam-1")
    assert row[1] < NOW - timedelta(days=6)


async def test_a_site_without_zones_is_refused_with_what_to_do(database, conn):
    with pytest.raises(simulate.NothingToFill, match="site file"):
        await simulate.fill(database.dsn, "nowhere", 1, NOW, 1)


@pytest.mark.parametrize("weeks", [0, 13])
async def test_more_than_is_kept_is_refused(database, weeks):
    with pytest.raises(ValueError, match="1 to 12"):
        await simulate.fill(database.dsn, "demo", weeks, NOW, 1)
