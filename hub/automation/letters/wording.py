"""Words: plain ones for hard ones (advice), Hangul before foreign letters, and a civil tone."""

import re
from collections.abc import Iterator
from typing import Final

from hub.automation.letters.finding import PLAIN_WORDS, Edit, Finding, Severity, decree, found
from hub.automation.letters.plain_words import ACRONYMS, COMMON, NOUNS, PHRASES, VERBS
from hub.automation.letters.sheet import Part, Sheet

FOREIGN: Final = decree("제7조제1항")
ACRONYM: Final = decree("제7조제2항")
_PAIRS: Final = (("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("으로", "로"),
                 ("이나", "나"), ("이며", "며"), ("이라", "라"), ("이란", "란"))  # fmt: skip
_WITH: Final = {one: pair for pair in _PAIRS for one in pair}
_PARTICLES: Final = (
    "에서는|에게는|까지는|부터는|에서|에게|께서|에는|에도|까지|부터|으로|이나|이며|이라|이란|보다|처럼|"
    "마다|하고|만|의|에|도|은|는|이|가|을|를|과|와|로|나|며|라|란"
)
_ADJUSTED: Final = "으로|이나|이며|이라|이란|은|는|이|가|을|를|과|와|로|나|며|라|란"
_NOUN: Final = re.compile(
    rf"(?<![가-힣A-Za-z])(?P<word>{'|'.join(sorted(NOUNS, key=len, reverse=True))})"
    rf"(?:(?P<verb>(?=하[고여였기는도니오]|합니다|한(?![가-힣])|함|됨|된|되))"
    rf"|(?P<josa>{_ADJUSTED})(?![가-힣])|(?=(?:{_PARTICLES})(?![가-힣]))|(?![가-힣]))"
)
_PHRASE: Final = re.compile(rf"(?<![가-힣])(?P<word>{'|'.join(PHRASES)})(?![가-힣])")
_DONE: Final = "통보|제출|시행|배부|송부|지급|보고|요청|안내|공지|승인"
_ALREADY: Final = re.compile(
    r"(?<![가-힣0-9])기(?: ?(?P<told>통보한)(?![가-힣])"
    rf"| (?=(?:{_DONE}))|(?=(?:{_DONE})[하한된함됨했]))"
)
_THE_SAME: Final = re.compile(
    r"(?<![가-힣0-9·ㆍ,])(?<!각 )(?<!매 )(?<!리 )동 "
    r"(?=(?:건|사업|규정|법률|조례|계약|회의|사항|내용|기간|계획)"
    r"(?:[은이을의에과]|$|[ ,.]))"
)
_LATIN: Final = re.compile(
    r"(?<![A-Za-z0-9&(/._-])(?P<word>[A-Z][A-Za-z&0-9]{1,5})(?![A-Za-z0-9&/._-])(?P<josa>(?:"
    + _ADJUSTED
    + r")(?![가-힣]))?"
)
_BIRDS: Final = re.compile(r"조류|가금|고병원성|방역|축산|가축|산란계|오리 농")
_ORDERS: Final = re.compile(
    r"(?P<stem>[가-힣]{1,10}?) ?(?P<order>할 것|하기 바람|하시기 바람|하기 바랍니다|바람)\.?"
    r"(?= *$|  끝)"
)


def rules(sheet: Sheet) -> Iterator[Finding]:
    """Everything about words."""
    yield from _nouns(sheet)
    yield from _phrases(sheet)
    yield from _acronyms(sheet)
    if not sheet.is_internal:
        yield from _orders(sheet)


def adjusted(word: str, josa: str) -> str:
    """The particle as `word` needs it: 오늘 with 는 gives 은."""
    pair = _WITH.get(josa)
    if pair is None or not word:
        return josa
    code = ord(word.rstrip(")")[-1:] or " ") - 0xAC00
    final = code % 28 if 0 <= code < 11_172 else 0
    is_closed = final != 0 and not (pair == ("으로", "로") and final == 8)
    return pair[0] if is_closed else pair[1]


def _nouns(sheet: Sheet) -> Iterator[Finding]:
    for match in _NOUN.finditer(sheet.text):
        if sheet.is_protected(*match.span()) or _is_amount(sheet.text, match.start()):
            continue
        if match["verb"] is None:
            yield _word(match, NOUNS[match["word"]])
        else:
            yield _verb(match)


def _is_amount(text: str, start: int) -> bool:
    """금일 of 금일십만원 is no day."""
    after = text[start + 2 : start + 3]
    return text[start] == "금" and after != "" and after in "일이삼사오육칠팔구십백천만억조"


def _word(match: re.Match[str], plain: str) -> Finding:
    josa = match["josa"] or ""
    right = plain + adjusted(plain, josa)
    reason = f"‘{match['word']}’ 대신 ‘{plain}’처럼 쉬운 말을 쓰면 좋습니다."
    return found("word", match.span(), reason, PLAIN_WORDS, Severity.ADVICE, right)


def _verb(match: re.Match[str]) -> Finding:
    """Before 하다 and 되다 not every plain word stands: 받음하다 is none."""
    plain, verb = NOUNS[match["word"]], VERBS.get(match["word"])
    reason = f"‘{match['word']}’ 대신 ‘{verb or plain}’처럼 쉬운 말을 쓰면 좋습니다."
    return found("word", match.span(), reason, PLAIN_WORDS, Severity.ADVICE, verb)


def _phrases(sheet: Sheet) -> Iterator[Finding]:
    for match in _PHRASE.finditer(sheet.text):
        plain = PHRASES[match["word"]]
        reason = f"‘{match['word']}’ 대신 ‘{plain}’처럼 쉬운 말을 쓰면 좋습니다."
        yield found("word", match.span(), reason, PLAIN_WORDS, Severity.ADVICE, plain)
    for pattern, plain in ((_ALREADY, "이미 "), (_THE_SAME, "이 ")):
        for match in pattern.finditer(sheet.text):
            right = plain + ("알린" if match.groupdict().get("told") else "")
            said = f"‘{match[0].strip()}’ 대신 ‘{right.strip()}’{_quoted(right)}"
            reason = f"{said} 쓰면 뜻이 바로 읽힙니다."
            yield found("word", match.span(), reason, PLAIN_WORDS, Severity.ADVICE, right)


def _quoted(word: str) -> str:
    return "이라고" if adjusted(word.strip(), "은") == "은" else "라고"


def _acronyms(sheet: Sheet) -> Iterator[Finding]:
    told: set[str] = {one for one in ACRONYMS if f"({one})" in sheet.text}
    for match in _LATIN.finditer(sheet.text):
        word = match["word"]
        if word in told or sheet.is_protected(*match.span()):
            continue
        if word in ACRONYMS:
            told.add(word)
            if word == "AI" and _BIRDS.search(sheet.text):
                continue  # 조류인플루엔자
            right = f"{ACRONYMS[word]}({word})"
            josa = adjusted(ACRONYMS[word], match["josa"] or "")
            reason = "한글로 적고 외국 글자는 괄호 안에 함께 적습니다."
            yield found("foreign", match.span(), reason, FOREIGN, Severity.CHECK, right + josa)
        elif word.isupper() and word.isalpha() and word not in COMMON and len(word) > 1:
            told.add(word)
            reason = "널리 쓰이지 않는 약어는 우리말로 풀어 적고 괄호 안에 함께 적습니다."
            yield found("acronym", match.span("word"), reason, ACRONYM, Severity.ADVICE)


def _orders(sheet: Sheet) -> Iterator[Finding]:
    for _, line in sheet.of(Part.BODY):
        for match in _ORDERS.finditer(line.text):
            right = _civil(match)
            if right is None:
                continue
            span = (line.start + match.start(), line.start + match.end())
            reason = "다른 기관이나 국민에게 보내는 글은 ‘~해 주시기 바랍니다’로 맺으면 좋습니다."
            edit = Edit(*span, right)
            yield Finding("order", *span, reason, PLAIN_WORDS, Severity.ADVICE, (edit,))


def _civil(match: re.Match[str]) -> str | None:
    stem, order = match["stem"], match["order"]
    if order == "바람":
        return f"{stem} 바랍니다." if stem.endswith("기") else None
    return f"{stem}해 주시기 바랍니다."
