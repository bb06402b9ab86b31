"""Two bots on one PostgreSQL, a bot that dies in the middle, a database that goes away for a moment."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import text

from bot.workspace import Workspace
from tests.databases import TEMPLATE, Postgres
from tests.durability.people import connected
from tests.durability.processes import BotProcess, at_rest
from tests.durability.test_killed_during_the_first_report import (
    one_case_one_room_one_page_each,
    the_record_is_sound,
)
from tests.world import LOST_USB, World, payload, the_company


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of a PostgreSQL database with the newest schema."""
    name = postgres.create(TEMPLATE)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
async def pair(workspace: Workspace, postgres_url: str) -> AsyncIterator[tuple[World, World]]:
    """Two bots at work on one database in one workspace."""
    worlds = World(workspace, postgres_url, the_company()), World(workspace, postgres_url, the_company())
    for world in worlds:
        await world.bot_starts()
    yield worlds
    for world in worlds:
        await world.bot_stops()


async def test_two_bots_share_the_work_and_say_everything_once(pair: tuple[World, World]) -> None:
    one, other = pair
    people = ("reporter", "deputy", "legal", "privacy")
    for who in people:
        await one.opens_form(who)
    await asyncio.gather(*(one.sends(who, **LOST_USB, department="sales") for who in people))
    for world in (one, other, one):
        await world.bot.settled()
    assert await one.numbers() == [f"2026-000{count}" for count in (1, 2, 3, 4)]
    for someone in one.workspace.people:
        keys = Counter((m.channel, payload(m)["key"]) for m in someone.everything() if m.metadata)
        assert [key for key, times in keys.items() if times > 1] == []
    assert len(one.said_to("manager", "leak_page")) == 4
    for number in await one.numbers():
        assert one.card(number)


async def test_one_is_killed_at_a_call_and_the_other_takes_over(
    workspace: Workspace, postgres_url: str
) -> None:
    dying, living = BotProcess(workspace, postgres_url), BotProcess(workspace, postgres_url)
    await dying.start()
    reporter = workspace.person("reporter")
    assert (await reporter.command("/leak", "")).ok
    killed = asyncio.Event()

    async def kill() -> None:
        await dying.kill()
        killed.set()

    workspace.faults.add(method="conversations.create", when="after", run=kill)
    await reporter.submit(dict(LOST_USB))
    await asyncio.wait_for(killed.wait(), 20)
    await living.start()
    await at_rest(postgres_url, workspace.clock.now())
    await living.kill()
    one_case_one_room_one_page_each(workspace)
    await the_record_is_sound(postgres_url)


async def test_a_database_that_goes_away_for_a_moment_costs_nothing(
    workspace: Workspace, postgres_url: str
) -> None:
    world = World(workspace, postgres_url, the_company())
    await world.bot_starts()
    await world.reports()
    for _ in range(3):
        await everybody_is_disconnected(world)
        await asyncio.sleep(0.2)
    await connected(world)
    second = await world.reports()
    assert world.card(second)
    world.workspace.faults.latency = 0.2
    await world.opens_form("deputy")
    await world.sends("deputy", **LOST_USB)
    await everybody_is_disconnected(world)
    world.workspace.faults.clear()
    await world.bot.settled()
    assert len(world.said_to("manager", "leak_page")) == 3
    assert world.card("2026-0003")
    await world.bot_stops()


async def everybody_is_disconnected(world: World) -> None:
    """The server ends every other connection to this database."""
    async with world.bot.database.transaction() as db:
        await db.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


async def test_a_database_that_takes_nobody_for_seconds_stops_no_bot(
    workspace: Workspace, postgres: Postgres, postgres_url: str
) -> None:
    world = World(workspace, postgres_url, the_company())
    await world.bot_starts()
    name = postgres_url.split("?")[0].rsplit("/", 1)[-1]
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as admin:
        shut = SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        admin.execute(shut.format(Identifier(name), SQL("false")))
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        await asyncio.sleep(3)  # longer than the outbox and the planner go without looking
        admin.execute(shut.format(Identifier(name), SQL("true")))
    assert world.card(await world.reports())
    await world.bot_stops()
