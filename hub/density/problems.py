"""What can go wrong in density, in words for whoever asked: rows of the one table."""

from collections.abc import Mapping
from typing import Final

from hub.density import errors as density
from hub.kit.problem import Kind, row

PROBLEMS: Final[Mapping[type[Exception], Kind]] = {
    density.UnknownSite: row(
        404, "unknown-site",
        ("그런 청사가 없어요", "'{site}'은(는) 등록되지 않았어요. site 없이 읽으면 모두 보여요."),
        ("No such office", "'{site}' is not registered. Read without site to see them all."),
    ),
    density.UnknownZone: row(
        404, "unknown-zone",
        ("그런 구역이 없어요", "'{key}'은(는) 등록되지 않았어요. /api/v1/density에 모두 있어요."),
        ("No such zone", "'{key}' is not registered. /api/v1/density lists them all."),
    ),
    density.NotReckoned: row(
        409, "not-reckoned",
        ("견줄 값이 없어요",
         "줄을 섰을 때 허브가 대기 시간을 몰랐어요. 카메라가 셀 때 다시 재 주세요."),
        ("Nothing to compare with",
         "The hub did not know the wait when you joined. Measure again while the camera counts."),
    ),
    density.NotEnoughTaps: row(
        409, "not-enough-taps",
        ("아직 쓸 수 없어요",
         "다섯 번은 재야 하고, 배수가 0.25에서 4 사이여야 해요. 벗어나면 구역을 다시 그려 주세요."),
        ("Not usable yet",
         "Measure at least five times. A factor beyond 0.25 to 4 means the zone is drawn wrong."),
    ),
    density.FactorSuperseded: row(
        409, "factor-superseded",
        ("그사이 다른 사람이 바꿨어요", "지금 값을 다시 보고 해 주세요."),
        ("Somebody changed it meanwhile", "Look at the factor of now, then try again."),
    ),
    density.UnknownFactor: row(
        404, "unknown-factor",
        ("그런 보정값이 없어요", "이 줄에서 쓴 적이 없는 번호예요."),
        ("No such factor", "This lane never used that revision."),
    ),
    density.UnknownTap: row(
        404, "unknown-tap",
        ("그런 기록이 없어요", "이미 지워졌어요."),
        ("No such measurement", "It is gone already."),
    ),
    density.RangeBackwards: row(
        422, "range-backwards",
        ("기간이 거꾸로예요", "from은 to보다 앞이어야 해요."),
        ("The range runs backwards", "`from` must lie before `to`."),
    ),
    density.RangeTooLong: row(
        422, "range-too-long",
        ("기간이 너무 길어요",
         "{buckets}칸을 청했는데 한 번에 {buckets_max}칸까지예요. "
         "step을 늘리거나 기간을 줄여 주세요."),
        ("The range is too long",
         "{buckets} buckets were asked for and one answer holds {buckets_max}. "
         "Take a longer step or a shorter range."),
    ),
}  # fmt: skip
