"""기안문 that every office writes every week, to begin with. Written by us.

○○ stands where a name is to be filled in; a day or a sum that is not known is left as ○ too, so
that nobody sends somebody else's.
"""

from dataclasses import dataclass
from typing import Final

from hub.automation.letters.letter import Letter, Signer


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to begin with, and what it is for."""

    name: str
    title: str
    letter: Letter


_SIGNERS: Final = (
    Signer(role="drafter", post="주무관", proposes=True, reports=True),
    Signer(role="reviewer", post="○○팀장"),
    Signer(role="decider", post="○○과장", decision="전결"),
)


def _letter(
    title: str, body: str, summary: str, keywords: tuple[str, ...], to: tuple[str, ...] = ()
) -> Letter:
    return Letter(
        office="○○시", to=to, title=title, body=body.strip("\n"), signers=_SIGNERS,
        sender="○○시장" if to else "", summary=summary, keywords=keywords,
        openness="" if not to else "공개",
    )  # fmt: skip


DRAFTS: Final = (
    Draft("trip-report", "출장 결과 보고", _letter(
        "○○ 출장 결과 보고",
        """
1. 관련: 출장명령 제○○호
2. 위 호와 관련하여 다음과 같이 출장 결과를 보고합니다.
  가. 출장자: ○○과 ○○○
  나. 기간: 2026. ○. ○.(○) 10:00~17:00
  다. 장소: ○○도청
  라. 주요 내용
    1) ○○ 사업 추진 방향을 협의함.
    2) ○○ 자료를 ○월 말까지 받기로 함.
  마. 앞으로 할 일: ○○ 계획에 반영하고 ○○과와 공유하겠습니다.
붙임  출장 사진 2매.  끝.
""",
        "○○ 출장에서 협의한 내용과 앞으로 할 일을 보고함", ("출장", "결과 보고"),
    )),
    Draft("purchase", "물품 구매 품의", _letter(
        "○○ 물품 구매 품의",
        """
1. ○○ 업무에 쓸 물품을 다음과 같이 구매하고자 합니다.
  가. 목적: ○○ 업무 처리
  나. 소요 예산: 금1,100,000원(금일백일십만원), 부가가치세 포함
  다. 예산 과목: 일반운영비-사무관리비
  라. 구매 방법: 1인 견적 수의계약(○○상사)
2. 구매할 물품은 다음과 같습니다.
품명\t규격\t수량\t단가\t금액
○○\t○○\t2\t500,000\t1,000,000
○○\t○○\t1\t100,000\t100,000
붙임  견적서 1부.  끝.
""",
        "○○ 업무에 쓸 물품을 수의계약으로 구매하고자 함", ("물품 구매", "품의"),
    )),
    Draft("meeting", "회의 개최 알림", _letter(
        "○○ 회의 개최 알림",
        """
1. 관련: ○○과-○○(2026. ○. ○.)
2. ○○ 추진을 위한 회의를 다음과 같이 개최하니 참석해 주시기 바랍니다.
  가. 일시: 2026. ○. ○.(○) 14:00~15:30
  나. 장소: ○○시청 본관 3층 대회의실
  다. 참석 대상: 각 기관 업무 담당자 1명
  라. 안건: ○○ 추진 상황 점검
3. 참석자 명단을 2026. ○. ○.(○) 18:00까지 회신해 주시기 바랍니다.
붙임  1. 회의 자료 1부.
      2. 참석자 명단 서식 1부.  끝.
""",
        "○○ 회의를 여는 일시와 장소를 알리고 참석을 요청함", ("회의", "개최 알림"),
        ("○○시장(○○과장)", "○○군수(○○과장)"),
    )),
    Draft("request", "자료 제출 요청", _letter(
        "○○ 자료 제출 요청",
        """
1. 관련: ○○과-○○(2026. ○. ○.)
2. ○○ 현황을 파악하고자 하니 다음과 같이 자료를 제출해 주시기 바랍니다.
  가. 제출 기한: 2026. ○. ○.(○) 18:00
  나. 제출 내용: 2026년 ○○ 현황
  다. 제출 방법: 온나라 문서로 회신(해당 사항이 없어도 회신)
붙임  제출 서식 1부.  끝.
""",
        "○○ 현황 자료를 기한까지 제출해 주기를 요청함", ("자료 제출", "○○ 현황"),
        ("○○읍장", "○○면장"),
    )),
    Draft("cooperation", "협조 요청", _letter(
        "○○ 협조 요청",
        """
1. 우리 시의 ○○ 업무에 협조해 주셔서 감사합니다.
2. ○○ 행사를 다음과 같이 추진하니 안전하게 치를 수 있도록 협조해 주시기 바랍니다.
  가. 행사명: ○○ 행사
  나. 일시: 2026. ○. ○.(○) 10:00~16:00
  다. 장소: ○○공원
  라. 협조 사항: 행사장 주변 교통 안내
붙임  행사 계획 1부.  끝.
""",
        "○○ 행사 때 교통 안내에 협조해 주기를 요청함", ("협조 요청", "행사"),
        ("○○경찰서장(교통과장)",),
    )),
)  # fmt: skip
"""In the order in which a page offers them."""
