"""The desk where proofs are handed in: those that wait at the same moment are taken in together.

The log has one lock, and a COMMIT waits for the disk: one transaction for each proof would make a
morning's proofs stand in line for both. Nobody waits to be gathered: whoever comes while one
transaction runs is in the next, and whoever comes alone is taken in alone (decision 0236).
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final

from hub.kit import clock, db
from hub.tripproof import accepting
from hub.tripproof.accepting import Accepted, Answer, Brought
from hub.tripproof.office import Office
from hub.tripproof.refusals import TripNotReady

AT_ONCE: Final = 64  # one answer's wait is bounded by the work of so many
OF_ALL: Final = (*db.AWAY, TripNotReady)


@dataclass(frozen=True, slots=True)
class _Waiting:
    brought: Brought
    office: Office
    answer: asyncio.Future[Accepted]

    def tell(self, answer: Answer) -> None:
        """Answer, unless nobody listens any more."""
        if self.answer.done():
            return
        if isinstance(answer, Exception):
            self.answer.set_exception(answer)
        else:
            self.answer.set_result(answer)


class Desk:
    """One in each `web`. It opens its own connection and commits: it is a door of its own."""

    def __init__(self, pool: db.Pool) -> None:
        self._pool = pool
        self._line: deque[_Waiting] = deque()
        self._work: asyncio.Task[None] | None = None

    async def take(self, office: Office, brought: Brought) -> Accepted:
        """Take a proof in; it is committed when this returns. Raises what `accepting` answers."""
        one = _Waiting(brought, office, asyncio.get_running_loop().create_future())
        self._line.append(one)
        if self._work is None:
            self._work = asyncio.create_task(self._until_none_waits())
        return await one.answer

    async def _until_none_waits(self) -> None:
        try:
            while self._line:
                some = [self._line.popleft() for _ in range(min(AT_ONCE, len(self._line)))]
                await self._answer(some)
        finally:
            self._work = None

    async def _answer(self, some: list[_Waiting]) -> None:
        try:
            answers = await self._taken(some)
        except OF_ALL as error:
            answers = [error] * len(some)
        except Exception as error:  # noqa: BLE001  whoever waits is told
            if len(some) > 1:  # one of them breaks it: alone, it breaks its own
                for one in some:
                    await self._answer([one])
                return
            answers = [error]
        for one, answer in zip(some, answers, strict=True):
            one.tell(answer)

    async def _taken(self, some: list[_Waiting]) -> list[Answer]:
        brought = [one.brought for one in some]
        async with self._pool.connection() as conn:
            return await accepting.accept_all(conn, some[-1].office, brought, clock.now())
