"""APScheduler: the next wake-up exactly on its moment, and a safety interval for what others wrote.

No truth lives here. The one-off job only says "look now"; which case is due stands in `Case.wake_at`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import Clock, SystemClock
from bot.outbox.dispatcher import Dispatcher
from bot.outbox.hands import HEAD_START
from bot.outbox.planner import Planner

logger = structlog.get_logger(__name__)

NEXT_WAKE = "next wake-up"
SAFETY = "safety interval"
NIGHT_HOUR = 3
BREATH = timedelta(milliseconds=20)
SAFETY_SECONDS = 3  # what another process wrote, or a sleeping machine missed, is noticed within this


class Scheduler:
    """Wakes the planner when a case is due, when somebody did something, and when the clock jumps."""

    def __init__(
        self,
        planner: Planner,
        dispatcher: Dispatcher,
        clock: Clock,
        served: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        """`served` waits, so many seconds at most, until nobody waits for the receipt of a form."""
        self._served = served
        self._planner = planner
        self._dispatcher = dispatcher
        self._clock = clock
        self._jobs = AsyncIOScheduler(timezone=UTC)
        self._bell = asyncio.Event()
        self._planning = False
        clock.subscribe(self.ring)

    def ring(self) -> None:
        """Something changed: plan now."""
        self._bell.set()

    @property
    def busy(self) -> bool:
        """Whether somebody rang and the planner has not come to rest yet."""
        return self._planning or self._bell.is_set()

    def every(self, seconds: float, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Have `work` done every so many seconds (machine time)."""
        self._jobs.add_job(
            work,
            IntervalTrigger(seconds=seconds),
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def nightly(self, name: str, work: Callable[[], Awaitable[object]], zone: ZoneInfo) -> None:
        """Have `work` done every night (machine time), at the hour in `zone` when fewest are waiting."""
        self._jobs.add_job(
            work,
            CronTrigger(hour=NIGHT_HOUR, timezone=zone),
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def start_anew(self) -> None:
        """The machine's clock was set back: nothing waits longer than its interval, and plan now.

        APScheduler keeps moments of that clock, and would leave everything be until they come again.
        """
        now = SystemClock().now()
        for job in self._jobs.get_jobs():
            if isinstance(job.trigger, IntervalTrigger) and job.next_run_time > now + job.trigger.interval:
                job.modify(next_run_time=now + job.trigger.interval)
        self.ring()

    async def run(self) -> None:
        """Plan whenever rung, until cancelled."""
        self._jobs.start()
        self.every(SAFETY_SECONDS, SAFETY, self._ring_later)
        self.ring()
        try:
            while True:
                await self._bell.wait()
                self._planning = True
                self._bell.clear()
                try:
                    await self._plan()
                except Exception:
                    # Whatever it was (the database gone for a minute), the next ring tries again.
                    logger.exception("planning_failed")
                finally:
                    self._planning = False
        finally:
            with contextlib.suppress(Exception):
                self._jobs.shutdown(wait=False)

    async def _plan(self) -> None:
        if self._served is not None:
            await self._served(HEAD_START)
        if await self._planner.plan(self._clock.now()):
            self._dispatcher.ring()
        self._wake_at(await self._planner.earliest_wake())

    def _wake_at(self, moment: datetime | None) -> None:
        if moment is None:
            with contextlib.suppress(LookupError):
                self._jobs.remove_job(NEXT_WAKE)
            return
        # The case's clock may be an adjusted one; APScheduler lives in machine time. What is due still is
        # another process's at this moment: it is looked at again, but not without a breath.
        ahead = max(moment - self._clock.now(), BREATH)
        self._jobs.add_job(
            self._ring_later,
            DateTrigger(SystemClock().now() + ahead),
            id=NEXT_WAKE,
            replace_existing=True,
            misfire_grace_time=None,
        )

    async def _ring_later(self) -> None:
        self.ring()
