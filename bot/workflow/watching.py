"""A case somebody took must not be forgotten: asked · lapsed · still_working."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log
from bot.cases.log import LEAKBOT
from bot.cases.states import state_of
from bot.errors import Refused
from bot.policy.access import check_go_on
from bot.vocabulary import LogKind
from bot.workflow.opening import case_for_change


async def asked(db: AsyncSession, number: str, *, user: str, step: int, now: datetime) -> None:
    """Whoever has the case was asked whether it goes on, after this step of the log."""
    case = await case_for_change(db, number, now)
    await log.append(db, case, LogKind.ASKED, LEAKBOT, now, {"user": user, "step": step})


async def lapsed(
    db: AsyncSession, number: str, *, user: str, step: int, level: int, attempt: int, now: datetime
) -> None:
    """Nothing came after the question: this level is called beside the one who has the case."""
    case = await case_for_change(db, number, now)
    data = {"user": user, "step": step, "level": level, "attempt": attempt}
    await log.append(db, case, LogKind.LAPSED, LEAKBOT, now, data)


async def still_working(
    db: AsyncSession, number: str, *, person: str, privacy_office: Collection[str], now: datetime
) -> None:
    """Somebody says that the case is being worked on.

    Raises Refused for people who do not work on it, and where nobody has the case: then it is to be taken.
    """
    case = await case_for_change(db, number, now)
    check_go_on(await state_of(db, case), person, privacy_office)
    if case.acknowledged_by is None:
        raise Refused("nobody_has_it")
    await log.append(db, case, LogKind.STILL_WORKING, person, now, {})
