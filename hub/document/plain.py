"""A document as text, to paste into 온나라 and other programs that take only text.

Columns are parted by tabs, so that a table pasted into a spreadsheet is one again.
"""

from typing import Final

from hub.document import flow, model
from hub.document.flow import Attached, Closing, Code, Grid, Head, Piece, Stamps, Words

INDENT: Final = "  "  # two half-width spaces a level (편람)


def drawn(document: model.Document) -> str:
    """Return the document as lines of text, with a line break at the end."""
    return "\n".join(line for piece in flow.pieces(document) for line in _lines(piece)) + "\n"


def _lines(piece: Piece) -> list[str]:
    match piece:
        case Head():
            return _head(piece)
        case Words():
            return _words(piece)
        case Grid():
            return _grid(piece)
        case Code():
            beside = _closing(piece.beside) if piece.beside else []
            return [*beside, "", *piece.lines, piece.text]
        case Stamps():
            return [_stamps(piece), ""]
        case Closing():
            return _closing(piece)
        case Attached():
            return ["", *_attached(piece)]


def _head(head: Head) -> list[str]:
    stamps = [_stamps(head.stamps), ""] if head.stamps else []
    fields = [f"{label}  {value}".rstrip() for label, value in head.fields]
    if head.form == "letter":
        office = [head.office, ""] if head.office else []
        return [*stamps, *office, *fields, f"제목  {head.title}", ""]
    return [*stamps, head.title, "", *fields, ""]


def _words(words: Words) -> list[str]:
    left = INDENT * words.indent
    hang = left + " " * (_half_widths(words.mark) + 1 if words.mark else 0)
    mark = f"{words.mark} " if words.mark else ""
    first, *more = words.lines
    apart = [""] if words.role in ("heading", "sender") else []
    return [*apart, f"{left}{mark}{first}", *(hang + line for line in more)]


def _half_widths(text: str) -> int:
    return sum(1 if one.isascii() else 2 for one in text)


def _grid(grid: Grid) -> list[str]:
    rows = [[""] * len(grid.shares) for _ in range(grid.rows)]
    for box in grid.boxes:
        rows[box.row][box.column] = " ".join(box.lines)
    caption = [grid.caption] if grid.caption else []
    return [*caption, *("\t".join(row) for row in rows)]


def _stamps(stamps: Stamps) -> str:
    boxes = (
        " ".join(filter(None, (s.post, s.name, s.note, s.on))) for row in stamps.rows for s in row
    )
    return "결재: " + ", ".join(boxes)


def _closing(closing: Closing) -> list[str]:
    people = [" ".join(filter(None, person)) + " (서명)" for person in closing.people]
    return ["", *filter(None, (closing.sentence, closing.on, *people, closing.to))]


def _attached(attached: Attached) -> list[str]:
    return [
        ("붙임  " if nth == 0 else " " * 6) + (f"{number} " if number else "") + name
        for nth, (number, name) in enumerate(attached.numbered)
    ]
