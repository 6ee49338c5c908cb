"""Marks of items, as 행정업무규정 시행규칙 제2조 제1항 orders them.

1. 가. 1) 가) (1) (가) ① ㉮, or □ ○ - ㆍ for reports. After 하 comes 거 (행정업무운영편람).
"""

from collections.abc import Iterable, Iterator
from typing import Final

SYLLABLES: Final = [
    chr(0xAC00 + (initial * 21 + vowel) * 28)
    for vowel in (0, 4, 8, 13, 18, 20)  # ㅏ ㅓ ㅗ ㅜ ㅡ ㅣ
    for initial in (0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 16, 17, 18)  # ㄱ ㄴ ㄷ … ㅎ, none doubled
]
CIRCLED: Final = [chr(0x2460 + n) for n in range(20)] + [chr(0x3251 + n) for n in range(15)]
CIRCLED_HANGUL: Final = [chr(0x326E + n) for n in range(14)]
NUMBERS: Final = ("{}.", "{}.", "{})", "{})", "({})", "({})", "{}", "{}")
BULLETS: Final = ("□", "○", "-", "ㆍ")
LEVELS: Final = len(NUMBERS)


class TooManyItems(ValueError):
    """There are more items side by side than there are marks: put some under another item."""


def mark(level: int, nth: int) -> str:
    """Return the mark of the `nth` (from 1) item at `level` (from 1). Raises TooManyItems."""
    names: list[str] | None = {7: CIRCLED, 8: CIRCLED_HANGUL}.get(level)
    if names is None and level % 2 == 0:
        names = SYLLABLES
    if names is None:
        return NUMBERS[level - 1].format(nth)
    if nth > len(names):
        raise TooManyItems(f"{level}단계 항목은 {len(names)}개까지 쓸 수 있습니다.")
    return NUMBERS[level - 1].format(names[nth - 1])


def numbered(levels: Iterable[int]) -> Iterator[int]:
    """Yield, for each item's level in order, the how-manieth it is among its siblings."""
    counts = [0] * (LEVELS + 1)
    for level in levels:
        counts[level] += 1
        counts[level + 1 :] = [0] * (LEVELS - level)
        yield counts[level]
