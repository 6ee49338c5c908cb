"""What the QR codes say: `TP1:`, `TP2:` or `TP3:` and base45. Anything else is refused unread."""

from enum import StrEnum
from typing import Final

from hub.tripproof import base45, cbor
from hub.tripproof.errors import MalformedProof

MAX_CHARS: Final = 4 + (cbor.MAX_BYTES + 1) // 2 * 3
SEALED_FIRST_BYTE: Final = 0x83  # an array of three: to the hub. A COSE_Sign1 begins with 0xd2


class Code(StrEnum):
    """Which of the three."""

    SEALED = "TP1:"
    POINTER = "TP2:"
    CARRIED = "TP3:"


def text(code: Code, content: bytes) -> str:
    """The text of the QR code, all in its alphanumeric alphabet."""
    return code + base45.encode(content)


def read(scanned: str) -> tuple[Code, bytes]:
    """Which code it is, and its bytes, still unread.

    Raises:
        MalformedProof: it is none of the three; a link, for instance.
    """
    if len(scanned) > MAX_CHARS:
        raise MalformedProof("Too long for a code of ours.")
    for code in Code:
        if scanned.startswith(code):
            return code, base45.decode(scanned[len(code) :])
    raise MalformedProof("Not a code of ours: they begin with TP1:, TP2: or TP3:.")
