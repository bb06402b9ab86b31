"""How every step begins: take the case for change, and have it looked at again afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.tables import Case
from bot.errors import NotFound

LEAKBOT = log.LEAKBOT  # the actor of what no person did


async def case_for_change(db: AsyncSession, number: str, now: datetime) -> Case:
    """The case, locked until the transaction ends, and woken: what it needs may differ after this step.

    Raises NotFound when there is no such case.
    """
    case = await queries.case_row(db, number, lock=True)
    if case is None:
        raise NotFound(f"There is no case {number}.", "`leakbot case list` shows those there are.")
    case.wake_at = now
    return case


def key_of(case: Case) -> int:
    """The row id of a stored case."""
    if case.id is None:
        raise LookupError(f"case {case.number} is not stored yet")
    return case.id
