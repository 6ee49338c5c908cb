"""HTTP of the 기안문: what is wrong with it, mended, and drawn. Nothing typed is kept or logged."""

import asyncio
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field, model_validator

from hub.automation.letters import drafts, lint
from hub.automation.letters.compose import composed
from hub.automation.letters.finding import Certainty, Edit, Finding, Severity
from hub.automation.letters.letter import MAX_BODY, MAX_LINES, Letter
from hub.document import hwpx, pdf, plain, web_page
from hub.identity import access
from hub.identity.routes.words import NO_STORE, Given
from hub.kit import clock

router = APIRouter(prefix="/letter", tags=["letter"], dependencies=[Depends(access.STAFF)])
SEOUL: Final = ZoneInfo("Asia/Seoul")
FINDINGS_MOST: Final = 500
"""A page cannot show more; the first are mended first."""
Format = Literal["hwpx", "pdf", "html", "text"]
MEDIA: Final[dict[Format, str]] = {
    "hwpx": "application/hwp+zip",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}
_FILE: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
DRAWN: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {media.partition(";")[0]: _FILE for media in MEDIA.values()}},
    422: {"description": "The letter is larger than a document may be."},
}


class LetterTyped(Given):
    """A letter, or a text that was pasted: one of the two."""

    text: Annotated[str | None, Field(max_length=MAX_BODY)] = None
    letter: Letter | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.text is None) == (self.letter is None):
            raise ValueError("text와 letter 가운데 하나만 보내야 합니다.")
        if self.text and self.text.count("\n") >= MAX_LINES:
            raise ValueError(f"{MAX_LINES:,}줄까지 쓸 수 있습니다.")
        return self


class LetterToMend(LetterTyped):
    """What to mend; wording only where it is asked for."""

    with_advice: bool = False


class LetterEdit(BaseModel):
    """Characters `start` to `end` of `field` become `text`."""

    field: str
    start: int
    end: int
    text: str

    @classmethod
    def of(cls, edit: Edit) -> Self:
        """As the API gives it."""
        return cls(field=edit.field, start=edit.start, end=edit.end, text=edit.text)


class LetterFinding(BaseModel):
    """One finding. Positions count characters (code points) of the field."""

    rule: str
    field: str = Field(examples=["text", "body", "title", "to.0"])
    start: int
    end: int
    reason: str
    severity: Severity
    confidence: Certainty
    article: str = Field(examples=["「행정업무의 운영 및 혁신에 관한 규정」 제7조제5항"])
    address: str | None = Field(description="The official page of the article, where it has one.")
    edits: list[LetterEdit] = Field(description="Empty where only whoever wrote it knows.")

    @classmethod
    def of(cls, one: Finding) -> Self:
        """As the API gives it."""
        return cls(
            rule=one.rule, field=one.field, start=one.start, end=one.end, reason=one.reason,
            severity=one.severity, confidence=one.source.confidence, article=one.source.cited,
            address=one.source.address, edits=[LetterEdit.of(edit) for edit in one.edits],
        )  # fmt: skip


class LintedLetter(BaseModel):
    """What is wrong; `count` is all of it, `findings` the first of it."""

    count: int
    findings: list[LetterFinding]


class MendedLetter(BaseModel):
    """What came in, mended, and how many findings that were."""

    text: str | None
    letter: Letter | None
    count: int


class LetterDraft(BaseModel):
    """A letter to begin with."""

    name: str
    title: str
    letter: Letter


@router.get("/drafts")
async def letter_drafts() -> list[LetterDraft]:
    """기안문 that offices write every week, to begin with."""
    return [LetterDraft(name=one.name, title=one.title, letter=one.letter) for one in drafts.DRAFTS]


@router.post("/lint")
async def lint_letter(typed: LetterTyped, response: Response) -> LintedLetter:
    """What is wrong with a letter or a text, why, by which article, and what mends it."""
    response.headers.update(NO_STORE)
    found = await asyncio.to_thread(_found, typed)
    return LintedLetter(
        count=len(found), findings=[LetterFinding.of(one) for one in found[:FINDINGS_MOST]]
    )


@router.post("/fix")
async def fix_letter(typed: LetterToMend, response: Response) -> MendedLetter:
    """The letter or the text, with everything mended that has a fix."""
    response.headers.update(NO_STORE)
    return await asyncio.to_thread(_mended, typed)


@router.post("", response_class=Response, responses=DRAWN)
async def draw_letter(
    letter: Letter, form: Annotated[Format, Query(alias="format")] = "hwpx"
) -> Response:
    """The letter as HWPX, PDF, a page of HTML, or text to paste into 온나라."""
    drawn = await asyncio.to_thread(_drawn, letter, form)
    name = "text" if form == "text" else f"letter.{form}"
    headers = {**NO_STORE, "Content-Disposition": f'inline; filename="{name}"'}
    return Response(drawn, media_type=MEDIA[form], headers=headers)


def _found(typed: LetterTyped) -> tuple[Finding, ...]:
    if typed.letter is not None:
        return lint.lint_letter(typed.letter, clock.now().astimezone(SEOUL).date())
    return lint.lint(typed.text or "")


def _mended(typed: LetterToMend) -> MendedLetter:
    if typed.letter is not None:
        today = clock.now().astimezone(SEOUL).date()
        letter, count = lint.mended_letter(typed.letter, today, with_advice=typed.with_advice)
        return MendedLetter(text=None, letter=letter, count=count)
    text = lint.mended(typed.text or "", with_advice=typed.with_advice)
    return MendedLetter(text=text.text, letter=None, count=text.count)


def _drawn(letter: Letter, form: Format) -> bytes:
    document, now = composed(letter), clock.now().replace(microsecond=0)
    if form == "hwpx":
        return hwpx.drawn(document, now)
    if form == "pdf":
        return pdf.drawn(document, now)
    return (web_page if form == "html" else plain).drawn(document).encode()
