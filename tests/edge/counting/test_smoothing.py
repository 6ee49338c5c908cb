import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.counting.smoothing import mean_confidence, nearest_rank, people_in_window

counts = st.lists(st.integers(0, 50), min_size=1, max_size=40)


def test_one_missed_frame_in_four_does_not_lower_the_count():
    assert people_in_window([5, 5, 4, 5]) == 5


def test_one_ghost_in_twenty_frames_does_not_raise_the_count():
    assert people_in_window([3] * 19 + [4]) == 3


@pytest.mark.parametrize(("percentile", "value"), [(0, 1), (20, 1), (21, 2), (75, 4), (100, 5)])
def test_nearest_rank_names_a_value_that_was_seen(percentile, value):
    assert nearest_rank([5, 1, 3, 2, 4], percentile) == value


@given(counts, st.floats(0, 100))
def test_at_least_that_share_of_the_values_is_not_above(values, percentile):
    value = nearest_rank(values, percentile)
    assert value in values
    assert sum(v <= value for v in values) >= percentile / 100 * len(values) - 1e-9


@given(counts, st.floats(0, 100), st.floats(0, 100))
def test_a_higher_percentile_never_gives_less(values, a, b):
    assert nearest_rank(values, min(a, b)) <= nearest_rank(values, max(a, b))


@given(st.lists(st.floats(0, 1), max_size=50))
def test_confidence_stays_a_fraction(values):
    assert 0.0 <= mean_confidence(values) <= 1.0


def test_nobody_seen_is_seen_with_certainty():
    assert mean_confidence([]) == 1.0


@pytest.mark.assets
def test_on_the_hand_counted_video_a_window_errs_at_most_half_as_much_as_a_frame(
    assets, detections
):
    """PETS 2009, the frames counted by hand, at the node's usual 4 frames/s and 5 s."""
    frames = detections("pets2009_s2l1_dev.mp4")
    with (assets / "groundtruth/pets2009_counts.csv").open() as file:
        truth = {int(row["frame"]): int(row["persons"]) for row in csv.DictReader(file)}
    alone = [abs(len(frames[f]) - n) for f, n in truth.items()]
    seen = [k for i in range(len(frames)) if (k := round(i * 2.5)) < len(frames)]
    window = [
        abs(people_in_window([len(frames[k]) for k in seen if abs(k - f) <= 25]) - n)
        for f, n in truth.items()
    ]
    assert sum(window) <= 0.5 * sum(alone)
