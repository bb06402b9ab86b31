"""Claims deliveries, performs them, writes down what came of it: each exactly once, after any crash."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import queries
from bot.cases.database import Database
from bot.cases.hanging import row_behind
from bot.cases.states import case_state, state_of
from bot.clock import Clock
from bot.organisation import Organisation
from bot.outbox import alarms, deliveries
from bot.outbox.deliveries import Claim
from bot.outbox.speaker import DeliveryFailed, Outcome, Saying, Speaker
from bot.outbox.table import Delivery, DeliveryState
from bot.policy.need import Priority, Say
from bot.policy.needs import READ, needs
from bot.policy.rooms import waits_for_the_room
from bot.policy.state import CaseState

logger = structlog.get_logger(__name__)

LEASE = 6.0  # seconds a claim outlives its process; another one takes over after that
RENEWALS = 3  # how often a living process renews its leases within one lease
LOOK_AROUND = 2.0  # seconds after which rows left by other processes are looked for without being told
#: The longest pauses between two tries, counted in first pauses (of 1 s).
SLOWEST_RETRY = 10
SLOWEST_PAGE_RETRY = 5  # somebody is waiting for help
SLOWEST_ALARM_RETRY = 60  # somebody has to mend the installation first
KEPT_FOR_PAGES = 4  # hands that do nothing but page, so that slow calls for others never hold up a page
HEAD_START = 0.5  # seconds at most that whatever was claimed with a page lets it begin first
BREATH = 1.0  # seconds before the next look when the database did not answer


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
        served: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        """`served` waits, so many seconds at most, until nobody's act is being taken any more."""
        self._database = database
        self._organisation = organisation
        self._speaker = speaker
        self._clock = clock
        self._on_progress = on_progress
        self._on_end = on_end
        self._hands = hands
        self._first_retry = first_retry
        self._lease = lease
        self._served = served
        self._owner = uuid.uuid4().hex
        self._work: dict[asyncio.Task[None], Claim] = {}
        self._pages_to_begin: set[int | None] = set()
        self._pages_begun = asyncio.Event()
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """There is something to say: look now."""
        self._bell.set()

    @property
    def busy(self) -> bool:
        """Whether anything is being said at this moment."""
        return bool(self._work)

    async def take_over_from_the_dead(self) -> None:
        """At the start on SQLite: claims are a dead process's own. On PostgreSQL their leases decide."""
        async with self._database.transaction() as db:
            if self._database.is_sqlite and (released := await deliveries.release(db)):
                logger.info("deliveries_taken_over", count=released)
            await deliveries.hurry(db)
        await self.bring_back()

    async def bring_back(self) -> None:
        """The machine's clock was set back: what it put off far ahead before that is due now."""
        async with self._database.transaction() as db:
            await deliveries.bring_back(db, time.time())
        self.ring()

    async def run(self) -> None:
        """Work until cancelled."""
        renewing = asyncio.create_task(self._keep_leases())
        try:
            while True:
                self._bell.clear()
                try:
                    next_try = await self._next_of_others()
                    if not await self._claim(next_try):
                        await self._rest(next_try)
                except Exception as error:
                    # The database is away; what is to be said waits in it until it is back.
                    logger.error("outbox_not_read", error=type(error).__name__)
                    await asyncio.sleep(BREATH)
        finally:
            renewing.cancel()
            for task in self._work:
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await renewing
            await asyncio.gather(*self._work, return_exceptions=True)
            await self._let_go()

    async def _let_go(self) -> None:
        """What was under way is another process's, at once: a page never waits for our lease to end."""
        try:
            async with self._database.transaction() as db:
                await deliveries.release(db, self._owner)
        except Exception as error:
            logger.warning("deliveries_not_released", error=type(error).__name__)  # their leases end

    async def _claim(self, next_try: float | None) -> bool:
        """Claim what there are hands for, and begin it. Out: whether anything was claimed."""
        free = self._hands - len(self._work)
        if free <= 0:
            return False
        machine_now = time.time()
        if next_try is None or next_try > machine_now:
            return False
        async with self._database.transaction() as db:
            claimed = await deliveries.claim(
                db, self._owner, machine_now, machine_now + self._lease, free, KEPT_FOR_PAGES
            )
        pages = {c.delivery.id for c in claimed if c.delivery.priority == Priority.PAGE}
        self._pages_to_begin |= pages
        for claim in claimed:
            task = asyncio.create_task(self._perform(claim), name=claim.delivery.key)
            self._work[task] = claim
            task.add_done_callback(self._done)
        return bool(claimed)

    async def next_try(self) -> float | None:
        """When something undone may next be tried, in machine time."""
        async with self._database.looking() as db:
            return await deliveries.next_try(db)

    async def _next_of_others(self) -> float | None:
        """The same, without what this process is at already."""
        async with self._database.looking() as db:
            return await deliveries.next_try(db, but_of=self._owner if self._work else None)

    async def _pages_go_first(self) -> None:
        """Paging goes before everything else, even among what was claimed in the same moment."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEAD_START):
                while self._pages_to_begin:
                    self._pages_begun.clear()
                    await self._pages_begun.wait()

    def _begins(self, delivery: Delivery) -> None:
        self._pages_to_begin.discard(delivery.id)
        self._pages_begun.set()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._begins(self._work.pop(task).delivery)
        if not task.cancelled() and (error := task.exception()):
            # Not even put back: the claim stands until its lease ends, then it is tried again.
            logger.error("delivery_dropped", key=task.get_name(), error=type(error).__name__)
        self.ring()

    async def _rest(self, next_try: float | None) -> None:
        pause = LOOK_AROUND
        if next_try is not None and len(self._work) < self._hands:
            pause = min(pause, max(next_try - time.time(), 0.01))
        # Not `wait_for`: rung and cancelled in the same moment, it forgets the cancelling (Python 3.11).
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._bell.wait()

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._lease / RENEWALS)
            ids = [claim.delivery.id or 0 for claim in self._work.values()]
            if not ids:
                continue
            try:
                async with self._database.transaction() as db:
                    await deliveries.renew(db, self._owner, ids, time.time() + self._lease)
            except Exception as error:
                logger.error("leases_not_renewed", error=type(error).__name__)

    async def _perform(self, claim: Claim) -> None:
        try:
            await self._attempt(claim)
        except Exception as error:
            # The database is away, or a defect of ours. The key is enough to find it; what was to be said
            # stays out of the log.
            logger.error(
                "delivery_crashed", key=claim.delivery.key, error=type(error).__name__, exc_info=error
            )
            await self._put_back(claim, DeliveryFailed(Outcome.UNKNOWN, type(error).__name__))

    async def _attempt(self, claim: Claim) -> None:
        delivery = claim.delivery
        now = self._clock.now()
        if delivery.case_id is None:
            await self._attempt_alarm(claim, now)
            return
        async with self._database.reading() as db:
            row = await row_behind(db, delivery.case_id)
            case = await state_of(db, row, announced=READ) if row else None
        if case is None or not needs(case, self._organisation, now).wants(delivery.key):
            await self._not_wanted(claim, case, now)
            return
        saying = Saying(
            delivery.key, Say(delivery.kind), delivery.data, claim.may_have_been_said, delivery.attempts
        )
        try:
            if delivery.priority > Priority.PAGE:
                await self._pages_go_first()
                if self._served is not None:
                    # Whoever sent a form waits for its receipt, for three seconds and no longer.
                    await self._served(HEAD_START)
            call = await self._speaker.prepare(case, saying, now)
            # Drawn, looked up, nothing left but the call: the last moment to ask again.
            seen, wanted = await self._is_still_wanted(delivery, case)
            if not wanted:
                await self._not_wanted(claim, seen, now)
                return
            self._begins(delivery)
            result = await call()
        except DeliveryFailed as failed:
            await self._failed(claim, case, saying, failed)
            return
        async with self._database.transaction() as db:
            if await self._finish(db, delivery, DeliveryState.DONE, self._clock.now()):
                await self._speaker.note(db, case, saying, result, now)
        self._on_end(delivery.kind, DeliveryState.DONE)
        logger.info("said", case=case.number, key=delivery.key, attempt=delivery.attempts)
        self._on_progress()

    async def _attempt_alarm(self, claim: Claim, now: datetime) -> None:
        """Tell somebody of an alarm: the same promises as for a case, without one to note it on."""
        delivery = claim.delivery
        async with self._database.reading() as db:
            word = await alarms.word_of(db, delivery, now)
        if word is None:
            await self._is_moot(delivery, now)
            return
        try:
            await self._pages_go_first()
            call = await self._speaker.prepare_alarm(word, delivery.key, claim.may_have_been_said)
            await call()
        except DeliveryFailed as failed:
            logger.warning("not_said", key=delivery.key, error=failed.error, outcome=failed.outcome.name)
            if failed.outcome is not Outcome.REFUSED:
                await self._put_back(claim, failed)
                return
            ended: tuple[DeliveryState, str | None] = (DeliveryState.FAILED, failed.error)
        else:
            ended = (DeliveryState.DONE, None)
        async with self._database.transaction() as db:
            await self._finish(db, delivery, ended[0], self._clock.now(), ended[1])
        self._on_end(delivery.kind, ended[0])
        if ended[0] is DeliveryState.DONE:
            logger.info("said", key=delivery.key, attempt=delivery.attempts)

    async def _is_still_wanted(self, delivery: Delivery, seen: CaseState) -> tuple[CaseState | None, bool]:
        """The case as it stands now, and whether it still needs this."""
        async with self._database.looking() as db:
            if await queries.revision_of(db, seen.number) == seen.revision:
                return seen, True  # nobody did anything meanwhile
        async with self._database.reading() as db:
            case = await case_state(db, seen.number, announced=READ)
        if case is None:
            return None, False
        return case, needs(case, self._organisation, self._clock.now()).wants(delivery.key)

    async def _not_wanted(self, claim: Claim, case: CaseState | None, now: datetime) -> None:
        """It became moot, unless the case is only between two rooms: then it is asked again."""
        delivery = claim.delivery
        if case is not None and waits_for_the_room(case, Say(delivery.kind)):
            await self._put_back(claim, DeliveryFailed(Outcome.NOT_SAID, "no_room"))
            return
        await self._is_moot(delivery, now)

    async def _is_moot(self, delivery: Delivery, now: datetime) -> None:
        async with self._database.transaction() as db:
            await self._finish(db, delivery, DeliveryState.MOOT, now)
        self._on_end(delivery.kind, DeliveryState.MOOT)

    async def _failed(self, claim: Claim, case: CaseState, saying: Saying, failed: DeliveryFailed) -> None:
        delivery, now = claim.delivery, self._clock.now()
        logger.warning(
            "not_said", case=case.number, key=delivery.key, error=failed.error, outcome=failed.outcome.name
        )
        if failed.outcome is Outcome.REFUSED:
            async with self._database.transaction() as db:
                if await self._finish(db, delivery, DeliveryState.FAILED, now, failed.error):
                    await self._speaker.refused(db, case, saying, failed.error, now)
            self._on_end(delivery.kind, DeliveryState.FAILED)
        else:
            if failed.outcome is Outcome.NO_ROOM:
                async with self._database.transaction() as db:
                    await self._speaker.room_gone(db, case, saying, now)
            if _is_late(delivery, now, failed.retry_after or 0.0):
                async with self._database.transaction() as db:
                    await self._speaker.delayed(db, case, saying, failed.error, now)
            await self._put_back(claim, failed)
        self._on_progress()

    async def _put_back(self, claim: Claim, failed: DeliveryFailed) -> None:
        # Once an outcome was unknown it stays so: that a later try surely had no effect says nothing of it.
        surely_not_said = failed.outcome is not Outcome.UNKNOWN and not claim.may_have_been_said
        retry_at = time.time() + self._pause(claim.delivery, failed)
        async with self._database.transaction() as db:
            await deliveries.put_back(
                db,
                claim.delivery.id or 0,
                self._owner,
                retry_at,
                failed.error,
                surely_not_said=surely_not_said,
            )

    def _pause(self, delivery: Delivery, failed: DeliveryFailed) -> float:
        if failed.retry_after is not None:
            return failed.retry_after
        slowest = SLOWEST_PAGE_RETRY if delivery.kind == Say.PAGE_DIRECT else SLOWEST_RETRY
        if failed.outcome is Outcome.ALARM:
            slowest = SLOWEST_ALARM_RETRY
        pauses: int = min(2 ** min(delivery.attempts - 1, 10), slowest)
        return self._first_retry * pauses * random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries only

    async def _finish(
        self,
        db: AsyncSession,
        delivery: Delivery,
        state: DeliveryState,
        now: datetime,
        error: str | None = None,
    ) -> bool:
        ours = await deliveries.finish(db, delivery.id or 0, self._owner, state, now, error)
        if not ours:
            # Our lease ran out meanwhile: whoever took it over finds the message by its key and notes it.
            logger.warning("delivery_was_taken_over", key=delivery.key)
        return ours


def _is_late(delivery: Delivery, now: datetime, pause: float) -> bool:
    """Whether it has waited beyond its patience, or surely will have when it may be tried again."""
    patience = delivery.data.get("patience")
    return patience is not None and (now - delivery.wanted_at).total_seconds() + pause > patience
