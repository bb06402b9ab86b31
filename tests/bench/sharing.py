"""One, two and four processes on one PostgreSQL: reminders in a second, none of them twice, and whose work.

The workspace that stands for Slack runs on the same machine, in one process, so with few processors it is
what gives out; hence the CPU of either side stands beside, for one reminder.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.cases.database import Database
from bot.workspace import Workspace
from tests.bench.bots import Bot, bot
from tests.bench.figure import Figure
from tests.bench.growth import quiet
from tests.bench.lived import a_reportable_case
from tests.bench.stored import LATER, copy_case, fall_due, give_rooms, rooms_of_copies
from tests.databases import a_postgres

PROCESSES = (1, 2, 4)
REMINDERS = 200
UNTIL_DUE = 5.0  # seconds: writing it down takes a moment too
PATIENCE = 300.0  # seconds


@dataclass(frozen=True, slots=True)
class Shared:
    """Reminders in a second; what each process said; CPU seconds of all bots and of the workspace."""

    rate: float
    said: list[int]
    bots: float
    workspace: float


async def sharing(_folder: Path) -> list[Figure]:
    """So many reminders fall due at the same moment, for one, two and four processes."""
    found: list[Figure] = []
    alone = 0.0
    with a_postgres() as postgres:
        for count in PROCESSES:
            shared = await _shared(postgres.url(postgres.create()), count)
            alone = alone or shared.rate
            name = f"{REMINDERS} reminders due at once, in a second, processes: {count}"
            beside = f"× {shared.rate / alone:.2f} of one; {os.cpu_count()} processors for all"
            found.append(Figure(name, shared.rate, "1/s", None, beside))
            whose = ", ".join(f"{part / sum(shared.said):.0%}" for part in sorted(shared.said, reverse=True))
            beside = f"the local Slack: {shared.workspace / REMINDERS * 1000:.3g} ms; shares: {whose}"
            cpu = shared.bots / REMINDERS * 1000
            found.append(Figure("  CPU of the bots for one of them", cpu, "ms", None, beside))
    return found


async def _shared(url: str, count: int) -> Shared:
    async with a_reportable_case(url) as (local, number):
        database = Database.open(url)
        try:
            await copy_case(database, number, REMINDERS, LATER, as_now=REMINDERS)
            await give_rooms(database, local, REMINDERS)
            rooms = await rooms_of_copies(database, REMINDERS)
            local.clock.advance(timedelta(minutes=2))
            async with _bots(local, url, count) as bots:
                before, calls, ours = await _used(bots), len(local.calls), time.process_time()
                due_at = time.monotonic() + UNTIL_DUE
                moment = local.clock.now() + timedelta(seconds=UNTIL_DUE)
                await fall_due(database, dict.fromkeys(rooms, moment))
                assert time.monotonic() < due_at, "they were due before all of them were written down"
                last = await _last_of(local, calls, set(rooms))
                await quiet(local)  # the cards that follow
                ours = time.process_time() - ours
                said = [await each.said() for each in bots]
                return Shared(REMINDERS / (last - due_at), said, await _used(bots) - before, ours)
        finally:
            await database.close()


async def _used(bots: list[Bot]) -> float:
    return sum([(await each.used()).cpu for each in bots])


@asynccontextmanager
async def _bots(local: Workspace, url: str, count: int) -> AsyncIterator[list[Bot]]:
    async with AsyncExitStack() as running:
        bots = [await running.enter_async_context(bot(local, url, local.clock.offset)) for _ in range(count)]
        await quiet(local)  # what follows a start
        yield bots


async def _last_of(local: Workspace, before: int, rooms: set[str]) -> float:
    """When the last room heard its reminder. Raises AssertionError for one that heard none, or two."""
    deadline = time.monotonic() + PATIENCE
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
    assert heard == Counter(rooms), f"every reminder once: {len(heard)} rooms heard {len(posted)}"
    return max(call.began_at for call in posted)
