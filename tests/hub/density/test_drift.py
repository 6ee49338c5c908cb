"""Drift: found where it was put in, and nowhere else over many simulated weeks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from edge.wire.topics import NodeName
from hub.density import crowd, jobs
from hub.density.crowd import Place, Windows
from hub.density.drift import Bucket, Day, Drift, ZonePast, days_of, drifts
from hub.density.past import utc
from hub.density.store import drift as store
from hub.density.store import simulated
from hub.devices.condition import Cause, findings
from hub.devices.store import conditions
from tests.hub.density.pasts import LUNCH

FRIDAY = date(2026, 11, 20)
EVENING = datetime(2026, 11, 20, 9, tzinfo=UTC)  # six in the evening in Korea
LATER = datetime(2100, 1, 1, tzinfo=UTC)
PLACES = {"left": "queue", "right": "queue", "hall": "seating"}


def places(hours: Any) -> list[Place]:
    return [Place(n, kind, hours, 120) for n, kind in enumerate(PLACES.values(), 1)]  # type: ignore[arg-type]


def quarters(windows: Windows) -> list[Bucket]:
    """What the view of quarters of an hour would say of a day's minutes."""
    w, told = windows, []
    for first in range(0, len(w.people) // 15 * 15, 15):
        part = slice(first, first + 15)
        at = w.start + timedelta(minutes=first)
        people, most = float(w.people[part].mean()), int(w.people_max[part].max())
        served, sure = int(w.served[part].sum()), float(w.confidence[part].mean())
        told.append((at, people, most, served, sure, 900.0))
    return told


@cache
def weeks_of(seed: int, weeks: int, all_day: bool = False) -> tuple[ZonePast, ...]:
    """Normal weeks of three zones, each on a node of its own, that end on `FRIDAY`."""
    hours = None if all_day else LUNCH
    seen: dict[int, list[Day]] = {n: [] for n in range(1, len(PLACES) + 1)}
    for ago in range(7 * weeks, -1, -1):
        for w in crowd.day_of(places(hours), FRIDAY - timedelta(days=ago), seed):
            seen[w.zone_id] += days_of(quarters(w), hours, LATER)
    return tuple(ZonePast(f"cam-{n}", zone, tuple(seen[n])) for n, zone in enumerate(PLACES, 1))


def changed(
    zones: Sequence[ZonePast], which: str, last: int, change: Callable[[Day], Day]
) -> list[ZonePast]:
    """The same weeks with the last days of one zone changed."""
    return [
        replace(z, days=(*z.days[:-last], *map(change, z.days[-last:]))) if z.zone == which else z
        for z in zones
    ]


def covered(day: Day) -> Day:
    return replace(day, people=0.0, served=0.0, span=0.0, is_flat=True, confidence=None)


def pushed(day: Day) -> Day:
    return replace(day, people=day.people / 30, served=day.served / 30)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("all_day", [False, True], ids=["lunch", "always open"])
def test_normal_weeks_raise_nothing(seed: int, all_day: bool):
    whole = weeks_of(seed, 26 if not all_day else 12, all_day)
    for ago in range(7 * (20 if not all_day else 6)):
        today = FRIDAY - timedelta(days=ago)
        seen = [
            replace(
                z, days=tuple(d for d in z.days if timedelta(0) <= today - d.day <= jobs.HISTORY)
            )
            for z in whole
        ]
        assert drifts(seen, utc(today, 1439)) == (), today


@pytest.mark.parametrize("zone", PLACES)
def test_a_zone_that_never_changes_is_stuck_the_same_day(zone: str):
    node = f"cam-{list(PLACES).index(zone) + 1}"
    seen = changed(weeks_of(1, 8), zone, 1, covered)
    assert drifts(seen, EVENING) == (Drift(node, zone, "stuck"),)


def test_a_holiday_on_which_nobody_comes_is_no_stuck_zone():
    seen = weeks_of(1, 8)
    for zone in PLACES:
        seen = changed(seen, zone, 4, covered)
    assert drifts(seen, EVENING) == ()


def test_a_zone_alone_is_stuck_after_a_week():
    alone = weeks_of(1, 8)[:1]
    assert drifts(changed(alone, "left", 6, covered), EVENING) == ()
    assert drifts(changed(alone, "left", 7, covered), EVENING) == (Drift("cam-1", "left", "stuck"),)


@pytest.mark.parametrize("seed", range(4))
def test_a_camera_that_was_pushed_strays_on_the_third_day(seed: int):
    two, three = (changed(weeks_of(seed, 8), "left", last, pushed) for last in (2, 3))
    assert drifts(two, EVENING) == ()
    assert drifts(three, EVENING) == (Drift("cam-1", "left", "strayed"),)


def test_where_the_neighbours_left_their_band_too_nothing_strays():
    seen = weeks_of(1, 8)
    for zone in PLACES:
        seen = changed(seen, zone, 3, pushed)
    assert drifts(seen, EVENING) == ()


def test_zones_of_the_same_camera_are_no_witnesses_where_there_are_others():
    """A pushed camera moves all of its zones at once; the other camera says so."""
    left, right, hall = weeks_of(1, 8)
    seen: Sequence[ZonePast] = [left, replace(right, node="cam-1"), hall]
    for zone in ("left", "right"):
        seen = changed(seen, zone, 3, pushed)
    assert {d.zone for d in drifts(seen, EVENING)} == {"left", "right"}


def dusty(zone: ZonePast, lost: float, over_days: int) -> ZonePast:
    """Confidence falls by `lost`, evenly over the last days."""
    first = FRIDAY - timedelta(days=over_days)
    return replace(
        zone,
        days=tuple(
            replace(d, confidence=d.confidence - lost * (d.day - first).days / over_days)
            if d.day > first and d.confidence is not None
            else d
            for d in zone.days
        ),
    )


def test_a_lens_that_gets_dirty_over_weeks_is_dim():
    left, *others = weeks_of(1, 8)
    assert drifts([dusty(left, 0.2, 49), *others], EVENING) == (Drift("cam-1", "left", "dim"),)


def test_a_lens_that_was_wiped_is_dim_no_more():
    left, *others = weeks_of(1, 8)
    dim = dusty(left, 0.2, 49)
    wiped = replace(dim, days=(*dim.days[:-3], *left.days[-3:]))
    assert drifts([wiped, *others], EVENING) == ()


def test_another_model_or_another_light_is_no_dirt():
    left, *others = weeks_of(1, 8)
    sudden = changed([left], "left", 15, lambda d: replace(d, confidence=0.6))
    assert drifts([*sudden, *others], EVENING) == ()


def test_a_day_that_is_not_over_and_one_hardly_seen_are_not_judged():
    at = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)  # 11:30 in Korea
    eight = [(at + timedelta(minutes=15 * n), 5.0, 9, 30, 0.8, 900.0) for n in range(8)]
    assert len(days_of(eight, LUNCH, at + timedelta(hours=2))) == 1
    assert days_of(eight, LUNCH, at + timedelta(hours=1)) == ()
    assert days_of(eight[:3], LUNCH, at + timedelta(hours=2)) == ()


