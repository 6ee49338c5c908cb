# ruff: noqa: E501  (a table is read row by row)
"""The thirty mistakes that every office knows: typed, and exactly what its one touch makes of it.

`None` for what only its writer knows. Each is found where it stands, with a reason and an article.
"""

from typing import Final

import pytest

from hub.automation.letters import lint
from hub.automation.letters.finding import Severity

THIRTY: Final = [
    (1, "2026.06.01.", "2026. 6. 1."),
    (2, "2026. 06. 01.", "2026. 6. 1."),
    (3, "회의는 2026-06-01에 엽니다.", "회의는 2026. 6. 1.에 엽니다."),
    (4, "2026년 6월 1일", "2026. 6. 1."),
    (5, "2026. 6. 1", "2026. 6. 1."),
    (6, "오후 2시 30분", "14:30"),
    (7, "9:00", "09:00"),
    (8, "14 : 30", "14:30"),
    (9, "소요 예산: 1,100,000원", "소요 예산: 금1,100,000원(금일백일십만원)"),
    (10, "금 113,560원(금일십일만삼천오백육십원)", "금113,560원(금일십일만삼천오백육십원)"),
    (11, "금113,560원(금일십일만삼천오백원)", None),
    (12, "1,100천원", "1,100,000원"),
    (13, "붙임 : 견적서 1부", "붙임  견적서 1부.  끝."),
    (14, "붙임  견적서 1부.\n      내역서 1부.  끝.", "붙임  1. 견적서 1부.\n      2. 내역서 1부.  끝."),
    (15, "알립니다.", "알립니다.  끝."),
    (16, "알립니다.  끝.\n붙임  서식 1부.", "알립니다.\n붙임  서식 1부.  끝."),
    (17, "알립니다.  (끝)", "알립니다.  끝."),
    (17, "알립니다. - 끝 -", "알립니다.  끝."),
    (18, "1. 글\n  1) 글\n  2) 글\n    가. 글\n    나. 글\n2. 글", "1. 글\n  가. 글\n  나. 글\n    1) 글\n    2) 글\n2. 글"),
    (19, "1. 글\n  가. 글\n  나. 글\n  라. 글\n2. 글", "1. 글\n  가. 글\n  나. 글\n  다. 글\n2. 글"),
    (20, "1. 하나뿐인 글", "하나뿐인 글"),
    (21, "원장 : 홍길동", "원장: 홍길동"),
    (22, "9. 1. ~ 9. 30.", "9. 1.~9. 30."),
    (23, "MOU를 체결", "업무협약(MOU)을 체결"),
    (24, "금일", "오늘"),
    (24, "익일", "다음 날"),
    (24, "명일", "내일"),
    (25, "필히", "반드시"),
    (25, "기 통보한", "이미 알린"),
    (25, "동 건", "이 건"),
    (26, "제출할 것", "제출해 주시기 바랍니다."),
    (26, "제출하기 바람", "제출해 주시기 바랍니다."),
    (27, "지침 시달", "지침 알림"),
    (27, "지침 하달", "지침 전달"),
    (28, "수신: 홍길동 귀하\n제목  알림\n", "수신  홍길동 귀하\n제목  알림\n"),
    (29, "별첨  서식 1부.  끝.", "붙임  서식 1부.  끝."),
    (30, "구분\t수\n가\t1\n\t\n  끝.", "구분\t수\n가\t1\n이하 빈칸\t"),
]  # fmt: skip
ENDED: Final = ("end-missing",)
"""What a bare word lacks besides."""


@pytest.mark.parametrize(("nth", "typed", "right"), THIRTY)
def test_each_is_found_explained_and_mended(nth: int, typed: str, right: str | None):
    wants_end = right is not None and "끝" in right
    found = [one for one in lint.lint(typed) if wants_end or one.rule not in ENDED]
    assert found
    for one in found:
        assert 0 <= one.start < one.end <= len(typed)
        assert one.reason.endswith((".", ")"))
        assert one.source.cited
    if right is None:
        assert [(one.severity, one.edits) for one in found] == [(Severity.WRONG, ())]
        return
    after, rounds = typed, 0
    while rounds < 4 and after != right and found:  # each touch mends what it says, and no more
        after = lint.applied(after, found[0].edits)
        found = [one for one in lint.lint(after) if wants_end or one.rule not in ENDED]
        rounds += 1
    assert after == right
