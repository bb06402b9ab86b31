"""The bot as a process of its own, so that a test can kill it for real (SIGKILL) and start it again."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any, Literal

from sqlalchemy import event

from bot import logs
from bot.app import Pace, running
from bot.cases import queries
from bot.cases.database import Database
from bot.cases.guard import GuardedSession
from bot.outbox import deliveries
from bot.settings import Settings
from bot.workspace import Workspace
from tests.world import the_company

# A server process that has done it all once already: each bot is forked from it within milliseconds.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.durability.processes", "tests.durability.warm"])


#: Before or after which commit, counted from 1.
Death = tuple[Literal["before", "after"], int]


class StandingClock:
    """The workspace's frozen moment, seen from another process."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def subscribe(self, callback: Callable[[], None], /) -> None:
        """It never jumps."""


class BotProcess:
    """`leakbot run` as a process: the same composition, with a standing clock."""

    def __init__(self, workspace: Workspace, database_url: str, dies: Death | None = None) -> None:
        """`dies`: at which commit after it got ready it kills itself; None: at none."""
        self._arguments = (
            {**workspace.environment, "LEAKBOT_DATABASE_URL": database_url, "LEAKBOT_PORT": "0"},
            workspace.clock.now(),
            dies,
        )
        self._process: Any = None

    @property
    def alive(self) -> bool:
        """Whether it still lives."""
        return bool(self._process.is_alive())

    async def start(self) -> None:
        """Start it and wait until it is ready."""
        ours, theirs = _PROCESSES.Pipe()
        self._process = _PROCESSES.Process(target=_live, args=(*self._arguments, theirs), daemon=True)
        await asyncio.to_thread(self._process.start)
        assert await asyncio.to_thread(ours.poll, 60), "the bot did not get ready"
        assert ours.recv() == "ready"

    async def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is said goodbye to."""
        self._process.kill()
        await asyncio.to_thread(self._process.join)


async def at_rest(database_url: str, now: datetime, within: float = 20.0) -> None:
    """Wait until nothing is left to plan or to say, as the database has it."""
    database = Database.open(database_url)
    deadline = time.monotonic() + within
    try:
        while True:
            async with database.reading() as db:
                wake = await queries.earliest_wake(db)
                waiting = await deliveries.next_try(db)
            if (wake is None or wake > now) and waiting is None:
                return
            assert time.monotonic() < deadline, "the outbox does not come to rest"
            await asyncio.sleep(0.05)
    finally:
        await database.close()


def _live(environment: dict[str, str], moment: datetime, dies: Death | None, ready: Connection) -> None:
    logs.configure()  # as `leakbot run` does: drawing a pretty traceback stops everything for seconds

    async def live() -> None:
        settings = Settings.read(environment)
        async with running(
            settings, the_company(), StandingClock(moment), Pace(first_retry=0.05, lease=0.6, rehearse=False)
        ):
            if dies:
                _die_at_commit(*dies)
            ready.send("ready")
            await asyncio.Event().wait()

    asyncio.run(live())


def _die_at_commit(when: Literal["before", "after"], nth: int) -> None:
    """SIGKILL ourselves at a commit: as sudden as a power cut, and exactly there."""
    commits = itertools.count(1)

    def dies(_session: object) -> None:
        if next(commits) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(GuardedSession, f"{when}_commit", dies)
