"""A window's frames become one count per zone.

Detectors miss people far more often than they invent them, so the true number is near the top of
what the frames say, but the very top is where the inventions and the newcomers are: the 70th
percentile.
Measured on hand-counted frames in docs/decisions/0030.
"""

import math
from collections.abc import Sequence
from typing import Final

COUNT_PERCENTILE: Final = 70.0


def nearest_rank(values: Sequence[int], percentile: float) -> int:
    """The smallest value that at least `percentile` % of the values do not exceed.

    Args:
        values: at least one.
        percentile: 0..100; 0 gives the smallest value, 100 the largest.
    """
    ordered = sorted(values)
    rank = math.ceil(percentile / 100.0 * len(ordered))
    return ordered[min(max(rank, 1), len(ordered)) - 1]


def people_in_window(frame_counts: Sequence[int]) -> int:
    """How many people a window's frames speak for. At least one frame."""
    return nearest_rank(frame_counts, COUNT_PERCENTILE)


def mean_confidence(confidences: Sequence[float]) -> float:
    """Mean confidence of everybody counted, 0..1, to three places; 1.0 where nobody was seen."""
    if not confidences:
        return 1.0
    return round(min(1.0, max(0.0, math.fsum(confidences) / len(confidences))), 3)
