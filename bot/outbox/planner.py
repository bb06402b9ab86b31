"""Asks the cases that are due what they need, and leaves a delivery for every key not yet known."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from bot.cases import queries
from bot.cases.database import Database
from bot.cases.hanging import row_to_plan
from bot.cases.statements import run
from bot.cases.states import state_of
from bot.organisation import Organisation
from bot.outbox.table import Delivery, DeliveryState
from bot.policy.need import Need, Needs
from bot.policy.needs import READ, needs
from bot.policy.state import CaseState

logger = structlog.get_logger(__name__)

AT_ONCE = 10  # cases planned in one transaction
PUT_OFF = timedelta(minutes=1)  # before a case that cannot be planned is tried again

_KNOWN = select(col(Delivery.key)).where(col(Delivery.key).in_(bindparam("keys", expanding=True)))
_TABLE: Any = Delivery.__table__  # type: ignore[attr-defined]
_LEAVE = {
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(index_elements=["key"]),
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(index_elements=["key"]),
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A case, and what it was found to need."""

    case: CaseState
    needs: Needs


#: A transaction whose end claims what can be said; in: what is planned in it, by the row of the case.
Claiming = Callable[[dict[int, Planned]], AbstractAsyncContextManager[AsyncSession]]
#: Gives a new case, by its row, what follows from its report. Out: the case as it stands then.
LayOut = Callable[[AsyncSession, Any, datetime], Awaitable[CaseState]]


class Planner:
    """The sweep over due cases. It only leaves deliveries; saying them is the dispatcher's.

    `lay_out` is the workflow's, for cases that were only just reported. `claiming` is the dispatcher's: what
    is left is taken in hand in the same commit.
    """

    def __init__(
        self,
        database: Database,
        organisation: Organisation,
        lay_out: LayOut,
        claiming: Claiming | None = None,
    ) -> None:
        self._database = database
        self._organisation = organisation
        self._claiming = claiming or (lambda _: database.transaction())
        self._lay_out = lay_out
        self.unplanned: set[int] = set()  # ids of the cases that could not be planned when last tried

    async def plan(self, now: datetime) -> bool:
        """Plan every case whose `wake_at` has come. Out: whether any was due.

        What another process is planning at this moment is left to it.
        """
        any_due = False
        while await self._is_anything_due(now):
            any_due = True
            due: Sequence[Any] = ()
            planned: dict[int, Planned] = {}
            try:
                async with self._claiming(planned) as db:
                    due = await queries.due_cases(db, now, AT_ONCE)
                    for case in due:
                        plan = await _plan(db, self._organisation, case, now, self._lay_out)
                        if plan is not None:
                            planned[case.id] = plan
            except (SQLAlchemyError, OSError):
                raise  # the database itself: nobody's own trouble
            except Exception:
                for case in due:
                    await self._plan_alone(case.id, now)
                continue
            if not due:
                break  # all of them are another process's
            self.unplanned -= {case.id for case in due}
            await asyncio.sleep(0)  # what was claimed begins before anything else is looked up
        return any_due

    async def _is_anything_due(self, now: datetime) -> bool:
        earliest = await self.earliest_wake()
        return earliest is not None and earliest <= now

    async def _plan_alone(self, case_id: int, now: datetime) -> None:
        """Plan one case by itself, so that one that cannot be read holds up no other."""
        try:
            async with self._database.transaction() as db:
                await plan_case(db, self._organisation, case_id, now, self._lay_out)
            self.unplanned.discard(case_id)
        except (SQLAlchemyError, OSError):
            raise
        except Exception as error:
            self.unplanned.add(case_id)
            logger.error("case_not_planned", case_id=case_id, error=type(error).__name__, exc_info=error)
            async with self._database.transaction() as db:
                await queries.set_wake(db, case_id, now + PUT_OFF)

    async def earliest_wake(self) -> datetime | None:
        """When the next case wants to be asked."""
        async with self._database.looking() as db:
            return await queries.earliest_wake(db)

    async def next_word(self, now: datetime) -> datetime | None:
        """When the next page or reminder will be said, if nobody does anything until then."""
        async with self._database.reading() as db:
            states = [await state_of(db, case, announced=READ) for case in await queries.cases_ahead(db)]
        moments = (needs(state, self._organisation, now).next_word_at for state in states)
        return min((moment for moment in moments if moment is not None), default=None)


async def plan_case(
    db: AsyncSession,
    organisation: Organisation,
    case_id: int,
    now: datetime,
    lay_out: LayOut | None = None,
) -> Planned | None:
    """Leave what this case needs now, and when it is to be asked again.

    In: what lays out a new case first; without it that is left to somebody who can.
    Out: the case as it stands; None where it is not due, or another process is at it.
    """
    case = await row_to_plan(db, case_id)
    if case is None or case.wake_at is None or case.wake_at > now:
        return None
    return await _plan(db, organisation, case, now, lay_out)


async def _plan(
    db: AsyncSession, organisation: Organisation, case: Any, now: datetime, lay_out: LayOut | None
) -> Planned | None:
    if case.laid_out:
        state = await state_of(db, case, announced=READ)
    elif lay_out is not None:
        state = await lay_out(db, case, now)
    else:
        return None
    answer = needs(state, organisation, now)
    await leave(db, case.id, answer.wanted, now, nothing_yet=not case.laid_out)
    await queries.set_wake(db, case.id, answer.next_at)
    return Planned(state, answer)


async def leave(
    db: AsyncSession, case_id: int, wanted: tuple[Need, ...], now: datetime, *, nothing_yet: bool = False
) -> None:
    """Leave a delivery for each need whose key is not known yet; in: whether none can be.

    The planner holds the case, so nobody else adds one meanwhile; the unique key would refuse it.
    """
    # Looked up first: an insert that meets a known key waits for whoever is finishing that delivery, who
    # in turn waits for the case. PostgreSQL lets such a circle stand for a second, then throws one out.
    if not nothing_yet:
        known = set((await run(db, _KNOWN, {"keys": [need.key for need in wanted]})).scalars())
        wanted = tuple(need for need in wanted if need.key not in known)
    if not wanted:
        return
    rows: list[dict[str, Any]] = [
        {
            "key": need.key,
            "case_id": case_id,
            "kind": need.say.value,
            "lane": need.lane,
            "priority": int(need.priority),
            "data": need.data,
            "state": DeliveryState.WAITING.value,
            "wanted_at": now,
            "retry_at": 0.0,
            "attempts": 0,
        }
        for need in wanted
    ]
    await run(db, _LEAVE[db.get_bind().dialect.name], rows)
