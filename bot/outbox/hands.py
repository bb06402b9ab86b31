"""What this process has taken in hand: claims with their leases, each in a task of its own."""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.database import Database
from bot.outbox import deliveries
from bot.outbox.deliveries import Claim
from bot.outbox.planner import Planned
from bot.outbox.table import Delivery
from bot.policy.need import Priority

logger = structlog.get_logger(__name__)

LEASE = 6.0  # seconds a claim outlives its process; another one takes over after that
RENEWALS = 3  # how often a living process renews its leases within one lease
KEPT_FOR_PAGES = 4  # hands that do nothing but page, so that slow calls for others never hold up a page
HEAD_START = 0.5  # seconds at most that whatever was claimed with a page lets it begin first
LAST_WORDS = 3.0  # seconds at most that whoever stops waits for what Slack has been asked already

Perform = Callable[[Claim, Planned | None], Coroutine[None, None, None]]


class Hands:
    """So many hands, and what they are at. `perform` does it; `ring` is called whenever one is free again."""

    def __init__(
        self, database: Database, perform: Perform, ring: Callable[[], None], hands: int, lease: float
    ) -> None:
        self.owner = uuid.uuid4().hex
        self._database = database
        self._perform = perform
        self._ring = ring
        self._hands = hands
        self._lease = lease
        self._work: dict[asyncio.Task[None], Claim] = {}
        self._promised = 0  # hands for what is being claimed at this moment
        self._pages_to_begin: set[int | None] = set()
        self._pages_begun = asyncio.Event()

    @property
    def busy(self) -> bool:
        """Whether anything is being said at this moment."""
        return bool(self._work)

    @property
    def free(self) -> bool:
        """Whether there is a hand for more."""
        return len(self._work) < self._hands

    @asynccontextmanager
    async def claiming(self, planned: Mapping[int, Planned]) -> AsyncIterator[AsyncSession]:
        """A transaction at whose end as much is claimed as there are hands for; committed, it begins.

        In: what is planned in it, by the row of the case: nobody needs to read it again.
        """
        free = 0
        try:
            async with self._database.transaction() as db:
                yield db
                free = max(0, self._hands - len(self._work) - self._promised)
                self._promised += free
                claimed = await self._claimed(db, free)
        finally:
            self._promised -= free
        self._begin(claimed, planned)

    async def _claimed(self, db: AsyncSession, free: int) -> Sequence[Claim]:
        if not free:
            return ()
        now = time.time()
        return await deliveries.claim(db, self.owner, now, now + self._lease, free, KEPT_FOR_PAGES)

    def _begin(self, claimed: Sequence[Claim], planned: Mapping[int, Planned]) -> None:
        self._pages_to_begin |= {c.delivery.id for c in claimed if c.delivery.priority == Priority.PAGE}
        for claim in claimed:
            plan = planned.get(claim.delivery.case_id or 0)
            task = asyncio.create_task(self._perform(claim, plan), name=claim.delivery.key)
            self._work[task] = claim
            task.add_done_callback(self._done)

    async def claim(self, next_try: float | None) -> bool:
        """Claim what has waited, and begin it. Out: whether there was anything."""
        if not self.free or next_try is None or next_try > time.time():
            return False
        before = len(self._work)
        async with self.claiming({}) as db:
            await deliveries.lapse(db, time.time())
        return len(self._work) > before

    async def next_try(self) -> float | None:
        """When something undone may next be tried, in machine time."""
        async with self._database.looking() as db:
            return await deliveries.next_try(db)

    async def next_of_others(self) -> float | None:
        """The same, without what this process is at already."""
        async with self._database.looking() as db:
            return await deliveries.next_try(db, but_of=self.owner if self._work else None)

    async def pages_go_first(self) -> None:
        """Paging goes before everything else, even among what was claimed in the same moment."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEAD_START):
                while self._pages_to_begin:
                    self._pages_begun.clear()
                    await self._pages_begun.wait()

    def begins(self, delivery: Delivery) -> None:
        """It is about to be said."""
        self._pages_to_begin.discard(delivery.id)
        self._pages_begun.set()

    def _done(self, task: asyncio.Task[None]) -> None:
        self.begins(self._work.pop(task).delivery)
        if not task.cancelled() and (error := task.exception()):
            # Not even put back: the claim stands until its lease ends, then it is tried again.
            logger.error("delivery_dropped", key=task.get_name(), error=type(error).__name__)
        self._ring()

    async def keep_leases(self) -> None:
        """Tell the others, until cancelled, that this process lives and is still at what it claimed."""
        while True:
            await asyncio.sleep(self._lease / RENEWALS)
            ids = [claim.delivery.id or 0 for claim in self._work.values()]
            if not ids:
                continue
            try:
                async with self._database.transaction() as db:
                    await deliveries.renew(db, self.owner, ids, time.time() + self._lease)
            except Exception as error:
                logger.error("leases_not_renewed", error=type(error).__name__)

    async def let_go(self) -> None:
        """Finish what is under way, or call it off: it is another process's at once, not when our lease ends.

        Called off at once it could still be said, after the next process has looked for it in vain.
        """
        self._hands = 0  # what is finished claims nothing more
        if self._work:
            await asyncio.wait(self._work, timeout=LAST_WORDS)
        work = list(self._work)
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        try:
            async with self._database.transaction() as db:
                await deliveries.release(db, self.owner)
        except Exception as error:
            logger.warning("deliveries_not_released", error=type(error).__name__)  # their leases end
