"""First reports are stored together: whoever sends one while another is being stored shares the next commit.

When everybody reports at once (a mail that went to the wrong two hundred) each waits for a receipt within
three seconds. What a commit costs, it costs once for all who came meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.cases import queries
from bot.cases.database import Database
from bot.cases.states import state_of
from bot.policy.needs import READ
from bot.policy.state import CaseState
from bot.workflow.receiving import Received, receive

#: Reports in one commit: as many as take about as long as a commit does.
MOST: Final = 50
#: Nothing about this report or that: the next one would fare no better.
_THE_DATABASE_ITSELF: Final = (OperationalError, InterfaceError, PoolTimeout, OSError)


@dataclass(slots=True)
class _Waiting:
    received: Received
    taken: asyncio.Future[CaseState] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Intake:
    """Takes first reports. In: the organisation's zone, and what tells the time."""

    def __init__(self, database: Database, zone: ZoneInfo, now: Callable[[], datetime]) -> None:
        self._database = database
        self._zone = zone
        self._now = now
        self._waiting: list[_Waiting] = []
        self._storing: asyncio.Task[None] | None = None

    async def take(self, received: Received) -> CaseState:
        """Store a report. Out: its case; the same form sent twice gives the same one.

        Returns when it is committed, raises what kept it from that.
        """
        waiting = _Waiting(received)
        self._waiting.append(waiting)
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store_all())
        return await waiting.taken

    async def close(self) -> None:
        """Give up what is not stored yet: nobody waits for it any more."""
        if self._storing is not None:
            self._storing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._storing
        self._give_up(())

    async def _store_all(self) -> None:
        batch: list[_Waiting] = []
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._store(batch)
        finally:
            self._give_up(batch)

    def _give_up(self, batch: Sequence[_Waiting]) -> None:
        """Whoever has no answer by now would wait for ever."""
        for each in (*batch, *self._waiting):
            each.taken.cancel()
        self._waiting = []

    async def _store(self, batch: Sequence[_Waiting]) -> None:
        try:
            states = await self._stored([each.received for each in batch])
        except _THE_DATABASE_ITSELF as error:
            _fail(batch, error)
        except Exception:
            for each in batch:
                await self._store_alone(each)
        else:
            for each, state in zip(batch, states, strict=True):
                _answer(each, state)

    async def _store_alone(self, waiting: _Waiting) -> None:
        """One that cannot be stored keeps nobody else's report from being stored."""
        try:
            state = await self._case_of(waiting.received)
        except Exception as error:
            _fail([waiting], error)
        else:
            _answer(waiting, state)

    async def _case_of(self, received: Received) -> CaseState:
        try:
            return (await self._stored([received]))[0]
        except IntegrityError:
            if (known := await self._known(received.view_id)) is None:
                raise
            return known

    async def _stored(self, received: Sequence[Received]) -> list[CaseState]:
        async with self._database.transaction() as db:
            return await receive(db, received, self._zone, self._now())

    async def _known(self, view_id: str) -> CaseState | None:
        async with self._database.reading() as db:
            case = await queries.case_by_view(db, view_id)
            return await state_of(db, case, announced=READ) if case else None


def _answer(waiting: _Waiting, state: CaseState) -> None:
    if not waiting.taken.done():  # whoever was called off does not wait any more
        waiting.taken.set_result(state)


def _fail(batch: Sequence[_Waiting], error: Exception) -> None:
    for each in batch:
        if not each.taken.done():
            each.taken.set_exception(error)
