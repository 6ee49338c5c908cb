"""HTTP of the rules: all, one with its rows, the text of its article, and what changed when."""

import asyncio
from datetime import date

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from hub.identity import access
from hub.identity.routes.words import UNKNOWN, Answers, connection
from hub.kit import clock
from hub.rules import resting
from hub.rules.book import Found, RuleBook
from hub.rules.changes import all_changes
from hub.rules.resting import Rested, Stored
from hub.rules.routes.seen import (
    ArticleSeen,
    Key,
    OnDay,
    PartSeen,
    RuleChangeSeen,
    RuleSeen,
    RuleWholeSeen,
    TextSeen,
    parts,
)
from hub.rules.store import office_book, texts
from hub.rules.tables import texts_read

router = APIRouter(tags=["rules"], dependencies=[Depends(access.STAFF)])
NO_RULE: Answers = {422: {"description": "No value is known for that day."}}


class RuleTextSeen(BaseModel):
    """The text that a rule rests on, and a later one that says otherwise."""

    article: ArticleSeen
    has_text: bool = Field(description="False of an annex: it is a file, never a text.")
    text: TextSeen | None = Field(description="None: no text of it was loaded.")
    is_older: bool = Field(description="The text is from before the rule's own day.")
    newer: TextSeen | None = Field(description="A later text in other words: look whether it fits.")
    difference: list[PartSeen]


@router.get("/rules", operation_id="readRules")
async def read_rules(request: Request, day: OnDay = None) -> list[RuleSeen]:
    """Every rule as this office has it, with what holds on a day."""
    async with connection(request) as conn:
        book = await office_book(conn)
    on = day or today()
    return [RuleSeen.of(book, rule, on) for rule in book.rules.values()]


@router.get("/rules/changes", operation_id="readRuleChanges")
async def read_changes(request: Request) -> list[RuleChangeSeen]:
    """Every row of every rule as a change, the newest first: what is to come stands on top."""
    async with connection(request) as conn:
        book = await office_book(conn)
    return [RuleChangeSeen.of(one, today()) for one in all_changes(book)]


@router.get("/rules/{key}", operation_id="readRule", responses=UNKNOWN)
async def read_rule(request: Request, key: Key, day: OnDay = None) -> RuleWholeSeen:
    """One rule with all its rows and the office's ordinances over it."""
    async with connection(request) as conn:
        book = await office_book(conn)
    return RuleWholeSeen.whole(book, book.rule(key), day or today())


@router.get("/rules/{key}/text", operation_id="readRuleText", responses={**UNKNOWN, **NO_RULE})
async def read_text(request: Request, key: Key, day: OnDay = None) -> RuleTextSeen:
    """The text of the article by which a rule holds on a day, where the office loaded it."""
    async with connection(request) as conn:
        book = await office_book(conn)
        found = book.at(key, day or today())
        stored = await texts.of_article(conn, found.article.law, found.article.number)
    rested = await asyncio.to_thread(_rested, book, found, stored)
    return RuleTextSeen(
        article=ArticleSeen.of(found.article),
        has_text=found.article.number.startswith("제"),
        text=TextSeen.of(rested.text) if rested.text else None,
        is_older=rested.is_older,
        newer=TextSeen.of(rested.newer) if rested.newer else None,
        difference=parts(rested.difference),
    )


def _rested(book: RuleBook, found: Found, stored: list[Stored]) -> Rested:
    rule = book.rule(found.key)
    if found.is_local:
        return Rested(resting.at(stored, max(found.since, today())), False, None, ())
    row = rule.at(found.since)
    return resting.rested(rule, row, texts_read().get(found.article.law), stored)


def today() -> date:
    """In Korea."""
    return clock.now().astimezone(clock.SEOUL).date()
