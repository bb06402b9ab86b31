"""Who is in the room: joined · left. Slack tells it; whoever leaves loses with the room what it gave them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.tables import Case, Member, key_of
from bot.vocabulary import LogKind, Role
from bot.workflow.opening import case_for_change


async def is_in(db: AsyncSession, case: Case, user: str) -> bool:
    """Whether somebody is known to be in the case's room, or is just being invited."""
    member = await queries.member_of(db, key_of(case), user)
    return member is not None and member.left_at is None and member.error is None


async def joined(
    db: AsyncSession, number: str, user: str, *, outsider: bool, ask: Collection[str], now: datetime
) -> None:
    """Somebody is in the room. Those we are inviting ourselves are noted by the invitation.

    In: `outsider`, a guest or somebody of another organisation, let in by hand: the room is told and `ask`,
    the privacy office, is asked to look at it. They may see nothing of the case through the bot.
    """
    case = await case_for_change(db, number, now)
    member = await queries.member_of(db, key_of(case), user)
    if member is None:
        member = Member(case_id=key_of(case), user=user, role=Role.VISITOR, invited_at=now)
        db.add(member)
    elif member.left_at is None and member.error is None:
        return  # known, or just being invited
    member.invited_at, member.left_at, member.error, member.outsider = now, None, None, outsider
    kind = LogKind.OUTSIDER_JOINED if outsider else LogKind.MEMBER_JOINED
    await log.append(db, case, kind, user, now, {"user": user, **({"ask": list(ask)} if outsider else {})})


async def left(db: AsyncSession, number: str, user: str, *, now: datetime) -> None:
    """Somebody left the room, or was removed from it. Told again, it changes nothing."""
    case = await case_for_change(db, number, now)
    member = await queries.member_of(db, key_of(case), user)
    if member is None or member.left_at is not None:
        return
    member.left_at = now
    await log.append(db, case, LogKind.MEMBER_LEFT, user, now, {"user": user})
