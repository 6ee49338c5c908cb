"""What a document is: one JSON value that HWPX, PDF, HTML and text are all drawn from.

Blocks follow one another as they are read. Items carry their level only: marks are given when
the document is drawn, so that moving an item renumbers the rest. Texts are plain: there is no
markup in them, and none is ever interpreted. Everything has a limit, because what is drawn here
may come from a form that anybody filled in.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from hub.document import numbering, qr, words
from hub.document.errors import MalformedDocument, in_korean

MAX_LINE: Final = 200  # characters
MAX_TEXT: Final = 10_000
MAX_CHARACTERS: Final = 200_000  # in a whole document: about 150 pages
MAX_BLOCKS: Final = 2_000
MAX_COLUMNS: Final = 20
MAX_ROWS: Final = 1_000
MAX_CELLS: Final = 5_000  # in a whole document
MAX_QR: Final = 20
MAX_QR_TEXT: Final = 1_000
MAX_SIGNERS: Final = 12
MAX_JSON_BYTES: Final = 4_000_000


def _checked(limit: int, text: str) -> str:
    if len(text) > limit:
        raise ValueError(f"{limit:,}자까지 쓸 수 있습니다(지금 {len(text):,}자).")
    return text


def _given(text: str) -> str:
    if not text:
        raise ValueError("비워 둘 수 없습니다.")
    return text


def _untouched(text: str) -> str:
    """Data, not words: what would have to be cleaned is refused, and no space is taken away."""
    if words.cleaned(text) != text or "\n" in text:
        raise ValueError("QR에 담을 수 없는 글자가 있습니다.")
    return text


def _line(text: object) -> object:
    return words.one_line(text) if isinstance(text, str) else text


def _text(text: object) -> object:
    return words.cleaned(text) if isinstance(text, str) else text


Line = Annotated[str, BeforeValidator(_line), AfterValidator(lambda s: _checked(MAX_LINE, s))]
GivenLine = Annotated[Line, AfterValidator(_given)]
Text = Annotated[str, BeforeValidator(_text), AfterValidator(lambda s: _checked(MAX_TEXT, s))]
QrText = Annotated[
    str, AfterValidator(_given), AfterValidator(lambda s: _checked(MAX_QR_TEXT, s)),
    AfterValidator(_untouched),
]  # fmt: skip
Align = Literal["left", "center", "right"]


class Part(BaseModel):
    """A part of a document: frozen, and a name it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(Part):
    """One line of the head: 수신, 경유, 보고자 and the like."""

    label: GivenLine
    value: Line = ""


class Heading(Part):
    """A heading without a mark."""

    block: Literal["heading"] = "heading"
    text: GivenLine


class Paragraph(Part):
    """Free text; line breaks are kept."""

    block: Literal["paragraph"] = "paragraph"
    text: Text
    align: Align = "left"
    bold: bool = False


class Item(Part):
    """An item. Its mark comes from its level and its place; the first item has level 1.

    `begins`: a list of its own begins with it, under a heading like □, and is numbered anew.
    """

    block: Literal["item"] = "item"
    level: int = Field(ge=1, le=numbering.LEVELS)
    text: Text
    bold: bool = False
    begins: bool = False


class Cell(Part):
    """A cell, and how many columns and rows it spans."""

    text: Text = ""
    columns: int = Field(default=1, ge=1, le=MAX_COLUMNS)
    rows: int = Field(default=1, ge=1, le=MAX_ROWS)
    align: Align | None = None  # None: as its column
    bold: bool = False


class Column(Part):
    """A column: its share of the width, and how its cells stand."""

    share: float = Field(default=1.0, ge=0.1, le=100.0, allow_inf_nan=False)
    align: Align = "left"


class Table(Part):
    """A table. A row lists the cells that begin in it, as HTML does; together they fill the grid.

    `head_rows` are repeated on every page.
    """

    block: Literal["table"] = "table"
    caption: Line = ""
    columns: tuple[Column, ...] = Field(min_length=1, max_length=MAX_COLUMNS)
    rows: tuple[tuple[Cell, ...], ...] = Field(min_length=1, max_length=MAX_ROWS)
    head_rows: int = Field(default=1, ge=0, le=10)

    @model_validator(mode="after")
    def _fills_the_grid(self) -> Self:
        for _ in places(self):
            pass
        return self


