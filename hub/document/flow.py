"""From a document to what is drawn, in order: marks given, 끝 placed, tables laid on their grid.

All renderers draw these pieces and decide nothing else, so that HWPX, PDF, HTML and text say the
same in the same order. Left out: where a page ends, which only the paper knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, Literal

from hub.document import model, numbering

STAMPS_A_ROW: Final = 8
"""More boxes would be too narrow for the day of a signature."""
END: Final = "  끝."  # one character away: two half-width spaces (시행규칙 제4조 제5항)


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text, `indent` characters from the left; a mark hangs before the first."""

    role: Literal["heading", "paragraph", "item", "end", "sender"]
    lines: tuple[str, ...]
    mark: str = ""
    indent: int = 0
    align: model.Align = "left"
    bold: bool = False
    kind: Literal["words"] = "words"


@dataclass(frozen=True, slots=True)
class Box:
    """A cell at its place on the grid, counted from 0."""

    row: int
    column: int
    rows: int
    columns: int
    lines: tuple[str, ...]
    align: model.Align
    bold: bool
    is_head: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `shares` of the width sum to 1."""

    caption: str
    shares: tuple[float, ...]
    rows: int
    head_rows: int
    boxes: tuple[Box, ...]
    kind: Literal["grid"] = "grid"


@dataclass(frozen=True, slots=True)
class Stamp:
    """One box of the 결재란."""

    post: str
    name: str
    note: str
    on: str


@dataclass(frozen=True, slots=True)
class Stamps:
    """The 결재란. More than a line holds stand on two, as even as can be, and none is empty."""

    rows: tuple[tuple[Stamp, ...], ...]
    kind: Literal["stamps"] = "stamps"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the body."""

    form: Literal["letter", "report"]
    office: str
    title: str
    fields: tuple[tuple[str, str], ...]
    stamps: Stamps | None
    kind: Literal["head"] = "head"


@dataclass(frozen=True, slots=True)
class Closing:
    """A sentence, the day, who signs, and to whom."""

    sentence: str
    on: str
    people: tuple[tuple[str, str, str], ...]
    to: str
    kind: Literal["closing"] = "closing"


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code, and what stands right of it."""

    text: str
    side_mm: float
    lines: tuple[str, ...]
    beside: Closing | None = None
    kind: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Attached:
    """The attachments. One alone has no number."""

    names: tuple[str, ...]
    kind: Literal["attached"] = "attached"

    @property
    def numbered(self) -> tuple[tuple[str, str], ...]:
        """Each name with its number, which is empty where there is only one."""
        if len(self.names) == 1:
            return (("", self.names[0]),)
        return tuple((f"{nth}.", name) for nth, name in enumerate(self.names, 1))


Piece = Head | Words | Grid | Code | Stamps | Closing | Attached


def pieces(document: model.Document) -> tuple[Piece, ...]:
    """Return everything that is drawn, from the top of the first page to the end."""
    return tuple(chain(_above(document), _ended(document), _below(document)))


def day(on: object) -> str:
    """Return 2026. 9. 9., without noughts and with a space after each dot (편람)."""
    year, month, date = (getattr(on, name) for name in ("year", "month", "day"))
    return f"{year}. {month}. {date}."


def _above(document: model.Document) -> Iterator[Piece]:
    head = Head(
        document.form,
        document.office,
        document.title,
        tuple((entry.label, entry.value) for entry in document.fields),
        _stamps(document.approval) if document.approval else None,
    )
    yield head


def _below(document: model.Document) -> Iterator[Piece]:
    if document.sender:
        yield Words("sender", (document.sender,), align="center", bold=True)
    yield from (_drawn(block) for block in document.tail)


def _ended(document: model.Document) -> list[Piece]:
    body = _body(document)
    if document.attachments:
        body.append(Attached(document.attachments))
    if not document.end_mark:
        return body
    match body[-1:]:
        case [Attached(names)]:
            body[-1] = Attached((*names[:-1], names[-1] + END))
        case [Words(role="paragraph" | "item", lines=lines, align="left") as last]:
            body[-1] = replace(last, lines=(*lines[:-1], lines[-1] + END))
        case _:
            body.append(Words("end", (END,)))
    return body


def _body(document: model.Document) -> list[Piece]:
    marks = iter(_marks(document))
    return [
        _item(block, next(marks)) if isinstance(block, model.Item) else _drawn(block)
        for block in document.blocks
    ]


def _marks(document: model.Document) -> list[str]:
    lists = model.levels_of_lists(document.blocks)
    if document.marks == "bullets":
        return [numbering.BULLETS[level - 1] for levels in lists for level in levels]
    return [
        "" if _is_alone(levels, at) else numbering.mark(level, nth)
        for levels in lists
        for at, (level, nth) in enumerate(zip(levels, numbering.numbered(levels), strict=True))
    ]


def _is_alone(levels: list[int], at: int) -> bool:
    """An item without siblings has no mark (편람)."""
    level = levels[at]
    after = next((one for one in levels[at + 1 :] if one <= level), 0)
    before = next((one for one in reversed(levels[:at]) if one <= level), 0)
    return level not in (before, after)


def _item(item: model.Item, mark: str) -> Words:
    return Words("item", _lines(item.text), mark=mark, indent=item.level - 1, bold=item.bold)


def _drawn(block: model.Block) -> Piece:
    match block:
        case model.Heading():
            return Words("heading", (block.text,), bold=True)
        case model.Paragraph():
            return Words("paragraph", _lines(block.text), align=block.align, bold=block.bold)
        case model.Table():
            return _grid(block)
        case model.Qr():
            return _code(block)
        case model.Approval():
            return _stamps(block)
        case model.Signature():
            return _closing(block)
        case model.Item():
            return _item(block, "")


def _stamps(approval: model.Approval) -> Stamps:
    stamps = tuple(_stamp(signer) for signer in approval.signers)
    first = len(stamps) if len(stamps) <= STAMPS_A_ROW else (len(stamps) + 1) // 2
    return Stamps(tuple(filter(None, (stamps[:first], stamps[first:]))))


def _stamp(signer: model.Signer) -> Stamp:
    return Stamp(signer.post, signer.name, signer.note, day(signer.on) if signer.on else "")


def _code(block: model.Qr) -> Code:
    beside = _closing(block.beside) if block.beside else None
    return Code(block.text, block.side_mm, _lines(block.caption) if block.caption else (), beside)


def _closing(signature: model.Signature) -> Closing:
    return Closing(
        signature.sentence,
        day(signature.on) if signature.on else "",
        tuple((one.role, one.post, one.name) for one in signature.people),
        signature.to,
    )


def _grid(table: model.Table) -> Grid:
    whole = sum(column.share for column in table.columns)
    return Grid(
        table.caption,
        tuple(column.share / whole for column in table.columns),
        len(table.rows),
        table.head_rows,
        tuple(_box(table, place) for place in model.places(table)),
    )


def _box(table: model.Table, place: model.Place) -> Box:
    cell, is_head = place.cell, place.row < table.head_rows
    own = cell.align or ("center" if is_head else table.columns[place.column].align)
    return Box(
        place.row, place.column, cell.rows, cell.columns,
        _lines(cell.text), own, cell.bold or is_head, is_head,
    )  # fmt: skip


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))
