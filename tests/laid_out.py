"""A first report taken and laid out in the test's own transaction, as the intake and the planner do it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.hanging import row_to_read
from bot.policy.state import CaseState
from bot.workflow.inputs import FirstReport
from bot.workflow.laying_out import lay_out
from bot.workflow.receiving import Received, Roster, receive


async def laid_out(
    db: AsyncSession,
    report: FirstReport,
    *,
    reporter: str,
    view_id: str,
    roster: Roster,
    zone: ZoneInfo,
    drill: bool = False,
    now: datetime,
) -> CaseState:
    """The case of this report, laid out."""
    received = Received(report, reporter, view_id, roster, drill)
    case = (await receive(db, [received], zone, now))[0]
    return await lay_out(db, await row_to_read(db, case.number), now)
