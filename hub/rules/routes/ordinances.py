"""HTTP of the office's own ordinances: what they say now, saved by version, with a way back."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from hub.identity import access
from hub.identity.access import needs, signed_in
from hub.identity.routes.words import CONFLICT, UNKNOWN, Answers, Given, connection, write_down
from hub.kit import clock
from hub.rules import ordinances
from hub.rules.ordinances import (
    ORDINANCES_MOST,
    OrdinanceSaid,
    OrdinancesSuperseded,
    UnknownOrdinances,
)
from hub.rules.store import ordinances as store
from hub.rules.store.ordinances import Standing
from hub.rules.tables import nation

router = APIRouter(prefix="/ordinances", tags=["rules"])
READ: Final = [Depends(access.STAFF)]
WRITE: Final = [Depends(needs("admin"))]
HISTORY_MOST: Final = 50
REFUSED: Final[Answers] = {422: {"description": "No ordinance can say this."}}
Version = Annotated[int, Field(ge=0, le=2**31 - 2)]


class OrdinancesGiven(Given):
    """All of them, and which version they were begun from."""

    version: Version
    ordinances: Annotated[tuple[OrdinanceSaid, ...], Field(max_length=ORDINANCES_MOST)]


class OrdinancesBack(Given):
    """Take an earlier version up again; `version` is the one seen now."""

    version: Version
    back_to: Version


class OrdinancesSeen(BaseModel):
    """What the office says now."""

    version: int
    ordinances: list[OrdinanceSaid]
    waiting: list[int] = Field(
        description="Those, counted from 0, that lie over no rule any more and so say nothing."
    )
    saved_at: datetime | None
    saved_by: str | None


class OrdinanceVersionSeen(BaseModel):
    """One version of the history."""

    version: int
    saved_at: datetime
    saved_by: str
    changes: list[str] = Field(description="Names of the rules that differ from the one before.")
    back_to: int | None
    count: int


@router.get("", operation_id="readOrdinances", dependencies=READ)
async def read(request: Request) -> OrdinancesSeen:
    """What the office's own ordinances say."""
    async with connection(request) as conn:
        return _seen(await store.standing(conn))


@router.put(
    "", operation_id="saveOrdinances", dependencies=WRITE, responses={**CONFLICT, **REFUSED}
)
async def save(request: Request, given: OrdinancesGiven) -> OrdinancesSeen:
    """Say this from now on, if nobody saved since `version`; every answer says it at once."""
    ordinances.check(given.ordinances, _rules())
    return await _save(request, given.version, given.ordinances, None)


@router.post(
    "/back", operation_id="goBackToOrdinances", dependencies=WRITE,
    responses={**UNKNOWN, **CONFLICT},
)  # fmt: skip
async def go_back(request: Request, given: OrdinancesBack) -> OrdinancesSeen:
    """Take up an earlier version again, as a new one; 0: none of our own."""
    async with connection(request) as conn:
        said = await store.kept(conn, given.back_to)
    if said is None:
        raise UnknownOrdinances(given.back_to)
    return await _save(request, given.version, said, given.back_to)


@router.get("/history", operation_id="readOrdinanceHistory", dependencies=READ)
async def read_history(request: Request) -> list[OrdinanceVersionSeen]:
    """Who saved what when, newest first."""
    async with connection(request) as conn:
        found = await store.history(conn, HISTORY_MOST)
    return [
        OrdinanceVersionSeen(
            version=one.version, saved_at=one.saved_at, saved_by=one.saved_by,
            changes=one.changes, back_to=one.back_to, count=one.count,
        )
        for one in found
    ]  # fmt: skip


async def _save(
    request: Request, seen: int, said: tuple[OrdinanceSaid, ...], back_to: int | None
) -> OrdinancesSeen:
    who, now = await signed_in(request), clock.now()
    async with connection(request) as conn:
        before = await store.standing(conn)
        changes = ordinances.changes(said, before.ordinances)
        if not await store.keep(conn, seen, said, changes, who.login, now, back_to):
            raise OrdinancesSuperseded((await store.standing(conn)).version)
        told: dict[str, Any] = {"version": seen + 1, "changes": changes}
        if back_to is not None:
            told["back_to"] = back_to
        await write_down(conn, request, who.login, "ordinance.save", "", told)
        return _seen(await store.standing(conn))


def _seen(one: Standing) -> OrdinancesSeen:
    rules = _rules()
    waiting = [
        at for at, said in enumerate(one.ordinances) if not list(ordinances.in_force([said], rules))
    ]
    return OrdinancesSeen(
        version=one.version, ordinances=list(one.ordinances), waiting=waiting,
        saved_at=one.saved_at, saved_by=one.saved_by,
    )  # fmt: skip


def _rules() -> dict[str, Any]:
    return {rule.key: rule for rule in nation()}
