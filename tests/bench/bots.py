"""The bot as a process of its own, on a clock of its own, that tells what it used."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiohttp

from bot import logs
from bot.app import running
from bot.settings import Settings
from bot.workspace import Workspace
from tests.world import the_company

_FRESH = multiprocessing.get_context("spawn")  # imports everything anew, as `leakbot run` does
PATIENCE = 300.0
_DONE = re.compile(r'leakbot_deliveries_total\{.*outcome="done"\}')


class ShiftedClock:
    """The machine's clock, some time ahead or behind. It runs, so a wake-up comes by itself."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        return datetime.now(UTC) + self._ahead

    def subscribe(self, callback: Callable[[], None], /) -> None:
        """It never jumps."""


@dataclass(frozen=True, slots=True)
class Used:
    """CPU seconds since the process began, bytes of memory now and at most."""

    cpu: float
    memory: int
    most: int


class Bot:
    """A bot in another process."""

    def __init__(self, process: Any, address: str, ready_after: float, launched_after: float) -> None:
        self._process = process
        self._address = address
        self.ready_after = ready_after  # seconds from the first statement of start to ready, imports left out
        self.launched_after = launched_after  # and from the launch of the process, with interpreter, imports

    async def used(self) -> Used:
        """What it has used so far."""
        return await asyncio.to_thread(_used, self._process.pid)

    async def said(self) -> int:
        """How many deliveries it has brought to a good end, by its own metrics."""
        async with aiohttp.ClientSession() as session, session.get(f"{self._address}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        return round(sum(float(line.rpartition(" ")[2]) for line in lines if _DONE.match(line)))

    async def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        await asyncio.to_thread(self._process.join)


@asynccontextmanager
async def bot(
    workspace: Workspace, database_url: str, ahead: timedelta, **company: str
) -> AsyncIterator[Bot]:
    """A bot that is ready, until the block ends. `ahead`: its clock against the machine's.

    `company`: parts of the sample company's organisation file that are replaced, see `the_company`.
    """
    environment = {**workspace.environment, "LEAKBOT_DATABASE_URL": database_url, "LEAKBOT_PORT": "0"}
    ours, theirs = _FRESH.Pipe()
    launched = time.monotonic()
    process = _FRESH.Process(target=_live, args=(environment, ahead, company, theirs), daemon=True)
    await asyncio.to_thread(process.start)
    theirs.close()
    if not await asyncio.to_thread(ours.poll, PATIENCE):
        process.kill()
        raise TimeoutError("the bot did not get ready")
    ready_after, address = ours.recv()
    started = Bot(process, address, ready_after, time.monotonic() - launched)
    try:
        yield started
    finally:
        process.terminate()
        await asyncio.to_thread(process.join, 10)
        await started.kill()


def _live(environment: dict[str, str], ahead: timedelta, company: dict[str, str], ready: Connection) -> None:
    logs.configure()

    async def live() -> None:
        began = time.monotonic()
        async with running(Settings.read(environment), the_company(**company), ShiftedClock(ahead)) as it:
            ready.send((time.monotonic() - began, it.address))
            await asyncio.Event().wait()

    asyncio.run(live())


def _used(pid: int) -> Used:
    """Read from the kernel, so that asking costs the bot nothing (Linux: proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    kilobytes = {
        line.split(":")[0]: int(line.split()[1]) for line in status.splitlines() if line.startswith("Vm")
    }
    ticks = int(fields[11]) + int(fields[12])
    return Used(ticks / os.sysconf("SC_CLK_TCK"), kilobytes["VmRSS"] * 1024, kilobytes["VmHWM"] * 1024)
