"""Documents to draw: one trip report as an office writes it, and whatever anybody could send."""

import datetime as dt
from typing import Any, Final

from hypothesis import strategies as st

from hub.document import model
from hub.document.forms import trip_report

MADE_AT: Final = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
KST: Final = dt.timezone(dt.timedelta(hours=9))
BASE45: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
HOSTILE: Final = (
    "\x00\x01\x08\x0b\x0c\x1b\x7f\x85",
    "\ud800 혼자 남은 대리 \udfff",
    "\ufffe\uffff",
    "\u202e거꾸로\u202c \u2066안\u2069",
    '#set page(width: 1pt); #read("/etc/passwd") $x$ *굵게* _기울임_ `raw` @ref <label> //주석 \\',
    "]] } ) #panic() \\u{1f} ~ -- --- ... http://example.com/",
    "<hp:t>안</hp:t><!--x--> ]]> &amp; &#0; <?xml?> \"'",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "가" * 400,
    "A" * 400,
    "😀👩‍👩‍👧‍👦🇰🇷",
    "ᄒᆞᆫ글 ᄀᆞᄂᆞᆫ 나랏말ᄊᆞ미",
    "漢字 鱉 \u3000전각 칸",
    "a\u0301" + "\u0301" * 50,
    "\n\n\n",
    "   ",
    "",
)
ALIGNED: Final[tuple[model.Align, ...]] = ("left", "center", "right")
PLAIN_LETTERS: Final = "가나다라마바사아자차카타파하 출장복명서 확인 0123456789 ABCxyz.,"


def tp2(length: int = 222) -> str:
    """A pointer as long as a real one: 148 bytes in base45, with its prefix."""
    return "TP2:" + "".join(BASE45[(n * n * 7 + n * 3 + 5) % 45] for n in range(length))


def at(hour: int, minute: int = 0) -> dt.datetime:
    """A time of the day of the trip, in Seoul."""
    return dt.datetime(2026, 11, 20, hour, minute, tzinfo=KST)


def report(**changed: Any) -> trip_report.TripReport:
    """A report of a day with three visits."""
    given: dict[str, Any] = {
        "office": "가람시",
        "order": "2026-도로과-0412",
        "travellers": (
            {"department": "도로과", "post": "지방행정주사보", "name": "김하늘"},
            {"department": "도로과", "post": "지방시설서기", "name": "박바다"},
        ),
        "begins": at(9),
        "ends": at(18),
        "destination": "도청, 도로공사 지역본부",
        "purpose": "국도 우회도로 개설 사업비 협의",
        "transport": "공무 차량",
        "visits": (
            {
                "at": at(10, 12), "place": "도청 도로교통과",
                "business": "2027년 도비 보조 협의", "met": "이상호 팀장",
                "shown_by": "touch", "grade": "A",
            },
            {
                "at": at(13, 40), "place": "도로공사 지역본부",
                "business": "접속부 설계 협의 및 현장 확인", "met": "정은지 차장",
                "shown_by": "touch", "grade": "B",
            },
            {
                "at": at(16, 5), "place": "2공구 현장사무소",
                "business": "보상 지연 구간 확인", "met": "최민수 소장", "shown_by": "paper",
            },
        ),
        "remarks": (
            "도비 보조는 2027년 본예산에 금1,200,000,000원(금일십이억원) 반영을 요청하였고, "
            "도로교통과는 12월 조정 회의에 올리기로 함.",
            "설계 변경 도면은 2026. 12. 4.까지 받기로 함.",
        ),
        "requests": ("사업비 증가분을 제1회 추경에 반영할 필요가 있음.",),
        "attachments": ("협의 결과 서명부 1부.", "현장 사진 4장."),
        "qr": tp2(),
        "reported_on": dt.date(2026, 11, 21),
        "signers": ({"post": "담당", "name": "김하늘"}, {"post": "과장", "note": "전결"}),
        "to": "가람시장 귀하",
    }  # fmt: skip
    return trip_report.TripReport.model_validate(given | changed)


