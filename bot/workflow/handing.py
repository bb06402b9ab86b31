"""Handing a case or a page on to somebody else: hand_over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log
from bot.cases.states import state_of
from bot.cases.tables import Page, key_of
from bot.errors import InvalidField
from bot.policy.access import check_hand_over
from bot.policy.paging import level_now, next_attempt
from bot.policy.state import CaseState
from bot.vocabulary import LogKind, Role, Status
from bot.workflow.opening import case_for_change
from bot.workflow.paging import joins_the_room


@dataclass(frozen=True, slots=True)
class HandOver:
    """What the form says: to whom, and why. `form` is the id of the submitted view."""

    to: str
    reason: str
    form: str


async def hand_over(
    db: AsyncSession,
    number: str,
    handing: HandOver,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """Somebody names another person, who is paged at the same level with a clock of their own.

    While nobody has the case this calls one more person and leaves the chain where it is. Whoever *has* the
    case and hands it over does not have it any more: a case whose new owner has not answered must not look
    as if somebody were at work, so it is unacknowledged until somebody answers, and the chain runs on from
    that level. The room is told both. The same form sent twice is one hand-over.

    Raises Refused where the person may not, InvalidField("to") for the reporter, for oneself, and for whoever
    has the case already. Whether `to` can be reached at all is for the caller to see to.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    if any(e.kind is LogKind.HANDED_OVER and e.data.get("form") == handing.form for e in state.events):
        return  # the same form, sent twice
    check_hand_over(state, person, privacy_office)
    if refusal := _why_not(state, person, handing.to):
        raise InvalidField("to", refusal)
    level = _level_of(state, person)
    held = case.acknowledged_by is not None
    if held:
        case.turn, case.turn_level = case.turn + 1, level
        case.acknowledged_at = case.acknowledged_by = None
        if case.status == Status.ACKNOWLEDGED:
            case.status = Status.REPORTED
    attempt = next_attempt(state, level)
    page = Page(case_id=key_of(case), level=level, attempt=attempt, user=handing.to, turn=case.turn)
    page.handed_by, page.handed_at = person, now
    db.add(page)
    await joins_the_room(db, case, Role.HANDED_TO, handing.to)
    data = {
        "level": level,
        "attempt": attempt,
        "to": handing.to,
        "reason": handing.reason,
        "held": held,
        "form": handing.form,
    }
    await log.append(db, case, LogKind.HANDED_OVER, person, now, data)


def _why_not(case: CaseState, person: str, to: str) -> str | None:
    if to == person:
        return "hand_over_to_oneself"
    if to == case.reporter and not case.confidential:  # refusing it would tell who reported
        return "hand_over_to_reporter"
    if to == case.acknowledged_by:
        return "hand_over_to_holder"
    return None


def _level_of(case: CaseState, person: str) -> int:
    """Where the person was called last; for the privacy office the level that is being called now."""
    called = [p.level for p in case.pages if p.user == person and not p.skipped]
    level = called[-1] if called else level_now(case)
    return min(level, max(len(case.chain) - 1, 0))
