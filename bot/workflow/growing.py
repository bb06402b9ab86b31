"""Tasks and criteria keep up with the facts: grow, at the end of every step that changed what is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.log import LEAKBOT, Line
from bot.cases.rows import Row, row_of
from bot.cases.states import state_of
from bot.cases.tables import Case, Task, key_of
from bot.policy import criteria
from bot.policy.checklist import Wanted
from bot.policy.state import CaseState
from bot.policy.tasks import NO_LONGER_FITS, Growth, growth
from bot.vocabulary import LogKind, TaskStatus


async def grow(db: AsyncSession, case: Case, now: datetime) -> None:
    """Bring tasks and criteria up to the facts, at the end of the step that changed them.

    New tasks come up; untouched ones that fit no more are set aside, and come back when they fit again. A
    criterion that is met for the first time is noted.
    """
    state = await state_of(db, case, announced=[LogKind.CRITERION_MET])
    if state.closed_at is not None:
        return
    grown = growth(state, now)
    there = await queries.tasks_of(db, key_of(case)) if grown and state.tasks else ()
    rows = {row.key: row for row in there}
    db.add_all(Task(**task_row(key_of(case), each)) for each in grown.new)
    for key in grown.dropped:
        mark(rows[key], TaskStatus.NOT_APPLICABLE, LEAKBOT, now, reason=NO_LONGER_FITS)
    for key in grown.back:
        mark(rows[key], TaskStatus.OPEN, LEAKBOT, now)
    known = {event.data["criterion"] for event in state.events}
    for line in what_grew(state, grown, known):
        await log.append(db, case, line.kind, line.actor, now, line.data)


def what_grew(state: CaseState, grown: Growth, known: Iterable[str] = ()) -> list[Line]:
    """What there is to log of it; in: the criteria that were noted before."""
    lines: list[Line] = []
    if grown:
        data = {
            "new": [each.key for each in grown.new],
            "dropped": list(grown.dropped),
            "back": list(grown.back),
        }
        changed = {name: keys for name, keys in data.items() if keys}
        lines.append(Line(LogKind.TASKS_GROWN, LEAKBOT, changed))
    for kind in criteria.met(state):
        if kind not in known:
            by = list(criteria.why_met(state, kind))
            lines.append(Line(LogKind.CRITERION_MET, LEAKBOT, {"criterion": kind, "by": by}))
    return lines


def task_row(case_id: int, wanted: Wanted) -> Row:
    """A task that comes up, as a row."""
    words: dict[str, Any] = {"title": wanted.title, "why": wanted.why} if wanted.title else {}
    return row_of(
        Task,
        case_id=case_id,
        key=wanted.key,
        phase=wanted.phase,
        owner=wanted.owner,
        due_at=wanted.due_at,
        status=TaskStatus.OPEN,
        words=words or None,
    )


def mark(row: Task, status: TaskStatus, by: str, now: datetime, reason: str | None = None) -> None:
    """Somebody, or leakbot, says how it stands with a task, for a reason where one is needed."""
    row.status, row.changed_by, row.changed_at = status, by, now
    kept = {name: value for name, value in (row.words or {}).items() if name != "reason"}
    row.words = {**kept, **({"reason": reason} if reason else {})} or None
