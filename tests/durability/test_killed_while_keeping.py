"""Killed while a message or a file is being kept: it stands in the timeline once, whenever it happened."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import Literal

import pytest

from bot.cases import log, queries
from bot.cases.database import Database
from bot.vocabulary import LogKind
from bot.workspace import Workspace
from tests.durability.processes import BotProcess, at_rest
from tests.world import LOST_USB

SAID = "駅の忘れ物センターに電話しました"
WHEN = ("before", "after")


async def a_room(workspace: Workspace, database_url: str) -> tuple[BotProcess, str]:
    """A bot whose first case is reported, and the room of it."""
    bot = BotProcess(workspace, database_url)
    await bot.start()
    reporter = workspace.person("reporter")
    assert (await reporter.command("/leak", "")).ok
    await reporter.submit(dict(LOST_USB))
    await at_rest(database_url, workspace.clock.now())
    [room] = [c for c in workspace.person("privacy").conversations() if c.name.startswith("leak-")]
    return bot, room.id


async def lives_on(workspace: Workspace, database_url: str) -> None:
    """Started again, until everything is said and done."""
    workspace.faults.clear()
    again = BotProcess(workspace, database_url)
    await again.start()
    await workspace.delivered(30)
    await at_rest(database_url, workspace.clock.now())
    await again.kill()
    workspace.violations[:] = [v for v in workspace.violations if v.error != "not_acknowledged"]


def dies_at(
    workspace: Workspace, bot: BotProcess, method: str, when: Literal["before", "after"]
) -> asyncio.Event:
    """The process is killed at the next call of a method."""
    killed = asyncio.Event()

    async def kill() -> None:
        await bot.kill()
        killed.set()

    workspace.faults.add(method=method, nth=1, when=when, run=kill)
    return killed


async def entries(database_url: str, kind: LogKind) -> list[dict[str, object]]:
    """What the record holds of this kind; the record itself is sound."""
    database = Database.open(database_url)
    async with database.reading() as db:
        [case] = await queries.all_cases(db)
        assert await log.verify(db, case.number) == []
        found = [dict(entry.data) for entry in await queries.log_of(db, case.id or 0, [kind.value])]
    await database.close()
    return found


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("method", ["conversations.history", "chat.getPermalink", "reactions.add"])
async def test_a_pinned_message_stands_once(
    workspace: Workspace, database_url: str, method: str, when: Literal["before", "after"]
) -> None:
    bot, room = await a_room(workspace, database_url)
    manager = workspace.person("manager")
    ts = await manager.post(room, SAID)
    killed = dies_at(workspace, bot, method, when)
    await manager.react(room, ts, "pushpin")
    await asyncio.wait_for(killed.wait(), 20)
    await lives_on(workspace, database_url)
    [entry] = await entries(database_url, LogKind.TIMELINE_ENTRY)
    assert entry["text"] == SAID
    [_, sign] = workspace.conversation(room).by_ts[ts]["reactions"]
    assert (sign["name"], sign["count"]) == ("white_check_mark", 1)


async def test_killed_before_it_is_stored_the_pin_is_told_again(
    workspace: Workspace, database_url: str
) -> None:
    workspace.patience.retries = (0.5, 1.0, 2.0, 4.0, 8.0)
    bot, room = await a_room(workspace, database_url)
    manager = workspace.person("manager")
    ts = await manager.post(room, SAID)
    killed = dies_at(workspace, bot, "users.info", "before")  # who is it? asked before anything is stored
    await manager.react(room, ts, "pushpin")
    await asyncio.wait_for(killed.wait(), 20)
    assert await entries(database_url, LogKind.TIMELINE_WANTED) == []
    await lives_on(workspace, database_url)
    assert len(await entries(database_url, LogKind.TIMELINE_ENTRY)) == 1


@pytest.mark.parametrize("when", WHEN)
async def test_a_shared_file_is_listed_once(
    workspace: Workspace, database_url: str, when: Literal["before", "after"]
) -> None:
    bot, room = await a_room(workspace, database_url)
    killed = dies_at(workspace, bot, "files.info", when)
    await workspace.person("manager").share(room, "list.csv", b"1,2,3")
    await asyncio.wait_for(killed.wait(), 20)
    await lives_on(workspace, database_url)
    [listed] = await entries(database_url, LogKind.FILE_LISTED)
    assert listed["sha256"] == sha256(b"1,2,3").hexdigest()
