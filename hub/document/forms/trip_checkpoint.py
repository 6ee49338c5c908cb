"""The trip log's checkpoint on paper: how long the log was, in figures, in its own text, as a QR.

Nothing here knows keys or signatures: the note is given, and is printed as it was signed.
"""

import datetime as dt
from typing import Annotated, Final

from pydantic import Field

from hub.document import flow, model

TITLE: Final = "출장 증빙 기록부 확인점"
QR_SIDE_MM: Final = 90.0
NOTE: Final = (
    "이 QR에는 서명한 글이 한 줄로 들어 있습니다(줄이 바뀌는 곳은 빈칸 하나). "
    "줄여 인쇄하거나 접지 마십시오."
)
ABOUT: Final = (
    "이 확인점은 출장 증빙 기록부에 그때까지 몇 건이 어떤 차례로 적혀 있었는지를 하나의 값으로 "
    "나타냅니다. 개인정보와 위치는 들어 있지 않습니다.",
    "이 종이를 서버가 아닌 곳에 보관하십시오. 나중에 기록이 바뀌거나, 지워지거나, 끼어들면 감사 "
    "담당자의 확인 프로그램이 이 값과 맞지 않는다고 알려 줍니다.",
    "위의 지문을 전화나 다른 종이로 받은 것과 네 글자씩 견주어 보십시오.",
)


class TripCheckpoint(model.Part):
    """What is printed."""

    office: model.Line = ""
    origin: model.GivenLine
    size: Annotated[int, Field(ge=0)]
    at: dt.datetime
    root: model.GivenLine
    fingerprint: model.GivenLine
    signed_by: tuple[model.GivenLine, ...] = Field(min_length=1, max_length=16)
    note: str = Field(max_length=4_096)


def filled(one: TripCheckpoint) -> model.Document:
    """Return it as a document."""
    return model.Document(
        form="report",
        office=one.office,
        title=TITLE,
        fields=(
            model.Entry(label="기록부", value=one.origin),
            model.Entry(label="때", value=f"{flow.day(one.at)} {one.at:%H:%M:%S} (한국 시각)"),
            model.Entry(label="기록 수", value=f"{one.size:,}건"),
            model.Entry(label="값(root)", value=one.root),
            model.Entry(label="지문", value=one.fingerprint),
            model.Entry(label="서명한 곳", value=", ".join(one.signed_by)[: model.MAX_LINE]),
        ),
        blocks=(
            *(model.Item(level=1, text=text) for text in ABOUT),
            model.Heading(text="서명한 글"),
            *(model.Paragraph(text=line) for line in one.note.splitlines() if line),
        ),
        tail=(model.Qr(text=in_one_line(one.note), side_mm=QR_SIDE_MM, caption=NOTE),),
        end_mark=False,
        summary=f"{one.origin} {one.size:,}건",
    )


def in_one_line(note: str) -> str:
    """The note as its QR has it: a code that is read by a phone shows one line."""
    return " ".join(line for line in note.splitlines() if line)
