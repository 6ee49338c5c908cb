"""The reasons a check can give, each with its number in the protocol and the best grade beside it.

Numbers are for ever: a verdict of ten years ago is read by them. Words: `words`.
"""

from enum import IntEnum
from typing import Final

from hub.tripproof.verdict import Grade


class Reason(IntEnum):
    """What was found. A fact for a person to weigh, never a verdict of guilt."""

    NO_PLACE = 10
    ACCURACY_COARSE = 11
    ACCURACY_POOR = 12
    FIX_OLD = 13
    NEAR = 14
    OUTSIDE = 15
    DESTINATION_UNKNOWN = 16
    OFFLINE = 20
    LATE = 21
    CLOCK_AHEAD = 22
    CLOCK_BEHIND = 23
    CHALLENGE_NONE = 30
    CHALLENGE_UNKNOWN = 31
    CHALLENGE_REUSED = 32
    CHALLENGE_EXPIRED = 33
    COUNTER_GAP = 40
    OUT_OF_ORDER = 41
    CHAIN_BROKEN = 42
    CLASH = 43
    SAME_PHONE = 45
    TOO_FAST = 50
    TIME_REVERSED = 51
    PREVIOUS_MISSING = 52
    NO_ORDER = 60
    OUTSIDE_DATES = 61
    OTHER_PERSON = 62
    KEY_ENDED = 70


_B: Final = (
    Reason.ACCURACY_COARSE, Reason.FIX_OLD, Reason.NEAR, Reason.OFFLINE, Reason.CLOCK_AHEAD,
    Reason.CLOCK_BEHIND, Reason.CHALLENGE_NONE, Reason.CHALLENGE_EXPIRED, Reason.COUNTER_GAP,
    Reason.SAME_PHONE, Reason.TIME_REVERSED, Reason.OUTSIDE_DATES,
)  # fmt: skip
_C: Final = (
    Reason.NO_PLACE, Reason.ACCURACY_POOR, Reason.OUTSIDE, Reason.LATE, Reason.CHALLENGE_UNKNOWN,
    Reason.CHALLENGE_REUSED, Reason.CHAIN_BROKEN, Reason.CLASH, Reason.TOO_FAST,
    Reason.OTHER_PERSON, Reason.KEY_ENDED,
)  # fmt: skip
AT_BEST: Final[dict[Reason, Grade]] = {
    reason: Grade.C if reason in _C else Grade.B if reason in _B else Grade.A for reason in Reason
}
"""The best grade a proof with this reason can have."""


def grade(reasons: frozenset[Reason]) -> Grade:
    """The grade that the reasons leave."""
    return max((AT_BEST[reason] for reason in reasons), default=Grade.A)
