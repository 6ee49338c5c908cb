"""The checks give reasons and a grade; honest noise is never asked about."""

import math
import random
import re
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.tripproof import leaf, record
from hub.tripproof.checks import Given, Order, Point, judged, speed_kmh
from hub.tripproof.geo import distance_m
from hub.tripproof.leaf import LeafType
from hub.tripproof.policy import Policy
from hub.tripproof.reasons import AT_BEST, Reason
from hub.tripproof.record import Record
from hub.tripproof.statement import Fix
from hub.tripproof.verdict import Grade, Place
from hub.tripproof.words import GRADES, KINDS, LEAVES, PLACES, REASONS
from tests.hub.tripproof import strategies as made
from tests.hub.tripproof.world import CITY_HALL, HUB, NOW, known, said

POLICY = Policy()
M_E7 = 90  # a metre of latitude is about 90 units of 1e-7 degrees
HERE = said().fix or Fix(0, 0, 0, 0)
CHALLENGE = Given(NOW - 3_600, NOW + 82_800)
ORDER = known().order or Order((), 0, 0)


def away(metres: int, accuracy_m: int = 10, at: int = NOW) -> Fix:
    """A fix so many metres north of the destination."""
    return Fix(CITY_HALL.lat_e7 + metres * M_E7, CITY_HALL.lon_e7, accuracy_m, at)


def found(change: dict | None = None, **beside: object) -> tuple[set[Reason], Grade]:
    verdict = judged(said(**(change or {})), known(**beside), POLICY)
    return {Reason(number) for number in verdict.reasons}, verdict.grade


def test_when_all_is_well_there_is_nothing_to_ask():
    assert found() == (set(), Grade.A)


PREVIOUS = said(counter=1, cti=b"previous", fix=away(0, at=NOW - 3_600))
SECOND = {"counter": 2, "before": b"b" * 16}
BESIDE = {"highest_counter": 1, "before": b"b" * 16, "previous": PREVIOUS}

