"""A document as PDF/A-2a: archivable, tagged for screen readers, with its Korean fonts inside.

typst sets it from `page.typ`. The document goes in as JSON and is only ever shown as text; there
are no files it could read and no network. The same document gives the same bytes.
"""

import datetime as dt
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from hub.document import flow, fonts, model, qr

TEMPLATE: Final = Path(__file__).with_name("page.typ")
ARCHIVAL: Final = "a-2a"


def drawn(document: model.Document, made_at: dt.datetime) -> bytes:
    """Return the document as a PDF whose date is `made_at`.

    A letter that no font of ours has is drawn as 〓: `fonts.missing` names them beforehand.
    """
    compiler = typst.Compiler(
        TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_given(document), ensure_ascii=False)},
    )
    out = compiler.compile(format="pdf", pdf_standards=[ARCHIVAL], timestamp=made_at)
    if not isinstance(out, bytes):
        raise TypeError("typst gave no PDF")
    return out


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.folder())]
    )


def _given(document: model.Document) -> dict[str, Any]:
    page = document.page
    about = {
        "title": document.title,
        "office": document.office,
        "summary": document.summary,
        "keywords": document.keywords,
    }
    paper = page.model_dump() | {"width_mm": page.width_mm, "height_mm": page.height_mm}
    pieces = [_piece(piece) for piece in flow.pieces(document)]
    return _printable(about) | {"page": paper, "pieces": pieces}


def _piece(piece: flow.Piece) -> dict[str, Any]:
    given = _printable(asdict(piece))
    match piece:
        case flow.Code():
            return given | {"svg": qr.svg(piece.text)}
        case flow.Attached():
            return given | {"numbered": _printable(piece.numbered)}
        case _:
            return given


def _printable(value: Any) -> Any:
    match value:
        case str():
            return fonts.printable(value)
        case dict():
            return {name: _printable(one) for name, one in value.items()}
        case list() | tuple():
            return [_printable(one) for one in value]
        case _:
            return value
