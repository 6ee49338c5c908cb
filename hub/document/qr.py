"""A QR code that survives an 8 cm print and a photocopy.

Error level M and a quiet zone of four modules, as ISO/IEC 18004 asks. What would need modules
smaller than `MIN_MODULE_MM` on paper is refused: measured, 6 pixels a module is where readers stop
failing, and 0.9 mm is that many at 170 dpi, which every office scanner has.
"""

import io
from functools import lru_cache
from typing import Final

import segno

PX_PER_MODULE: Final = 12
QUIET_MODULES: Final = 4
MIN_MODULE_MM: Final = 0.9
MAX_BYTES: Final = 2_000


def legible(text: str, side_mm: float) -> float:
    """Return the side of one module in millimetres. Raises ValueError where it is too small."""
    try:
        module_mm = side_mm / _modules(text)
    except segno.DataOverflowError:
        module_mm = 0.0
    if module_mm < MIN_MODULE_MM:
        raise ValueError(
            f"QR에 담을 글이 길어서 {side_mm:g} mm로 인쇄하면 읽히지 않습니다"
            f"({len(text)}자). 글을 줄이거나 크게 인쇄하세요."
        )
    return module_mm


def png(text: str) -> bytes:
    """Draw the code in black and white, `PX_PER_MODULE` pixels a module, with its quiet zone."""
    out = io.BytesIO()
    _made(text).save(out, kind="png", scale=PX_PER_MODULE, border=QUIET_MODULES)
    return out.getvalue()


def svg(text: str) -> str:
    """Draw the code as one filled path, so that no hairlines show between modules when printed."""
    rows = list(_made(text).matrix_iter(border=QUIET_MODULES))
    path = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'width="{side}" height="{side}"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def _modules(text: str) -> int:
    return len(_made(text).matrix) + 2 * QUIET_MODULES


@lru_cache(maxsize=64)
def _made(text: str) -> segno.QRCode:
    if len(text.encode()) > MAX_BYTES:
        raise segno.DataOverflowError("longer than any QR code")
    return segno.make_qr(text, error="m", boost_error=False)