class Signer(Part):
    """One box of the 결재란. `note`: 전결, 대결, (의견 있음); `on`: when it was signed."""

    post: GivenLine
    name: Line = ""
    note: Line = ""
    on: dt.date | None = None


class Approval(Part):
    """The 결재란, at the right. No box is made for who does not sign (시행규칙 제7조)."""

    block: Literal["approval"] = "approval"
    signers: tuple[Signer, ...] = Field(min_length=1, max_length=MAX_SIGNERS)


class Signed(Part):
    """Who signs at the end: role (복명자), post (행정7급), name."""

    role: Line = ""
    post: Line = ""
    name: GivenLine


class Signature(Part):
    """A sentence, the day, and who signs: 위와 같이 복명합니다."""

    block: Literal["signature"] = "signature"
    sentence: Line = ""
    on: dt.date | None = None
    people: tuple[Signed, ...] = Field(default=(), max_length=MAX_SIGNERS)
    to: Line = ""  # ○○시장 귀하


class Qr(Part):
    """A QR code, `side_mm` wide with its quiet zone; `beside` and `caption` stand right of it."""

    block: Literal["qr"] = "qr"
    text: QrText
    side_mm: float = Field(default=80.0, ge=20.0, le=150.0, allow_inf_nan=False)
    caption: Text = ""
    beside: Signature | None = None

    @model_validator(mode="after")
    def _is_legible(self) -> Self:
        qr.legible(self.text, self.side_mm)
        return self


Block = Annotated[
    Heading | Paragraph | Item | Table | Qr | Approval | Signature,
    Field(discriminator="block"),
]


class Page(Part):
    """Paper and margins, in millimetres. A4 upright unless told (규정 제7조 제6항)."""

    landscape: bool = False
    top_mm: float = Field(default=15, ge=5, le=60)
    bottom_mm: float = Field(default=15, ge=10, le=60)
    left_mm: float = Field(default=20, ge=5, le=60)
    right_mm: float = Field(default=20, ge=5, le=60)
    numbers: Literal["none", "page", "total-page"] = "page"  # 시행규칙 제18조: 3-1, 3-2 …

    @property
    def width_mm(self) -> float:
        """The width of the paper."""
        return 297.0 if self.landscape else 210.0

    @property
    def height_mm(self) -> float:
        """The height of the paper."""
        return 210.0 if self.landscape else 297.0

    @property
    def text_width_mm(self) -> float:
        """The width between the margins."""
        return self.width_mm - self.left_mm - self.right_mm


class Document(Part):
    """A document of an office, whole.

    `letter` has the head of a 기안문: office, 수신, (경유), 제목. `report` has a large title and
    its fields in a table. `blocks` are the body, which ends with its attachments and 끝;
    `tail` follows that: signature, QR code, sender.
    """

    version: Literal[1] = 1
    form: Literal["letter", "report"] = "report"
    office: Line = ""
    title: GivenLine
    fields: tuple[Entry, ...] = Field(default=(), max_length=20)
    approval: Approval | None = None  # at the top
    blocks: tuple[Block, ...] = Field(default=(), max_length=MAX_BLOCKS)
    marks: Literal["numbers", "bullets"] = "numbers"
    attachments: tuple[GivenLine, ...] = Field(default=(), max_length=50)
    end_mark: bool = True
    sender: Line = ""
    tail: tuple[Block, ...] = Field(default=(), max_length=50)
    summary: Line = ""  # 문서요지, 규정 제5조 제2항
    keywords: tuple[GivenLine, ...] = Field(default=(), max_length=20)
    page: Page = Page()

    @model_validator(mode="after")
    def _is_of_a_size(self) -> Self:
        _measure(self)
        return self

    @model_validator(mode="after")
    def _items_go_down_one_level_at_a_time(self) -> Self:
        deepest = len(numbering.BULLETS) if self.marks == "bullets" else numbering.LEVELS
        for levels in levels_of_lists(self.blocks):
            last = 0
            for level, nth in zip(levels, numbering.numbered(levels), strict=True):
                if level > min(last + 1, deepest):
                    raise ValueError(f"{level}단계 항목이 바로 올 수 없는 자리에 있습니다.")
                if self.marks == "numbers":
                    numbering.mark(level, nth)
                last = level
        return self

    @model_validator(mode="after")
    def _tail_has_no_items(self) -> Self:
        if any(isinstance(block, Item) for block in self.tail):
            raise ValueError("항목은 본문에만 쓸 수 있습니다.")
        return self


