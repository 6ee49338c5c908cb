"""Money as offices write it: digits with commas, and in Hangul.

행정업무의 운영 및 혁신에 관한 규정 시행규칙 제2조제2항: 금113,560원(금일십일만삼천오백육십원).
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

MOST: Final = 10**16 - 1
_DIGITS: Final = "영일이삼사오육칠팔구"
_PLACES: Final = ("", "십", "백", "천")
_MYRIADS: Final = ("", "만", "억", "조")


def digits(won: int) -> str:
    """`113,560원`."""
    return f"{won:,}원"


def hangul(won: int) -> str:
    """`일십일만삼천오백육십`. Raises ValueError: below zero, or over 16 digits."""
    if not 0 <= won <= MOST:
        raise ValueError(f"{won} is not 0 to {MOST}")
    if won == 0:
        return _DIGITS[0]
    fours = [won // 10_000**at % 10_000 for at in range(len(_MYRIADS))]
    told = [_four(four) + _MYRIADS[at] for at, four in enumerate(fours) if four]
    return "".join(reversed(told))


def official(won: int) -> str:
    """`금113,560원(금일십일만삼천오백육십원)`."""
    return f"금{digits(won)}(금{hangul(won)}원)"


def floor(amount: Decimal | int, unit: int = 1) -> int:
    """Down to a whole `unit` of won."""
    return int((Decimal(amount) / unit).to_integral_value(ROUND_FLOOR)) * unit


def ceiling(amount: Decimal | int) -> int:
    """Up to whole won: what must be paid at least."""
    return int(Decimal(amount).to_integral_value(ROUND_CEILING))


def half_up(amount: Decimal) -> int:
    """반올림: to the nearest whole, halves up."""
    return int(amount.to_integral_value(ROUND_HALF_UP))


def percent(rate: Decimal) -> str:
    """`20%`, `0.08%`: without zeros that say nothing."""
    return f"{(rate * 100).normalize():f}%"


def _four(value: int) -> str:
    told = [
        _DIGITS[digit] + _PLACES[at]
        for at in range(len(_PLACES))
        if (digit := value // 10**at % 10)
    ]
    return "".join(reversed(told))
