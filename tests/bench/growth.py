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
from tests.bench.stored import LATER, copy_case, give_rooms
from tests.world import LOST_USB

STORED = (1, 1_000, 100_000)
REPORTS = 15  # fewer than the rooms that may be opened in a minute, with the first one
ROOMS = 250  # as many as a bot looks into while it is measured


async def growth(folder: Path) -> list[Figure]:
    """CPU of the bot for one report, with its page, room and card; and how often it calls Slack for it."""
    found: list[Figure] = []
    first = 0.0
    for count in STORED:
        url = f"sqlite:///{folder / f'{count}.db'}"
        async with a_reportable_case(url) as (local, number):
            if count > 1:
                database = Database.open(url)
                await copy_case(database, number, count - 1, LATER)
                await give_rooms(database, local, min(ROOMS, count - 1))
                await database.close()
            async with bot(local, url, local.clock.offset) as reported_to:
                await quiet(local)  # with the people and the rooms it looks at as it starts
                cost, calls = await _of_one(local, reported_to)
        first = first or cost
        name = f"CPU of one report, {count:,} stored"
        beside = f"× {cost / first:.2f} of the first; {calls:.3g} calls of Slack"
        found.append(Figure(name, cost * 1000, "ms", None, beside))
    return found


async def _of_one(local: Workspace, reported_to: Bot) -> tuple[float, float]:
    """Seconds and calls of one report, on the average."""
    reporter = local.person("reporter")
    before, calls = 0.0, 0
    for turn in range(REPORTS + 1):
        if turn == 1:  # the first one fills caches
            before, calls = (await reported_to.used()).cpu, len(local.calls)
        assert (await reporter.command("/leak", "")).ok
        sent = await reporter.submit({**LOST_USB, "summary": f"{turn}本目のUSBメモリです"})
        assert sent.ok, sent.errors
        await quiet(local)
        await reporter.close_view()
    used = (await reported_to.used()).cpu - before
    made = [call.method for call in local.calls[calls:]]
    assert made.count("conversations.create") == REPORTS, "a room for each"
    return used / REPORTS, len(made) / REPORTS


async def quiet(local: Workspace, for_: float = 1.0) -> None:
    """Waits until nothing is under way and nothing new has come for so many seconds."""
    since, count = time.monotonic(), -1
    while time.monotonic() - since < for_:
        calls = local.calls
        if len(calls) != count or any(call.ended_at is None for call in calls[-50:]):
            count, since = len(calls), time.monotonic()
        await asyncio.sleep(0.01)
