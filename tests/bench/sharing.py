"""One, two and four processes on one PostgreSQL: deliveries in a second, and none of them twice.

The workspace that stands for Slack runs on the same machine, so with few processors it is what gives out.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.cases.database import Database
from bot.workspace import Workspace
from tests.bench.bots import bot
from tests.bench.figure import Figure
from tests.bench.lived import a_reportable_case
from tests.bench.many_cases import LATER
from tests.bench.stored import copy_case, fall_due, give_rooms, rooms_of_copies
from tests.databases import a_postgres

PROCESSES = (1, 2, 4)
REMINDERS = 200
UNTIL_DUE = 3.0  # seconds


async def sharing(_folder: Path) -> list[Figure]:
    """So many reminders fall due at the same moment, for one, two and four processes."""
    found: list[Figure] = []
    alone = 0.0
    with a_postgres() as postgres:
        for count in PROCESSES:
            rate = await _rate(postgres.url(postgres.create()), count)
            alone = alone or rate
            beside = f"× {rate / alone:.2f} of one; {os.cpu_count()} processors for all"
            found.append(Figure(f"deliveries in a second, processes: {count}", rate, "1/s", None, beside))
    return found


async def _rate(url: str, count: int) -> float:
    async with a_reportable_case(url) as (local, number):
        database = Database.open(url)
        try:
            await copy_case(database, number, REMINDERS, LATER)
            await give_rooms(database, local, REMINDERS)
            rooms = await rooms_of_copies(database, REMINDERS)
            local.clock.advance(timedelta(minutes=2))
            async with _bots(local, url, count):
                moment = local.clock.now() + timedelta(seconds=UNTIL_DUE)
                due_at = time.monotonic() + UNTIL_DUE
                before = len(local.calls)
                await fall_due(database, dict.fromkeys(rooms, moment))
                return REMINDERS / (await _last_of(local, before, set(rooms)) - due_at)
        finally:
            await database.close()


@asynccontextmanager
async def _bots(local: Workspace, url: str, count: int) -> AsyncIterator[None]:
    async with AsyncExitStack() as running:
        for _ in range(count):
            await running.enter_async_context(bot(local, url, local.clock.offset))
        await asyncio.sleep(3.0)  # what follows a start
        yield


async def _last_of(local: Workspace, before: int, rooms: set[str]) -> float:
    """When the last room heard its reminder. Raises AssertionError for one that heard none, or two."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        posted = [
            call
            for call in local.calls[before:]
            if call.method == "chat.postMessage" and call.arguments["channel"] in rooms
        ]
        if len(posted) >= len(rooms):
            break
        await asyncio.sleep(0.1)
    heard = Counter(call.arguments["channel"] for call in posted)
    assert heard == Counter(rooms), "every reminder once"
    return max(call.began_at for call in posted)
