"""여비정산 신청서: what one or several trips are paid, how that was worked out, by which articles.

The amounts come from the caller, who works them out. What trip proofs say stands beside them and
is never a ground of an amount: 여행시간 is that of the order (제18조제1항).
"""

import datetime as dt
from typing import Final

from pydantic import Field

from hub.document import model
from hub.document.forms import travelling
from hub.document.forms.travelling import Journey, Paper

TITLE: Final = "여비정산 신청서"
TRIPS_MOST: Final = 62
"""Two a day for a month."""
PROOF_NOTE: Final = (
    "여행시간은 출장명령에 따른 것이며, 출장 증빙은 이를 뒷받침할 뿐 금액의 근거가 아닙니다."
)


class Settled(Journey):
    """One trip: its order, what its proofs said, and what one person is paid for it."""

    order: model.Line = ""
    scope: model.GivenLine
    amount: model.GivenLine
    proof: model.Line = ""


class Line(model.Part):
    """One line of the working."""

    says: model.GivenLine
    shown: model.Text


class Worked(model.Part):
    """What came out: the sum as offices write it, and until when it is settled."""

    lines: tuple[Line, ...] = Field(min_length=1, max_length=900)
    total: model.GivenLine
    grounds: tuple[model.Line, ...] = Field(default=(), max_length=50)
    settle_by: model.Line = ""


class TripSettlement(Paper):
    """What is filled in."""

    trips: tuple[Settled, ...] = Field(min_length=1, max_length=TRIPS_MOST)
    worked: Worked
    account: model.Line = ""
    requested_on: dt.date


def filled(settlement: TripSettlement) -> model.Document:
    """Return the settlement as a document."""
    return model.Document(
        form="report",
        office=settlement.office,
        title=TITLE,
        fields=travelling.entries(_head(settlement)),
        approval=travelling.approval(settlement),
        blocks=tuple(_body(settlement)),
        attachments=settlement.attachments,
        tail=(
            travelling.signature(
                settlement, "신청자", "위와 같이 여비 정산을 신청합니다.", settlement.requested_on
            ),
        ),
        summary=f"{_where(settlement)} 출장 여비 {settlement.worked.total}"[: model.MAX_LINE],
        keywords=("출장", "여비", "정산"),
    )


def _head(settlement: TripSettlement) -> dict[str, str]:
    trips, worked = settlement.trips, settlement.worked
    if len(trips) == 1:
        told = travelling.journeyed(trips[0], trips[0].order)
    else:
        ends = max(one.ends for one in trips)
        told = {"출장기간": travelling.period(trips[0].begins, ends), "출장": _counted(settlement)}
    return {
        "출장자": travelling.who(settlement),
        **told,
        "정산액": worked.total,
        "출장 증빙": trips[0].proof if len(trips) == 1 else "",
        "정산 기한": worked.settle_by,
        "입금 계좌": settlement.account,
    }


def _counted(settlement: TripSettlement) -> str:
    """`3건(근무지 내 2건, 근무지 외 1건)`."""
    scopes = [one.scope for one in settlement.trips]
    each = ", ".join(f"{one} {scopes.count(one)}건" for one in dict.fromkeys(scopes))
    return f"{len(scopes)}건({each})"


def _where(settlement: TripSettlement) -> str:
    first, *more = settlement.trips
    return f"{first.destination} 등 {len(more) + 1}건" if more else first.destination


def _body(settlement: TripSettlement) -> list[model.Block]:
    worked, trips = settlement.worked, settlement.trips
    blocks: list[model.Block] = []
    if len(trips) > 1:
        blocks += [_part("출장 내역"), _trips(trips)]
    blocks += [_part("산출 내역"), _table(worked)]
    proofs = [(nth, one.proof) for nth, one in enumerate(trips, 1) if one.proof]
    if len(trips) > 1 and proofs:
        blocks.append(_part("출장 증빙"))
        blocks += [_item(f"{nth}번 출장: {proof}") for nth, proof in proofs]
    if worked.grounds:
        blocks += [_part("근거"), *map(_item, worked.grounds)]
    if proofs:
        blocks.append(model.Paragraph(text=PROOF_NOTE))
    return blocks


def _part(name: str) -> model.Item:
    return model.Item(level=1, text=name, bold=True)


def _item(text: str) -> model.Item:
    return model.Item(level=2, text=text)


def _trips(trips: tuple[Settled, ...]) -> model.Table:
    """Each trip on its line, with what it is paid."""
    head = ("번호", "출장기간", "출장지와 목적", "구분", "금액")
    shares = (0.6, 2.4, 3.2, 1.1, 1.4)
    return model.Table(
        columns=tuple(
            model.Column(share=share, align="left" if name == "출장지와 목적" else "center")
            for name, share in zip(head, shares, strict=True)
        ),
        rows=(_cells(head), *(_cells(_row(nth, one)) for nth, one in enumerate(trips, 1))),
    )


def _row(nth: int, one: Settled) -> tuple[str, ...]:
    when = travelling.period(one.begins, one.ends)
    if one.begins.date() != one.ends.date():
        when = when.replace("~", "~\n")
    how = ", ".join(filter(None, (one.order, one.transport)))
    where = "\n".join(filter(None, (one.destination, one.purpose, how)))
    return (str(nth), when, where, one.scope, one.amount)


def _cells(texts: tuple[str, ...]) -> tuple[model.Cell, ...]:
    return tuple(model.Cell(text=text) for text in texts)


def _table(worked: Worked) -> model.Table:
    rows = [("항목", "산출"), *((one.says, one.shown) for one in worked.lines)]
    rows.append(("정산액", worked.total))
    return model.Table(
        columns=(model.Column(share=1.2, align="center"), model.Column(share=4.0)),
        rows=tuple(_cells(row) for row in rows),
    )