@dataclass(frozen=True)
class Office:
    zone_ids: dict[str, int]

    def rows(self, covered_zone: str):
        """Six weeks of minutes; on the last day one camera sees an empty room."""
        for ago in range(42, -1, -1):
            for w in crowd.day_of(places(LUNCH), FRIDAY - timedelta(days=ago), 1):
                zone = list(PLACES)[w.zone_id - 1]
                seen = 0 if ago == 0 and zone == covered_zone else 1
                for n in range(len(w.people)):
                    at = w.start + timedelta(minutes=n)
                    counts = (w.people[n], w.people_max[n], w.served[n], w.entered[n])
                    yield (
                        at, int(at.timestamp()) // 60, self.zone_ids[zone], w.zone_id, 60.0,
                        float(w.confidence[n]), *(seen * int(c) for c in counts),
                    )  # fmt: skip


@pytest.fixture
async def office(conn) -> Office:
    await conn.execute(
        "INSERT INTO site (site, name, name_en, hours)"
        " VALUES ('demo', '청사', 'Office', %s::jsonb)",
        ('[{"days": [1, 2, 3, 4, 5], "open": "11:30", "close": "13:30"}]',),
    )
    zone_ids = {}
    for n, (zone, kind) in enumerate(PLACES.items(), 1):
        node = f"cam-{n}"
        await conn.execute(
            "INSERT INTO node (site, node, name, name_en) VALUES ('demo', %s, '카메라', 'Camera')",
            (node,),
        )
        cursor = await conn.execute(
            "INSERT INTO zone (site, node, zone, kind, name, name_en)"
            " VALUES ('demo', %s, %s, %s, '구역', 'Zone') RETURNING zone_id",
            (node, zone, kind),
        )
        (zone_ids[zone],) = await cursor.fetchone()
    return Office(zone_ids)


async def fill(conn, office: Office, covered_zone: str) -> None:
    await simulated.prepare(conn, EVENING - timedelta(days=43), EVENING)
    await simulated.add(conn, office.rows(covered_zone))  # type: ignore[arg-type]
    await conn.commit()


async def test_drift_goes_into_the_health_of_its_node_and_out_again(conn, office: Office):
    await fill(conn, office, "right")
    zones = await store.zones(conn)
    found = await jobs.find_drift(conn, zones, EVENING)
    assert found == (Drift("cam-2", "right", "stuck"),)
    known = {one.name: one.look for one in await conditions.looks(conn, EVENING)}
    assert known[NodeName("demo", "cam-2")].drifts == (("stuck", "right"),)
    causes = [f.cause for f in findings(known[NodeName("demo", "cam-2")], EVENING)]
    assert Cause.COUNT_STUCK in causes
    assert known[NodeName("demo", "cam-1")].drifts == ()

    again = await jobs.find_drift(conn, zones, EVENING + timedelta(hours=9))
    (row,) = await (await conn.execute("SELECT found_at FROM node_drift")).fetchall()
    assert again == found
    assert row == (EVENING,)

    await store.replace(conn, "demo", (), EVENING)
    assert all(not one.look.drifts for one in await conditions.looks(conn, EVENING))


async def test_normal_weeks_in_the_database_raise_nothing(conn, office: Office):
    await fill(conn, office, "nothing is covered")
    assert await jobs.find_drift(conn, await store.zones(conn), EVENING) == ()
