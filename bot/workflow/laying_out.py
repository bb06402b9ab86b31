"""A case is laid out once its report is acknowledged: what is due, what is to be done, what it is like.

Whoever reports waits for the receipt, so that comes first and holds the report and its people alone. The
planner lays a new case out before it asks what the case needs; a step that is quicker does it on its way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.cases import queries
from bot.cases.adding import add_rows, note_laid_out
from bot.cases.hanging import people_of
from bot.cases.log import LEAKBOT, Line, sealed
from bot.cases.rows import as_read
from bot.cases.states import chain_of, state_with
from bot.cases.tables import LogEntry, Member, Obligation, Task
from bot.law.obligations import obligations
from bot.policy.similar import MOST_OFFERS, WITHIN, similar
from bot.policy.state import CaseState
from bot.policy.tasks import growth
from bot.vocabulary import LogKind, Role
from bot.workflow.growing import task_row, what_grew
from bot.workflow.obligations import assessment_of_case, first_due, obligation_row


async def lay_out(db: AsyncSession, case: Any, now: datetime) -> CaseState:
    """Give a new case its obligations and tasks, and note which other case it looks like.

    In: its row, held by this transaction, not laid out yet. Out: the case as it stands then, with the log
    entries of this step alone among its events.
    """
    chain = chain_of(case.chain)
    called = {person.user for level in chain for person in level.people if person.user}
    there = await people_of(db, case.id, called, case.reported_at)
    law = assessment_of_case(case)
    due = [obligation_row(case.id, plan) for plan in obligations(law)]
    there = replace(there, obligations=as_read(due))
    state = state_with(case, there, chain)
    grown = growth(state, now)
    tasks = [task_row(case.id, each) for each in grown.new]
    lines = [*first_due(law, due), *what_grew(state, grown), *await _alike(db, case, there.members)]
    entries = sealed(case.id, case.number, case.revision, case.log_head, now, lines)
    revision, head = case.revision + len(entries), entries[-1]["hash"] if entries else case.log_head

    def store(session: Session) -> None:
        for table, rows in ((Obligation, due), (Task, tasks), (LogEntry, entries)):
            add_rows(session, table, rows)
        note_laid_out(session, case.id, revision, head)

    await db.run_sync(store)
    there = replace(there, tasks=as_read(tasks), events=as_read(entries))
    return replace(state_with(case, there, chain), revision=revision)


async def _alike(db: AsyncSession, case: Any, members: Sequence[Any]) -> list[Line]:
    """Which open case this one looks like, and who of both is to be asked whether it is the same."""
    at = case.reported_at
    # With one more than there may be offers, and the case itself, the answer is known.
    enough = MOST_OFFERS + 2
    others = await queries.open_cases_like(
        db, case.department, case.indicator, case.drill, at - WITHIN, at + WITHIN, enough
    )
    # One that came later is itself compared with this one.
    other = similar(case, (each for each in others if each.id < case.id))
    if other is None:
        return []
    asked = _leading(members, await queries.members_of(db, other.id))
    if not asked:
        return []
    data = {"other": other.number, "reported_at": other.reported_at.isoformat(), "ask": asked}
    return [Line(LogKind.SIMILAR_FOUND, LEAKBOT, data)]


def _leading(members: Sequence[Any], others: Sequence[Member]) -> list[str]:
    """The manager and the privacy office of the new case, as far as they may know of the other one."""
    there = {member.user for member in others if member.left_at is None}
    leads = {each.user for each in members if each.role == Role.MANAGER and each.user in there}
    return sorted(leads | {each.user for each in members if each.role == Role.PRIVACY_OFFICE})
