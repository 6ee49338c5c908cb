"""Ways to read again what was drawn, each by a library that had no part in drawing it."""

import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree as ET  # what is parsed here was drawn by ourselves

import pypdfium2
import zxingcpp

from hub.document import flow, model


def pdf_texts(pdf: bytes) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def pdf_pictures(pdf: bytes, dpi: int) -> list[Any]:
    """Each page as grey pixels."""
    scale: Any = dpi / 72  # pdfium takes fractions; its declared type does not
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            page.render(scale=scale, grayscale=True).to_numpy().squeeze().copy()
            for page in document
        ]


def codes(picture: Any) -> list[str]:
    """The texts of the QR codes in a picture."""
    found = zxingcpp.read_barcodes(
        picture, zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    )
    return [one.text for one in found if one.valid]


def squeezed(text: str) -> str:
    """Without white space: where lines break is the renderer's own affair."""
    return re.sub(r"\s+", "", text)


def missing_words(document: model.Document, text: str) -> list[str]:
    """The lines of the document that do not follow one another in `text`."""
    rest, missed = squeezed(text), []
    for line in filter(None, map(squeezed, lines(document))):
        before, found, after = rest.partition(line)
        if found:
            rest = after
        else:
            missed.append(f"{line!r} not in {before[:80]!r}")
    return missed


def lines(document: model.Document) -> list[str]:
    """Every line that is drawn, in order, with marks; without the 결재란, which stands beside."""
    return [line for piece in flow.pieces(document) for line in _lines(piece)]


def _lines(piece: flow.Piece) -> list[str]:
    match piece:
        case flow.Head(form="letter"):
            return [piece.office, *(word for field in piece.fields for word in field), piece.title]
        case flow.Head():
            return [piece.title, *(word for field in piece.fields for word in field)]
        case flow.Words():
            return [piece.mark, *piece.lines]
        case flow.Grid():
            return [piece.caption, *(line for box in piece.boxes for line in box.lines)]
        case flow.Code():
            return [*(_lines(piece.beside) if piece.beside else []), *piece.lines]
        case flow.Closing():
            people = [word for person in piece.people for word in person]
            return [piece.sentence, piece.on, *people, piece.to]
        case flow.Attached():
            return [word for named in piece.numbered for word in named]
        case _:
            return []


def hwpx_parts(hwpx: bytes) -> dict[str, ET.Element]:
    """Every XML part of the package, parsed."""
    with zipfile.ZipFile(io.BytesIO(hwpx)) as package:
        return {
            name: ET.fromstring(package.read(name))
            for name in package.namelist()
            if name.endswith((".xml", ".hpf", ".rdf"))
        }
