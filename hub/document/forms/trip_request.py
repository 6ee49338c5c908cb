"""출장신청서: who wants to travel, when, where and for what, before the order is given."""

import datetime as dt
from typing import Final

from pydantic import Field

from hub.document import model
from hub.document.forms import travelling
from hub.document.forms.travelling import Travel

TITLE: Final = "출장신청서"


class TripRequest(Travel):
    """What is filled in."""

    order: model.Line = ""
    remarks: tuple[model.Text, ...] = Field(default=(), max_length=50)
    cost: model.Line = ""
    budget_code: model.Line = ""
    requested_on: dt.date


def filled(request: TripRequest) -> model.Document:
    """Return the request as a document."""
    more = {"예상 여비": request.cost, "예산과목": request.budget_code}
    return model.Document(
        form="report",
        office=request.office,
        title=TITLE,
        fields=(*travelling.fields(request, request.order), *travelling.entries(more)),
        approval=travelling.approval(request),
        blocks=_body(request),
        attachments=request.attachments,
        tail=(
            travelling.signature(
                request, "신청자", "위와 같이 출장을 신청합니다.", request.requested_on
            ),
        ),
        summary=f"{request.destination} 출장 신청: {request.purpose}"[: model.MAX_LINE],
        keywords=("출장", "출장신청"),
    )


def _body(request: TripRequest) -> tuple[model.Block, ...]:
    if not request.remarks:
        return ()
    if len(request.remarks) == 1:  # one item has no mark
        return (model.Paragraph(text=request.remarks[0]),)
    return tuple(model.Item(level=1, text=one) for one in request.remarks)
