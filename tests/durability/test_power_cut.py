"""The power fails between Slack's effect and our commit, or while a commit is being written to the disk.

What the disk holds afterwards is what was waited for: every commit that was made, and of the next one at
most a torn piece. On SQLite the files are put into that state before the next start; PostgreSQL's server is
killed in the same moment (`pg_ctl stop -m immediate`) and mends itself from its own log.
"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from bot.cases import queries
from bot.cases.database import Database
from bot.workspace import Workspace
from tests.databases import Postgres
from tests.durability.processes import BotProcess, Death, at_rest
from tests.durability.test_killed_during_the_first_report import (
    one_case_one_room_one_page_each,
    the_record_is_sound,
)
from tests.world import LOST_USB

HEADER, FRAME_HEADER = (
    32,
    24,
)  # bytes of a write-ahead log and of each page in it: sqlite.org/fileformat2.html
NOTED = "bot.slack.intake.Intake._stored"  # where a first report is stored


def commits_in(log: bytes) -> list[int]:
    """Where in a write-ahead log each commit ends, in bytes; oldest first."""
    page = int.from_bytes(log[8:12], "big")
    ends, at = [], HEADER
    while at + FRAME_HEADER + page <= len(log) and log[at + 8 : at + 16] == log[16:24]:
        last_of_a_commit = int.from_bytes(log[at + 4 : at + 8], "big") > 0
        at += FRAME_HEADER + page
        if last_of_a_commit:
            ends.append(at)
    return ends


def power_fails(url: str, *, during_the_last_commit: bool = False) -> None:
    """Leaves in the SQLite file what a disk holds after a power cut: all commits, and a torn piece."""
    file = Path(url.removeprefix("sqlite:///"))
    log, shared = file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")
    written = log.read_bytes()
    *_, before, last = [HEADER, *commits_in(written)]
    kept = before if during_the_last_commit else last
    page = int.from_bytes(written[8:12], "big")
    torn = written[kept : kept + page] if during_the_last_commit else bytes(range(256)) * 8
    log.write_bytes(written[:kept] + torn)
    shared.unlink(missing_ok=True)  # it lives in memory


async def the_form_is_sent(workspace: Workspace, bot: BotProcess) -> None:
    """The reporter sends the open form, and looks away when the line is dead."""
    sending = asyncio.create_task(workspace.person("reporter").submit(dict(LOST_USB)))
    async with asyncio.timeout(30):
        await bot.died.wait()
    sending.cancel()
    await asyncio.wait({sending})
    workspace.faults.clear()


async def lives_on(workspace: Workspace, database_url: str) -> BotProcess:
    again = BotProcess(workspace, database_url)
    await again.start()
    await at_rest(database_url, workspace.clock.now())
    return again


@pytest.mark.parametrize("method", ["chat.postMessage", "conversations.create", "conversations.invite"])
async def test_slack_did_it_and_we_could_not_note_it(
    workspace: Workspace, database_url: str, request: pytest.FixtureRequest, method: str
) -> None:
    bot = BotProcess(workspace, database_url)
    await bot.start()
    assert (await workspace.person("reporter").command("/leak", "")).ok
    with contextlib.ExitStack() as dark:

        async def power_is_cut() -> None:
            if not database_url.startswith("sqlite"):
                postgres: Postgres = request.getfixturevalue("postgres")
                await asyncio.to_thread(dark.enter_context, postgres.away())
            await bot.kill()

        workspace.faults.add(method=method, when="after", run=power_is_cut)
        await the_form_is_sent(workspace, bot)
    if database_url.startswith("sqlite"):
        power_fails(database_url)
    await (await lives_on(workspace, database_url)).kill()
    one_case_one_room_one_page_each(workspace)
    await the_record_is_sound(database_url)
    workspace.violations[:] = [v for v in workspace.violations if v.error != "not_acknowledged"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_report_that_was_half_written_was_not_taken_and_is_sent_again(
    workspace: Workspace, database_url: str
) -> None:
    bot = BotProcess(workspace, database_url)
    await bot.start(Death("after", NOTED, 1))
    reporter = workspace.person("reporter")
    assert (await reporter.command("/leak", "")).ok
    await the_form_is_sent(workspace, bot)
    power_fails(database_url, during_the_last_commit=True)
    again = await lives_on(workspace, database_url)
    database = Database.open(database_url)
    async with database.reading() as db:
        assert await queries.all_cases(db) == [], "nobody was told that it is stored"
    await database.close()
    assert reporter.modal is not None, "what was typed still stands in the form"
    assert (await reporter.submit(dict(LOST_USB))).ok
    await at_rest(database_url, workspace.clock.now())
    await again.kill()
    one_case_one_room_one_page_each(workspace)
    await the_record_is_sound(database_url)
    workspace.violations[:] = [v for v in workspace.violations if v.error != "not_acknowledged"]