def levels_of_lists(blocks: tuple[Block, ...]) -> list[list[int]]:
    """The levels of the items, in order, list by list: each is numbered from 1."""
    lists: list[list[int]] = [[]]
    for block in blocks:
        if isinstance(block, Item):
            if block.begins:
                lists.append([])
            lists[-1].append(block.level)
    return lists


class Place(BaseModel):
    """A cell and where it begins, counted from 0."""

    model_config = ConfigDict(frozen=True)

    row: int
    column: int
    cell: Cell


def places(table: Table) -> Iterator[Place]:
    """Yield every cell with its place, row by row. Raises ValueError where the grid is not full."""
    wide, high = len(table.columns), len(table.rows)
    taken = [[False] * wide for _ in range(high)]
    for row, cells in enumerate(table.rows):
        if not cells:  # Hancom Office drops such a row
            raise ValueError(f"표 {row + 1}행: 이 줄에서 시작하는 칸이 하나는 있어야 합니다.")
        for cell in cells:
            column = next((n for n, is_taken in enumerate(taken[row]) if not is_taken), wide)
            _take(taken, row, column, cell)
            if row < table.head_rows < row + cell.rows:
                raise ValueError(f"표 {row + 1}행: 머리 행의 칸이 본문까지 이어질 수 없습니다.")
            yield Place(row=row, column=column, cell=cell)
        if not all(taken[row]):
            raise ValueError(f"표 {row + 1}행: 칸이 모자랍니다({wide}칸이어야 합니다).")


def _take(taken: list[list[bool]], row: int, column: int, cell: Cell) -> None:
    if column + cell.columns > len(taken[row]) or any(taken[row][column : column + cell.columns]):
        raise ValueError(f"표 {row + 1}행: 칸이 {len(taken[row])}칸을 넘습니다.")
    if row + cell.rows > len(taken):
        raise ValueError(f"표 {row + 1}행: 아래로 합친 칸이 표보다 깁니다.")
    for line in taken[row : row + cell.rows]:
        line[column : column + cell.columns] = [True] * cell.columns


def _measure(document: Document) -> None:
    characters = sum(map(len, texts(document)))
    if characters > MAX_CHARACTERS:
        raise ValueError(
            f"문서 전체는 {MAX_CHARACTERS:,}자까지입니다(지금 {characters:,}자). 문서를 나누세요."
        )
    blocks = (*document.blocks, *document.tail)
    tables = [block for block in blocks if isinstance(block, Table)]
    cells = sum(len(row) for table in tables for row in table.rows)
    if cells > MAX_CELLS:
        raise ValueError(f"표의 칸은 모두 {MAX_CELLS:,}개까지입니다(지금 {cells:,}개).")
    if sum(isinstance(block, Qr) for block in blocks) > MAX_QR:
        raise ValueError(f"QR은 {MAX_QR}개까지 넣을 수 있습니다.")


def texts(part: Part) -> Iterator[str]:
    """Yield every text in `part`, in no order that matters."""
    for name in type(part).model_fields:
        yield from _texts_in(getattr(part, name))


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Part):
        yield from texts(value)
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts_in(one)


def read(data: bytes | str) -> Document:
    """Read a document from its JSON. Raises MalformedDocument, which says what is wrong where."""
    if len(data) > MAX_JSON_BYTES:
        raise MalformedDocument(f"문서 파일은 {MAX_JSON_BYTES // 1_000_000} MB까지입니다.")
    try:
        return Document.model_validate_json(data)
    except ValidationError as error:
        raise MalformedDocument(in_korean(error)) from error
