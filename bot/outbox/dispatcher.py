"""Claims deliveries, performs them, writes down what came of it: each exactly once, after any crash."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
import uuid
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.cases.database import Database
from bot.cases.states import case_state
from bot.clock import Clock
from bot.organisation import Organisation
from bot.outbox import deliveries
from bot.outbox.deliveries import Claim
from bot.outbox.speaker import DeliveryFailed, Outcome, Saying, Speaker
from bot.outbox.table import Delivery, DeliveryState
from bot.policy.needs import READ, Say, needs
from bot.policy.state import CaseState

logger = structlog.get_logger(__name__)

LEASE = 6.0  # seconds a claim outlives its process; another one takes over after that
RENEWALS = 3  # how often a living process renews its leases within one lease
LOOK_AROUND = 2.0  # seconds after which rows left by other processes are looked for without being told
SLOWEST_RETRY = 60.0  # seconds
SLOWEST_PAGE_RETRY = 5.0  # seconds: somebody is waiting for help


class Dispatcher:
    """The hands of the outbox: up to `hands` deliveries of different lanes at the same time."""

    def __init__(
        self,
        database: Database,
        organisation: Organisation,
        speaker: Speaker,
        clock: Clock,
        *,
        on_progress: Callable[[], None],
        on_end: Callable[[str, str], None] = lambda kind, outcome: None,
        hands: int = 16,
        first_retry: float = 1.0,
        lease: float = LEASE,
    ) -> None:
        self._database = database
        self._organisation = organisation
        self._speaker = speaker
        self._clock = clock
        self._on_progress = on_progress
        self._on_end = on_end
        self._hands = hands
        self._first_retry = first_retry
        self._lease = lease
        self._owner = uuid.uuid4().hex
        self._work: set[asyncio.Task[None]] = set()
        self._bell = asyncio.Event()
        self._stopping = False

    def ring(self) -> None:
        """There is something to say: look now."""
        self._bell.set()

    @property
    def busy(self) -> bool:
        """Whether anything is being said at this moment."""
        return bool(self._work)

    async def take_over_from_the_dead(self) -> None:
        """At the start on SQLite: claims are a dead process's own. On PostgreSQL their leases decide."""
        if self._database.is_sqlite:
            async with self._database.transaction() as db:
                if released := await deliveries.release_all(db):
                    logger.info("deliveries_taken_over", count=released)

    async def run(self) -> None:
        """Work until cancelled."""
        renewing = asyncio.create_task(self._keep_leases())
        try:
            while not self._stopping:
                self._bell.clear()
                claimed = await self.claim()
                if not claimed:
                    await self._rest()
        finally:
            renewing.cancel()
            for task in self._work:
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await renewing
            await asyncio.gather(*self._work, return_exceptions=True)

    async def claim(self) -> bool:
        """Claim what there are hands for, and begin it. Out: whether anything was claimed."""
        free = self._hands - len(self._work)
        if free <= 0:
            return False
        machine_now = time.time()
        async with self._database.reading() as db:
            next_try = await deliveries.next_try(db)
        if next_try is None or next_try > machine_now:
            return False
        async with self._database.transaction() as db:
            claimed = await deliveries.claim(db, self._owner, machine_now, machine_now + self._lease, free)
        for claim in claimed:
            task = asyncio.create_task(self._perform(claim), name=claim.delivery.key)
            self._work.add(task)
            task.add_done_callback(self._done)
        return bool(claimed)

    async def next_try(self) -> float | None:
        """When something undone may next be tried, in machine time."""
        async with self._database.reading() as db:
            return await deliveries.next_try(db)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._work.discard(task)
        if not task.cancelled() and (error := task.exception()):
            # A defect of ours, not of Slack's: the row keeps its claim until the lease ends, then is
            # tried again. The key is enough to find it; what was to be said stays out of the log.
            logger.error("delivery_crashed", key=task.get_name(), error=type(error).__name__, exc_info=error)
        self.ring()

    async def _rest(self) -> None:
        pause = LOOK_AROUND
        next_try = await self.next_try()
        if next_try is not None and not self._work:
            pause = min(pause, max(next_try - time.time(), 0.01))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._bell.wait(), pause)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._lease / RENEWALS)
            if self._work:
                async with self._database.transaction() as db:
                    await deliveries.renew(db, self._owner, time.time() + self._lease)

    async def _perform(self, claim: Claim) -> None:
        delivery = claim.delivery
        now = self._clock.now()
        async with self._database.reading() as db:
            number = await deliveries.case_number_of(db, delivery.case_id)
            case = await case_state(db, number, announced=READ)
        if case is None or not needs(case, self._organisation, now).wants(delivery.key):
            await self._finish(delivery, DeliveryState.MOOT, now)
            return
        saying = Saying(delivery.key, Say(delivery.kind), delivery.data, claim.may_have_been_said)
        try:
            result = await self._speaker.say(case, saying, now)
        except DeliveryFailed as failed:
            await self._failed(delivery, case, saying, failed)
            return
        async with self._database.transaction() as db:
            await self._speaker.note(db, case, saying, result, now)
            await deliveries.finish(db, delivery.id or 0, DeliveryState.DONE, self._clock.now(), None)
        self._on_end(delivery.kind, DeliveryState.DONE)
        logger.info("said", case=case.number, key=delivery.key, attempt=delivery.attempts)
        self._on_progress()

    async def _failed(
        self, delivery: Delivery, case: CaseState, saying: Saying, failed: DeliveryFailed
    ) -> None:
        now = self._clock.now()
        logger.warning(
            "not_said", case=case.number, key=delivery.key, error=failed.error, outcome=failed.outcome.name
        )
        if failed.outcome is Outcome.REFUSED:
            async with self._database.transaction() as db:
                await self._speaker.refused(db, case, saying, failed.error, now)
                await deliveries.finish(db, delivery.id or 0, DeliveryState.FAILED, now, failed.error)
            self._on_end(delivery.kind, DeliveryState.FAILED)
            self._on_progress()
            return
        async with self._database.transaction() as db:
            if _patience_is_over(delivery, now):
                await self._speaker.delayed(db, case, saying, failed.error, now)
            await deliveries.put_back(
                db,
                delivery.id or 0,
                time.time() + self._pause(delivery, failed),
                failed.error,
                surely_not_said=failed.outcome is not Outcome.UNKNOWN,
            )
        self._on_progress()

    def _pause(self, delivery: Delivery, failed: DeliveryFailed) -> float:
        if failed.retry_after is not None:
            return failed.retry_after
        slowest = SLOWEST_PAGE_RETRY if delivery.kind == Say.PAGE_DIRECT else SLOWEST_RETRY
        pause: float = min(self._first_retry * 2 ** (delivery.attempts - 1), slowest)
        return pause * random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, guards nothing

    async def _finish(self, delivery: Delivery, state: DeliveryState, now: datetime) -> None:
        async with self._database.transaction() as db:
            await deliveries.finish(db, delivery.id or 0, state, now, None)
        self._on_end(delivery.kind, state)


def _patience_is_over(delivery: Delivery, now: datetime) -> bool:
    patience = delivery.data.get("patience")
    return patience is not None and (now - delivery.wanted_at).total_seconds() > patience
