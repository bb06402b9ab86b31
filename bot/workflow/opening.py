"""How every step begins: take the case for change, and have it looked at again afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import queries
from bot.cases.tables import Case
from bot.errors import NotFound
from bot.workflow.laying_out import lay_out


async def case_for_change(db: AsyncSession, number: str, now: datetime) -> Case:
    """The case, locked until the transaction ends, and woken: what it needs may differ after this step.

    Raises NotFound when there is no such case.
    """
    case = await queries.case_row(db, number, lock=True)
    if case is None:
        raise NotFound(f"There is no case {number}.", "`leakbot case list` shows those there are.")
    if not case.laid_out:
        await lay_out(db, case, now)
        await db.refresh(case)
    case.wake_at = now
    return case
