"""Calling people beside Slack: channel_sent · channel_failed · link_made · link_opened · link_used."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.log import LEAKBOT
from bot.cases.states import state_of
from bot.cases.tables import PageLink, key_of
from bot.errors import Refused
from bot.policy.access import Act, check
from bot.policy.standing import Kind
from bot.policy.state import CaseState
from bot.vocabulary import LogKind
from bot.workflow.opening import case_for_change
from bot.workflow.paging import acknowledge

LIVES: Final = timedelta(hours=24)  # a link answers no longer than this


async def channel_sent(
    db: AsyncSession, number: str, *, level: int, user: str | None, name: str, now: datetime
) -> None:
    """Somebody was called by a further channel. In: `mail` or the service's name; no user: all of a level."""
    case = await case_for_change(db, number, now)
    await log.append(
        db, case, LogKind.CHANNEL_SENT, LEAKBOT, now, {"level": level, "user": user, "name": name}
    )


async def channel_failed(
    db: AsyncSession,
    number: str,
    *,
    level: int,
    user: str | None,
    channel: int,
    name: str,
    reason: str,
    now: datetime,
) -> None:
    """A further channel did not get through. The same trouble with the same person is noted once.

    In: the channel's number in the organisation file, and `no_address` or `not_sent`.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case, announced=[LogKind.CHANNEL_FAILED])
    about = {"level": level, "user": user, "channel": channel, "name": name, "reason": reason}
    if all(event.data != about for event in state.events):
        await log.append(db, case, LogKind.CHANNEL_FAILED, LEAKBOT, now, about)


async def link_made(db: AsyncSession, number: str, *, user: str, token: str, now: datetime) -> None:
    """A link is about to be sent. Only the token's digest is stored; links that are over are forgotten."""
    case = await queries.case_row(db, number)
    if case is None:
        raise LookupError(f"there is no case {number}")
    await queries.forget_links(db, now)
    db.add(PageLink(case_id=key_of(case), digest=_digest(token), user=user, expires_at=now + LIVES))


async def link_opened(db: AsyncSession, token: str, now: datetime) -> tuple[CaseState, str]:
    """What a link is for: the case, and whose it is. Nothing changes: programs open links too.

    Raises Refused("link_over") for one that is unknown, used or over.
    """
    link = await queries.link_of(db, _digest(token))
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise Refused("link_over")
    case = await queries.case_by_id(db, link.case_id)
    if case is None:
        raise Refused("link_over")
    return await state_of(db, case), link.user


async def link_used(
    db: AsyncSession, token: str, *, kind: Kind | None, privacy_office: Collection[str], now: datetime
) -> None:
    """「対応します」 by link: the same step as the button, once. In: what the person is to the workspace now.

    Raises Refused as the button does, and Refused("link_over").
    """
    state, user = await link_opened(db, token, now)
    case = await case_for_change(db, state.number, now)
    link = await queries.link_of(db, _digest(token), again=True)
    if link is None or link.used_at is not None:
        raise Refused("link_over")  # pressed twice at the same moment
    check(Act.ACKNOWLEDGE, await state_of(db, case), user, privacy_office, kind or Kind.DEACTIVATED)
    await acknowledge(db, case.number, person=user, privacy_office=privacy_office, now=now, by_link=True)
    link.used_at = now


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
