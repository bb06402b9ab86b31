"""The bot as a process of its own, so that a test can kill it for real (SIGKILL) and start it again."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any, Literal

import greenlet  # type: ignore[import-untyped]
from sqlalchemy import event
from sqlalchemy.orm import Session

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

#: Who opens a transaction for somebody else.
_OPEN_FOR_OTHERS = ("bot.cases.database", "bot.cases.guard", "bot.outbox.hands.Hands.claiming")

HURRIED = Pace(first_retry=0.05, lease=0.6, rehearse=False)
When = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Death:
    """SIGKILL before or after the nth commit (from 1) that is made at a place; `*` is any place.

    A place is who opens the transaction, and for what is said also what: `bot.slack.intake.Intake._stored`,
    `bot.outbox.dispatcher.Dispatcher._attempt 2026-0001/card`.
    """

    when: When
    place: str
    nth: int


class StandingClock:
    """The workspace's frozen moment, seen from another process, which tells when it is moved."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment
        self._callbacks: list[Callable[[], None]] = []

    def now(self) -> datetime:
        return self._moment

    def subscribe(self, callback: Callable[[], None], /) -> None:
        """`callback` is called whenever the clock was moved."""
        self._callbacks.append(callback)

    def moves(self, moment: datetime) -> None:
        """It is that late now."""
        self._moment = moment
        for callback in self._callbacks:
            callback()


class BotProcess:
    """`leakbot run` as a process: the same composition, with a standing clock."""

    def __init__(self, workspace: Workspace, database_url: str, pace: Pace = HURRIED) -> None:
        self._clock = workspace.clock
        self._environment = {
            **workspace.environment,
            "LEAKBOT_DATABASE_URL": database_url,
            "LEAKBOT_PORT": "0",
        }
        self._pace = pace
        self._process: Any = None
        self._line: Connection
        self.died = asyncio.Event()

    @property
    def alive(self) -> bool:
        """Whether it still lives."""
        return bool(self._process.is_alive())

    @property
    def pid(self) -> int:
        """Its process id."""
        return int(self._process.pid)

    async def start(self, dies: Death | None = None) -> bool:
        """Start it and wait until it is ready. Out: False where it died before, as `dies` had it."""
        self._line, theirs = _PROCESSES.Pipe()
        arguments = (self._environment, self._clock.now(), self._pace, dies, theirs)
        self._process = _PROCESSES.Process(target=_live, args=arguments, daemon=True)
        await asyncio.to_thread(self._process.start)
        theirs.close()
        loop, sentinel = asyncio.get_running_loop(), self._process.sentinel

        def died() -> None:
            loop.remove_reader(sentinel)
            self.died.set()

        loop.add_reader(sentinel, died)
        ready: str | None = await self._hears()
        return ready == "ready"

    async def dies_at(self, death: Death | None) -> bool:
        """From now on commits are counted anew; at this one it kills itself. Out: whether it still lives."""
        return await self._told(death) is not None

    async def sees_the_clock(self) -> None:
        """The workspace's clock was moved."""
        await self._told(self._clock.now())

    async def commits(self) -> list[str]:
        """The places of its commits since they were last counted anew, in order."""
        return list(await self._told("commits") or [])

    async def stop(self) -> None:
        """As SIGTERM does: let go of what is under way, and end."""
        await self._told("stop")
        await asyncio.to_thread(self._process.join, 30)
        assert not self.alive, "the bot does not end"

    async def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is said goodbye to."""
        self._process.kill()
        await asyncio.to_thread(self._process.join)

    async def _told(self, what: object) -> Any:
        try:
            self._line.send(what)
        except OSError:
            return None  # it is dead
        return await self._hears()

    async def _hears(self) -> Any:
        assert await asyncio.to_thread(self._line.poll, 60), "the bot does not answer"
        try:
            return self._line.recv()
        except (EOFError, OSError):
            return None


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


def _live(
    environment: dict[str, str], moment: datetime, pace: Pace, dies: Death | None, line: Connection
) -> None:
    logs.configure()  # as `leakbot run` does: drawing a pretty traceback stops everything for seconds
    commits, clock, stopping = _Commits(dies), StandingClock(moment), asyncio.Event()

    def hear() -> None:
        try:
            told = line.recv()
        except EOFError:
            os._exit(0)  # whoever started us is gone
        match told:
            case "commits":
                line.send(commits.places)
                return
            case "stop":
                stopping.set()
            case datetime():
                clock.moves(told)
            case _:
                commits.count_anew(told)
        line.send("heard")

    async def live() -> None:
        async with running(Settings.read(environment), the_company(), clock, pace):
            line.send("ready")
            asyncio.get_running_loop().add_reader(line.fileno(), hear)
            await stopping.wait()
            asyncio.get_running_loop().remove_reader(line.fileno())

    asyncio.run(live())


class _Commits:
    """Counts commits by their places, and dies at the one that is asked for: as sudden as a power cut."""

    def __init__(self, dies: Death | None) -> None:
        self.count_anew(dies)
        event.listen(GuardedSession, "before_commit", self._before)
        event.listen(GuardedSession, "after_commit", self._after)

    def count_anew(self, dies: Death | None) -> None:
        self._dies = dies
        self.places: list[str] = []
        self._seen: Counter[str] = Counter()

    def _before(self, session: Session) -> None:
        self._comes(session, "before")

    def _after(self, session: Session) -> None:
        self._comes(session, "after")

    def _comes(self, session: Session, when: When) -> None:
        if session.in_nested_transaction():
            return  # a savepoint: nothing is stored by it
        place = _place()
        if when == "after":
            self.places.append(place)
        for name in (place, "*"):
            self._seen[f"{when} {name}"] += 1
            if self._dies == Death(when, name, self._seen[f"{when} {name}"]):
                os.kill(os.getpid(), signal.SIGKILL)


def _place() -> str:
    """Who makes this commit: the innermost function of ours, below SQLAlchemy's own greenlet."""
    inner: Any = greenlet.getcurrent()
    frames: list[FrameType | None] = [sys._getframe()]
    while (inner := inner.parent) is not None:
        frames.append(inner.gr_frame)
    task = asyncio.current_task()
    said = f" {task.get_name()}" if task is not None and "/" in task.get_name() else ""
    for start in frames:
        frame = start
        while frame is not None:
            place = f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}"
            if place.startswith("bot.") and not place.startswith(_OPEN_FOR_OTHERS):
                return f"{place}{said}"
            frame = frame.f_back
    return "?"
