"""A document as HWPX, the format that offices exchange (OWPML, KS X 6101).

Written through python-hwpx alone; every save is checked by it for what Hancom Office refuses to
open. Fonts are named, not carried: 함초롬바탕 and 함초롬돋움 come with Hancom Office. The program
that opens the file breaks the lines, so pages may end elsewhere than in the PDF.
"""

import datetime as dt
from typing import Any, Final

from hub.document import flow, model, qr
from hub.document.flow import Attached, Closing, Code, Grid, Head, Piece, Stamp, Stamps, Words
from hub.document.hwpx_pen import Add, Pen, units

BODY_PT: Final = 11.0
CELL_PT: Final = 10.0
NOTE_PT: Final = 9.0
STAMP_PT: Final = 8.0  # so that a day fits its box
EM_MM: Final = BODY_PT * 25.4 / 72
LABEL_MM: Final = 30.0
ROOM_MM: Final = 60.0  # narrower than this, nothing is set beside a code
STAMP_MM: Final = (8.0, 24.0, 6.5, 14.0)  # the 결재 column, a box, its head's height, its own


def drawn(document: model.Document, made_at: dt.datetime) -> bytes:
    """Return the document as an HWPX file that says it was made at `made_at`."""
    pen = Pen(document.page)
    _about(pen, document, made_at)
    for piece in flow.pieces(document):
        _draw(pen, piece)
    return pen.doc.to_bytes()


def _about(pen: Pen, document: model.Document, made_at: dt.datetime) -> None:
    at = made_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    pen.doc.parts.clear_document_metadata(timestamp=at)  # the library's template names people
    pen.doc.parts.clear_preview()
    pen.doc.parts.set_document_metadata(
        title=document.title,
        creator=document.office,
        subject=document.summary,
        keyword=", ".join(document.keywords),
    )


def _draw(pen: Pen, piece: Piece) -> None:
    match piece:
        case Head():
            _head(pen, piece)
        case Words():
            _words(pen, piece)
        case Grid():
            _grid(pen, piece)
        case Code():
            _code(pen, piece)
        case Stamps():
            _stamps(pen, piece)
        case Closing():
            _closing(pen, pen.on_page, piece)
        case Attached():
            _attached(pen, piece)


def _head(pen: Pen, head: Head) -> None:
    if head.stamps:
        _stamps(pen, head.stamps)
    (_letter_head if head.form == "letter" else _report_head)(pen, head)


def _letter_head(pen: Pen, head: Head) -> None:
    if head.office:
        heavy = pen.letters(20, bold=True)
        pen.say(pen.on_page, (head.office,), heavy, alignment="CENTER", spacing_after_pt=16)
    for label, value in head.fields:
        pen.say(pen.on_page, (f"{label}  {value}",), pen.letters(BODY_PT), spacing_after_pt=3)
    heavy = pen.letters(BODY_PT, bold=True)
    line = {"sides": ("bottom",), "width": "0.4 mm"}
    paragraph = pen.say(pen.on_page, (f"제목  {head.title}",), heavy)
    pen.doc.styles.apply_paragraph_format(
        paragraphs=[paragraph], border=line, spacing_after_pt=8, line_spacing_percent=150
    )


def _report_head(pen: Pen, head: Head) -> None:
    heavy = pen.letters(22, bold=True)
    space = {"spacing_before_pt": 6, "spacing_after_pt": 12}
    pen.say(pen.on_page, (head.title,), heavy, alignment="CENTER", **space)
    if not head.fields:
        return
    share = LABEL_MM / pen.width_mm
    table = pen.table(len(head.fields), (share, 1 - share))
    for row, (label, value) in zip(table.rows, head.fields, strict=True):
        left, right = row.cells
        pen.say(pen.into(left), (label,), pen.letters(BODY_PT, sans=True), alignment="CENTER")
        pen.say(pen.into(right), (value,), pen.letters(BODY_PT), alignment="LEFT")
        _shade(pen, left)


def _words(pen: Pen, words: Words) -> None:
    size = {"heading": 12.5, "sender": 18.0}.get(words.role, BODY_PT)
    letters = pen.letters(size, bold=words.bold)
    shape: dict[str, Any] = {"alignment": words.align.upper()}
    if words.role in ("heading", "sender") or words.bold:
        shape |= {"spacing_before_pt": 8, "keep_with_next": words.role != "sender"}
    left_mm, first, *more = words.indent * EM_MM, *words.lines
    hang_mm = _mark_width_mm(words.mark) if words.mark else 0.0
    marked = f"{words.mark} {first}" if words.mark else first
    hanging = {"first_line_indent_mm": -hang_mm} if words.mark else {}
    pen.say(pen.on_page, (marked,), letters, indent_left_mm=left_mm, **hanging, **shape)
    pen.say(pen.on_page, more, letters, indent_left_mm=left_mm + hang_mm, **shape)


def _mark_width_mm(mark: str) -> float:
    """How wide a mark and the space after it are: half a character for what is not Hangul."""
    return (sum(1 if one.isascii() else 2 for one in mark) + 1) / 2 * EM_MM


