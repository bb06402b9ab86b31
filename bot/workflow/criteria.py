"""What the organisation decided beforehand: declare_company_wide · record_deviation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log
from bot.cases.states import state_of
from bot.errors import InvalidField
from bot.policy import criteria
from bot.policy.access import check_declare, check_deviate
from bot.vocabulary import CriterionKind, LogKind, Role
from bot.workflow.growing import grow
from bot.workflow.opening import case_for_change
from bot.workflow.paging import joins_the_room


async def declare_company_wide(
    db: AsyncSession,
    number: str,
    *,
    crisis_team: Collection[str],
    reason: str | None,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """The whole company responds: the crisis team is called into the room, and its tasks come up.

    In: `crisis_team`, user ids. Raises Refused where the person may not or it was declared already;
    InvalidField("reason", "required") where the organisation's criterion is not met and no reason is given.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_declare(state, person, privacy_office)
    by = list(criteria.why_met(state, CriterionKind.COMPANY_WIDE))
    if not by and not reason:
        raise InvalidField("reason", "required")
    case.company_wide_at, case.company_wide_by = now, person
    for user in crisis_team:
        await joins_the_room(db, case, Role.CRISIS_TEAM, user)
    data = {"by": by, "remark": reason, "crisis_team": list(crisis_team)}
    await log.append(db, case, LogKind.COMPANY_WIDE, person, now, data)
    await grow(db, case, now)


async def record_deviation(
    db: AsyncSession,
    number: str,
    kind: CriterionKind,
    reason: str,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """Why a criterion that is met is not followed. A newer reason replaces the one before.

    Raises InvalidField("criterion", "not_to_explain") where it is not met, or was followed.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_deviate(state, person, privacy_office)
    if kind not in criteria.not_followed(state):
        raise InvalidField("criterion", "not_to_explain")
    if state.deviations.get(kind, {}).get("reason") == reason:
        return
    given = {"reason": reason, "by": person, "at": now.isoformat()}
    case.deviations = {**(case.deviations or {}), kind.value: given}
    data = {"criterion": kind, "remark": reason}
    await log.append(db, case, LogKind.DEVIATION_RECORDED, person, now, data)
