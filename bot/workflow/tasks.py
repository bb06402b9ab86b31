"""Things to do (やること): assign, finish, set aside, reopen, add, and what the room heard of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.log import LEAKBOT
from bot.cases.states import state_of
from bot.cases.tables import Case, Task, key_of
from bot.errors import InvalidField, Refused
from bot.policy.access import check_do_task, check_see_tasks
from bot.policy.checklist import Wanted
from bot.policy.confidential import is_in_the_room
from bot.policy.state import CaseState
from bot.vocabulary import LogKind, Role, TaskPhase, TaskStatus
from bot.workflow.growing import mark, task_row
from bot.workflow.opening import case_for_change

#: Keys of tasks in somebody's own words begin like this.
OWN: Final = "own-"


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task in somebody's own words, for `to`. `form` is its view id: sent twice, it is one."""

    title: str
    phase: TaskPhase
    due_at: datetime
    to: str
    form: str


async def assign_task(
    db: AsyncSession,
    number: str,
    key: str,
    to: str,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """Somebody of the room is named for a task. Raises InvalidField for whoever is not in the room."""
    case, state, row = await _task(db, number, key, person, privacy_office, now)
    check_in_the_room(state, to)
    if row.user == to:
        return
    row.user, row.changed_by, row.changed_at = to, person, now
    await log.append(db, case, LogKind.TASK_ASSIGNED, person, now, {"task": key, "to": to})


async def finish_task(
    db: AsyncSession, number: str, key: str, *, person: str, privacy_office: Collection[str], now: datetime
) -> None:
    """A task is done. Told again, it changes nothing."""
    case, _, row = await _task(db, number, key, person, privacy_office, now)
    if row.status == TaskStatus.DONE:
        return
    mark(row, TaskStatus.DONE, person, now)
    await log.append(db, case, LogKind.TASK_DONE, person, now, {"task": key})


async def set_task_aside(
    db: AsyncSession,
    number: str,
    key: str,
    reason: str,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """A task is not applicable here, for a reason in somebody's own words."""
    case, _, row = await _task(db, number, key, person, privacy_office, now)
    if row.status == TaskStatus.NOT_APPLICABLE and (row.words or {}).get("reason") == reason:
        return
    mark(row, TaskStatus.NOT_APPLICABLE, person, now, reason=reason)
    await log.append(db, case, LogKind.TASK_NOT_APPLICABLE, person, now, {"task": key, "why_not": reason})


async def reopen_task(
    db: AsyncSession, number: str, key: str, *, person: str, privacy_office: Collection[str], now: datetime
) -> None:
    """A task that was done or set aside is to be done after all."""
    case, _, row = await _task(db, number, key, person, privacy_office, now)
    if row.status == TaskStatus.OPEN:
        return
    mark(row, TaskStatus.OPEN, person, now)
    await log.append(db, case, LogKind.TASK_REOPENED, person, now, {"task": key})


async def add_task(
    db: AsyncSession,
    number: str,
    new: NewTask,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """Somebody adds a task of their own words.

    Raises InvalidField where its time has passed already or whoever is to do it is not in the room; Refused
    for a closed case, but for what goes on after it.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_see_tasks(state, person, privacy_office)
    if case.closed_at is not None and new.phase is not TaskPhase.AFTERCARE:
        raise Refused("already_closed")
    rows = await queries.tasks_of(db, key_of(case))
    if any((row.words or {}).get("form") == new.form for row in rows):
        return
    if new.due_at <= now:
        raise InvalidField("due_at", "is_past")
    check_in_the_room(state, new.to)
    key = f"{OWN}{1 + sum(row.key.startswith(OWN) for row in rows)}"
    wanted = Wanted(key, new.phase, Role.RESPONSE_TEAM, new.due_at, new.title)
    row = Task(**task_row(key_of(case), wanted))
    row.user, row.changed_by, row.changed_at = new.to, person, now
    row.words = {"title": new.title, "form": new.form}
    db.add(row)
    data = {"task": key, "title": new.title, "phase": new.phase, "due_at": new.due_at.isoformat()}
    await log.append(db, case, LogKind.TASK_ADDED, person, now, data)
    await log.append(db, case, LogKind.TASK_ASSIGNED, person, now, {"task": key, "to": new.to})


async def tasks_reminded(
    db: AsyncSession,
    number: str,
    *,
    moment: str,
    tasks: Sequence[str],
    fresh: Sequence[str],
    now: datetime,
    to: str | None = None,
) -> None:
    """The room, or `to` in person, has been told of tasks past their time, as of `moment` (ISO 8601)."""
    case = await case_for_change(db, number, now)
    data = {"moment": moment, "tasks": list(tasks), "fresh": list(fresh), **({"to": to} if to else {})}
    await log.append(db, case, LogKind.TASKS_REMINDED, LEAKBOT, now, data)


async def _task(
    db: AsyncSession, number: str, key: str, person: str, privacy_office: Collection[str], now: datetime
) -> tuple[Case, CaseState, Task]:
    """The case, locked, and its task; Refused where the person may not touch it."""
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_see_tasks(state, person, privacy_office)
    task = state.task(key)
    if task is None:
        raise Refused("no_such_task")
    check_do_task(state, task, person, privacy_office)
    row = next(row for row in await queries.tasks_of(db, key_of(case)) if row.key == key)
    return case, state, row


def check_in_the_room(state: CaseState, user: str, field: str = "to") -> None:
    """Raises InvalidField for whoever is not in the room, or came into it from outside."""
    member = state.members.get(user)
    if not is_in_the_room(state, user) or (member and (member.outsider or member.error)):
        raise InvalidField(field, "not_in_the_room")
