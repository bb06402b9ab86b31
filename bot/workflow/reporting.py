"""From the receipt to a room with people in it: receipt_sent · members_invited · card_posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.log import LEAKBOT
from bot.cases.tables import key_of
from bot.policy.state import MessageRef
from bot.vocabulary import LogKind
from bot.workflow.opening import case_for_change


async def receipt_sent(db: AsyncSession, number: str, where: MessageRef, linked: bool, now: datetime) -> None:
    """The reporter has been told that the report arrived; `linked` says whether with the way to the room."""
    case = await case_for_change(db, number, now)
    await log.append(db, case, LogKind.RECEIPT_SENT, LEAKBOT, now, {**asdict(where), "linked": linked})


async def members_invited(
    db: AsyncSession, number: str, answers: Mapping[str, str | None], now: datetime
) -> None:
    """People were invited into the room. In: person → None, or Slack's code where it cannot be done."""
    case = await case_for_change(db, number, now)
    for member in await queries.members_of(db, key_of(case)):
        if member.user in answers:
            member.error = answers[member.user]
            member.invited_at = None if member.error else now
            member.left_at = member.left_at if member.error else None
    await log.append(db, case, LogKind.MEMBERS_INVITED, LEAKBOT, now, {"people": dict(answers)})


async def card_posted(db: AsyncSession, number: str, where: MessageRef, now: datetime) -> None:
    """The card stands in the room as its first message."""
    case = await case_for_change(db, number, now)
    case.card_ts = where.ts
    await log.append(db, case, LogKind.CARD_POSTED, LEAKBOT, now, asdict(where))
