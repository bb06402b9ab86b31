"""A bot that starts plays a first report through, and nothing of it is left."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, cast

import structlog
from sqlalchemy import func, select
from sqlmodel import SQLModel

from bot.app import Pace, running
from bot.cases.database import Database
from bot.settings import Settings
from bot.slack.rehearsal import rehearse
from bot.workspace import Workspace
from tests.world import LOST_USB, the_company

if TYPE_CHECKING:
    from bot.slack.desk import Desk

#: What the migrations themselves keep.
NOT_OURS = {"alembic_version"}


async def rows(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    async with database.reading() as db:
        return {
            table.name: int(await db.scalar(select(func.count()).select_from(table)) or 0)
            for table in SQLModel.metadata.sorted_tables
            if table.name not in NOT_OURS
        }


async def test_nothing_of_it_is_stored_or_said(workspace: Workspace, database_url: str) -> None:
    settings = Settings.read(
        {**workspace.environment, "LEAKBOT_DATABASE_URL": database_url, "LEAKBOT_PORT": "0"}
    )
    async with running(settings, the_company(), workspace.clock, Pace(rehearse=True)) as bot:
        await bot.settled()
        assert {name: count for name, count in (await rows(bot.database)).items() if count} == {}
        said = [
            c.method for c in workspace.calls if c.method.startswith(("chat.", "conversations.", "views."))
        ]
        assert said == []
        reporter = workspace.person("reporter")
        assert (await reporter.command("/leak", "")).ok
        assert (await reporter.submit(dict(LOST_USB))).ok
        await bot.settled()
        [room] = [c.name for c in workspace.person("manager").conversations() if c.kind == "private"]
        assert room == "leak-2026-0001", "it took no number away"


async def test_whoever_starts_the_bot_never_waits_for_it_in_vain(
    workspace: Workspace, sqlite_url: str
) -> None:
    """Where it fails the bot works all the same; in life that is told by one line in the log."""
    settings = Settings.read(
        {**workspace.environment, "LEAKBOT_DATABASE_URL": sqlite_url, "LEAKBOT_PORT": "0"}
    )
    with structlog.testing.capture_logs() as logged:
        async with running(settings, the_company(), workspace.clock, Pace(rehearse=True)):
            pass
    assert not [line for line in logged if line["event"] == "rehearsal_failed"], (
        "it plays every step it knows"
    )
    with structlog.testing.capture_logs() as logged:
        await rehearse(cast("Desk", None))
    assert [line["event"] for line in logged] == ["rehearsal_failed"]


async def test_what_was_read_in_is_not_looked_through_for_garbage_while_somebody_waits(
    workspace: Workspace, sqlite_url: str
) -> None:
    settings = Settings.read(
        {**workspace.environment, "LEAKBOT_DATABASE_URL": sqlite_url, "LEAKBOT_PORT": "0"}
    )
    gc.unfreeze()
    async with running(settings, the_company(), workspace.clock, Pace(rehearse=True)):
        assert len(gc.get_objects()) < gc.get_freeze_count() / 4
