"""A closed case goes on: reopen_case."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.states import state_of
from bot.cases.tables import Case, key_of
from bot.law.obligations import obligations
from bot.policy.access import check_reopen
from bot.policy.paging import chain_level
from bot.policy.reopening import GivenBack, given_back, has_it_still
from bot.policy.state import CaseState
from bot.vocabulary import LogKind, Role, Status, TaskStatus
from bot.workflow.growing import grow
from bot.workflow.inquiries import Who, reopen_inquiry
from bot.workflow.obligations import assessment_of_case, settle_obligations, settle_status
from bot.workflow.opening import case_for_change
from bot.workflow.paging import joins_the_room, role_at


@dataclass(frozen=True, slots=True)
class Reopening:
    """What the form says: why the case goes on. `form` is the id of the submitted view."""

    reason: str
    form: str


async def reopen_case(
    db: AsyncSession,
    number: str,
    reopening: Reopening,
    *,
    person: str,
    privacy_office: Collection[str],
    closed_accounts: Collection[str],
    now: datetime,
) -> None:
    """A closed case is open again.

    What its end alone had put aside comes back: tasks, inquiries, what is due, and the decision where the
    closure had made one.
    Whoever had the case has it again; where they are gone, or nobody had it, the chain is called anew. The
    same form sent twice reopens it once. In: `closed_accounts`, those of the case's people who have left the
    company. Raises Refused where the person may not, where the case is open, went on as part of another one,
    or its words are gone.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    if any(e.data.get("form") == reopening.form for e in state.events_of(LogKind.REOPENED)):
        return  # the same form, sent twice
    check_reopen(state, person, privacy_office)
    back = given_back(state)
    holder = state.acknowledged_by if has_it_still(state, closed_accounts) else None
    case.closed_at = case.closure = None
    if holder is None:
        await _call_the_chain_anew(db, case)
    case.status = Status.ACKNOWLEDGED if holder else Status.REPORTED
    await _give_back(db, case, back, person, now)
    await _the_room_has_them(db, case, state, person, privacy_office)
    data: dict[str, Any] = {
        "reason": reopening.reason,
        "form": reopening.form,
        "closed_at": state.closed_at.isoformat() if state.closed_at else None,
        "holder": holder,
        "tasks": list(back.tasks),
        "inquiries": list(back.inquiries),
        "obligations": list(back.obligations),
        "withdrawn": back.facts is not None,
    }
    told = {name: value for name, value in data.items() if value not in (None, [], False)}
    await log.append(db, case, LogKind.REOPENED, person, now, told)
    if back.facts is not None:
        law = assessment_of_case(case)
        await settle_obligations(db, case, law, obligations(law), now)
    for inquiry in back.inquiries:
        await reopen_inquiry(db, number, inquiry, who=Who(person, privacy_office), now=now)
    await settle_status(db, case)
    await grow(db, case, now)


async def _call_the_chain_anew(db: AsyncSession, case: Case) -> None:
    """Another walk through the chain, from the manager on: long ago somebody else was silent."""
    for page in await queries.pages_of(db, key_of(case)):
        if page.user == case.acknowledged_by:
            page.acknowledged_at = None
    case.turn, case.turn_level = case.turn + 1, 0
    case.acknowledged_at = case.acknowledged_by = None


async def _give_back(db: AsyncSession, case: Case, back: GivenBack, person: str, now: datetime) -> None:
    for task in await queries.tasks_of(db, key_of(case)):
        if task.key in back.tasks:
            task.status, task.changed_by, task.changed_at = TaskStatus.OPEN, person, now
            task.words = {n: value for n, value in (task.words or {}).items() if n != "reason"} or None
    newest = {row.kind: row for row in await queries.obligations_of(db, key_of(case))}
    for kind in back.obligations:
        newest[kind].removed_at = None
    if back.deviations:
        kept = {kind: each for kind, each in (case.deviations or {}).items() if kind not in back.deviations}
        case.deviations = kept or None
    if back.facts is not None:
        facts = {**case.facts, **back.facts}
        case.facts = {name: value for name, value in facts.items() if value is not None}
        case.assessment = None


async def _the_room_has_them(
    db: AsyncSession, case: Case, state: CaseState, person: str, privacy_office: Collection[str]
) -> None:
    """The privacy office as it is today, and whoever reopened the case."""
    for user in sorted(privacy_office):
        await joins_the_room(db, case, Role.PRIVACY_OFFICE, user)
    level = chain_level(state, person)
    if person not in privacy_office and level is not None:
        await joins_the_room(db, case, role_at(case, level), person)
