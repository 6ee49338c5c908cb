"""여비정산 신청서: what a trip is paid, how that was worked out, and by which articles.

The amounts come from the caller, who works them out. What trip proofs say stands beside them and
is never a ground of an amount: 여행시간 is that of the order (제18조제1항).
"""

import datetime as dt
from typing import Final

from pydantic import Field

from hub.document import model
from hub.document.forms import travelling
from hub.document.forms.travelling import Travel

TITLE: Final = "여비정산 신청서"
PROOF_NOTE: Final = (
    "여행시간은 출장명령에 따른 것이며, 출장 증빙은 이를 뒷받침할 뿐 금액의 근거가 아닙니다."
)


class Line(model.Part):
    """One line of the working."""

    says: model.GivenLine
    shown: model.Text


class Worked(model.Part):
    """What came out: the sum as offices write it, and until when it is settled."""

    lines: tuple[Line, ...] = Field(min_length=1, max_length=500)
    total: model.GivenLine
    grounds: tuple[model.Line, ...] = Field(default=(), max_length=50)
    settle_by: model.Line = ""


class TripSettlement(Travel):
    """What is filled in."""

    order: model.Line = ""
    worked: Worked
    proof: model.Line = ""
    account: model.Line = ""
    requested_on: dt.date


def filled(settlement: TripSettlement) -> model.Document:
    """Return the settlement as a document."""
    more = {"정산액": settlement.worked.total, "출장 증빙": settlement.proof}
    more |= {"정산 기한": settlement.worked.settle_by, "입금 계좌": settlement.account}
    entries = tuple(model.Entry(label=label, value=told) for label, told in more.items() if told)
    return model.Document(
        form="report",
        office=settlement.office,
        title=TITLE,
        fields=(*travelling.fields(settlement, settlement.order), *entries),
        approval=travelling.approval(settlement),
        blocks=tuple(_body(settlement)),
        attachments=settlement.attachments,
        tail=(
            travelling.signature(
                settlement, "신청자", "위와 같이 여비 정산을 신청합니다.", settlement.requested_on
            ),
        ),
        summary=f"{settlement.destination} 출장 여비 {settlement.worked.total}"[: model.MAX_LINE],
        keywords=("출장", "여비", "정산"),
    )


def _body(settlement: TripSettlement) -> list[model.Block]:
    worked = settlement.worked
    blocks: list[model.Block] = [_part("산출 내역"), _table(worked)]
    if worked.grounds:
        blocks.append(_part("근거"))
        blocks += [model.Item(level=2, text=one) for one in worked.grounds]
    if settlement.proof:
        blocks.append(model.Paragraph(text=PROOF_NOTE))
    return blocks


def _part(name: str) -> model.Item:
    return model.Item(level=1, text=name, bold=True)


def _table(worked: Worked) -> model.Table:
    rows = [("항목", "산출"), *((one.says, one.shown) for one in worked.lines)]
    rows.append(("정산액", worked.total))
    return model.Table(
        columns=(model.Column(share=1.2, align="center"), model.Column(share=4.0)),
        rows=tuple(tuple(model.Cell(text=text) for text in row) for row in rows),
    )
