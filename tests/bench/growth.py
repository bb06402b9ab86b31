"""What one more case costs, against the number of cases that are stored already: it should stay flat."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from bot.cases.database import Database
from bot.workspace import Workspace
from tests.bench.bots import Bot, bot
from tests.bench.figure import Figure
from tests.bench.lived import a_reportable_case
from tests.bench.many_cases import LATER
from tests.bench.stored import copy_case
from tests.world import LOST_USB

STORED = (1, 1_000, 100_000)
REPORTS = 10


async def growth(folder: Path) -> list[Figure]:
    """CPU of the bot for one report, with its page, room and card."""
    found: list[Figure] = []
    first = 0.0
    for count in STORED:
        url = f"sqlite:///{folder / f'{count}.db'}"
        async with a_reportable_case(url) as (local, number):
            if count > 1:
                database = Database.open(url)
                await copy_case(database, number, count - 1, LATER)
                await database.close()
            async with bot(local, url, local.clock.offset) as reported_to:
                cost = await _of_one(local, reported_to)
        first = first or cost
        name = f"CPU of one report with {count:,} stored"
        found.append(Figure(name, cost * 1000, "ms", None, f"× {cost / first:.2f} of the first"))
    return found


async def _of_one(local: Workspace, reported_to: Bot) -> float:
    reporter = local.person("reporter")
    before = 0.0
    for turn in range(REPORTS + 1):
        if turn == 1:  # the first one fills caches
            before = (await reported_to.used()).cpu
        assert (await reporter.command("/leak", "")).ok
        sent = await reporter.submit({**LOST_USB, "summary": f"{turn}本目のUSBメモリです"})
        assert sent.ok, sent.errors
        await quiet(local)
        await reporter.close_view()
    return ((await reported_to.used()).cpu - before) / REPORTS


async def quiet(local: Workspace, for_: float = 1.0) -> None:
    """Waits until nothing is under way and nothing new has come for so many seconds."""
    since, count = time.monotonic(), -1
    while time.monotonic() - since < for_:
        calls = local.calls
        if len(calls) != count or any(call.ended_at is None for call in calls[-50:]):
            count, since = len(calls), time.monotonic()
        await asyncio.sleep(0.01)
