"""Somebody's account is closed, or open again: account_closed · account_opened. The chain goes on at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.log import LEAKBOT
from bot.cases.states import chain_of, chain_rows, state_of
from bot.cases.tables import Case, key_of
from bot.policy.paging import chain_level, level_now, reachable_at
from bot.policy.state import CaseState, PageState
from bot.vocabulary import LogKind, SkipReason, Status
from bot.workflow.opening import case_for_change
from bot.workflow.paging import page_skipped


async def account_closed(db: AsyncSession, number: str, user: str, now: datetime) -> bool:
    """Nobody waits for somebody who is gone: their page is passed over, their case is called for again.

    Out: whether anything changed; said again, nothing does. A closed case stays as it is.
    """
    case = await case_for_change(db, number, now)
    if case.closed_at is not None:
        return False
    state = await state_of(db, case)
    waiting = [p for p in state.pages if p.user == user and p.turn == case.turn and not p.skipped]
    had_it = case.acknowledged_by == user
    changed = _set_active(case, user, active=False)
    if had_it:
        await _call_again(db, case, user, now)
        changed = True
    elif waiting and case.acknowledged_by is None:
        for page in waiting:
            await page_skipped(
                db,
                number,
                level=page.level,
                reference=_reference(state, page),
                user=user,
                reason=SkipReason.DEACTIVATED,
                now=now,
                attempt=page.attempt,
            )
        changed = True
    elif changed:
        # Nothing to say yet: the room hears of it when their turn comes.
        data = {"user": user, "active": False}
        await log.append(db, case, LogKind.ACCOUNT_CHANGED, LEAKBOT, now, data)
    return changed


async def account_opened(db: AsyncSession, number: str, user: str, now: datetime) -> bool:
    """Somebody of the chain is back: their turn comes as for everybody. Out: whether anything changed."""
    case = await case_for_change(db, number, now)
    if case.closed_at is not None or not _set_active(case, user, active=True):
        return False
    await log.append(db, case, LogKind.ACCOUNT_CHANGED, LEAKBOT, now, {"user": user, "active": True})
    return True


async def _call_again(db: AsyncSession, case: Case, user: str, now: datetime) -> None:
    """The case is nobody's: another walk begins at the level of whoever had it, or where somebody is left."""
    state = await state_of(db, case)
    level = chain_level(state, user)
    if level is None:
        called = [p.level for p in state.pages if p.user == user and not p.skipped]
        level = called[-1] if called else level_now(state)
    level = _first_with_somebody(state, level, now)
    case.turn, case.turn_level = case.turn + 1, level
    case.acknowledged_at = case.acknowledged_by = None
    if case.status == Status.ACKNOWLEDGED:
        case.status = Status.REPORTED
    for page in await queries.pages_of(db, key_of(case)):
        if page.user == user:
            page.acknowledged_at = None
    await log.append(db, case, LogKind.HOLDER_GONE, LEAKBOT, now, {"user": user, "level": level})


def _first_with_somebody(case: CaseState, level: int, now: datetime) -> int:
    """The first level from there on at which somebody can be called; none there: from the manager on."""
    levels = [*range(level, len(case.chain)), *range(level)]
    return next((n for n in levels if reachable_at(case, n, now)), level)


def _reference(case: CaseState, page: PageState) -> str:
    people = case.chain[page.level].people if page.level < len(case.chain) else ()
    return next((p.reference for p in people if p.user == page.user), page.user)


def _set_active(case: Case, user: str, *, active: bool) -> bool:
    """Note it in the case's own chain. Out: whether it was otherwise."""
    chain = chain_of(case.chain)
    rows = chain_rows(chain)
    people = [p for row in rows for p in row["people"] if p["user"] == user and p["active"] is not active]
    for person in people:
        person["active"] = active
    if people:
        case.chain = rows
    return bool(people)
