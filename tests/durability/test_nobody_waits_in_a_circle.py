"""On PostgreSQL writers of one case run side by side: what they wait for must never be each other."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.cases import queries
from bot.cases.database import Database
from bot.outbox import deliveries
from bot.outbox.planner import Planner
from bot.outbox.table import Delivery, DeliveryState
from bot.workflow.laying_out import lay_out
from tests.cases.rows import NOON, reported
from tests.world import the_company

NOW = NOON + timedelta(minutes=8)


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
async def test_planning_does_not_wait_for_what_is_being_finished(database: Database) -> None:
    """The planner holds the case, whoever finishes a delivery holds that and then wants the case."""
    planner = Planner(database, the_company(), lay_out)
    async with database.transaction() as db:
        case = await reported(db)
        assert case.id
        await queries.set_wake(db, case.id, NOW)
    assert await planner.plan(NOW)
    async with database.transaction() as db:
        claims = await deliveries.claim(db, "me", 1.0, 7.0, 16)
        await queries.set_wake(db, case.id, NOW)
    assert claims
    async with database.transaction() as db:
        for claim in claims:
            assert await deliveries.finish(db, claim.delivery.id or 0, "me", DeliveryState.DONE, NOW, None)
        async with asyncio.timeout(10):
            assert await planner.plan(NOW)
        assert await queries.case_row(db, case.number, lock=True)


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
async def test_what_another_process_is_planning_is_left_to_it(database: Database) -> None:
    """Cases that fall due together are shared out, not waited for in one row."""
    planner = Planner(database, the_company(), lay_out)
    ids = []
    async with database.transaction() as db:
        for count in range(3):
            case = await reported(db, f"V{count}")
            assert case.id
            await queries.set_wake(db, case.id, NOW)
            ids.append(case.id)
    async with database.transaction() as theirs:
        assert [case.id for case in await queries.due_cases(theirs, NOW, limit=2)] == ids[:2]
        async with asyncio.timeout(10):
            assert await planner.plan(NOW)
        async with database.reading() as db:
            assert set(await db.scalars(select(col(Delivery.case_id)))) == {ids[2]}
    assert await planner.plan(NOW)
    async with database.reading() as db:
        assert set(await db.scalars(select(col(Delivery.case_id)))) == set(ids)
