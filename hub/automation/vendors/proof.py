"""Which proof of spending to take from a business, by how the 국세청 taxes it. Pure.

What each may issue is law (부가가치세법 제32조·제36조; 계산서 소득세법 제163조, 법인세법 제121조);
the meaning of the 국세청's codes is from public sources that agree (secondary).
"""

from dataclasses import dataclass
from typing import Final

from hub.automation.vendors.told import Standing, State


@dataclass(frozen=True, slots=True)
class Proof:
    """What to take, in a sentence and as a paper's name; why, and where that stands."""

    take: str
    paper: str
    why: str
    article: str = ""


_VAT_INVOICE: Final = ("세금계산서를 받으십시오", "세금계산서")
_ASK: Final = ("무엇을 줄 수 있는지 먼저 물으십시오", "확인 필요")
_BY_CODE: Final = {
    "01": Proof(
        *_VAT_INVOICE,
        "일반과세자입니다. 신용카드나 현금영수증으로 냈으면 그 전표로 됩니다.",
        "부가가치세법 제32조",
    ),
    "02": Proof(
        "세금계산서는 받을 수 없습니다. 카드전표나 현금영수증을 받으십시오",
        "신용카드매출전표 또는 현금영수증",
        "세금계산서를 발급하지 않는 간이과세자입니다. 세금계산서를 주면 그것이 잘못입니다.",
        "부가가치세법 제36조제1항제2호",
    ),
    "03": Proof(*_ASK, "과세특례자로 적혀 있습니다. 세금계산서를 발급할 수 있는지 알 수 없습니다."),
    "04": Proof(
        "세금계산서가 아니라 계산서를 받으십시오",
        "계산서",
        "면세사업자입니다. 부가가치세가 붙지 않습니다.",
        "소득세법 제163조, 법인세법 제121조",
    ),
    "05": Proof(*_ASK, "수익사업을 하지 않는 비영리법인이나 국가기관 등입니다."),
    "06": Proof(*_ASK, "고유번호를 받은 단체입니다. 세금계산서를 발급하지 않을 수 있습니다."),
    "07": Proof(
        *_VAT_INVOICE,
        "간이과세자이지만 세금계산서를 발급하는 사업자입니다.",
        "부가가치세법 제36조",
    ),
}
_UNKNOWN: Final = Proof(*_ASK, "과세유형을 알 수 없습니다.")


def of(standing: Standing | None) -> Proof | None:
    """None: it is not known whether it is in business, or it is not."""
    if standing is None or standing.state is not State.CONTINUING:
        return None
    return _BY_CODE.get(standing.tax_code, _UNKNOWN)
