"""The end of a case: close_case."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log
from bot.cases.states import state_of
from bot.policy.access import check_close
from bot.vocabulary import LogKind, Status
from bot.workflow.inputs import Closure
from bot.workflow.opening import case_for_change


async def close_case(
    db: AsyncSession,
    number: str,
    closure: Closure,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """End the case with its root cause, prevention and outcome. Raises Refused while something is open.

    The channel is never archived: a bot cannot undo it and would lose the history.
    """
    case = await case_for_change(db, number, now)
    check_close(await state_of(db, case), person, privacy_office)
    case.closed_at = now
    case.status = Status.CLOSED
    case.closure = asdict(closure)
    await log.append(db, case, LogKind.CLOSED, person, now, asdict(closure))
