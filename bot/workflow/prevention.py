"""Measures against recurrence (再発防止策): add_measure. They are done and set aside like other tasks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.states import state_of
from bot.cases.tables import Task, key_of
from bot.errors import InvalidField
from bot.policy.access import check_add_measure
from bot.policy.prevention import MEASURE, end_of
from bot.vocabulary import LogKind, Role, TaskPhase, TaskStatus
from bot.workflow.inputs import Measure
from bot.workflow.opening import case_for_change
from bot.workflow.tasks import check_in_the_room


async def add_measure(
    db: AsyncSession,
    number: str,
    measure: Measure,
    *,
    zone: ZoneInfo,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """Somebody of the room promises a measure for a day in `zone`, while the case is open or afterwards.

    Raises Refused where the person may not; InvalidField where the day has passed already, or where whoever
    is to see to it is not in the room.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_add_measure(state, person, privacy_office)
    rows = await queries.tasks_of(db, key_of(case))
    if any((row.words or {}).get("form") == measure.form for row in rows):
        return
    if measure.due_on < now.astimezone(zone).date():
        raise InvalidField("due_on", "is_past_day")
    check_in_the_room(state, measure.owner, field="owner")
    key = f"{MEASURE}{1 + sum(row.key.startswith(MEASURE) for row in rows)}"
    due_at = end_of(measure.due_on, zone)
    db.add(
        Task(
            case_id=key_of(case),
            key=key,
            phase=TaskPhase.AFTERCARE,
            owner=Role.PRIVACY_OFFICE,
            due_at=due_at,
            status=TaskStatus.OPEN,
            user=measure.owner,
            changed_by=person,
            changed_at=now,
            words={"title": measure.text, "form": measure.form},
        )
    )
    data = {
        "task": key,
        "title": measure.text,
        "phase": TaskPhase.AFTERCARE,
        "due_at": due_at.isoformat(),
    }
    await log.append(db, case, LogKind.TASK_ADDED, person, now, data)
    await log.append(db, case, LogKind.TASK_ASSIGNED, person, now, {"task": key, "to": measure.owner})
