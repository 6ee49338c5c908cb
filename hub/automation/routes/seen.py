"""What the answers look like from outside."""

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

from hub.automation.answer import Answer, Figure
from hub.automation.question import AskedField, Kind, Question
from hub.rules.book import Found
from hub.rules.rule import Confidence, Unit

Plain = int | str | bool | None
GroupName = Literal["회계", "복무", "출장", "공문서"]


class ChoiceSeen(BaseModel):
    """One value of a choice, and its word."""

    value: str
    title: str


class FieldSeen(BaseModel):
    """One field of a question, as a form needs it."""

    name: str
    kind: Kind
    title: str
    hint: str
    unit: str
    is_required: bool
    begins_today: bool
    default: Plain = None
    least: Plain = None
    most: Plain = None
    choices: list[ChoiceSeen]
    fields: list["FieldSeen"] = Field(description="Of a list: what each of its lines takes.")

    @classmethod
    def of(cls, one: AskedField) -> "FieldSeen":
        """As it is sent."""
        named = one.asked.choices or {}
        return cls(
            name=one.name, kind=one.kind, title=one.asked.title, hint=one.asked.hint,
            unit=one.asked.unit, is_required=one.is_required,
            begins_today=one.asked.today, default=plain(one.default),
            least=plain(one.least), most=plain(one.most),
            choices=[ChoiceSeen(value=str(value), title=title) for value, title in named.items()],
            fields=[cls.of(line) for line in one.fields],
        )  # fmt: skip


class QuestionSeen(BaseModel):
    """One question that can be asked."""

    name: str
    group: GroupName
    title: str
    says: str
    fields: list[FieldSeen]
    rules: list[str] = Field(description="Keys of the rules on which its answers can rest.")

    @classmethod
    def of(cls, one: Question, rules: list[str]) -> "QuestionSeen":
        """As it is sent."""
        return cls(
            name=one.name, group=one.group.value, title=one.title, says=one.says,
            fields=[FieldSeen.of(field) for field in one.fields], rules=rules,
        )  # fmt: skip


class StepSeen(BaseModel):
    """One line of the working."""

    says: str
    shown: str


class CitedSeen(BaseModel):
    """A rule on which an answer rests."""

    key: str
    name: str
    unit: Unit
    value: str | None = Field(description="None: from that day on there is no such limit.")
    since: date
    until: date | None
    law: str
    place: str
    address: str = Field(description="The official page of the article.")
    says: str
    confidence: Confidence
    nation: str | None = Field(description="The nation's value, where an ordinance speaks.")

    @classmethod
    def of(cls, one: Found) -> "CitedSeen":
        """As it is sent."""
        return cls(
            key=one.key, name=one.name, unit=one.unit, value=_number(one.value), since=one.since,
            until=one.until, law=one.article.law, place=one.article.place,
            address=one.article.address, says=one.says, confidence=one.confidence,
            nation=_number(one.nation) if one.is_local else None,
        )  # fmt: skip


class AnswerSeen(BaseModel):
    """An answer, how it was worked out, and on which rules it rests."""

    headline: str
    figures: dict[str, Plain] = Field(description="For programs: money in won, days as dates.")
    steps: list[StepSeen]
    rules: list[CitedSeen]
    notes: list[str]
    paste: str = Field(description="To paste into another system.")

    @classmethod
    def of(cls, one: Answer) -> "AnswerSeen":
        """As it is sent."""
        return cls(
            headline=one.headline,
            figures={name: plain(value) for name, value in one.figures.items()},
            steps=[StepSeen(says=step.says, shown=step.shown) for step in one.steps],
            rules=[CitedSeen.of(rule) for rule in one.rules],
            notes=list(one.notes),
            paste=one.paste,
        )


def plain(value: Figure | time | tuple[()]) -> Plain:
    """Numbers with parts as text: no binary fraction comes near an amount."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date | time) else str(value) if value else None


def _number(value: int | Decimal | None) -> str | None:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return None if value is None else str(value)
