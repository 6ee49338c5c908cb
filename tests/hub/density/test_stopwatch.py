"""The stopwatch: what five taps say, and that the board then shows it."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.density import now as rules
from hub.density import waiting
from hub.density.stopwatch import Calibration, Tap, calibrate, t_quantile80
from hub.density.store import series
from hub.density.store import stopwatch as store
from tests.hub.density.offices import NOW, open_office, saw


def tap(waited_s: float, reckoned_s: float) -> Tap:
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    return Tap(UUID(int=1), at, at + timedelta(seconds=waited_s), reckoned_s, "kim")


def test_five_taps_make_a_factor_and_four_do_not():
    assert calibrate([tap(120, 100)] * 4) is None
    made = calibrate([tap(120, 100)] * 5)
    assert made is not None
    assert (made.factor, made.error, made.taps) == (pytest.approx(1.2), pytest.approx(0), 5)


def test_where_the_hub_reckoned_no_wait_there_is_no_factor():
    assert calibrate([tap(120, 0)] * 9) is None


def test_a_factor_out_of_reach_is_a_wrong_drawing():
    made = calibrate([tap(600, 60)] * 5)
    assert made is not None
    assert not made.is_in_reach


@pytest.mark.parametrize(
    ("freedom", "exact"), [(4, 1.533206), (9, 1.383029), (29, 1.311434), (1000, 1.282399)]
)
def test_students_quantile_is_that_of_the_tables(freedom: int, exact: float):
    assert t_quantile80(freedom) == pytest.approx(exact, rel=0.005)


def test_the_error_holds_the_true_factor_four_times_in_five():
    chance, held = random.Random(7), 0
    for _ in range(2000):
        taps = [
            tap(max(5.0, 1.3 * s * chance.gauss(1.0, 0.2)), s)
            for s in (chance.uniform(100, 600) for _ in range(8))
        ]
        made = calibrate(taps)
        assert made is not None
        held += abs(made.factor - 1.3) <= made.error
    assert 0.72 < held / 2000 < 0.86


@given(
    people=st.integers(0, 60),
    served=st.integers(0, 60),
    busy_s=st.floats(0, 300),
    factor=st.floats(0.25, 4),
)
def test_a_factor_stretches_the_wait_and_its_interval_alike(people, served, busy_s, factor):
    plain = waiting.estimate(people, served, busy_s, 4.0)
    with_factor = waiting.estimate(people, served, busy_s, 4.0, factor)
    if plain is None:
        assert with_factor is None
        return
    assert with_factor is not None
    assert with_factor.wait_s == pytest.approx(plain.wait_s * factor)
    assert with_factor.low_s == pytest.approx(plain.low_s * factor)
    assert with_factor.high_s == pytest.approx(plain.high_s * factor)
    assert with_factor.served_per_min == plain.served_per_min


async def lane_of(conn, zone_id: int) -> store.Lane:
    """A queue of 12 with 15 served in the last five minutes; its lane."""
    for ago in range(60):
        await saw(conn, zone_id, NOW - timedelta(seconds=5 * ago + 3), 12, int(ago % 4 == 0))
    found = await store.lane(conn, "demo", "cam-1", "main")
    assert found is not None
    return found


async def wait_now(conn) -> float:
    (site,) = rules.board(await series.rows_now(conn, NOW), NOW).sites
    wait_s = site.zones[0].wait_s
    assert wait_s is not None
    return wait_s


async def test_the_board_takes_the_factor_and_gives_it_back(conn):
    lane = await lane_of(conn, await open_office(conn))
    before_s = await wait_now(conn)
    reckoned_s = await store.reckoned_s(conn, lane.zone_id, NOW)
    assert reckoned_s == pytest.approx(before_s, rel=0.05)

    await store.use(conn, lane, Calibration(1.5, 0.1, 5), "kim", NOW, None)
    assert await wait_now(conn) == pytest.approx(1.5 * before_s, abs=1)
    assert await store.reckoned_s(conn, lane.zone_id, NOW) == reckoned_s, (
        "taps compare with no factor"
    )

    lane = await store.lane(conn, "demo", "cam-1", "main")
    assert lane is not None
    assert (lane.revision, lane.factor, lane.taps) == (1, 1.5, 5)
    await store.use(conn, lane, Calibration(1.0, 0.0, 0), "lee", NOW, 0)
    assert await wait_now(conn) == before_s
    told = [(one.revision, one.factor, one.back_to, one.made_by)
            for one in await store.history(conn, lane.zone_id, 9)]  # fmt: skip
    assert told == [(2, 1.0, 0, "lee"), (1, 1.5, None, "kim")]


async def test_nothing_is_reckoned_where_nothing_was_seen(conn):
    zone_id = await open_office(conn)
    assert await store.reckoned_s(conn, zone_id, NOW) is None


async def test_taps_from_before_the_zones_were_drawn_anew_say_nothing(conn):
    lane = await lane_of(conn, await open_office(conn))
    await store.record(
        conn, lane.zone_id, Tap(UUID(int=5), NOW - timedelta(minutes=9), NOW, 60.0, "kim")
    )
    assert len(await store.taps(conn, lane.zone_id, NOW)) == 1
    await conn.execute(
        "INSERT INTO drawing (site, node, revision, wanted, saved_at, saved_by)"
        " VALUES ('demo', 'cam-1', 1, '', %s, 'kim')",
        (NOW,),
    )
    assert await store.taps(conn, lane.zone_id, NOW) == []
