"""Bytes and text of strangers, as text that a person can be shown: nothing in it acts, all is seen.

What has no shape of its own (controls, marks that turn the direction of writing, spaces of no
width, halves of letters) is written as ⟨U+202E⟩, a byte that is no UTF-8 as ⟨FF⟩. The brackets
themselves are written so too: what stands in them was never sent. Who shows it in HTML escapes it.
"""

import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_MARKS: Final = frozenset({"Mn", "Me"})
_BRACKETS: Final = frozenset("⟨⟩")
_MARKS_IN_A_ROW: Final = 2  # more are a tower over the lines above and below
_BLANK: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters that are drawn as nothing


def of_bytes(raw: bytes) -> str:
    """UTF-8 as it is; what is none of it, byte by byte."""
    text = raw.decode("utf-8", "surrogateescape")
    return "".join(_byte(c) if "\udc80" <= c <= "\udcff" else c for c in _shown(text))


def of_text(text: str) -> str:
    """Any text that Python holds."""
    return "".join(f"⟨U+{ord(c):04X}⟩" if "\ud800" <= c <= "\udfff" else c for c in _shown(text))


def _byte(surrogate: str) -> str:
    return f"⟨{ord(surrogate) - 0xDC00:02X}⟩"


def _shown(text: str) -> list[str]:
    """Letter by letter; halves of letters are left to the caller."""
    shown: list[str] = []
    marks = 0
    for c in text:
        kind = unicodedata.category(c)
        marks = marks + 1 if kind in _MARKS else 0
        seen = kind == "Cs" or not (
            kind in _UNSEEN or c in _BRACKETS or c in _BLANK or marks > _MARKS_IN_A_ROW
            or (kind == "Zs" and c != " ")
        )  # fmt: skip
        shown.append(c if seen else f"⟨U+{ord(c):04X}⟩")
    return shown