CASES: dict[str, tuple[dict, dict, set[Reason], Grade]] = {
    "no place": ({"fix": None}, {}, {Reason.NO_PLACE}, Grade.C),
    "coarse": ({"fix": away(0, 101)}, {}, {Reason.ACCURACY_COARSE}, Grade.B),
    "exactly 100 m": ({"fix": away(0, 100)}, {}, set(), Grade.A),
    "poor": ({"fix": away(0, 501)}, {}, {Reason.ACCURACY_POOR}, Grade.C),
    "an old fix": ({"fix": away(0, at=NOW - 61)}, {}, {Reason.FIX_OLD}, Grade.B),
    "near": ({"fix": away(900)}, {}, {Reason.NEAR}, Grade.B),
    "outside": ({"fix": away(9_000)}, {}, {Reason.OUTSIDE}, Grade.C),
    "no coordinates": (
        {"fix": away(90_000)}, {"order": replace(ORDER, points=())},
        {Reason.DESTINATION_UNKNOWN}, Grade.A,
    ),
    "one of several points": (
        {"fix": away(9_000)},
        {"order": replace(ORDER, points=(CITY_HALL, Point(away(9_000).lat_e7, HERE.lon_e7)))},
        set(), Grade.A,
    ),
    "a wide place": (
        {"fix": away(9_000)},
        {"order": replace(ORDER, points=(replace(CITY_HALL, radius_m=10_000),))}, set(), Grade.A,
    ),
    "sent later": ({}, {"received_at": NOW + 601}, {Reason.OFFLINE}, Grade.B),
    "queued": ({"queued": True}, {}, {Reason.OFFLINE}, Grade.B),
    "a day late": (
        {}, {"received_at": NOW + 86_401}, {Reason.OFFLINE, Reason.LATE}, Grade.C),
    "fast clock": ({}, {"received_at": NOW - 301}, {Reason.CLOCK_AHEAD}, Grade.B),
    "slow clock": (
        {}, {"challenge": replace(CHALLENGE, issued_at=NOW + 301)}, {Reason.CLOCK_BEHIND}, Grade.B),
    "none left": (
        {"challenge": bytes(16)}, {"challenge": None}, {Reason.CHALLENGE_NONE}, Grade.B),
    "not ours": ({}, {"challenge": None}, {Reason.CHALLENGE_UNKNOWN}, Grade.C),
    "used": (
        {}, {"challenge": replace(CHALLENGE, used_by=b"somebody")},
        {Reason.CHALLENGE_REUSED}, Grade.C,
    ),
    "used by itself": ({}, {"challenge": replace(CHALLENGE, used_by=said().cti)}, set(), Grade.A),
    "expired": (
        {}, {"challenge": replace(CHALLENGE, expires_at=NOW - 301)},
        {Reason.CHALLENGE_EXPIRED}, Grade.B,
    ),
    "the next one": (SECOND, BESIDE, set(), Grade.A),
    "a gap": (
        {"counter": 4, "before": b"b" * 16}, {**BESIDE, "before": None},
        {Reason.COUNTER_GAP}, Grade.B,
    ),
    "late in line": (
        SECOND, {**BESIDE, "highest_counter": 3}, {Reason.OUT_OF_ORDER}, Grade.A),
    "another before": (
        SECOND, {**BESIDE, "before": b"c" * 16}, {Reason.CHAIN_BROKEN}, Grade.C),
    "the first that names one": ({"before": b"b" * 16}, {}, {Reason.CHAIN_BROKEN}, Grade.C),
    "two with one number": (
        {}, {"highest_counter": 1, "counter_taken_by": b"somebody"}, {Reason.CLASH}, Grade.C),
    "the same once more": (
        {}, {"highest_counter": 1, "counter_taken_by": said().cti}, set(), Grade.A),
    "another person's phone": ({}, {"other_person_s": 300}, {Reason.SAME_PHONE}, Grade.B),
    "another person's phone that day": ({}, {"other_person_s": 301}, set(), Grade.A),
    "no previous": (
        SECOND, {**BESIDE, "previous": None}, {Reason.PREVIOUS_MISSING}, Grade.A),
    "too fast": (
        SECOND, {**BESIDE, "previous": PREVIOUS._replace(fix=away(400_000, at=NOW - 3_600))},
        {Reason.TOO_FAST}, Grade.C,
    ),
    "as fast by air": (
        SECOND,
        {**BESIDE, "previous": PREVIOUS._replace(fix=away(400_000, at=NOW - 3_600)),
         "order": replace(ORDER, by_air=True)},
        set(), Grade.A,
    ),
    "a train": (
        SECOND, {**BESIDE, "previous": PREVIOUS._replace(fix=away(300_000, at=NOW - 3_600))},
        set(), Grade.A,
    ),
    "a clock set back": (
        SECOND, {**BESIDE, "previous": PREVIOUS._replace(fix=away(400_000, at=NOW + 60))},
        {Reason.TIME_REVERSED}, Grade.B,
    ),
    "no order": ({"trip": ""}, {"order": None}, {Reason.NO_ORDER}, Grade.A),
    "other dates": (
        {}, {"order": replace(ORDER, until=NOW - 1)}, {Reason.OUTSIDE_DATES}, Grade.B),
    "other people": ({}, {"order": replace(ORDER, people=("1",))}, {Reason.OTHER_PERSON}, Grade.C),
    "a key that ended": ({}, {"key_ended_at": NOW}, {Reason.KEY_ENDED}, Grade.C),
    "a key that ends later": ({}, {"key_ended_at": NOW + 9_000}, set(), Grade.A),
}  # fmt: skip


@pytest.mark.parametrize(("change", "beside", "reasons", "grade"), CASES.values(), ids=CASES)
def test_a_reason_is_given_where_there_is_one(change, beside, reasons, grade):
    assert found(change, **beside) == (reasons, grade)


def test_every_reason_is_given_in_some_case():
    given_here = {reason for _, _, reasons, _ in CASES.values() for reason in reasons}
    assert given_here == set(Reason)


@pytest.mark.parametrize(
    ("metres", "place", "band"),
    [(0, Place.INSIDE, 1), (480, Place.NEAR, 1), (1_200, Place.NEAR, 2),
     (5_000, Place.OUTSIDE, 3), (30_000, Place.OUTSIDE, 4), (90_000, Place.OUTSIDE, 5)],
)  # fmt: skip
def test_a_verdict_says_the_band_and_never_the_distance(metres, place, band):
    verdict = judged(said(fix=away(metres)), known(), POLICY)
    assert (verdict.place, verdict.band) == (place, band)


def test_a_fix_that_could_be_anywhere_is_not_inside_everywhere():
    assert judged(said(fix=away(30_000, 65_535)), known(), POLICY).place is Place.OUTSIDE


@given(made.statements, made.UINT)
def test_whatever_is_stated_gets_a_verdict_that_can_be_signed(one, received_at):
    verdict = judged(one, known(received_at=received_at), POLICY)
    assert verdict.sign(HUB)
    assert verdict.cti == one.cti


@given(st.sets(st.sampled_from(Reason), min_size=1))
def test_more_reasons_never_make_a_better_grade(reasons):
    from hub.tripproof.reasons import grade

    some = set(list(reasons)[1:])
    assert grade(frozenset(reasons)) >= grade(frozenset(some))


# Honest tracks


