"""공문서 of a whole sheet: each row is a letter that comes back mended, with every reason.

Takes what a row can hold: recipient, title and body. Left out: the rest of 두문 and 결문.
"""

from typing import Annotated, Final

from pydantic import Field, ValidationError

from hub.automation.answer import Answer, NotPossible
from hub.automation.letters import lint
from hub.automation.letters.finding import Finding, Severity
from hub.automation.letters.letter import MAX_BODY, MAX_LINES, Letter
from hub.automation.question import Asked, Group, OfficeRules, Question, Questioned
from hub.document.model import MAX_LINE

REASONS_MOST: Final = 40
"""More of one letter nobody reads in a cell."""
_EXCERPT_MOST: Final = 30
_SAID: Final = {Severity.WRONG: "꼭", Severity.CHECK: "확인", Severity.ADVICE: "권장"}


class LetterRow(Questioned):
    """One row."""

    to: Annotated[
        str, Field(max_length=MAX_LINE), Asked("수신", "비우면 내부결재로 봄", lines=True)
    ] = ""
    title: Annotated[str, Field(max_length=MAX_LINE), Asked("제목", lines=True)] = ""
    body: Annotated[
        str, Field(min_length=1, max_length=MAX_BODY),
        Asked("본문", "붙임과 끝까지, 줄은 Alt+Enter로 나눔", lines=True),
    ]  # fmt: skip
    with_advice: Annotated[bool, Asked("권장도 고침", "쉬운 말로 바꾸기까지")] = False


def looked_through(office: OfficeRules, asked: LetterRow) -> Answer:
    """The letter mended, and why. Raises NotPossible."""
    del office  # no rule of a day is in it
    letter = _letter(asked)
    written = lint.mended_written(letter, with_advice=asked.with_advice)
    mended, found = written.letter, written.found
    figures = {
        "mended_title": mended.title,
        "mended_body": mended.body,
        "findings": len(found),
        "left": sum(one.severity is not Severity.ADVICE for one in written.left),
    }
    headline = f"{len(found)}곳 가운데 {written.count}곳을 고침" if found else "고칠 곳 없음"
    told = [_told(letter, one) for one in found[:REASONS_MOST]]
    if len(found) > REASONS_MOST:
        told.append(f"그 밖에 {len(found) - REASONS_MOST}곳")
    articles = tuple(dict.fromkeys(one.source.article for one in found))
    return Answer(headline, figures, (), (), ("\n".join(told),), mended.body, articles)


def _letter(asked: LetterRow) -> Letter:
    to = (asked.to,) if asked.to else ()
    try:
        return Letter(title=asked.title, body=asked.body.replace("\r\n", "\n"), to=to)
    except ValidationError as error:
        says = f"한 줄은 {MAX_LINE}자, 본문은 {MAX_BODY:,}자와 {MAX_LINES:,}줄까지 쓸 수 있습니다."
        raise NotPossible("body", says) from error


def _told(letter: Letter, one: Finding) -> str:
    said = getattr(letter, one.field)[one.start : one.end].strip().replace("\n", " ")
    short = said if len(said) <= _EXCERPT_MOST else f"{said[:_EXCERPT_MOST]}…"
    by_hand = "" if one.edits else " 직접 고쳐야 합니다."
    return f"[{_SAID[one.severity]}] ‘{short}’ {one.reason}{by_hand} ({one.source.cited})"


LETTERS: Final = Question(
    "letter",
    Group.LETTERS,
    "공문서 살펴보기",
    "잘못을 고친 글과 그 이유",
    LetterRow,
    looked_through,
)
