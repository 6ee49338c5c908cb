"""A letter as a document: 두문, 본문, 결문 of 별지 제1호서식, or the 간이기안문 of 별지 제2호서식.

Marks are drawn anew from the levels of the items, so that what is drawn is numbered as the law
has it; everything else stands as it was typed, and 끝 only where it was typed.
"""

from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError

from hub.automation.letters import ending, items
from hub.automation.letters.letter import Letter, Signer
from hub.automation.letters.sheet import Line, Part, Sheet
from hub.document import flow, model
from hub.document.errors import MalformedDocument, in_korean

UNTITLED: Final = "(제목 없음)"
WIDE: Final = "\u3000"
"""A space as wide as a letter: none of our renderers takes it away at the beginning of a line."""
ABSENT_MOST: Final = 20


def composed(letter: Letter) -> model.Document:
    """Return the letter as a document. Raises MalformedDocument where it is too large for one."""
    sheet = Sheet(letter.body)
    try:
        blocks = tuple(_blocks(sheet))
        return (_brief if letter.form == "brief" else _standard)(letter, sheet, blocks)
    except ValidationError as error:
        raise MalformedDocument(in_korean(error)) from error


def _standard(letter: Letter, sheet: Sheet, blocks: tuple[model.Block, ...]) -> model.Document:
    return model.Document(
        form="letter",
        office=letter.office,
        title=letter.title or UNTITLED,
        fields=tuple(_head(letter)),
        blocks=blocks,
        attachments=_attachments(sheet),
        end_mark=sheet.end is not None,
        sender="" if letter.is_internal else letter.sender,
        tail=tuple(_tail(letter)),
        summary=letter.summary,
        keywords=tuple(filter(None, letter.keywords)),
    )


def _brief(letter: Letter, sheet: Sheet, blocks: tuple[model.Block, ...]) -> model.Document:
    """생산등록번호, 등록일, 공개 구분 and 협조자 beside the 결재란, then a large title."""
    issued = flow.day(letter.issued_on) if letter.issued_on else ""
    cooperators = ", ".join(_who(one) for one in _of(letter, "cooperator"))
    fields = {
        "생산등록번호": letter.number,
        "등록일": issued,
        "공개 구분": letter.openness,
        "협조자": cooperators,
        **_about(letter),
    }
    signers = _boxes(letter)
    return model.Document(
        form="report",
        office=letter.office,
        title=letter.title or UNTITLED,
        fields=_entries(fields),
        approval=model.Approval(signers=signers) if signers else None,
        blocks=blocks,
        attachments=_attachments(sheet),
        end_mark=sheet.end is not None,
        tail=tuple(_issuer(letter)),
        summary=letter.summary,
        keywords=tuple(filter(None, letter.keywords)),
    )


def _issuer(letter: Letter) -> Iterator[model.Block]:
    if letter.office:
        yield model.Paragraph(text="")
        yield model.Paragraph(text=letter.office, align="center", bold=True)


def _head(letter: Letter) -> Iterator[model.Entry]:
    yield model.Entry(label="수신", value=_to(letter))
    yield model.Entry(label="(경유)", value=letter.via)
    yield from _entries(_about(letter))


def _to(letter: Letter) -> str:
    if letter.is_internal:
        return "내부결재"
    return "수신자 참조" if len(letter.recipients) > 1 else "".join(letter.recipients)


def _about(letter: Letter) -> dict[str, str]:
    """문서요지 and 키워드, which stand on the page as in the metadata."""
    return {"문서요지": letter.summary, "키워드": ", ".join(filter(None, letter.keywords))}


def _entries(given: dict[str, str]) -> tuple[model.Entry, ...]:
    return tuple(
        model.Entry(label=label, value=value[: model.MAX_LINE])
        for label, value in given.items()
        if value
    )


def _blocks(sheet: Sheet) -> Iterator[model.Block]:
    """Items, tables and paragraphs, in order; a line that hangs under an item belongs to it."""
    marks = {one.nth_line: one for one in items.marked(sheet)}
    rows: list[str] = []
    open_item: model.Item | None = None
    for nth, line in sheet.of(Part.BODY, Part.TABLE, Part.BLANK):
        if rows and line.part is not Part.TABLE:
            yield _table(rows)
            rows = []
        text = _said(sheet, nth, line)
        if line.part is Part.TABLE:
            rows.append(text)
        hangs = open_item is not None and line.indent and text.strip() and nth not in marks
        if open_item is not None and not hangs:
            yield open_item
            open_item = None
        if nth in marks:
            one = marks[nth]
            own = text[one.text_start - line.start :]
            open_item = model.Item(level=one.depth, text=own, begins=one.begins)
        elif hangs and open_item is not None:
            more = f"{open_item.text}\n{text.strip()}"
            open_item = open_item.model_copy(update={"text": more})
        elif line.part is Part.BODY and text.strip():
            yield model.Paragraph(text=_led(text))
    if open_item is not None:
        yield open_item
    if rows:
        yield _table(rows)


