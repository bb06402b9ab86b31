"""No room is left where the SQLite file is: said in the form, noticed, nothing half stored, and it goes on.

The system itself lets the bot's process write no further into any file (`RLIMIT_FSIZE`), from one moment to
the next as on a disk that is full. Everything else it may do: read, and speak with Slack.
"""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import event

from bot.cases import log, queries
from bot.cases.database import Database
from bot.vocabulary import Alarm
from bot.workspace import Workspace
from tests.durability.processes import BotProcess, at_rest
from tests.durability.test_killed_during_the_first_report import one_case_one_room_one_page_each
from tests.operation.test_alarms import figure, watcher
from tests.world import LOST_USB, World

pytestmark = pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="only Linux limits another process's files"
)


@contextmanager
def no_room_for(bot: BotProcess, url: str) -> Iterator[None]:
    """The bot's files grow no further until the block ends."""
    file = Path(url.removeprefix("sqlite:///"))
    written = file.with_name(f"{file.name}-wal").stat().st_size
    soft, hard = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (written, hard))
    try:
        yield
    finally:
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (soft, hard))


async def numbers(url: str) -> list[str]:
    """What is stored; each record is sound."""
    database = Database.open(url)
    async with database.reading() as db:
        found = [case.number for case in await queries.all_cases(db)]
        assert [p for number in found for p in await log.verify(db, number)] == []
    await database.close()
    return found


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_report_that_finds_no_room_is_not_taken_and_says_so(
    workspace: Workspace, database_url: str
) -> None:
    bot = BotProcess(workspace, database_url)
    await bot.start()
    reporter = workspace.person("reporter")
    assert (await reporter.command("/leak", "")).ok
    with no_room_for(bot, database_url):
        sent = await reporter.submit(dict(LOST_USB))
        assert sent.trouble is None
        assert "もう一度" in " ".join(sent.errors.values())
        assert reporter.modal is not None
        assert await numbers(database_url) == []
    assert (await reporter.submit(dict(LOST_USB))).ok
    await at_rest(database_url, workspace.clock.now())
    await bot.kill()
    assert await numbers(database_url) == ["2026-0001"]
    one_case_one_room_one_page_each(workspace)


@pytest.mark.parametrize("method", ["chat.postMessage", "conversations.create", "pins.add"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_slack_did_and_found_no_room_is_noted_later_and_not_done_again(
    workspace: Workspace, database_url: str, method: str
) -> None:
    bot = BotProcess(workspace, database_url)
    await bot.start()
    reporter = workspace.person("reporter")
    assert (await reporter.command("/leak", "")).ok
    full = asyncio.Event()
    with ExitStack() as narrow:

        async def it_fills_up() -> None:
            narrow.enter_context(no_room_for(bot, database_url))
            full.set()

        workspace.faults.add(method=method, when="after", run=it_fills_up)
        await reporter.submit(dict(LOST_USB))
        await asyncio.wait_for(full.wait(), 20)
        await asyncio.sleep(1)  # longer than the bot goes without trying again
    await at_rest(database_url, workspace.clock.now())
    assert bot.alive
    await bot.kill()
    assert await numbers(database_url) == ["2026-0001"]
    one_case_one_room_one_page_each(workspace)


@contextmanager
def read_only(database: Database) -> Iterator[None]:
    """Whoever writes is refused, as on a full disk or one that the system has made read-only."""
    engine = database._engine.sync_engine

    def look_only(connection: Any, _record: object, _proxy: object) -> None:
        connection.cursor().execute("PRAGMA query_only = ON")

    def write_too(connection: Any, _record: object, _proxy: object) -> None:
        connection.cursor().execute("PRAGMA query_only = OFF")

    event.listen(engine, "checkout", look_only)
    try:
        yield
    finally:
        event.remove(engine, "checkout", look_only)
        event.listen(engine, "checkout", write_too)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_full_disk_is_an_alarm_though_none_can_be_stored(world: World, tmp_path: Path) -> None:
    """The file can be read and not written: operators hear of it by log and figure."""
    alone = world.bot.watcher = watcher(world.bot.database, world, folders=[tmp_path], kept_free=2**60)
    with structlog.testing.capture_logs() as logged, read_only(world.bot.database):
        await alone.look()
        raised = [line["alarm"] for line in logged if line["event"] == "alarm_raised"]
        assert raised == [Alarm.DATABASE_AWAY]
        assert await figure(world, Alarm.DATABASE_AWAY) == "1.0"
    await alone.look()
    assert await figure(world, Alarm.DATABASE_AWAY) == "0.0"
    assert await figure(world, Alarm.DISK_NEARLY_FULL) == "1.0"
