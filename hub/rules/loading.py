"""A law's texts against those that are stored: what is new, changed and unchanged. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hub.rules.law_text import ArticleText, LawText
from hub.rules.resting import Stored, is_same

How = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load of one law's text did, by the numbers of its articles."""

    title: str
    since: date
    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    stored: int
    """How many rows were written: none where all of it was there already."""


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one article."""

    article: ArticleText
    how: How
    is_stored: bool
    """Whether this very text of this very day is there already."""


def steps(law: LawText, stored: Iterable[Stored]) -> list[Step]:
    """Compare each article with the stored text of the same day, else with the one before it."""
    by_number: dict[str, list[Stored]] = {}
    for one in stored:
        by_number.setdefault(one.number, []).append(one)
    return [_step(law.since, one, by_number.get(one.number, [])) for one in law.articles]


def _step(since: date, article: ArticleText, stored: Sequence[Stored]) -> Step:
    known = sorted((one for one in stored if one.since <= since), key=lambda one: one.since)
    if not known:
        return Step(article, "new", False)
    before = known[-1]
    is_known = is_same(before.words, article.text) and is_same(before.heading, article.heading)
    return Step(article, "unchanged" if is_known else "changed", is_known and before.since == since)


def loaded(law: LawText, done: Sequence[Step]) -> Loaded:
    """The report of a load."""
    told: Mapping[How, list[str]] = {"new": [], "changed": [], "unchanged": []}
    for step in done:
        told[step.how].append(step.article.number)
    stored = sum(not step.is_stored for step in done)
    return Loaded(
        law.title, law.since, tuple(told["new"]), tuple(told["changed"]),
        tuple(told["unchanged"]), stored,
    )  # fmt: skip