def plain_text(most: int = 60) -> st.SearchStrategy[str]:
    """Words that every font has and every reader gives back."""
    return st.text(PLAIN_LETTERS, min_size=1, max_size=most).filter(str.strip)


def any_text(most: int = 80) -> st.SearchStrategy[str]:
    """Whatever anybody could send."""
    letters = st.characters(exclude_categories=())  # surrogates too
    return st.one_of(
        st.text(letters, max_size=most), st.sampled_from(HOSTILE).map(lambda s: s[:most])
    )


@st.composite
def tables(
    draw: st.DrawFn, texts: st.SearchStrategy[str], *, tall_cells: bool = True
) -> model.Table:
    """A table whose rows are cut into cells anywhere; a cell may span its last two rows."""
    wide = draw(st.integers(1, 5))
    rows: list[list[model.Cell]] = []
    for _ in range(draw(st.integers(1, 6))):
        spans: list[int] = []
        while sum(spans) < wide:
            spans.append(draw(st.integers(1, wide - sum(spans))))
        rows.append([model.Cell(text=draw(texts), columns=span) for span in spans])
    head = draw(st.integers(0, min(2, len(rows) - 1)))
    if tall_cells and wide > 1 and len(rows) - head >= 2 and draw(st.booleans()):
        tall = model.Cell(text=draw(texts), rows=2)
        rows[-2] = [tall, model.Cell(text=draw(texts), columns=wide - 1)]
        rows[-1] = [model.Cell(text=draw(texts), columns=wide - 1)]
    columns = tuple(
        model.Column(share=draw(st.integers(1, 5)), align=draw(st.sampled_from(ALIGNED)))
        for _ in range(wide)
    )
    return model.Table(columns=columns, rows=tuple(map(tuple, rows)), head_rows=head)


@st.composite
def documents(
    draw: st.DrawFn, texts: st.SearchStrategy[str], *, tall_cells: bool = True
) -> model.Document:
    """A document of any blocks; its texts are drawn from `texts`."""
    lines = texts.map(lambda text: text[:100])
    given = lines.map(lambda text: f"제{text}")  # never empty
    level = 0
    blocks: list[model.Block] = []
    for _ in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(["item", "item", "paragraph", "heading", "table"]))
        if kind == "item":
            level = draw(st.integers(1, min(level + 1, 8)))
            blocks.append(model.Item(level=level, text=draw(texts), bold=draw(st.booleans())))
        elif kind == "paragraph":
            align = draw(st.sampled_from(ALIGNED))
            blocks.append(model.Paragraph(text=draw(texts), align=align))
        elif kind == "heading":
            blocks.append(model.Heading(text=draw(given)))
        else:
            blocks.append(draw(tables(texts, tall_cells=tall_cells)))
    signature = model.Signature(
        sentence=draw(lines), on=draw(st.none() | st.dates()),
        people=(model.Signed(role=draw(lines), name=draw(given)),), to=draw(lines),
    )  # fmt: skip
    side_mm = draw(st.sampled_from([80.0, 150.0]))
    code = model.Qr(text=tp2(), side_mm=side_mm, caption=draw(texts), beside=signature)
    stamped = model.Approval(signers=(model.Signer(post=draw(given), name=draw(lines)),))
    return model.Document(
        form=draw(st.sampled_from(["letter", "report"])),
        office=draw(lines),
        title=draw(given),
        fields=tuple(
            model.Entry(label=draw(given), value=draw(lines))
            for _ in range(draw(st.integers(0, 3)))
        ),
        approval=draw(st.none() | st.just(stamped)),
        blocks=tuple(blocks),
        attachments=tuple(draw(st.lists(given, max_size=3))),
        end_mark=draw(st.booleans()),
        sender=draw(lines),
        tail=draw(st.sampled_from([(), (signature,), (code,)])),
        summary=draw(lines),
        keywords=tuple(draw(st.lists(given, max_size=2))),
        page=model.Page(
            landscape=draw(st.booleans()),
            numbers=draw(st.sampled_from(["none", "page", "total-page"])),
        ),
    )
