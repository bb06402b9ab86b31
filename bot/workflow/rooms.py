"""The room of a case is archived or gone: room_lost. Opening one, the first or the next, is `room_opened`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.log import LEAKBOT
from bot.cases.tables import Case, key_of
from bot.vocabulary import LogKind
from bot.workflow.opening import case_for_change


async def room_lost(
    db: AsyncSession, number: str, channel: str, now: datetime, *, by: str | None = None
) -> bool:
    """This room takes nothing any more: an open case needs another one, a closed one when it is reopened.

    In: `channel`, the room that was tried; `by`, whoever archived it, where that is known. Out: whether it
    was the case's present room; told again, or told of an earlier one, nothing changes.
    """
    case = await case_for_change(db, number, now)
    if case.channel != channel:
        return False
    case.former_channels = [*case.former_channels, channel]
    case.channel = case.card_ts = None
    for page in await queries.pages_of(db, key_of(case)):
        page.room_ts = None  # nothing in that room can be drawn again
    data = {"channel": channel, "closed": case.closed_at is not None}
    await log.append(db, case, LogKind.ROOM_LOST, by or LEAKBOT, now, data)
    return True


async def room_opened(db: AsyncSession, number: str, channel: str, now: datetime) -> None:
    """The case channel exists. Whoever belonged into the room before is invited into this one.

    People from outside, let in by hand, are not: somebody decides that anew. Where it is an earlier room that
    somebody brought back, its card stands there already.
    """
    case = await case_for_change(db, number, now)
    case.channel = channel
    if case.former_channels:
        await _everybody_is_asked_again(db, case, now)
        case.card_ts = await _card_in(db, case, channel)
    await log.append(db, case, LogKind.ROOM_OPENED, LEAKBOT, now, {"channel": channel})


async def _everybody_is_asked_again(db: AsyncSession, case: Case, now: datetime) -> None:
    for member in await queries.members_of(db, key_of(case)):
        if member.left_at is not None:
            continue
        if member.outsider:
            member.left_at = now
        else:
            member.invited_at = member.error = None


async def _card_in(db: AsyncSession, case: Case, channel: str) -> str | None:
    posted = await queries.log_of(db, key_of(case), [LogKind.CARD_POSTED])
    return next((e.data["ts"] for e in reversed(posted) if e.data.get("channel") == channel), None)
