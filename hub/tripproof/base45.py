"""Base45 (RFC 9285): bytes in the alphabet that a QR code packs tightest."""

from typing import Final

from hub.tripproof.errors import MalformedProof

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
DIGIT: Final = {letter: value for value, letter in enumerate(ALPHABET)}


def encode(plain: bytes) -> str:
    """Two bytes to three letters, a last one to two."""
    letters = []
    for at in range(0, len(plain) - 1, 2):
        high, rest = divmod(plain[at] << 8 | plain[at + 1], 45 * 45)
        middle, low = divmod(rest, 45)
        letters += [ALPHABET[low], ALPHABET[middle], ALPHABET[high]]
    if len(plain) % 2:
        middle, low = divmod(plain[-1], 45)
        letters += [ALPHABET[low], ALPHABET[middle]]
    return "".join(letters)


def decode(text: str) -> bytes:
    """Read base45.

    Raises:
        MalformedProof: a letter of another alphabet, or a group that stands for no bytes.
    """
    try:
        digits = [DIGIT[letter] for letter in text]
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        return b"".join(map(_bytes, groups))
    except (KeyError, OverflowError) as error:
        raise MalformedProof("Not base45.") from error


def _bytes(group: list[int]) -> bytes:
    if len(group) == 1:
        raise MalformedProof("Not base45: one letter is left over.")
    value = sum(digit * 45**place for place, digit in enumerate(group))
    return value.to_bytes(len(group) - 1)