def honest_track(kind: str, seed: int) -> list[Fix]:
    """An hour as a phone tells it, by foot, car or train.

    What real tracks do: fixes scatter wider than their accuracy says, now and then one lies as far
    as 1.5 km off by a reflection or a cell tower and says 30 m, seconds repeat, and after a tunnel
    the next fix is a minute later.
    """
    draw = random.Random(f"{kind} {seed}")
    speed_mps = {"foot": 1.4, "car": 30.0, "train": 85.0}[kind]
    lat_m, at, track = 0.0, NOW, []
    for _ in range(400):
        elapsed_s = draw.choice([0, 1, 1, 1, 5, 30, 60])
        at, lat_m = at + elapsed_s, lat_m + elapsed_s * speed_mps
        accuracy_m = draw.choice([5, 8, 12, 20, 40, 90])
        astray = draw.random() < 0.03
        off_m = draw.uniform(300, 1_500) if astray else abs(draw.gauss(0, 1)) * accuracy_m
        turn = draw.uniform(0, 2 * math.pi)
        north_m, east_m = off_m * math.sin(turn), off_m * math.cos(turn)
        lat_e7 = CITY_HALL.lat_e7 + int((lat_m + north_m) * M_E7)
        track.append(Fix(lat_e7, CITY_HALL.lon_e7 + int(east_m * 110), accuracy_m, at))
    return track


@pytest.mark.parametrize("kind", ["foot", "car", "train"])
@pytest.mark.parametrize("seed", range(20))
def test_an_honest_noisy_track_is_never_too_fast(kind, seed):
    for before, here in pairwise(honest_track(kind, seed)):
        statement = said(counter=2, before=b"b" * 16, fix=here)
        beside = known(previous=said(fix=before), highest_counter=1)
        assert int(Reason.TOO_FAST) not in judged(statement, beside, POLICY).reasons


def test_such_a_track_would_be_flagged_without_the_minute_and_the_slack():
    hasty = replace(POLICY, speed_least_s=1, speed_slack_m=0)
    fixes = [fix for seed in range(5) for fix in honest_track("train", seed)]
    speeds = [speed_kmh(before, here, hasty) for before, here in pairwise(fixes)]
    assert max(speeds) > POLICY.speed_kmh


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((37.5665, 126.9780), (35.1796, 129.0756), 325_000),  # Seoul to Busan
        ((35.9677, 126.7366), (35.8242, 127.1480), 40_500),  # Gunsan to Jeonju
        ((0.0, 179.999), (0.0, -179.999), 222),
        ((90.0, 0.0), (-90.0, 0.0), 20_015_000),
    ],
)
def test_distances_are_those_of_the_map(a, b, metres):
    lat_a, lon_a, lat_b, lon_b = (round(degrees * 1e7) for degrees in (*a, *b))
    assert distance_m(lat_a, lon_a, lat_b, lon_b) == pytest.approx(metres, rel=0.01)


# Words and page


def test_everything_has_words_in_both_languages():
    for table, keys in (
        (REASONS, Reason), (GRADES, Grade), (PLACES, Place), (KINDS, type(said().kind)),
        (LEAVES, LeafType),
    ):  # fmt: skip
        assert set(table) == set(keys)
        for korean, english in table.values():
            assert re.search(r"[가-힣]", korean)
            assert re.search(r"[a-z]", english)


def test_the_protocol_page_lists_every_reason_with_its_grade():
    page = (Path(__file__).parents[3] / "docs/trip-protocol.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| ([a-z_]+) \| ([BC−]) \|", page, re.M)
    said_there = {int(number): (name, best) for number, name, best in rows}
    best = {Grade.A: "−", Grade.B: "B", Grade.C: "C"}
    assert said_there == {int(one): (one.name.lower(), best[AT_BEST[one]]) for one in Reason}


def test_the_protocol_page_lists_the_fields_of_every_leaf():
    page = (Path(__file__).parents[3] / "docs/trip-protocol.md").read_text("utf-8")
    part = page[page.index("### 5.1") : page.index("### 5.2")]
    rows = re.findall(r"^\| (\d+) \| ([a-z ]+)(?:[:,][^|]*)? \| ([^|]+) \|$", part, re.M)
    told = {
        int(number): set(re.findall(r"(?:^|, )(\d)\b", held.split(":")[0]))
        for number, _, held in rows[10:]
    }
    assert told == {int(kind): {str(n) for n in held} for kind, held in leaf.HELD.items()}


def test_a_policy_is_a_record_that_can_be_logged():
    told = Record(LeafType.POLICY, POLICY.fields())
    assert record.verified(told.sign(HUB), HUB.public) == told
    assert set(POLICY.fields()) == {field.name for field in fields(Policy)}
