"""What Slack answers at the same moment for a case is noted in one commit; what cannot be noted, alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from bot.cases import queries
from bot.cases.database import Database
from bot.clock import Clock
from bot.outbox.dispatcher import Dispatcher
from bot.outbox.planner import Planner
from bot.outbox.speaker import Call, Result, Saying, Speaker
from bot.outbox.table import Delivery, DeliveryState
from bot.policy.need import Say
from bot.policy.state import CaseState
from bot.workflow.laying_out import lay_out
from tests.cases.rows import NOON, reported
from tests.world import the_company

NOW = NOON + timedelta(minutes=8)
FIRST = {Say.PAGE_DIRECT, Say.ROOM, Say.RECEIPT}


class Standing:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


class Chorus:
    """Says everything, and has all of Slack's answers at the same moment."""

    def __init__(self, *stumbles: Say) -> None:
        self.notes: list[tuple[int, Say]] = []  # in which session, and what
        self._stumbles = set(stumbles)
        self._all_asked = asyncio.Barrier(len(FIRST))

    async def prepare(self, case: CaseState, saying: Saying, now: datetime) -> Call:
        async def call() -> Result:
            if saying.say in FIRST and saying.attempts == 1:
                await self._all_asked.wait()
            return {}

        return call

    async def note(
        self, db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
    ) -> None:
        if saying.say in self._stumbles:
            raise RuntimeError("a defect of ours")
        self.notes.append((id(db), saying.say))


async def dispatched(database: Database, chorus: Chorus, until: Sequence[Say]) -> None:
    """Let a new case be spoken of until these are noted."""
    async with database.transaction() as db:
        case = await reported(db)
        await queries.set_wake(db, case.id or 0, NOW)
    dispatcher = Dispatcher(
        database,
        the_company(),
        cast("Speaker", chorus),
        cast("Clock", Standing()),
        on_progress=lambda: None,
        first_retry=60.0,
    )
    running = asyncio.create_task(dispatcher.run())
    await Planner(database, the_company(), lay_out, dispatcher.claiming).plan(NOW)
    async with asyncio.timeout(20):
        while not set(until) <= {say for _, say in chorus.notes}:  # noqa: ASYNC110 - nobody rings
            await asyncio.sleep(0.01)
        while dispatcher.busy:  # noqa: ASYNC110 - nobody rings
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.wait([running])


async def ends(database: Database) -> dict[str, Any]:
    """How each kind of delivery ended."""
    async with database.reading() as db:
        rows = await db.execute(select(col(Delivery.kind), col(Delivery.state)))
        return {row.kind: row.state for row in rows if row.kind in FIRST}


async def test_answers_of_the_same_moment_are_one_commit(database: Database) -> None:
    chorus = Chorus()
    await dispatched(database, chorus, sorted(FIRST))
    assert len({session for session, say in chorus.notes if say in FIRST}) == 1
    assert await ends(database) == dict.fromkeys(sorted(FIRST), DeliveryState.DONE)


@pytest.mark.parametrize("defect", sorted(FIRST))
async def test_what_cannot_be_noted_is_in_nobodys_way(database: Database, defect: Say) -> None:
    chorus = Chorus(defect)
    others = FIRST - {defect}
    await dispatched(database, chorus, sorted(others))
    assert await ends(database) == {
        **dict.fromkeys(others, DeliveryState.DONE),
        defect: DeliveryState.WAITING,
    }