def _said(sheet: Sheet, nth: int, line: Line) -> str:
    """The line without a 끝 on it: the document puts that in its place."""
    ends = [one for one in sheet.ends if one.nth_line == nth]
    return line.text[: ends[-1].gap_start - line.start] if ends else line.text


def _led(text: str) -> str:
    indent = len(text) - len(text.lstrip(" "))
    return WIDE * (indent // 2) + text.strip()


def _table(lines: list[str]) -> model.Table:
    """Rows of cells; short rows are filled up, and the first is the head."""
    rows = [line.split("\t") for line in lines]
    wide = max(map(len, rows))
    cells = tuple(
        tuple(model.Cell(text=text.strip()) for text in row + [""] * (wide - len(row)))
        for row in rows
    )
    columns = tuple(_column([row[nth] for row in cells]) for nth in range(wide))
    return model.Table(columns=columns, rows=cells, head_rows=1 if len(rows) > 1 else 0)


def _column(cells: list[model.Cell]) -> model.Column:
    """As wide as its longest text asks, within reason; numbers stand at the right."""
    longest = max(len(cell.text) for cell in cells)
    body = [cell.text for cell in cells[1:] if cell.text]
    are_numbers = bool(body) and all(one.replace(",", "").rstrip("원%").isdigit() for one in body)
    share = min(max(longest, 3), 24) / 4
    return model.Column(share=share, align="right" if are_numbers else "left")


def _attachments(sheet: Sheet) -> tuple[str, ...]:
    """What stands under 붙임; a line that goes on with a name is part of it."""
    return tuple(" ".join(one.text.strip() for one in lines) for lines in ending.entries(sheet))


def _tail(letter: Letter) -> Iterator[model.Block]:
    if not letter.is_internal and len(letter.recipients) > 1:
        yield model.Paragraph(text="수신자  " + ", ".join(letter.recipients))
    signers = _boxes(letter)
    if signers:
        yield model.Approval(signers=signers)
    cooperators = _of(letter, "cooperator")
    if cooperators:
        yield model.Paragraph(text="협조자  " + ", ".join(_who(one) for one in cooperators))
    yield from (model.Paragraph(text=line) for line in _closing(letter) if line)


def _closing(letter: Letter) -> Iterator[str]:
    """시행, 접수 and where the office is: what 시행규칙 제4조제6항 lists."""
    issued = f"({flow.day(letter.issued_on)})" if letter.issued_on else ""
    yield _joined(("시행", letter.number + issued), ("접수", letter.received))
    place = " ".join(filter(None, (letter.postcode, letter.address)))
    yield " / ".join(filter(None, (f"우 {place}" if place else "", letter.website)))
    reached = _joined(("전화", letter.phone), ("팩스", letter.fax))
    yield " / ".join(filter(None, (reached, letter.email, letter.openness)))


def _joined(*named: tuple[str, str]) -> str:
    return "  ".join(f"{label} {value}" for label, value in named if value)


def _of(letter: Letter, role: str) -> list[Signer]:
    return [one for one in letter.signers if one.role == role]


def _boxes(letter: Letter) -> tuple[model.Signer, ...]:
    """One box for each who signs; none for who does not once 전결 is said (제7조제4항)."""
    boxes: list[model.Signer] = []
    is_decided = False
    for one in letter.signers:
        if one.role == "cooperator" or (is_decided and one.decision != "대결"):
            continue
        is_decided = is_decided or (one.role == "decider" and bool(one.decision))
        boxes.append(_box(one))
    return tuple(boxes)


def _box(one: Signer) -> model.Signer:
    role = {"drafter": "기안자", "reviewer": "검토자", "decider": "결재권자"}[one.role]
    note = " ".join(filter(None, (one.decision, one.absent[:ABSENT_MOST])))
    return model.Signer(post=_post(one) or role, name=one.name, note=note, on=one.on)


def _who(one: Signer) -> str:
    return " ".join(filter(None, (_post(one), one.name, one.absent[:ABSENT_MOST])))


def _post(one: Signer) -> str:
    """★주무관(의견 있음): marks before the post, another opinion after it (시행규칙 제6조)."""
    marks = ("★" if one.proposes else "") + ("⊙" if one.reports else "")
    return f"{marks}{one.post}{'(의견 있음)' if one.has_opinion else ''}"
