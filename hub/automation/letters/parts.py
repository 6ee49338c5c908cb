"""What a letter as a form holds must have, and must not: head, signers, sender, summary."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from hub.automation.letters.finding import (
    Finding,
    Severity,
    Source,
    by_rules,
    decree,
    found,
)
from hub.automation.letters.heads import honours, title_rules
from hub.automation.letters.letter import Letter, Signer

SUMMARY_SINCE: Final = date(2026, 5, 19)
"""대통령령 제36333호: 문서요지와 키워드."""
SUMMARY: Final = decree("제5조제2항제1호")
OPENNESS: Final = by_rules("제4조제6항제4호")


def rules(letter: Letter, today: date) -> Iterator[Finding]:
    """Everything about the parts around the body."""
    yield from _head(letter)
    yield from _sender(letter)
    yield from _signers(letter)
    if (letter.issued_on or today) >= SUMMARY_SINCE:
        yield from _summary(letter)


def _at(
    field: str, rule: str, reason: str, source: Source, severity: Severity, text: str = "",
    to: str | None = None,
) -> Finding:  # fmt: skip
    return found(rule, (0, len(text)), reason, source, severity, to).of(field)


def _head(letter: Letter) -> Iterator[Finding]:
    article = by_rules("제4조제3항")
    if not letter.title:
        yield _at("title", "title-missing", "제목이 없습니다.", article, Severity.WRONG)
    else:
        yield from (one.of("title") for one in title_rules(letter.title))
    if not letter.office:
        reason = "행정기관명을 적습니다."
        article = by_rules("제4조제2항제1호")
        yield _at("office", "office-missing", reason, article, Severity.WRONG)
    if not letter.is_internal and not letter.recipients:
        reason = "수신자를 적습니다. 보내지 않는 문서라면 내부결재로 하십시오."
        yield _at("to", "to-empty", reason, by_rules("제4조제2항제2호"), Severity.WRONG)
    for nth, who in enumerate(letter.to):
        yield from (one.of(f"to.{nth}") for one in honours(who))
    if letter.form == "brief" and not letter.is_internal:
        reason = "간이기안문(별지 제2호서식)은 발신하지 않는 내부결재 문서에만 씁니다."
        article = by_rules("제3조제3항")
        yield _at("form", "brief-sent", reason, article, Severity.WRONG, "brief", "standard")


def _sender(letter: Letter) -> Iterator[Finding]:
    if letter.is_internal and letter.sender:
        reason = "내부결재 문서에는 발신명의를 적지 않습니다."
        article = decree("제13조제3항")
        yield _at("sender", "sender-internal", reason, article, Severity.WRONG, letter.sender, "")
    if not letter.is_internal and not letter.sender:
        reason = "보내는 문서에는 발신명의(행정기관의 장)를 적습니다."
        yield _at("sender", "sender-missing", reason, decree("제13조제1항"), Severity.WRONG)
    if letter.form == "standard" and not letter.openness:
        reason = "결문에 공개 구분을 적습니다."
        yield _at("openness", "openness-missing", reason, OPENNESS, Severity.CHECK)
    contacts = (letter.postcode, letter.address, letter.phone, letter.email)
    if not letter.is_internal and not all(contacts):
        reason = "결문에 우편번호·주소·전화번호·전자우편주소를 적습니다."
        yield _at("address", "contact-missing", reason, OPENNESS, Severity.CHECK)


def _signers(letter: Letter) -> Iterator[Finding]:
    if not any(one.role == "drafter" for one in letter.signers):
        reason = "결문에 기안자의 직위나 직급을 적습니다."
        article = by_rules("제4조제6항제2호")
        yield _at("signers", "drafter-missing", reason, article, Severity.CHECK)
    elif not any(one.proposes or one.reports for one in letter.signers):
        reason = "발의자(★)와 보고자(⊙)를 표시합니다(일상적이고 경미한 문서는 생략할 수 있습니다)."
        yield _at("signers", "proposer-missing", reason, decree("제8조제4항"), Severity.ADVICE)
    for nth, one in enumerate(letter.signers):
        yield from _signer(letter, nth, one)


def _signer(letter: Letter, nth: int, one: Signer) -> Iterator[Finding]:
    field, article = f"signers.{nth}", by_rules("제7조제4항")
    if one.decision and one.role != "decider":
        reason = f"‘{one.decision}’은 결재하는 사람의 서명란에 표시합니다."
        article = by_rules("제7조제2항")
        yield _at(f"{field}.decision", "decision-role", reason, article, Severity.WRONG)
    earlier = letter.signers[:nth]
    if one.role == "decider" and _is_decided(earlier) and one.decision != "대결":
        reason = "전결하는 문서에는 서명하지 않는 사람의 칸을 만들지 않습니다."
        yield _at(field, "box-unsigned", reason, article, Severity.WRONG)
    if one.role == "decider" and one.name and one.on is None and one.decision != "전결":
        reason = "결재권자의 서명란에는 서명한 날짜를 함께 적습니다."
        article = by_rules("제7조제1항")
        yield _at(f"{field}.on", "decided-on", reason, article, Severity.CHECK)


def _is_decided(signers: tuple[Signer, ...]) -> bool:
    return any(one.role == "decider" and one.decision for one in signers)


def _summary(letter: Letter) -> Iterator[Finding]:
    if not letter.summary:
        reason = "문서요지를 적습니다(2026. 5. 19.부터)."
        yield _at("summary", "summary-missing", reason, SUMMARY, Severity.WRONG)
    if not any(letter.keywords):
        reason = "키워드를 적습니다(2026. 5. 19.부터)."
        yield _at("keywords", "keywords-missing", reason, SUMMARY, Severity.WRONG)
