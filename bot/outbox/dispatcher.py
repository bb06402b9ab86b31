"""Performs what is claimed and writes down what came of it: each exactly once, after any crash."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import queries
from bot.cases.database import Database
from bot.cases.hanging import row_behind
from bot.cases.states import case_state, state_of
from bot.clock import Clock
from bot.organisation import Organisation
from bot.outbox import alarms, deliveries
from bot.outbox.deliveries import Claim
from bot.outbox.hands import HEAD_START, LEASE, Hands
from bot.outbox.patience import is_late, pause
from bot.outbox.planner import Planned, plan_case
from bot.outbox.speaker import DeliveryFailed, Outcome, Result, Saying, Speaker
from bot.outbox.table import Delivery, DeliveryState
from bot.policy.need import Priority, Say
from bot.policy.needs import READ, needs
from bot.policy.rooms import waits_for_the_room
from bot.policy.state import CaseState

logger = structlog.get_logger(__name__)

LOOK_AROUND = 2.0  # seconds after which rows left by other processes are looked for without being told
TOGETHER = 0.001  # seconds in which answers of Slack count as coming at the same moment
BREATH = 1.0  # seconds before the next look when the database did not answer


@dataclass(slots=True, eq=False)
class _Said:
    """Something that was said: `result` is Slack's answer, `noted` whether somebody else noted it."""

    delivery: Delivery
    case: CaseState
    saying: Saying
    result: Result
    at: datetime
    noted: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Dispatcher:
    """Says what is to be said: up to `hands` deliveries of different lanes at the same time."""

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
        self._first_retry = first_retry
        self._served = served
        self._hands = Hands(database, self._perform, self.ring, hands, lease)
        self._said: dict[int, list[_Said]] = {}  # what is to be noted, by the row of its case
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """There is something to say: look now."""
        self._bell.set()

    @property
    def busy(self) -> bool:
        """Whether anything is being said at this moment."""
        return self._hands.busy

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
        renewing = asyncio.create_task(self._hands.keep_leases())
        try:
            while True:
                self._bell.clear()
                try:
                    next_try = await self._hands.next_of_others()
                    if not await self._hands.claim(next_try):
                        await self._rest(next_try)
                except Exception as error:
                    # The database is away; what is to be said waits in it until it is back.
                    logger.error("outbox_not_read", error=type(error).__name__)
                    await asyncio.sleep(BREATH)
        finally:
            await self._hands.let_go()  # what is finished meanwhile keeps its leases
            renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await renewing

    def claiming(self, planned: Mapping[int, Planned]) -> AbstractAsyncContextManager[AsyncSession]:
        """A transaction at whose end is claimed what can be said; committed, it begins.

        In: what is planned in it, by the row of the case: nobody needs to read it again.
        """
        return self._hands.claiming(planned)

    async def next_try(self) -> float | None:
        """When something undone may next be tried, in machine time."""
        return await self._hands.next_try()

    async def _rest(self, next_try: float | None) -> None:
        until = LOOK_AROUND
        if next_try is not None and self._hands.free:
            until = min(until, max(next_try - time.time(), 0.01))
        # Not `wait_for`: rung and cancelled in the same moment, it forgets the cancelling (Python 3.11).
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(until):
                await self._bell.wait()

    async def _perform(self, claim: Claim, planned: Planned | None) -> None:
        try:
            await self._attempt(claim, planned)
        except Exception as error:
            # The database is away, or a defect of ours. The key is enough to find it; what was to be said
            # stays out of the log.
            logger.error(
                "delivery_crashed", key=claim.delivery.key, error=type(error).__name__, exc_info=error
            )
            await self._put_back(claim, DeliveryFailed(Outcome.UNKNOWN, type(error).__name__))

    async def _attempt(self, claim: Claim, planned: Planned | None) -> None:
        """In: what the case was found to need in the commit that claimed this, where it was asked there."""
        delivery = claim.delivery
        now = self._clock.now()
        if delivery.case_id is None:
            await self._attempt_alarm(claim, now)
            return
        planned = planned or await self._asked(delivery.case_id, now)
        if planned is None or not planned.needs.wants(delivery.key):
            await self._not_wanted(claim, planned.case if planned else None, now)
            return
        case = planned.case
        saying = Saying(
            delivery.key, Say(delivery.kind), delivery.data, claim.may_have_been_said, delivery.attempts
        )
        try:
            if delivery.priority > Priority.PAGE:
                await self._hands.pages_go_first()
                if self._served is not None:
                    # Whoever sent a form waits for its receipt, for three seconds and no longer.
                    await self._served(HEAD_START)
            call = await self._speaker.prepare(case, saying, now)
            # Drawn, looked up, nothing left but the call: the last moment to ask again.
            seen, wanted = await self._is_still_wanted(delivery, case)
            if not wanted:
                await self._not_wanted(claim, seen, now)
                return
            self._hands.begins(delivery)
            result = await call()
        except DeliveryFailed as failed:
            await self._failed(claim, case, saying, failed)
            return
        said = _Said(delivery, case, saying, result, now)
        await self._note(delivery.case_id, said)
        self._on_end(delivery.kind, DeliveryState.DONE)
        logger.info("said", case=case.number, key=delivery.key, attempt=delivery.attempts)

    async def _asked(self, case_id: int, now: datetime) -> Planned | None:
        async with self._database.reading() as db:
            row = await row_behind(db, case_id)
            case = await state_of(db, row, announced=READ) if row else None
        return Planned(case, needs(case, self._organisation, now)) if case else None

    async def _note(self, case_id: int, said: _Said) -> None:
        """What is said for one case at the same moment is noted in one commit, by the first of it."""
        together = self._said.setdefault(case_id, [])
        together.append(said)
        if together[0] is not said:
            if not await said.noted:
                await self._note_all(case_id, lambda: [said])
            return
        noted = False
        try:
            await asyncio.sleep(TOGETHER)
            # Whoever comes until the transaction has begun is among them.
            await self._note_all(case_id, lambda: self._said.pop(case_id))
            noted = True
        except Exception:
            if len(together) == 1:
                raise
        finally:
            if self._said.get(case_id) is together:
                del self._said[case_id]
            for other in together[1:]:
                if not other.noted.done():
                    other.noted.set_result(noted)
        if not noted:
            await self._note_all(case_id, lambda: [said])  # one that cannot be noted is in nobody's way

    async def _note_all(self, case_id: int, take: Callable[[], list[_Said]]) -> None:
        """What was said, and what follows from it, are one commit: nobody needs to be asked first."""
        planned: dict[int, Planned] = {}
        try:
            async with self._hands.claiming(planned) as db:
                # All deliveries, then the case: whoever took one over holds it while waiting for the case.
                now, said = self._clock.now(), take()
                ours = [e for e in said if await self._finish(db, e.delivery, DeliveryState.DONE, now)]
                for each in ours:
                    await self._speaker.note(db, each.case, each.saying, each.result, each.at)
                await self._plan_what_follows(db, case_id, planned)
        finally:
            self._on_progress()

    async def _plan_what_follows(self, db: AsyncSession, case_id: int, planned: dict[int, Planned]) -> None:
        try:
            plan = await plan_case(db, self._organisation, case_id, self._clock.now())
        except (SQLAlchemyError, OSError):
            raise
        except Exception as error:
            # The case stays due: the planner tries it by itself, and says what is wrong with it.
            logger.warning("not_planned_at_once", case_id=case_id, error=type(error).__name__)
            return
        if plan is not None:
            planned[case_id] = plan

    async def _attempt_alarm(self, claim: Claim, now: datetime) -> None:
        """Tell somebody of an alarm: the same promises as for a case, without one to note it on."""
        delivery = claim.delivery
        async with self._database.reading() as db:
            word = await alarms.word_of(db, delivery, now)
        if word is None:
            await self._is_moot(delivery, now)
            return
        try:
            await self._hands.pages_go_first()
            call = await self._speaker.prepare_alarm(word, delivery.key, claim.may_have_been_said)
            async with self._database.reading() as db:
                if await alarms.word_of(db, delivery, now) != word:
                    await self._put_back(claim, DeliveryFailed(Outcome.NOT_SAID, "changed"))
                    return
            await call()
        except DeliveryFailed as failed:
            logger.warning("not_said", key=delivery.key, error=failed.error, came_to=failed.outcome.name)
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
            "not_said", case=case.number, key=delivery.key, error=failed.error, came_to=failed.outcome.name
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
            if is_late(delivery, now, failed.retry_after or 0.0):
                async with self._database.transaction() as db:
                    await self._speaker.delayed(db, case, saying, failed.error, now)
            await self._put_back(claim, failed)
        self._on_progress()

    async def _put_back(self, claim: Claim, failed: DeliveryFailed) -> None:
        # Once an outcome was unknown it stays so: that a later try surely had no effect says nothing of it.
        surely_not_said = failed.outcome is not Outcome.UNKNOWN and not claim.may_have_been_said
        retry_at = time.time() + pause(claim.delivery, failed, self._first_retry)
        async with self._database.transaction() as db:
            await deliveries.put_back(
                db,
                claim.delivery.id or 0,
                self._hands.owner,
                retry_at,
                failed.error,
                surely_not_said=surely_not_said,
            )

    async def _finish(
        self,
        db: AsyncSession,
        delivery: Delivery,
        state: DeliveryState,
        now: datetime,
        error: str | None = None,
    ) -> bool:
        ours = await deliveries.finish(db, delivery.id or 0, self._hands.owner, state, now, error)
        if not ours:
            # Our lease ran out meanwhile: whoever took it over finds the message by its key and notes it.
            logger.warning("delivery_was_taken_over", key=delivery.key)
        return ours
