"""A case that was really lived through: reported, taken, assessed, its next reminder a minute away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.app import running
from bot.cases import queries
from bot.cases.database import Database
from bot.cases.states import case_state
from bot.resources import resource
from bot.settings import Settings
from bot.workspace import Workspace
from tests.world import LOST_USB, the_company


async def fresh(file: Path) -> str:
    """An empty database with the newest schema. Out: its address."""
    url = f"sqlite:///{file}"
    await prepare(url)
    return url


async def prepare(url: str) -> None:
    """Gives a database the newest schema."""
    database = Database.open(url)
    try:
        await database.upgrade()
    finally:
        await database.close()


OBLIGATIONS = 3
#: Reportable for what it was, so that it is owed to the authority twice and to the people themselves.
SENSITIVE = {
    "certainty": "confirmed",
    "kind": "loss",
    "malicious": "false",
    "persons": "30",
    "sensitive": "true",
    "financial_harm": "false",
    "my_number": "false",
}


@asynccontextmanager
async def a_reportable_case(url: str) -> AsyncIterator[tuple[Workspace, str]]:
    """The workspace, and the number of the case. The bot that lived through it has stopped."""
    await prepare(url)
    async with Workspace(manifest=resource("app_manifest.yml")) as local:
        settings = Settings.read({**local.environment, "LEAKBOT_DATABASE_URL": url, "LEAKBOT_PORT": "0"})
        async with running(settings, the_company(), local.clock) as bot:
            reporter, manager = local.person("reporter"), local.person("manager")
            assert (await reporter.command("/leak", "")).ok
            assert (await reporter.submit(dict(LOST_USB))).ok
            await bot.settled()
            [page] = [
                m for m in manager.messages("bot") if (m.metadata or {}).get("event_type") == "leak_page"
            ]
            assert (await manager.click(page, "page_acknowledge")).ok
            await bot.settled()
            async with bot.database.reading() as db:
                [number] = [case.number for case in await queries.all_cases(db)]
            office = local.person("privacy")
            await office.click(await office.open_home() or {}, "case_assess", number)
            assert (await office.submit(SENSITIVE)).ok
            assert (await office.submit({})).ok
            await bot.settled()
            async with bot.database.reading() as db:
                case = await case_state(db, number)
            assert case is not None
            assert len(case.open_obligations) == OBLIGATIONS
            countdown = await bot.next_reminder()
            assert countdown is not None, "a reported case has a deadline"
            minute_before = countdown - timedelta(minutes=1)
            while (wake := await bot.next_wake()) is not None and wake < minute_before:
                local.clock.set(max(wake, local.clock.now()))
                await bot.settled()
            local.clock.set(minute_before)
            await bot.settled()
        yield local, number
