"""Money: 금113,560원(금일십일만삼천오백육십원), as 시행규칙 제2조제2항 wants it.

Digits and Hangul that do not agree are told, not mended: only who wrote them knows which is right.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

from hub.automation import won
from hub.automation.letters.finding import Finding, Severity, by_rules, decree, found
from hub.automation.letters.sheet import Part, Sheet

ARTICLE: Final = by_rules("제2조제2항")
DIGITS: Final = decree("제7조제4항")
LEAST_WON: Final = 1_000
"""Smaller sums (a copy at 50원) need no Hangul beside them."""
_DIGIT: Final = {one: n for n, one in enumerate("영일이삼사오육칠팔구")} | {"공": 0, "륙": 6}
_PLACE: Final = {"십": 10, "백": 100, "천": 1_000}
_MYRIAD: Final = {"만": 10**4, "억": 10**8, "조": 10**12}
_UNITS: Final = {
    "조": 10**12, "억": 10**8, "천만": 10**7, "백만": 10**6,
    "십만": 10**5, "만": 10**4, "천": 1_000,
}  # fmt: skip
_UNIT: Final = "|".join(_UNITS)
_AFTER: Final = (
    r"(?=$|[\s.,()~∼/·ㆍ\])」'\"’”:;-]|이|을|은|의|에|으로|과|도|씩|까지|부터|만|보다|대|"
    r"미만|이하|이상|초과|입|임)"
)
_HAN: Final = (
    r"\( ?(?P<gold2>일?금)? ?(?P<han>[영공일이삼사오육륙칠팔구십백천만억조 ]{1,60}?) ?원? ?정? ?\)"
)
_GOLD: Final = r"(?P<gold>(?<![가-힣])(?:일 ?)?금 {0,2}|금)?"
_MONEY: Final = re.compile(
    rf"{_GOLD}(?<![\d.,])(?P<n>\d[\d,]{{0,30}}) ?원(?P<sharp> ?정)?(?: ?{_HAN}|{_AFTER})",
    re.MULTILINE,
)
_WITH_UNITS: Final = re.compile(
    rf"(?<![\d.,])(?P<sum>(?:\d[\d,]{{0,20}}(?:\.\d{{1,6}})? ?(?:{_UNIT}) ?){{1,4}})"
    rf"(?P<rest>\d{{1,4}})?원(?:{_AFTER}|정)",
    re.MULTILINE,
)
_PIECE: Final = re.compile(rf"(?P<n>\d[\d,]*(?:\.\d+)?) ?(?P<unit>{_UNIT})")
_COMMAS: Final = re.compile(r"\d{1,3}(?:,\d{3})+")
_BUDGET: Final = re.compile(
    r"예산|금액|소요|지급|계약|대금|총액|합계|집행|교부|정산|경비|비용|보조금|사업비|품의|지출|수당|보증금"
)
_AS_LAWS_SAY: Final = re.compile(
    r"\d{1,4}(?:천만|백만|십만|만|억|천) ?원 ?(?:이하|이상|미만|초과|이내)"
)
"""2천만원 이하: a limit as laws write it is no sum that anybody pays."""
_THRESHOLD: Final = re.compile(r" ?(?:씩|미만|이하|이상|초과|[~∼])")


def rules(sheet: Sheet) -> Iterator[Finding]:
    """Everything about money."""
    for match in _WITH_UNITS.finditer(sheet.text):
        is_limit = _AS_LAWS_SAY.match(sheet.text, match.start())
        if not is_limit and not sheet.is_protected(*match.span()):
            yield from _with_units(match)
    for match in _MONEY.finditer(sheet.text):
        if not sheet.is_protected(*match.span()):
            yield from _money(sheet, match)


def value_of(hangul: str) -> int | None:
    """The number that Hangul says: 113560 of 일십일만삼천오백육십. None where it says none."""
    whole = four = 0
    digit: int | None = None
    for one in hangul.replace(" ", ""):
        if one in _DIGIT and digit is None:
            digit = _DIGIT[one]
        elif one in _PLACE:
            four += (1 if digit is None else digit) * _PLACE[one]
            digit = None
        elif one in _MYRIAD:
            own = four + (digit or 0)
            whole += (own or 1) * _MYRIAD[one]
            four, digit = 0, None
        else:
            return None
    return whole + four + (digit or 0)


def _with_units(match: re.Match[str]) -> Iterator[Finding]:
    pieces = _PIECE.finditer(match["sum"])
    total = sum(Decimal(one["n"].replace(",", "")) * _UNITS[one["unit"]] for one in pieces)
    total += int(match["rest"] or 0)
    if total != int(total) or total > won.MOST:
        return
    span = (match.start(), match.end() - (1 if match[0].endswith("정") else 0))
    reason = "천·만·억을 섞지 않고 아라비아 숫자로 끝까지 적습니다."
    yield found("amount-unit", span, reason, DIGITS, Severity.CHECK, won.digits(int(total)))


def _money(sheet: Sheet, match: re.Match[str]) -> Iterator[Finding]:
    digits = match["n"].rstrip(",")
    if digits != match["n"]:
        return
    amount = int(digits.replace(",", ""))
    if "," in digits and not _COMMAS.fullmatch(digits):
        reason = "쉼표는 세 자리마다 찍습니다. 금액을 확인하십시오."
        span = (match.start("n"), match.end("n"))
        yield found("amount-commas", span, reason, ARTICLE, Severity.WRONG)
    elif amount <= won.MOST:
        yield from _of_value(sheet, match, amount)


def _of_value(sheet: Sheet, match: re.Match[str], amount: int) -> Iterator[Finding]:
    right = won.official(amount)
    if match["han"] is not None:
        yield from _beside(match, amount, right)
    elif match["gold"] or match["sharp"]:
        reason = "금액은 ‘금’을 숫자에 붙여 적고, 괄호 안에 한글로도 적습니다."
        span = _span(match)
        yield found("amount-gold", span, reason, ARTICLE, Severity.WRONG, right)
    elif amount >= LEAST_WON and "," not in match["n"]:
        reason = "금액은 세 자리마다 쉼표를 찍습니다."
        span = (match.start("n"), match.end("n"))
        yield found("amount-comma", span, reason, ARTICLE, Severity.CHECK, f"{amount:,}")
    elif amount >= LEAST_WON:
        yield from _alone(sheet, match, right)


def _beside(match: re.Match[str], amount: int, right: str) -> Iterator[Finding]:
    said = value_of(match["han"])
    if said != amount:
        told = "읽을 수 없습니다" if said is None else won.digits(said)
        reason = f"숫자는 {won.digits(amount)}인데 한글은 {told}. 어느 쪽이 맞는지 확인하십시오."
        yield found("amount-mismatch", match.span(), reason, ARTICLE, Severity.WRONG)
    elif match[0] != right:
        reason = "금액은 금113,560원(금일십일만삼천오백육십원)처럼 붙여 적습니다."
        yield found("amount-form", match.span(), reason, ARTICLE, Severity.WRONG, right)


def _alone(sheet: Sheet, match: re.Match[str], right: str) -> Iterator[Finding]:
    """A sum without Hangul: in a table nobody writes it, of a budget everybody should."""
    line = sheet.line_at(match.start())
    after = sheet.text[match.end() : match.end() + 4]
    if line.part in (Part.TABLE, Part.TITLE) or _THRESHOLD.match(after):
        return
    severity = Severity.WRONG if _is_of_a_budget(line.text) else Severity.ADVICE
    reason = "금액은 숫자 다음 괄호 안에 한글로도 적습니다."
    yield found("amount-hangul", _span(match), reason, ARTICLE, severity, right)


@lru_cache(maxsize=64)
def _is_of_a_budget(line: str) -> bool:
    """Asked once a line, whatever sums stand on it."""
    return _BUDGET.search(line) is not None


def _span(match: re.Match[str]) -> tuple[int, int]:
    return match.start(), match.end()
