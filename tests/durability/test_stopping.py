"""The bot is stopped while somebody is being served: that is finished, and nothing is left open."""

from __future__ import annotations

import asyncio
from typing import cast

import psycopg
import pytest
from sqlmodel import col, select

from bot.cases import queries
from bot.cases.database import Database
from bot.outbox.dispatcher import Dispatcher
from bot.outbox.speaker import Speaker
from bot.outbox.table import Delivery, DeliveryState
from tests.databases import Postgres
from tests.world import LOST_USB, World


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
async def test_whoever_is_being_served_is_served_to_the_end(world: World, postgres: Postgres) -> None:
    number = await world.reports()
    guest = world.workspace.add_person("temp", "派遣社員", restricted=True)
    asked = asyncio.Event()

    async def slowly() -> None:
        asked.set()
        await asyncio.sleep(0.4)

    world.workspace.faults.add("users.info", run=slowly)
    await world.person("privacy").invite(world.room(number), guest.id)
    await asyncio.wait_for(asked.wait(), 10)
    await world.bot_stops()

    assert await connections(postgres, world.database_url) == 0
    database = Database.open(world.database_url)
    async with database.reading() as db:
        case = await queries.case_row(db, number)
        assert case
        assert guest.id in {member.user for member in await queries.members_of(db, case.id or 0)}
    await database.close()


async def test_whoever_comes_too_late_opens_no_connection_that_nobody_closes(world: World) -> None:
    number = await world.reports()
    database = world.bot.database
    await world.bot_stops()
    with pytest.raises(RuntimeError, match="closed"):
        async with database.reading() as db:
            await queries.case_row(db, number)
    with pytest.raises(RuntimeError, match="closed"):
        async with database.transaction() as db:
            await queries.case_row(db, number)


async def connections(postgres: Postgres, url: str) -> int:
    """How many connections the server still has to this database, once those that are ending have ended."""
    name = url.split("?")[0].rsplit("/", 1)[-1]
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as admin:
        for _ in range(100):
            row = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name]).fetchone()
            if row == (0,):
                return 0
            await asyncio.sleep(0.02)
    return int(row[0]) if row else 0


async def test_the_outbox_ends_though_it_is_rung_in_the_same_moment(world: World) -> None:
    """In Python 3.11 `asyncio.wait_for` forgets a cancelling when what it waits for comes just then."""
    outbox = Dispatcher(
        world.bot.database,
        world.organisation,
        cast("Speaker", None),  # there is nothing to say
        world.workspace.clock,
        on_progress=lambda: None,
    )
    running = asyncio.create_task(outbox.run())
    await asyncio.sleep(0.1)  # it has looked, found nothing, and waits for the bell
    outbox.ring()
    running.cancel()
    ended, _ = await asyncio.wait([running], timeout=5)
    running.cancel()
    assert ended == {running}


async def test_what_was_under_way_is_another_process_at_once(world: World) -> None:
    """A page that was being sent does not wait for the lease of a process that has gone in good order."""
    await world.opens_form()
    sending = asyncio.Event()

    async def never_ends() -> None:
        sending.set()
        await asyncio.sleep(60)

    world.workspace.faults.add("chat.postMessage", times=None, run=never_ends)
    await world.sends("reporter", **LOST_USB)
    async with asyncio.timeout(10):
        await sending.wait()
    await world.bot_stops()
    database = Database.open(world.database_url)
    async with database.reading() as db:
        held = await db.scalars(
            select(col(Delivery.key)).where(col(Delivery.state) == DeliveryState.CLAIMED.value)
        )
        assert list(held) == []
    await database.close()
    world.workspace.faults.clear()
