"""사업자등록번호: ten digits and their check digit.

The arithmetic is in no law that was read: independent public sources agree on it (secondary), and
known numbers of real businesses fit. 000-00-00000 fits the sum too, and is refused by itself.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_WEIGHTS: Final = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_LAST_WEIGHTED: Final = 8
_BETWEEN: Final = re.compile(r"[\s\-‐-―−]")


class Wrong(StrEnum):
    """Why it is no business number."""

    LENGTH = "length"
    LETTERS = "letters"
    ZEROS = "zeros"
    CHECK = "check"


SAYS: Final = {
    Wrong.LENGTH: "숫자 10자리가 아닙니다.",
    Wrong.LETTERS: "숫자와 붙임표가 아닌 글자가 있습니다.",
    Wrong.ZEROS: "모두 0입니다.",
    Wrong.CHECK: "검증번호가 맞지 않습니다. 잘못 적은 자리가 있는지 보십시오.",
}


class NotANumber(Exception):
    """What was typed is no business number."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(SAYS[wrong])
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class BusinessNumber:
    """Ten digits that fit their check digit."""

    digits: str

    @property
    def written(self) -> str:
        """`124-81-00998`."""
        return f"{self.digits[:3]}-{self.digits[3:5]}-{self.digits[5:]}"

    def __str__(self) -> str:
        return self.written


def read(text: str) -> BusinessNumber:
    """The number in `text`, with or without hyphens, in digits of any width. Raises NotANumber."""
    digits = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    if not (digits.isascii() and digits.isdigit()):
        raise NotANumber(Wrong.LETTERS if digits else Wrong.LENGTH)
    if len(digits) != len(_WEIGHTS) + 1:
        raise NotANumber(Wrong.LENGTH)
    if not digits.strip("0"):
        raise NotANumber(Wrong.ZEROS)
    if check_digit(digits[:-1]) != int(digits[-1]):
        raise NotANumber(Wrong.CHECK)
    return BusinessNumber(digits)


def check_digit(nine: str) -> int:
    """The tenth digit that fits these nine."""
    products = [int(digit) * weight for digit, weight in zip(nine, _WEIGHTS, strict=True)]
    total = sum(products) + products[_LAST_WEIGHTED] // 10
    return -total % 10
