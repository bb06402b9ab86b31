"""Keeping what is due in step with what is known: the law's answer, written down as obligations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.tables import Case, Obligation
from bot.law.assessment import Assessment, assess
from bot.law.facts import Facts
from bot.law.obligations import ObligationPlan, obligations
from bot.law.signs import suggested_facts
from bot.vocabulary import Indicator, LogKind
from bot.workflow.opening import LEAKBOT, key_of


def assessment_of(indicator: Indicator, facts: Mapping[str, Any], aware_at: datetime) -> Assessment:
    """What the law asks, from the facts that are known and what the sign suggests for the others."""
    suggested = {name: suggestion.value for name, suggestion in suggested_facts(indicator).items()}
    return assess(Facts.from_mapping({**suggested, **facts}), aware_at)


async def settle_obligations(db: AsyncSession, case: Case, now: datetime) -> None:
    """Bring the case's obligations up to what is known: new ones appear, superseded ones stay as removed.

    What was submitted is never taken back.
    """
    assessment = assessment_of(Indicator.of(case.indicator), case.facts, case.aware_at)
    plans = {plan.kind: plan for plan in obligations(assessment)}
    changes: list[dict[str, Any]] = []
    standing = [o for o in await queries.obligations_of(db, key_of(case)) if o.removed_at is None]
    for row in standing:
        plan = plans.pop(row.kind, None)  # type: ignore[call-overload]
        if row.submitted_at is not None or (plan is not None and _same(row, plan)):
            continue
        row.removed_at = now
        changes.append({"kind": row.kind, "removed": True, "was_due_at": _iso(row.due_at)})
        if plan is not None:
            changes.append(_add(db, case, plan))
    for plan in plans.values():
        changes.append(_add(db, case, plan))
    if changes:
        await log.append(
            db,
            case,
            LogKind.OBLIGATIONS_CHANGED,
            LEAKBOT,
            now,
            {"decision": assessment.decision, "triggers": list(assessment.triggers), "changes": changes},
        )


def _same(row: Obligation, plan: ObligationPlan) -> bool:
    return (row.due_at, row.recipient, row.days, row.provisional) == (
        plan.due_at,
        plan.recipient,
        plan.days,
        plan.provisional,
    )


def _add(db: AsyncSession, case: Case, plan: ObligationPlan) -> dict[str, Any]:
    db.add(
        Obligation(
            case_id=key_of(case),
            kind=plan.kind,
            recipient=plan.recipient,
            due_at=plan.due_at,
            aim_on=plan.aim_on,
            nominal_on=plan.nominal_on,
            clock_start=plan.clock_start,
            days=plan.days,
            provisional=plan.provisional,
        )
    )
    return {"kind": plan.kind, "recipient": plan.recipient, "due_at": _iso(plan.due_at)}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
