from itertools import pairwise

import pytest

from edge.scene import layout
from edge.scene.lunch import Lunch, Rhythm, along_queue, queue_length_m


def state(lunch: Lunch) -> list[tuple[int, float, float, float, str]]:
    return [(p.number, p.x_m, p.y_m, p.phase, p.state) for p in lunch.people]


def test_the_same_seed_and_time_give_the_same_room_however_time_was_divided():
    steadily, at_once = Lunch(5), Lunch(5)
    for k in range(1, 401):
        steadily.advance_to(k * 0.37)
    at_once.advance_to(400 * 0.37)
    assert state(steadily) == state(at_once)
    assert steadily.served == at_once.served


def test_another_seed_is_another_lunch():
    one, other = Lunch(5), Lunch(6)
    one.advance_to(60)
    other.advance_to(60)
    assert state(one) != state(other)


@pytest.mark.parametrize("seed", range(4))
def test_nobody_appears_from_nothing_or_vanishes(seed: int):
    lunch = Lunch(seed)
    for minute in range(20):
        lunch.advance_to(minute * 60)
        numbers = [p.number for p in lunch.people]
        assert len(set(numbers)) == len(numbers)
        assert lunch.arrived == len(lunch.people) + lunch.gone


@pytest.mark.parametrize("seed", range(4))
def test_everybody_served_joined_first_waited_and_then_crossed_the_line(seed: int):
    lunch = Lunch(seed)
    lunch.advance_to(900)
    assert len(lunch.served) > 50
    assert len({s.number for s in lunch.served}) == len(lunch.served)
    for served in lunch.served:
        assert served.joined_s <= served.service_s < served.crossed_s
        assert served.wait_s == served.service_s - served.joined_s
    assert all(a.crossed_s <= b.crossed_s for a, b in pairwise(lunch.served))


def test_crossings_never_go_back():
    lunch, before = Lunch(2), 0
    for second in range(0, 600, 5):
        lunch.advance_to(second)
        assert len(lunch.served) >= before
        before = len(lunch.served)


@pytest.mark.parametrize("seed", [1, 2])
def test_there_is_always_something_to_count_and_it_changes_visibly(seed: int):
    lunch, counts = Lunch(seed), []
    for at in range(0, 900, 10):
        lunch.advance_to(at)
        counts.append(len(lunch.in_zone()))
    assert sum(c == 0 for c in counts) / len(counts) < 0.03
    assert max(counts) - min(counts) >= 6


@pytest.mark.parametrize("seed", [0, 1])
def test_people_are_served_at_the_rate_that_was_asked_for(seed: int):
    lunch = Lunch(seed, Rhythm(quiet_per_min=12, rush_per_min=12, served_per_min=6))
    lunch.advance_to(900)
    assert len(lunch.served) / 15 == pytest.approx(6, rel=0.15)


def test_true_waits_obey_littles_law():
    """Mean number in line = arrival rate x mean wait: only a consistent truth does so."""
    lunch = Lunch(3, Rhythm(quiet_per_min=5, rush_per_min=5))
    in_line = []
    for second in range(1800):
        lunch.advance_to(second)
        in_line.append(sum(p.service_s is None for p in lunch.people if p.joined_s is not None))
    served = [s for s in lunch.served if s.joined_s >= 0]
    rate_per_s = len(served) / 1800
    mean_wait_s = sum(s.wait_s for s in served) / len(served)
    assert sum(in_line) / 1800 == pytest.approx(rate_per_s * mean_wait_s, rel=0.1)


def test_a_full_line_takes_nobody_more():
    lunch = Lunch(1, Rhythm(quiet_per_min=60, rush_per_min=60, served_per_min=2))
    for second in range(0, 600, 2):
        lunch.advance_to(second)
        assert lunch.queueing <= lunch.rhythm.most + 1


def test_the_line_keeps_its_order_and_its_distance():
    lunch = Lunch(4)
    for second in range(0, 600, 3):
        lunch.advance_to(second)
        places = [p.place_m for p in lunch.line]
        assert all(b - a > 0.2 for a, b in pairwise(places))


def test_the_queue_path_lies_in_the_queue_zone():
    steps = [along_queue(k * queue_length_m() / 50) for k in range(51)]
    assert all(layout.inside((x, y), layout.QUEUE_FLOOR_M) for x, y, _ in steps)


def test_who_walks_on_along_the_counter_crosses_from_left_to_right_of_the_line():
    (ax, ay), (bx, by) = layout.SERVED_LINE
    before, after = layout.STANDARD_POSE.project(1.0, 6.4), layout.STANDARD_POSE.project(1.8, 6.4)

    def side(u: float, v: float) -> float:
        return (bx - ax) * (v - ay) - (by - ay) * (u - ax)

    assert side(before.u, before.v) < 0 < side(after.u, after.v)  # y is down: left is negative


def test_the_zone_and_line_are_a_valid_wish_of_a_node():
    config = layout.node_config()
    assert config.zones[0].polygon == layout.QUEUE_POLYGON
    assert (config.lines[0].a, config.lines[0].b) == layout.SERVED_LINE
