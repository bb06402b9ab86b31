"""The database's server is gone for a while and comes back: said in the form, nothing lost or twice."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

import pytest

from bot.workspace import Workspace
from tests.databases import TEMPLATE, Postgres
from tests.durability.people import insists, insists_on_answering
from tests.durability.processes import BotProcess, at_rest
from tests.durability.test_killed_during_the_first_report import (
    one_case_one_room_one_page_each,
    the_record_is_sound,
)
from tests.durability.test_sharp_edges import operators_see
from tests.operation.test_bad_machines import record_is_sound, said_twice
from tests.world import LOST_USB, World, the_company

#: Longer than outbox, planner and leases of these tests go without looking. No pause grows with its length.
GONE = 3.0


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of a PostgreSQL database with the newest schema."""
    name = postgres.create(TEMPLATE)
    yield postgres.url(name)
    postgres.drop(name)


async def test_whoever_acts_meanwhile_is_told_and_what_waits_is_said_afterwards(
    workspace: Workspace, postgres: Postgres, postgres_url: str
) -> None:
    world = World(workspace, postgres_url, the_company())
    await world.bot_starts()
    first = await world.reports()
    await world.opens_form("deputy")
    with postgres.away():
        sent = await world.sends("deputy", **LOST_USB)
        assert sent.trouble is None
        assert "もう一度" in " ".join(sent.errors.values())
        page = world.said_to("manager", "leak_page")[-1]
        await world.person("manager").click(page, "page_acknowledge")
        assert (await operators_see(world, "/readyz"))[0] == 503
        world.workspace.clock.advance(world.organisation.paging.acknowledge_within)
        await asyncio.sleep(GONE)
        assert world.said_to("deputy", "leak_page") == []
    async with asyncio.timeout(20):
        while (await operators_see(world, "/readyz"))[0] != 200:  # noqa: ASYNC110 - nobody rings
            await asyncio.sleep(0.1)
    await world.bot.settled()
    assert len(world.said_to("deputy", "leak_page")) == 1, "nobody answered, and the chain goes on"
    await insists(world, "deputy", lambda: world.opens_form("deputy"), **LOST_USB)
    await world.bot.settled()
    await insists_on_answering(world, "manager")
    await world.bot.settled()
    assert await world.numbers() == [first, "2026-0002"]
    assert world.card("2026-0002")
    assert said_twice(world) == []
    assert await record_is_sound(world)
    await world.bot_stops()


@pytest.mark.parametrize("method", ["chat.postMessage", "conversations.create", "pins.add"])
async def test_slack_did_it_and_the_server_went_before_it_was_noted(
    workspace: Workspace, postgres: Postgres, postgres_url: str, method: str
) -> None:
    bot = BotProcess(workspace, postgres_url)
    await bot.start()
    reporter = workspace.person("reporter")
    assert (await reporter.command("/leak", "")).ok
    gone = asyncio.Event()
    with contextlib.ExitStack() as dark:

        async def server_goes() -> None:
            await asyncio.to_thread(dark.enter_context, postgres.away())
            gone.set()

        workspace.faults.add(method=method, when="after", run=server_goes)
        await reporter.submit(dict(LOST_USB))
        await asyncio.wait_for(gone.wait(), 20)
        await asyncio.sleep(GONE)
    await at_rest(postgres_url, workspace.clock.now(), within=30)
    assert bot.alive
    await bot.kill()
    one_case_one_room_one_page_each(workspace)
    await the_record_is_sound(postgres_url)
