"""The end of a case: close_case. Where nothing leaked after all, closing decides on the duty as well."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.states import state_of
from bot.cases.tables import Case, key_of
from bot.errors import InvalidField, Refused
from bot.law.decisions import Decision
from bot.law.facts import FACT_NAMES
from bot.policy.access import check_close, check_decide
from bot.policy.closing import SETTLES, StillOpen, came_up_since, may_be_settled, outcomes, still_open
from bot.policy.criteria import unexplained
from bot.policy.state import CaseState
from bot.policy.tasks import LEFT_OPEN
from bot.vocabulary import LogKind, Outcome, Status, TaskStatus
from bot.workflow.assessing import based_on, confirm_assessment, judge
from bot.workflow.criteria import record_deviation
from bot.workflow.inputs import Closure, Confirmation, SeenAtClosure
from bot.workflow.inquiries import Who, close_inquiry
from bot.workflow.opening import case_for_change


def settled_by(case: CaseState) -> tuple[Outcome, ...]:
    """The outcomes that leave nothing to report, as the facts stand; none where somebody has decided."""
    if not may_be_settled(case):
        return ()
    return tuple(outcome for outcome in SETTLES if _leaves_nothing(case, outcome))


async def close_case(
    db: AsyncSession,
    number: str,
    closure: Closure,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
    seen: SeenAtClosure | None = None,
) -> None:
    """End the case with its root cause, prevention and outcome.

    Tasks that do not go on after the end, and inquiries without an answer, are set aside with the one reason
    given; without a reason inquiries go on. With a statement that
    nothing leaked the duty to report is decided first, by the same step as ever. Raises Refused while an
    obligation or a criterion stands in the way, and InvalidField where the outcome contradicts what was
    decided, or where something came up after `seen`.

    The channel is never archived: a bot cannot undo it and would lose the history.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_decide(state, person, privacy_office)
    before = still_open(state, closure.outcome)
    if seen is not None and came_up_since(state, seen.revision):
        raise InvalidField("outcome", "left_more")
    if closure.statement and may_be_settled(state):
        decides = {"person": person, "privacy_office": privacy_office, "now": now}
        await _settle(db, state, closure.outcome, closure.statement, seen, **decides)  # type: ignore[arg-type]
        state = await state_of(db, case)
    check_close(state, person, privacy_office)
    if closure.outcome not in outcomes(state):
        raise InvalidField("outcome", "near_miss_reported")
    left = still_open(state, closure.outcome)
    await _put_aside(db, case, left, closure.left_reason, person, now)
    inquiries = left.inquiries if closure.left_reason else ()
    for each in inquiries:
        who = Who(person, privacy_office)
        await close_inquiry(db, number, each.number, str(closure.left_reason), who=who, now=now)
    case.closed_at = now
    case.status = Status.CLOSED
    told = {name: value for name, value in asdict(closure).items() if value is not None}
    case.closure = told
    removed = [kind for kind in before.obligations if kind not in left.obligations]
    asked = [each.number for each in inquiries]
    more = {"tasks": [task.key for task in left.tasks], "inquiries": asked, "removed": removed}
    data = {**told, **{name: value for name, value in more.items() if value}}
    await log.append(db, case, LogKind.CLOSED, person, now, data)


async def _settle(
    db: AsyncSession,
    state: CaseState,
    outcome: Outcome,
    statement: str,
    seen: SeenAtClosure | None,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """There is nothing to report, says this person for this reason: their decision, on the record.

    The organisation's own criteria ask for nothing either where nothing leaked: the same reason explains it.
    """
    if outcome not in SETTLES or not _leaves_nothing(state, outcome):
        raise InvalidField("outcome", "outcome_leaves_a_duty")
    known = based_on(state)
    if seen is not None and known > seen.revision:
        raise Refused("facts_changed")
    decision = Confirmation(SETTLES[outcome], statement, known, seen.form if seen else "")
    who = {"person": person, "privacy_office": privacy_office, "now": now}
    await confirm_assessment(db, state.number, decision, **who)  # type: ignore[arg-type]
    for kind in unexplained(state):
        await record_deviation(db, state.number, kind, statement, **who)  # type: ignore[arg-type]


def _leaves_nothing(case: CaseState, outcome: Outcome) -> bool:
    known = {name: value for name, value in case.facts.items() if name in FACT_NAMES}
    try:
        return judge(case, {**known, **SETTLES[outcome]}).law.decision is Decision.NO_REPORT
    except InvalidField:
        return False  # it contradicts what is known


async def _put_aside(
    db: AsyncSession, case: Case, left: StillOpen, reason: str | None, person: str, now: datetime
) -> None:
    rows = {row.key: row for row in await queries.tasks_of(db, key_of(case))}
    for task in left.tasks:
        row = rows[task.key]
        row.status, row.changed_by, row.changed_at = TaskStatus.NOT_APPLICABLE, person, now
        row.words = {**(row.words or {}), "reason": reason or LEFT_OPEN}
