"""A hundred thousand open cases with three obligations each: what they cost while nothing happens, and when.

Beside it the same reminders as jobs of APScheduler's own SQLAlchemy job store, in a process of its own.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from datetime import timedelta
from pathlib import Path

from bot.cases.database import Database
from bot.workspace import Workspace
from tests.bench.bots import Bot, bot
from tests.bench.figure import Figure, percentile
from tests.bench.growth import quiet
from tests.bench.job_store import JobStore
from tests.bench.lived import a_reportable_case
from tests.bench.stored import LATER, copy_case, fall_due, give_rooms, rooms_of_copies

CASES = 100_000
SINGLE = 40  # reminders that fall due one by one
TOGETHER = 1000  # and in the same second
APART = 1.0  # seconds between two single ones
REST = 10.0  # seconds for what a start leaves to be looked through in the background
UNTIL_DUE = 10.0  # seconds: writing down when they are due takes a moment, and keeps the bot from writing
IDLE = 60.0  # seconds of doing nothing that are measured, with one look into the rooms of fifty cases
PATIENCE = 600.0  # seconds
MB = 1024 * 1024


async def many_cases(folder: Path) -> list[Figure]:
    """Start, idle, memory, lateness; first for one stored case, then for all of them, then as jobs."""
    url = f"sqlite:///{folder / 'cases.db'}"
    async with a_reportable_case(url) as (local, number):
        async with bot(local, url, local.clock.offset) as alone:
            await _at_rest(local)
            few, few_used = alone, await alone.used()
        database = Database.open(url)
        try:
            await copy_case(database, number, CASES, LATER, as_now=SINGLE + TOGETHER)
            await give_rooms(database, local, SINGLE + TOGETHER)
            local.clock.advance(timedelta(minutes=2))  # from now on a countdown is due whenever one asks
            return await _measured(local, url, database, few, few_used.cpu) + await _as_jobs(folder)
        finally:
            await database.close()


async def _at_rest(local: Workspace) -> None:
    """Waits for the people and the rooms that are looked at as it starts, and whom all the cases wait for."""
    await quiet(local)
    await asyncio.sleep(REST)


async def _measured(local: Workspace, url: str, database: Database, few: Bot, few_cpu: float) -> list[Figure]:
    async with bot(local, url, local.clock.offset) as busy:
        await _at_rest(local)
        await local.delivered(PATIENCE)  # what told of the new rooms, while nobody was there to hear it
        before = await busy.used()
        await asyncio.sleep(IDLE)
        idle = (await busy.used()).cpu - before.cpu
        single, together, span = await _lateness(local, database)
        used = await busy.used()
    return [
        Figure(
            f"start until ready, {CASES:,} open cases",
            busy.ready_after,
            "s",
            2,
            f"1 case: {few.ready_after:.3g} s",
        ),
        Figure(
            "  with the interpreter and its imports",
            busy.launched_after,
            "s",
            None,
            f"1 case: {few.launched_after:.3g} s",
        ),
        Figure("  CPU of the start, until it is at rest", before.cpu, "s", None, f"1 case: {few_cpu:.3g} s"),
        Figure(f"idle CPU, {CASES:,} open cases", idle / IDLE * 100, "%", 1),
        Figure(f"memory at most, {CASES:,} open cases", used.most / MB, "MB", 200),
        Figure("a reminder falls due → handed to Slack, p99", percentile(single, 0.99) * 1000, "ms", 250),
        Figure("a reminder falls due → handed to Slack, median", percentile(single, 0.5) * 1000, "ms"),
        Figure(f"{TOGETHER:,} fall due in one second → the last handed to Slack", max(together), "s"),
        Figure(f"{TOGETHER:,} in one second, longest pause between two", span, "s", 1),
    ]


async def _lateness(local: Workspace, database: Database) -> tuple[list[float], list[float], float]:
    """Lets reminders fall due. Out: lateness of the single ones and of those together, the longest pause."""
    begin = local.clock.now() + timedelta(seconds=UNTIL_DUE)
    rooms = await rooms_of_copies(database, SINGLE + TOGETHER)
    due = {room: begin + timedelta(seconds=n * APART) for n, room in enumerate(rooms[:SINGLE])}
    at_once = begin + timedelta(seconds=SINGLE * APART + 2)
    due |= dict.fromkeys(rooms[SINGLE:], at_once)
    await fall_due(database, due)
    assert local.clock.now() < begin, "they were due before all of them were written down"
    machine = {
        channel: time.monotonic() + (m - local.clock.now()).total_seconds() for channel, m in due.items()
    }
    before = len(local.calls)
    heard: dict[str, float] = {}
    deadline = max(machine.values()) + PATIENCE
    while len(heard) < len(due) and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
        for call in local.calls[before:]:
            channel = str(call.arguments.get("channel"))
            if call.method == "chat.postMessage" and channel in due:
                heard.setdefault(channel, call.began_at)
    missing = len(due) - len(heard)
    assert not missing, f"{missing} of {len(due)} reminders were not said"
    late = {channel: heard[channel] - moment for channel, moment in machine.items()}
    single = [late[room] for room in rooms[:SINGLE]]
    together = [late[room] for room in rooms[SINGLE:]]
    ordered = sorted(together)
    return single, together, max(b - a for a, b in itertools.pairwise(ordered))


async def _as_jobs(folder: Path) -> list[Figure]:
    store = JobStore(f"sqlite:///{folder / 'jobs.db'}", jobs=CASES * 3)
    result = await asyncio.to_thread(store.measure, SINGLE, TOGETHER, APART)
    beside = f"{CASES * 3:,} jobs in APScheduler's SQLAlchemy job store"
    return [
        Figure("  the same as jobs: start", result.start, "s", beside=beside),
        Figure("  the same as jobs: idle CPU", result.idle * 100, "%", beside=beside),
        Figure("  the same as jobs: memory at most", result.most / MB, "MB", beside=beside),
        Figure(
            "  the same as jobs: a job falls due → runs, p99", percentile(result.single, 0.99) * 1000, "ms"
        ),
        Figure(f"  the same as jobs: {TOGETHER:,} in one second → the last runs", max(result.together), "s"),
    ]
