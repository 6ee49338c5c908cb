"""A code is read from the page, and from an 8 cm print after two photocopies and a photograph."""

from typing import Any

import cv2
import numpy as np
import pytest

from hub.document import model, pdf, qr
from hub.document.forms import trip_report
from tests.hub.document import reading, samples

COPIER_DPI = 200
PHONE_PX_PER_COPIER_PX = 0.75
TIMES = 10  # 30 of 30 when it was written, for both
LONGEST = 486  # characters of a sealed proof (TP1): version 14, the most that 8 cm holds


def _page(text):
    document = trip_report.filled(samples.report(qr=text))
    return reading.pdf_pictures(pdf.drawn(document, samples.MADE_AT), dpi=COPIER_DPI)[-1]


def _photocopied(page: Any, rng: np.random.Generator) -> Any:
    """Blurred, a little askew, grey where it was white, specks and streaks, harder contrast."""
    high, wide = page.shape
    turn = cv2.getRotationMatrix2D(
        (wide / 2, high / 2), rng.uniform(-2.5, 2.5), rng.uniform(0.97, 1.0)
    )
    turned = cv2.warpAffine(page, turn, (wide, high), borderValue=255)
    blurred = cv2.GaussianBlur(turned, (0, 0), rng.uniform(0.8, 1.3)).astype(np.float32)
    grey = 128 + (blurred - 128) * 1.25 + rng.normal(0, 14, page.shape) + rng.uniform(-12, 4)
    specks = rng.random(page.shape)
    grey[specks < 0.0006], grey[specks > 0.9996] = 20, 235
    return np.clip(grey, 0, 255).astype(np.uint8)


def _photographed(page: Any, rng: np.random.Generator) -> Any:
    """Held at an angle, unevenly lit, out of focus, and saved as a JPEG of low quality."""
    high, wide = page.shape
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    moved = corners + rng.uniform(-0.03, 0.03, (4, 2)).astype(np.float32) * np.array(
        [wide, high], np.float32
    )
    view = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    seen = cv2.warpPerspective(page, view, (wide, high), borderValue=120)
    seen = cv2.resize(
        seen,
        None,
        fx=PHONE_PX_PER_COPIER_PX,
        fy=PHONE_PX_PER_COPIER_PX,
        interpolation=cv2.INTER_AREA,
    )
    light = np.linspace(rng.uniform(0.6, 0.8), 1.0, seen.shape[1], dtype=np.float32)
    lit = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.5, 0.9)) * light + rng.normal(
        0, 6, seen.shape
    )
    saved = cv2.imencode(
        ".jpg", np.clip(lit, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 40]
    )[1]
    return cv2.imdecode(saved, cv2.IMREAD_GRAYSCALE)


def test_the_code_is_read_from_the_rendered_page():
    for dpi in (100, 150, 300):
        document = trip_report.filled(samples.report())
        page = reading.pdf_pictures(pdf.drawn(document, samples.MADE_AT), dpi=dpi)[-1]
        assert reading.codes(page) == [samples.tp2()]


def test_the_code_is_8_cm_wide_with_its_quiet_zone_and_stands_on_white():
    page = reading.pdf_pictures(
        pdf.drawn(trip_report.filled(samples.report()), samples.MADE_AT), dpi=254
    )[-1]
    found = reading.zxingcpp.read_barcodes(page)[0].position
    modules = len(qr._made(samples.tp2()).matrix)
    wide_mm = (found.top_right.x - found.top_left.x) / 10
    assert wide_mm == pytest.approx(80 * modules / (modules + 2 * qr.QUIET_MODULES), abs=1.0)
    module_px = int(wide_mm / modules * 10)
    quiet = page[
        found.top_left.y - 3 * module_px : found.top_left.y - 2,
        found.top_left.x : found.top_right.x,
    ]
    assert quiet.min() > 250


@pytest.mark.parametrize(
    "text", [samples.tp2(), samples.tp2(LONGEST - 4)], ids=["TP2", "the longest"]
)
def test_the_code_survives_two_photocopies_and_a_photograph(text):
    page = _page(text)
    rng = np.random.default_rng(20261121)
    read = sum(
        reading.codes(_photographed(_photocopied(_photocopied(page, rng), rng), rng)) == [text]
        for _ in range(TIMES)
    )
    assert read >= TIMES - 1


def test_a_code_too_dense_for_its_print_is_refused():
    assert qr.legible(samples.tp2(LONGEST - 4), 80) >= qr.MIN_MODULE_MM
    with pytest.raises(ValueError, match="인쇄하면 읽히지 않습니다"):
        qr.legible(samples.tp2(LONGEST - 4), 70)
    with pytest.raises(ValueError, match="인쇄하면 읽히지 않습니다"):
        qr.legible("가" * 2_000, 150)


def test_both_drawings_of_a_code_say_the_same():
    png = cv2.imdecode(np.frombuffer(qr.png("TP2:ABC"), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert png is not None
    assert reading.codes(png) == ["TP2:ABC"]
    assert min(png.shape) >= 6 * (len(qr._made("TP2:ABC").matrix) + 8)
    assert qr.svg("TP2:ABC").count("h1v1h-1z") == sum(map(sum, qr._made("TP2:ABC").matrix))


def test_a_document_with_the_code_alone_gives_it_back():
    document = model.Document(title="표", tail=(model.Qr(text="TP2:A B", side_mm=150),))
    page = reading.pdf_pictures(pdf.drawn(document, samples.MADE_AT), dpi=100)[0]
    assert reading.codes(page) == ["TP2:A B"]
