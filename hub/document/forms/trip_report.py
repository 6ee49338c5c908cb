"""출장복명서: where an official was, what came of it, and a QR that leads to the proofs.

The QR's text (`TP2:…`) is given by the caller; nothing here knows keys, logs or places. Visits
confirmed on paper or by photo stand in the same table as those with a touch: they are equal.
"""

import datetime as dt
from typing import Final, Literal

from pydantic import AwareDatetime, Field

from hub.document import flow, model
from hub.document.forms import travelling
from hub.document.forms.travelling import SEOUL, Travel, Traveller

__all__ = ["Traveller", "TripReport", "Visit", "filled"]

TITLE: Final = "출장복명서"
QR_SIDE_MM: Final = 80.0
SHOWN_BY: Final = {"touch": "원터치", "paper": "종이 확인", "photo": "현장 사진", "none": "-"}
NOTE: Final = (
    "이 QR은 출장 증빙을 확인하는 데 씁니다. 감사 담당자가 읽으면 증빙 건수와 가장 낮은 등급, "
    "기록이 나중에 바뀌지 않았는지를 알 수 있습니다. 좌표는 들어 있지 않습니다. "
    "줄여 인쇄하거나 QR 위를 접지 마십시오."
)


class Visit(model.Part):
    """One row: when, where, for what, whom, and how it is shown."""

    at: AwareDatetime | dt.date
    """A day alone where no minute is known."""
    place: model.GivenLine
    business: model.Line = ""
    met: model.Line = ""
    shown_by: Literal["touch", "paper", "photo", "none"] = "none"
    grade: Literal["", "A", "B", "C"] = ""


class TripReport(Travel):
    """What is filled in."""

    order: model.GivenLine
    visits: tuple[Visit, ...] = Field(default=(), max_length=200)
    remarks: tuple[model.Text, ...] = Field(default=(), max_length=100)
    requests: tuple[model.Text, ...] = Field(default=(), max_length=100)
    qr: model.QrText | None = None
    reported_on: dt.date


def filled(report: TripReport) -> model.Document:
    """Return the report as a document."""
    return model.Document(
        form="report",
        office=report.office,
        title=TITLE,
        fields=travelling.fields(report, report.order),
        approval=travelling.approval(report),
        blocks=tuple(_body(report)),
        attachments=report.attachments,
        tail=_tail(report),
        summary=f"{report.destination} 출장 결과: {report.purpose}"[: model.MAX_LINE],
        keywords=("출장", "복명서", report.order),
    )


def _body(report: TripReport) -> list[model.Block]:
    blocks: list[model.Block] = []
    if report.visits:
        blocks += [_part("방문 내역"), _table(report.visits)]
    for name, items in (("복명 내용", report.remarks), ("건의 사항", report.requests)):
        if items:
            blocks += [_part(name), *(model.Item(level=2, text=item) for item in items)]
    return blocks


def _part(name: str) -> model.Item:
    return model.Item(level=1, text=name, bold=True)


def _table(visits: tuple[Visit, ...]) -> model.Table:
    head = ("일시", "방문지", "용무", "만난 사람", "확인", "등급")
    shares = (1.7, 2.2, 2.6, 1.5, 1.1, 0.7)
    centred = ("일시", "만난 사람", "확인", "등급")
    return model.Table(
        columns=tuple(
            model.Column(share=share, align="center" if name in centred else "left")
            for name, share in zip(head, shares, strict=True)
        ),
        rows=(tuple(model.Cell(text=name) for name in head), *(_row(one) for one in visits)),
    )


def _row(visit: Visit) -> tuple[model.Cell, ...]:
    texts = (
        _when(visit.at), visit.place, visit.business, visit.met,
        SHOWN_BY[visit.shown_by], visit.grade or "-",
    )  # fmt: skip
    return tuple(model.Cell(text=text) for text in texts)


def _when(at: dt.datetime | dt.date) -> str:
    if not isinstance(at, dt.datetime):
        return flow.day(at)
    local = at.astimezone(SEOUL)
    return f"{flow.day(local)}\n{local:%H:%M}"


def _tail(report: TripReport) -> tuple[model.Block, ...]:
    closing = travelling.signature(report, "출장자", "위와 같이 복명합니다.", report.reported_on)
    if report.qr is None:
        return (closing,)
    return (model.Qr(text=report.qr, side_mm=QR_SIDE_MM, caption=NOTE, beside=closing),)
