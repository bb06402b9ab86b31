"""From the page to the answer: page_sent · page_shown · page_delayed · page_skipped · acknowledge · cannot.

Handing a page on has its own file, `handing.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.log import LEAKBOT
from bot.cases.states import state_of
from bot.cases.tables import Case, Member, Page, key_of
from bot.errors import Refused
from bot.policy.access import check_acknowledge, check_cannot
from bot.policy.paging import chain_level
from bot.policy.state import CaseState, MessageRef
from bot.policy.steps import may_be_taken_over
from bot.vocabulary import LogKind, Role, SkipReason, Status
from bot.workflow.opening import case_for_change


async def page_sent(
    db: AsyncSession,
    number: str,
    *,
    level: int,
    attempt: int,
    user: str,
    where: MessageRef,
    linked: bool,
    dnd: bool = False,
    sent_at: datetime,
    now: datetime,
) -> None:
    """Somebody has been paged; the silence counts from `sent_at`. Whoever is paged belongs to the room.

    In: `linked`, whether the message could name the room already; `dnd`, whether the person did not want to
    be disturbed then.
    """
    case = await case_for_change(db, number, now)
    page = await _page(db, case, level, attempt, user)
    page.sent_at = sent_at
    page.direct_channel, page.direct_ts, page.linked, page.dnd = where.channel, where.ts, linked, dnd
    await joins_the_room(db, case, role_at(case, level), user)
    await log.append(
        db,
        case,
        LogKind.PAGE_SENT,
        LEAKBOT,
        now,
        {"level": level, "attempt": attempt, "user": user} | ({"dnd": True} if dnd else {}),
    )


async def page_shown(
    db: AsyncSession, number: str, *, level: int, attempt: int, where: MessageRef, now: datetime
) -> None:
    """The room has been shown who is being called."""
    case = await case_for_change(db, number, now)
    for page in await queries.pages_of(db, key_of(case)):
        if page.level == level and page.attempt == attempt:
            page.room_ts = where.ts
    await log.append(
        db, case, LogKind.PAGE_SENT, LEAKBOT, now, {"level": level, "attempt": attempt, "room": where.ts}
    )


async def page_delayed(
    db: AsyncSession, number: str, *, level: int, attempt: int, user: str, error: str, now: datetime
) -> None:
    """A page could not be sent in time: it is still tried, but the next in the chain is called now."""
    case = await case_for_change(db, number, now)
    page = await _page(db, case, level, attempt, user)
    if page.sent_at is not None:
        return
    await joins_the_room(db, case, role_at(case, level), user)
    await log.append(
        db, case, LogKind.PAGE_DELAYED, LEAKBOT, now, {"level": level, "user": user, "error": error}
    )


async def page_skipped(
    db: AsyncSession,
    number: str,
    *,
    level: int,
    reference: str,
    user: str | None,
    reason: SkipReason,
    now: datetime,
    attempt: int = 1,
    instead: str | None = None,
) -> None:
    """Somebody cannot be paged: the room is told why, and the next is called at once."""
    case = await case_for_change(db, number, now)
    if user is not None:
        page = await _page(db, case, level, attempt, user)
        page.skipped = reason
    await log.append(
        db,
        case,
        LogKind.PAGE_SKIPPED,
        LEAKBOT,
        now,
        {
            "level": level,
            "reference": reference,
            "user": user,
            "reason": reason,
            "instead": instead,
            "turn": case.turn,
        },
    )


async def acknowledge(
    db: AsyncSession,
    number: str,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
    by_link: bool = False,
) -> None:
    """Somebody takes the case. Raises Refused for people outside the chain, and when somebody has it.

    In: `by_link`, whether they answered by the link of a mail, for the record. Where whoever has it was asked
    in vain and others were called beside them, these may take it over.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_acknowledge(state, person, privacy_office)
    if case.closed_at is not None:
        raise Refused("already_closed")
    if case.acknowledged_by not in (None, person) and may_be_taken_over(state):
        case.turn += 1
    elif case.acknowledged_by is not None:
        raise Refused("already_acknowledged", by=case.acknowledged_by, at=case.acknowledged_at)
    case.acknowledged_at = now
    case.acknowledged_by = person
    if case.status == Status.REPORTED:
        case.status = Status.ACKNOWLEDGED
    level = chain_level(state, person)
    handed = next((p for p in reversed(state.pages) if p.user == person and not p.skipped), None)
    for page in await queries.pages_of(db, key_of(case)):
        if page.user == person and not page.skipped:
            page.acknowledged_at = now
    if level is not None:
        await joins_the_room(db, case, role_at(case, level), person)
    told = {"level": handed.level, "handed": True} if handed and level is None else {"level": level}
    if by_link:
        told["by_link"] = True
    await log.append(db, case, LogKind.ACKNOWLEDGED, person, now, told)


async def cannot(
    db: AsyncSession, number: str, *, person: str, privacy_office: Collection[str], now: datetime
) -> CaseState:
    """Somebody who is being called cannot now: the next level is called at once, they stay in the room.

    Saying so again changes nothing; saying 「対応します」 later is possible as ever. Out: the case as it was
    before. Raises Refused for people who are not being called, and when somebody has the case.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_cannot(state, person, privacy_office)
    mine = [
        p
        for p in await queries.pages_of(db, key_of(case))
        if p.user == person and p.turn == case.turn and not p.skipped
    ]
    if all(page.cannot_at for page in mine):
        return state
    for page in mine:
        page.cannot_at = page.cannot_at or now
    await log.append(db, case, LogKind.CANNOT, person, now, {"level": mine[-1].level})
    return state


async def _page(db: AsyncSession, case: Case, level: int, attempt: int, user: str) -> Page:
    for page in await queries.pages_of(db, key_of(case)):
        if (page.level, page.attempt, page.user) == (level, attempt, user):
            return page
    page = Page(case_id=key_of(case), level=level, attempt=attempt, user=user, turn=case.turn)
    db.add(page)
    return page


def role_at(case: Case, level: int) -> Role:
    """What somebody called at this level is to the room."""
    return Role.of(case.chain[level]["role"]) if level < len(case.chain) else Role.DEPUTY


async def joins_the_room(db: AsyncSession, case: Case, role: Role, user: str) -> None:
    """Somebody belongs into the room from now on; whoever left it is invited again."""
    for member in await queries.members_of(db, key_of(case)):
        if member.user == user:
            if member.left_at is not None:
                member.invited_at = member.error = None
            return
    db.add(Member(case_id=key_of(case), user=user, role=role))
