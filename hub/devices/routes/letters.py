"""HTTP of the dead letters: what nodes and strangers said that could not be stored, and why."""

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import Annotated, Final, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from edge.wire.topics import ID_PATTERN, NodeName
from hub.devices import refusal_words, visible
from hub.devices.condition_words import Lang
from hub.devices.refusals import Class, class_of
from hub.devices.store import buried
from hub.devices.store.buried import Letter, Pile, Place
from hub.identity.access import needs
from hub.identity.routes.words import NO_STORE, connection
from hub.kit import clock

router = APIRouter(prefix="/letters", tags=["devices"], dependencies=[Depends(needs("admin"))])
Id = Annotated[str | None, Query(pattern=ID_PATTERN)]
Of = TypeVar("Of", bound=Hashable)
PAGE: Final = 30
NODES_SHOWN: Final = 50  # a stranger can make up names; these are the loudest

Letters = Annotated[int, Field(description="Different messages that are still kept.")]
Times = Annotated[int, Field(description="How often they came.")]


class RefusedFor(BaseModel):
    """One reason: what it means, what to do, how much of it there is."""

    reason: Class
    said: str
    to_do: str
    letters: Letters
    times: Times
    newest_at: datetime


class RefusedOf(BaseModel):
    """One node, or one that says it is."""

    site: str
    node: str
    name: str | None = Field(description="None: no such node is registered.")
    letters: Letters
    times: Times
    newest_at: datetime


class LetterSeen(BaseModel):
    """One message. What it says is text of a stranger, written so that all of it is seen."""

    letter_id: int
    topic: str
    reason: Class
    said: str
    to_do: str
    why: str = Field(description="What the hub wrote down when it refused the message.")
    first_at: datetime
    last_at: datetime
    times: Times
    payload_bytes: int
    begins: str = Field(description="The first bytes; ⟨U+202E⟩ and ⟨FF⟩ stand for what is unseen.")
    is_cut: bool = Field(description="It is longer than what is shown.")


class PlaceSeen(BaseModel):
    """What to ask for the next page: as `before` and `before_id`."""

    before: datetime
    before_id: int


class LettersSeen(BaseModel):
    """What was refused: by reason, by node, and a page of it, the newest first."""

    now: datetime
    letters: Letters
    times: Times
    forgotten: int = Field(description="Messages refused whose letters gave way to newer ones.")
    by_reason: list[RefusedFor] = Field(description="Of the node that is asked for, or of all.")
    by_node: list[RefusedOf] = Field(description="For the reason that is asked for, or for all.")
    nodes: int = Field(description="How many there are, where `by_node` shows only the loudest.")
    page: list[LetterSeen]
    next: PlaceSeen | None = Field(description="None: these were the last.")


@router.get("", operation_id="listLetters")
async def list_letters(
    request: Request,
    response: Response,
    site: Id = None,
    node: Id = None,
    reason: Class | None = None,
    before: AwareDatetime | None = None,
    before_id: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    lang: Annotated[Lang, Query(description="The language of `said` and `to_do`.")] = "ko",
) -> LettersSeen:
    """What could not be stored, the newest first, 30 a page; `before` with `before_id` go on."""
    name = NodeName(site, node) if site and node else None
    after = Place(before, before_id) if before and before_id else None
    async with connection(request) as conn:
        piles = await buried.piles(conn)
        reasons = [pile.reason for pile in piles if _class(pile) == reason]
        found = await buried.letters(conn, name, reasons if reason else None, after, PAGE + 1)
        forgotten = await buried.forgotten(conn)
    response.headers.update(NO_STORE)
    of_node = [pile for pile in piles if name is None or _name(pile) == name]
    for_reason = [pile for pile in piles if reason is None or _class(pile) == reason]
    asked = [pile for pile in of_node if pile in for_reason]
    by_node = _by_node(for_reason, lang)
    last = found[PAGE - 1] if len(found) > PAGE else None
    return LettersSeen(
        now=clock.now(), letters=sum(p.letters for p in asked), times=sum(p.times for p in asked),
        forgotten=forgotten, by_reason=_by_reason(of_node, lang), by_node=by_node[:NODES_SHOWN],
        nodes=len(by_node), page=[_letter(one, lang) for one in found[:PAGE]],
        next=PlaceSeen(before=last.last_at, before_id=last.dead_letter_id) if last else None,
    )  # fmt: skip


def _class(pile: Pile) -> Class:
    return class_of(pile.reason)


def _name(pile: Pile) -> NodeName | None:
    return NodeName(pile.site, pile.node) if pile.site and pile.node else None


def _heaps(
    piles: Sequence[Pile], of: Callable[[Pile], Of | None]
) -> list[tuple[Of, list[Pile], int]]:
    """Piles put together, with how often their messages came; the most often first."""
    heaps: dict[Of, list[Pile]] = {}
    for pile in piles:
        key = of(pile)
        if key is not None:
            heaps.setdefault(key, []).append(pile)
    summed = [(key, heap, sum(p.times for p in heap)) for key, heap in heaps.items()]
    return sorted(summed, key=lambda one: (-one[2], str(one[0])))


def _by_reason(piles: Sequence[Pile], lang: Lang) -> list[RefusedFor]:
    return [
        RefusedFor(
            reason=reason, said=words.said, to_do=words.to_do, times=times,
            letters=sum(p.letters for p in heap), newest_at=max(p.newest_at for p in heap),
        )
        for reason, heap, times in _heaps(piles, _class)
        for words in [refusal_words.said(reason, lang)]
    ]  # fmt: skip


def _by_node(piles: Sequence[Pile], lang: Lang) -> list[RefusedOf]:
    return [
        RefusedOf(
            site=name.site, node=name.node, times=times, letters=sum(p.letters for p in heap),
            name=heap[0].title if lang == "ko" else heap[0].title_en,
            newest_at=max(p.newest_at for p in heap),
        )
        for name, heap, times in _heaps(piles, _name)
    ]  # fmt: skip


def _letter(one: Letter, lang: Lang) -> LetterSeen:
    reason = class_of(one.reason)
    words = refusal_words.said(reason, lang)
    return LetterSeen(
        letter_id=one.dead_letter_id, topic=visible.of_text(one.topic), reason=reason,
        said=words.said, to_do=words.to_do, why=visible.of_text(one.reason),
        first_at=one.first_at, last_at=one.last_at, times=one.times,
        payload_bytes=one.payload_bytes, begins=visible.of_bytes(one.first_bytes),
        is_cut=one.payload_bytes > len(one.first_bytes),
    )  # fmt: skip
