"""Keeping what is due in step with what is known: the law's answer, written down as obligations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.log import LEAKBOT, Line
from bot.cases.rows import Row, row_of
from bot.cases.tables import Case, Obligation, key_of
from bot.law.assessment import Assessment, assess
from bot.law.deadlines import TOKYO
from bot.law.facts import FACT_NAMES, Facts
from bot.law.obligations import REPORTS, ObligationPlan
from bot.law.signs import Suggestion, suggested_facts, suggested_protection
from bot.vocabulary import Indicator, LogKind, ObligationKind, Protection, Status


def suggestions(indicator: Indicator, protection: str | None) -> dict[str, Suggestion]:
    """What the first report suggests, by the name of the fact: its sign, and its word on the protection."""
    word = Protection.named(protection)
    return {**suggested_facts(indicator), **(suggested_protection(word) if word else {})}


def assessment_of(
    indicator: Indicator, facts: Mapping[str, Any], aware_at: datetime, protection: str | None = None
) -> Assessment:
    """What the law asks, from the facts that are known and what the first report suggests for the others.

    The one place where the two meet. A report by a processor or partner says how it became known. Raises
    InvalidField, naming the fact, where they cannot be assessed.
    """
    suggested = {name: each.value for name, each in suggestions(indicator, protection).items()}
    known = {name: value for name, value in facts.items() if name in FACT_NAMES}
    read = Facts.from_mapping({**suggested, **known})
    # People chose their times in a form: how we store them is no reason to explain a conversion.
    since = read.trigger_known_at.astimezone(TOKYO) if read.trigger_known_at else None
    told_by_processor = indicator is Indicator.PARTNER_REPORT
    aware_at = aware_at.astimezone(TOKYO)
    return assess(replace(read, trigger_known_at=since), aware_at, told_by_processor=told_by_processor)


def assessment_of_case(case: Case) -> Assessment:
    """What the law asks of this case as its facts stand."""
    return assessment_of(
        Indicator.of(case.indicator), case.facts, case.aware_at, case.report.get("protection")
    )


def obligation_row(case_id: int, plan: ObligationPlan) -> Row:
    """Something that becomes due, as a row."""
    return row_of(
        Obligation,
        case_id=case_id,
        kind=plan.kind,
        recipient=plan.recipient,
        due_at=plan.due_at,
        aim_on=plan.aim_on,
        nominal_on=plan.nominal_on,
        clock_start=plan.clock_start,
        days=plan.days,
        provisional=plan.provisional,
    )


def first_due(law: Assessment, rows: Sequence[Row]) -> list[Line]:
    """What there is to log of a new case's first obligations; in: `law` as for `settle_obligations`."""
    changes = [_added(row["kind"], row["recipient"], row["due_at"]) for row in rows]
    return [_changed(law, changes)] if changes else []


async def settle_obligations(
    db: AsyncSession, case: Case, law: Assessment, plans: Iterable[ObligationPlan], now: datetime
) -> None:
    """Bring the case's obligations up to `plans`: new ones appear, superseded ones stay as removed.

    In: `law`, the answer that the plans follow from, for the log. What was submitted is never taken back,
    except a notice to the controller that somebody decided was not given after all. The status follows.
    """
    rows = await queries.obligations_of(db, key_of(case))
    wanted = {plan.kind: plan for plan in plans}
    changes: list[dict[str, Any]] = []
    for row in rows:
        if row.removed_at is not None:
            continue
        plan = wanted.pop(ObligationKind.of(row.kind), None)
        denied = row.kind == ObligationKind.CONTROLLER_NOTICE and law.notify_controller
        if row.submitted_at is not None and not denied:
            continue
        same = plan is not None and (row.due_at, row.recipient) == (plan.due_at, plan.recipient)
        if row.submitted_at is None and plan is not None and same:
            changes += _refined(row, plan)
            continue
        row.removed_at = now
        changes.append({"kind": row.kind, "removed": True, "was_due_at": _iso(row.due_at)})
        if plan is not None:
            changes.append(_add(db, case, plan))
    changes += [_add(db, case, plan) for plan in wanted.values()]
    if changes:
        line = _changed(law, changes)
        await log.append(db, case, line.kind, line.actor, now, line.data)
    await settle_status(db, case)


async def settle_status(db: AsyncSession, case: Case) -> None:
    """A case whose duty was decided is `reporting` while anything is open, else `assessed`."""
    if case.assessment is None:
        return
    await db.flush()
    rows = await queries.obligations_of(db, key_of(case))
    anything_open = any(row.submitted_at is None and row.removed_at is None for row in rows)
    case.status = Status.REPORTING if anything_open else Status.ASSESSED


async def reports_itself(db: AsyncSession, case: Case) -> bool:
    """Whether the company filed a report of its own: a processor then no longer waits for its notice."""
    rows = await queries.obligations_of(db, key_of(case))
    return any(row.kind in REPORTS and row.submitted_at is not None for row in rows)


def _refined(row: Obligation, plan: ObligationPlan) -> list[dict[str, Any]]:
    """The same thing is due on the same day; only how it is counted, or how sure it is, may have changed."""
    changed = {
        name: getattr(plan, name)
        for name in ("aim_on", "nominal_on", "clock_start", "days", "provisional")
        if getattr(row, name) != getattr(plan, name)
    }
    for name, value in changed.items():
        setattr(row, name, value)
    written = {n: v.isoformat() if isinstance(v, date) else v for n, v in changed.items()}
    return [{"kind": row.kind, **written}] if changed else []


def _add(db: AsyncSession, case: Case, plan: ObligationPlan) -> dict[str, Any]:
    row = Obligation(**obligation_row(key_of(case), plan))
    db.add(row)
    return _added(row.kind, row.recipient, row.due_at)


def _added(kind: str, recipient: str, due_at: datetime | None) -> dict[str, Any]:
    return {"kind": kind, "recipient": recipient, "due_at": _iso(due_at)}


def _changed(law: Assessment, changes: list[dict[str, Any]]) -> Line:
    data = {"decision": law.decision, "triggers": list(law.triggers), "changes": changes}
    return Line(LogKind.OBLIGATIONS_CHANGED, LEAKBOT, data)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