def _grid(pen: Pen, grid: Grid) -> None:
    if grid.caption:
        small = pen.letters(NOTE_PT, sans=True)
        pen.say(pen.on_page, (grid.caption,), small, spacing_before_pt=6, keep_with_next=True)
    table = pen.table(grid.rows, grid.shares, flows=True)
    table.element.set("repeatHeader", "1" if grid.head_rows else "0")
    cells = [list(row.cells) for row in table.rows]
    widths = [cell.width for cell in cells[0]]
    for box in grid.boxes:
        cell = cells[box.row][box.column]
        _span(cells, box, sum(widths[box.column : box.column + box.columns]))
        letters = pen.letters(CELL_PT, bold=box.bold)
        pen.say(pen.into(cell), box.lines, letters, alignment=box.align.upper())
        if box.is_head:
            cell.element.set("header", "1")
            _shade(pen, cell)


def _span(cells: list[list[Any]], box: flow.Box, width: int) -> None:
    """Give the cell what it spans, and take away the cells that it covers."""
    if box.rows == box.columns == 1:
        return
    own = cells[box.row][box.column]
    own.set_span(box.rows, box.columns)
    own.set_size(width, own.height * box.rows)
    for row in cells[box.row : box.row + box.rows]:
        for cell in row[box.column : box.column + box.columns]:
            if cell is not own:
                cell.remove()


def _shade(pen: Pen, cell: Any) -> None:
    cell.element.set("borderFillIDRef", pen.border(shaded=True))


def _code(pen: Pen, code: Code) -> None:
    share = (code.side_mm + 4) / pen.width_mm
    if pen.width_mm - code.side_mm < ROOM_MM:
        _picture(pen, pen.on_page("", pen.letters(BODY_PT)), code)
        _beside(pen, pen.on_page, code)
        return
    table = pen.table(1, (share, 1 - share), lined=False)
    left, right = table.rows[0].cells
    _picture(pen, pen.into(left)("", pen.letters(BODY_PT)), code)
    _beside(pen, pen.into(right), code)


def _picture(pen: Pen, paragraph: Any, code: Code) -> None:
    item = pen.doc.media.add_image(qr.png(code.text), "png")
    side = units(code.side_mm)
    paragraph.add_picture(str(item), width=side, height=side)


def _beside(pen: Pen, add: Add, code: Code) -> None:
    if code.beside:
        _closing(pen, add, code.beside)
    note = pen.letters(NOTE_PT)
    pen.say(add, code.lines, note, alignment="LEFT", line_spacing_percent=130)


def _stamps(pen: Pen, stamps: Stamps) -> None:
    for row in stamps.rows:
        _stamp_row(pen, row)


def _stamp_row(pen: Pen, stamps: tuple[Stamp, ...]) -> None:
    first_mm, box_mm, head_mm, high_mm = STAMP_MM
    boxes = min(box_mm, (pen.width_mm - first_mm) / len(stamps))
    widths = [first_mm, *(boxes for _ in stamps)]
    anchor = pen.say(pen.on_page, ("",), pen.letters(1), alignment="RIGHT")
    table = anchor.add_table(
        2, len(widths), width=units(sum(widths)), border_fill_id_ref=pen.border()
    )
    table.set_column_widths(widths)
    pen.pad(table, x_mm=0.3, y_mm=0.3)
    top, bottom = (list(row.cells) for row in table.rows)
    small = pen.letters(NOTE_PT, sans=True)
    for cell, text in zip(top, ("결재", *(stamp.post for stamp in stamps)), strict=True):
        pen.say(pen.into(cell), (text,), small, alignment="CENTER")
        _shade(pen, cell)
    for cell, stamp in zip(bottom[1:], stamps, strict=True):
        lines = [line for line in (stamp.note, stamp.name, stamp.on) if line] or [""]
        pen.say(pen.into(cell), lines, pen.letters(STAMP_PT), alignment="CENTER")
    for row, row_mm in ((top, head_mm), (bottom, high_mm)):
        for cell in row:
            cell.set_size(height=units(row_mm))
    top[0].set_span(2, 1)
    top[0].set_size(height=units(head_mm + high_mm))
    bottom[0].remove()


def _closing(pen: Pen, add: Add, closing: Closing) -> None:
    body = pen.letters(BODY_PT)
    for line in (closing.sentence, closing.on):
        if line:
            pen.say(add, (line,), body, alignment="CENTER", spacing_before_pt=10)
    for person in closing.people:
        signed = "   ".join(part for part in (*person, "(서명)") if part)
        pen.say(add, (signed,), body, alignment="RIGHT", spacing_before_pt=8)
    if closing.to:
        heavy = pen.letters(13, bold=True)
        pen.say(add, (closing.to,), heavy, spacing_before_pt=12, spacing_after_pt=8)


def _attached(pen: Pen, attached: Attached) -> None:
    """붙임, two half spaces, then the names one under another."""
    label_mm, letters = EM_MM * 3, pen.letters(BODY_PT)
    for nth, (number, name) in enumerate(attached.numbered):
        own_mm = _mark_width_mm(number) if number else 0.0
        text = f"{number} {name}" if number else name
        left_mm, hang_mm = (label_mm, own_mm) if nth else (0.0, label_mm + own_mm)
        apart_pt = 0 if nth else 10
        pen.say(
            pen.on_page, (text if nth else f"붙임  {text}",), letters, alignment="LEFT",
            indent_left_mm=left_mm, first_line_indent_mm=-hang_mm, spacing_before_pt=apart_pt,
        )  # fmt: skip
