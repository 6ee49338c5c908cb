"""HTTP of the texts of the law that were loaded: which, and one article beside the text before."""

import asyncio
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from hub.identity import access
from hub.identity.routes.words import UNKNOWN, Seen, connection
from hub.rules import resting
from hub.rules.resting import UnknownText
from hub.rules.routes.rules import today
from hub.rules.routes.seen import Day, PartSeen, TextSeen, parts
from hub.rules.rule import Article
from hub.rules.store import office_book, texts

router = APIRouter(tags=["rules"], dependencies=[Depends(access.STAFF)])
Law = Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Number = Annotated[str, Query(pattern=r"^제[0-9]{1,5}조(의[0-9]{1,5})?$", examples=["제15조"])]


class LawLoadedSeen(Seen):
    """One text of a law that was loaded."""

    title: str
    since: date
    articles: int
    changed: list[str] = Field(description="Articles that said something else before.")
    source: str
    amended_by: str
    loaded_at: datetime


class LawTextsSeen(BaseModel):
    """What was loaded, and which laws the rules name that were not."""

    loaded: list[LawLoadedSeen]
    missing: list[str] = Field(description="Laws that rules cite and of which there is no text.")


class ArticleTextSeen(BaseModel):
    """An article's text of one day, and what differs from the text before it."""

    law: str
    number: str
    address: str
    text: TextSeen
    before: TextSeen | None
    difference: list[PartSeen]


@router.get("/law-texts", operation_id="readLawTexts")
async def read_law_texts(request: Request) -> LawTextsSeen:
    """Every text of every law that was loaded, by law and day."""
    async with connection(request) as conn:
        loaded = await texts.laws(conn)
        book = await office_book(conn)
    cited = {row.article.law for rule in book.rules.values() for row in rule.rows}
    here = {one.title for one in loaded}
    return LawTextsSeen(
        loaded=[LawLoadedSeen.model_validate(one) for one in loaded],
        missing=sorted(cited - here),
    )


@router.get("/law-texts/article", operation_id="readLawArticle", responses=UNKNOWN)
async def read_article(
    request: Request, law: Law, number: Number, day: Annotated[Day | None, Query()] = None
) -> ArticleTextSeen:
    """The text of an article on a day (today), and what differs from the one before."""
    async with connection(request) as conn:
        stored = await texts.of_article(conn, law, number)
    text = resting.at(stored, day or today())
    if text is None:
        raise UnknownText
    before = resting.at(stored, date.fromordinal(text.since.toordinal() - 1))
    differs = before is not None and not resting.is_same(before.words, text.words)
    told = (
        await asyncio.to_thread(resting.difference, before.words, text.words)
        if before is not None and differs
        else ()
    )
    return ArticleTextSeen(
        law=law, number=number, address=Article(law, number).address, text=TextSeen.of(text),
        before=TextSeen.of(before) if before else None, difference=parts(told),
    )  # fmt: skip
