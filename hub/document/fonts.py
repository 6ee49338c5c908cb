"""The Korean fonts that a PDF carries, and which letters they have.

Noto Serif KR for reading, Noto Sans KR for heads (SIL Open Font License 1.1), from a package that
holds nothing else: the same on every machine, whatever is installed there. See decision 0221.
"""

import struct
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Final

import pylopdf_fonts_ko

SERIF: Final = "Noto Serif KR"
SANS: Final = "Noto Sans KR"
MISSING: Final = "〓"  # what printers set for a letter that they do not have
NEEDS_NO_GLYPH: Final = "\n\u200c\u200d"


def folder() -> Path:
    """Where the fonts lie."""
    return pylopdf_fonts_ko.serif_path().parent


def printable(text: str) -> str:
    """Return `text` with 〓 for each letter that no font of ours can draw."""
    return "".join(one if _is_drawable(one) else MISSING for one in text)


def missing(text: str) -> str:
    """Return the letters of `text` that no font of ours can draw, each once, in order."""
    return "".join(one for one in dict.fromkeys(text) if not _is_drawable(one))


def _is_drawable(one: str) -> bool:
    return one in NEEDS_NO_GLYPH or any(_has(ranges, ord(one)) for ranges in _all_ranges())


def _has(ranges: tuple[list[int], list[int]], letter: int) -> bool:
    firsts, lasts = ranges
    at = bisect_right(firsts, letter) - 1
    return at >= 0 and letter <= lasts[at]


@cache
def _all_ranges() -> list[tuple[list[int], list[int]]]:
    return [_ranges(path) for path in (pylopdf_fonts_ko.serif_path(), pylopdf_fonts_ko.sans_path())]


def _ranges(font: Path) -> tuple[list[int], list[int]]:
    """Return first and last letters of each range in the font's `cmap`, format 12 (OpenType)."""
    data = font.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4s4xII", data, 12 + 16 * n) for n in range(tables))
    cmap = next(offset for tag, offset, _ in records if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", data, cmap + 2)
    offsets = (struct.unpack_from(">4xI", data, cmap + 4 + 8 * n)[0] for n in range(subtables))
    full = next(cmap + at for at in offsets if struct.unpack_from(">H", data, cmap + at)[0] == 12)
    (groups,) = struct.unpack_from(">I", data, full + 12)
    ranges = [struct.unpack_from(">III", data, full + 16 + 12 * n) for n in range(groups)]
    return [first for first, _, _ in ranges], [last for _, last, _ in ranges]
