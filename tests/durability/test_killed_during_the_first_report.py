"""Killed and started again at any Slack call of the first report: one room, one page each, nothing lost."""

from __future__ import annotations

import asyncio
from typing import Literal

import pytest

from bot.cases import log, queries
from bot.cases.database import Database
from bot.workspace import Message, Workspace
from tests.durability.processes import BotProcess, at_rest
from tests.world import LOST_USB

#: What the bot asks of Slack between the submitted form and rest. The first test keeps this list true.
CALLS = sorted(
    [
        "chat.postMessage",  # the page to the manager
        "chat.postMessage",  # the receipt to the reporter
        "chat.postMessage",  # the card
        "chat.postMessage",  # the page in the room
        "chat.update",  # the page gains its link
        "chat.update",  # the receipt gains its link
        "conversations.create",
        "conversations.invite",
        "conversations.setTopic",
        "dnd.info",  # whether the manager may be disturbed, asked after the page
        "pins.add",
    ]
)
QUIET = {
    "auth.test",
    "users.info",
    "users.list",
    "users.lookupByEmail",
    "usergroups.list",
    "usergroups.users.list",
}


def spoken(workspace: Workspace) -> list[str]:
    """The calls that belong to the story, not to a start."""
    return [call.method for call in workspace.calls if call.method not in QUIET | {"apps.connections.open"}]


async def the_report_is_sent(workspace: Workspace) -> None:
    reporter = workspace.person("reporter")
    assert (await reporter.command("/leak", "")).ok
    await reporter.submit(dict(LOST_USB))


async def test_the_list_of_calls_is_complete(workspace: Workspace, database_url: str) -> None:
    bot = BotProcess(workspace, database_url)
    await bot.start()
    await the_report_is_sent(workspace)
    await at_rest(database_url, workspace.clock.now())
    await bot.kill()
    assert sorted(m for m in spoken(workspace) if m != "views.open") == CALLS


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", range(1, len(CALLS) + 1))
async def test_nothing_is_lost_and_nothing_is_said_twice(
    workspace: Workspace, database_url: str, nth: int, when: Literal["before", "after"]
) -> None:
    bot = BotProcess(workspace, database_url)
    await bot.start()
    reporter = workspace.person("reporter")
    assert (await reporter.command("/leak", "")).ok
    killed = asyncio.Event()

    async def kill() -> None:
        await bot.kill()
        killed.set()

    workspace.faults.add(method="*", nth=nth, when=when, run=kill)
    await reporter.submit(dict(LOST_USB))
    await asyncio.wait_for(killed.wait(), 20)
    workspace.faults.clear()

    again = BotProcess(workspace, database_url)
    await again.start()
    await at_rest(database_url, workspace.clock.now())
    await again.kill()

    one_case_one_room_one_page_each(workspace)
    await the_record_is_sound(database_url)
    # The process may die between its commit and the ack: the one thing Slack rightly complains of.
    workspace.violations[:] = [v for v in workspace.violations if v.error != "not_acknowledged"]


def one_case_one_room_one_page_each(workspace: Workspace) -> None:
    privacy = workspace.person("privacy")
    [room] = [c for c in privacy.conversations() if c.name.startswith("leak-")]
    said = [m for m in privacy.messages(room.id) if m.metadata]
    assert kinds(said) == ["leak_card", "leak_page"]
    assert room.pinned == [said[0].ts]
    assert set(room.members) == {"U0LEAKBOT", "U0REPORTER", "U0MANAGER", "U0PRIVACY", "U0LEGAL"}
    assert kinds(workspace.person("manager").messages("bot")) == ["leak_page"]
    assert kinds(workspace.person("reporter").messages("bot")) == ["leak_notice"]
    everything = [m for who in ("manager", "reporter") for m in workspace.person(who).messages("bot")]
    assert all(f"<#{room.id}>" in m.plain for m in everything), "both know the way into the room"


def kinds(messages: list[Message]) -> list[str]:
    return [m.metadata["event_type"] for m in messages if m.metadata]


async def the_record_is_sound(database_url: str) -> None:
    database = Database.open(database_url)
    async with database.reading() as db:
        [case] = await queries.all_cases(db)
        assert case.number == "2026-0001"
        assert await log.verify(db, case.number) == []
    await database.close()
